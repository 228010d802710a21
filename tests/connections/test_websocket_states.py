"""What a WebSocket takes and when, as a table; closes and denial responses."""

from __future__ import annotations

import asyncio
from typing import Any, List

import pytest

from asgi_compat import Quirks, to_asgi2, to_asgi3
from asgi_compat._connections.states import DENYING, DONE, NEW, OPEN
from asgi_compat._connections.websocket_states import END, WEBSOCKET, joined
from asgi_compat._messages.specification import APP
from asgi_compat._messages.table import TABLE

SCOPE = {
    "type": "websocket",
    "asgi": {"version": "3.0", "spec_version": "2.4"},
    "path": "/",
    "headers": [],
    "scheme": "ws",
    "client": ("127.0.0.1", 5000),
}
ACCEPT = {"type": "websocket.accept"}


def talk(events: List[Any], direction: str = "A", scope: Any = SCOPE, **options: Any) -> List[Any]:
    """Return what reaches the server of what an application sends once it has read connect."""
    sent = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        for event in events:
            await send(event)

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(event: Any) -> None:
        sent.append(event)

    if direction == "A":
        asyncio.run(to_asgi3(app, **options)(scope, receive, send))
    else:
        asyncio.run(to_asgi2(app, **options)(scope)(receive, send))
    return sent


def test_websocket_has_a_handler_for_each_state_and_event() -> None:
    events = [row.type for row in TABLE.events if row.scope == "websocket" and row.sender == APP]
    wanted = {(state, kind) for state in (NEW, OPEN, DENYING, DONE) for kind in events}
    assert set(WEBSOCKET) == wanted | {(state, END) for state in (NEW, OPEN, DENYING)}


@pytest.mark.parametrize("direction", ["A", "B"])
@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("reason", [[{"loc": ("query", "token"), "msg": "Field required"}], 5, None, "no"])
def test_close_before_accept_drops_its_reason_unread(direction: str, strict: bool, reason: Any) -> None:
    """FastAPI's own rejection of a WebSocket has a list."""
    event = {"type": "websocket.close", "code": 1008, "reason": reason}
    sent = talk([event], direction, strict=strict)
    assert sent == [{"type": "websocket.close", "code": 1008}]


@pytest.mark.parametrize("direction", ["A", "B"])
@pytest.mark.parametrize("code, sent", [(1001, 1000), (1011, 1000), (1014, 1000), (3000, 3000), (4999, 4999)])
def test_close_on_daphne_has_a_code_that_it_takes(direction: str, code: int, sent: int) -> None:
    """daphne's autobahn refuses 1001 to 2999 in both directions; daphne of 2018 says no version."""
    daphne = {**SCOPE, "client": ["127.0.0.1", 5000], "asgi": {"version": "3.0"}}
    del daphne["scheme"]
    close = {"type": "websocket.close", "code": code}
    for scope in [daphne] + [{**daphne, "asgi": {}}] * (direction == "B"):
        assert talk([ACCEPT, close], direction, scope)[-1] == {**close, "code": sent}
    assert talk([ACCEPT, close], direction)[-1] == close


def test_message_before_accept_accepts_first_by_quirk() -> None:
    message = {"type": "websocket.send", "text": "x"}
    assert talk([message], quirks=Quirks(implicit_accept=True))[:2] == [ACCEPT, message]


def test_joined_of_many_parts_is_in_order() -> None:
    parts: Any = ()
    for number in range(2000):
        parts = (parts, b"%d," % number)
    assert joined(parts, b"end") == b"".join(b"%d," % number for number in range(2000)) + b"end"
