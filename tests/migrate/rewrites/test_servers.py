"""The example of the rewrite servers, and what it leaves out when it is skipped."""

from __future__ import annotations

from ..examples import assert_example, assert_skipped


def test_servers_example_becomes_what_it_says() -> None:
    """The documented example is exact."""
    assert_example("servers")


def test_servers_skipped_does_nothing_of_it() -> None:
    """`--skip servers` leaves the idiom."""
    assert_skipped("servers")
