"""Each rule has a mirror in the other direction, or a reason why it needs none."""

from __future__ import annotations

from typing import List

import pytest

from asgi_compat._messages.rules.mirrors import MIRRORS, Mirror
from asgi_compat._messages.table import RULES, TABLE


def ids(cell: str) -> List[str]:
    return cell.split(", ") if cell else []


def test_mirrors_name_every_rule() -> None:
    named = {one for row in MIRRORS for one in ids(row.a) + ids(row.b)}
    assert named == {rule.id for rule in RULES}
    assert TABLE.mirrors is MIRRORS


@pytest.mark.parametrize("row", MIRRORS, ids=[row.a or row.b for row in MIRRORS])
def test_mirror_has_two_sides_or_a_reason(row: Mirror) -> None:
    assert all(one[0] == "A" for one in ids(row.a)) and all(one[0] == "B" for one in ids(row.b))
    assert bool(row.why) is not (bool(row.a) and bool(row.b))


def test_mirrors_about_the_same_events_of_the_application_share_one() -> None:
    """Rules side by side are about the same scope or event, or about any."""
    events = {rule.id: set(rule.event.split(", ")) for rule in RULES}
    for row in MIRRORS:
        if row.a and row.b:
            mine = set().union(*(events[one] for one in ids(row.a)))
            theirs = set().union(*(events[one] for one in ids(row.b)))
            close = {event.split(".")[0] for event in mine} & {event.split(".")[0] for event in theirs}
            assert mine & theirs or close or "*" in mine | theirs, row
