"""What holds however far the application got."""

from __future__ import annotations

import asyncio
import time
from typing import Any, List

import pytest

from asgi_compat.check.judges import always

from ..applications import (
    BODY,
    START,
    checked,
    http_only,
)


def test_loop_blocked_for_a_moment_is_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    """An hour of CPU in a request is no mistake of messages."""
    monkeypatch.setattr(always, "LAG", 0.1)

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        time.sleep(0.25)
        await send(START)
        await send(BODY)

    report = checked(app, timeout=5.0)
    assert report.findings == ()
    assert any(note.text.startswith("blocked the event loop for 0.") for note in report.notes)


def test_send_without_await_is_found() -> None:
    """Python's own warning comes later, or never; here it does not come at all."""

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        send(START)
        send(BODY)

    report = checked(app)
    assert [(row.problem, row.event) for row in report.findings] == [
        ("unawaited", "http.response.start"),
        ("unawaited", "http.response.body"),
    ]


def test_task_left_running_is_a_note_and_ends() -> None:
    """Nothing outlives the check."""
    ended: List[str] = []

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        async def runs_on() -> None:
            try:
                await asyncio.sleep(1000)
            finally:
                ended.append(scope["path"])

        asyncio.ensure_future(runs_on())
        await asyncio.sleep(0)
        await send(START)
        await send(BODY)

    report = checked(app)
    assert report.findings == ()
    assert any("left a task running" in note.text and "runs_on" in note.text for note in report.notes)
    assert len(ended) >= 3 and set(ended) == {"/"}
