"""What one event of a WebSocket has become goes out, or is taken back."""

from __future__ import annotations

import asyncio
from typing import Any, List

import pytest

from asgi_compat import Quirks, to_asgi3
from asgi_compat._connections.states import DONE, NEW, OPEN
from asgi_compat._connections.websocket import WebSocketSession
from asgi_compat._connections.websocket_forwarding import LOST, forward, on_send_error

ACCEPT, CLOSE = {"type": "websocket.accept"}, {"type": "websocket.close", "code": 1000}
SCOPE = {"type": "websocket", "asgi": {"version": "3.0"}, "path": "/", "headers": [], "extensions": {}}


def old(scope: Any) -> Any:
    async def instance(receive: Any, send: Any) -> None: ...

    return instance


async def current(scope: Any, receive: Any, send: Any) -> None: ...


def session_of(app: Any = old, send: Any = None) -> WebSocketSession:
    async def receive() -> Any:
        return {"type": "websocket.connect"}

    policy = to_asgi3(app, quirks=Quirks()).compiled.policy
    return WebSocketSession(policy, SCOPE, receive, send, SCOPE)


@pytest.mark.parametrize("error", [OSError("gone"), ConnectionResetError()])
def test_on_send_error_of_a_client_that_has_gone_is_no_error_of_an_old_application(error: Exception) -> None:
    session = session_of()
    session.state = OPEN
    asyncio.run(on_send_error(session, error))
    assert session.disconnect == LOST and session.swallowed == 1


def test_on_send_error_of_a_current_application_is_raised() -> None:
    with pytest.raises(OSError):
        asyncio.run(on_send_error(session_of(current), OSError("gone")))


def test_on_send_error_runtime_error_before_the_end_is_raised() -> None:
    session = session_of()
    session.state = OPEN
    with pytest.raises(RuntimeError):
        asyncio.run(on_send_error(session, RuntimeError("a bug")))
    session.state = DONE
    asyncio.run(on_send_error(session, RuntimeError("closed")))


def test_forward_cancelled_event_has_not_happened() -> None:
    sent: List[Any] = []

    async def send(event: Any) -> None:
        sent.append(event)
        raise asyncio.CancelledError

    async def main() -> None:
        session = session_of(send=send)
        await session.receive()
        session.state = OPEN
        with pytest.raises(asyncio.CancelledError):
            await forward(session, [ACCEPT], (NEW, None))
        assert session.state == NEW

    asyncio.run(main())
    assert sent == [ACCEPT]
