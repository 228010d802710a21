"""`classify` calls nothing, raises nothing and takes few steps."""

from __future__ import annotations

import gc
import inspect
import sys
from functools import partial
from typing import Any, List

import pytest
from specimens import respond

from asgi_compat import (
    Style,
    classify,
    guarantee_double_callable,
    guarantee_single_callable,
    is_double_callable,
    is_single_callable,
    register_unwrapper,
)


def any_arguments(*args: Any) -> Any:
    """Nothing but a mark tells what this wants."""
    raise AssertionError("an application is never called to find out what it is")


def test_classify_and_guarantees_call_nothing() -> None:
    """Looking, asking and guaranteeing call nothing."""
    classify(any_arguments)
    is_single_callable(any_arguments)
    is_double_callable(any_arguments)
    assert inspect.isfunction(any_arguments)
    assert callable(guarantee_single_callable(any_arguments))
    assert callable(guarantee_double_callable(any_arguments))


def calls_of(app: Any) -> List[str]:
    """Return the names of the Python functions that one look at an application calls."""
    classify(app)  # modules are imported with the first object
    names: List[str] = []

    def hook(frame: Any, event: str, argument: Any) -> None:
        if event == "call":
            names.append(frame.f_code.co_name)

    before, collects = sys.getprofile(), gc.isenabled()
    gc.disable()  # a collection in between calls the finalizers and callbacks of whatever ran before
    sys.setprofile(hook)
    try:
        classify(app)
    finally:
        sys.setprofile(before)
        if collects:
            gc.enable()
    return names


async def ordinary_single(scope: Any, receive: Any, send: Any) -> None:
    await respond(send)


async def single_with_options(scope: Any, receive: Any, send: Any, *, debug: bool = False) -> None:
    await respond(send)


def single_that_returns_a_coroutine(scope: Any, receive: Any, send: Any) -> Any:
    return ordinary_single(scope, receive, send)


def ordinary_double(scope: Any) -> Any:
    async def instance(receive: Any, send: Any) -> None:
        await respond(send)

    return instance


def double_with_branches(scope: Any) -> Any:
    if scope["type"] != "http":
        raise ValueError(scope["type"])
    return ordinary_double(scope)


def double_of_a_partial(scope: Any) -> Any:
    return partial(ordinary_single, scope)


def single_middleware(app: Any) -> Any:
    async def wrapped(scope: Any, receive: Any, send: Any) -> None:
        await app(scope, receive, send)

    return wrapped


def double_middleware(app: Any) -> Any:
    def wrapped(scope: Any) -> Any:
        return app(scope)

    return wrapped


ORDINARY = {
    "single": ordinary_single,
    "single with options": single_with_options,
    "single that returns a coroutine": single_that_returns_a_coroutine,
    "single as a lambda": lambda scope, receive, send: ordinary_single(scope, receive, send),
    "single in a middleware": single_middleware(ordinary_single),
    "double": ordinary_double,
    "double with branches": double_with_branches,
    "double of a partial": double_of_a_partial,
    "double as a lambda": lambda scope: ordinary_double(scope),
    "double in a middleware": double_middleware(ordinary_double),
}


@pytest.mark.parametrize("name", ORDINARY)
def test_classify_of_ordinary_function_makes_at_most_12_calls(name: str) -> None:
    """It made 29, up and down two files. Now a maintainer who steps through it sees a straight line."""
    names = calls_of(ORDINARY[name])
    assert names[0] == "classify" and len(names) <= 12, names
    style = classify(ORDINARY[name]).style.value
    assert name.startswith(style), "another path was taken"


def test_classify_of_function_without_return_reads_its_code_once() -> None:
    """The row of the ordinary double-callable reads it, and the row for a forgotten return does not again."""

    def forgot_return(scope: Any) -> None:
        ordinary_double(scope)

    assert calls_of(forgot_return).count("returns_nothing") == 1
    assert "findlabels" not in calls_of(forgot_return), "code without jumps has no jump to a return"


def test_classify_of_object_that_raises_is_unknown() -> None:
    class Raises:
        def __call__(self, *args: Any) -> None: ...

    register_unwrapper(Raises, lambda value: 1 / 0)
    verdict = classify(Raises())
    assert verdict.style is Style.UNKNOWN and "ZeroDivisionError" in verdict.reason


def test_views_agree_with_the_verdict() -> None:
    assert is_single_callable(ordinary_single) and not is_double_callable(ordinary_single)
    assert is_double_callable(ordinary_double) and not is_single_callable(ordinary_double)
    assert not is_single_callable(None) and not is_double_callable(None)
