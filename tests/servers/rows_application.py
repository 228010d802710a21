"""Compare, inside each server, what its row of ``_messages/servers.py`` does with what all rules do.

The answer is JSON: the name of the row, and each scope or event for which the two differ.
"""

from __future__ import annotations

import json
from typing import Any, List

from asgi_compat import to_asgi3
from asgi_compat._convert.recognition import compile_host
from asgi_compat._messages.servers import SERVERS
from asgi_compat._messages.table import TABLE


def old(scope: Any) -> Any:
    """Stand for the application whose rules are compiled."""

    async def instance(receive: Any, send: Any) -> None:
        raise AssertionError("it is not called")

    return instance


engine: Any = to_asgi3(old).compiled  # type: ignore[attr-defined]
hosts: Any = engine.hosts


def compare(host: Any, name: str, given: Any, where: str) -> List[str]:
    """Return a line if the row and every rule make different things of ``given``."""
    known, every = (one.scopes if where == "scopes" else one.policy.received for one in (host, hosts.unknown))
    mine, right = known[name](given), every[name](given)
    return [] if mine == right and type(mine) is type(right) else [f"{name}: {mine!r}, not {right!r}"]


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Answer with the comparison of this connection's scope and events."""
    await answer(hosts.find(scope, receive, send), scope, receive, send)


async def copied(scope: Any, receive: Any, send: Any) -> None:
    """Give the application another scope, as a mount does: the server is not recognised by it any more."""
    await application({**scope, "headers": list(scope.get("headers", ()))}, receive, send)


async def overclaimed(scope: Any, receive: Any, send: Any) -> None:
    """Compare with a row for granian that claims its ports, which are str."""
    row = next(row for row in SERVERS if row.name == "granian")
    too_much = row._replace(gives=(*row.gives, "A7", "A48"))
    await answer(compile_host(engine.plan, TABLE, too_much), scope, receive, send)


async def answer(host: Any, scope: Any, receive: Any, send: Any) -> None:
    """Compare what ``host`` and every rule make of a connection."""
    kind = scope["type"]
    if kind == "lifespan":
        while True:
            event = await receive()
            await send({"type": event["type"] + ".complete"})
            if event["type"] == "lifespan.shutdown":
                return
    # Twice: what the first scope has taught is used for the second.
    different = compare(host, kind, scope, "scopes") + compare(host, kind, scope, "scopes")
    while True:
        event = await receive()
        if event["type"] in host.policy.received:
            different += compare(host, event["type"], event, "received")
        if event["type"] == "websocket.connect":
            await send({"type": "websocket.accept"})
        elif not event.get("more_body"):
            break
    said = json.dumps({"row": host.name, "different": different})
    if kind == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": said.encode()})
    else:
        await send({"type": "websocket.send", "text": said})
        # The client closes: hypercorn on trio fails when both do at the same time.
        while (await receive())["type"] != "websocket.disconnect":
            pass
