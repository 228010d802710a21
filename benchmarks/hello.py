"""The applications that are measured, written as an ASGI2 framework writes them, and the floor."""

from __future__ import annotations

from typing import Any

CHUNKS, CHUNK = 64, b"x" * (1024 * 1024 // 64)


def application(scope: Any) -> Any:
    """Answer hello, world; stream 1 MiB in 64 chunks at /stream; echo the messages of a WebSocket."""
    if scope["type"] == "websocket":
        return echo

    async def instance(receive: Any, send: Any) -> None:
        await receive()
        headers = [(b"content-type", b"text/plain")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"Hello, world!"})

    return stream if scope["path"] == "/stream" else instance


async def stream(receive: Any, send: Any) -> None:
    """Send 1 MiB in 64 chunks."""
    await receive()
    headers = [(b"content-type", b"application/octet-stream")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    for _ in range(CHUNKS):
        await send({"type": "http.response.body", "body": CHUNK, "more_body": True})
    await send({"type": "http.response.body"})


async def echo(receive: Any, send: Any) -> None:
    """Accept, and send every text message back."""
    await receive()
    await send({"type": "websocket.accept"})
    while True:
        event = await receive()
        if event["type"] == "websocket.disconnect":
            return
        await send({"type": "websocket.send", "text": event["text"]})


def empty_layers(app: Any) -> Any:
    """Adapt ``app`` as cheaply as events can be repaired: copy the scope, hold the start, look at nothing.

    No adapter that repairs events can be cheaper: receive and send have to be coroutine functions of
    its own (A42).
    """

    async def adapter(scope: Any, receive: Any, send: Any) -> None:
        held = None
        started = scope["type"] != "http"

        async def take() -> Any:
            return await receive()

        async def give(event: Any) -> None:
            nonlocal held, started
            if started:
                await send(event)
            elif held is None:
                held = event
            else:
                started = True
                await send(held)
                await send(event)

        await app(scope.copy())(take, give)

    return adapter
