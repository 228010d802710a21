"""What bareASGI 3.1.0 offers, in the manner of its own examples."""

import asyncio
import json
import os

from bareasgi import (
    Application,
    bytes_reader,
    bytes_writer,
    json_response,
    text_reader,
    text_response,
    text_writer,
)
from bareutils.cookies import decode_cookies, encode_set_cookie

STATE = {"background": [], "disconnected": 0}


async def start(scope, info, request):
    info["started"] = "yes"


async def stop(scope, info, request):
    name = os.environ.get("LEGACY_SHUTDOWN_FILE")
    if name:
        with open(name, "w") as file:
            file.write("bareasgi shut down")


async def stamp(scope, info, matches, content, handler):
    status, headers, body, pushes = await handler(scope, info, matches, content)
    headers = list(headers or []) + [(b"x-stamp", scope["path"].encode())]
    return status, headers, body, pushes


app = Application(
    info={"started": "no"}, startup_handlers=[start], shutdown_handlers=[stop], middlewares=[stamp]
)


def http(path, methods=("GET",)):
    def add(handler):
        app.http_router.add(set(methods), path, handler)
        return handler

    return add


def websocket(path):
    def add(handler):
        app.ws_router.add(path, handler)
        return handler

    return add


@http("/")
async def home(scope, info, matches, content):
    return 200, [(b"content-type", b"text/plain")], text_writer("hello from bareasgi"), None


@http("/started")
async def started(scope, info, matches, content):
    return json_response(200, None, {"started": info["started"]})


@http("/bare-status")
async def bare_status(scope, info, matches, content):
    return 204


@http("/no-body")
async def no_body(scope, info, matches, content):
    return 201, [(b"x-only", b"headers")]


@http("/no-headers")
async def no_headers(scope, info, matches, content):
    return 200, None, text_writer("no headers at all")


@http("/item/{name}/{number:int}/{rest:path}")
async def item(scope, info, matches, content):
    return json_response(200, None, matches)


@http("/scope")
async def show_scope(scope, info, matches, content):
    return json_response(
        200,
        None,
        {
            "method": scope["method"],
            "path": scope["path"],
            "query": scope["query_string"].decode(),
            "scheme": scope["scheme"],
            "http_version": scope["http_version"],
            "root_path": scope["root_path"],
        },
    )


@http("/headers")
async def show_headers(scope, info, matches, content):
    wanted = (b"x-one", b"x-two", b"user-agent")
    return json_response(200, None, [[k.decode(), v.decode()] for k, v in scope["headers"] if k in wanted])


@http("/echo", ["POST", "PUT"])
async def echo(scope, info, matches, content):
    body = await bytes_reader(content)
    return 200, [(b"content-type", b"application/octet-stream")], bytes_writer(body), None


@http("/echo-in-pieces", ["POST"])
async def echo_in_pieces(scope, info, matches, content):
    body = await bytes_reader(content)
    return 200, [(b"content-type", b"application/octet-stream")], bytes_writer(body, 1000), None


@http("/json", ["POST"])
async def post_json(scope, info, matches, content):
    data = json.loads(await text_reader(content))
    return json_response(201, [(b"x-keys", str(len(data)).encode())], {"got": data})


@http("/length", ["POST"])
async def length(scope, info, matches, content):
    total = 0
    async for part in content:
        total += len(part)
    return text_response(200, None, str(total))


async def rows():
    for number in range(5):
        yield b"row %d\n" % number
        await asyncio.sleep(0.01)


@http("/stream")
async def stream(scope, info, matches, content):
    return 200, [(b"content-type", b"text/plain")], rows(), None


async def gappy():
    for part in (b"a", b"", b"b", b"", b"c"):
        yield part


@http("/stream-with-gaps")
async def stream_with_gaps(scope, info, matches, content):
    return 200, [(b"content-type", b"text/plain")], gappy(), None


@http("/large")
async def large(scope, info, matches, content):
    return 200, [(b"content-type", b"application/octet-stream")], bytes_writer(b"0123456789" * 100000), None


@http("/redirect")
async def redirect(scope, info, matches, content):
    return 303, [(b"location", b"/scope?from=redirect")]


@http("/set-cookie")
async def set_cookie(scope, info, matches, content):
    cookies = [
        (b"set-cookie", encode_set_cookie(b"flavour", b"oat", path=b"/")),
        (b"set-cookie", encode_set_cookie(b"size", b"large", http_only=True)),
    ]
    return 200, cookies + [(b"content-type", b"text/plain")], text_writer("cookies set"), None


@http("/cookies")
async def show_cookies(scope, info, matches, content):
    found = {}
    for name, value in scope["headers"]:
        if name == b"cookie":
            for key, values in decode_cookies(value).items():
                found[key.decode()] = [v.decode() for v in values]
    return json_response(200, None, found)


@http("/error")
async def error(scope, info, matches, content):
    raise RuntimeError("this is meant to happen")


async def remember(value):
    await asyncio.sleep(0.05)
    STATE["background"].append(value)


@http("/background/{value}")
async def background(scope, info, matches, content):
    asyncio.get_event_loop().create_task(remember(matches["value"]))
    return text_response(202, None, "working on it")


@http("/background")
async def background_seen(scope, info, matches, content):
    return json_response(200, None, STATE["background"])


async def endless():
    try:
        while True:
            yield b"tick\n"
            await asyncio.sleep(0.02)
    finally:
        STATE["disconnected"] += 1


@http("/endless")
async def endless_stream(scope, info, matches, content):
    return 200, [(b"content-type", b"text/plain")], endless(), None


@http("/disconnected")
async def disconnected(scope, info, matches, content):
    return json_response(200, None, STATE["disconnected"])


@websocket("/ws/echo")
async def ws_echo(scope, info, matches, web_socket):
    await web_socket.accept()
    while True:
        message = await web_socket.receive()
        if message is None:
            break
        await web_socket.send(message)


@websocket("/ws/close/{code:int}")
async def ws_close(scope, info, matches, web_socket):
    await web_socket.accept()
    await web_socket.send("closing")
    await web_socket.close(matches["code"])


@websocket("/ws/reject")
async def ws_reject(scope, info, matches, web_socket):
    await web_socket.close()


@websocket("/ws/return")
async def ws_return(scope, info, matches, web_socket):
    await web_socket.accept()
    await web_socket.send("bye")


@websocket("/ws/error")
async def ws_error(scope, info, matches, web_socket):
    await web_socket.accept()
    await web_socket.receive()
    raise RuntimeError("this is meant to happen on a websocket")


@websocket("/ws/protocol")
async def ws_protocol(scope, info, matches, web_socket):
    offered = scope["subprotocols"]
    await web_socket.accept(offered[-1] if offered else None)
    await web_socket.send(json.dumps(list(offered)))
    await web_socket.close()


@websocket("/ws/where")
async def ws_where(scope, info, matches, web_socket):
    await web_socket.accept()
    await web_socket.send(json.dumps({"path": scope["path"], "query": scope["query_string"].decode()}))
    await web_socket.close(4000)
