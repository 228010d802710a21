"""Old applications that stream, behind `to_asgi3`: what they do is chosen by the path."""

from __future__ import annotations

import asyncio
from typing import Any, Dict, List

from asgi_compat import to_asgi3

#: Seconds within which the headers of an event stream are with the server.
HEADERS_WITHIN = 0.1
#: The types of the events that the server was handed for `/events`.
HANDED: List[Any] = []
#: How endless streams have ended.
ENDED: List[str] = []


async def events(receive: Any, send: Any) -> None:
    """Answer with an event stream whose first event says what the server had by then, and waits for `/go`."""
    headers = [(b"content-type", b"text/event-stream")]
    HANDED.clear()
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    # The timers of a loop come in the order of their times, also on a machine that is late with all of them.
    await asyncio.sleep(HEADERS_WITHIN)
    for _ in range(5):
        await asyncio.sleep(0)  # what an earlier timer began goes on
    early = "early" if HANDED == ["http.response.start"] else "late"
    await event("go").wait()
    event("go").clear()
    await send({"type": "http.response.body", "body": b"data: %s\n\n" % early.encode()})


async def go(receive: Any, send: Any) -> None:
    """Let the event stream send its first event."""
    event("go").set()
    await answer(send, "gone")


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


_EVENTS: Dict[str, asyncio.Event] = {}


def event(name: str) -> asyncio.Event:
    """Return the event of a name, made in the loop that uses it."""
    return _EVENTS.setdefault(name, asyncio.Event())


async def answer(send: Any, text: str) -> None:
    """Answer with a text."""
    body = text.encode()
    headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


PATHS: Dict[str, Any] = {f"/{one.__name__}": one for one in (events, go, endless, ended, listens, fails)}


def old(scope: Any) -> Any:
    """Return the instance for a path."""
    return PATHS[scope["path"]]


adapted = to_asgi3(old, lifespan="off")


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Note what the server is handed for the event stream."""

    async def noting(message: Any) -> None:
        HANDED.append(message["type"])
        await send(message)

    await adapted(scope, receive, noting if scope["path"] == "/events" else send)
