"""The order of messages."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ..applications import (
    ACCEPT,
    BODY,
    CLOSE,
    PART,
    START,
    both_styles,
    checked,
    http_only,
    names_of,
    on_websocket,
    sends,
    the_one,
)

DENIAL = [
    {"type": "websocket.http.response.start", "status": 401, "headers": []},
    {"type": "websocket.http.response.body", "body": b"no"},
]


def test_one_mistake_does_not_hide_the_next() -> None:
    """What is refused is not what ends the conversation; what follows from it is not told."""
    report = checked(
        http_only(
            sends(
                {**START, "status": 700, "headers": {"X": "1"}}, {**PART, "body": "x"}, {**BODY, "body": None}
            )
        )
    )
    assert names_of(report) == [("A23", "refused"), ("A27", "refused"), ("A27", "repaired")]


@pytest.mark.parametrize(
    "play",
    [
        sends({"type": "http.response.begin", "status": 200}, PART, BODY),
        on_websocket({"type": "websocket.begin"}, {"type": "websocket.accept", "headers": 5}, ACCEPT),
    ],
)
def test_consequence_of_a_mistake_is_not_found(play: Any) -> None:
    """A body is no body where the start was not one."""
    report = checked(both_styles(play)[1])
    assert [row.rule for row in report.findings if row.event.endswith("begin")] == ["A38"]
    assert None not in {row.rule for row in report.findings}


@pytest.mark.parametrize(
    "play, rule, did",
    [
        (on_websocket(ACCEPT, until_gone=False), "A44", "left the connection open"),
        (on_websocket(until_gone=False), "A45", "neither accept nor close"),
        (on_websocket(CLOSE, read=False), "A49", "received websocket.connect after its own websocket.close"),
        (on_websocket(ACCEPT, CLOSE, read=False), "A49", "received websocket.connect after its own"),
        (on_websocket(ACCEPT, read=False), "A49", "an answer before it was received"),
    ],
)
def test_websocket_missing_event_is_found(play: Any, rule: str, did: str) -> None:
    """Servers differ about each of these, and one of them hangs or ends."""
    for app in both_styles(play):
        finding = the_one(checked(app))
        assert (finding.rule, finding.problem, finding.fixed) == (rule, "order", True)
        assert did in finding.sent


@pytest.mark.parametrize(
    "play, did",
    [
        (on_websocket(CLOSE, read=False), "after its own websocket.close"),
        (on_websocket(ACCEPT, CLOSE, read=False), "after its own websocket.close"),
        (on_websocket(ACCEPT, read=False), ""),
        (on_websocket(*DENIAL, read=False), ""),
        (on_websocket(ACCEPT, CLOSE, read=False, until_gone=False), ""),
    ],
)
def test_connect_received_late_is_a_finding_only_where_a_server_ends(play: Any, did: str) -> None:
    """Granian 2.8.7 ends when connect is received after a close; accept and a response may come before it."""
    for app in both_styles(play):
        found = [row.sent for row in checked(app, pedantic=False).findings]
        assert [did in sent for sent in found] == ([True] if did else [])


def test_connect_received_while_the_application_answers_is_right() -> None:
    """Quart 0.22 receives in a task of its own, and answers in another."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "websocket":
            raise NotImplementedError(scope["type"])
        receiving = asyncio.ensure_future(receive())
        await asyncio.sleep(0)
        await send(CLOSE)
        await receiving

    assert checked(app).findings == ()


@pytest.mark.parametrize(
    "events, result",
    [
        ([CLOSE], "refused"),
        (DENIAL, "refused with a response, 401"),
    ],
)
@pytest.mark.parametrize("read", [True, False])
def test_websocket_refused_is_right(events: Any, result: str, read: bool) -> None:
    """With connect read or not, with a response or without; and it is not tried again with other messages."""
    report = checked(both_styles(on_websocket(*events, read=read, until_gone=False))[0])
    assert report.findings == ()
    sockets = [row for row in report.conversations if row.protocol == "websocket"]
    assert [(row.name, row.result) for row in sockets] == [
        ("WebSocket / (text)", result),
        ("WebSocket (path that is not there)", result),
    ]
