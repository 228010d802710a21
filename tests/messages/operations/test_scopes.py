"""Operations on scopes."""

from __future__ import annotations

from typing import Any

import pytest

from asgi_compat._messages.operations.scopes import puts_root_first, read_version
from asgi_compat._messages.schema import MISSING, Unrepairable
from messages.steps import change

LINE = b"sec-websocket-protocol"


@pytest.mark.parametrize(
    ("op", "value", "event", "expected"),
    [
        ("raw_path", b"/x?y", {}, (b"/x", False)),
        ("raw_path", "/x", {}, (b"/x", True)),
        ("raw_path", b"/x", {}, None),
        ("raw_path", None, {}, (MISSING, False)),
        ("address", MISSING, {}, (None, False)),
        ("address", ["::1", 1, 0, 0], {}, (["::1", 1], True)),
        ("port", ("h", "80"), {}, (("h", 80), True)),
        ("port", ("h", 80), {}, None),
        ("old_client", ["h", 1], {}, (("h", 1), False)),
        ("old_client", (), {}, (None, False)),
        ("old_server", b"/run/x.sock", {}, (("/run/x.sock", None), False)),
        ("old_server", "", {}, (None, False)),
        ("asgi2", None, {}, ({"version": "2.0", "spec_version": "2.0"}, False)),
        (
            "asgi2",
            {"version": "3.0", "spec_version": "2.5"},
            {},
            ({"version": "2.0", "spec_version": "2.1"}, False),
        ),
        ("asgi2", {"version": "2.0", "spec_version": "2.1"}, {}, None),
        ("asgi3", {}, {}, ({"version": "3.0", "spec_version": "2.0"}, False)),
        ("ws_scheme", "https", {}, ("wss", True)),
        ("ws_scheme", MISSING, {"server": ("h", 443)}, ("wss", False)),
        ("ws_scheme", None, {"extensions": {"tls": {}}}, ("wss", False)),
        ("ws_scheme", MISSING, {"server": ("h", 80)}, ("ws", False)),
        ("offered", None, {}, ({}, False)),
        ("offered", {"websocket.http.response.start": {}}, {}, ({"websocket.http.response": {}}, False)),
        ("denial", None, {}, ({"websocket.http.response": {}}, False)),
        ("denial", {"websocket.http.response": {}}, {}, None),
        ("unquote", "/%41", {}, None),
    ],
)
def test_operation_changes_field(op: str, value: Any, event: Any, expected: Any) -> None:
    assert change(op, value, event=event) == expected


@pytest.mark.parametrize(
    ("op", "value", "quirks", "expected"),
    [
        ("unquote", "/%41", {"unquote_path": True}, ("/A", False)),
        ("placeholder", None, {"placeholder_client": ("h", 1)}, (("h", 1), False)),
        ("placeholder", None, {}, None),
        ("unix", ("/run/x.sock", None), {"unix_server": "none"}, (None, False)),
        ("unix", ("/run/x.sock", None), {}, None),
    ],
)
def test_operation_follows_quirk(op: str, value: Any, quirks: Any, expected: Any) -> None:
    assert change(op, value, **quirks) == expected


@pytest.mark.parametrize(
    ("op", "value"),
    [("address", "h:80"), ("port", ("h", "x")), ("ws_scheme", 5), ("offered", []), ("old_client", 5)],
)
def test_operation_refuses_field(op: str, value: Any) -> None:
    with pytest.raises(Unrepairable):
        change(op, value, event={})


@pytest.mark.parametrize(
    ("root", "path", "expected"),
    [("/shop", "/shop/x", "/x"), ("/shop", "/shop", "/"), ("/shop", "/shopping", None), ("/", "/x", None)],
)
def test_strip_root_ends_at_a_segment(root: str, path: str, expected: Any) -> None:
    found = change("strip_root", path, event={"root_path": root, "path": path})
    assert found == (None if expected is None else (expected, False))


def test_strip_root_of_daphne_is_kept() -> None:
    event = {"root_path": "/x", "asgi": {"version": "3.0"}}
    assert not puts_root_first(event) and change("strip_root", "/x/y", event=event) is None
    assert puts_root_first({"asgi": {"version": "3.0", "spec_version": "2.3"}})


def test_strip_root_under_a_mount_is_stripped_on_every_server() -> None:
    event = {"root_path": "/x", "app_root_path": "", "asgi": {"version": "3.0"}}
    assert puts_root_first(event) and change("strip_root", "/x/y", event=event) == ("/y", False)


def test_prepend_root_is_a_quirk_and_not_repeated() -> None:
    event = {"root_path": "/x/"}
    assert change("prepend_root", "/y", event=event) is None
    assert change("prepend_root", "/y", event=event, prepend_root_path=True) == ("/x/y", False)
    assert change("prepend_root", "/x/y", event=event, prepend_root_path=True) is None


@pytest.mark.parametrize(
    ("subprotocols", "headers", "direction", "expected"),
    [
        (["a"], [(LINE, b"a")], "A", None),
        ([], [(LINE, b"a, b ,")], "A", (["a", "b"], [(LINE, b"a, b ,")])),
        ([b"a", " b"], [(LINE, b"x")], "A", (["a", "b"], [(LINE, b"x")])),
        (["a", "b"], [], "A", (["a", "b"], [(LINE, b"a, b")])),
        (["a", "b"], [], "B", None),
        (None, [], "A", ([], [])),
        ((), [], "A", None),
    ],
)
def test_subprotocols_and_header_agree(
    subprotocols: Any, headers: Any, direction: str, expected: Any
) -> None:
    event = {"subprotocols": subprotocols, "headers": headers}
    found = change("subprotocols", event=event, direction=direction)
    wanted = None if expected is None else ({"subprotocols": expected[0], "headers": expected[1]}, False)
    assert found == wanted


@pytest.mark.parametrize("value", ["ab", [1], {"a": 1}])
def test_subprotocols_other_types_are_refused(value: Any) -> None:
    with pytest.raises(Unrepairable):
        change("subprotocols", event={"subprotocols": value, "headers": []})


def test_swap_is_a_quirk() -> None:
    event = {"client": 1, "server": 2}
    assert change("swap", event=event) is None
    assert change("swap", event=event, swap_addresses=True) == ({"client": 2, "server": 1}, False)


def test_read_version_word_is_higher_than_numbers() -> None:
    assert read_version("2.1.x.y") == (2, 1, 10**6) and read_version("2.x") > read_version("2.99999")
