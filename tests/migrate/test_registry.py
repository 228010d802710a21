"""Choosing rewrites."""

from __future__ import annotations

from typing import Any, List

import pytest

from asgi_compat.migrate import REWRITES, chosen
from asgi_compat.migrate.registry import RECOGNISERS, STEPS, recogniser, register, step


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


@pytest.mark.parametrize(("add", "kept"), [(step, STEPS), (recogniser, RECOGNISERS)])
def test_place_that_is_taken_raises_and_keeps_the_first(add: Any, kept: List[Any]) -> None:
    """A second function of the same place would silently replace the first."""
    before = list(kept)

    def second(*arguments: Any) -> None: ...

    with pytest.raises(ValueError, match=r"place 1 is taken by asgi_compat\.migrate\..*; use a free one"):
        add(1)(second)
    assert kept == before


def test_register_name_that_is_taken_raises() -> None:
    """The row of the first would be lost, with its example."""
    row = REWRITES["closures"]
    with pytest.raises(ValueError, match="'closures' is already a rewrite"):
        register("closures", "", "", "")
    assert REWRITES["closures"] is row
