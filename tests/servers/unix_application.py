"""An application that says which server address it was given."""

from __future__ import annotations

from typing import Any

from asgi_compat import to_asgi2, to_asgi3


def old(scope: Any) -> Any:
    """Answer with the server."""

    async def instance(receive: Any, send: Any) -> None:
        body = f"server {scope['server']}".encode()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    return instance


plain: Any = to_asgi3(old)
back: Any = to_asgi3(to_asgi2(plain))
