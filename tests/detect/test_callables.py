"""What calling any object takes."""

from __future__ import annotations

import functools
import weakref
from typing import Any, Optional

import pytest

from asgi_compat._detect.callables import signature_of, signature_of_instances, takes_second_half


def function(scope: Any, receive: Any = None) -> None: ...


class Instance:
    def __call__(self, receive: Any, send: Any) -> None: ...

    def method(self, scope: Any) -> None: ...

    @classmethod
    def of_class(cls, scope: Any) -> None: ...

    @staticmethod
    def static(scope: Any) -> None: ...

    part = functools.partialmethod(method, scope=1)


class WithProperty:
    @property
    def __call__(self) -> Any:
        raise AssertionError("the property was evaluated")


instance = Instance()


@pytest.mark.parametrize(
    "value, expected",
    [
        (function, "(scope, receive)"),
        (functools.partial(function, 1), "(receive)"),
        (functools.partial(function, 1, 2, 3), None),
        (instance, "(receive, send)"),
        (instance.method, "(scope)"),
        (Instance.method, "(self, scope)"),
        (Instance.of_class, "(scope)"),
        (instance.static, "(scope)"),
        (instance.part, "()"),
        (instance.__call__, "(receive, send)"),
        (function.__call__, "(scope, receive)"),
        (weakref.proxy(function), "(scope, receive)"),
        (Instance, "()"),
        (print, None),
        (str.join, None),
        (object.__init__, None),
        (WithProperty(), None),
        (object(), None),
    ],
)
def test_signature_of_object_is_what_one_call_takes(value: Any, expected: Optional[str]) -> None:
    signature = signature_of(value)
    assert (signature and str(signature)) == expected


def test_signature_of_instance_has_the_instance_as_owner() -> None:
    signature = signature_of(instance)
    assert signature is not None and signature.owner is instance


def test_signature_of_endless_chain_is_none() -> None:
    value: Any = functools.partial(len)
    value.__setstate__((value, (), {}, {}))
    assert signature_of(value) is None


def test_signature_of_instances_needs_no_instance() -> None:
    signature = signature_of_instances(Instance)
    assert str(signature) == "(receive, send)"
    assert signature_of_instances(object) is None


def test_takes_second_half_is_false_for_other_counts_only() -> None:
    assert takes_second_half(Instance) and takes_second_half(object)
    assert not takes_second_half(type("Three", (), {"__call__": lambda self, a, b, c: None}))
