"""The example of the rewrite type-names, and what it leaves out when it is skipped."""

from __future__ import annotations

from ..examples import assert_example, assert_skipped


def test_type_names_example_becomes_what_it_says() -> None:
    """The documented example is exact."""
    assert_example("type-names")


def test_type_names_skipped_does_nothing_of_it() -> None:
    """`--skip type-names` leaves the idiom."""
    assert_skipped("type-names")
