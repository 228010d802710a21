"""The example of the rewrite channels-constructors, and what it leaves out when it is skipped."""

from __future__ import annotations

from ..examples import assert_example, assert_skipped


def test_channels_constructors_example_becomes_what_it_says() -> None:
    """The documented example is exact."""
    assert_example("channels-constructors")


def test_channels_constructors_skipped_does_nothing_of_it() -> None:
    """`--skip channels-constructors` leaves the idiom."""
    assert_skipped("channels-constructors")
