"""The example of the rewrite channels-middleware, and what it leaves out when it is skipped."""

from __future__ import annotations

from ..examples import assert_example, assert_skipped


def test_channels_middleware_example_becomes_what_it_says() -> None:
    """The documented example is exact."""
    assert_example("channels-middleware")


def test_channels_middleware_skipped_does_nothing_of_it() -> None:
    """`--skip channels-middleware` leaves the idiom."""
    assert_skipped("channels-middleware")
