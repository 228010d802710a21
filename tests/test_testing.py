"""`asgi_compat.testing`: conversations, transcripts, their differences, and that nothing is left behind."""

from __future__ import annotations

import asyncio
import contextvars
import copy
import gc
import importlib.util
import pickle
import sys
import time
import weakref
from typing import Any, Callable, Dict, List, Tuple

import pytest
import requires
from live_server import LiveServer
from specimens import SPECIMENS, Specimen

from asgi_compat import DetectionError, Style, classify, testing, to_asgi3
from asgi_compat.testing import (
    REPLY,
    Conversation,
    Event,
    StillRunning,
    Transcript,
    assert_both_styles,
    assert_same,
    compare,
    converse,
    http,
    in_style,
    lifespan,
    run,
    websocket,
)

# -- applications --------------------------------------------------------------------------------


async def respond(send: Any, body: bytes = b"hello", status: int = 200) -> None:
    """Send a response in one chunk."""
    await send({"type": "http.response.start", "status": status, "headers": [(b"x-a", b"1")]})
    await send({"type": "http.response.body", "body": body})


async def single(scope: Any, receive: Any, send: Any) -> None:
    """Answer the request's body; echo a WebSocket; start and stop."""
    if scope["type"] == "http":
        body, more = b"", True
        while more:
            event = await receive()
            body, more = body + event["body"], event["more_body"]
        await respond(send, b"%s %s" % (scope["method"].encode(), body))
    elif scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept", "subprotocol": next(iter(scope["subprotocols"]), None)})
        while True:
            event = await receive()
            if event["type"] == "websocket.disconnect":
                return
            await send({**event, "type": "websocket.send"})
    else:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})


def double(scope: Any) -> Any:
    """The same, called twice."""

    async def instance(receive: Any, send: Any) -> None:
        await single(scope, receive, send)

    return instance


def types(transcript: Transcript) -> List[str]:
    """Who said what, for short: ``>`` is received, ``<`` is sent."""
    return [("> " if by == "client" else "< ") + message["type"] for by, message in transcript.events]


# -- what a client does --------------------------------------------------------------------------


def test_a_request_has_what_a_server_gives() -> None:
    """The scope of a request is whole, and what was asked for stands in it."""
    conversation = http(
        "post", "/ä b", query="a=1", headers={"X-One": "ü"}, body=b"abc", scope={"root_path": "/r"}
    )
    assert conversation.scope == {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/ä b",
        "raw_path": b"/%C3%A4%20b",
        "query_string": b"a=1",
        "root_path": "/r",
        "headers": [(b"host", b"testserver"), (b"x-one", b"\xfc"), (b"content-length", b"3")],
        "client": ("127.0.0.1", 50000),
        "server": ("testserver", 80),
    }
    assert repr(conversation) == "<Conversation POST /ä b>"
    chunked = dict(http("POST", body=[b"a", b"b"]).scope["headers"])
    assert chunked == {b"host": b"testserver", b"transfer-encoding": b"chunked"}
    given = http("POST", headers=[("Host", "a"), ("Content-Length", "9")], body=b"abc").scope["headers"]
    assert given == [(b"host", b"a"), (b"content-length", b"9")]
    assert b"content-length" not in dict(http("GET").scope["headers"])
    assert [event["more_body"] for event in http(body=[b"a", b"b"]).events] == [True, False]
    assert http(body=[]).events == ({"type": "http.request", "body": b"", "more_body": False},)


def test_a_websocket_has_what_a_server_gives() -> None:
    """The same for a WebSocket, and the subprotocols stand in the header too."""
    scope = websocket("/ws", subprotocols=["a", "b"], scope={"scheme": "wss"}).scope
    assert scope["subprotocols"] == ["a", "b"] and scope["scheme"] == "wss" and "method" not in scope
    assert dict(scope["headers"])[b"sec-websocket-protocol"] == b"a, b"


