"""Whether a lifespan came, and what a connection pays for it."""

from __future__ import annotations

import asyncio
from typing import Any

from asgi_compat import to_asgi2, to_asgi3


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await receive()
        scope["state"]["db"] = "open"
        await send({"type": "lifespan.startup.complete"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(scope.get("state")).encode()})


async def converse(adapted: Any, **lifespan: Any) -> Any:
    sent = []

    async def receive() -> Any:
        return {"type": "lifespan.startup"}

    async def send(event: Any) -> None:
        sent.append(event)

    await adapted({"type": "lifespan", **lifespan}, receive, send)
    await adapted({"type": "http", "method": "GET", "path": "/", "headers": []}, receive, send)
    return sent[-1].get("body")


def test_prepare_connection_adds_the_state_that_only_the_adapter_keeps() -> None:
    assert asyncio.run(converse(to_asgi3(app))) == b"{'db': 'open'}"


def test_prepare_connection_is_not_called_again_once_nothing_is_to_be_prepared() -> None:
    """The server keeps the state: after the lifespan a request pays nothing."""
    adapted: Any = to_asgi3(app)
    assert adapted.compiled.prepares
    assert asyncio.run(converse(adapted, state={})) == b"None"
    assert not adapted.compiled.prepares


def test_prepare_lifespan_keeps_a_state_for_an_old_server() -> None:
    old: Any = to_asgi2(app)

    async def adapted(scope: Any, receive: Any, send: Any) -> None:
        await old(scope)(receive, send)

    assert asyncio.run(converse(adapted)) == b"{'db': 'open'}"
