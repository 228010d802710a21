"""Headers as pairs of bytes."""

from __future__ import annotations

from typing import Any

import pytest

from asgi_compat._messages.operations.pairs import map_headers, read_header, read_line, read_pairs
from asgi_compat._messages.schema import MISSING, Unrepairable


@pytest.mark.parametrize("content", ["\u20ac", None, 1 << 200, True])
def test_read_header_wrong_value_names_the_header(content: Any) -> None:
    with pytest.raises(Unrepairable) as caught:
        read_header("X-Id", content)
    assert caught.value.header == "X-Id"


@pytest.mark.parametrize(
    ("value", "expected"),
    [(b"x", b"x"), ("\xe9", b"\xe9"), (5, b"5"), (bytearray(b"x"), b"x"), ("\u20ac", None), (True, None)],
)
def test_read_line_returns_bytes_or_none(value: Any, expected: Any) -> None:
    assert read_line(value) == expected


def test_read_pairs_takes_mappings_and_iterators() -> None:
    assert read_pairs({b"a": b"b"}) == read_pairs(iter([[b"a", b"b"]])) == [(b"a", b"b")]
    with pytest.raises(Unrepairable, match="list of"):
        read_pairs(b"ab")


def test_map_headers_replaces_drops_and_keeps() -> None:
    new = {b"a": None, b"b": MISSING, b"c": (b"c", b"2")}
    pairs = [(b"a", b"1"), (b"b", b"1"), (b"c", b"1"), "odd"]
    assert map_headers(pairs, lambda name, value: new[name]) == ([(b"a", b"1"), (b"c", b"2"), "odd"], True)
    assert map_headers(pairs[:1], lambda name, value: new[name]) is None
