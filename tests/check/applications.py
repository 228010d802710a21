"""Applications that are wrong in one way each, and `check` with little patience."""

from __future__ import annotations

import functools
from typing import Any, Callable, List, Optional, Tuple

from asgi_compat.check import Finding, Options, Report, check

START = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]}
BODY = {"type": "http.response.body", "body": b"hello", "more_body": False}
PART = {"type": "http.response.body", "body": b"hel", "more_body": True}
ACCEPT = {"type": "websocket.accept"}
CLOSE = {"type": "websocket.close", "code": 1000}


def both_styles(play: Callable[..., Any]) -> List[Any]:
    """One application, single- and double-callable."""

    async def single(scope: Any, receive: Any, send: Any) -> Any:
        return await play(scope, receive, send)

    def double(scope: Any) -> Any:
        async def instance(receive: Any, send: Any) -> Any:
            return await play(scope, receive, send)

        return instance

    return [single, double]


def http_only(function: Callable[..., Any]) -> Callable[..., Any]:
    """An application that raises for whatever is not HTTP, as it is to."""

    @functools.wraps(function)
    async def application(scope: Any, receive: Any, send: Any) -> Any:
        if scope["type"] != "http":
            raise NotImplementedError(scope["type"])
        return await function(scope, receive, send)

    return application


def websocket_only(function: Callable[..., Any]) -> Callable[..., Any]:
    async def application(scope: Any, receive: Any, send: Any) -> Any:
        if scope["type"] != "websocket":
            raise NotImplementedError(scope["type"])
        return await function(scope, receive, send)

    return application


def sends(*events: Any) -> Callable[..., Any]:
    """Play for HTTP: send these. An event that is a function is made anew each time."""

    async def play(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise NotImplementedError(scope["type"])
        for event in events:
            await send(event() if callable(event) else event)

    return play


def on_websocket(*events: Any, read: bool = True, until_gone: bool = True) -> Callable[..., Any]:
    """Play for WebSocket: receive connect, send these, and receive until the client has gone."""

    async def play(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "websocket":
            raise NotImplementedError(scope["type"])
        if read:
            await receive()
        for event in events:
            await send(event)
        while until_gone and (await receive())["type"] != "websocket.disconnect":
            pass

    return play


def checked(app: Any, **options: Any) -> Report:
    """Check with less patience, and with one method, unless told otherwise."""
    return check(app, Options(**{"methods": ["GET"], "timeout": 0.4, "pedantic": True, **options}))


def names_of(report: Report) -> List[Tuple[Optional[str], str]]:
    return [(row.rule, row.problem) for row in report.findings]


def the_one(report: Report) -> Finding:
    (finding,) = report.findings
    return finding


async def right(scope: Any, receive: Any, send: Any) -> None:
    """Speak all three protocols as they are to be spoken."""
    if scope["type"] == "lifespan":
        assert (await receive())["type"] == "lifespan.startup"
        scope["state"]["started"] = True
        await send({"type": "lifespan.startup.complete"})
        assert (await receive())["type"] == "lifespan.shutdown"
        await send({"type": "lifespan.shutdown.complete"})
        return
    assert scope["state"] == {"started": True}
    if scope["type"] == "websocket":
        assert (await receive())["type"] == "websocket.connect"
        await send(ACCEPT)
        while True:
            event = await receive()
            if event["type"] == "websocket.disconnect":
                return
            text, data = event.get("text"), event.get("bytes")
            await send({"type": "websocket.send", **({"text": text} if data is None else {"bytes": data})})
    body, more = b"", True
    while more:
        event = await receive()
        if event["type"] == "http.disconnect":
            return
        body += event.get("body", b"")
        more = event.get("more_body", False)
    await send(START)
    await send({"type": "http.response.body", "body": body, "more_body": True})
    await send({"type": "http.response.body"})
