"""The example of the rewrite class-partials, and what it leaves out when it is skipped."""

from __future__ import annotations

from ..examples import assert_example, assert_skipped


def test_class_partials_example_becomes_what_it_says() -> None:
    """The documented example is exact."""
    assert_example("class-partials")


def test_class_partials_skipped_does_nothing_of_it() -> None:
    """`--skip class-partials` leaves the idiom."""
    assert_skipped("class-partials")
