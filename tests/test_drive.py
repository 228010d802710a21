"""The calls of `drive.py` prove what the labels of the specimens say."""

from __future__ import annotations

from typing import Any

import pytest
from detect.observing import (
    no_warning,
    seconds,
)
from drive import attempt, drive_double, drive_single, http_scope
from specimens import double, respond, single


def test_attempt_tells_wrong_call_from_failing_application() -> None:
    """What the application raises comes out as it is; what cannot be awaited or called is a WrongShape."""

    async def failing(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise LookupError

    outcome = attempt(drive_single, failing)
    assert isinstance(outcome.error, LookupError) and outcome.started and not outcome.completed
    with pytest.raises(LookupError):
        drive_single(failing)
    with no_warning():
        assert type(attempt(drive_double, single()).error) is TypeError
        assert type(attempt(drive_single, double()).error) is TypeError
        assert type(attempt(drive_double, lambda *args: respond(None)).error).__name__ == "WrongShape"
        assert type(attempt(drive_single, lambda *args: None).error).__name__ == "WrongShape"


def test_attempt_of_endless_application_times_out() -> None:
    """Two seconds are the guard."""
    import asyncio

    async def forever(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.Event().wait()

    with seconds(10):
        assert isinstance(attempt(drive_single, forever).error, asyncio.TimeoutError)


def test_drive_passes_the_given_scope() -> None:
    """The scope that is passed is the scope that arrives."""
    seen = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope)

    scope = http_scope(path="/x")
    drive_single(app, scope=scope)
    assert seen == [scope] and seen[0] is scope
