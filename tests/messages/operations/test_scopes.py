"""Operations on the other fields of scopes."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import pytest

from asgi_compat._messages.operations.scopes import read_version
from asgi_compat._messages.schema import MISSING, Unrepairable
from messages.steps import change

READ_ONLY = MappingProxyType({"version": "3.0", "spec_version": "2.4", "x": 1})


@pytest.mark.parametrize(
    ("op", "value", "event", "expected"),
    [
        ("asgi2", None, {}, ({"version": "2.0", "spec_version": "2.0"}, False)),
        (
            "asgi2",
            {"version": "3.0", "spec_version": "2.5"},
            {},
            ({"version": "2.0", "spec_version": "2.1"}, False),
        ),
        ("asgi2", {"version": "2.0", "spec_version": "2.1"}, {}, None),
        ("asgi2", READ_ONLY, {}, ({"version": "2.0", "spec_version": "2.1", "x": 1}, False)),
        ("asgi3", {}, {}, ({"version": "3.0", "spec_version": "2.0"}, False)),
        ("asgi3", READ_ONLY, {}, ({"version": "3.0", "spec_version": "2.0", "x": 1}, False)),
        ("complete_asgi", {"version": "3.0"}, {}, None),
        ("complete_asgi", {"version": "2.0", "spec_version": "2.0"}, {}, None),
        ("complete_asgi", "3.0", {}, ({"version": "3.0", "spec_version": "2.0"}, False)),
        ("complete_asgi", READ_ONLY, {}, (dict(READ_ONLY), False)),
        ("complete_asgi", {"version": "3.0", "spec_version": None}, {}, ({"version": "3.0"}, False)),
        ("complete_asgi", {"version": 3.0, "spec_version": 2.4}, {}, ({"version": "3.0"}, False)),
        ("ws_scheme", "https", {}, ("wss", True)),
        ("ws_scheme", MISSING, {"server": ("h", 443)}, ("wss", False)),
        ("ws_scheme", None, {"extensions": {"tls": {}}}, ("wss", False)),
        ("ws_scheme", MISSING, {"server": ("h", 80)}, ("ws", False)),
        ("offered", None, {}, ({}, False)),
        ("offered", {"websocket.http.response.start": {}}, {}, ({"websocket.http.response": {}}, False)),
        ("denial", None, {}, ({"websocket.http.response": {}}, False)),
        ("denial", {"websocket.http.response": {}}, {}, None),
    ],
)
def test_operation_changes_field(op: str, value: Any, event: Any, expected: Any) -> None:
    assert change(op, value, event=event) == expected


@pytest.mark.parametrize(("op", "value"), [("ws_scheme", 5), ("offered", [])])
def test_operation_refuses_field(op: str, value: Any) -> None:
    with pytest.raises(Unrepairable):
        change(op, value, event={})


def test_read_version_word_is_higher_than_numbers() -> None:
    assert read_version("2.1.x.y") == (2, 1, 10**6) and read_version("2.x") > read_version("2.99999")
