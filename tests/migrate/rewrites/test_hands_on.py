"""The example of the rewrite hands-on, and what it leaves out when it is skipped."""

from __future__ import annotations

from ..examples import assert_example, assert_skipped


def test_hands_on_example_becomes_what_it_says() -> None:
    """The documented example is exact."""
    assert_example("hands-on")


def test_hands_on_skipped_does_nothing_of_it() -> None:
    """`--skip hands-on` leaves the idiom."""
    assert_skipped("hands-on")
