"""Old middleware that indexes optional keys, and applications that would send what it cannot know."""

from __future__ import annotations

import asyncio
import pickle
from typing import Any, Dict, List

import pytest

from asgi_compat import middleware_to_asgi3, to_asgi2, to_asgi3
from asgi_compat._convert.behind import BehindOld, SingleBehindOld, call_behind_old

OFFERED = {
    name: {}
    for name in (
        "http.response.pathsend", "http.response.zerocopysend", "http.response.early_hint",
        "http.response.trailers", "http.response.push", "http.response.debug",
        "http.response.informational", "tls",
    )
}  # fmt: skip


class OldGzip:
    """Indexes every optional key, as middleware did whose server always sent them."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.seen: List[Any] = []

    def __call__(self, scope: Any) -> Any:
        self.seen.append(
            (scope["type"], scope["client"], scope["server"], scope["query_string"], scope["root_path"])
        )

        async def instance(receive: Any, send: Any) -> None:
            async def listen() -> Any:
                m = await receive()
                if m["type"] == "http.request":
                    self.seen.append((m["body"], m["more_body"]))
                if m["type"] == "websocket.receive":
                    self.seen.append((m["text"], m["bytes"]))
                if m["type"] == "websocket.disconnect":
                    self.seen.append(m["code"])
                return m

            async def reply(m: Any) -> None:
                if m["type"] == "http.response.start":
                    self.seen.append((m["status"], m["headers"]))
                if m["type"] == "http.response.body":
                    self.seen.append((m["body"], m["more_body"]))
                if m["type"] == "websocket.accept":
                    self.seen.append(m["subprotocol"])
                if m["type"] == "websocket.send":
                    self.seen.append((m["text"], m["bytes"]))
                if m["type"] == "websocket.close":
                    self.seen.append(m["code"])
                await send(m)

            await self.app(scope)(listen, reply)

        return instance


class HalfMigrated(OldGzip):
    """Calls what it wraps with three arguments."""

    def __call__(self, scope: Any) -> Any:
        self.seen.append(scope["client"])

        async def instance(receive: Any, send: Any) -> None:
            async def reply(m: Any) -> None:
                self.seen.append(
                    m["headers"] if m["type"] == "http.response.start" else (m["body"], m["more_body"])
                )
                await send(m)

            await self.app(scope, receive, reply)

        return instance


async def site(scope: Any, receive: Any, send: Any) -> None:
    scope.setdefault("log", []).append(scope.get("extensions"))
    if scope["type"] == "http":
        await receive()
        await send({"type": "http.response.start", "status": 204})
        await send({"type": "http.response.body"})
    else:
        await receive()
        await send({"type": "websocket.accept"})
        await receive()
        await send({"type": "websocket.send", "bytes": b"x"})
        await receive()
        await send({"type": "websocket.close"})


def serve(app: Any, scope: Dict[str, Any], *events: Any) -> List[Any]:
    given, sent = list(events), []

    async def receive() -> Any:
        return given.pop(0)

    async def send(event: Any) -> None:
        sent.append(event)

    asyncio.run(app(scope, receive, send))
    return sent


BARE: Dict[str, Any] = {"type": "http", "method": "GET", "path": "/", "headers": []}


@pytest.mark.parametrize("layers", [1, 2])
def test_middleware_to_asgi3_http_keys_that_are_optional_are_there(layers: int) -> None:
    app: Any = site
    for _ in range(layers):
        app = middleware_to_asgi3(OldGzip)(app)
    sent = serve(app, dict(BARE), {"type": "http.request"})
    seen = app.app.seen
    assert seen == [("http", None, None, b"", ""), (b"", False), (204, []), (b"", False)]
    assert [event["type"] for event in sent] == ["http.response.start", "http.response.body"]


def test_middleware_to_asgi3_websocket_keys_that_are_optional_are_there() -> None:
    app: Any = middleware_to_asgi3(OldGzip)(site)
    scope = {"type": "websocket", "path": "/", "headers": []}
    events = [{"type": "websocket.connect"}, {"type": "websocket.receive", "text": "a"}]
    serve(app, scope, *events, {"type": "websocket.disconnect"})
    assert app.app.seen[1:] == [None, ("a", None), (None, b"x"), 1005, 1000]


def test_middleware_to_asgi3_half_migrated_keys_are_there() -> None:
    app: Any = middleware_to_asgi3(HalfMigrated)(site)
    serve(app, dict(BARE), {"type": "http.request"})
    assert app.app.seen == [None, [], (b"", False)]


@pytest.mark.parametrize(
    "build",
    [
        lambda: middleware_to_asgi3(OldGzip)(site),
        lambda: middleware_to_asgi3(OldGzip)(middleware_to_asgi3(OldGzip)(site)),
        lambda: middleware_to_asgi3(HalfMigrated)(site),
        lambda: to_asgi3(OldGzip(to_asgi2(site))),  # type: ignore[arg-type]
        lambda: pickle.loads(pickle.dumps(middleware_to_asgi3(OldGzip)(site))),
    ],
    ids=["stack", "two", "half-migrated", "to_asgi2", "pickled"],
)
def test_extensions_behind_old_middleware_are_not_offered(build: Any) -> None:
    log: List[Any] = []
    serve(build(), {**BARE, "extensions": OFFERED, "log": log}, {"type": "http.request"})
    assert log == [{"tls": {}}]


def test_extensions_behind_current_layers_are_offered() -> None:
    log: List[Any] = []
    serve(to_asgi3(site), {**BARE, "extensions": OFFERED, "log": log}, {"type": "http.request"})
    assert log == [OFFERED]


@pytest.mark.parametrize("cls", [BehindOld, SingleBehindOld])
def test_behind_old_is_an_ordinary_adapter(cls: Any) -> None:
    adapter = cls(site)
    assert adapter.app is site and adapter == cls(site) and pickle.loads(pickle.dumps(adapter)) == adapter


def test_call_behind_old_passes_what_the_application_raises() -> None:
    async def fails(scope: Any, receive: Any, send: Any) -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        asyncio.run(call_behind_old(fails, {"type": "http"}, None, None))


def test_middleware_to_asgi3_what_the_application_adds_to_the_scope_is_seen_outside() -> None:
    """sentry-asgi reads ``endpoint`` after the router inside has written it."""
    seen: List[Any] = []

    class Outside:
        def __init__(self, app: Any) -> None:
            self.app = app

        def __call__(self, scope: Any) -> Any:
            async def instance(receive: Any, send: Any) -> None:
                try:
                    await self.app(scope)(receive, send)
                finally:
                    seen.append(scope.get("endpoint"))

            return instance

    async def routed(scope: Any, receive: Any, send: Any) -> None:
        scope["endpoint"] = "found"
        raise LookupError("meant to")

    async def call() -> None:
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/",
            "headers": [],
            "extensions": {"http.response.pathsend": {}},
        }
        await middleware_to_asgi3(Outside)(routed)(scope, None, None)

    with pytest.raises(LookupError):
        asyncio.run(call())
    assert seen == ["found"]
