"""Work that stops when the client who asked for it has left.

Start it with one of::

    python -m asgi_compat serve examples.until_disconnect:asgi2
    python -m asgi_compat serve examples.until_disconnect:asgi3

``curl http://127.0.0.1:8000/work/100`` takes ten seconds (a step takes a tenth of one). Press Ctrl-C
before they are over, and ``curl http://127.0.0.1:8000/status`` says that the work was stopped.
"""

from __future__ import annotations

import asyncio
import json
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict

    from asgi_compat import ASGI2Instance, Receive, Scope, Send

STEP = 0.1  # seconds

status: Dict[str, int] = {"running": 0, "finished": 0, "stopped": 0, "steps": 0}


async def work(steps: int) -> Dict[str, Any]:
    """Stand for something long: a report, a query, a conversion."""
    status["running"] += 1
    try:
        for _ in range(steps):
            await asyncio.sleep(STEP)
            status["steps"] += 1
    except asyncio.CancelledError:
        status["stopped"] += 1
        raise  # whoever cancels wants to see that it worked
    finally:
        status["running"] -= 1
    status["finished"] += 1
    return {"result": steps}


async def client_left(receive: Receive) -> None:
    """Return when the client has gone. Reads and drops the request's body on the way."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def respond(send: Send, code: int, content: Any, head: bool) -> None:
    body = json.dumps(content).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": code, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else body})


async def http(scope: Scope, receive: Receive, send: Send) -> None:
    head = scope["method"] == "HEAD"
    match = re.search(r"/work/([0-9]{1,4})$", scope["path"])
    if scope["path"].endswith("/status"):
        await respond(send, 200, status, head)
    elif not match:
        await respond(send, 404, {"error": "Try /status and /work/100."}, head)
    else:
        working = asyncio.ensure_future(work(int(match.group(1))))
        leaving = asyncio.ensure_future(client_left(receive))
        try:
            await asyncio.wait([working, leaving], return_when=asyncio.FIRST_COMPLETED)
        finally:
            # Whichever is not done has lost: the client left, or the work is finished and nobody needs
            # to look out any more, or the server cancelled this coroutine and wants both to end.
            losers = [task for task in (working, leaving) if not task.done()]
            for task in losers:
                task.cancel()
            if losers:
                await asyncio.wait(losers)
        if not working.cancelled():
            await respond(send, 200, working.result(), head)


def asgi2(scope: Scope) -> ASGI2Instance:
    """The ASGI2 form."""
    if scope["type"] != "http":
        raise NotImplementedError(f"This application does not speak {scope['type']}.")

    async def instance(receive: Receive, send: Send) -> None:
        await http(scope, receive, send)

    return instance


async def asgi3(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI3 form."""
    if scope["type"] != "http":
        raise NotImplementedError(f"This application does not speak {scope['type']}.")
    await http(scope, receive, send)
