"""Events of extensions, and events made of several parts."""

from __future__ import annotations

from typing import Any

import pytest

from asgi_compat._messages.events import announced, split_accept, split_response


@pytest.mark.parametrize(
    ("kind", "extensions", "expected"),
    [
        ("http.response.push", {"http.response.push": {}}, True),
        ("websocket.http.response.start", {"websocket.http.response": {}}, True),
        ("http.response.pushed", {"http.response.push": {}}, False),
        ("http.response.push", None, False),
        ("http.response.push", ["http.response.push"], False),
        ("http.response.push", {1: {}}, False),
        (b"http.response.push", {"http.response.push": {}}, False),
    ],
)
def test_announced_follows_the_names_of_extensions(kind: Any, extensions: Any, expected: bool) -> None:
    assert announced(kind, {"extensions": extensions}) is expected


def test_announced_scope_without_extensions_is_false() -> None:
    assert not announced("http.response.push", {})


def test_split_response_gives_start_and_body() -> None:
    event = {"type": "http.response", "status": 200, "headers": [], "content": b"x"}
    assert split_response(event, ("start", "body")) == (
        {"type": "start", "status": 200, "headers": []},
        {"type": "body", "content": b"x"},
    )
    assert event["type"] == "http.response"


def test_split_accept_without_message_is_the_same_object() -> None:
    event = {"type": "websocket.accept"}
    assert split_accept(event) == (event, None) and split_accept(event)[0] is event


def test_split_accept_message_follows_the_accept() -> None:
    event = {"type": "websocket.accept", "text": "x", "bytes": None}
    assert split_accept(event) == ({"type": "websocket.accept"}, {"type": "websocket.send", "text": "x"})
    assert split_accept({"type": "websocket.accept", "text": None}) == ({"type": "websocket.accept"}, None)
