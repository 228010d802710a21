"""Responses of FastAPI in an application called twice."""

import functools

from fastapi.responses import HTMLResponse


async def asgi(receive, send, scope):
    response = HTMLResponse("<p>%s</p>" % scope["path"])
    await response(receive, send)


def app(scope):
    return functools.partial(asgi, scope=scope)
