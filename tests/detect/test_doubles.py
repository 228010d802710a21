"""What can be seen of the second half of a double-callable."""

from __future__ import annotations

import functools
from typing import Any

import pytest

from asgi_compat._detect.doubles import has_coroutine_instances, has_plain_double_call, refers_to_instance
from asgi_compat._detect.signature import signature_of_function


async def single(scope: Any, receive: Any, send: Any) -> None: ...


def ordinary(scope: Any) -> Any:
    async def instance(receive: Any, send: Any) -> None: ...

    return instance


def not_async(scope: Any) -> Any:
    return lambda receive, send: None


async def coroutine(scope: Any) -> Any:
    return ordinary(scope)


class Class:
    def __init__(self, scope: Any) -> None: ...

    async def __call__(self, receive: Any, send: Any) -> None: ...


class OfThree:
    def __init__(self, scope: Any) -> None: ...

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None: ...


def returns_of_three(scope: Any) -> Any:
    return OfThree(scope)


@pytest.mark.parametrize(
    "app, coroutines, plainly",
    [
        (ordinary, True, True),
        (not_async, False, True),
        (coroutine, False, False),
        (Class, True, True),
        (OfThree, True, False),
        (returns_of_three, False, False),
        (print, False, True),
        (None, False, True),
    ],
)
def test_second_half_is_seen(app: Any, coroutines: bool, plainly: bool) -> None:
    assert has_coroutine_instances(app) is coroutines
    assert has_plain_double_call(app) is plainly


def of_class(x: Any) -> Any:
    return Class(x)


def of_function(x: Any) -> Any:
    return ordinary(x)


def of_partial(x: Any) -> Any:
    return functools.partial(single, x)


def of_nothing(x: Any) -> Any:
    return single


@pytest.mark.parametrize("function", [of_class, of_function, of_partial])
def test_function_that_names_what_makes_an_instance_refers_to_it(function: Any) -> None:
    signature, nothing = signature_of_function(function), signature_of_function(of_nothing)
    assert signature is not None and refers_to_instance(signature)
    assert nothing is not None and not refers_to_instance(nothing)
