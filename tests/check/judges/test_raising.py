"""Exceptions of an application, and whether `to_asgi3` helps."""

from __future__ import annotations

import functools
import re
import sys
from typing import Any

import pytest

from asgi_compat.check import as_text

from ..applications import (
    ACCEPT,
    BODY,
    START,
    checked,
    http_only,
    the_one,
    websocket_only,
)


def test_exception_is_found_with_its_place() -> None:
    """The last line of the traceback, the file, the line and what it had received."""

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        event = await receive()
        event["no such key"]

    finding = the_one(checked(app))
    assert (finding.rule, finding.problem, finding.level) == (None, "raised", "application")
    assert re.match(
        r"KeyError: 'no such key' \(at .*test_raising\.py:\d+, in app\), after http\.request", finding.sent
    )
    assert finding.to_asgi3 == "does not help: KeyError: 'no such key'" and not finding.fixed
    assert len(finding.conversations) == 3


def test_exception_that_to_asgi3_prevents_is_fixed() -> None:
    """Quart 0.6 asks for text when bytes is empty: A16 gives it None."""

    @websocket_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(ACCEPT)
        while True:
            event = await receive()
            if event["type"] == "websocket.disconnect":
                return
            data = event["text"] if not event.get("bytes") else event["bytes"]
            assert data is not None or event["bytes"] == b""

    def double(scope: Any) -> Any:
        return functools.partial(app, scope)

    finding = the_one(checked(double))
    assert finding.sent.startswith("KeyError: 'text'") and finding.conversations == (
        "WebSocket / (empty messages)",
    )
    assert finding.fixed and finding.to_asgi3 == "helps: accepted, sent nothing"


def test_exception_for_an_unexpected_message_is_a_note() -> None:
    """A WebSocket that speaks text falls over binary, and that is a note."""

    @websocket_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(ACCEPT)
        while True:
            event = await receive()
            if event["type"] == "websocket.disconnect":
                return
            (event["text"] or "") + ""

    report = checked(app)
    assert report.findings == ()
    assert any("KeyError: 'text'" in note.text for note in report.notes)


@pytest.mark.parametrize("error, found", [(ConnectionResetError("gone"), False), (KeyError("body"), True)])
def test_exception_after_the_client_left_is_a_note_if_it_says_so(error: Exception, found: bool) -> None:
    """One that says so is a note; one that comes of not looking at the type is not."""

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        while True:
            event = await receive()
            if event["type"] == "http.disconnect":
                raise error
            if not event["more_body"]:
                break
        await send(START)
        await send(BODY)

    report = checked(app, methods=["POST"])
    assert [row.problem for row in report.findings] == ["raised"] * found
    assert any("after the client had left" in note.text for note in report.notes) is not found


def test_exception_for_every_scope_is_found() -> None:
    """It speaks nothing at all: HTTP is what it was asked for."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise RuntimeError("not configured")

    finding = the_one(checked(app))
    assert finding.problem == "raised" and finding.sent.startswith("RuntimeError: not configured")


def test_constructor_that_returns_none_is_found() -> None:
    """The first call of a double-callable forgets its return, for every protocol: that refuses none."""

    def app(scope: Any) -> Any:
        async def instance(receive: Any, send: Any) -> None: ...

    report = checked(app)
    finding = the_one(report)
    assert (finding.rule, finding.problem) == ("A1", "raised") and "None" in finding.sent
    assert "add `return instance` to its end, at " in finding.sent
    assert "lifespan" in finding.conversations and "WebSocket / (text)" in finding.conversations
    assert "returns nothing: did you forget `return`?" in as_text("m:app", report)


def test_constructor_that_returns_none_for_other_protocols_refuses_them() -> None:
    """``if scope["type"] == "http": return instance``: on no server is the rest answered, as permitted."""

    def app(scope: Any) -> Any:
        async def instance(receive: Any, send: Any) -> None:
            await send(START)
            await send(BODY)

        return instance if scope["type"] == "http" else None

    report = checked(app)
    assert report.findings == ()
    assert sum("has no " in note.text for note in report.notes) == 2


def test_exit_in_a_request_is_an_exception() -> None:
    """The check goes on."""

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        sys.exit("usage")

    assert the_one(checked(app)).sent.startswith("SystemExit: usage")
