"""What a wrapper calls with the very arguments that it gets."""

from __future__ import annotations

import functools
from typing import Any

import pytest

from asgi_compat._detect.attributes import MISSING
from asgi_compat._detect.callables import signature_of
from asgi_compat._detect.wrapped import is_known_wrapper, wrapped_by, wrapped_candidates


def application(scope: Any) -> None: ...


@functools.wraps(application)
def decorated(*args: Any, **kwargs: Any) -> Any:
    return application(*args, **kwargs)


@functools.wraps(application)
def takes_apart(*args: Any) -> Any:
    return application(args[0])


@functools.wraps(application)
def takes_one(scope: Any) -> Any:
    return application(scope)


class Holder:
    def __init__(self, app: Any) -> None:
        self.app = app

    def __call__(self, *args: Any) -> Any:
        return self.app(*args)


class ObjectProxy:
    """As of wrapt: the detector recognises the class by its name."""

    __wrapped__: Any = None

    def __init__(self) -> None:
        self.__wrapped__ = application

    def __call__(self, *args: Any) -> Any: ...


@pytest.mark.parametrize(
    "value, wrapped",
    [
        (decorated, application),
        (takes_apart, MISSING),
        (takes_one, MISSING),
        (Holder(application), MISSING),
        (functools.lru_cache(application), application),
        (functools.singledispatch(application), application),
        (ObjectProxy(), application),
        (len, MISSING),
    ],
)
def test_wrapped_by_follows_wrappers_that_pass_everything_on(value: Any, wrapped: Any) -> None:
    assert wrapped_by(value, signature_of(value)) is wrapped


def test_wrapped_by_singledispatch_of_two_is_undecided() -> None:
    generic = functools.singledispatch(application)
    generic.register(int)(lambda scope: None)
    assert wrapped_by(generic, signature_of(generic)) is MISSING


def test_wrapped_by_method_is_bound_to_its_owner() -> None:
    class App:
        def method(self, scope: Any) -> None: ...

        @functools.wraps(method)
        def wrapper(self, *args: Any) -> Any: ...

    app = App()
    wrapped = wrapped_by(app.wrapper, signature_of(app.wrapper))
    assert wrapped.__self__ is app and wrapped.__func__ is App.method


def test_candidates_are_what_the_code_names() -> None:
    holder = Holder(application)
    assert wrapped_candidates(holder, signature_of(holder)) == [application]
    assert wrapped_candidates(application, signature_of(application)) == []
    assert wrapped_candidates(takes_apart, signature_of(takes_apart)) == []


def test_known_wrapper_whose_call_is_replaced_is_not_known() -> None:
    class Sub(ObjectProxy):
        def __call__(self, scope: Any) -> Any: ...

    assert is_known_wrapper(ObjectProxy, signature_of(ObjectProxy()))
    assert is_known_wrapper(type(functools.lru_cache(len)), None)
    assert not is_known_wrapper(Holder, signature_of(Holder(None)))
