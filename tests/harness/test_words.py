"""Words for values and numbers cannot fail."""

from __future__ import annotations

from typing import Any

import pytest

from asgi_compat._harness.words import plural, safe_repr


class Fails:
    def __repr__(self) -> str:
        raise RuntimeError("no")


@pytest.mark.parametrize(
    "value, text",
    [
        ("\u20ac", "'\\u20ac'"),
        (b"a" * 101, "bytes of length 101"),
        (iter([]), "a list_iterator"),
        (Fails(), "a Fails"),
    ],
)
def test_safe_repr_anything_is_one_ascii_line(value: Any, text: str) -> None:
    """Whatever its own repr does."""
    assert safe_repr(value) == text


def test_safe_repr_long_repr_is_cut() -> None:
    """With three dots at the end."""
    assert safe_repr(list(range(100)), 10) == "[0, 1, ..."


def test_plural_one_has_no_s() -> None:
    """Everything else has."""
    assert [plural(n, "byte") for n in (0, 1, 1000)] == ["0 bytes", "1 byte", "1,000 bytes"]
