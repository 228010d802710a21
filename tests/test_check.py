"""`check`: each thing that an application can do wrong is found, once, and nothing else is.

The applications here are wrong in one way each. Nothing is served: that what is called wrong here is
refused by real servers, and what is called right is taken, is the business of tests/servers.
"""

from __future__ import annotations

import asyncio
import functools
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import tracemalloc
import types
from http import HTTPStatus
from pathlib import Path
from types import MappingProxyType
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Sequence, Tuple

import pytest
import requires
from messages import A_CASES

from asgi_compat import PROFILES, DetectionError, Quirks, _peers, cli, rules
from asgi_compat import check as room
from asgi_compat.check import PROBLEMS, Finding, Options, Report, as_json, as_text, check

ROOT = Path(__file__).resolve().parent.parent

START = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]}
BODY = {"type": "http.response.body", "body": b"hello", "more_body": False}
PART = {"type": "http.response.body", "body": b"hel", "more_body": True}
ACCEPT = {"type": "websocket.accept"}
CLOSE = {"type": "websocket.close", "code": 1000}


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is waited for in case something comes is not waited for here, where nothing does."""
    monkeypatch.setattr(_peers, "SETTLE", 0.005)
    monkeypatch.setattr(_peers, "SLOW", 0.0)
    for module in (_peers, room):
        monkeypatch.setattr(module, "GRACE", 0.3)


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
    return check(app, Options(**{"methods": ["GET"], "timeout": 0.4, **options}))


def names_of(report: Report) -> List[Tuple[Optional[str], str]]:
    return [(row.rule, row.problem) for row in report.findings]


def the_one(report: Report) -> Finding:
    (finding,) = report.findings
    return finding


# -- nothing wrong -------------------------------------------------------------------------------


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


@pytest.mark.parametrize("app", both_styles(right), ids=["single", "double"])
def test_an_application_that_is_right_has_neither_findings_nor_notes(app: Any) -> None:
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
def test_our_own_applications_are_right(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demonstration and the examples are what people copy."""
    module, _, name = target.partition(":")
    __import__(module)
    monkeypatch.setattr(sys.modules[module], "PAUSE", 0.01, raising=False)
    report = check(getattr(sys.modules[module], name), Options(timeout=5.0))
    assert report.findings == ()
    assert len(report.conversations) >= 8


def test_starlette_is_right() -> None:
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


@pytest.mark.parametrize("app, mended", [(Dispatches, True), (FailsToStart, False)])
def test_serve_is_recommended_where_it_serves(app: Any, mended: bool) -> None:
    """An application that reads lifespan.startup and does not know it is answered for; none that fails in it."""
    report = checked(app)
    (found,) = [row for row in report.findings if row.event == "lifespan scope"]
    assert (found.rule, found.mended) == ("A4", mended)
    assert ("answers for it" in found.to_asgi3) is mended
    assert any(row.rule == "A23" and row.mended for row in report.findings)
    assert ("So does: python -m asgi_compat serve m:app" in as_text("m:app", report)) is mended


# -- shapes of messages --------------------------------------------------------------------------


class Odd(NamedTuple):
    """Events of an application, and the one finding about them."""

    what: str
    events: Sequence[Any]
    rule: Optional[str]
    problem: str
    level: str
    event: str
    field: str
    sent: str
    to_asgi3: str
    mended: bool = True


