"""Events of 2017 and 2018."""

from __future__ import annotations

from . import Case

CASES = [
    Case(
        "events-content",
        """
def app(scope):
    async def instance(receive, send):
        body = b""
        while True:
            message = await receive()
            body += message.get("content", b"")
            if not message.get("more_content", False):
                break
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.chunk", "content": body, "more_content": True})
        await send({"type": "http.response.content", "content": b"end"})
    return instance
""",
        modernised=True,
        has='"http.response.body", "body": body, "more_body": True',
        lacks="content",
    ),
    Case(
        "events-lifespan-cleanup",
        """
def app(scope):
    async def instance(receive, send):
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.cleanup":
                await send({"type": "lifespan.cleanup.complete"})
                return
    return instance
""",
        modernised=True,
        has='== "lifespan.shutdown"',
        lacks="cleanup",
    ),
    Case(
        "events-one-response",
        """
def app(scope):
    async def instance(receive, send):
        await send({"type": "http.response", "status": 200, "headers": [], "content": b"x"})
    return instance
""",
        has='"body": b"x"})',
        lacks="content",
    ),
    Case(
        "events-websocket-disconnect-sent",
        """
def app(scope):
    async def instance(receive, send):
        event = await receive()
        if event["type"] == "websocket.disconnect":
            return
        await send({"type": "websocket.disconnect", "code": 1000})
    return instance
""",
        has='{"type": "websocket.close", "code": 1000}',
    ),
    Case(
        "events-of-both-times",
        """
async def app(scope, receive, send):
    message = await receive()
    if message["type"] in ("lifespan.shutdown", "lifespan.cleanup"):
        await send({"type": message["type"] + ".complete"})
""",
        left=True,
    ),
    Case(
        "events-of-a-table-of-names",
        """
WAS = {"http.response.content": "http.response.body", "lifespan.cleanup": "lifespan.shutdown"}
""",
        left=True,
    ),
]