MISTAKES: Dict[str, Tuple[Callable[[], Any], type, str]] = {
    "path first": (lambda: http("/tasks"), ValueError, r"http\('GET', '/tasks'\)"),
    "a text body": (lambda: http(body="a"), TypeError, r"text\.encode\(\)"),  # type: ignore[arg-type]
    "text chunks": (lambda: http(body=["a"]), TypeError, "bytes, not"),  # type: ignore[list-item]
    "a query in the path": (lambda: http("GET", "/a?b=1"), ValueError, "'/a', query='b=1'"),
    "no slash": (lambda: websocket("a"), ValueError, "begins with '/'"),
    "a number for a header": (lambda: http(headers={"x": 1}), TypeError, "not 1"),
    "a negative disconnect": (lambda: http(disconnect=-1), ValueError, "disconnect=-1"),
    "one message": (lambda: websocket(send="hi"), TypeError, r"send=\['hi'\]"),
    "a dict as a message": (lambda: websocket(send=[{}]), TypeError, "REPLY"),  # type: ignore[list-item]
    "one subprotocol": (lambda: websocket(subprotocols="a"), TypeError, r"\['a'\]"),
    "a path for a conversation": (lambda: run(single, "/"), TypeError, "made by"),  # type: ignore[arg-type]
    "a scope of another type": (lambda: run(single, Conversation("x", {"type": "x"})), ValueError, "not 'x'"),
    "no such style": (lambda: run(single, http(), style="wsgi"), ValueError, "neither 'single' nor"),
    "a style that is none": (lambda: in_style(single, Style.FACTORY), ValueError, "neither 'single' nor"),
    "no such way": (lambda: run(single, http(), adapt="all"), ValueError, "neither 'shape' nor"),
    "options for the shape": (lambda: in_style(single, "double", strict=True), TypeError, "strict: options"),
    "no such view": (
        lambda: assert_same(single, double, http(), view="all"), ValueError, "none of 'events', 'answer'"
    ),
    "one name": (lambda: assert_both_styles(single, http(), ignore_headers="date"), TypeError, "'date'"),
    "no application": (lambda: run(None, http()), DetectionError, "None"),  # type: ignore[arg-type]
    "a factory": (lambda: run(lambda: single, http()), DetectionError, "call it"),
}  # fmt: skip


@pytest.mark.parametrize("call, kind, words", MISTAKES.values(), ids=MISTAKES.keys())
def test_mistakes_are_told(call: Callable[[], Any], kind: type, words: str) -> None:
    """Each is an error that says what to write."""
    with pytest.raises(kind, match=words):  # type: ignore[call-overload]
        call()


# -- what is recorded ----------------------------------------------------------------------------


@pytest.mark.parametrize("app", [single, double], ids=["single", "double"])
def test_a_request_is_written_down(app: Any) -> None:
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


def test_a_websocket_is_written_down() -> None:
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


def test_a_reply_is_waited_for() -> None:
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


def test_a_lifespan_is_written_down() -> None:
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


def test_the_client_goes_when_the_response_is_complete_or_before() -> None:
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


def test_trailers_and_files_end_a_response_too() -> None:
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


def test_old_names_end_a_response_too() -> None:
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


def test_a_disconnect_wakes_everybody_and_comes_again() -> None:
    """As on servers: two tasks that wait both get it, and whoever asks later gets it again."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        waiting = [asyncio.ensure_future(receive()) for _ in range(3)]
        await asyncio.sleep(0)
        await respond(send)
        events = [await task for task in waiting] + [await receive()]
        assert [event["type"] for event in events] == ["http.disconnect"] * 4

    assert run(app, http()).error is None


def test_who_closes_a_websocket_is_told_so() -> None:
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


def test_what_is_raised_is_written_down() -> None:
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


def test_what_changes_later_is_as_it_was() -> None:
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
def test_what_is_no_event_is_written_down(event: Any) -> None:
    """Nothing here judges: that is what ``to_asgi3(app, strict=True)`` is for."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(event)

    transcript = run(app, http())
    assert transcript.sent == [event] and transcript.error is None
    assert transcript.status is None and transcript.body == b""
    assert str(transcript) and transcript.answer[0]["type"] == ""


