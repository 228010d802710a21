"""Operations on paths."""

from __future__ import annotations

from typing import Any

import pytest

from asgi_compat._messages.operations.paths import puts_root_first
from asgi_compat._messages.schema import MISSING
from messages.steps import change


@pytest.mark.parametrize(
    ("op", "value", "event", "expected"),
    [
        ("raw_path", b"/x?y", {}, (b"/x", False)),
        ("raw_path", "/x", {}, (b"/x", True)),
        ("raw_path", b"/x", {}, None),
        ("raw_path", None, {}, (MISSING, False)),
        ("unquote", "/%41", {}, None),
    ],
)
def test_operation_changes_field(op: str, value: Any, event: Any, expected: Any) -> None:
    assert change(op, value, event=event) == expected


def test_unquote_is_a_quirk() -> None:
    assert change("unquote", "/%41", unquote_path=True) == ("/A", False)


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
