"""`kept_attribute` reads what is stored, and runs nothing."""

from __future__ import annotations

from typing import Any

import pytest

from asgi_compat._detect.attributes import MISSING
from asgi_compat._detect.place import is_application, kept_attribute


class Holder:
    on_class = "of the class"

    def __init__(self) -> None:
        self.own = "its own"

    def method(self) -> None: ...

    @property
    def computed(self) -> Any:
        raise AssertionError("a property was read")

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"__getattr__ was asked for {name}")


def test_kept_attribute_of_instance_is_its_own_or_that_of_its_class() -> None:
    assert kept_attribute(Holder(), "own") == "its own"
    assert kept_attribute(Holder(), "on_class") == "of the class"


@pytest.mark.parametrize("name", ["method", "computed", "nothing"])
def test_kept_attribute_of_what_is_not_kept_is_missing(name: str) -> None:
    """A method of the class is no layer, a property would run, and `__getattr__` answers anything."""
    assert kept_attribute(Holder(), name) is MISSING


def test_kept_attribute_of_class_is_missing() -> None:
    """What a class stores belongs to its instances."""
    assert kept_attribute(Holder, "on_class") is MISSING


async def single(scope: Any, receive: Any, send: Any) -> None: ...


@pytest.mark.parametrize("value, expected", [(single, True), (print, False), (None, False)])
def test_is_application_of_known_styles_only(value: Any, expected: bool) -> None:
    assert is_application(value) is expected
