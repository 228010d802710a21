"""`EitherCallable`: one application that answers both calls."""

from __future__ import annotations

import asyncio
import copy
import pickle
import weakref
from typing import Any

import pytest

from asgi_compat import DetectionError, Style, classify
from asgi_compat._adapt import EitherCallable


async def single(scope: Any, receive: Any, send: Any) -> Any:
    return scope, receive, send


def double(scope: Any) -> Any:
    async def instance(receive: Any, send: Any) -> Any:
        return scope, receive, send

    return instance


@pytest.mark.parametrize("app", [single, double])
def test_either_answers_both_calls(app: Any) -> None:
    either = EitherCallable(app)
    assert asyncio.run(either(1, 2, 3)) == (1, 2, 3)
    assert asyncio.run(either(1)(2, 3)) == (1, 2, 3)
    assert asyncio.run(either(scope=1, receive=2, send=3)) == (1, 2, 3)
    assert asyncio.run(either(1, None, None)) == (1, None, None)


def test_either_calls_what_is_given_for_single() -> None:
    async def other(scope: Any, receive: Any, send: Any) -> str:
        return "other"

    either = EitherCallable(double, other)
    assert either.app is double
    assert asyncio.run(either(1, 2, 3)) == asyncio.run(either(1)(2, 3)) == "other"


def test_either_is_an_ordinary_object() -> None:
    either = EitherCallable(single)
    assert classify(either).style is Style.EITHER
    assert either == EitherCallable(single) != EitherCallable(double)
    assert hash(either) == hash(EitherCallable(single))
    assert pickle.loads(pickle.dumps(either)) == either == copy.deepcopy(either)
    assert weakref.ref(either)() is either
    assert repr(either).startswith("<EitherCallable of <function single")
    assert either != single


def test_either_refuses_what_is_no_application() -> None:
    with pytest.raises(DetectionError):
        EitherCallable(None)
