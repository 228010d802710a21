"""The same answer from an application as it is and through `to_asgi3`, in one process: the query chooses.

``?bare`` is answered by a single-callable application, everything else by a double-callable one behind the
adapter. The answer says how long path and raw_path are, and how they begin.
"""

from __future__ import annotations

from typing import Any

from starlette.applications import Starlette
from starlette.routing import Mount

from asgi_compat import to_asgi3


async def bare(scope: Any, receive: Any, send: Any) -> None:
    """Answer with what the scope says about the path."""
    path, raw = scope["path"], scope.get("raw_path") or b""
    said = f"{scope['root_path']} {path[:16]} {len(path)} {raw[:20].decode()} {len(raw)}"
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": said.encode()})


def double(scope: Any) -> Any:
    """Do the same, called as in 2018."""

    async def instance(receive: Any, send: Any) -> None:
        await bare(scope, receive, send)

    return instance


adapted = to_asgi3(double, lifespan="off")


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Choose by the query."""
    without = scope["type"] == "http" and scope["query_string"] == b"bare"
    await (bare if without else adapted)(scope, receive, send)


mounted = Starlette(routes=[Mount("/shop", app=application)])
