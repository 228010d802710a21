"""The contract of hosts.py on today's Starlette."""

import asyncio
import contextlib
import os

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute

DONE = []


@contextlib.asynccontextmanager
async def lifespan(app):
    yield {"started": "by lifespan"}
    name = os.environ.get("LEGACY_SHUTDOWN_FILE")
    if name:
        with open(name, "w") as file:
            file.write("starlette shut down")


async def home(request):
    return PlainTextResponse("hello")


async def started(request):
    return JSONResponse({"state": getattr(request.state, "started", None)})


async def scope(request):
    names = ("type", "method", "scheme", "path", "root_path", "http_version")
    return JSONResponse({**{name: request.scope[name] for name in names}, "query": request.url.query})


async def headers(request):
    return JSONResponse({"one": request.headers.getlist("x-one"), "client": request.client.host})


async def echo(request):
    return Response(await request.body(), media_type="application/octet-stream")


async def length(request):
    total = 0
    async for part in request.stream():
        total += len(part)
    return PlainTextResponse(str(total))


async def post_json(request):
    return JSONResponse({"got": await request.json()}, status_code=201)


async def stream(request):
    async def rows():
        for number in range(5):
            yield f"row {number}\n"
            await asyncio.sleep(0.01)

    return StreamingResponse(rows(), media_type="text/plain")


async def large(request):
    return Response(b"0123456789" * 100000, media_type="application/octet-stream")


async def empty(request):
    return Response(status_code=204)


async def redirect(request):
    return RedirectResponse("/scope?from=redirect", status_code=302)


async def set_cookie(request):
    response = PlainTextResponse("cookies set")
    response.set_cookie("flavour", "oat", httponly=True)
    response.set_cookie("size", "large")
    return response


async def cookies(request):
    return JSONResponse(request.cookies)


async def error(request):
    raise RuntimeError("this is meant to happen")


async def remember(value):
    await asyncio.sleep(0.05)
    DONE.append(value)


async def background(request):
    return PlainTextResponse("working", background=BackgroundTask(remember, request.path_params["value"]))


async def done(request):
    return JSONResponse(DONE[-1:])


async def ws_echo(websocket):
    await websocket.accept()
    while True:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            DONE.append(message["code"])
            return
        if message.get("text") is not None:
            await websocket.send_text(message["text"])
        else:
            await websocket.send_bytes(message["bytes"])


async def ws_close(websocket):
    await websocket.accept()
    await websocket.send_json({"closing": True})
    await websocket.close(code=websocket.path_params["code"], reason="because")


async def ws_reject(websocket):
    await websocket.close()


async def ws_protocol(websocket):
    await websocket.accept(subprotocol=websocket.scope["subprotocols"][-1], headers=[(b"x-extra", b"1")])
    await websocket.send_json(websocket.scope["subprotocols"])
    await websocket.close()


async def ws_where(websocket):
    await websocket.accept()
    seen = {
        "path": websocket.url.path,
        "q": websocket.query_params.get("q"),
        "one": websocket.headers.get("x-one"),
    }
    await websocket.send_json({**seen, "state": getattr(websocket.state, "started", None)})
    await websocket.close()


async def ws_error(websocket):
    await websocket.accept()
    await websocket.receive_text()
    raise RuntimeError("this is meant to happen on a websocket")


app = Starlette(
    routes=[
        Route("/", home),
        Route("/started", started),
        Route("/scope", scope),
        Route("/headers", headers),
        Route("/echo", echo, methods=["POST", "PUT"]),
        Route("/length", length, methods=["POST"]),
        Route("/json", post_json, methods=["POST"]),
        Route("/stream", stream),
        Route("/large", large),
        Route("/empty", empty),
        Route("/redirect", redirect),
        Route("/set-cookie", set_cookie),
        Route("/cookies", cookies),
        Route("/error", error),
        Route("/background/{value}", background),
        Route("/done", done),
        WebSocketRoute("/ws/echo", ws_echo),
        WebSocketRoute("/ws/close/{code:int}", ws_close),
        WebSocketRoute("/ws/reject", ws_reject),
        WebSocketRoute("/ws/protocol", ws_protocol),
        WebSocketRoute("/ws/where", ws_where),
        WebSocketRoute("/ws/error", ws_error),
    ],
    middleware=[
        Middleware(CORSMiddleware, allow_origins=["*"]),
        Middleware(GZipMiddleware, minimum_size=5000000),
    ],
    lifespan=lifespan,
)
