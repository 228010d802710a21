"""Each shape of a message that the rules repair or refuse is one finding."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Dict, NamedTuple, Optional, Sequence

import pytest
from messages.cases import A_CASES

from asgi_compat import rules
from asgi_compat.check import Report

from .applications import (
    ACCEPT,
    BODY,
    CLOSE,
    PART,
    START,
    both_styles,
    checked,
    http_only,
    on_websocket,
    sends,
    the_one,
)


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
    fixed: bool = True


BY_SPEC, BY_SERVERS = "specification", "servers"
HTTP = [
    # fmt: off
    Odd("status is a str", [{**START, "status": "200"}, BODY], "A23", "repaired", BY_SPEC, "http.response.start", "status", "'200'", "200"),
    Odd("status is impossible", [{**START, "status": 700}, BODY], "A23", "refused", BY_SPEC, "http.response.start", "status", "700", "cannot repair it", False),
    Odd("no status", [{"type": "http.response.start", "headers": []}, BODY], "A23", "refused", BY_SPEC, "http.response.start", "status", "no status", "cannot repair it", False),
    Odd("no headers", [{"type": "http.response.start", "status": 200}, BODY], "A23", "repaired", BY_SERVERS, "http.response.start", "headers", "no headers", "headers always there"),
    Odd("headers are str", [{**START, "headers": [("x-a", "1")]}, BODY], "A24", "repaired", BY_SPEC, "http.response.start", "headers", "[('x-a', '1')]", "[(b'x-a', b'1')]"),
    Odd("headers are a dict", [{**START, "headers": {b"x-a": b"1"}}, BODY], "A24", "repaired", BY_SPEC, "http.response.start", "headers", "{b'x-a': b'1'}", "[(b'x-a', b'1')]"),
    Odd("one name of three in capitals", [{**START, "headers": [(b"x-a", b"1"), (b"X-B", b"2"), (b"x-c", b"3")]}, BODY], "A24", "repaired", BY_SPEC, "http.response.start", "headers", "[(b'X-B', b'2')]", "[(b'x-b', b'2')]"),
    Odd("a line break in a header", [{**START, "headers": [(b"x-a", b"1\r\nx-b: 2")]}, BODY], "A25", "refused", BY_SPEC, "http.response.start", "headers", r"[(b'x-a', b'1\r\nx-b: 2')]", "cannot repair it", False),
    Odd("transfer-encoding", [{**START, "headers": [(b"transfer-encoding", b"chunked")]}, BODY], "A26", "repaired", BY_SPEC, "http.response.start", "headers", "[(b'transfer-encoding', b'chunked')]", "[]"),
    Odd("blanks around a value", [{**START, "headers": [(b"x-a", b" 1 ")]}, BODY], "A43", "repaired", BY_SPEC, "http.response.start", "headers", "[(b'x-a', b' 1 ')]", "[(b'x-a', b'1')]"),
    Odd("headers are a generator", [lambda: {**START, "headers": (pair for pair in START["headers"])}, BODY], "A50", "repaired", BY_SERVERS, "http.response.start", "headers", "a generator", "a one-shot iterator becomes a list"),
    Odd("http.response.content", [START, {"type": "http.response.content", "body": b"hello"}], "A21", "repaired", BY_SPEC, "http.response.content", "type", "'http.response.content'", "'http.response.body'"),
    Odd("http.response", [{"type": "http.response", "status": 200, "headers": [], "body": b"x"}], "A21", "repaired", BY_SPEC, "http.response", "type", "{'type': 'http.response', ", "the names of 2017"),
    Odd("content", [START, {"type": "http.response.body", "content": b"hello"}], "A22", "repaired", BY_SPEC, "http.response.body", "body", "{'content': b'hello'}", "{'body': b'hello'}"),
    Odd("two content-lengths", [{**START, "headers": [(b"content-length", b"5")] * 2}, BODY], "A26", "repaired", BY_SPEC, "http.response.start", "headers", "[(b'content-length', b'5'), ", "of content-lengths that are equal one stays"),
    Odd("two content-lengths that differ", [{**START, "headers": [(b"content-length", b"5"), (b"content-length", b"6")]}, BODY], "A26", "refused", BY_SPEC, "http.response.start", "headers", "[(b'content-length', b'5'), ", "cannot repair it", False),
    Odd("body is None", [START, {**BODY, "body": None}], "A27", "repaired", BY_SPEC, "http.response.body", "body", "None", "b''"),
    Odd("body is a str", [START, {**BODY, "body": "hello"}], "A27", "refused", BY_SPEC, "http.response.body", "body", "'hello'", "Quirks(text_body=True) helps", True),
    Odd("two starts", [{**START, "status": 500}, START, BODY], "A28", "repaired", BY_SPEC, "http.response.start", "", "a second http.response.start, before any body", "the second replaces"),
    Odd("start only", [START], "A28", "order", BY_SPEC, "http.response.body", "more_body", "returned without a body whose more_body is False", "finishes"),
    Odd("more_body and no more", [START, PART], "A28", "order", BY_SPEC, "http.response.body", "more_body", "returned without a body whose more_body is False", "finishes"),
    Odd("nothing", [], "A28", "refused", BY_SPEC, "http.response.start", "", "it returned without a response", "and a 500", False),
    Odd("a body for 204", [{**START, "status": 204}, BODY], "A29", "repaired", BY_SPEC, "http.response.body", "body", "b'hello'", "b'': dropped for 204"),
    Odd("a body after the end", [START, BODY, BODY], "A30", "order", BY_SERVERS, "http.response.body", "", "http.response.body after the last body of the response", "drops it"),
    Odd("a start after the end", [START, BODY, START], "A30", "order", BY_SERVERS, "http.response.start", "", "http.response.start after the last body of the response", "drops it"),
    Odd("an unknown event", [{"type": "shop.metrics"}, START, BODY], "A38", "refused", BY_SPEC, "shop.metrics", "", "{'type': 'shop.metrics'}", "Quirks(drop_unknown=True)", True),
    Odd("an extension that is not offered", [START, BODY, {"type": "http.response.trailers", "headers": []}], "A38", "refused", BY_SPEC, "http.response.trailers", "", "{'type': 'http.response.trailers', ", "Quirks(drop_unknown=True) helps", True),
    Odd("no event at all", [None, START, BODY], "A38", "refused", BY_SPEC, "", "", "None", "cannot repair it", False),
    Odd("body before start", [BODY], None, "refused", BY_SPEC, "http.response.body", "", "http.response.body comes before http.response.start", "cannot repair it", False),
    Odd("start after the first part", [START, PART, START, BODY], "A28", "refused", BY_SPEC, "http.response.start", "", "http.response.start comes a second time", "cannot repair it", False),
    Odd("more than content-length", [{**START, "headers": [(b"content-length", b"3")]}, BODY], None, "refused", BY_SPEC, "http.response.body", "body", "the body has 2 bytes more than", "cannot repair it", False),
    Odd("less than content-length", [{**START, "headers": [(b"content-length", b"7")]}, BODY], None, "refused", BY_SPEC, "http.response.body", "body", "the body has 2 bytes fewer than", "cannot repair it", False),
    Odd("no dict", [MappingProxyType(START), BODY], None, "repaired", BY_SERVERS, "http.response.start", "", "a mappingproxy is not a dict", "makes it a dict"),
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
    Odd("a code in words", [ACCEPT, {**CLOSE, "code": "now"}], "A35", "refused", BY_SPEC, "websocket.close", "code", "'now'", "cannot repair it", False),
    Odd("websocket.disconnect that is sent", [ACCEPT, {"type": "websocket.disconnect", "code": 1000}], "A36", "repaired", BY_SPEC, "websocket.disconnect", "type", "'websocket.disconnect'", "'websocket.close'"),
    Odd("close twice", [ACCEPT, CLOSE, CLOSE], "A37", "order", BY_SERVERS, "websocket.close", "", "websocket.close after its own websocket.close", "drops it"),
    Odd("accept twice", [ACCEPT, ACCEPT], None, "refused", BY_SPEC, "websocket.accept", "", "websocket.accept comes a second time", "cannot repair it", False),
    Odd("send before accept", [{"type": "websocket.send", "text": "a"}], "A34", "refused", BY_SPEC, "websocket.send", "", "websocket.send comes before websocket.accept", "Quirks(implicit_accept=True)", True),
    # With the quirk, accept would come a second time.
    Odd("send before a late accept", [{"type": "websocket.send", "text": "a"}, ACCEPT], "A34", "refused", BY_SPEC, "websocket.send", "", "websocket.send comes before websocket.accept", "on every server", False),
    # fmt: on
]


def assert_odd(odd: Odd, report: Report) -> None:
    finding = the_one(report)
    assert (finding.rule, finding.problem, finding.level) == (odd.rule, odd.problem, odd.level)
    assert (finding.event, finding.field, finding.fixed) == (odd.event, odd.field, odd.fixed)
    assert finding.sent.startswith(odd.sent), finding
    assert odd.to_asgi3 in finding.to_asgi3, finding
    assert finding.specification


@pytest.mark.parametrize("odd", HTTP, ids=lambda odd: str(odd.what))
def test_odd_http_message_is_one_finding(odd: Odd) -> None:
    """One mistake, one finding, seen in every HTTP conversation."""
    # A28 is about old applications.
    report = checked(both_styles(sends(*odd.events))[1 if odd.rule == "A28" else HTTP.index(odd) % 2])
    assert_odd(odd, report)
    assert "GET /" in the_one(report).conversations


@pytest.mark.parametrize("odd", WEBSOCKET, ids=lambda odd: str(odd.what))
def test_odd_websocket_message_is_one_finding(odd: Odd) -> None:
    """As above. The client offers one subprotocol, which makes no difference but for A32."""
    app = both_styles(on_websocket(*odd.events))[WEBSOCKET.index(odd) % 2]
    report = checked(app, subprotocols=["chat"])
    assert_odd(odd, report)
    assert "WebSocket / (text)" in the_one(report).conversations


def test_body_that_is_a_number_is_offered_no_quirk_for_text() -> None:
    report = checked(both_styles(sends(START, {**BODY, "body": 7}))[0])
    assert "text_body" not in the_one(report).to_asgi3


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
    # The others are announced by no server of `check`.
    and isinstance(case.scope.get("extensions") or {}, dict)
    and set(case.scope.get("extensions") or ()) <= {"websocket.http.response"}
    and int(case.rule[1:]) > 20
    and case.rule not in ("A48", "A53")
]


@pytest.mark.parametrize("case", SENT, ids=lambda case: f"{case.rule} {case.name}")
def test_every_case_of_the_rules_is_found(case: Any) -> None:
    """The cases of tests/messages/cases.py, which know nothing of `check`, played by an application."""

    async def play(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != case.scope["type"]:
            raise NotImplementedError(scope["type"])
        for step in case.script:
            if step == "receive":
                await receive()
            elif step[0] in ("send", "try"):
                await send(step[1]() if callable(step[1]) else step[1])

    report = checked(both_styles(play)[1], subprotocols=case.scope.get("subprotocols") or ())
    assert case.rule in {finding.rule for finding in report.findings}, report


def test_cases_cover_every_rule_about_what_is_sent() -> None:
    """None of them has got lost in the filter above."""
    about = {
        row.id
        for row in rules()
        if row.fault and row.id[0] == "A" and int(row.id[1:]) > 20 and not row.event.startswith("lifespan")
    }
    assert about - {case.rule for case in SENT} == {"A34", "A48"}  # above, the server's


def test_header_that_is_dropped_says_why() -> None:
    """Its type is what the specification says: that alone is no reason."""
    start = {**START, "headers": [(b"transfer-encoding", b"chunked")]}
    finding = the_one(checked(both_styles(sends(start, BODY))[0]))
    assert "framing is the server's" in finding.specification
    assert finding.to_asgi3.startswith("[]: transfer-encoding and pseudo headers are dropped")
    differ = {**START, "headers": [(b"content-length", b"5"), (b"content-length", b"6")]}
    refused = the_one(checked(both_styles(sends(differ, BODY))[0]))
    assert "one length: framing is the server's" in refused.specification


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


def test_change_after_sending_is_not_found() -> None:
    """The event, and the list of headers in it, are those of the moment."""

    @http_only
    async def app(scope: Any, receive: Any, send: Any) -> None:
        start: Dict[str, Any] = {**START, "headers": [(b"x-a", b"1")]}
        await send(start)
        start["headers"].append("nonsense")
        start["status"] = "nonsense"
        await send(BODY)

    assert checked(app).findings == ()


def test_both_styles_have_the_same_findings() -> None:
    """The style is how it is called, and not what it sends."""
    events = [event for odd in HTTP for event in odd.events if odd.what != "headers are a generator"]
    single, double = (checked(app) for app in both_styles(sends(*events)))
    assert single.findings == double.findings and len(single.findings) > 3