def test_the_application_is_called_once() -> None:
    """Not to find out what it is, and not twice: once for each conversation."""
    calls: List[Any] = []

    def app(scope: Any) -> Any:
        calls.append(scope["type"])
        return double(scope)

    run(app, http())
    assert calls == ["http"]
    compare(app, websocket("/"))
    assert calls == ["http", "websocket", "websocket"]


def test_the_application_is_called_in_an_empty_context() -> None:
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


# -- transcripts ---------------------------------------------------------------------------------


def test_transcripts_are_values() -> None:
    """Immutable, equal by what happened, hashed, pickled and copied."""
    one, other = run(single, http()), run(double, http())
    assert one == other and hash(one) == hash(other) and one.style is not other.style
    assert one != run(single, http("POST")) and one != 3 and not one == "text"
    with pytest.raises(AttributeError, match="status cannot be changed"):
        one.status = 3  # type: ignore[misc]
    with pytest.raises(AttributeError):
        del one._events
    one.events[1].message["status"] = 500
    one.sent[0]["status"] = 500
    one.answer[0]["headers"].append(1)
    assert one == other
    for same in (pickle.loads(pickle.dumps(one)), copy.copy(one), copy.deepcopy(one)):
        assert same == one and same.style is one.style and same.conversation == one.conversation


def test_a_transcript_can_be_read() -> None:
    """It prints as what it is."""
    assert repr(run(double, http("POST", "/x", body=b"a" * 200))) == (
        "<Transcript of POST /x, called double:\n"
        f"  client       http.request body=b'{'a' * 60}'... (200 bytes) more_body=False\n"
        "  application  http.response.start status=200 headers=[(b'x-a', b'1')]\n"
        f"  application  http.response.body body=b'POST {'a' * 55}'... (205 bytes)\n"
        "  returned>"
    )


def transcript_of(*events: Any, error: Any = None, left: Any = (), running: bool = False) -> Transcript:
    """Make one of what an application sent."""
    said = [Event("application", event) for event in events]
    return Transcript(http(), Style.SINGLE, said, error, left, running)


class Text(str):
    """What looks like a str and is another class: a server in Rust refuses it."""


THREE = [(b"b", b"1"), (b"A", b"2"), (b"b", b"3")]
START = {"type": "http.response.start", "status": 200, "headers": THREE}
TEXT = {"type": "websocket.send", "text": "a"}
BODY = {"type": "http.response.body", "body": b"hello"}
# Two transcripts, and whether they differ in what happened and in what a client has.
PAIRS = {
    "the same": ([START, BODY], [dict(START), dict(BODY)], False, False),
    "the order of keys": ([START], [dict(reversed(list(START.items())))], False, False),
    "lists and tuples": ([START], [{**START, "headers": tuple(THREE)}], False, False),
    "another status": ([START], [{**START, "status": 201}], True, True),
    "a text": ([START], [{**START, "status": "200"}], True, True),
    "a flag for a number": ([{**START, "status": 1}], [{**START, "status": True}], True, True),
    "a buffer": ([BODY], [{**BODY, "body": bytearray(b"hello")}], True, True),
    "a kind of text": ([{**TEXT, "text": Text("a")}], [TEXT], True, True),
    "after the end": ([{**BODY, "body": b"he"}, {**BODY, "body": b"llo"}], [BODY], True, True),
    "one event less": ([START, BODY], [START], True, True),
    "another order": ([START, BODY], [BODY, START], True, True),
    "chunks": ([{**BODY, "body": b"he", "more_body": True}, {**BODY, "body": b"llo"}], [BODY], True, False),
    "no end": ([{**BODY, "more_body": True}], [BODY], True, True),
    "a default": ([BODY], [{**BODY, "more_body": False}], True, False),
    "old names": ([{"type": "http.response.content", "content": b"hello"}], [BODY], True, False),
    "None": ([{**TEXT, "bytes": None}], [TEXT], True, False),
    "names in capitals": ([START], [{**START, "headers": [(n.upper(), v) for n, v in THREE]}], True, False),
    "order of names": ([START], [{**START, "headers": [THREE[1], THREE[0], THREE[2]]}], True, False),
    "order of one": ([START], [{**START, "headers": THREE[::-1]}], True, True),
    "no headers": ([{**START, "headers": []}], [{"type": START["type"], "status": 200}], True, False),
    "headers of text": ([START], [{**START, "headers": [("b", "1"), ("A", "2"), ("b", "3")]}], True, True),
    "a mapping": ([START], [{**START, "headers": {b"b": b"1"}}], True, True),
    "nothing": ([], [None], True, True),
}  # fmt: skip


