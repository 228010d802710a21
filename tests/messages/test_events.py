"""Events of extensions, and events made of several parts."""

from __future__ import annotations

from typing import Any

import pytest

from asgi_compat import AppMessageError, ServerMessageError
from asgi_compat._messages.events import (
    announced,
    end_of_body,
    failure_message,
    is_head,
    is_last,
    joined_request,
    read_event,
    read_flag,
    read_type,
    snapshot,
    split_accept,
    split_response,
    with_content_keys,
)


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


class Text(str):
    """A str that is not quite one."""


class Untrue:
    """A value without a truth."""

    def __bool__(self) -> bool:
        raise RuntimeError


@pytest.mark.parametrize(
    ("method", "expected"), [("HEAD", True), ("head", False), ("GET", False), (b"HEAD", False), (None, False)]
)
def test_is_head_by_the_method(method: Any, expected: bool) -> None:
    assert is_head({"method": method}) is expected and not is_head({})


def test_read_type_of_a_subclass_of_str_is_a_str() -> None:
    assert type(read_type({"type": Text("x")})) is str


@pytest.mark.parametrize("event", [None, {}, {"type": 1}, {"type": b"x"}, "text", 7])
def test_read_event_refuses_what_is_no_event(event: Any) -> None:
    with pytest.raises(ServerMessageError, match="receive"):
        read_event(event)


def test_read_event_that_is_right_is_the_same_object() -> None:
    event = {"type": "http.request", "body": b""}
    assert read_event(event) is event


def test_read_event_of_another_mapping_is_a_dict() -> None:
    from collections import UserDict

    out = read_event(UserDict(type=Text("x"), body=b""))
    assert type(out) is dict and type(out["type"]) is str and out == {"type": "x", "body": b""}


def test_snapshot_copies_what_an_application_can_change() -> None:
    pair = [b"a", b"b"]
    event = {"type": "http.response.start", "headers": [pair]}
    out = snapshot(event)
    pair[1] = b"c"
    event["headers"].append((b"d", b"e"))  # type: ignore[attr-defined]
    assert out["headers"] == [(b"a", b"b")]


@pytest.mark.parametrize(("event", "expected"), [({}, False), ({"more": 1}, True), ({"more": None}, False)])
def test_read_flag_is_the_truth_of_a_field(event: Any, expected: bool) -> None:
    assert read_flag(event, "more") is expected


def test_read_flag_of_a_value_without_a_truth_is_an_error() -> None:
    with pytest.raises(AppMessageError) as caught:
        read_flag({"type": "http.response.zerocopysend", "more_body": Untrue()}, "more_body")
    assert caught.value.field == "more_body"


@pytest.mark.parametrize(
    ("event", "expected"),
    [({}, True), ({"more_body": None}, True), ({"more_body": False}, True), ({"more_body": True}, False)],
)
def test_is_last_unless_more_is_to_come(event: Any, expected: bool) -> None:
    assert is_last(event) is expected


def test_failure_message_is_printable_and_never_missing() -> None:
    assert failure_message({"type": "lifespan.startup.failed", "message": "no\n"}) == "no\\n"
    for empty in ({}, {"message": ""}, {"message": None}):
        assert failure_message(empty, "unknown") == "unknown" and failure_message(empty) == ""


def test_end_of_body_is_new_each_time() -> None:
    assert end_of_body() == {"type": "http.response.body", "body": b"", "more_body": False}
    assert end_of_body() is not end_of_body()


def test_with_content_keys_renames_two_and_leaves_the_rest() -> None:
    event = {"type": "http.request", "body": b"x", "more_body": True, "other": 1}
    assert with_content_keys(event) == {
        "type": "http.request", "content": b"x", "more_content": True, "other": 1,
    }  # fmt: skip


def test_joined_request_is_the_last_part_with_the_whole_body() -> None:
    last = {"type": "http.request", "body": b"c", "more_body": False}
    assert joined_request(last, [b"a", b"b", b"c"]) == {**last, "body": b"abc"}
