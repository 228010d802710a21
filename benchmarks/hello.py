"""The application that is measured: hello, world, as an ASGI2 framework writes it."""

from __future__ import annotations

from typing import Any


def application(scope: Any) -> Any:
    """Hello, world."""

    async def instance(receive: Any, send: Any) -> None:
        await receive()
        headers = [(b"content-type", b"text/plain")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"Hello, world!"})

    return instance
