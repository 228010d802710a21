"""What is recorded of a conversation, and that nothing is left behind."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import weakref
from typing import Any, Callable, Dict, List, Tuple

import pytest
import requires
from live_server import LiveServer

from asgi_compat import DetectionError, Style, classify
from asgi_compat.testing import (
    REPLY,
    Conversation,
    Event,
    StillRunning,
    assert_both_styles,
    assert_same,
    compare,
    converse,
    http,
    in_style,
    lifespan,
    run,
    session,
    websocket,
)

from .applications import double, refuses, respond, single, types


@pytest.mark.parametrize("app", [single, double], ids=["single", "double"])
def test_run_http_records_every_event(app: Any) -> None:
    """Every event in the order in which the application met it, and that it returned."""
    transcript = run(app, http("POST", "/", body=[b"a", b"b"]))
    assert transcript.style is classify(app).style
    assert transcript.events == (
        Event("client", {"type": "http.request", "body": b"a", "more_body": True}),
        Event("client", {"type": "http.request", "body": b"b", "more_body": False}),
        Event("application", {"type": "http.response.start", "status": 200, "headers": [(b"x-a", b"1")]}),
        Event("application", {"type": "http.response.body", "body": b"POST ab"}),
    )
    assert transcript.returned and transcript.error is None and not transcript.running
    assert (transcript.status, transcript.headers, transcript.body) == (200, [(b"x-a", b"1")], b"POST ab")
    assert [event["type"] for event in transcript.received] == ["http.request"] * 2
    assert transcript.left == ()


def test_run_websocket_records_every_event() -> None:
    """The client waits for a reply where it is told to, and leaves in the end."""
    transcript = run(double, websocket("/", send=["a", REPLY, b"b"], subprotocols=["x"], close=1001))
    assert types(transcript) == [
        "> websocket.connect",
        "< websocket.accept",
        "> websocket.receive",
        "< websocket.send",
        "> websocket.receive",
        "< websocket.send",
        "> websocket.disconnect",
    ]
    assert transcript.messages == ["a", b"b"] and transcript.close_code is None
    assert transcript.received[-1]["code"] == 1001
    assert transcript.answer[0] == {"type": "websocket.accept", "subprotocol": "x", "headers": []}


def test_run_reply_waits_for_a_message() -> None:
    """Without REPLY the client does not wait; with it the next message comes after the reply."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        seen = 0
        while True:
            try:
                event = await asyncio.wait_for(receive(), 0.05)
            except asyncio.TimeoutError:
                await send({"type": "websocket.send", "text": f"{seen} until now"})
                continue
            if event["type"] == "websocket.disconnect":
                return
            seen += 1

    assert run(app, websocket("/", send=["a", "b"])).messages == []
    assert run(app, websocket("/", send=["a", REPLY, "b", REPLY])).messages == ["1 until now", "2 until now"]


