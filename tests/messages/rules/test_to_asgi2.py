"""The rules of direction B; tests/messages/test_cases.py plays the cases of each."""

from __future__ import annotations

import pytest

from asgi_compat._messages.operations import OPERATIONS
from asgi_compat._messages.rules.to_asgi2 import RULES
from asgi_compat._messages.schema import Rule
from asgi_compat._messages.specification import EVENTS, FIELDS
from messages.cases import CASES

TYPES = {row.type for row in EVENTS}
FIELDS_OF = {kind: {row.name for row in FIELDS if row.type == kind} for kind in TYPES}


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_rule_is_complete(rule: Rule) -> None:
    assert rule.direction == "B" and rule.makes and rule.why and rule.evidence
    assert rule.event == "*" or TYPES.issuperset(rule.event.split(", "))
    assert any(case.rule == rule.id for case in CASES)


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_rule_steps_name_operations_events_and_fields(rule: Rule) -> None:
    for step in rule.steps:
        assert OPERATIONS[step.op].on_event or step.field
        for event in (step.on or rule.event).split(", "):
            # A field without a row is one that old servers or applications add: it is only dropped.
            assert not step.field or step.field in FIELDS_OF[event] or step.op == "dropped"


def test_rules_of_this_package_alone_have_a_step_or_a_rename() -> None:
    """A rule whose place is this package does something here."""
    idle = {
        rule.id
        for rule in RULES
        if rule.place == "_messages" and not (rule.steps or rule.renames or rule.splits)
    }
    assert idle == set()  # none