BY_SPEC, BY_SERVERS = "specification", "servers"
HTTP = [
    # fmt: off
    Odd("status is a str", [{**START, "status": "200"}, BODY], "A23", "repaired", BY_SPEC, "http.response.start", "status", "'200'", "200"),
    Odd("status is impossible", [{**START, "status": 700}, BODY], "A23", "refused", BY_SPEC, "http.response.start", "status", "700", "cannot mend it", False),
    Odd("no status", [{"type": "http.response.start", "headers": []}, BODY], "A23", "refused", BY_SPEC, "http.response.start", "status", "no status", "cannot mend it", False),
    Odd("no headers", [{"type": "http.response.start", "status": 200}, BODY], "A23", "repaired", BY_SERVERS, "http.response.start", "headers", "no headers", "headers always there"),
    Odd("headers are str", [{**START, "headers": [("x-a", "1")]}, BODY], "A24", "repaired", BY_SPEC, "http.response.start", "headers", "[('x-a', '1')]", "[(b'x-a', b'1')]"),
    Odd("headers are a dict", [{**START, "headers": {b"x-a": b"1"}}, BODY], "A24", "repaired", BY_SPEC, "http.response.start", "headers", "{b'x-a': b'1'}", "[(b'x-a', b'1')]"),
    Odd("one name of three in capitals", [{**START, "headers": [(b"x-a", b"1"), (b"X-B", b"2"), (b"x-c", b"3")]}, BODY], "A24", "repaired", BY_SPEC, "http.response.start", "headers", "[(b'X-B', b'2')]", "[(b'x-b', b'2')]"),
    Odd("a line break in a header", [{**START, "headers": [(b"x-a", b"1\r\nx-b: 2")]}, BODY], "A25", "refused", BY_SPEC, "http.response.start", "headers", r"[(b'x-a', b'1\r\nx-b: 2')]", "cannot mend it", False),
    Odd("transfer-encoding", [{**START, "headers": [(b"transfer-encoding", b"chunked")]}, BODY], "A26", "repaired", BY_SPEC, "http.response.start", "headers", "[(b'transfer-encoding', b'chunked')]", "[]"),
    Odd("blanks around a value", [{**START, "headers": [(b"x-a", b" 1 ")]}, BODY], "A43", "repaired", BY_SPEC, "http.response.start", "headers", "[(b'x-a', b' 1 ')]", "[(b'x-a', b'1')]"),
    Odd("headers are a generator", [lambda: {**START, "headers": (pair for pair in START["headers"])}, BODY], "A50", "repaired", BY_SERVERS, "http.response.start", "headers", "a generator", "a one-shot iterator becomes a list"),
    Odd("http.response.content", [START, {"type": "http.response.content", "body": b"hello"}], "A21", "repaired", BY_SPEC, "http.response.content", "type", "'http.response.content'", "'http.response.body'"),
    Odd("http.response", [{"type": "http.response", "status": 200, "headers": [], "body": b"x"}], "A21", "repaired", BY_SPEC, "http.response", "type", "{'type': 'http.response', ", "the names of 2017"),
    Odd("content", [START, {"type": "http.response.body", "content": b"hello"}], "A22", "repaired", BY_SPEC, "http.response.body", "body", "{'content': b'hello'}", "{'body': b'hello'}"),
    Odd("body is None", [START, {**BODY, "body": None}], "A27", "repaired", BY_SPEC, "http.response.body", "body", "None", "b''"),
    Odd("body is a str", [START, {**BODY, "body": "hello"}], "A27", "refused", BY_SPEC, "http.response.body", "body", "'hello'", "with Quirks(text_body=True) it can", False),
    Odd("two starts", [{**START, "status": 500}, START, BODY], "A28", "repaired", BY_SPEC, "http.response.start", "", "a second http.response.start, before any body", "the second takes"),
    Odd("start only", [START], "A28", "order", BY_SPEC, "http.response.body", "more_body", "returned, and had sent no body with more_body False", "finishes"),
    Odd("more_body and no more", [START, PART], "A28", "order", BY_SPEC, "http.response.body", "more_body", "returned, and had sent no body with more_body False", "finishes"),
    Odd("nothing", [], "A28", "refused", BY_SPEC, "http.response.start", "", "it returned without a response", "and a 500", False),
    Odd("a body for 204", [{**START, "status": 204}, BODY], "A29", "repaired", BY_SPEC, "http.response.body", "body", "b'hello'", "b'': dropped for 204"),
    Odd("a body after the end", [START, BODY, BODY], "A30", "order", BY_SERVERS, "http.response.body", "", "http.response.body after the last body of the response", "drops it"),
    Odd("a start after the end", [START, BODY, START], "A30", "order", BY_SERVERS, "http.response.start", "", "http.response.start after the last body of the response", "drops it"),
    Odd("an unknown event", [{"type": "http.response.trailer"}, START, BODY], "A38", "refused", BY_SPEC, "http.response.trailer", "", "{'type': 'http.response.trailer'}", "Quirks(drop_unknown=True)", False),
    Odd("an extension that is not offered", [START, BODY, {"type": "http.response.trailers", "headers": []}], "A38", "refused", BY_SPEC, "http.response.trailers", "", "{'type': 'http.response.trailers', ", "cannot mend it", False),
    Odd("no event at all", [None, START, BODY], "A38", "refused", BY_SPEC, "", "", "None", "cannot mend it", False),
    Odd("body before start", [BODY], None, "refused", BY_SPEC, "http.response.body", "", "http.response.body comes before http.response.start", "cannot mend it", False),
    Odd("start after the first part", [START, PART, START, BODY], "A28", "refused", BY_SPEC, "http.response.start", "", "http.response.start comes a second time", "cannot mend it", False),
    Odd("more than content-length", [{**START, "headers": [(b"content-length", b"3")]}, BODY], None, "refused", BY_SPEC, "http.response.body", "body", "the body has 2 bytes more than", "cannot mend it", False),
    Odd("less than content-length", [{**START, "headers": [(b"content-length", b"7")]}, BODY], None, "refused", BY_SPEC, "http.response.body", "body", "the body has 2 bytes fewer than", "cannot mend it", False),
    Odd("no dict", [MappingProxyType(START), BODY], None, "repaired", BY_SERVERS, "http.response.start", "", "a mappingproxy is no dict", "makes a dict of it"),
    # fmt: on
]
WEBSOCKET = [
    # fmt: off
    Odd("subprotocol that was not offered", [{**ACCEPT, "subprotocol": "v9"}], "A32", "repaired", BY_SPEC, "websocket.accept", "subprotocol", "'v9'", "leaves it out: "),
    Odd("None for headers", [{**ACCEPT, "headers": None}], "A32", "repaired", BY_SPEC, "websocket.accept", "headers", "None", "leaves it out: "),
    Odd("a message with accept", [{**ACCEPT, "text": "hi"}], "A32", "repaired", BY_SPEC, "websocket.accept", "text", "'hi'", "leaves it out: a first message goes out"),
    Odd("both text and bytes", [ACCEPT, {"type": "websocket.send", "text": "a", "bytes": b"b"}], "A33", "repaired", BY_SPEC, "websocket.send", "text", "{'text': 'a', 'bytes': b'b'}", "{'bytes': b'b'}"),
    Odd("neither text nor bytes", [ACCEPT, {"type": "websocket.send"}], "A33", "repaired", BY_SPEC, "websocket.send", "", "{'type': 'websocket.send'}", "none at all is dropped"),
    Odd("bytes for text", [ACCEPT, {"type": "websocket.send", "text": b"a"}], "A33", "repaired", BY_SPEC, "websocket.send", "text, bytes", "{'text': b'a'}", "{'bytes': b'a'}"),
    Odd("a code that is a str", [ACCEPT, {**CLOSE, "code": "4000"}], "A35", "repaired", BY_SPEC, "websocket.close", "code", "'4000'", "4000"),
    Odd("a code that is never sent", [ACCEPT, {**CLOSE, "code": 1006}], "A35", "repaired", BY_SPEC, "websocket.close", "code", "1006", "1000: a code that may be sent"),
    Odd("a code in words", [ACCEPT, {**CLOSE, "code": "now"}], "A35", "refused", BY_SPEC, "websocket.close", "code", "'now'", "cannot mend it", False),
    Odd("websocket.disconnect that is sent", [ACCEPT, {"type": "websocket.disconnect", "code": 1000}], "A36", "repaired", BY_SPEC, "websocket.disconnect", "type", "'websocket.disconnect'", "'websocket.close'"),
    Odd("close twice", [ACCEPT, CLOSE, CLOSE], "A37", "order", BY_SERVERS, "websocket.close", "", "websocket.close after its own websocket.close", "drops it"),
    Odd("accept twice", [ACCEPT, ACCEPT], None, "refused", BY_SPEC, "websocket.accept", "", "websocket.accept comes a second time", "cannot mend it", False),
    Odd("send before accept", [{"type": "websocket.send", "text": "a"}, ACCEPT], "A34", "refused", BY_SPEC, "websocket.send", "", "websocket.send comes before websocket.accept", "Quirks(implicit_accept=True)", False),
    # fmt: on
]


