"""Each rule has a mirror in the other direction, or a reason why it needs none."""

from __future__ import annotations

from typing import List

import pytest

from asgi_compat._messages.rules.mirrors import Mirror, mirrors_of
from asgi_compat._messages.schema import Rule
from asgi_compat._messages.table import RULES, TABLE

MIRRORS = TABLE.mirrors


def ids(cell: str) -> List[str]:
    return cell.split(", ") if cell else []


def test_mirrors_name_every_rule() -> None:
    named = {one for row in MIRRORS for one in ids(row.a) + ids(row.b)}
    assert named == {rule.id for rule in RULES}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_mirror_of_a_rule_is_a_rule_of_the_other_direction(rule: Rule) -> None:
    known = {row.id: row.direction for row in RULES}
    assert all(known[other] != rule.direction for other in ids(rule.mirror))


@pytest.mark.parametrize("row", MIRRORS, ids=[row.a or row.b for row in MIRRORS])
def test_mirror_has_two_sides_or_a_reason(row: Mirror) -> None:
    assert all(one[0] == "A" for one in ids(row.a)) and all(one[0] == "B" for one in ids(row.b))
    assert bool(row.why) is not (bool(row.a) and bool(row.b)), f"{row} needs mirror or no_mirror"


def made_up(id: str, **more: str) -> Rule:
    return Rule(id, "http", "", makes="", why="", **more)  # type: ignore[arg-type]


def test_mirrors_of_rules_with_the_same_mirrors_share_a_row() -> None:
    rules = (
        made_up("A1", mirror="B1"),
        made_up("A2", no_mirror="reason"),
        made_up("A3", mirror="B1"),
        made_up("A4"),
        made_up("B1"),
        made_up("B2", mirror="A4, A9"),
        made_up("B3", no_mirror="reason"),
    )
    assert mirrors_of(rules) == (
        Mirror("A1, A3", "B1"),
        Mirror("A2", "", "reason"),
        Mirror("A4", "B2"),
        Mirror("", "B3", "reason"),
    )


def test_mirrors_about_the_same_events_of_the_application_share_one() -> None:
    """Rules side by side are about the same scope or event, or about any."""
    events = {rule.id: set(rule.event.split(", ")) for rule in RULES}
    for row in MIRRORS:
        if row.a and row.b:
            mine = set().union(*(events[one] for one in ids(row.a)))
            theirs = set().union(*(events[one] for one in ids(row.b)))
            close = {event.split(".")[0] for event in mine} & {event.split(".")[0] for event in theirs}
            assert mine & theirs or close or "*" in mine | theirs, row
