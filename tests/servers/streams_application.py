"""Old applications that stream, behind `to_asgi3`: what they do is chosen by the path."""

from __future__ import annotations

import asyncio
from typing import Any, Dict, List

from asgi_compat import to_asgi3

#: Seconds before the first event of an event stream.
FIRST_EVENT = 2.0
#: How endless streams have ended.
ENDED: List[str] = []


async def events(receive: Any, send: Any) -> None:
    """Answer with an event stream whose first event is late."""
    headers = [(b"content-type", b"text/event-stream")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await asyncio.sleep(FIRST_EVENT)
    await send({"type": "http.response.body", "body": b"data: 1\n\n"})


async def endless(receive: Any, send: Any) -> None:
    """Send until it is stopped, and never look whether the client is there."""
    try:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while True:
            await send({"type": "http.response.body", "body": b"x" * 1000, "more_body": True})
            await asyncio.sleep(0.005)
    except BaseException as error:
        ENDED.append(type(error).__name__)
        raise


async def ended(receive: Any, send: Any) -> None:
    """Say how the endless streams have ended."""
    await answer(send, " ".join(ENDED))


async def listens(receive: Any, send: Any) -> None:
    """Answer, and ask for events for ever."""
    await answer(send, "listening")
    while True:
        await receive()


async def fails(receive: Any, send: Any) -> None:
    """Begin a response and fail before its body."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    raise LookupError("before the body")


async def answer(send: Any, text: str) -> None:
    """Answer with a text."""
    body = text.encode()
    headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


PATHS: Dict[str, Any] = {f"/{one.__name__}": one for one in (events, endless, ended, listens, fails)}


def old(scope: Any) -> Any:
    """Return the instance for a path."""
    return PATHS[scope["path"]]


application = to_asgi3(old, lifespan="off")