def assert_odd(odd: Odd, report: Report) -> None:
    finding = the_one(report)
    assert (finding.rule, finding.problem, finding.level) == (odd.rule, odd.problem, odd.level)
    assert (finding.event, finding.field, finding.mended) == (odd.event, odd.field, odd.mended)
    assert finding.sent.startswith(odd.sent), finding
    assert odd.to_asgi3 in finding.to_asgi3, finding
    assert finding.specification


@pytest.mark.parametrize("odd", HTTP, ids=lambda odd: str(odd.what))
def test_an_odd_http_message_is_one_finding(odd: Odd) -> None:
    """One mistake, one finding, seen in every HTTP conversation."""
    report = checked(both_styles(sends(*odd.events))[HTTP.index(odd) % 2])
    assert_odd(odd, report)
    assert "GET /" in the_one(report).conversations


def test_both_styles_have_the_same_findings() -> None:
    """The style is how it is called, and not what it sends."""
    events = [event for odd in HTTP for event in odd.events if odd.what != "headers are a generator"]
    single, double = (checked(app) for app in both_styles(sends(*events)))
    assert single.findings == double.findings and len(single.findings) > 3


@pytest.mark.parametrize("odd", WEBSOCKET, ids=lambda odd: str(odd.what))
def test_an_odd_websocket_message_is_one_finding(odd: Odd) -> None:
    """As above. The client offers one subprotocol, which makes no difference but for A32."""
    app = both_styles(on_websocket(*odd.events))[WEBSOCKET.index(odd) % 2]
    report = checked(app, subprotocols=["chat"])
    assert_odd(odd, report)
    assert "WebSocket / (text)" in the_one(report).conversations


#: Cases of the rules that an application breaks by what it sends, and the table's own opinion on each.
SENT = [
    case
    for case in A_CASES
    if case.scope["type"] in ("http", "websocket")
    and not case.quirks
    and case.scope.get("method") != "HEAD"
    and (
        "strict" in case.expect
        or case.expect.get("error") == "AppMessageError"
        or case.expect.get("repaired")
    )
    and int(case.rule[1:]) > 20
    and case.rule != "A48"
]


@pytest.mark.parametrize("case", SENT, ids=lambda case: f"{case.rule} {case.name}")
def test_whatever_the_rules_mend_or_refuse_is_found(case: Any) -> None:
    """The cases of tests/messages.py, which know nothing of `check`, played by an application."""

    async def play(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != case.scope["type"]:
            raise NotImplementedError(scope["type"])
        for step in case.script:
            if step == "receive":
                await receive()
            elif step[0] == "send":
                await send(step[1]() if callable(step[1]) else step[1])

    report = checked(both_styles(play)[1], subprotocols=case.scope.get("subprotocols") or ())
    assert case.rule in {finding.rule for finding in report.findings}, report


def test_there_are_cases_of_every_rule_about_what_is_sent() -> None:
    """None of them has got lost in the filter above."""
    about = {row.id for row in rules() if row.fault and row.id[0] == "A" and int(row.id[1:]) > 20}
    assert about - {case.rule for case in SENT} == {"A34", "A39", "A48"}  # above, below, the server's


def test_one_mistake_does_not_hide_the_next() -> None:
    """What is refused is not what ends the conversation; what follows from it is not told."""
    report = checked(
        http_only(
            sends(
                {**START, "status": 700, "headers": {"X": "1"}}, {**PART, "body": "x"}, {**BODY, "body": None}
            )
        )
    )
    assert names_of(report) == [("A23", "refused"), ("A27", "refused"), ("A27", "repaired")]


@pytest.mark.parametrize(
    "play",
    [
        sends({"type": "http.response.begin", "status": 200}, PART, BODY),
        on_websocket({"type": "websocket.begin"}, {"type": "websocket.accept", "headers": 5}, ACCEPT),
    ],
)
def test_what_follows_from_a_mistake_is_not_told(play: Any) -> None:
    """A body is no body where the start was not one."""
    report = checked(both_styles(play)[1])
    assert [row.rule for row in report.findings if row.event.endswith("begin")] == ["A38"]
    assert None not in {row.rule for row in report.findings}


def test_two_shapes_of_one_rule_are_two_findings() -> None:
    """A dict in one response and capitals in another are two things to look for."""

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        headers: Any = {"x-a": "1"} if scope["path"] == "/a" else [(b"X-B", b"2")]
        await send({**START, "headers": headers})
        await send(BODY)

    report = checked(app, paths=["/a", "/b"])
    assert [row.sent for row in report.findings] == ["{'x-a': '1'}", "[(b'X-B', b'2')]"]
    assert [name.split(" ")[1] for row in report.findings for name in row.conversations] == ["/a"] * 3 + [
        "/b"
    ] * 3


def test_what_is_changed_after_it_was_sent_was_right() -> None:
    """The event, and the list of headers in it, are those of the moment."""

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        start: Dict[str, Any] = {**START, "headers": [(b"x-a", b"1")]}
        await send(start)
        start["headers"].append("nonsense")
        start["status"] = "nonsense"
        await send(BODY)

    assert checked(app).findings == ()


# -- the order of messages -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "play, rule, did",
    [
        (on_websocket(ACCEPT, until_gone=False), "A44", "left the connection open"),
        (on_websocket(until_gone=False), "A45", "neither accept nor close"),
        (on_websocket(ACCEPT, read=False), "A49", "did not receive websocket.connect"),
    ],
)
def test_what_a_websocket_application_leaves_out(play: Any, rule: str, did: str) -> None:
    """Servers differ about each of these, and one of them hangs or ends."""
    for app in both_styles(play):
        finding = the_one(checked(app))
        assert (finding.rule, finding.problem, finding.mended) == (rule, "order", True)
        assert did in finding.sent


