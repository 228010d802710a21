"""Conversations have the scope and the events that a server gives."""

from __future__ import annotations

from typing import Any, Callable, Dict, Tuple

import pytest

from asgi_compat.testing import (
    http,
    websocket,
)


def test_http_conversation_has_the_scope_of_a_server() -> None:
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


def test_websocket_conversation_has_the_scope_of_a_server() -> None:
    """The same for a WebSocket, and the subprotocols stand in the header too."""
    scope = websocket("/ws", subprotocols=["a", "b"], scope={"scheme": "wss"}).scope
    assert scope["subprotocols"] == ["a", "b"] and scope["scheme"] == "wss" and "method" not in scope
    assert dict(scope["headers"])[b"sec-websocket-protocol"] == b"a, b"


MISTAKES: Dict[str, Tuple[Callable[[], Any], type, str]] = {
    "path first": (lambda: http("/tasks"), ValueError, r"http\('GET', '/tasks'\)"),
    "a text body": (lambda: http(body="a"), TypeError, r"text\.encode\(\)"),  # type: ignore[arg-type]
    "text chunks": (lambda: http(body=["a"]), TypeError, "expected bytes"),  # type: ignore[list-item]
    "a query in the path": (lambda: http("GET", "/a?b=1"), ValueError, "'/a', query='b=1'"),
    "no slash": (lambda: websocket("a"), ValueError, "begins with '/'"),
    "a number for a header": (lambda: http(headers={"x": 1}), TypeError, "got 1"),
    "a negative disconnect": (lambda: http(disconnect=-1), ValueError, "disconnect: got -1"),
    "one message": (lambda: websocket(send="hi"), TypeError, r"send=\['hi'\]"),
    "a dict as a message": (lambda: websocket(send=[{}]), TypeError, "REPLY"),  # type: ignore[list-item]
    "one subprotocol": (lambda: websocket(subprotocols="a"), TypeError, r"\['a'\]"),
}  # fmt: skip


@pytest.mark.parametrize("call, kind, words", MISTAKES.values(), ids=MISTAKES.keys())
def test_mistake_is_an_error_with_the_remedy(call: Callable[[], Any], kind: type, words: str) -> None:
    """Each is an error that says what to write."""
    with pytest.raises(kind, match=words):  # type: ignore[call-overload]
        call()
