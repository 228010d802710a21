"""One layer is taken off, and the answer is that of what is inside."""

from __future__ import annotations

import asyncio
import functools
import weakref
from typing import Any, Callable, List
from unittest import mock

import pytest
from asgiref.sync import async_to_sync, sync_to_async

from asgi_compat import Style, classify
from asgi_compat._detect.callables import signature_of
from asgi_compat._detect.verdict import answer
from asgi_compat._detect.wrappers import unwrap, with_article


def double(scope: Any) -> Any:
    async def instance(receive: Any, send: Any) -> None: ...

    return instance


@functools.wraps(double)
def decorated(*args: Any) -> Any:
    return double(*args)


def plain(scope: Any, receive: Any, send: Any) -> int:
    return 0


class Recorder:
    """Stands for the judging function and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: List[object] = []

    def __call__(self, value: object) -> Any:
        self.asked.append(value)
        return answer(Style.DOUBLE, "recorded")


def test_unwrap_judges_what_is_inside_once() -> None:
    judge = Recorder()
    found = unwrap(decorated, signature_of(decorated), judge)
    assert judge.asked == [double]
    assert found is not None and found[:2] == (Style.DOUBLE, "a wrapper around: recorded")


@pytest.mark.parametrize("value", [double, functools.partial(double), print, object()])
def test_unwrap_of_object_that_decides_itself_is_none(value: Any) -> None:
    judge = Recorder()
    assert unwrap(value, signature_of(value), judge) is None and judge.asked == []


@pytest.mark.parametrize(
    "make, style, words",
    [
        (lambda: mock.Mock(), Style.UNKNOWN, "accepts every call"),
        (lambda: mock.Mock(side_effect=double), Style.DOUBLE, "a mock that calls"),
        (lambda: sync_to_async(double), Style.DOUBLE, "sync_to_async around"),
        (lambda: sync_to_async(plain), Style.SINGLE, "three arguments"),
        (lambda: async_to_sync(asyncio.sleep), Style.NOT_AN_APP, "async_to_sync blocks"),
        (lambda: Callable[[int], int], Style.NOT_AN_APP, "annotations"),
        (lambda: weakref.ref(double), Style.FACTORY, "weak reference to an application"),
        (lambda: weakref.ref(Recorder), Style.NOT_AN_APP, "weak reference to no application"),
        (lambda: functools.lru_cache(double), Style.NOT_AN_APP, "lru_cache around"),
        (lambda: decorated, Style.DOUBLE, "a wrapper around"),
    ],
)
def test_wrapper_has_the_verdict_of_its_row(make: Any, style: Style, words: str) -> None:
    verdict = classify(make())
    assert verdict.style is style and words in verdict.reason


def test_wrapper_of_two_styles_is_unknown() -> None:
    """Both are named by the code: nothing says which of them is called."""
    single = plain

    def either(*args: Any) -> Any:
        return double(*args) if args else single(*args)

    assert classify(either).style is Style.UNKNOWN


def test_article_fits_the_name() -> None:
    assert with_article("Object") == "an Object" and with_article("partial") == "a partial"