@pytest.mark.parametrize(
    "events, result",
    [
        ([CLOSE], "refused"),
        (
            [
                {"type": "websocket.http.response.start", "status": 401, "headers": []},
                {"type": "websocket.http.response.body", "body": b"no"},
            ],
            "refused with a response, 401",
        ),
    ],
)
@pytest.mark.parametrize("read", [True, False])
def test_to_refuse_a_websocket_is_right(events: Any, result: str, read: bool) -> None:
    """With connect read or not, with a response or without; and it is not tried again with other messages."""
    report = checked(both_styles(on_websocket(*events, read=read, until_gone=False))[0])
    assert report.findings == ()
    sockets = [row for row in report.conversations if row.protocol == "websocket"]
    assert [(row.name, row.result) for row in sockets] == [
        ("WebSocket / (text)", result),
        ("WebSocket (path that is not there)", result),
    ]


def test_to_raise_for_a_path_that_is_not_there_is_a_note() -> None:
    """Channels' router does it."""

    @websocket_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] != "/":
            raise ValueError("No route found")
        await on_websocket(ACCEPT)(scope, receive, send)

    report = checked(app)
    assert report.findings == ()
    (note,) = [one for one in report.notes if one.conversations == ("WebSocket (path that is not there)",)]
    assert note.text.startswith("raised ValueError: No route found, which is a way to refuse")


# -- lifespan ------------------------------------------------------------------------------------


