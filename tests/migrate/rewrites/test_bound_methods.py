"""The example of the rewrite bound-methods, and what it leaves out when it is skipped."""

from __future__ import annotations

from ..examples import assert_example, assert_skipped


def test_bound_methods_example_becomes_what_it_says() -> None:
    """The documented example is exact."""
    assert_example("bound-methods")


def test_bound_methods_skipped_does_nothing_of_it() -> None:
    """`--skip bound-methods` leaves the idiom."""
    assert_skipped("bound-methods")