@pytest.mark.parametrize("ours, theirs, events, answer", PAIRS.values(), ids=PAIRS.keys())
def test_what_counts_as_a_difference(ours: Any, theirs: Any, events: bool, answer: bool) -> None:
    """In both directions, and the equality agrees with the view on everything."""
    one, two = transcript_of(*ours), transcript_of(*theirs)
    for a, b in ((one, two), (two, one)):
        assert bool(a.difference(b)) is events
        assert bool(a.difference(b, view="answer")) is answer
        assert (a == b) is not events


def test_how_it_ended_is_a_difference() -> None:
    """What was raised, by type and text; what was left running; that it never ended."""
    ends = [
        transcript_of(),
        transcript_of(error=ValueError("a")),
        transcript_of(error=ValueError("b")),
        transcript_of(error=TypeError("a")),
        transcript_of(left=["task"]),
        transcript_of(left=["another"]),
        transcript_of(running=True),
    ]
    for i, one in enumerate(ends):
        for j, two in enumerate(ends):
            assert (one == two) is (i == j)
    assert transcript_of(error=ValueError("<x at 0x7f12>")) == transcript_of(error=ValueError("<x at 0x8f>"))
    assert ends[0].difference(ends[4], view="answer") == ""
    assert "+ left running task" in ends[0].difference(ends[4])
    assert "- returned\n+ raised       ValueError: a" in ends[0].difference(ends[1], view="answer")


def test_a_difference_can_be_read() -> None:
    """What both did, who did what else, and for each field where it differs."""
    long = b"a" * 3000 + b"1" + b"b" * 3000
    ours = transcript_of(START, {**BODY, "body": long})
    theirs = transcript_of(
        {**START, "headers": [(b"b", b"1"), (b"b", b"3"), (b"c", b"4")]},
        {**BODY, "body": long.replace(b"1", b"2"), "more_body": False},
    )
    assert ours.difference(theirs, names=("old", "new")) == (
        "- old\n"
        "+ new\n"
        "\n"
        "http.response.start, headers: only [(b'A', b'2')] / only [(b'c', b'4')]\n"
        "http.response.body, body: differs from byte 3000 on: ...b'aaaaaaaa1bbbbbbbbbbbbbbbbbbbbbbb' of 6001"
        " / ...b'aaaaaaaa2bbbbbbbbbbbbbbbbbbbbbbb' of 6001\n"
        "http.response.body, more_body: missing / False\n"
        "\n"
        "- application  http.response.start status=200 headers=[(b'b', b'1'), (b'A', b'2'), (b'b', b'3')]\n"
        f"- application  http.response.body body=b'{'a' * 60}'... (6001 bytes)\n"
        "+ application  http.response.start status=200 headers=[(b'b', b'1'), (b'b', b'3'), (b'c', b'4')]\n"
        f"+ application  http.response.body body=b'{'a' * 60}'... (6001 bytes) more_body=False\n"
        "  returned"
    )


