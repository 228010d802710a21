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


def empty_layers(app: Any) -> Any:
    """What an adapter costs that copies the scope, holds the start back, and looks at nothing.

    No adapter that repairs events can be cheaper: receive and send have to be coroutine functions of
    its own (A42).
    """

    async def adapter(scope: Any, receive: Any, send: Any) -> None:
        held = None

        async def take() -> Any:
            return await receive()

        async def give(event: Any) -> None:
            nonlocal held
            if held is None:
                held = event
            else:
                await send(held)
                await send(event)

        await app(scope.copy())(take, give)

    return adapter
