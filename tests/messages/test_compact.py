"""Dicts that need less memory."""

from __future__ import annotations

import sys

import pytest

from asgi_compat._messages.compact import Shared, SharedScope, compact

SOURCE = {f"key{n}": n for n in range(12)}


@pytest.mark.parametrize("kind", [None, SharedScope])
def test_compact_is_an_equal_plain_dict_of_its_own(kind: object) -> None:
    first = compact(SOURCE) if kind is None else compact(SOURCE, kind)
    second = compact(SOURCE)
    assert first == SOURCE and type(first) is dict and list(first) == list(SOURCE)
    first["other"] = 1
    assert "other" not in second and "other" not in SOURCE


@pytest.mark.skipif(
    sys.implementation.name != "cpython" or sys.version_info < (3, 11), reason="needs CPython-3.11"
)
def test_compact_needs_less_memory_than_a_copy() -> None:
    class Own(Shared):
        pass

    for _ in range(3):
        out = compact(SOURCE, Own)
    assert sys.getsizeof(out) < sys.getsizeof(dict(SOURCE))
