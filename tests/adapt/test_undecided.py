"""Applications of unknown style: the first connection decides."""

from __future__ import annotations

import asyncio
from typing import Any, List
from unittest import mock

import pytest
from drive import drive_double, drive_single, http_scope

from adapt.applications import BODY, START, Opaque, double, single
from asgi_compat import (
    DetectionError,
    Style,
    classify,
    guarantee_double_callable,
    guarantee_single_callable,
)


@pytest.mark.parametrize("app", [double, single], ids=["double", "single"])
def test_hundred_first_connections_are_answered_once(app: Any) -> None:
    """All of them are answered, each with one run of the body, and the style is remembered."""
    runs: List[str] = []

    def counted_double(scope: Any) -> Any:
        runs.append(scope["path"])
        return double(scope)

    async def counted_single(scope: Any, receive: Any, send: Any) -> None:
        runs.append(scope["path"])
        await single(scope, receive, send)

    opaque = Opaque(counted_double if app is double else counted_single)
    assert classify(opaque).style is Style.UNKNOWN
    adapter = guarantee_single_callable(opaque)

    async def connect(number: int) -> List[Any]:
        sent: List[Any] = []

        async def send(message: Any) -> None:
            await asyncio.sleep(0)
            sent.append(message)

        await asyncio.sleep(0)
        await adapter(http_scope(path=f"/{number}"), None, send)
        return sent

    async def connections() -> List[List[Any]]:
        return list(await asyncio.gather(*map(connect, range(100))))

    assert asyncio.run(connections()) == [[START, BODY]] * 100
    assert sorted(runs) == sorted(f"/{number}" for number in range(100))
    assert drive_single(adapter) == [START, BODY] and len(runs) == 101


def test_unknown_of_neither_style_is_refused_at_first_connection() -> None:
    neither = Opaque(lambda one, two: None)
    adapter = guarantee_single_callable(neither)
    with pytest.raises(DetectionError) as caught:
        drive_single(adapter)
    assert caught.value.reason and caught.value.remedy
    with pytest.raises(DetectionError):
        drive_double(guarantee_double_callable(neither))
    with pytest.raises(DetectionError):
        drive_single(guarantee_single_callable(mock.MagicMock(return_value=5)))
