"""The example of the rewrite classes, and what it leaves out when it is skipped."""

from __future__ import annotations

from ..examples import assert_example, assert_skipped


def test_classes_example_becomes_what_it_says() -> None:
    """The documented example is exact."""
    assert_example("classes")


def test_classes_skipped_does_nothing_of_it() -> None:
    """`--skip classes` leaves the idiom."""
    assert_skipped("classes")