def on_lifespan(*script: Any) -> Any:
    """A double-callable application: receive for None, send an event, raise an error, wait for a name."""

    async def play(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await send(START)
            return await send(BODY)
        if scope["type"] != "lifespan":
            raise NotImplementedError(scope["type"])
        for step in script:
            if isinstance(step, BaseException):
                raise step
            if isinstance(step, str):
                while (await receive())["type"] != step:
                    pass
            elif step is None:
                await receive()
            else:
                await send({"type": f"lifespan.{step}"} if isinstance(step, tuple) else step)

    return both_styles(play)[1]


STARTED = {"type": "lifespan.startup.complete"}
STOPPED = {"type": "lifespan.shutdown.complete"}
CLEANED = {"type": "lifespan.cleanup.complete"}


class Life(NamedTuple):
    """What an application does in lifespan; the findings, or a part of the note."""

    what: str
    script: Sequence[Any]
    findings: Sequence[Tuple[Optional[str], str]]
    note: str
    result: str


LIVES = [
    # fmt: off
    Life("raises", [ValueError("no")], [], "raised ValueError: no", "not spoken"),
    Life("receives, and returns", [None], [], "returned without an answer", "not spoken"),
    Life("answers with a response", [None, START, BODY], [], "answers lifespan.startup with http.response.start", "not spoken"),
    Life("raises after startup", [None, ValueError("no database")], [("A4", "raised")], "", "raised ValueError"),
    Life("cannot start", [None, {"type": "lifespan.startup.failed", "message": "no database"}], [(None, "raised")], "", "start-up failed: no database"),
    Life("cannot stop", [None, STARTED, None, {"type": "lifespan.shutdown.failed", "message": "stuck"}], [(None, "raised")], "", "shutdown failed: stuck"),
    Life("never starts", [None, "nothing"], [(None, "hangs")], "", "not answered"),
    Life("knows cleanup only", [None, STARTED, "lifespan.cleanup", CLEANED], [("A20", "hangs")], "", "started, shutdown not answered"),
    Life("answers cleanup", [None, STARTED, None, CLEANED], [("A39", "repaired")], "", "started and shut down"),
    Life("raises at shutdown", [None, STARTED, None, ValueError("stuck")], [(None, "raised")], "", "raised ValueError"),
    Life("leaves after start-up", [None, STARTED], [], "ended before lifespan.shutdown", "started, shutdown not answered"),
    Life("leaves at shutdown", [None, STARTED, None], [], "ended at shutdown without", "started, shutdown not answered"),
    Life("starts twice", [None, STARTED, STARTED, None, STOPPED], [(None, "refused")], "", "started and shut down"),
    # fmt: on
]


@pytest.mark.parametrize("life", LIVES, ids=lambda life: str(life.what))
def test_lifespan(life: Life) -> None:
    """What is permitted is a note; what keeps servers from starting or stopping is a finding."""
    report = checked(on_lifespan(*life.script))
    assert names_of(report) == life.findings
    assert report.conversations[-1].result == life.result
    about = [note.text for note in report.notes if note.conversations == ("lifespan",)]
    assert life.note in "".join(about) and bool(life.note) == bool(about)


def test_a_cleanup_application_is_mended() -> None:
    """It is run once more through `to_asgi3`, which says lifespan.cleanup to it."""
    finding = the_one(checked(on_lifespan(None, STARTED, "lifespan.cleanup", CLEANED)))
    assert (finding.mended, finding.to_asgi3) == (True, "helps: started and shut down")
    stuck = the_one(checked(on_lifespan(None, STARTED, "nothing")))
    assert stuck.rule == "A20" and not stuck.mended and "does not help" in stuck.to_asgi3


def test_nothing_is_asked_of_what_could_not_start() -> None:
    """A server would have ended."""
    report = checked(on_lifespan(None, {"type": "lifespan.startup.failed"}))
    assert [row.name for row in report.conversations] == ["lifespan"]


# -- what it does --------------------------------------------------------------------------------


def test_an_exception_is_found_with_its_place() -> None:
    """The last line of the traceback, the file, the line and what it had received."""

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        event = await receive()
        event["no such key"]

    finding = the_one(checked(app))
    assert (finding.rule, finding.problem, finding.level) == (None, "raised", "application")
    assert re.match(
        r"KeyError: 'no such key' \(at .*test_check\.py:\d+, in app\), after http\.request", finding.sent
    )
    assert finding.to_asgi3 == "does not help: KeyError: 'no such key'" and not finding.mended
    assert len(finding.conversations) == 3


def test_an_exception_that_to_asgi3_prevents_is_said_to_be() -> None:
    """Quart 0.6 asks for text when bytes is empty: A16 gives it None."""

    @websocket_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(ACCEPT)
        while True:
            event = await receive()
            if event["type"] == "websocket.disconnect":
                return
            data = event["text"] if not event.get("bytes") else event["bytes"]
            assert data is not None or event["bytes"] == b""

    def double(scope: Any) -> Any:
        return functools.partial(app, scope)

    finding = the_one(checked(double))
    assert finding.sent.startswith("KeyError: 'text'") and finding.conversations == (
        "WebSocket / (empty messages)",
    )
    assert finding.mended and finding.to_asgi3 == "helps: accepted, sent nothing"


def test_a_message_that_nobody_expects_may_raise() -> None:
    """A WebSocket that speaks text falls over binary, and that is a note."""

    @websocket_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(ACCEPT)
        while True:
            event = await receive()
            if event["type"] == "websocket.disconnect":
                return
            (event["text"] or "") + ""

    report = checked(app)
    assert report.findings == ()
    assert any("KeyError: 'text'" in note.text for note in report.notes)


@pytest.mark.parametrize("error, found", [(ConnectionResetError("gone"), False), (KeyError("body"), True)])
def test_an_exception_when_the_client_has_left(error: Exception, found: bool) -> None:
    """One that says so is a note; one that comes of not looking at the type is not."""

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        while True:
            event = await receive()
            if event["type"] == "http.disconnect":
                raise error
            if not event["more_body"]:
                break
        await send(START)
        await send(BODY)

    report = checked(app, methods=["POST"])
    assert [row.problem for row in report.findings] == ["raised"] * found
    assert any("when the client had left" in note.text for note in report.notes) is not found


def test_a_protocol_that_is_not_spoken_is_a_note() -> None:
    """It may raise for the scope, before anything else; what speaks WebSocket alone may do it for HTTP."""
    report = checked(both_styles(on_websocket(ACCEPT))[0])
    assert report.findings == ()
    assert any("does not speak HTTP" in note.text for note in report.notes)
    both = checked(both_styles(sends(START, BODY))[0])
    assert both.findings == () and any("does not speak WebSocket" in note.text for note in both.notes)


@pytest.mark.parametrize("play", [sends(START, BODY), on_websocket(ACCEPT)])
def test_an_application_that_does_not_look_at_its_scope(play: Any) -> None:
    """It answers a WebSocket with a response: so did everybody's first application."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(START)
        await send(BODY)

    report = checked(app)
    assert report.findings == ()
    assert [note.rule for note in report.notes] == ["A38", "A4"]


def test_what_always_raises_has_failed() -> None:
    """It speaks nothing at all: HTTP is what it was asked for."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise RuntimeError("not configured")

    finding = the_one(checked(app))
    assert finding.problem == "raised" and finding.sent.startswith("RuntimeError: not configured")


def test_a_constructor_that_gives_nothing_to_call() -> None:
    """The first call of a double-callable forgets its return."""

    def app(scope: Any) -> Any:
        async def instance(receive: Any, send: Any) -> None: ...

    finding = the_one(checked(app))
    assert (finding.rule, finding.problem) == ("A1", "raised") and "None" in finding.sent


def test_a_value_that_is_returned() -> None:
    """uvicorn closes the connection for it; found in every protocol, told once."""

    async def play(scope: Any, receive: Any, send: Any) -> Any:
        await sends(START, BODY)(scope, receive, send)
        return "x"

    for app in both_styles(play):
        finding = the_one(checked(app))
        assert (finding.rule, finding.problem, finding.level) == ("A3", "returned", "servers")
        assert finding.sent == "returned 'x'" and finding.mended


def test_an_answer_that_never_comes() -> None:
    """Bounded by the time-out; what would only be more of it is not tried."""

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(1000)

    begun = time.monotonic()
    report = checked(app, timeout=0.2)
    assert time.monotonic() - begun < 3
    finding = the_one(report)
    assert (finding.problem, finding.conversations) == ("hangs", ("GET /",))
    assert "no response within 0.2 s" in finding.sent and not finding.mended
    assert any(note.text.startswith("not tried") for note in report.notes)


def test_a_websocket_that_is_never_answered() -> None:
    """The same, there."""

    @websocket_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        while True:
            await receive()

    finding = the_one(checked(app, timeout=0.1))
    assert finding.problem == "hangs" and "no answer to websocket.connect" in finding.sent


@pytest.mark.parametrize("pause, timeout", [(0, 60.0), (0.01, 0.2)], ids=["fast", "slow"])
def test_a_stream_without_an_end_is_bounded(
    pause: float, timeout: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In time and in memory: a fast one by what it sends, long before its time is up."""
    monkeypatch.setattr(_peers, "KEPT_BYTES", 200_000)
    monkeypatch.setattr(_peers, "SEEN_EVENTS", 2000)

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(START)
        while True:
            await send({"type": "http.response.body", "body": os.urandom(4096), "more_body": True})
            if pause:
                await asyncio.sleep(pause)

    tracemalloc.start()
    begun = time.monotonic()
    report = checked(app, timeout=timeout)
    assert time.monotonic() - begun < 20
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 4_000_000
    finding = the_one(report)
    assert (finding.rule, finding.problem, finding.level) == ("A18", "stays", "application")
    assert "did not call receive()" in finding.sent and len(finding.conversations) == 3


def test_a_stream_that_ends_with_its_client_is_right() -> None:
    """Server-sent events have no other end."""

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(START)
        await receive()
        gone = asyncio.ensure_future(receive())
        while not gone.done():
            await send({**PART, "body": b"x"})
            await asyncio.sleep(0.01)

    report = checked(app, timeout=0.2)
    assert report.findings == ()
    assert "does not end by itself; it ended when the client left" in {note.text for note in report.notes}


def test_what_receives_the_disconnect_and_goes_on_is_found() -> None:
    """It has been told."""

    @websocket_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(ACCEPT)
        while True:
            await receive()

    finding = the_one(checked(app, timeout=0.2))
    assert (finding.rule, finding.problem) == ("A18", "stays") and "received the disconnect" in finding.sent


def test_work_after_the_response_is_a_note() -> None:
    """Background tasks are nobody's fault."""

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(START)
        await send(BODY)
        await asyncio.sleep(1000)

    report = checked(app, timeout=0.1)
    assert report.findings == ()
    assert any(note.text == "still worked 0.1 s after it had said all: cancelled" for note in report.notes)


def test_what_holds_up_the_loop_is_stopped() -> None:
    """By a signal: nothing else would get a word in."""

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        while True:
            pass

    before = signal.getsignal(signal.SIGALRM)
    finding = the_one(checked(app, timeout=0.3))
    assert finding.problem == "hangs"
    assert re.search(r"held up the event loop for 0\.3 s \(at .*test_check\.py:\d+, in app\)", finding.sent)
    assert "holds up the event loop there too" in finding.to_asgi3
    assert signal.getsignal(signal.SIGALRM) is before and signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_what_holds_up_the_loop_for_a_moment_is_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    """An hour of CPU in a request is no mistake of messages."""
    monkeypatch.setattr(room, "LAG", 0.1)

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        time.sleep(0.25)
        await send(START)
        await send(BODY)

    report = checked(app, timeout=5.0)
    assert report.findings == ()
    assert any(note.text.startswith("held up the event loop for 0.") for note in report.notes)


def test_send_without_await_is_found() -> None:
    """Python's own warning comes later, or never; here it does not come at all."""

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        send(START)
        send(BODY)

    report = checked(app)
    assert [(row.problem, row.event) for row in report.findings] == [
        ("unawaited", "http.response.start"),
        ("unawaited", "http.response.body"),
    ]


def test_send_from_a_task_that_nobody_awaits_is_late() -> None:
    """create_task(send(...)), and return."""

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        async def later() -> None:
            await send(START)
            await send(BODY)

        asyncio.ensure_future(later())

    finding = the_one(checked(app))
    assert (finding.problem, finding.event) == ("late", "http.response.start")


def test_a_task_that_is_left_running_is_a_note_and_ends() -> None:
    """Nothing outlives the check."""
    ended: List[str] = []

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        async def runs_on() -> None:
            try:
                await asyncio.sleep(1000)
            finally:
                ended.append(scope["path"])

        asyncio.ensure_future(runs_on())
        await asyncio.sleep(0)
        await send(START)
        await send(BODY)

    report = checked(app)
    assert report.findings == ()
    assert any("left a task running" in note.text and "runs_on" in note.text for note in report.notes)
    assert ended == ["/"] * 3


@pytest.mark.parametrize("error", [KeyError("apart"), SystemExit(3)])
def test_an_exception_that_nobody_awaits_is_found(error: BaseException) -> None:
    """Even one that would have ended the interpreter."""

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        async def fails() -> None:
            raise error

        asyncio.ensure_future(fails())
        await asyncio.sleep(0)
        await send(START)
        await send(BODY)

    finding = the_one(checked(app))
    assert finding.problem == "raised" and type(error).__name__ in finding.sent


def test_sys_exit_in_a_request_is_an_exception() -> None:
    """The check goes on."""

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        sys.exit("usage")

    assert the_one(checked(app)).sent.startswith("SystemExit: usage")


# -- what it is asked ----------------------------------------------------------------------------


def test_what_the_application_receives() -> None:
    """Whole and in chunks, an empty one among them; text and bytes under one key or both."""
    seen: Dict[str, List[Any]] = {}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            raise NotImplementedError
        log = seen.setdefault(f"{scope['type']} {scope.get('method', '')} {scope['path']}", [])
        log.append([])
        if scope["type"] == "websocket":
            assert scope["subprotocols"] == ["chat", "v2"]
            assert (b"sec-websocket-protocol", b"chat, v2") in scope["headers"]
            await receive()
            await send({**ACCEPT, "subprotocol": "v2"})
            while True:
                event = await receive()
                if event["type"] == "websocket.disconnect":
                    log[-1].append(event["code"])
                    return
                log[-1].append({key: value for key, value in event.items() if key != "type"})
        assert (
            scope["query_string"] == b"q=%20" and scope["raw_path"] == b"/a%20b" and scope["root_path"] == ""
        )
        while True:
            event = await receive()
            log[-1].append(event.get("body"))
            if not event.get("more_body"):
                break
        await send(START)
        await send(BODY)

    report = checked(app, paths=["/a%20b?q=%20"], methods=["PUT", "GET"], subprotocols=["chat", "v2"])
    assert report.findings == ()
    chunks = [b'{"hello": ', b"", b'"world"}']
    assert seen["http PUT /a b"] == [chunks, chunks[:1] + [None], chunks, chunks]
    assert seen["http GET /a b"] == [[b""]]
    assert seen["websocket  /a b"] == [
        [{"text": "hello"}, {"bytes": None, "text": "hello again"}, 1000],
        [{"bytes": b"\x00\xff"}, {"bytes": b"hello", "text": None}, 1000],
        [{"text": ""}, {"bytes": b""}, 1000],
        [1001],
    ]


def test_the_version_is_that_of_the_style() -> None:
    """As servers that call in this style say it."""
    seen: List[str] = []

    async def play(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["asgi"]["version"])
        await sends(START, BODY)(scope, receive, send)

    single, double = both_styles(play)
    checked(single)
    assert set(seen) == {"3.0"}
    seen.clear()
    assert checked(double).called == "double" and set(seen) == {"2.0"}


def test_a_style_that_nothing_tells_is_found_out() -> None:
    """And one that is told is believed."""

    def app(*anything: Any) -> Any:
        return both_styles(sends(START, BODY))[1](*anything)

    assert checked(app, style="double").findings == ()
    report = checked(app, style="single")
    assert report.called == "single" and "raised" in {row.problem for row in report.findings}


def test_quirks_are_those_of_to_asgi3() -> None:
    """What is said of `to_asgi3` is true of it with these choices."""
    app = both_styles(sends(START, {**BODY, "body": "hello"}))[1]
    assert the_one(checked(app)).problem == "refused"
    finding = the_one(checked(app, quirks=Quirks(text_body=True)))
    assert (finding.problem, finding.to_asgi3) == ("repaired", "b'hello'")


def test_quirks_are_those_of_the_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `to_asgi3` makes of it is what it makes of this framework in this version."""
    row = PROFILES["quart-0.6"]
    monkeypatch.setitem(PROFILES, row.name, row._replace(quirks=Quirks(text_body=True)))
    package = types.ModuleType("quart")
    package.__version__ = "0.8.1"  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "quart", package)

    class Quart:
        def __call__(self, scope: Any) -> Any:
            async def instance(receive: Any, send: Any) -> None:
                await send(START)
                await send({**BODY, "body": "text"})

            return instance

    app = Quart()
    assert the_one(checked(app)).problem == "refused"
    Quart.__module__ = "quart.app"
    finding = the_one(checked(app))
    assert (finding.rule, finding.problem) == ("A27", "repaired")


def test_ignored_rules_and_problems_are_notes() -> None:
    """By id, or by what the problem is called."""
    app = both_styles(sends({"type": "http.response.start", "status": "200"}, BODY))[1]
    assert len(checked(app).findings) == 2
    assert checked(app, ignore=["repaired"]).findings == ()
    report = checked(app, ignore=["A23"])
    assert report.findings == ()
    assert {note.text for note in report.notes if note.rule == "A23"} == {
        "ignored: http.response.start headers no headers",
        "ignored: http.response.start status '200'",
    }


def test_every_problem_has_its_name() -> None:
    """What a finding can be is what `PROBLEMS` says, and the documentation."""
    page = (ROOT / "docs" / "check.md").read_text("utf-8")
    for problem in PROBLEMS:
        assert f"`{problem}`" in page
    assert {row.problem for row in room._DEEDS.values()} | {"repaired", "refused"} == set(PROBLEMS)


def test_it_runs_no_loop_inside_a_loop() -> None:
    """It says so, and leaves nothing behind."""

    async def inside() -> None:
        with pytest.raises(RuntimeError, match="event loop of its own"):
            check(right)

    asyncio.run(inside())


def test_it_runs_in_a_thread() -> None:
    """Where there are no signals."""
    found: List[Report] = []
    thread = threading.Thread(target=lambda: found.append(checked(both_styles(sends(START, BODY))[0])))
    thread.start()
    thread.join(30)
    assert found[0].findings == ()


def test_what_is_no_application_is_refused() -> None:
    """As everywhere."""
    with pytest.raises(DetectionError):
        check(None)


# -- what is printed -----------------------------------------------------------------------------


def test_the_text_is_ascii_and_fits() -> None:
    """Whatever the application sends, and however long."""

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({**START, "headers": {"x-\xe9": "\xe9" * 500}})
        raise ValueError("\u20ac" * 300)

    text = as_text("m:app", checked(app))
    assert max(map(len, text.splitlines())) <= 320
    assert "A24  http.response.start: headers  [forbidden by the specification]" in text
    assert "explain A24" in text


def test_the_json_holds_everything() -> None:
    """It can be dumped, and every key is documented."""
    report = checked(both_styles(sends({**START, "status": "200"}, BODY))[1])
    facts = json.loads(json.dumps(as_json("m:app", report)))
    assert (facts["target"], facts["style"], facts["called"]) == ("m:app", "double", "double")
    assert facts["findings"][0]["conversations"] == list(the_one(report).conversations)
    page = (ROOT / "docs" / "check.md").read_text("utf-8")
    for rows in ("conversations", "findings", "notes"):
        for key in facts[rows][0]:
            assert key in page, key


# -- the command ---------------------------------------------------------------------------------

FILES = {
    "odd.py": """
import asyncio

def app(scope):
    async def instance(receive, send):
        print("printed by the application")
        await send({"type": "http.response.start", "status": "200", "headers": []})
        await send({"type": "http.response.body", "body": b"hello"})
    return instance

async def right(scope, receive, send):
    assert scope["type"] == "http"
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"\\xe2\\x82\\xac"})

