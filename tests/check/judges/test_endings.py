"""How the call of an application ended."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import time
import tracemalloc
from typing import Any

import pytest

from asgi_compat._harness import loop
from asgi_compat.check import lifespan, session
from asgi_compat.check.judges import endings
from asgi_compat.check.observing import LIMITS

from ..applications import (
    ACCEPT,
    BODY,
    CLOSE,
    PART,
    START,
    both_styles,
    checked,
    http_only,
    on_websocket,
    sends,
    the_one,
    websocket_only,
)


def test_returned_value_is_found_once() -> None:
    """uvicorn closes the connection for it; found in every protocol, told once."""

    async def play(scope: Any, receive: Any, send: Any) -> Any:
        await sends(START, BODY)(scope, receive, send)
        return "x"

    for app in both_styles(play):
        finding = the_one(checked(app))
        assert (finding.rule, finding.problem, finding.level) == ("A3", "returned", "servers")
        assert finding.sent == "returned 'x'" and finding.fixed


def test_missing_response_is_found_in_time() -> None:
    """Bounded by the time-out; what would only be more of it is not tried."""

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(1000)

    begun = time.monotonic()
    report = checked(app, timeout=0.2)
    assert time.monotonic() - begun < 3
    finding = the_one(report)
    assert (finding.problem, finding.conversations) == ("hangs", ("GET /",))
    assert "no response within 0.2 s" in finding.sent and not finding.fixed
    assert any(note.text.startswith("not tried") for note in report.notes)


def test_unanswered_websocket_is_found() -> None:
    """The same, there."""

    @websocket_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        while True:
            await receive()

    finding = the_one(checked(app, timeout=0.1))
    assert finding.problem == "hangs" and "no answer to websocket.connect" in finding.sent


@pytest.mark.parametrize("pause, timeout", [(0, 60.0), (0.01, 0.2)], ids=["fast", "slow"])
def test_endless_stream_is_bounded(pause: float, timeout: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """In time and in memory: a fast one by what it sends, long before its time is up."""
    for module in (session, lifespan):
        monkeypatch.setattr(module, "LIMITS", LIMITS._replace(kept_bytes=200_000, seen_events=2000))

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(START)
        while True:
            await send({"type": "http.response.body", "body": os.urandom(4096), "more_body": True})
            if pause:
                await asyncio.sleep(pause)

    tracemalloc.start()
    begun = time.monotonic()
    report = checked(app, timeout=timeout)
    assert time.monotonic() - begun < 20
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 4_000_000
    finding = the_one(report)
    assert (finding.rule, finding.problem, finding.level) == ("A18", "stays", "application")
    assert "did not call receive()" in finding.sent and len(finding.conversations) == 3


def test_stream_that_ends_with_its_client_is_a_note() -> None:
    """Server-sent events have no other end."""

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(START)
        await receive()
        gone = asyncio.ensure_future(receive())
        while not gone.done():
            await send({**PART, "body": b"x"})
            await asyncio.sleep(0.01)

    report = checked(app, timeout=0.2)
    assert report.findings == ()
    assert "does not end by itself; it ended when the client left" in {note.text for note in report.notes}


def test_ignored_disconnect_is_found() -> None:
    """It has been told."""

    @websocket_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(ACCEPT)
        while True:
            await receive()

    finding = the_one(checked(app, timeout=0.2))
    assert (finding.rule, finding.problem) == ("A18", "stays") and "received the disconnect" in finding.sent


def test_work_after_the_response_is_a_note() -> None:
    """Background tasks are nobody's fault."""

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(START)
        await send(BODY)
        await asyncio.sleep(1000)

    report = checked(app, timeout=0.1)
    assert report.findings == ()
    assert any(
        note.text == "still worked 0.1 s after it had sent everything: cancelled" for note in report.notes
    )


def test_blocked_loop_is_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """By a signal: nothing else would get a word in. It is called sixteen times, with and without options."""
    monkeypatch.setattr(loop, "ALARM", 0.02)

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        while True:
            pass

    before = signal.getsignal(signal.SIGALRM)
    finding = the_one(checked(app, timeout=0.3))
    assert finding.problem == "hangs"
    assert re.search(r"blocked the event loop for 0\.3 s \(at .*test_endings\.py:\d+, in app\)", finding.sent)
    assert "blocks the event loop there, too" in finding.to_asgi3
    assert signal.getsignal(signal.SIGALRM) is before and signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_send_from_a_forgotten_task_is_late() -> None:
    """create_task(send(...)), and return."""

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        async def later() -> None:
            await send(START)
            await send(BODY)

        asyncio.ensure_future(later())

    finding = the_one(checked(app))
    assert (finding.problem, finding.event) == ("late", "http.response.start")


def test_close_code_before_accept_is_a_note() -> None:
    """The client sees a response; a plain refusal says nothing."""
    for code, said in ((4401, True), (1000, False)):
        report = checked(both_styles(on_websocket({**CLOSE, "code": code}))[0])
        assert report.findings == ()
        assert any(f"code {code} before it accepted" in note.text for note in report.notes) is said


@pytest.mark.parametrize("kind, said", [(b"text/event-stream", True), (b"text/plain", False)])
def test_event_stream_without_a_first_body_is_a_note(
    kind: bytes, said: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server may keep its headers; for another response that is no matter."""
    monkeypatch.setattr(endings, "ALONE", 0.05)

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({**START, "headers": [(b"content-type", kind)]})
        await asyncio.sleep(0.1)
        await send(BODY)

    notes = checked(app).notes
    assert any("hold the headers back until the first body" in note.text for note in notes) is said


@pytest.mark.parametrize("ends, says", [(True, "it ends where send() raises OSError"), (False, "only the")])
def test_application_that_ends_at_an_oserror_is_told_so(ends: bool, says: str) -> None:
    """From spec_version 2.4 on `send` may raise it once the client has left."""

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(START)
        while True:
            try:
                await send(PART)
            except OSError:
                if ends:
                    return
            await asyncio.sleep(0)

    finding = the_one(checked(app))
    assert finding.problem == "stays" and says in finding.sent + finding.to_asgi3
    assert ("only the application can stop" in finding.to_asgi3) is not ends
