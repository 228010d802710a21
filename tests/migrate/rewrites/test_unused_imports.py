"""The example of the rewrite unused-imports, and what it leaves out when it is skipped."""

from __future__ import annotations

from ..examples import assert_example, assert_skipped


def test_unused_imports_example_becomes_what_it_says() -> None:
    """The documented example is exact."""
    assert_example("unused-imports")


def test_unused_imports_skipped_does_nothing_of_it() -> None:
    """`--skip unused-imports` leaves the idiom."""
    assert_skipped("unused-imports")
