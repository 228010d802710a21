"""Operations on the events of WebSockets."""

from __future__ import annotations

from typing import Any

import pytest

from asgi_compat._messages.operations.websocket import TextOrBytes
from asgi_compat._messages.schema import MISSING, Unrepairable
from messages.steps import change

SEND, RECEIVE, CLOSE, ACCEPT = "websocket.send", "websocket.receive", "websocket.close", "websocket.accept"
LINE = b"sec-websocket-protocol"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1000, None),
        (MISSING, (1000, False)),
        (None, (1000, True)),
        (1006, (1000, True)),
        ("4000", (4000, True)),
        (4000.0, (4000, True)),
    ],
)
def test_code_may_stand_in_a_frame(value: Any, expected: Any) -> None:
    assert change("code", value, CLOSE, "code") == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("bye", None),
        (MISSING, None),
        (None, (MISSING, False)),
        (b"bye", ("bye", True)),
        ("x" * 200, ("x" * 123, True)),
        ("\u20ac" * 50, ("\u20ac" * 41, True)),
    ],
)
def test_reason_has_at_most_123_bytes(value: Any, expected: Any) -> None:
    assert change("reason", value, CLOSE, "reason") == expected


@pytest.mark.parametrize(("op", "value"), [("code", "x"), ("reason", 5)])
def test_operation_refuses_value(op: str, value: Any) -> None:
    with pytest.raises(Unrepairable):
        change(op, value, CLOSE, op)


def test_text_or_bytes_indexes_the_absent_key_as_none() -> None:
    event = TextOrBytes({"type": RECEIVE, "bytes": b""})
    assert event["text"] is None and "text" not in event
    with pytest.raises(KeyError):
        event["other"]


@pytest.mark.parametrize(
    ("keys", "event", "expected"),
    [
        ("either", {"text": "x"}, {"text": "x"}),
        ("both", {"text": "x"}, {"text": "x", "bytes": None}),
        ("one", {"text": "x"}, None),
    ],
)
def test_either_key_follows_the_quirk(keys: str, event: Any, expected: Any) -> None:
    found = change("either_key", on=RECEIVE, event=event, receive_keys=keys)
    assert found == (None if expected is None else (expected, False))


def test_one_key_drops_none() -> None:
    assert change("one_key", event={"text": None, "bytes": b"x"}) == ({"bytes": b"x"}, False)
    assert change("one_key", event={"bytes": b"x"}) is None


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"text": "x"}, None),
        ({"text": None, "bytes": b"x"}, ({"bytes": b"x"}, False)),
        ({"text": "x", "bytes": b"y"}, ({"bytes": b"y"}, True)),
        ({"bytes": "x"}, ({"text": "x"}, True)),
        ({"bytes": bytearray(b"x")}, ({"bytes": b"x"}, True)),
        ({}, (MISSING, True)),
    ],
)
def test_send_key_leaves_one_of_the_right_type(event: Any, expected: Any) -> None:
    assert change("send_key", on=SEND, event=event) == expected


def test_both_keys_is_a_quirk() -> None:
    assert change("both_keys", event={"text": "x"}) is None
    expected = ({"text": "x", "bytes": None}, False)
    assert change("both_keys", event={"text": "x"}, both_send_keys=True) == expected


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({}, None),
        ({"subprotocol": "a"}, None),
        ({"subprotocol": b"a"}, ({"subprotocol": "a"}, True)),
        ({"headers": [(LINE, b"a"), (b"x", b"y")]}, ({"headers": [(b"x", b"y")], "subprotocol": "a"}, True)),
        ({"subprotocol": "a", "headers": [(LINE, b"b")]}, ({"subprotocol": "a", "headers": []}, True)),
        ({"subprotocol": "other"}, ({}, True)),
    ],
)
def test_subprotocol_is_offered_and_no_header(event: Any, expected: Any) -> None:
    quirks = {"unoffered_subprotocol": "drop"}
    assert change("subprotocol", on=ACCEPT, event=event, scope={"subprotocols": ["a"]}, **quirks) == expected


def test_subprotocol_not_offered_is_refused_by_quirk() -> None:
    with pytest.raises(Unrepairable, match="offered"):
        change(
            "subprotocol", on=ACCEPT, event={"subprotocol": "b"}, scope={"subprotocols": ["a"]},
            unoffered_subprotocol="error",
        )  # fmt: skip
