"""What each kind of value accepts."""

from __future__ import annotations

from typing import Any

import pytest

from asgi_compat._messages import schema
from asgi_compat._messages.kinds import KINDS, is_a, is_pair, plain_bytes


class Liar:
    """An object whose class says that it is a dict."""

    __class__ = dict  # type: ignore[assignment]


class OddBytes(bytes):
    """Bytes with a conversion of their own."""

    def __bytes__(self) -> bytes:
        return b"other"


def test_is_a_object_that_lies_about_its_class_is_false() -> None:
    assert isinstance(Liar(), dict) and not is_a(Liar(), dict)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(b"x", b"x"), (OddBytes(b"x"), b"x"), (bytearray(b"x"), b"x"), (memoryview(b"x"), b"x"), ("x", None)],
)
def test_plain_bytes_returns_exact_bytes_or_none(value: Any, expected: Any) -> None:
    found = plain_bytes(value)
    assert found == expected and type(found) in (bytes, type(None))


def test_plain_bytes_released_view_is_none() -> None:
    view = memoryview(b"x")
    view.release()
    assert plain_bytes(view) is None


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (schema.BYTES, b"", bytearray()),
        (schema.TEXT, "", b""),
        (schema.INT, 1, True),
        (schema.BOOL, True, 1),
        (schema.HEADERS, [(b"a", b"b"), [b"a", b"b"]], [(b"a", "b")]),
        (schema.ADDRESS, ["::1", 1], ["::1", 1, 0, 0]),
        (schema.TEXTS, ("a",), [b"a"]),
        (schema.MAPPING, {}, Liar()),
    ],
)
def test_kinds_accept_good_and_refuse_bad(kind: str, good: Any, bad: Any) -> None:
    assert KINDS[kind](good) and not KINDS[kind](bad)


def test_kinds_address_may_be_none() -> None:
    assert KINDS[schema.ADDRESS](None)


@pytest.mark.parametrize("pair", [(b"a", b"b", b"c"), (b"a", "b"), "ab", {b"a": b"b"}])
def test_is_pair_other_shapes_are_false(pair: Any) -> None:
    assert is_pair((b"a", b"b")) and not is_pair(pair)
