"""An application of 2019's specification with nothing around it: what a server does to every application."""

from __future__ import annotations

import json
import os

SEEN = {"code": None, "lifespan": False}


class app:
    def __init__(self, scope):
        self.scope = scope

    async def __call__(self, receive, send):
        await getattr(self, self.scope["type"])(receive, send)

    async def lifespan(self, receive, send):
        SEEN["lifespan"] = True
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        with open(os.environ["LEGACY_SHUTDOWN_FILE"], "a") as file:
            file.write("shut down")
        await send({"type": "lifespan.shutdown.complete"})

    async def http(self, receive, send):
        body = json.dumps(SEEN[self.scope["path"].strip("/")]).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def websocket(self, receive, send):
        await receive()
        if self.scope["path"] == "/refuse":
            await send({"type": "websocket.http.response.start", "status": 404, "headers": []})
            await send({"type": "websocket.http.response.body", "body": b"not here"})
            return
        await send({"type": "websocket.accept"})
        if self.scope["path"] == "/empty":
            await send({"type": "websocket.send", "text": ""})
            await send({"type": "websocket.send", "bytes": b""})
            await send({"type": "websocket.send", "text": "after"})
        while True:
            event = await receive()
            if event["type"] == "websocket.disconnect":
                SEEN["code"] = event.get("code")
                return