def test_headers_that_do_not_count() -> None:
    """By name, whatever its case and whichever the view; nothing else is left out."""
    ours = transcript_of({**START, "headers": [(b"Date", b"1"), (b"x", b"1")]}, BODY)
    theirs = transcript_of({**START, "headers": [(b"x", b"1"), (b"date", b"2")]}, BODY)
    for view in ("events", "answer"):
        assert ours.difference(theirs, view=view)
        assert ours.difference(theirs, view=view, ignore_headers=["DATE"]) == ""
        assert ours.difference(theirs, view=view, ignore_headers=["dat"])
    odd = transcript_of({**START, "headers": [3, ("DATE", "3"), ()]})
    assert "headers=[3, ()]" in odd.difference(theirs, ignore_headers=["date"])


# -- both styles ---------------------------------------------------------------------------------

CONVERSATIONS = [
    http("GET", "/"),
    http("POST", "/", body=[b"a", b"", b"b"]),
    http("GET", "/", disconnect=0),
    websocket("/", send=["a", REPLY, b"", "b"], subprotocols=["x"]),
    lifespan(),
]


@pytest.mark.parametrize("adapt", ["shape", "service"])
@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=str)
@pytest.mark.parametrize("app", [single, double], ids=["single", "double"])
def test_both_styles_do_the_same(app: Any, conversation: Conversation, adapt: str) -> None:
    """An application of today's messages, of either style, through either kind of adapter."""
    transcript = assert_both_styles(app, conversation, adapt=adapt)
    assert transcript.style is Style.DOUBLE and transcript.returned and transcript.sent
    assert assert_same(single, double, conversation, adapt=adapt) == run(double, conversation, adapt=adapt)


def made(specimen: Specimen) -> bool:
    """Whether this Python can make it and has what it needs."""
    if sys.version_info[:2] < specimen.since:
        return False
    return not specimen.requires or importlib.util.find_spec(specimen.requires) is not None


@pytest.fixture
def asgiref_thread() -> None:
    """Start the thread of asgiref's own executor: it stays until the interpreter ends."""
    from asgiref.sync import SyncToAsync

    executor = getattr(SyncToAsync, "single_thread_executor", None)  # asgiref before 3.3 has none
    if executor is not None:
        executor.submit(int).result()


def test_every_shape_does_the_same_in_both_styles(asgiref_thread: None) -> None:
    """Hundreds of shapes of applications, each made anew for each call: one transcript, both ways."""
    shapes = [
        specimen
        for specimen in SPECIMENS
        if specimen.style in (Style.SINGLE, Style.DOUBLE, Style.EITHER)
        and not specimen.tolerated  # those run through the adapter only, see below
        and made(specimen)
    ]
    assert len(shapes) > 400
    wrong = []
    for specimen in shapes:
        both = compare(specimen.make, http(), factory=True)
        if not both.same or both.single.status != 200:
            wrong.append(f"{specimen.name}\n{both.difference() or both.single}")
    assert wrong == []


