"""An application of today's specification with nothing around it: what a server does to every application."""

from __future__ import annotations

import json

SEEN = {"code": None}


async def app(scope, receive, send):
    await {"http": http, "websocket": websocket, "lifespan": lifespan}[scope["type"]](scope, receive, send)


async def lifespan(scope, receive, send):
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})


async def http(scope, receive, send):
    path = scope["path"]
    if path == "/error":
        raise RuntimeError("this is meant to happen")
    if path == "/error-late":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"the beginning", "more_body": True})
        raise RuntimeError("this is meant to happen")
    if path == "/code":
        await answer(send, SEEN["code"])
    elif path == "/host":
        await answer(send, [value.decode() for name, value in scope["headers"] if name == b"host"])


async def answer(send, value):
    body = json.dumps(value).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def websocket(scope, receive, send):
    path = scope["path"]
    await receive()
    if path == "/refuse":
        await send({"type": "websocket.http.response.start", "status": 404, "headers": []})
        await send({"type": "websocket.http.response.body", "body": b"not here"})
        return
    await send({"type": "websocket.accept"})
    if path.startswith("/close/"):
        await send({"type": "websocket.close", "code": int(path[len("/close/") :])})
        return
    if path == "/empty":
        await send({"type": "websocket.send", "text": ""})
        await send({"type": "websocket.send", "bytes": b""})
        await send({"type": "websocket.send", "text": "after"})
    while True:
        event = await receive()
        if event["type"] == "websocket.disconnect":
            SEEN["code"] = event.get("code")
            return