def create():
    return right

async def immortal(scope, receive, send):
    assert scope["type"] == "http"
    while True:
        try:
            await asyncio.sleep(100)
        except BaseException:
            pass

async def slow(scope, receive, send):
    print("begun", flush=True)
    await asyncio.sleep(100)

async def words(scope, receive, send):
    assert scope["type"] == "http"
    raise ValueError("\\u20ac")

def wsgi(environ, start_response):
    start_response("200 OK", [])
    return [b""]
""",
    "broken.py": "1 / 0\n",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the applications above."""
    directory = tmp_path_factory.mktemp("project")
    for name, text in FILES.items():
        (directory / name).write_text(text, encoding="utf-8")
    return directory


COMMAND = [sys.executable, "-bb", "-W", "error", "-m", "asgi_compat", "check"]


def run(arguments: str, directory: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments.split()],
        cwd=str(directory),
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )


def test_findings_are_status_1(project: Path) -> None:
    """And what the application prints does not come between them."""
    done = run("odd:app", project)
    assert done.returncode == cli.FINDINGS == 1
    assert done.stdout.startswith("odd:app is double-callable") and "A23" in done.stdout
    assert set(done.stderr.split("\n")) == {"printed by the application", ""}


def test_no_findings_are_status_0(project: Path) -> None:
    """With a factory too."""
    for target in ("odd:right", "odd:create --factory"):
        done = run(f"{target} --method GET", project)
        assert (done.returncode, done.stderr) == (cli.CLEAN, "")
        assert done.stdout.endswith("No findings in 5 conversations.\n")


