"""Operations on single values."""

from __future__ import annotations

from enum import IntEnum
from http import HTTPStatus
from typing import Any

import pytest

from asgi_compat._messages.operations.values import encode_utf8, read_int
from asgi_compat._messages.schema import MISSING, Unrepairable
from messages.steps import change

BODY, START, CLOSE = "http.response.body", "http.response.start", "websocket.disconnect"


class Number(IntEnum):
    """An int with a name."""

    ONE = 1


@pytest.mark.parametrize(
    ("op", "on", "field", "value", "expected"),
    [
        ("bytes", BODY, "body", b"x", None),
        ("bytes", BODY, "body", MISSING, (b"", False)),
        ("bytes", BODY, "body", None, (b"", True)),
        ("bytes", BODY, "body", bytearray(b"x"), (b"x", True)),
        ("bool", BODY, "more_body", True, None),
        ("bool", BODY, "more_body", MISSING, (False, False)),
        ("bool", BODY, "more_body", 1, (True, True)),
        ("int", CLOSE, "code", 1000, None),
        ("int", CLOSE, "code", None, (1005, True)),
        ("int", CLOSE, "code", MISSING, (1005, False)),
        ("int", CLOSE, "code", Number.ONE, (1, False)),
        ("status", START, "status", 200, None),
        ("status", START, "status", "404", (404, True)),
        ("status", START, "status", HTTPStatus.OK, (200, False)),
        ("missing", START, "headers", MISSING, ([], False)),
        ("missing", START, "headers", None, None),
        ("dropped", START, "trailers", True, (MISSING, False)),
        ("dropped", START, "trailers", MISSING, None),
        ("none_absent", "websocket.accept", "subprotocol", None, (MISSING, False)),
        ("none_absent", "websocket.accept", "headers", None, (MISSING, True)),
        ("encode", "http", "query_string", "a=b", (b"a=b", True)),
        ("encode", "http", "query_string", b"", None),
        ("decode", "http", "root_path", b"/x", ("/x", True)),
        ("decode", "http", "root_path", MISSING, ("", False)),
    ],
)
def test_operation_changes_value(op: str, on: str, field: str, value: Any, expected: Any) -> None:
    found = change(op, value, on, field)
    assert found == expected
    assert found is None or type(found[0]) is type(expected[0])


@pytest.mark.parametrize(
    ("op", "on", "field", "value"),
    [
        ("bytes", BODY, "body", 7),
        ("body", BODY, "body", "x"),
        ("int", CLOSE, "code", "x"),
        ("status", START, "status", 600),
        ("status", START, "status", 100),
        ("status", START, "status", True),
        ("status", START, "status", MISSING),
        ("encode", "http", "query_string", "\ud800"),
        ("decode", "http", "root_path", 1),
    ],
)
def test_operation_refuses_value(op: str, on: str, field: str, value: Any) -> None:
    with pytest.raises(Unrepairable):
        change(op, value, on, field)


def test_body_text_by_quirk_is_encoded() -> None:
    assert change("body", "\u20ac", BODY, "body", text_body=True) == ("\u20ac".encode(), True)


def test_old_keys_current_key_wins() -> None:
    event = {"type": BODY, "content": b"old", "more_content": True}
    assert change("old_keys", on=BODY, event=event) == (
        {"type": BODY, "body": b"old", "more_body": True},
        True,
    )
    assert change("old_keys", on=BODY, event={"type": BODY, "content": b"old", "body": b"new"}) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1, 1), ("12", 12), (b"12", 12), (2.0, 2), (2.5, None), (True, None), ("1" * 7, None), ("\u0664", None)],
)
def test_read_int_returns_int_or_none(value: Any, expected: Any) -> None:
    assert read_int(value) == expected


def test_encode_utf8_lone_surrogate_raises() -> None:
    assert encode_utf8("\u20ac") == b"\xe2\x82\xac"
    with pytest.raises(Unrepairable):
        encode_utf8("\ud800")
