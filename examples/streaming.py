"""A response that is sent in pieces, over time: one line every fifth of a second.

Start it with one of::

    python -m asgi_compat serve examples.streaming:asgi2
    python -m asgi_compat serve examples.streaming:asgi3

and watch the lines arrive: ``curl -N http://127.0.0.1:8000/``. The stream ends by itself; one that does
not must look out for the client's leaving, as ``until_disconnect.py`` does.
"""

from __future__ import annotations

import asyncio

TYPE_CHECKING = False
if TYPE_CHECKING:
    from asgi_compat import ASGI2Instance, Receive, Scope, Send

LINES = 5
PAUSE = 0.2  # seconds


async def stream(scope: Scope, send: Send) -> None:
    # Without a content-length the server frames the pieces itself (chunked in HTTP/1.1).
    await send(
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")],
        }
    )
    if scope["method"] != "HEAD":
        for number in range(1, LINES + 1):
            line = f"line {number} of {LINES}\n".encode()
            await send({"type": "http.response.body", "body": line, "more_body": True})
            if number < LINES:
                await asyncio.sleep(PAUSE)
    # `more_body` false, said or left out, is the end of the response.
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def asgi2(scope: Scope) -> ASGI2Instance:
    """The ASGI2 form as a closure: the scope is a variable of the outer function."""
    if scope["type"] != "http":
        raise NotImplementedError(f"This application does not speak {scope['type']}.")

    async def instance(receive: Receive, send: Send) -> None:
        await stream(scope, send)

    return instance


async def asgi3(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI3 form."""
    if scope["type"] != "http":
        raise NotImplementedError(f"This application does not speak {scope['type']}.")
    await stream(scope, send)
