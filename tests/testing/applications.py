"""Applications that the tests of `asgi_compat.testing` hold conversations with."""

from __future__ import annotations

import asyncio
import importlib.util
import sys
from typing import Any, List

from specimens import Specimen

from asgi_compat.testing import Transcript


async def respond(send: Any, body: bytes = b"hello", status: int = 200) -> None:
    """Send a response in one chunk."""
    await send({"type": "http.response.start", "status": status, "headers": [(b"x-a", b"1")]})
    await send({"type": "http.response.body", "body": body})


async def single(scope: Any, receive: Any, send: Any) -> None:
    """Answer the request's body; echo a WebSocket; start and stop."""
    if scope["type"] == "http":
        body, more = b"", True
        while more:
            event = await receive()
            body, more = body + event["body"], event["more_body"]
        await respond(send, b"%s %s" % (scope["method"].encode(), body))
    elif scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept", "subprotocol": next(iter(scope["subprotocols"]), None)})
        while True:
            event = await receive()
            if event["type"] == "websocket.disconnect":
                return
            await send({**event, "type": "websocket.send"})
    else:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})


def double(scope: Any) -> Any:
    """The same, called twice."""

    async def instance(receive: Any, send: Any) -> None:
        await single(scope, receive, send)

    return instance


def types(transcript: Transcript) -> List[str]:
    """Who said what, for short: ``>`` is received, ``<`` is sent."""
    return [("> " if by == "client" else "< ") + message["type"] for by, message in transcript.events]


async def refuses(scope: Any, receive: Any, send: Any) -> None:
    """Do not end when cancelled either."""
    while True:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            pass


def made(specimen: Specimen) -> bool:
    """Whether this Python can make it and has what it needs."""
    if sys.version_info[:2] < specimen.since:
        return False
    return not specimen.requires or importlib.util.find_spec(specimen.requires) is not None
