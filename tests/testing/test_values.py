"""Values are compared by type and content, and shown without addresses."""

from __future__ import annotations

from typing import Any

import pytest

from asgi_compat.testing.values import comparison_key, show_difference, show_event, show_value


@pytest.mark.parametrize(
    "one, two, equal",
    [
        ([1, b"a"], (1, b"a"), True),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        (object(), object(), True),
        (1, True, False),
        (b"a", bytearray(b"a"), False),
        (memoryview(b"a"), memoryview(b"a"), True),
        (memoryview(b"a"), memoryview(b"b"), False),
        ({"a": 1}, {"a": 2}, False),
    ],
)
def test_comparison_key_type_and_content_count(one: Any, two: Any, equal: bool) -> None:
    """Containers are compared by content, everything else by type and repr."""
    assert (comparison_key(one) == comparison_key(two)) is equal
    hash(comparison_key(one))


def test_show_value_long_values_are_cut() -> None:
    """Text, bytes and long reprs say how long they are."""
    assert show_value(b"a" * 100) == f"b'{'a' * 60}'... (100 bytes)"
    assert show_value("a" * 100).endswith("(100 characters)")
    assert show_value(list(range(1000))).endswith("characters)")
    assert show_value(object()) == "<object object>"


def test_show_event_type_comes_first() -> None:
    """Events without a type, and what is not an event, are shown as well."""
    assert show_event({"status": 200, "type": "x"}) == "x status=200"
    assert show_event({}) == "(no type)"
    assert show_event(3) == "3" and show_event({"type": 3}) == "3"


def test_show_difference_names_the_place() -> None:
    """Of long values the first place, of lists the items that only one of them has."""
    assert show_difference([1, 2], [2, 3]) == "only [1] / only [3]"
    assert show_difference([1, 2], [2, 1]) == "[1, 2] / [2, 1]"
    assert show_difference("a" * 50, "a" * 49).startswith("differs from character 49 on: ...")
    assert show_difference(1, "1") == "1 / '1'"
