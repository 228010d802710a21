"""Shows the scope the server made for the connection, as JSON.

Start it with one of::

    python -m asgi_compat serve examples.scope_dump:asgi2
    python -m asgi_compat serve examples.scope_dump:asgi3

and ask it anything: ``curl -H 'X-Colour: blue' 'http://127.0.0.1:8000/some/path?a=1'``. A WebSocket
client gets the scope of its own connection as one text message.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from asgi_compat import Receive, Scope, Send


def json_safe(value: Any) -> Any:
    """Return ``value`` as something the json module writes.

    Bytes stay recognisable (``"b'host'"``): whether a field is bytes or text is what one wants to know
    of a scope. Tuples become lists; what JSON has no word for, such as an object in ``state``, its repr.
    """
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, Mapping):
        return {key if isinstance(key, str) else repr(key): json_safe(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [json_safe(item) for item in value]
    return repr(value)


def dump(scope: Scope) -> str:
    """Return the scope as indented JSON."""
    return json.dumps(json_safe(scope), indent=2)


async def answer_http(scope: Scope, send: Send) -> None:
    body = dump(scope).encode()
    await send(
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [
                (b"content-type", b"application/json"),
                (b"content-length", str(len(body)).encode()),
            ],
        }
    )
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


async def answer_websocket(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()  # websocket.connect
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.send", "text": dump(scope)})
    await send({"type": "websocket.close", "code": 1000})


class asgi2:
    """The ASGI2 form as a class: one instance a connection, the scope in its constructor."""

    def __init__(self, scope: Scope) -> None:
        # An application raises for what it does not speak. Servers rely on it: this is how they find out
        # that it has no lifespan.
        if scope["type"] not in ("http", "websocket"):
            raise NotImplementedError(f"This application does not speak {scope['type']}.")
        self.scope = scope

    async def __call__(self, receive: Receive, send: Send) -> None:
        if self.scope["type"] == "http":
            await answer_http(self.scope, send)
        else:
            await answer_websocket(self.scope, receive, send)


async def asgi3(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI3 form: one coroutine function a connection."""
    if scope["type"] == "http":
        await answer_http(scope, send)
    elif scope["type"] == "websocket":
        await answer_websocket(scope, receive, send)
    else:
        raise NotImplementedError(f"This application does not speak {scope['type']}.")
