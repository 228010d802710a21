"""The conversions and guarantees: the same object where possible, an error where nothing fits."""

from __future__ import annotations

import asyncio
import functools
import gc
import pickle
import warnings
from typing import Any

import pytest
from drive import attempt, drive_double, drive_single

from adapt.applications import double, single
from asgi_compat import (
    DetectionError,
    double_to_single_callable,
    guarantee_double_callable,
    guarantee_single_callable,
    single_to_double_callable,
)


def test_round_trip_returns_same_object() -> None:
    """The design's identity, in both directions."""
    assert double_to_single_callable(single_to_double_callable(single)) is single
    assert single_to_double_callable(double_to_single_callable(double)) is double
    assert guarantee_single_callable(guarantee_double_callable(single)) is single
    assert guarantee_double_callable(guarantee_single_callable(double)) is double


def test_right_style_returns_same_object() -> None:
    """All six names leave alone what already has the shape."""
    for adapt in (double_to_single_callable, guarantee_single_callable):
        assert adapt(single) is single
    for adapt in (single_to_double_callable, guarantee_double_callable):
        assert adapt(double) is double

    def either(scope: Any, receive: Any = None, send: Any = None) -> Any:
        return functools.partial(single, scope) if receive is None else single(scope, receive, send)

    for adapt in (
        double_to_single_callable,
        guarantee_single_callable,
        single_to_double_callable,
        guarantee_double_callable,
    ):
        assert adapt(either) is either


@pytest.mark.parametrize(
    "thing", [None, 1, "module:app", asyncio, (double,)], ids=lambda thing: type(thing).__name__
)
@pytest.mark.parametrize(
    "adapt",
    [
        double_to_single_callable,
        single_to_double_callable,
        guarantee_single_callable,
        guarantee_double_callable,
    ],
)
def test_object_that_cannot_be_called_is_refused_at_once(adapt: Any, thing: Any) -> None:
    """With the object, what was seen and what to do, and as a TypeError."""
    with pytest.raises(DetectionError) as caught:
        adapt(thing)
    error = caught.value
    assert isinstance(error, TypeError)
    assert error.application is thing and error.reason and error.remedy
    assert error.reason in str(error) and error.remedy in str(error)
    again = pickle.loads(pickle.dumps(DetectionError("x", application=1, reason="r", remedy="m")))
    assert (str(again), again.application, again.reason, again.remedy) == ("x", 1, "r", "m")


def test_mistakes_leave_no_coroutine_unawaited() -> None:
    """Every mistake above, once more, with the garbage collector looking for coroutines."""

    async def view(request: Any) -> None: ...

    async def inner(receive: Any, send: Any) -> None: ...

    mistakes = [view, inner, lambda scope: None, lambda scope: view(scope), lambda *args: None]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for mistake in mistakes:
            for adapt, drive in (
                (double_to_single_callable, drive_single),
                (single_to_double_callable, drive_double),
            ):
                try:
                    adapted = adapt(mistake)
                except DetectionError:
                    continue
                attempt(drive, adapted)
        gc.collect()
