"""What is read off the code of a function."""

from __future__ import annotations

from typing import Any

import pytest

from asgi_compat import Style, classify
from asgi_compat._detect.bytecode import (
    COUNTED,
    NAMED,
    contains_application,
    contains_decorator,
    contains_wsgi_texts,
    referenced_callables,
    returns_nothing,
    second_half,
    unpacks_arguments,
)


def _raises(scope):
    raise ValueError("no")


def _raises_or_returns_nothing(scope):
    if scope:
        raise ValueError("no")


def _catches(scope):
    try:
        raise ValueError("no")
    except ValueError:
        pass


def test_function_that_always_raises_returns_something():
    """Up to Python 3.9 the bytecode ends in a `return None` that is never reached."""
    assert classify(_raises).style is Style.DOUBLE
    assert classify(_raises_or_returns_nothing).style is Style.NOT_AN_APP
    assert classify(_catches).style is Style.NOT_AN_APP


def of_receive_and_send(scope: Any) -> Any:
    async def instance(receive: Any, send: Any) -> None: ...

    return instance


def of_other_names(scope: Any) -> Any:
    return lambda one, two: None


def of_a_class(scope: Any) -> Any:
    class Instance:
        async def __call__(self, receive: Any, send: Any) -> None: ...

    return Instance()


def of_wsgi(app: Any) -> Any:
    return lambda environ, start_response: []


def of_an_application(app: Any) -> Any:
    async def wrapped(scope: Any, receive: Any, send: Any) -> None: ...

    return wrapped


def of_a_decorator(option: Any) -> Any:
    return lambda app: app


@pytest.mark.parametrize(
    "function, found",
    [
        (of_receive_and_send, NAMED),
        (of_a_class, NAMED),
        (of_other_names, COUNTED),
        (of_wsgi, ""),
        (of_an_application, ""),
        (len, ""),
    ],
)
def test_second_half_is_found_in_the_body(function: Any, found: str) -> None:
    assert second_half(function) == found


def test_applications_and_decorators_are_found_in_the_body() -> None:
    assert contains_application(of_an_application) and not contains_application(of_receive_and_send)
    assert contains_decorator(of_a_decorator) and not contains_decorator(of_an_application)


def test_wsgi_texts_are_found_in_the_body() -> None:
    assert contains_wsgi_texts(lambda one, two: two("200 OK", []))
    assert contains_wsgi_texts(lambda one, two: one["PATH_INFO"])
    assert not contains_wsgi_texts(lambda one, two: one["path"]) and not contains_wsgi_texts(len)


def _unpacks(*args: Any) -> Any:
    scope, _receive, _send = args
    return scope


@pytest.mark.parametrize(
    "function, unpacks",
    [
        (lambda *args: len(args), True),
        (lambda *args: args[0], True),
        (lambda *args: args[1:], True),
        (_unpacks, True),
        (lambda *args: print(*args), False),
        (len, True),
    ],
)
def test_function_that_takes_its_arguments_apart_unpacks(function: Any, unpacks: bool) -> None:
    assert unpacks_arguments(function) is unpacks


@pytest.mark.parametrize(
    "function, nothing",
    [
        (lambda: None, True),
        (lambda: 0, False),
        (lambda x: x, False),
        (of_receive_and_send, False),
        (len, False),
    ],
)
def test_returns_nothing_when_every_return_is_none(function: Any, nothing: bool) -> None:
    assert returns_nothing(function) is nothing


def test_referenced_callables_are_globals_attributes_and_variables() -> None:
    variable = print

    class Owner:
        def __init__(self) -> None:
            self.held = len

        def method(self) -> Any:
            return self.held, variable, of_wsgi, self.absent  # type: ignore[attr-defined]

    named = referenced_callables(Owner.method, Owner())  # type: ignore[arg-type]
    assert set(named) == {len, print, of_wsgi}
