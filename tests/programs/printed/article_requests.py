"""A class for requests, in the manner of "Working with HTTP requests in ASGI", October 2018."""

import json
from urllib.parse import parse_qsl


class Request:
    def __init__(self, scope, receive):
        self.scope = scope
        self.receive = receive

    @property
    def query(self):
        return dict(parse_qsl(self.scope["query_string"].decode("utf-8")))

    async def body(self):
        parts = []
        async for part in self.stream():
            parts.append(part)
        return b"".join(parts)

    async def stream(self):
        while True:
            message = await self.receive()
            if message["type"] == "http.request.body":
                yield message.get("body", b"")
                if not message.get("more_body", False):
                    return
            elif message["type"] == "http.disconnect":
                raise RuntimeError("the client has gone")


def app(scope):
    async def asgi(receive, send):
        request = Request(scope, receive)
        data = {"query": request.query, "body": (await request.body()).decode()}
        await send({
            "type": "http.response.start",
            "status": 200,
            "headers": [[b"content-type", b"application/json"]],
        })
        await send({"type": "http.response.body", "body": json.dumps(data).encode()})

    return asgi