def test_an_adapter_that_does_something_else_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that swallows an event, one that raises something else, one that leaves a task: each is told."""
    original = testing.guarantee_double_callable

    def broken(change: Callable[[Any, Any, Any, Any], Any]) -> None:
        def guarantee(app: Any) -> Any:
            inner = original(app)

            def adapter(scope: Any) -> Any:
                async def instance(receive: Any, send: Any) -> None:
                    await change(inner(scope), scope, receive, send)

                return instance

            return adapter

        monkeypatch.setattr(testing, "guarantee_double_callable", guarantee)

    async def swallows(inner: Any, scope: Any, receive: Any, send: Any) -> None:
        async def some(event: Any) -> None:
            if event["type"] != "http.response.body":
                await send(event)

        await inner(receive, some)

    async def raises(inner: Any, scope: Any, receive: Any, send: Any) -> None:
        await inner(receive, send)
        raise KeyError("adapter")

    async def leaves(inner: Any, scope: Any, receive: Any, send: Any) -> None:
        tasks.append(asyncio.ensure_future(asyncio.sleep(60)))
        await inner(receive, send)

    async def reads_ahead(inner: Any, scope: Any, receive: Any, send: Any) -> None:
        first = await receive()

        async def again() -> Any:
            await asyncio.sleep(0)
            return first

        await inner(again, send)

    tasks: List[Any] = []
    assert_both_styles(single, http())
    for change, words in (
        (swallows, "- application  http.response.body body=b'GET '\n  returned"),
        (raises, "- returned\n+ raised       KeyError: 'adapter'"),
        (leaves, "  returned\n+ left running sleep"),
    ):
        broken(change)
        with pytest.raises(AssertionError) as caught:
            assert_both_styles(single, http("GET", "/page"))
        assert str(caught.value).startswith("GET /page: called single and called double")
        assert words in str(caught.value)
        assert isinstance(caught.value.__cause__, KeyError) is (change is raises)
    broken(reads_ahead)
    with pytest.raises(StillRunning):
        assert_both_styles(single, http(body=[b"a", b"b"]), timeout=0.2)
    assert all(task.done() for task in tasks)


def test_two_applications_that_answer_differently() -> None:
    """What the owner of an application reads who has made a mistake while migrating it."""

    async def migrated(scope: Any, receive: Any, send: Any) -> None:
        await respond(send, b"GET", status=204)

    with pytest.raises(AssertionError) as caught:
        assert_same(double, migrated, http("GET", "/"))
    assert str(caught.value) == (
        "GET /: the two applications do not answer the same\n"
        "\n"
        "- the old one (called double)\n"
        "+ the new one (called single)\n"
        "\n"
        "http.response.start, status: 200 / 204\n"
        "http.response.body, body: b'GET ' / b'GET'\n"
        "\n"
        "- application  http.response.start status=200 headers=[(b'x-a', b'1')]\n"
        "- application  http.response.body body=b'GET '\n"
        "+ application  http.response.start status=204 headers=[(b'x-a', b'1')]\n"
        "+ application  http.response.body body=b'GET'\n"
        "  returned"
    )

    async def fails(scope: Any, receive: Any, send: Any) -> None:
        raise LookupError("no such table")

    with pytest.raises(AssertionError, match="LookupError: no such table") as caught:
        assert_same(double, fails, http("GET", "/"))
    assert isinstance(caught.value.__cause__, LookupError)


def test_the_messages_of_2017_through_the_service() -> None:
    """Repaired first, an application of then and its successor answer the same; as they are, they do not."""

    def old(scope: Any) -> Any:
        async def instance(receive: Any, send: Any) -> None:
            await send({"type": "http.response.start", "status": "200", "headers": {"X-A": "1"}})
            await send({"type": "http.response.content", "content": b"hello"})

        return instance

    async def new(scope: Any, receive: Any, send: Any) -> None:
        await respond(send)

    with pytest.raises(AssertionError, match="status: '200' / 200"):
        assert_same(old, new, http())
    assert assert_same(old, new, http(), adapt="service").body == b"hello"
    assert assert_both_styles(to_asgi3(old), http()).sent[0]["status"] == 200


def test_styles_of_an_application() -> None:
    """What is of the style already comes back as it is; unknown and either run as single."""
    assert in_style(single, "single") is single and in_style(double, Style.DOUBLE) is double
    assert classify(in_style(double, "single")).style is Style.SINGLE
    assert classify(in_style(single, "double", adapt="service")).style is Style.DOUBLE
    repairs: List[str] = []
    app = in_style(double, "single", adapt="service", on_repair=lambda rule, a, b: repairs.append(rule))
    assert run(app, http()).style is Style.SINGLE
    assert in_style(app, "double", adapt="service") is not app
    unknown = next(specimen for specimen in SPECIMENS if specimen.style is Style.UNKNOWN and made(specimen))
    assert run(unknown.make(), http()).style is Style.SINGLE


def test_a_middleware_is_put_around_the_application_in_each_style() -> None:
    """One that works in both, and one that does its work only where it is called once."""

    class Works:
        def __init__(self, app: Any) -> None:
            self.app = app
            seen.append(classify(app).style)

        def __call__(self, scope: Any, *rest: Any) -> Any:
            return self.app({**scope, "method": "PUT"}, *rest)

    class Forgets(Works):
        def __call__(self, scope: Any, *rest: Any) -> Any:
            return self.app({**scope, "method": "PUT"}, *rest) if rest else self.app(scope)

    seen: List[Style] = []
    for app in (single, double):
        assert assert_both_styles(app, http(), middleware=Works).body == b"PUT "
        with pytest.raises(AssertionError, match="body: b'PUT ' / b'GET '"):
            assert_both_styles(app, http(), middleware=Forgets)
        assert assert_same(app, app, http(), middleware=Works).body == b"PUT "
        assert asyncio.run(converse(app, http(), middleware=Works)).body == b"PUT "
    once = [Style.SINGLE, Style.DOUBLE, Style.SINGLE, Style.DOUBLE]
    assert seen == [*once, *[Style.SINGLE] * 3, *once, *[Style.DOUBLE] * 3]


def test_a_factory_is_called_for_each_conversation() -> None:
    """An application that counts differs from itself, one that is made anew does not."""

    def create() -> Any:
        count = 0

        async def app(scope: Any, receive: Any, send: Any) -> None:
            nonlocal count
            count += 1
            await respond(send, b"%d" % count)

        return app

    with pytest.raises(AssertionError, match="body: b'1' / b'2'"):
        assert_both_styles(create(), http())
    assert assert_both_styles(create, http(), factory=True).body == b"1"


# -- start-up and shutdown -----------------------------------------------------------------------


class Service:
    """An application that needs its start-up, with a switch for each thing that can go wrong."""

    def __init__(self, **goes_wrong: Any) -> None:
        self.wrong = goes_wrong
        self.log: List[str] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            if "speaks" in self.wrong:
                raise AssertionError("only http")
            assert (await receive())["type"] == "lifespan.startup"
            if "start" in self.wrong:
                raise LookupError("no database")
            if "fail" in self.wrong:
                await send({"type": "lifespan.startup.failed", "message": "no database"})
                return
            if "hang" in self.wrong:
                await asyncio.sleep(60)
            self.task = asyncio.ensure_future(asyncio.sleep(60))
            self.loop = asyncio.get_running_loop()
            if "state" in scope:
                scope["state"]["pool"] = self.log
            self.log.append("started")
            await send({"type": "lifespan.startup.complete"})
            assert (await receive())["type"] == "lifespan.shutdown"
            self.task.cancel()
            self.log.append("stopped")
            if "stop" in self.wrong:
                raise LookupError("no goodbye")
            kind = "lifespan.shutdown.failed" if "shut" in self.wrong else "lifespan.shutdown.complete"
            await send({"type": kind, "message": "still busy"})
        elif "speaks" in self.wrong:
            await respond(send)
        else:
            assert self.loop is asyncio.get_running_loop()
            assert scope["state"]["pool"] is self.log
            scope["state"]["of the request"] = 1
            self.log.append("served")
            await respond(send)


@pytest.mark.parametrize("style", ["single", "double"])
def test_a_request_to_an_application_that_was_started(style: str) -> None:
    """On one loop, in this order, with what start-up left; the transcript is the one of the request."""
    app = Service()
    transcript = run(app, http(), style=style, lifespan=True)
    assert app.log == ["started", "served", "stopped"]
    assert types(transcript) == ["< http.response.start", "< http.response.body"]
    assert transcript.returned and transcript.left == ()


def test_an_application_that_speaks_no_lifespan_is_served() -> None:
    """It raises before it has received anything, as with ``lifespan="auto"`` of a server."""
    assert run(Service(speaks=False), http(), lifespan=True).status == 200


@pytest.mark.parametrize(
    "wrong, words",
    [
        ({"start": 1}, "failed to start:\n(.|\n)*LookupError: no database"),
        ({"fail": 1}, "failed to start: no database"),
        ({"hang": 1}, "after 0.2 seconds it has not started"),
        ({"stop": 1}, "failed to shut down:\n(.|\n)*LookupError: no goodbye"),
        ({"shut": 1}, "failed to shut down:\n(.|\n)*still busy"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_start_up_and_shutdown_that_fail_are_told(wrong: Dict[str, Any], words: str) -> None:
    """Never swallowed, also where the request went well."""
    with pytest.raises(AssertionError, match=words) as caught:
        run(Service(**wrong), http(), lifespan=True, timeout=0.2)
    if "start" in wrong or "stop" in wrong:
        assert isinstance(caught.value.__cause__, LookupError)


# -- ends ----------------------------------------------------------------------------------------


async def waits(scope: Any, receive: Any, send: Any) -> None:
    """Ask for what never comes."""
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            await asyncio.Event().wait()


async def sleeps(scope: Any, receive: Any, send: Any) -> None:
    """Do not end."""
    await asyncio.sleep(60)


async def asks(scope: Any, receive: Any, send: Any) -> None:
    """Ask and ask, also after the disconnect, without ever waiting."""
    while True:
        await receive()


async def floods(scope: Any, receive: Any, send: Any) -> None:
    """Send and send, without ever waiting."""
    while True:
        await send({"type": "http.response.body", "more_body": True})


async def refuses(scope: Any, receive: Any, send: Any) -> None:
    """Do not end when cancelled either."""
    while True:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            pass


@pytest.mark.parametrize("style", ["single", "double"])
@pytest.mark.parametrize("app", [waits, sleeps, asks, floods, refuses])
def test_what_does_not_end_is_ended(app: Any, style: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In time, with what happened until then; no task is left, which conftest.py looks after."""
    monkeypatch.setattr(testing, "GRACE", 0.05)
    began = time.monotonic()
    with pytest.raises(StillRunning) as caught:
        run(app, http("GET", "/x", disconnect=0), style=style, timeout=0.2)
    assert time.monotonic() - began < 5
    message = str(caught.value)
    assert message.startswith(f"after 0.2 seconds it has not ended\nGET /x, called {style}:\n")
    where = ", waiting in receive()" if app in (asks,) else ", and not waiting in receive()"
    assert message.endswith(f"still running{where}")
    assert len(message.splitlines()) < 30
    transcript = caught.value.transcript
    assert transcript is not None and transcript.running and not transcript.returned
    assert len(transcript.received) <= testing.DISCONNECTS + 1


def test_tasks_that_are_left_are_told_and_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that end by themselves in a moment are not; those that refuse to be cancelled are ended too."""
    monkeypatch.setattr(testing, "GRACE", 0.05)
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


def test_tasks_of_a_start_up_are_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """They outlive the request, so they are not its own; asyncio.run() would wait for this one for ever."""
    monkeypatch.setattr(testing, "GRACE", 0.05)
    tasks = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            tasks.append(asyncio.ensure_future(refuses(scope, receive, send)))
        await single(scope, receive, send)

    transcript = run(app, http(), lifespan=True)
    assert transcript.body == b"GET " and transcript.left == ()
    assert len(tasks) == 1 and tasks[0].done()


def test_on_a_loop_that_others_use() -> None:
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


def test_nothing_is_held() -> None:
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


def test_a_hundred_times_the_same() -> None:
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


# -- beside a real server ------------------------------------------------------------------------


def test_the_answer_is_the_one_of_a_real_server() -> None:
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
