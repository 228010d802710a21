"""An old application that asks nothing of its event loop, for asyncio and for trio."""

from __future__ import annotations

import threading
import time
from typing import Any

from asgi_compat import Quirks, to_asgi2, to_asgi3

MAIN = threading.get_ident()


class Old:
    """Echoes bodies and messages, and says in which thread it was made."""

    def __init__(self, scope: Any) -> None:
        self.scope = scope
        self.made_in = "main" if threading.get_ident() == MAIN else "another"
        if self.made_in == "another":
            time.sleep(0.2)  # what it is in a thread for

    async def __call__(self, receive: Any, send: Any) -> None:
        await getattr(self, self.scope["type"])(receive, send)

    async def lifespan(self, receive: Any, send: Any) -> None:
        """Answer with the names of today."""
        for _ in range(2):
            await send({"type": (await receive())["type"] + ".complete"})

    async def http(self, receive: Any, send: Any) -> None:
        """Echo the body under the names of 2017, in two parts."""
        body = b""
        more = True
        while more:
            event = await receive()
            body += event["body"]
            more = event["more_body"]
        if self.scope["path"] == "/crash":
            raise ValueError("on purpose")
        await send({"type": "http.response.start", "status": "200", "headers": {"X-Made-In": self.made_in}})
        await send({"type": "http.response.content", "content": body, "more_content": True})
        if self.scope["path"] == "/unfinished":
            return
        await send({"type": "http.response.content", "content": b"."})
        assert (await receive())["type"] == "http.disconnect"

    async def websocket(self, receive: Any, send: Any) -> None:
        """Echo what comes, and return without a close."""
        await receive()
        if self.scope["path"] == "/refused":
            return
        await send({"type": "websocket.accept", "subprotocol": b"p"})
        event = await receive()
        await send({"type": "websocket.send", "text": event["text"], "bytes": event["bytes"]})


plain: Any = to_asgi3(Old)
threaded: Any = to_asgi3(Old, quirks=Quirks(constructor_in_thread=True))
#: Both directions.
back: Any = to_asgi3(to_asgi2(plain))