def test_json_is_one_object(project: Path) -> None:
    """On stdout, with nothing beside it."""
    done = run("odd:app --json --path /a --path /b?c=d --method put --subprotocol chat", project)
    facts = json.loads(done.stdout)
    assert done.returncode == 1 and facts["target"] == "odd:app"
    assert {row["path"] for row in facts["conversations"]} == {"", "/a", "/b"}
    assert any(row["name"].startswith("PUT /b?c=d") for row in facts["conversations"])
    assert [row["rule"] for row in facts["findings"]] == ["A23"]


@pytest.mark.parametrize("json_or_not", ["", " --json"])
def test_what_is_no_application_gets_what_inspect_says(project: Path, json_or_not: str) -> None:
    """The same words, the same status."""
    done = run("odd:wsgi" + json_or_not, project)
    inspected = subprocess.run(
        [*COMMAND[:-1], "inspect", "odd:wsgi", *json_or_not.split()],
        cwd=str(project), stdout=subprocess.PIPE, encoding="utf-8", timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (inspected.returncode, inspected.stdout)
    assert done.returncode == cli.NOT_AN_APPLICATION and "a2wsgi" in done.stdout


@pytest.mark.parametrize(
    "arguments, status, said",
    [
        ("nowhere:app", cli.NOT_IMPORTED, "no module 'nowhere'"),
        ("broken:app", cli.NOT_IMPORTED, "ZeroDivisionError"),
        ("odd:nothing", cli.NOT_IMPORTED, "no attribute 'nothing'"),
        ("odd.py", cli.USAGE, "names a file"),
        ("odd:app --path a", cli.USAGE, "begins with a slash"),
        ("odd:app --method G/T", cli.USAGE, "not an HTTP method"),
        ("odd:app --timeout soon", cli.USAGE, "number of seconds"),
        ("odd:app --timeout 0", cli.USAGE, "number of seconds"),
        ("odd:app --subprotocol a,b", cli.USAGE, "one token"),
        ("odd:app --ignore A99", cli.USAGE, "--ignore A99"),
        ("odd:app --quirk nothing=1", cli.USAGE, "no such quirk"),
        ("", cli.USAGE, "module:app"),
    ],
)
def test_a_mistake_has_its_status(
    arguments: str,
    status: int,
    said: str,
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nothing on stdout, no traceback."""
    monkeypatch.syspath_prepend(str(project))
    monkeypatch.chdir(project)
    try:
        assert cli.main(["check", *arguments.split()]) == status
    except SystemExit as left:  # argparse's own way
        assert left.code == status
    for name in ("odd", "broken"):
        sys.modules.pop(name, None)
    printed = capsys.readouterr()
    assert said in printed.err and "Traceback" not in printed.err and printed.out == ""


def test_the_options_reach_it(project: Path) -> None:
    """Style, quirks, what is ignored, and the time."""
    assert run("odd:app --ignore A23 --method GET", project).returncode == 0
    done = run("odd:app --style single --method GET --timeout 0.5", project)
    assert "raised TypeError" in done.stdout and done.returncode == 1


def test_what_cannot_be_cancelled_does_not_keep_it(project: Path) -> None:
    """It swallows every exception, also the one of being collected at the interpreter's end."""
    done = run("odd:immortal --method GET --timeout 0.3", project)
    assert (done.returncode, done.stderr) == (1, "")
    assert "could not be cancelled" in done.stdout


def test_a_terminal_that_knows_ascii_only(project: Path) -> None:
    """What it cannot show is escaped."""
    done = run("odd:words --method GET", project, PYTHONIOENCODING="ascii")
    assert done.returncode == 1 and "ValueError: \\u20ac" in done.stdout and "Traceback" not in done.stderr


def test_ctrl_c_is_not_a_clean_bill(project: Path) -> None:
    """Status 130, one sentence, no report."""
    process = subprocess.Popen(
        [*COMMAND, "odd:slow", "--timeout", "60"], cwd=str(project),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        # A shell's background jobs ignore SIGINT, and so do their children: also whole runs of the tests.
        preexec_fn=functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    try:
        assert process.stderr is not None
        assert process.stderr.readline() == "begun\n"
        process.send_signal(signal.SIGINT)
        out, error = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == 130 and out == ""
    assert error == "asgi-compat: interrupted, and nothing is known\n"
