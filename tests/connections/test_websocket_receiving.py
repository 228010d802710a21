"""What a WebSocket gives where the server is not just asked."""

from __future__ import annotations

import asyncio
from typing import Any, Awaitable, Callable, List

import pytest

from asgi_compat import Quirks, to_asgi3
from asgi_compat._connections.loop import running_task
from asgi_compat._connections.websocket import LOST, WebSocketSession
from asgi_compat._connections.websocket_receiving import receive_again, receive_late

CONNECT = {"type": "websocket.connect"}
DISCONNECT = {"type": "websocket.disconnect", "code": 1001, "reason": ""}
SCOPE = {"type": "websocket", "asgi": {"version": "3.0"}, "path": "/", "headers": [], "extensions": {}}


def old(scope: Any) -> Any:
    async def instance(receive: Any, send: Any) -> None: ...

    return instance


def session_of(*events: Any) -> WebSocketSession:
    waiting = list(events)

    async def receive() -> Any:
        return waiting.pop(0)

    async def send(event: Any) -> None: ...

    policy = to_asgi3(old, quirks=Quirks()).compiled.policy
    return WebSocketSession(policy, SCOPE, receive, send, SCOPE)


def run(main: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(main(), 20))


def test_receive_late_event_that_was_kept_comes_before_the_next() -> None:
    session = session_of(DISCONNECT)
    session.keep(CONNECT)

    async def main() -> None:
        assert await receive_late(session) == CONNECT
        assert session.connect is None
        assert await receive_late(session) == DISCONNECT

    run(main)


def test_receive_late_disconnect_that_was_kept_is_told() -> None:
    session = session_of()
    session.keep(DISCONNECT)
    assert session.disconnect == LOST

    async def main() -> None:
        assert await receive_late(session) == DISCONNECT
        assert session.disconnect is True and session.reading is None

    run(main)


def test_receive_again_waits_for_the_close_that_interrupted_it() -> None:
    session = session_of(DISCONNECT)
    order: List[str] = []

    async def main() -> None:
        closing = session.waiting = asyncio.get_running_loop().create_future()

        async def wait() -> Any:
            task = running_task()
            try:
                await asyncio.get_running_loop().create_future()
            except asyncio.CancelledError as error:
                order.append("cancelled")
                event = await receive_again(session, task, error)
                order.append("received")
                return event

        waits = asyncio.ensure_future(wait())
        await asyncio.sleep(0)
        waits.cancel()
        await asyncio.sleep(0)
        order.append("closed")
        closing.set_result(None)
        assert await waits == DISCONNECT

    run(main)
    assert order == ["cancelled", "closed", "received"]


def test_receive_again_other_error_is_raised() -> None:
    session, error = session_of(), ConnectionResetError()

    async def main() -> None:
        session.waiting = task = running_task()
        with pytest.raises(ConnectionResetError) as caught:
            await receive_again(session, task, error)
        assert caught.value is error

    run(main)
