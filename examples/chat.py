"""A chat over WebSockets: everybody hears what one says, and who comes and goes.

Start it with one of::

    python -m asgi_compat serve examples.chat:asgi2
    python -m asgi_compat serve examples.chat:asgi3

and open http://127.0.0.1:8000/ in two windows, or connect any WebSocket client to
``ws://127.0.0.1:8000/?name=Ada``. Those who meet are those of one process: with several workers a room
needs something between them, such as Redis.
"""

from __future__ import annotations

import asyncio
import json
from urllib.parse import parse_qs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict

    from asgi_compat import Receive, Scope, Send

PAGE = b"""<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8"><title>Chat</title>
<form><input autofocus placeholder="Say something"></form>
<pre></pre>
<script>
  const address = location.href.replace(/^http/, "ws").split(/[?#]/)[0];
  const name = prompt("Your name?") || "somebody";
  const socket = new WebSocket(address + "?name=" + encodeURIComponent(name));
  const [form, field, lines] = ["form", "input", "pre"].map(e => document.querySelector(e));
  socket.onmessage = event => { lines.textContent += event.data + "\\n"; };
  form.onsubmit = event => { event.preventDefault(); socket.send(field.value); field.value = ""; };
</script>
</html>
"""
LARGEST_BACKLOG = 100  # messages a slow client may be behind; what comes then, it misses

room: Dict[asyncio.Queue[str], str] = {}


def tell_everybody(**message: Any) -> None:
    for inbox in room:
        if not inbox.full():
            inbox.put_nowait(json.dumps(message))


async def deliver(inbox: asyncio.Queue[str], send: Send) -> None:
    """Send what arrives in an inbox, at the pace of its client, so that nobody waits for the slowest."""
    while True:
        await send({"type": "websocket.send", "text": await inbox.get()})


async def converse(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()  # websocket.connect
    await send({"type": "websocket.accept"})
    name = parse_qs(scope["query_string"].decode("latin-1")).get("name", ["somebody"])[0]
    inbox: asyncio.Queue[str] = asyncio.Queue(LARGEST_BACKLOG)
    room[inbox] = name
    delivery = asyncio.ensure_future(deliver(inbox, send))
    tell_everybody(joined=name, here=sorted(room.values()))
    try:
        while True:
            event = await receive()
            if event["type"] == "websocket.disconnect" or event.get("text") is None:
                break
            if event["text"]:
                tell_everybody(name=name, text=event["text"])
    finally:
        del room[inbox]
        tell_everybody(left=name)
        delivery.cancel()
        # Servers raise an OSError for a message to a client who is gone; it ends the delivery only.
        await asyncio.gather(delivery, return_exceptions=True)
    if event["type"] == "websocket.receive":
        await send({"type": "websocket.close", "code": 4000, "reason": "This chat is for text."})


async def show_page(scope: Scope, send: Send) -> None:
    headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(PAGE)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else PAGE})


class asgi2:
    """The ASGI2 form."""

    def __init__(self, scope: Scope) -> None:
        if scope["type"] not in ("http", "websocket"):
            raise NotImplementedError(f"This application does not speak {scope['type']}.")
        self.scope = scope

    async def __call__(self, receive: Receive, send: Send) -> None:
        if self.scope["type"] == "websocket":
            await converse(self.scope, receive, send)
        else:
            await show_page(self.scope, send)


async def asgi3(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI3 form."""
    if scope["type"] == "websocket":
        await converse(scope, receive, send)
    elif scope["type"] == "http":
        await show_page(scope, send)
    else:
        raise NotImplementedError(f"This application does not speak {scope['type']}.")
