"""The error of the side that sent a message."""

from __future__ import annotations

from typing import Any

import pytest

from asgi_compat import AppMessageError, MessageError
from asgi_compat._messages.errors import message_error, safe_type, strict_error
from asgi_compat._messages.table import TABLE


def error(event: Any, field: Any, remedy: str = "", header: Any = None, found: str = "") -> MessageError:
    return message_error(AppMessageError, "A23", event, field, "an int", remedy, header, found)


def test_message_error_names_type_field_value_expectation_and_rule() -> None:
    found = error({"type": "http.response.start", "status": "x"}, "status")
    assert str(found) == "http.response.start: status: got str 'x', expected an int (explain A23)"
    assert (found.rule, found.field, found.got, found.message_type) == (
        "A23", "status", "x", "http.response.start"
    )  # fmt: skip


def test_message_error_secret_value_is_described_only() -> None:
    found = error({"type": "http.response.body", "body": "secret"}, "body")
    assert "secret" not in str(found) and found.got == "secret"


def test_message_error_header_is_named_and_headers_are_not_shown() -> None:
    found = error(
        {"type": "t", "headers": [(b"x-id", b"secret")]}, "headers", "send bytes", b"x-id", "got int"
    )
    assert str(found) == "t: header b'x-id': got int, expected an int; send bytes (explain A23)"


def test_message_error_missing_field_shows_no_value() -> None:
    found = error({"type": "t"}, "status")
    assert str(found) == "t: status: missing, expected an int (explain A23)" and found.got is None


@pytest.mark.parametrize("kind", ["x" * 500, "a\nb", object(), None])
def test_safe_type_any_object_is_one_short_line(kind: Any) -> None:
    assert "\n" not in safe_type(kind) and len(safe_type(kind)) < 200


@pytest.mark.parametrize(
    "event, field, text",
    [
        (
            {"type": "http.request", "body": 7},
            "body",
            "http.request: body: got int, expected bytes; strict mode repairs nothing (explain A1)",
        ),
        (
            {"type": "websocket.close", "code": 403},
            "code",
            "websocket.close: code: got int 403, expected a value that needs no repair;"
            " strict mode repairs nothing: 1000 for the others (explain A1)",
        ),
        (
            {"type": "websocket.send"},
            None,
            "websocket.send: got dict of length 1, expected an event that needs no repair;"
            " strict mode repairs nothing: 1000 for the others (explain A1)",
        ),
    ],
    ids=["another kind", "another value", "several fields"],
)
def test_strict_error_says_the_kind_or_what_the_rule_makes(event: Any, field: Any, text: str) -> None:
    rows = [row for row in TABLE.fields if row.type == event["type"]]
    row = next((row for row in rows if row.name == field), tuple(rows))
    found = strict_error(AppMessageError, "A1", event, field, row, "1000 for the others")
    assert str(found) == text and found.field == field and found.got == event.get(field, event)
