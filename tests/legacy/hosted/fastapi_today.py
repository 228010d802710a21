"""The contract of hosts.py on today's FastAPI."""

import asyncio
import contextlib
import os

from fastapi import BackgroundTasks, FastAPI, Request, Response, WebSocket, WebSocketDisconnect
from fastapi.responses import PlainTextResponse, RedirectResponse, StreamingResponse

DONE = []


@contextlib.asynccontextmanager
async def lifespan(app):
    yield {"started": "by lifespan"}
    name = os.environ.get("LEGACY_SHUTDOWN_FILE")
    if name:
        with open(name, "w") as file:
            file.write("fastapi shut down")


app = FastAPI(lifespan=lifespan)


@app.get("/", response_class=PlainTextResponse)
@app.head("/", response_class=PlainTextResponse)
async def home():
    return "hello"


@app.get("/started")
def started(request: Request):
    return {"state": getattr(request.state, "started", None)}


@app.get("/scope")
async def scope(request: Request):
    names = ("type", "method", "scheme", "path", "root_path", "http_version")
    return {**{name: request.scope[name] for name in names}, "query": request.url.query}


@app.get("/headers")
async def headers(request: Request):
    return {"one": request.headers.getlist("x-one"), "client": request.client.host}


@app.post("/echo")
@app.put("/echo")
async def echo(request: Request):
    return Response(await request.body(), media_type="application/octet-stream")


@app.post("/length", response_class=PlainTextResponse)
async def length(request: Request):
    total = 0
    async for part in request.stream():
        total += len(part)
    return str(total)


@app.post("/json", status_code=201)
async def post_json(got: dict):
    return {"got": got}


@app.get("/stream")
async def stream():
    async def rows():
        for number in range(5):
            yield f"row {number}\n"
            await asyncio.sleep(0.01)

    return StreamingResponse(rows(), media_type="text/plain")


@app.get("/large")
async def large():
    return Response(b"0123456789" * 100000, media_type="application/octet-stream")


@app.get("/empty", status_code=204)
async def empty():
    return Response(status_code=204)


@app.get("/redirect")
async def redirect():
    return RedirectResponse("/scope?from=redirect", status_code=302)


@app.get("/set-cookie")
async def set_cookie():
    response = PlainTextResponse("cookies set")
    response.set_cookie("flavour", "oat", httponly=True)
    response.set_cookie("size", "large")
    return response


@app.get("/cookies")
async def cookies(request: Request):
    return request.cookies


@app.get("/error")
async def error():
    raise RuntimeError("this is meant to happen")


async def remember(value: str):
    await asyncio.sleep(0.05)
    DONE.append(value)


@app.get("/background/{value}", response_class=PlainTextResponse)
async def background(value: str, tasks: BackgroundTasks):
    tasks.add_task(remember, value)
    return "working"


@app.get("/done")
async def done():
    return DONE[-1:]


@app.websocket("/ws/echo")
async def ws_echo(websocket: WebSocket):
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


@app.websocket("/ws/close/{code}")
async def ws_close(websocket: WebSocket, code: int):
    await websocket.accept()
    await websocket.send_json({"closing": True})
    await websocket.close(code=code, reason="because")


@app.websocket("/ws/reject")
async def ws_reject(websocket: WebSocket):
    await websocket.close()


@app.websocket("/ws/protocol")
async def ws_protocol(websocket: WebSocket):
    await websocket.accept(subprotocol=websocket.scope["subprotocols"][-1], headers=[(b"x-extra", b"1")])
    await websocket.send_json(websocket.scope["subprotocols"])
    await websocket.close()


@app.websocket("/ws/where")
async def ws_where(websocket: WebSocket, q: str = ""):
    await websocket.accept()
    seen = {"path": websocket.url.path, "q": q, "one": websocket.headers.get("x-one")}
    await websocket.send_json({**seen, "state": getattr(websocket.state, "started", None)})
    await websocket.close()


@app.websocket("/ws/error")
async def ws_error(websocket: WebSocket):
    await websocket.accept()
    with contextlib.suppress(WebSocketDisconnect):
        await websocket.receive_text()
    raise RuntimeError("this is meant to happen on a websocket")
