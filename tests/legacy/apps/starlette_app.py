"""A small shop of everything Starlette 0.11.4 offers, written in the manner of April 2019."""

import asyncio
import os

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.endpoints import HTTPEndpoint, WebSocketEndpoint
from starlette.exceptions import HTTPException
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route, Router
from starlette.staticfiles import StaticFiles

HERE = os.path.dirname(os.path.abspath(__file__))
STATE = {"started": "no", "background": [], "disconnects": 0}

app = Starlette()


class Stamp(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        response = await call_next(request)
        response.headers["X-Stamp"] = "seen " + request.url.path
        return response


class PureStamp:
    """An ASGI2 middleware as the documentation of the day shows them: a class of two calls."""

    def __init__(self, app, mark):
        self.app = app
        self.mark = mark

    def __call__(self, scope):
        inner = self.app(scope)

        async def instance(receive, send):
            async def stamped(message):
                if message["type"] == "http.response.start":
                    message["headers"].append((b"x-mark", self.mark.encode()))
                await send(message)

            await inner(receive, stamped)

        return instance if scope["type"] == "http" else inner


class HttpSessions(SessionMiddleware):
    """SessionMiddleware of 0.11.4 asserts on a WebSocket; projects of the day kept it to HTTP."""

    def __call__(self, scope):
        if scope["type"] != "http":
            return self.app(scope)
        return super().__call__(scope)


app.add_middleware(GZipMiddleware, minimum_size=3000)
app.add_middleware(CORSMiddleware, allow_origins=["https://shop.example"], allow_methods=["GET", "PUT"])
app.add_middleware(HttpSessions, secret_key="not a secret")
app.add_middleware(PureStamp, mark="pure")


@app.on_event("startup")
async def startup():
    await asyncio.sleep(0)
    STATE["started"] = "yes"


@app.on_event("shutdown")
def shutdown():
    name = os.environ.get("LEGACY_SHUTDOWN_FILE")
    if name:
        with open(name, "w") as file:
            file.write("starlette shut down")


@app.route("/")
def homepage(request):
    return PlainTextResponse("hello from starlette")


@app.route("/started")
async def started(request):
    return JSONResponse({"started": STATE["started"]})


@app.route("/json")
async def json(request):
    return JSONResponse({"name": "caf\u00e9", "list": [1, 2, None]})


@app.route("/html")
def html(request):
    return HTMLResponse("<h1>\u00fcber</h1>", headers={"X-Custom": "yes"})


@app.route("/empty", methods=["GET", "POST"])
def empty(request):
    return Response(status_code=204)


@app.route("/status/{code:int}")
def status(request):
    return PlainTextResponse("status", status_code=request.path_params["code"])


@app.route("/query")
def query(request):
    return JSONResponse({"items": request.query_params.multi_items(), "raw": request.url.query})


@app.route("/item/{thing}/{number:int}/{rest:path}")
def item(request):
    return JSONResponse(dict(request.path_params, path=request.url.path))


@app.route("/headers")
def headers(request):
    wanted = ["x-one", "x-two", "user-agent", "content-type", "accept"]
    return JSONResponse({name: request.headers.getlist(name) for name in wanted})


@app.route("/scope")
def scope(request):
    scope = request
    return JSONResponse(
        {
            "type": scope["type"],
            "method": scope["method"],
            "scheme": scope["scheme"],
            "path": scope["path"],
            "root_path": scope.get("root_path", ""),
            "query_string": scope["query_string"].decode(),
            "http_version": scope["http_version"],
            "client_host": scope["client"][0],
            "port_is_int": isinstance(scope["client"][1], int),
        }
    )


@app.route("/echo", methods=["POST", "PUT"])
async def echo(request):
    body = await request.body()
    return Response(body, media_type=request.headers.get("content-type", "application/octet-stream"))


@app.route("/length", methods=["POST"])
async def length(request):
    total = 0
    async for chunk in request.stream():
        total += len(chunk)
    return JSONResponse({"length": total})


@app.route("/post-json", methods=["POST"])
async def post_json(request):
    data = await request.json()
    return JSONResponse({"got": data, "keys": sorted(data)}, status_code=201)


@app.route("/form", methods=["POST"])
async def form(request):
    form = await request.form()
    answer = []
    for key, value in form.multi_items() if hasattr(form, "multi_items") else form.items():
        if hasattr(value, "filename"):
            content = await value.read()
            answer.append([key, value.filename, value.content_type, len(content), content[:20].decode()])
        else:
            answer.append([key, value])
    return JSONResponse(answer)


@app.route("/stream")
def stream(request):
    async def rows():
        for number in range(5):
            yield "row %d\n" % number
            await asyncio.sleep(0.01)

    return StreamingResponse(rows(), media_type="text/plain")


@app.route("/stream-bytes")
def stream_bytes(request):
    async def blocks():
        for _ in range(40):
            yield b"x" * 10000

    return StreamingResponse(blocks(), media_type="application/x-ten")


@app.route("/stream-with-gaps")
def stream_with_gaps(request):
    async def rows():
        for part in ("a", "", "b", "", ""):
            yield part

    return StreamingResponse(rows(), media_type="text/plain")


@app.route("/large")
def large(request):
    return Response(b"0123456789" * 100000, media_type="application/octet-stream")


@app.route("/gzip")
def gzip(request):
    return PlainTextResponse("squeeze me " * 1000)


@app.route("/redirect")
def redirect(request):
    return RedirectResponse(url="/json")


@app.route("/url-for")
def url_for(request):
    return JSONResponse(
        {"url": request.url_for("item", thing="a", number=2, rest="c/d"), "self": str(request.url)}
    )


@app.route("/set-cookie")
def set_cookie(request):
    response = PlainTextResponse("cookies set")
    response.set_cookie("flavour", "oat", path="/", httponly=True)
    response.set_cookie("size", "large")
    response.delete_cookie("old")
    return response


@app.route("/cookies")
def cookies(request):
    return JSONResponse(request.cookies)


@app.route("/session/set/{value}")
def session_set(request):
    request.session["value"] = request.path_params["value"]
    return PlainTextResponse("kept")


@app.route("/session/get")
def session_get(request):
    return JSONResponse({"value": request.session.get("value")})


@app.route("/session/clear")
def session_clear(request):
    request.session.clear()
    return PlainTextResponse("forgotten")


@app.route("/error")
def error(request):
    raise RuntimeError("this is meant to happen")


@app.route("/error-late")
def error_late(request):
    async def rows():
        yield "first\n"
        raise RuntimeError("this is meant to happen, late")

    return StreamingResponse(rows(), media_type="text/plain")


@app.route("/teapot")
def teapot(request):
    raise HTTPException(status_code=418, detail="short and stout")


class Sour(Exception):
    pass


@app.route("/sour")
async def sour(request):
    raise Sour()


@app.exception_handler(Sour)
async def on_sour(request, exc):
    return JSONResponse({"error": "sour"}, status_code=400)


@app.exception_handler(404)
async def not_found(request, exc):
    return JSONResponse({"error": "not found", "path": request.url.path}, status_code=404)


async def remember(value):
    await asyncio.sleep(0.05)
    STATE["background"].append(value)


@app.route("/background/{value}")
def background(request):
    task = BackgroundTask(remember, request.path_params["value"])
    return PlainTextResponse("working on it", background=task)


@app.route("/background")
def background_seen(request):
    return JSONResponse(STATE["background"])


@app.route("/file")
def file(request):
    return FileResponse(os.path.join(HERE, "static", "note.txt"), filename="taken.txt")


@app.route("/waits-for-disconnect", methods=["GET"])
async def waits_for_disconnect(request):
    async def rows():
        yield "started\n"
        while True:
            message = await request._receive()
            if message["type"] == "http.disconnect":
                STATE["disconnects"] += 1
                return

    return StreamingResponse(rows(), media_type="text/plain")


@app.route("/disconnects")
def disconnects(request):
    return JSONResponse(STATE["disconnects"])


@app.route("/class")
class Endpoint(HTTPEndpoint):
    async def get(self, request):
        return PlainTextResponse("class get")

    async def post(self, request):
        return PlainTextResponse("class post " + (await request.body()).decode())


# An endpoint of the bare protocol, and one that hands a response back as the instance.
def raw_endpoint(scope):
    return Response(
        "raw endpoint at " + scope["path"] + " under " + scope.get("root_path", ""), media_type="text/plain"
    )


def raw_closure(scope):
    async def instance(receive, send):
        request = Request(scope, receive)
        body = await request.body()
        await send(
            {"type": "http.response.start", "status": 202, "headers": [[b"content-type", b"text/plain"]]}
        )
        await send({"type": "http.response.body", "body": b"closure ", "more_body": True})
        await send({"type": "http.response.body", "body": body})

    return instance


def sub_home(request):
    return PlainTextResponse("sub home")


def sub_where(request):
    return JSONResponse({"path": request["path"], "root_path": request["root_path"], "url": request.url.path})


stamped = Starlette()
stamped.add_middleware(Stamp)


@stamped.route("/hello")
def stamped_hello(request):
    return PlainTextResponse("stamped")


app.mount("/sub", Router([Route("/", sub_home), Route("/where", sub_where)]))
app.mount("/raw", raw_endpoint)
app.mount("/closure", raw_closure)
app.mount("/stamped", stamped)
app.mount("/static", StaticFiles(directory=os.path.join(HERE, "static")), name="static")


@app.websocket_route("/ws/echo")
async def ws_echo(websocket):
    await websocket.accept()
    while True:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            break
        if message.get("text") is not None:
            await websocket.send_text(message["text"])
        else:
            await websocket.send_bytes(message["bytes"])


@app.websocket_route("/ws/text")
async def ws_text(websocket):
    await websocket.accept()
    text = await websocket.receive_text()
    await websocket.send_text("got " + text)
    await websocket.send_json({"length": len(text)})
    await websocket.close()


@app.websocket_route("/ws/bytes")
async def ws_bytes(websocket):
    await websocket.accept()
    data = await websocket.receive_bytes()
    await websocket.send_bytes(data[::-1])
    await websocket.close(code=4001)


@app.websocket_route("/ws/protocol")
async def ws_protocol(websocket):
    offered = websocket["subprotocols"]
    await websocket.accept(subprotocol=offered[-1] if offered else None)
    await websocket.send_json({"offered": offered})
    await websocket.close()


@app.websocket_route("/ws/reject")
async def ws_reject(websocket):
    await websocket.close(code=4003)


@app.websocket_route("/ws/cookies")
async def ws_cookies(websocket):
    await websocket.accept()
    await websocket.send_json(
        {"cookies": sorted(websocket.cookies), "flavour": websocket.cookies.get("flavour")}
    )
    await websocket.close(code=1000)


@app.websocket_route("/ws/query/{name}")
async def ws_query(websocket):
    await websocket.accept()
    await websocket.send_json(
        {
            "query": dict(websocket.query_params),
            "name": websocket.path_params["name"],
            "url": str(websocket.url),
            "header": websocket.headers.get("x-one"),
        }
    )
    await websocket.close()


@app.websocket_route("/ws/return")
async def ws_return(websocket):
    await websocket.accept()
    await websocket.send_text("bye")


@app.websocket_route("/ws/error")
async def ws_error(websocket):
    await websocket.accept()
    await websocket.receive_text()
    raise RuntimeError("this is meant to happen on a websocket")


LAST = {"code": None}


@app.websocket_route("/ws/class")
class Socket(WebSocketEndpoint):
    encoding = "json"

    async def on_connect(self, websocket):
        await websocket.accept()
        await websocket.send_json({"hello": True})

    async def on_receive(self, websocket, data):
        await websocket.send_json({"got": data})

    async def on_disconnect(self, websocket, close_code):
        LAST["code"] = close_code


@app.route("/ws-last-code")
def ws_last_code(request):
    return JSONResponse({"code": LAST["code"]})
