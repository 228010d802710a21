"""What a current application sees and sends behind a layer of ASGI 2."""

from __future__ import annotations

from collections import OrderedDict, UserDict
from typing import Any, Dict

import pytest

from asgi_compat._messages.between import with_optional_keys, without_current_extensions
from asgi_compat._messages.specification import EVENTS


@pytest.mark.parametrize(
    ("event", "lacking"),
    [
        ({"type": "http.response.start", "status": 200}, {"headers": []}),
        ({"type": "http.response.body"}, {"body": b"", "more_body": False}),
        ({"type": "http.response.body", "body": b"x"}, {"more_body": False}),
        ({"type": "websocket.accept"}, {"subprotocol": None}),
        ({"type": "websocket.close"}, {"code": 1000}),
        ({"type": "websocket.http.response.start", "status": 403}, {"headers": []}),
        ({"type": "websocket.http.response.body"}, {"body": b"", "more_body": False}),
        (OrderedDict(type="http.response.body"), {"body": b"", "more_body": False}),
    ],
)
def test_with_optional_keys_fills_what_an_old_layer_indexes(
    event: Dict[str, Any], lacking: Dict[str, Any]
) -> None:
    before = dict(event)
    filled = with_optional_keys(event)
    assert filled == {**event, **lacking} and event == before
    assert with_optional_keys(filled) is filled


def test_with_optional_keys_start_has_a_list_of_its_own() -> None:
    event = {"type": "http.response.start", "status": 200}
    with_optional_keys(event)["headers"].append((b"a", b"b"))
    assert with_optional_keys(event)["headers"] == []


def test_with_optional_keys_send_answers_for_the_absent_key() -> None:
    filled = with_optional_keys({"type": "websocket.send", "text": "x"})
    assert with_optional_keys(filled) is filled
    assert filled["bytes"] is None and filled["text"] == "x" and "bytes" not in filled


@pytest.mark.parametrize(
    "event", [None, {}, {"type": b"x"}, {"type": []}, {"type": "x.y"}, UserDict(type="x")]
)
def test_with_optional_keys_leaves_others_alone(event: Any) -> None:
    assert with_optional_keys(event) is event


def test_without_current_extensions_hides_every_http_event() -> None:
    names = {row.extension for row in EVENTS if row.extension}
    scope = {"type": "http", "extensions": {"tls": {}, **{name: {} for name in names}}}
    assert set(without_current_extensions(scope)["extensions"]) == {"tls", "websocket.http.response"}
    assert len(scope["extensions"]) == len(names) + 1


@pytest.mark.parametrize("extensions", [None, {}, {"tls": {}}, 5, {7: {}}])
def test_without_current_extensions_nothing_to_hide_is_the_same_object(extensions: Any) -> None:
    scope = {"type": "http", "extensions": extensions}
    assert without_current_extensions(scope) is scope
