"""Attributes are read as they are stored: no property, no `__getattr__`, no metaclass is asked."""

from __future__ import annotations

from typing import Any

import pytest

from asgi_compat._detect.attributes import (
    MISSING,
    class_attribute,
    class_name,
    has_class_attribute,
    instance_dict,
    is_any_of,
    is_class,
    stored_attribute,
)


class Angry(type):
    def __getattribute__(cls, name: str) -> Any:
        raise AssertionError(name)

    def __eq__(cls, other: object) -> bool:
        raise AssertionError("compared")

    def __hash__(cls) -> int:
        raise AssertionError("hashed")


class Base(metaclass=Angry):
    __slots__ = ("__dict__", "slot")
    plain = 1
    nothing = None

    @property
    def asked(self) -> Any:
        raise AssertionError("the property was evaluated")

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(name)


class Derived(Base):
    pass


def test_class_attribute_is_read_from_bases_without_metaclass() -> None:
    assert class_attribute(Derived, "plain") == 1
    assert class_attribute(Derived, "absent") is MISSING
    assert class_name(Derived) == "Derived" and is_class(Derived) and not is_class(object())


def test_class_attribute_of_none_counts_as_absent() -> None:
    assert has_class_attribute(Derived, "plain")
    assert not has_class_attribute(Derived, "nothing") and not has_class_attribute(Derived, "absent")


def test_is_any_of_compares_identities() -> None:
    assert is_any_of(Derived, int, Derived) and not is_any_of(Derived, int, Base) and not is_any_of(Derived)


def test_stored_attribute_reads_dictionary_and_slot_only() -> None:
    value = Derived()
    object.__setattr__(value, "slot", "in the slot")
    value.__dict__["own"] = "in the dictionary"
    assert stored_attribute(value, "own") == "in the dictionary"
    assert stored_attribute(value, "slot") == "in the slot"
    assert stored_attribute(value, "asked") is MISSING and stored_attribute(value, "plain") is MISSING
    assert stored_attribute(Derived(), "slot") is MISSING  # a slot that was never filled


@pytest.mark.parametrize("value", [object(), 1, (), type("Slots", (), {"__slots__": ()})()])
def test_instance_dict_of_object_without_one_is_empty(value: object) -> None:
    assert instance_dict(value) == {}


def test_instance_dict_that_is_not_a_dict_is_empty() -> None:
    assert instance_dict(type("Liar", (), {"__dict__": property(lambda self: [1])})()) == {}
