"""An event of gunicorn's that is not in the specification: an informational response before the start."""

from __future__ import annotations

from typing import Any

from asgi_compat import Quirks, to_asgi3


async def informs(scope: Any, receive: Any, send: Any) -> None:
    """Answer 103 and then 200."""
    if scope["type"] == "lifespan":
        raise ValueError("no lifespan here")
    hint = (b"link", b"</style.css>; rel=preload")
    await send({"type": "http.response.informational", "status": 103, "headers": [hint]})
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": b"hello"})


def old(scope: Any) -> Any:
    """Do the same, called as in 2018."""

    async def instance(receive: Any, send: Any) -> None:
        await informs(scope, receive, send)

    return instance


current: Any = to_asgi3(informs)
converted: Any = to_asgi3(old)
allowed: Any = to_asgi3(informs, quirks=Quirks(pass_unknown=True))


async def behind(scope: Any, receive: Any, send: Any) -> None:
    """Replace receive, as middleware does: the server is not recognised, and the quirk says it."""

    async def listen() -> Any:
        return await receive()

    await allowed(scope, listen, send)
