"""What a WebSocket awaits: turns, cancellation, and what comes after the end."""

from __future__ import annotations

import asyncio
from typing import Any, List

import pytest

from asgi_compat import Quirks, to_asgi2, to_asgi3
from asgi_compat._convert.adapters import ToAsgi2, ToAsgi3
from asgi_compat._convert.engine import DEFAULT_OPTIONS
from asgi_compat._messages.table import without

CONNECT, ACCEPT = {"type": "websocket.connect"}, {"type": "websocket.accept"}
CLOSE = {"type": "websocket.close", "code": 1000}
DENY = {"type": "websocket.http.response.start", "status": 401, "headers": []}
SCOPE = {
    "type": "websocket",
    "asgi": {"version": "3.0", "spec_version": "2.4"},
    "path": "/",
    "headers": [],
    "scheme": "ws",
    "client": ("127.0.0.1", 5000),
    "server": ("127.0.0.1", 8000),
    "extensions": {},
}


class Server:
    """Gives the events one by one, then the last one for ever, and takes what is sent."""

    def __init__(self, *events: Any) -> None:
        self.events = list(events)
        self.sent: List[Any] = []
        self.cancels_at = 0

    async def receive(self) -> Any:
        return self.events.pop(0) if len(self.events) > 1 else self.events[0]

    async def send(self, event: Any) -> None:
        self.sent.append(event)
        if len(self.sent) == self.cancels_at:
            self.sent.pop()
            self.cancels_at = 0
            raise asyncio.CancelledError


async def serve(app: Any, server: Server, direction: str = "A", scope: Any = SCOPE) -> None:
    if direction == "A":
        await app(scope, server.receive, server.send)
    else:
        await app(scope)(server.receive, server.send)


@pytest.mark.parametrize("direction, convert", [("A", to_asgi3), ("B", to_asgi2)])
def test_receive_connect_after_the_close_is_a_disconnect(direction: str, convert: Any) -> None:
    """granian 1.6.4 gives websocket.connect again: an application that answers each would never end."""
    seen = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        while True:
            event = await receive()
            seen.append(event)
            if event["type"] == "websocket.disconnect":
                return
            await send(CLOSE)

    server = Server(CONNECT)
    asyncio.run(serve(convert(app), server, direction))
    assert server.sent == [CLOSE]
    assert seen == [CONNECT, {"type": "websocket.disconnect", "code": 1005, "reason": ""}]


def test_receive_connect_after_a_close_that_came_first_is_given() -> None:
    seen = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(CLOSE)
        seen.append(await receive())

    asyncio.run(serve(to_asgi3(app), Server(CONNECT)))
    assert seen == [CONNECT]


@pytest.mark.parametrize("direction, adapter", [("A", ToAsgi3), ("B", ToAsgi2)])
@pytest.mark.parametrize("rules", [(), ("A18", "B15")], ids=["waits", "asks the server"])
def test_receive_after_the_disconnect_lets_other_tasks_run(direction: str, adapter: Any, rules: Any) -> None:
    """A loop over receive() that never looks at the type, on a server that answers at once for ever."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        while True:
            await receive()

    async def main() -> None:
        server = Server(CONNECT, {"type": "websocket.disconnect", "code": 1000})
        table = without(*rules)
        task = asyncio.ensure_future(serve(adapter(app, DEFAULT_OPTIONS, table), server, direction))
        for _ in range(20):
            await asyncio.sleep(0)
        assert not task.done()
        task.cancel()
        await asyncio.wait([task])

    asyncio.run(asyncio.wait_for(main(), 20))


def test_send_accept_with_text_that_is_cancelled_does_not_accept_twice() -> None:
    """The accept is out, its first message is not: what the application sends again is a message."""
    server = Server(CONNECT)
    server.cancels_at = 2

    def app(scope: Any) -> Any:
        async def instance(receive: Any, send: Any) -> None:
            await receive()
            with pytest.raises(asyncio.CancelledError):
                await send({**ACCEPT, "text": "hello"})
            await send({"type": "websocket.send", "text": "hello"})
            await send(CLOSE)

        return instance

    asyncio.run(serve(to_asgi3(app), server))
    assert server.sent == [ACCEPT, {"type": "websocket.send", "text": "hello"}, CLOSE]


def test_send_part_of_a_denial_that_is_cancelled_is_not_kept() -> None:
    """Parts are joined (A47); one whose send was cancelled can be sent again."""
    server = Server(CONNECT)
    part = {"type": "websocket.http.response.body", "body": b"a", "more_body": True}

    def app(scope: Any) -> Any:
        async def instance(receive: Any, send: Any) -> None:
            await receive()
            await send(DENY)
            cancelled = asyncio.ensure_future(send(part))
            await asyncio.sleep(0)
            cancelled.cancel()
            await asyncio.wait([cancelled])
            assert cancelled.cancelled()
            await send(part)
            await send({**part, "body": b"b", "more_body": False})

        return instance

    scope = {**SCOPE, "extensions": {"websocket.http.response": {}}}
    asyncio.run(serve(to_asgi3(app), server, scope=scope))
    assert server.sent == [DENY, {**part, "body": b"ab", "more_body": False}]


def test_send_to_a_client_that_has_gone_is_bounded_and_then_an_os_error() -> None:
    class Gone(Server):
        async def send(self, event: Any) -> None:
            if event["type"] == "websocket.send":
                raise OSError("gone")
            await super().send(event)

    count = 0

    def app(scope: Any) -> Any:
        async def instance(receive: Any, send: Any) -> None:
            nonlocal count
            await receive()
            await send(ACCEPT)
            while True:
                count += 1
                await send({"type": "websocket.send", "text": "feed"})

        return instance

    for quirks, bound in ((None, 129), (Quirks(raise_after_disconnect=True), 1)):
        count = 0
        with pytest.raises(OSError):
            asyncio.run(serve(to_asgi3(app, quirks=quirks), Gone(CONNECT)))
        assert count == bound


def test_send_of_a_current_application_raises_what_the_server_raises() -> None:
    error = OSError("gone")

    class Gone(Server):
        async def send(self, event: Any) -> None:
            if event["type"] == "websocket.send":
                raise error

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(ACCEPT)
        await send({"type": "websocket.send", "text": "feed"})

    with pytest.raises(OSError) as caught:
        asyncio.run(serve(to_asgi3(app), Gone(CONNECT)))
    assert caught.value is error


def test_send_accept_for_which_connect_cannot_be_read_has_not_happened() -> None:
    """The server's receive fails while connect is read ahead (A49)."""

    class Failing(Server):
        async def receive(self) -> Any:
            if self.events[0] is CONNECT:
                self.events = [ACCEPT]
                raise ConnectionResetError
            return CONNECT

    async def app(scope: Any, receive: Any, send: Any) -> None:
        with pytest.raises(ConnectionResetError):
            await send(ACCEPT)
        await send(ACCEPT)
        await send(CLOSE)

    server = Failing(CONNECT)
    asyncio.run(serve(to_asgi3(app), server))
    assert server.sent == [ACCEPT, CLOSE]
