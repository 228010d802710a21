"""Events of any generation and shape are read."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import pytest

from asgi_compat._harness.events import current_type, field_of, frozen, is_foreign, size_of, snapshot, type_of


@pytest.mark.parametrize(
    "event, kind",
    [({"type": "x"}, "x"), (MappingProxyType({"type": "x"}), "x"), ({"type": 3}, ""), ({}, ""), (None, "")],
)
def test_type_of_anything_is_a_str(event: Any, kind: str) -> None:
    """ "" for what has none."""
    assert type_of(event) == kind


@pytest.mark.parametrize(
    "kind, protocol, current",
    [
        ("http.response.content", "http", "http.response.body"),
        ("http.response", "http", "http.response.body"),
        ("websocket.disconnect", "websocket", "websocket.close"),
        ("lifespan.cleanup.complete", "lifespan", "lifespan.shutdown.complete"),
        ("http.response.body", "http", "http.response.body"),
        ("http.response.content", "websocket", "http.response.content"),
        ("nothing", "http", "nothing"),
    ],
)
def test_current_type_earlier_names_are_known(kind: str, protocol: str, current: str) -> None:
    """In their own protocol only."""
    assert current_type(kind, protocol) == current


def test_is_foreign_event_of_another_protocol() -> None:
    """Under any of its names; an unknown event is of none."""
    assert is_foreign("http.response.start", "websocket") and is_foreign("http.response.content", "lifespan")
    assert is_foreign("http.respose.start", "websocket") and not is_foreign("websocket.acept", "websocket")
    assert not is_foreign("http.response.content", "http") and not is_foreign("nothing", "http")


def test_field_of_event_under_any_name() -> None:
    """Current and earlier."""
    assert field_of({"content": b"a"}, "http.response.body", "body") == b"a"
    assert field_of({"body": b"a"}, "http.response.body", "body") == b"a"
    assert field_of({}, "http.response.body", "body") is None
    assert field_of(None, "http.response.body", "body") is None


def test_snapshot_keeps_classes_and_does_not_read_iterators() -> None:
    """Lists are copied, one level deep."""
    headers, items = [(b"a", b"1")], iter([1])
    event = {"headers": headers, "items": items}
    copy: Any = snapshot(event)
    headers.append((b"b", b"2"))
    assert copy == {"headers": [(b"a", b"1")], "items": items} and next(items) == 1
    other = MappingProxyType(event)
    assert snapshot(other) is other


def test_frozen_reads_iterators_and_copies_buffers() -> None:
    """Whatever can change later."""
    buffer = bytearray(b"a")
    copy = frozen({"headers": (pair for pair in [(b"a", b"1")]), "body": buffer, "view": memoryview(buffer)})
    buffer[:] = b"b"
    assert copy == {"headers": [(b"a", b"1")], "body": bytearray(b"a"), "view": memoryview(b"a")}


def test_size_of_counts_text_and_bytes() -> None:
    """The values of a dict, one level deep."""
    assert size_of({"type": "ab", "body": b"abc", "n": 3}) == 5 and size_of(None) == 0
