"""The example of the rewrite channels-routes, and what it leaves out when it is skipped."""

from __future__ import annotations

from ..examples import assert_example, assert_skipped


def test_channels_routes_example_becomes_what_it_says() -> None:
    """The documented example is exact."""
    assert_example("channels-routes")


def test_channels_routes_skipped_does_nothing_of_it() -> None:
    """`--skip channels-routes` leaves the idiom."""
    assert_skipped("channels-routes")
