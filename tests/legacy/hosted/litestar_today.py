"""The contract of hosts.py on today's Litestar."""

import asyncio
import contextlib
import os
from typing import Any, Dict

from litestar import Litestar, MediaType, Request, Response, WebSocket, get, head, post, websocket
from litestar.background_tasks import BackgroundTask
from litestar.datastructures import Cookie
from litestar.handlers import HTTPRouteHandler
from litestar.response import Redirect, Stream

DONE = []


@contextlib.asynccontextmanager
async def lifespan(app):
    app.state.started = "by lifespan"
    yield
    name = os.environ.get("LEGACY_SHUTDOWN_FILE")
    if name:
        with open(name, "w") as file:
            file.write("litestar shut down")


@get("/", media_type=MediaType.TEXT)
async def home() -> str:
    return "hello"


@head("/")
async def head_home() -> None:
    return None


@get("/started")
async def started(request: Request) -> Dict[str, Any]:
    return {"state": request.app.state.get("started")}


@get("/scope")
async def scope(request: Request) -> Dict[str, Any]:
    names = ("type", "method", "scheme", "path", "root_path", "http_version")
    return {**{name: str(request.scope[name]) for name in names}, "query": request.url.query}


@get("/headers")
async def headers(request: Request) -> Dict[str, Any]:
    return {"one": request.headers.getall("x-one", []), "client": request.client.host}


@HTTPRouteHandler(
    "/echo", http_method=["POST", "PUT"], status_code=200, media_type="application/octet-stream"
)
async def echo(request: Request) -> bytes:
    return await request.body()


@post("/length", status_code=200, media_type=MediaType.TEXT)
async def length(request: Request) -> str:
    total = 0
    async for part in request.stream():
        total += len(part)
    return str(total)


@post("/json")
async def post_json(data: Dict[str, Any]) -> Dict[str, Any]:
    return {"got": data}


@get("/stream")
async def stream() -> Stream:
    async def rows():
        for number in range(5):
            yield f"row {number}\n"
            await asyncio.sleep(0.01)

    return Stream(rows(), media_type="text/plain")


@get("/large", media_type="application/octet-stream")
async def large() -> bytes:
    return b"0123456789" * 100000


@get("/empty", status_code=204)
async def empty() -> None:
    return None


@get("/redirect", status_code=302)
async def redirect() -> Redirect:
    return Redirect("/scope?from=redirect", status_code=302)


@get("/set-cookie")
async def set_cookie() -> Response[str]:
    cookies = [Cookie("flavour", value="oat", httponly=True), Cookie("size", value="large")]
    return Response("cookies set", media_type=MediaType.TEXT, cookies=cookies)


@get("/cookies")
async def cookies(request: Request) -> Dict[str, str]:
    return request.cookies


@get("/error")
async def error() -> None:
    raise RuntimeError("this is meant to happen")


async def remember(value: str) -> None:
    await asyncio.sleep(0.05)
    DONE.append(value)


@get("/background/{value:str}")
async def background(value: str) -> Response[str]:
    return Response("working", media_type=MediaType.TEXT, background=BackgroundTask(remember, value))


@get("/done")
async def done() -> Any:
    return DONE[-1:]


@websocket("/ws/echo")
async def ws_echo(socket: WebSocket) -> None:
    await socket.accept()
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            DONE.append(message["code"])
            return
        if message.get("text") is not None:
            await socket.send_text(message["text"])
        else:
            await socket.send_bytes(message["bytes"])


@websocket("/ws/close/{code:int}")
async def ws_close(socket: WebSocket, code: int) -> None:
    await socket.accept()
    await socket.send_json({"closing": True})
    await socket.close(code=code, reason="because")


@websocket("/ws/reject")
async def ws_reject(socket: WebSocket) -> None:
    await socket.close()


@websocket("/ws/protocol")
async def ws_protocol(socket: WebSocket) -> None:
    offered = socket.scope["subprotocols"]
    await socket.accept(subprotocols=offered[-1], headers={"x-extra": "1"})
    await socket.send_json(offered)
    await socket.close()


@websocket("/ws/where")
async def ws_where(socket: WebSocket) -> None:
    await socket.accept()
    seen = {
        "path": socket.scope["path"],
        "q": socket.query_params.get("q"),
        "one": socket.headers.get("x-one"),
    }
    await socket.send_json({**seen, "state": socket.app.state.get("started")})
    await socket.close()


@websocket("/ws/error")
async def ws_error(socket: WebSocket) -> None:
    await socket.accept()
    await socket.receive_text()
    raise RuntimeError("this is meant to happen on a websocket")


app = Litestar(
    [
        home,
        head_home,
        started,
        scope,
        headers,
        echo,
        length,
        post_json,
        stream,
        large,
        empty,
        redirect,
        set_cookie,
        cookies,
        error,
        background,
        done,
        ws_echo,
        ws_close,
        ws_reject,
        ws_protocol,
        ws_where,
        ws_error,
    ],
    lifespan=[lifespan],
    openapi_config=None,
)
