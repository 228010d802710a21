"""The rules that a connection remembers something for."""

from __future__ import annotations

import dataclasses

import pytest

from asgi_compat import Quirks
from asgi_compat._messages.memory import REMEMBERED, remembered_rules
from asgi_compat._messages.table import RULES

ALL = frozenset(row.id for row in RULES)


def test_remembered_rules_are_in_the_table_and_of_their_direction():
    for name, row in REMEMBERED.items():
        assert row.of_a or row.of_b, name
        assert all(id in ALL and id[0] == "A" for id in row.of_a.split()), name
        assert all(id in ALL and id[0] == "B" for id in row.of_b.split()), name


def test_remembered_quirks_are_fields_that_can_be_switched_off():
    fields = {field.name for field in dataclasses.fields(Quirks)}
    named = {quirk for row in REMEMBERED.values() for quirk in (row.quirk_a, row.quirk_b) if quirk}
    assert named <= fields and len(named) == 10
    for quirk in named:
        assert getattr(Quirks(**{quirk: False}), quirk) is False


@pytest.mark.parametrize("direction", "AB")
@pytest.mark.parametrize("name", REMEMBERED)
def test_remembered_rules_without_the_row_of_a_rule_are_none(direction, name):
    row = REMEMBERED[name]
    ids, quirk = (row.of_a, row.quirk_a) if direction == "A" else (row.of_b, row.quirk_b)
    quirks = Quirks(**({quirk: True} if quirk else {}))
    assert remembered_rules(direction, quirks, ALL)[name] == (ids.split()[-1] if ids else None)
    for id in ids.split():
        assert remembered_rules(direction, quirks, ALL - {id})[name] is None


@pytest.mark.parametrize(
    "direction, name, quirk",
    [
        ("A", "hold", "defer_start"),
        ("A", "joins", "join_body"),
        ("A", "old_content", "content_keys"),
        ("A", "implicit", "implicit_accept"),
        ("A", "drops_unknown", "drop_unknown"),
        ("A", "cleanup", "lifespan_cleanup"),
        ("A", "listens", "raise_after_disconnect"),
        ("B", "hold_chunk", "hold_last_chunk"),
    ],
)
def test_remembered_rules_are_switched_by_a_quirk_of_their_direction(direction, name, quirk):
    assert remembered_rules(direction, Quirks(**{quirk: True}), ALL)[name] is not None
    assert remembered_rules(direction, Quirks(**{quirk: False}), ALL)[name] is None


def test_remembered_start_of_an_old_server_is_held_whatever_the_quirk_of_the_other_direction():
    assert remembered_rules("B", Quirks(defer_start=False), ALL)["hold"] == "B19"
    assert remembered_rules("A", Quirks(), ALL)["listens"] == "A31"
