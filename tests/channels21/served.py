"""What granian 1.6 serves in these tests: the site, and an application that says what it was told."""

from __future__ import annotations

from typing import Any, List

from channels_site import project

from asgi_compat import to_asgi3

#: The types of the events that `Refusing` has received on WebSockets.
SEEN: List[str] = []


class Refusing:
    """Answer every event of a WebSocket with a close until the client has gone, as consumers of 2018 do."""

    def __init__(self, scope: Any) -> None:
        self.scope = scope

    async def __call__(self, receive: Any, send: Any) -> None:
        for _ in range(10):  # for ever, if nobody says that the client has gone
            event = await receive()
            SEEN.append(event["type"])
            if event["type"] == "websocket.disconnect":
                return
            await send({"type": "websocket.close"})


async def seen(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": " ".join(SEEN).encode()})


SITE = to_asgi3(project())
OTHERS = {"/refusing": to_asgi3(Refusing), "/seen": seen}


async def application(scope: Any, receive: Any, send: Any) -> None:
    """`Refusing` at /refusing, what it has seen at /seen, and the site everywhere else."""
    await OTHERS.get(scope.get("path"), SITE)(scope, receive, send)
