"""Which stored object Python calls when it calls an instance."""

from __future__ import annotations

import functools
import types
from typing import Any

from asgi_compat._detect.attributes import MISSING
from asgi_compat._detect.methods import binds, bound_call, instance_call, raw_call, unwrapped_method


class Base:
    def __call__(self, scope: Any) -> str:
        return "base"


class PassesOn(Base):
    def __call__(self, *args: Any, **kwargs: Any) -> str:
        return super().__call__(*args, **kwargs)


class Other(Base):
    def __call__(self, scope: Any) -> str:
        return "other"


def test_raw_call_skips_a_method_that_only_calls_super() -> None:
    assert raw_call(PassesOn) is Base.__dict__["__call__"]
    assert raw_call(Other) is Other.__dict__["__call__"]
    assert raw_call(object) is MISSING


def test_bound_call_binds_as_python_does() -> None:
    instance = Base()
    call = bound_call(instance, raw_call(Base))
    assert type(call) is types.MethodType and call({}) == "base"
    assert bound_call(instance, staticmethod(len)) is len
    assert bound_call(instance, classmethod(len)).__self__ is Base
    assert bound_call(instance, instance) is instance


def test_bound_call_evaluates_no_property() -> None:
    def getter(self: Any) -> Any:
        raise AssertionError("evaluated")

    assert bound_call(Base(), property(getter)) is MISSING
    assert bound_call(Base(), None) is MISSING


def test_bound_call_of_descriptor_that_raises_is_missing() -> None:
    class Raises:
        def __get__(self, instance: Any, owner: Any) -> Any:
            raise ValueError

    assert bound_call(Base(), Raises()) is MISSING


def test_binds_is_true_for_functions_only() -> None:
    assert binds(test_binds_is_true_for_functions_only)
    assert not binds(functools.partial(len)) and not binds(Base) and not binds(Base())


def test_unwrapped_method_takes_wrappers_of_agents_off() -> None:
    class Agent:
        def __init__(self, wrapped: Any) -> None:
            self.__wrapped__ = wrapped

        def __get__(self, instance: Any, owner: Any) -> Any: ...

        def __call__(self) -> None: ...

    raw = Base.__dict__["__call__"]
    assert unwrapped_method(Agent(Agent(raw))) is raw and unwrapped_method(raw) is raw


def test_instance_call_needs_no_instance() -> None:
    raw = raw_call(Base)
    assert instance_call(Base, raw) is raw
    assert instance_call(Base, property(len)) is MISSING
    part = instance_call(Base, functools.partialmethod(raw, 1))
    assert part.func.__self__ is Base and part.args == (1,)
