"""A FileResponse behind old middleware: granian offers pathsend, which the middleware cannot pass on."""

from __future__ import annotations

from typing import Any

from starlette.applications import Starlette
from starlette.responses import FileResponse
from starlette.routing import Route

from asgi_compat import middleware_to_asgi3, to_asgi2, to_asgi3


class OldGzip:
    """Indexes the body of whatever comes after the start, as middleware of 2018 did."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def __call__(self, scope: Any) -> Any:
        async def instance(receive: Any, send: Any) -> None:
            async def reply(message: Any) -> None:
                if scope["type"] == "http" and message["type"] != "http.response.start":
                    message = {**message, "body": message["body"].upper()}
                await send(message)

            await self.app(scope)(receive, reply)

        return instance


async def file(request: Any) -> FileResponse:
    """Answer with this file."""
    return FileResponse(__file__)


site = Starlette(routes=[Route("/", file)])
stack: Any = middleware_to_asgi3(OldGzip)(site)
converted: Any = to_asgi3(OldGzip(to_asgi2(site)))
