"""The contract in Starlette, one source for 0.11.4 and today's: which one, the importer decides."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import json
import os

from asgiref.sync import sync_to_async
from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute

STARTED = []


async def hello(request):
    return PlainTextResponse("hello", headers={"X-App": "yes"})


async def item(request):
    return JSONResponse({"item": request.path_params["number"], "query": request.url.query})


async def echo(request):
    return Response(await request.body(), media_type="text/plain")


async def stream(request):
    async def rows():
        for number in range(4):
            yield b"row %d\n" % number
            await asyncio.sleep(0.01)

    return StreamingResponse(rows(), media_type="text/plain")


async def large(request):
    return PlainTextResponse("squeeze me " * 2000)


async def boom(request):
    raise RuntimeError("meant to happen")


async def boom_later(request):
    async def rows():
        yield b"row 0\n"
        await asyncio.sleep(0.05)
        raise RuntimeError("meant to happen later")

    return StreamingResponse(rows(), media_type="text/plain")


async def started(request):
    return JSONResponse(STARTED)


def bump(session):
    session["count"] = session.get("count", 0) + 1
    return session["count"]


async def count(request):
    # In a thread: a session of Django asks its database.
    return PlainTextResponse("%d" % await sync_to_async(bump)(request["session"]))


async def log_in(request):
    from channels.auth import login
    from django.contrib.auth import get_user_model

    user = await sync_to_async(get_user_model().objects.get)(username="ada")
    # A Mapping to Channels, and the scope itself: `request` hides the method to write into it.
    await login(getattr(request, "scope", None) or request._scope, user)
    return PlainTextResponse("logged in")


async def log_out(request):
    from channels.auth import logout

    await logout(getattr(request, "scope", None) or request._scope)
    return PlainTextResponse("logged out")


async def who(request):
    return PlainTextResponse(request["user"].username or "nobody")


async def ws_echo(websocket):
    await websocket.accept()
    while True:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            return
        if message.get("text") is not None:
            await websocket.send_text(message["text"].upper())
        else:
            await websocket.send_bytes(message["bytes"][::-1])


async def ws_protocol(websocket):
    await websocket.accept(subprotocol="two")
    await websocket.send_text(json.dumps([websocket.url.path, websocket.url.query]))
    await websocket.close(4003)


async def ws_refuse(websocket):
    await websocket.close(4000)


async def ws_boom(websocket):
    await websocket.accept()
    await websocket.receive()
    raise RuntimeError("meant to happen in a socket")


async def ws_session(websocket):
    def look():
        user = websocket.get("user")
        return {
            "count": websocket["session"].get("count"),
            "user": (user.username or "nobody") if user else None,
        }

    seen = await sync_to_async(look)()
    await websocket.accept()
    await websocket.send_text(json.dumps(seen))
    await websocket.close()


def routes():
    return [
        Route("/hello", hello),
        Route("/items/{number:int}", item),
        Route("/echo", echo, methods=["POST"]),
        Route("/stream", stream),
        Route("/large", large),
        Route("/boom", boom),
        Route("/boom-later", boom_later),
        Route("/started", started),
        Route("/count", count),
        Route("/log-in", log_in),
        Route("/log-out", log_out),
        Route("/who", who),
        WebSocketRoute("/ws/echo", ws_echo),
        WebSocketRoute("/ws/protocol", ws_protocol),
        WebSocketRoute("/ws/refuse", ws_refuse),
        WebSocketRoute("/ws/boom", ws_boom),
        WebSocketRoute("/ws/session", ws_session),
    ]


def start_up():
    STARTED.append("started")


def shut_down():
    with open(os.environ["LEGACY_SHUTDOWN_FILE"], "a") as file:
        file.write("shut down")


@contextlib.asynccontextmanager
async def lifespan(app):
    start_up()
    yield
    shut_down()


def make(more_routes=(), **options):
    """The application; today's Starlette takes `middleware=[...]` among the options."""
    if "lifespan" in inspect.signature(Starlette).parameters:
        return Starlette(routes=routes() + list(more_routes), lifespan=lifespan, **options)
    app = Starlette(routes=routes() + list(more_routes), **options)
    app.add_event_handler("startup", start_up)
    app.add_event_handler("shutdown", shut_down)
    return app
