"""Choosing rewrites."""

from __future__ import annotations

import pytest

from asgi_compat.migrate import REWRITES, chosen


def test_chosen_only_and_skip() -> None:
    """`--skip` takes away from `--only`."""
    assert chosen() == frozenset(REWRITES)
    assert chosen(["closures", "classes"], ["classes"]) == {"closures"}
    assert "classes" not in chosen(skip=["classes"])


def test_chosen_unknown_name_raises_with_the_names() -> None:
    """A mistyped name does not silently do everything."""
    with pytest.raises(ValueError, match=r"'closure' is not a rewrite; there are bound-methods, "):
        chosen(["closure"])


def test_rewrites_have_a_summary_and_an_example() -> None:
    """They are the table of the documentation."""
    for row in REWRITES.values():
        assert row.summary and row.before != row.after
