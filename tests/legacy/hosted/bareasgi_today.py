"""The contract of hosts.py on today's bareASGI."""

import asyncio
import json
import os

from bareasgi import Application, HttpResponse, bytes_reader, bytes_writer, text_writer

DONE = []


async def start(request):
    request.info["started"] = "by lifespan"


async def stop(request):
    name = os.environ.get("LEGACY_SHUTDOWN_FILE")
    if name:
        with open(name, "w") as file:
            file.write("bareasgi shut down")


app = Application(info={"started": None}, startup_handlers=[start], shutdown_handlers=[stop])


def http(path, *methods):
    def add(handler):
        app.http_router.add(set(methods or ["GET"]), path, handler)
        return handler

    return add


def text(value, status=200, headers=()):
    return HttpResponse(status, [(b"content-type", b"text/plain"), *headers], text_writer(value))


def as_json(value, status=200):
    return HttpResponse(status, [(b"content-type", b"application/json")], text_writer(json.dumps(value)))


@http("/", "GET", "HEAD")
async def home(request):
    return text("hello")


@http("/started")
async def started(request):
    return as_json({"state": request.info["started"]})


@http("/scope")
async def scope(request):
    names = ("type", "method", "scheme", "path", "root_path", "http_version")
    return as_json([{name: request.scope[name] for name in names}, request.scope["query_string"].decode()])


@http("/headers")
async def headers(request):
    one = [value.decode() for name, value in request.scope["headers"] if name == b"x-one"]
    return as_json({"one": one, "client": request.scope["client"][0]})


@http("/echo", "POST", "PUT")
async def echo(request):
    body = await bytes_reader(request.body)
    return HttpResponse(200, [(b"content-type", b"application/octet-stream")], bytes_writer(body))


@http("/length", "POST")
async def length(request):
    total = 0
    async for part in request.body:
        total += len(part)
    return text(str(total))


@http("/json", "POST")
async def post_json(request):
    return as_json({"got": json.loads(await bytes_reader(request.body))}, 201)


@http("/stream")
async def stream(request):
    async def rows():
        for number in range(5):
            yield b"row %d\n" % number
            await asyncio.sleep(0.01)

    return HttpResponse(200, [(b"content-type", b"text/plain")], rows())


@http("/large")
async def large(request):
    return HttpResponse(
        200, [(b"content-type", b"application/octet-stream")], bytes_writer(b"0123456789" * 100000)
    )


@http("/empty")
async def empty(request):
    return HttpResponse(204)


@http("/redirect")
async def redirect(request):
    return HttpResponse(302, [(b"location", b"/scope?from=redirect")])


@http("/set-cookie")
async def set_cookie(request):
    return text(
        "cookies set", headers=[(b"set-cookie", b"flavour=oat; HttpOnly"), (b"set-cookie", b"size=large")]
    )


@http("/cookies")
async def cookies(request):
    return as_json([value.decode() for name, value in request.scope["headers"] if name == b"cookie"])


@http("/error")
async def error(request):
    raise RuntimeError("this is meant to happen")


async def remember(value):
    await asyncio.sleep(0.05)
    DONE.append(value)


@http("/background/{value}")
async def background(request):
    asyncio.get_running_loop().create_task(remember(request.matches["value"]))
    return text("working")


@http("/done")
async def done(request):
    return as_json(DONE[-1:])


def websocket(path):
    def add(handler):
        app.ws_router.add(path, handler)
        return handler

    return add


@websocket("/ws/echo")
async def ws_echo(request):
    socket = request.web_socket
    await socket.accept()
    while True:
        message = await socket.receive()
        if message is None:
            DONE.append("left")
            return
        await socket.send(message)


@websocket("/ws/close/{code:int}")
async def ws_close(request):
    await request.web_socket.accept()
    await request.web_socket.send('{"closing": true}')
    await request.web_socket.close(request.matches["code"])


@websocket("/ws/reject")
async def ws_reject(request):
    await request.web_socket.close()


@websocket("/ws/protocol")
async def ws_protocol(request):
    offered = list(request.scope["subprotocols"])
    await request.web_socket.accept(offered[-1], [(b"x-extra", b"1")])
    await request.web_socket.send(json.dumps(offered))
    await request.web_socket.close()


@websocket("/ws/where")
async def ws_where(request):
    await request.web_socket.accept()
    one = [value.decode() for name, value in request.scope["headers"] if name == b"x-one"]
    seen = {"path": request.scope["path"], "q": request.scope["query_string"].decode(), "one": one}
    await request.web_socket.send(json.dumps({**seen, "state": request.info["started"]}))
    await request.web_socket.close()


@websocket("/ws/error")
async def ws_error(request):
    await request.web_socket.accept()
    await request.web_socket.receive()
    raise RuntimeError("this is meant to happen on a websocket")
