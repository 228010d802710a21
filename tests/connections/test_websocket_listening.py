"""An application that only sends to a WebSocket ends when its client has gone."""

from __future__ import annotations

import asyncio
from typing import Any, List

import pytest

from asgi_compat import ClientDisconnected, Quirks, to_asgi3
from asgi_compat._connections.listening import LISTEN_AFTER, LISTENING

CONNECT, ACCEPT = {"type": "websocket.connect"}, {"type": "websocket.accept"}
MESSAGE = {"type": "websocket.send", "text": "feed"}
SCOPE = {"type": "websocket", "path": "/", "headers": [], "client": ("127.0.0.1", 5000), "scheme": "ws"}


class Server:
    """Takes everything, also for a client that has gone, and holds a close back while a receive waits."""

    def __init__(self) -> None:
        self.events: asyncio.Queue[Any] = asyncio.Queue()
        self.events.put_nowait(CONNECT)
        self.sent: List[Any] = []
        self.waiting = 0
        self.waiting_at_close = -1

    async def receive(self) -> Any:
        self.waiting += 1
        try:
            return await self.events.get()
        finally:
            self.waiting -= 1

    async def send(self, event: Any) -> None:
        await asyncio.sleep(0)
        if event["type"] == "websocket.close":
            self.waiting_at_close = self.waiting
        self.sent.append(event)


async def serve(function: Any, server: Server, **options: Any) -> None:
    def app(scope: Any) -> Any:
        async def instance(receive: Any, send: Any) -> None:
            await receive()
            await send(ACCEPT)
            await function(receive, send)

        return instance

    await asyncio.wait_for(to_asgi3(app, **options)(SCOPE, server.receive, server.send), 20)


def test_listen_application_that_only_sends_ends_when_its_client_has_gone() -> None:
    async def feed(receive: Any, send: Any) -> None:
        while True:
            await send(MESSAGE)

    async def main() -> None:
        server = Server()
        server.events.put_nowait({"type": "websocket.disconnect", "code": 1001})
        with pytest.raises(ClientDisconnected):
            await serve(feed, server)
        assert len(server.sent) < 2 * LISTEN_AFTER + 128 and not LISTENING

    asyncio.run(main())


def test_listen_keeps_what_the_client_says_for_the_application() -> None:
    seen = []

    async def feed(receive: Any, send: Any) -> None:
        for _ in range(LISTEN_AFTER + 10):
            await send(MESSAGE)
        for _ in range(3):
            seen.append(await receive())

    async def main() -> None:
        server = Server()
        for text in ("a", "b"):
            server.events.put_nowait({"type": "websocket.receive", "text": text})
        server.events.put_nowait({"type": "websocket.disconnect", "code": 1001})
        await serve(feed, server)

    asyncio.run(main())
    assert [event.get("text") for event in seen] == ["a", "b", None] and seen[2]["code"] == 1001


@pytest.mark.parametrize("ending", ["closes", "returns", "raises"])
def test_listen_ends_with_the_application_and_before_its_close(ending: str) -> None:
    async def feed(receive: Any, send: Any) -> None:
        for _ in range(LISTEN_AFTER + 10):
            await send(MESSAGE)
        if ending == "closes":
            await send({"type": "websocket.close", "code": 1000})
        elif ending == "raises":
            raise KeyError

    async def main() -> None:
        server = Server()
        try:
            await serve(feed, server)
        except KeyError:
            assert ending == "raises"
        assert server.waiting_at_close == 0 and not LISTENING
        assert server.sent[-1]["type"] == "websocket.close" and server.waiting == 0

    asyncio.run(main())


def test_listen_is_off_where_sends_are_swallowed_for_ever() -> None:
    async def feed(receive: Any, send: Any) -> None:
        for _ in range(LISTEN_AFTER + 200):
            await send(MESSAGE)

    async def main() -> None:
        server = Server()
        server.events.put_nowait({"type": "websocket.disconnect", "code": 1001})
        await serve(feed, server, quirks=Quirks(raise_after_disconnect=False))
        assert server.events.qsize() == 1

    asyncio.run(main())