def test_run_lifespan_ends_after_failed_startup() -> None:
    """Start-up and shutdown; nothing comes after a start-up that failed."""
    assert types(run(single, lifespan())) == [
        "> lifespan.startup",
        "< lifespan.startup.complete",
        "> lifespan.shutdown",
        "< lifespan.shutdown.complete",
    ]

    async def fails(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no database"})

    assert types(run(fails, lifespan())) == ["> lifespan.startup", "< lifespan.startup.failed"]


def test_run_http_client_leaves_when_complete_or_before() -> None:
    """http.disconnect comes after the last body, or after as many events as were said, and not before."""

    async def streams(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        gone = asyncio.ensure_future(receive())
        await send({"type": "http.response.start", "status": 200})
        for _ in range(4):
            await asyncio.sleep(0)
            if gone.done():
                break
            await send({"type": "http.response.body", "body": b"x", "more_body": True})
        else:
            assert not gone.done()
            await send({"type": "http.response.body"})
        assert (await gone)["type"] == "http.disconnect"

    assert run(streams, http()).body == b"xxxx"
    assert run(streams, http(disconnect=3)).body == b"xx"
    assert run(streams, http(disconnect=1)).body == b""
    assert types(run(single, http(disconnect=0))) == types(run(single, http()))  # it asks no more
    assert run(streams, http(disconnect=3)).answer[-1]["more_body"] is True

    async def asks_first(scope: Any, receive: Any, send: Any) -> None:
        assert [(await receive())["type"] for _ in range(3)] == [
            "http.request",
            "http.request",
            "http.disconnect",
        ]

    assert run(asks_first, http(body=[b"a", b"b"], disconnect=0)).error is None


def test_run_trailers_and_pathsend_end_a_response() -> None:
    """With trailers the body is not the end, and a file that the server sends is one."""

    async def trailers(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "trailers": True})
        await send({"type": "http.response.body", "body": b"x"})
        await receive()
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(receive(), 0.05)
        await send({"type": "http.response.trailers", "headers": []})
        assert (await receive())["type"] == "http.disconnect"

    async def file(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.pathsend", "path": "/dev/null"})
        assert (await receive())["type"] == "http.disconnect"

    assert run(trailers, http()).error is None
    assert run(file, http()).error is None


def test_run_old_event_names_end_a_response() -> None:
    """The client of an application of 2017 goes when that has sent its last content."""

    async def instance(receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.content", "content": b"a", "more_content": True})
        await send({"type": "http.response.content", "content": b"b"})
        assert (await receive())["type"] == "http.disconnect"

    transcript = run(lambda scope: instance, http())
    assert transcript.error is None
    assert transcript.body == b"ab"
    assert transcript.sent[1] == {"type": "http.response.content", "content": b"a", "more_content": True}


def test_run_disconnect_wakes_every_receive_and_repeats() -> None:
    """As on servers: two tasks that wait both get it, and whoever asks later gets it again."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        waiting = [asyncio.ensure_future(receive()) for _ in range(3)]
        await asyncio.sleep(0)
        await respond(send)
        events = [await task for task in waiting] + [await receive()]
        assert [event["type"] for event in events] == ["http.disconnect"] * 4

    assert run(app, http()).error is None


def test_run_closed_websocket_receives_the_close_code() -> None:
    """The disconnect after the application's own close has its code; a refused client had 1006."""

    async def closes(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        if scope["path"] == "/":
            await send({"type": "websocket.accept"})
        await send({"type": "websocket.close", "code": 4000, "reason": "r"})
        await receive()

    accepted = run(closes, websocket("/", close=None, send=[REPLY]))
    assert accepted.received[-1] == {"type": "websocket.disconnect", "code": 4000, "reason": "r"}
    assert accepted.close_code == 4000
    refused = run(closes, websocket("/no", send=["never sent"]))
    assert types(refused) == ["> websocket.connect", "< websocket.close", "> websocket.disconnect"]
    assert refused.received[-1]["code"] == 1006

    async def denies(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.http.response.start", "status": 403, "headers": []})
        await send({"type": "websocket.http.response.body", "body": b"no", "more_body": True})
        await send({"type": "websocket.http.response.body", "body": b"no"})
        await receive()

    denied = run(denies, websocket("/", scope={"extensions": {"websocket.http.response": {}}}))
    assert denied.received[-1]["code"] == 1006
    assert denied.answer[-1]["body"] == b"nono"


def test_run_exception_is_in_the_transcript() -> None:
    """By type and text, wherever it was raised; the exception itself is at hand."""
    error = ValueError("no")

    def constructor(scope: Any) -> Any:
        if scope["type"] == "http":
            raise error
        return instance

    async def instance(receive: Any, send: Any) -> None:
        await receive()
        raise error

    async def cancelled(scope: Any, receive: Any, send: Any) -> None:
        raise asyncio.CancelledError

    def forgets(scope: Any) -> Any:
        return lambda receive, send: None

    for style in ("single", "double"):
        for app in (constructor, lambda scope: instance):
            transcript = run(app, http(), style=style)
            assert transcript.error is error and not transcript.returned
            assert str(transcript).splitlines()[-1].split() == ["raised", "ValueError:", "no"]
        assert isinstance(run(cancelled, http(), style=style).error, asyncio.CancelledError)
    assert isinstance(run(forgets, http()).error, TypeError)


def test_run_later_changes_are_not_recorded() -> None:
    """An event that the application goes on writing to, and a generator of headers, are kept as they were."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        event: Dict[str, Any] = {"type": "http.response.start", "status": 200}
        event["headers"] = ((name, b"1") for name in [b"b", b"a"])
        await send(event)
        event["status"] = 500
        body = bytearray(b"x")
        await send({"type": "http.response.body", "body": body})
        body += b"y"
        scope["path"] = "/other"

    conversation = http("GET", "/path")
    transcript = run(app, conversation)
    assert transcript.sent[0] == {
        "type": "http.response.start", "status": 200, "headers": [(b"b", b"1"), (b"a", b"1")]
    }  # fmt: skip
    assert transcript.sent[1]["body"] == bytearray(b"x")
    assert conversation.scope["path"] == "/path"


@pytest.mark.parametrize("event", [None, {}, {"type": 3}, "http.response.start", [1]], ids=repr)
def test_run_anything_sent_is_recorded(event: Any) -> None:
    """Nothing here judges: that is what ``to_asgi3(app, strict=True)`` is for."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(event)

    transcript = run(app, http())
    assert transcript.sent == [event] and transcript.error is None
    assert transcript.status is None and transcript.body == b""
    assert str(transcript) and transcript.answer[0]["type"] == ""


def test_run_calls_the_application_once() -> None:
    """Not to find out what it is, and not twice: once for each conversation."""
    calls: List[Any] = []

    def app(scope: Any) -> Any:
        calls.append(scope["type"])
        return double(scope)

    run(app, http())
    assert calls == ["http"]
    compare(app, websocket("/"))
    assert calls == ["http", "websocket", "websocket"]


def test_run_calls_in_an_empty_context() -> None:
    """As on a server, with every release of asgiref: what the test has set does not reach it."""
    variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="empty")
    seen = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(variable.get())

    token = variable.set("set by the test")
    try:
        run(app, http())
        asyncio.run(converse(app, http()))
    finally:
        variable.reset(token)
    assert seen == ["empty", "empty"]


def test_run_tasks_left_running_are_reported_and_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that end by themselves in a moment are not; those that refuse to be cancelled are ended too."""
    monkeypatch.setattr(session, "GRACE", 0.05)
    tasks = []

    async def background() -> None:
        await asyncio.sleep(60)

    async def moment() -> None:
        await asyncio.sleep(0)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        tasks.append(asyncio.ensure_future(background()))
        tasks.append(asyncio.ensure_future(refuses(scope, receive, send)))
        tasks.append(asyncio.ensure_future(moment()))

    transcript = run(app, http())
    assert [name.split(".")[-1] for name in transcript.left] == ["refuses", "background"]
    assert "left running" in str(transcript)
    assert all(task.done() for task in tasks)


def test_converse_leaves_other_tasks_of_the_loop_alone() -> None:
    """`converse` ends what is its own when it is cancelled, and leaves alone what is not."""
    ended = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(True)

    async def neighbour() -> str:
        await asyncio.sleep(0.1)
        return "alive"

    async def test() -> str:
        beside = asyncio.ensure_future(neighbour())
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(converse(app, http()), 0.05)
        assert ended == [True]
        with pytest.raises(StillRunning):
            await converse(app, http(), timeout=0.01)
        assert ended == [True, True]
        transcript = await converse(double, http(), lifespan=True)
        assert transcript.body == b"GET " and transcript.left == ()
        with pytest.raises(RuntimeError, match="await converse"):
            run(single, http())
        return await beside

    assert asyncio.run(test()) == "alive"


def test_run_holds_no_references_afterwards() -> None:
    """Once its transcript is gone, so is everything of a conversation."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        class Local:
            pass

        local = Local()
        held.append(weakref.ref(local))
        raise ValueError(local)

    held: List[Any] = []
    transcript = run(app, http())
    gc.collect()
    assert held[0]() is not None
    del transcript
    gc.collect()
    assert held[0]() is None


def test_run_is_deterministic() -> None:
    """Two tasks of one application that take turns come to the same transcript each time."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        async def ticks() -> None:
            for i in range(5):
                await send({"type": "websocket.send", "text": str(i)})

        await receive()
        await send({"type": "websocket.accept"})
        task = asyncio.ensure_future(ticks())
        while (await receive())["type"] != "websocket.disconnect":
            await send({"type": "websocket.send", "bytes": b""})
        await task

    conversation = websocket("/", send=["a", "b", REPLY, "c"])
    seen = {run(app, conversation, style=style) for style in ("single", "double") for _ in range(50)}
    assert len(seen) == 1


def test_run_answer_equals_a_real_server() -> None:
    """Over a socket behind uvicorn and in a conversation: the same status, type and body."""
    requires.package("httpx")
    requires.package("uvicorn")
    import httpx

    from examples.tasks import asgi2

    with LiveServer("examples.tasks:asgi2", "uvicorn") as server:
        with httpx.Client(base_url=server.url, trust_env=False) as client:
            for method, path in (("GET", "/tasks"), ("GET", "/nothing"), ("POST", "/tasks")):
                real = client.request(method, path, content=b"x" if method == "POST" else None)
                ours = run(
                    asgi2,
                    http(method, path, body=b"x" if method == "POST" else b""),
                    lifespan=True,
                    adapt="service",
                )
                assert (ours.status, ours.body) == (real.status_code, real.content)
                assert dict(ours.headers)[b"content-type"].decode() == real.headers["content-type"]


WRONG_CALLS: Dict[str, Tuple[Callable[[], Any], type, str]] = {
    "a path for a conversation": (lambda: run(single, "/"), TypeError, "expected what http"),  # type: ignore[arg-type]
    "a scope of another type": (lambda: run(single, Conversation("x", {"type": "x"})), ValueError, "not 'x'"),
    "no such style": (lambda: run(single, http(), style="wsgi"), ValueError, "expected 'single' or 'double'"),
    "a style that is none": (lambda: in_style(single, Style.FACTORY), ValueError, "expected 'single' or"),
    "no such way": (lambda: run(single, http(), adapt="all"), ValueError, "expected 'shape' or 'service'"),
    "options for the shape": (lambda: in_style(single, "double", strict=True), TypeError, "strict: options"),
    "no such view": (
        lambda: assert_same(single, double, http(), view="all"), ValueError, "expected 'events' or 'answer'"
    ),
    "one name": (lambda: assert_both_styles(single, http(), ignore_headers="date"), TypeError, "'date'"),
    "no application": (lambda: run(None, http()), DetectionError, "None"),  # type: ignore[arg-type]
    "a factory": (lambda: run(lambda: single, http()), DetectionError, "call it"),
}  # fmt: skip


@pytest.mark.parametrize("call, kind, words", WRONG_CALLS.values(), ids=WRONG_CALLS.keys())
def test_run_wrong_argument_raises(call: Callable[[], Any], kind: type, words: str) -> None:
    """Each error names the argument, and what it may be."""
    with pytest.raises(kind, match=words):  # type: ignore[call-overload]
        call()
