"""`check` finds nothing wrong with applications that are right, in any circumstance."""

from __future__ import annotations

import asyncio
import sys
import threading
from http import HTTPStatus
from typing import Any, List

import pytest
import requires

from asgi_compat import DetectionError
from asgi_compat.check import Options, Report, as_text, check

from .applications import (
    BODY,
    START,
    both_styles,
    checked,
    right,
    sends,
)


@pytest.mark.parametrize("app", both_styles(right), ids=["single", "double"])
def test_check_right_application_has_no_findings_and_no_notes(app: Any) -> None:
    """In both styles; every conversation is held, and lifespan goes round all of them."""
    report = check(app, Options(timeout=2.0))
    assert report.findings == () and report.notes == ()
    assert {row.name: row.result for row in report.conversations} == {
        "GET /": "200, 0 bytes",
        "GET / (read slowly)": "200, 0 bytes",
        "GET / (client leaves in the response)": "200, 0 bytes",
        "HEAD /": "200, 0 bytes",
        "POST / (in chunks)": "200, 18 bytes",
        "POST / (client leaves before its end)": "no response",
        "WebSocket / (text)": "accepted, sent 2 messages",
        "WebSocket / (binary)": "accepted, sent 2 messages",
        "WebSocket / (empty messages)": "accepted, sent 2 messages",
        "WebSocket / (closed at once)": "accepted, sent nothing",
        "WebSocket (path that is not there)": "accepted, sent nothing",
        "lifespan": "started and shut down",
    }


@pytest.mark.parametrize(
    "target",
    [
        "asgi_compat.demo:application",
        "asgi_compat.demo:closure_application",
        "asgi_compat.demo:partial_application",
        "asgi_compat.demo:ClassApplication",
        *(
            f"examples.{name}:{style}"
            for name in ("scope_dump", "tiny_framework", "tasks", "streaming", "query_params", "chat")
            for style in ("asgi2", "asgi3")
        ),
        "examples.static_files:asgi2",
        "examples.until_disconnect:asgi3",
    ],
)
def test_check_examples_have_no_findings(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demonstration and the examples are what people copy."""
    module, _, name = target.partition(":")
    __import__(module)
    monkeypatch.setattr(sys.modules[module], "PAUSE", 0.01, raising=False)
    report = check(getattr(sys.modules[module], name), Options(timeout=5.0))
    assert report.findings == ()
    assert len(report.conversations) >= 8


def test_check_starlette_has_no_findings() -> None:
    """Streaming, a disconnect that is raised, a WebSocket that is refused unread, an HTTPStatus."""
    requires.package("starlette")
    from starlette.applications import Starlette
    from starlette.responses import PlainTextResponse, StreamingResponse
    from starlette.routing import Route, WebSocketRoute

    async def body(request: Any) -> Any:
        return PlainTextResponse(await request.body(), status_code=HTTPStatus.OK)

    async def endless(request: Any) -> Any:
        async def lines() -> Any:
            while True:
                yield b"data: tick\n\n"
                await asyncio.sleep(0.01)

        return StreamingResponse(lines())

    async def socket(websocket: Any) -> None:
        await websocket.accept()
        while True:
            await websocket.send_text(await websocket.receive_text())

    routes = [
        Route("/", body, methods=["GET", "POST"]),
        Route("/endless", endless),
        WebSocketRoute("/socket", socket),
    ]
    report = check(Starlette(routes=routes), Options(paths=["/", "/endless", "/socket"], timeout=0.3))
    assert report.findings == ()
    texts = " ".join(note.text for note in report.notes)
    assert "ClientDisconnect" in texts and "does not end by itself" in texts and "answered 404" in texts


class Dispatches:
    """As AsyncConsumer of Channels 2, at the root of a service: it is shown every kind of scope."""

    def __init__(self, scope: Any) -> None:
        self.scope = scope

    async def __call__(self, receive: Any, send: Any) -> None:
        event = await receive()
        handler = getattr(self, event["type"].replace(".", "_"), None)
        if handler is None:
            raise ValueError("No handler for message type {}".format(event["type"]))
        await handler(event, send)

    async def http_request(self, event: Any, send: Any) -> None:
        await send({**START, "status": "200"})
        await send(BODY)


class FailsToStart(Dispatches):
    """The same with a start-up."""

    async def lifespan_startup(self, event: Any, send: Any) -> None:
        raise OSError("no database")


@pytest.mark.parametrize("app, fixed", [(Dispatches, True), (FailsToStart, False)])
def test_check_recommends_serve_where_it_serves(app: Any, fixed: bool) -> None:
    """One that does not know lifespan.startup is answered for, one that fails in it is not."""
    report = checked(app)
    (found,) = [row for row in report.findings if row.event == "lifespan scope"]
    assert (found.rule, found.fixed) == ("A4", fixed)
    assert ("handles it on its behalf" in found.to_asgi3) is fixed
    assert any(row.rule == "A23" and row.fixed for row in report.findings)
    assert ("Or run: python -m asgi_compat serve m:app" in as_text("m:app", report)) is fixed


def test_check_inside_a_loop_raises() -> None:
    """It says so, and leaves nothing behind."""

    async def inside() -> None:
        with pytest.raises(RuntimeError, match="event loop of its own"):
            check(right)

    asyncio.run(inside())


def test_check_in_a_thread_works() -> None:
    """Where there are no signals."""
    found: List[Report] = []
    thread = threading.Thread(target=lambda: found.append(checked(both_styles(sends(START, BODY))[0])))
    thread.start()
    thread.join(30)
    assert found[0].findings == ()


def test_check_no_application_raises() -> None:
    """As everywhere."""
    with pytest.raises(DetectionError):
        check(None)
