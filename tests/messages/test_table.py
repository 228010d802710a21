"""The whole table, and smaller ones."""

from __future__ import annotations

import pytest

import asgi_compat
from asgi_compat import Quirks
from asgi_compat._messages import operations
from asgi_compat._messages.operations import OPERATIONS, phase_of
from asgi_compat._messages.schema import Rename, Rule, Step
from asgi_compat._messages.specification import APP
from asgi_compat._messages.table import (
    COMPLETING,
    OF_DOUBLES,
    OF_SINGLES,
    STRUCTURE,
    TABLE,
    for_old_middleware,
    rules,
    without,
)

IDS = [row.id for row in TABLE.rules]


def test_rules_are_the_rows_of_the_table() -> None:
    assert rules() is TABLE.rules and asgi_compat.rules() is TABLE.rules


@pytest.mark.parametrize("direction", ["A", "B"])
def test_table_ids_of_a_direction_have_no_gap(direction: str) -> None:
    found = [id for id in IDS if id[0] == direction]
    assert found == [f"{direction}{number}" for number in range(1, len(found) + 1)]
    assert len(found) >= 39


def test_table_repairs_are_sorted_by_phase_then_rule() -> None:
    keys = [(phase_of(row.op), IDS.index(row.rule)) for row in TABLE.repairs]
    assert keys == sorted(keys) and len(keys) > 150


def test_table_rows_name_rules_events_and_operations_of_the_table() -> None:
    types = {row.type for row in TABLE.events}
    for row in (*TABLE.renames, *TABLE.splits):
        assert row.rule in IDS
    for repair in TABLE.repairs:
        assert repair.event in types and repair.op in OPERATIONS
    assert types.issuperset(row.type for row in TABLE.renames)
    assert set(IDS) >= OF_DOUBLES | OF_SINGLES | STRUCTURE


def test_table_quirks_of_rules_are_the_fields_of_quirks() -> None:
    quirks = {name for row in TABLE.rules for name in row.quirk.split(", ") if name}
    assert quirks == set(Quirks.__dataclass_fields__)


def test_table_place_of_every_rule_exists() -> None:
    from asgi_compat import _connections, _convert, _messages

    packages = {"_messages": _messages, "_connections": _connections, "_convert": _convert}
    for row in (*TABLE.rules, *TABLE.cross_fields):
        for place in row.place.split("; "):
            package, _, names = place.partition(": ")
            for name in filter(None, names.split(", ")):
                target = packages[package]
                for part in name.split("."):
                    target = getattr(target, part, None) or OPERATIONS.get(part)
                assert target is not None, place


def test_table_smaller_one_has_no_step_rename_or_split_of_the_rule() -> None:
    less = without("A21", "A22")
    left = {row.rule for row in (*less.repairs, *less.renames, *less.splits)}
    assert not left & {"A21", "A22"} and "A27" in left
    assert {row.rule for row in TABLE.splits} == {"A21"}


def test_table_made_up_rule_repairs_on_its_events() -> None:
    """A rule is one row: its steps and its rename are found, on the events that it names."""
    rule = Rule(
        "A99", "http, websocket", "path", makes="x", why="y",
        steps=(Step("path", "clean_path"), Step("query_string", "encode", "http")),
        renames=(Rename("http.response.old", "http.response.body", APP),),
    )  # fmt: skip
    table = TABLE._replace(rules=(rule,))
    assert table.repairs == (
        ("A99", "http", "query_string", "encode"),
        ("A99", "http", "path", "clean_path"),
        ("A99", "websocket", "path", "clean_path"),
    )
    assert table.renames == (("http.response.old", "http.response.body", APP, "A99"),)


def test_for_old_middleware_has_no_rule_that_depends_on_age() -> None:
    sent = {row.type for row in TABLE.events if row.sender == APP}
    table = for_old_middleware()
    others = {row for row in TABLE.repairs if row.event not in sent and row.rule in COMPLETING}
    assert set(table.repairs) == {row for row in TABLE.repairs if row.event in sent} | others
    assert {row.id for row in table.rules} >= STRUCTURE
    assert {row.rule for row in others} == COMPLETING and "A8" not in COMPLETING


def test_operations_are_all_used_by_a_rule() -> None:
    assert {row.op for row in TABLE.repairs} == set(operations.OPERATIONS)
