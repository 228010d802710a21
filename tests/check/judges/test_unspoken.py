"""An application may not know a protocol."""

from __future__ import annotations

from typing import Any

import pytest

from ..applications import (
    ACCEPT,
    BODY,
    START,
    both_styles,
    checked,
    on_websocket,
    sends,
    websocket_only,
)


def test_exception_for_an_unknown_path_is_a_note() -> None:
    """Channels' router does it."""

    @websocket_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] != "/":
            raise ValueError("No route found")
        await on_websocket(ACCEPT)(scope, receive, send)

    report = checked(app)
    assert report.findings == ()
    (note,) = [one for one in report.notes if one.conversations == ("WebSocket (path that is not there)",)]
    assert note.text.startswith("raised ValueError: No route found, which is a way to refuse")


def test_unknown_protocol_is_a_note() -> None:
    """It may raise for the scope, before anything else; what speaks WebSocket alone may do it for HTTP."""
    report = checked(both_styles(on_websocket(ACCEPT))[0])
    assert report.findings == ()
    assert any("has no HTTP support" in note.text for note in report.notes)
    both = checked(both_styles(sends(START, BODY))[0])
    assert both.findings == () and any("has no WebSocket support" in note.text for note in both.notes)


@pytest.mark.parametrize("play", [sends(START, BODY), on_websocket(ACCEPT)])
def test_foreign_answer_is_a_note(play: Any) -> None:
    """It answers a WebSocket with a response: so did everybody's first application."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(START)
        await send(BODY)

    report = checked(app)
    assert report.findings == ()
    assert [note.rule for note in report.notes] == ["A38", "A4"]
