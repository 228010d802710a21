"""Each rule: the odd shape comes out right, and comes out otherwise when the rule's row is gone."""

from __future__ import annotations

import pytest
from conversation import exact_types, run

from asgi_compat._messages.table import TABLE, without
from messages.cases import CASES

IDS = [f"{case.rule}-{case.name}" for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_the_right_shape_comes_out(case):
    outcome = run(case)
    seen = outcome.view(case.expect)
    wanted = {name: value for name, value in case.expect.items() if name not in ("strict", "exact")}
    assert seen == wanted
    if case.expect.get("exact"):
        assert exact_types(seen) == exact_types(wanted)


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_the_inputs_are_never_changed(case):
    import copy

    before = copy.deepcopy([case.scope, case.events])
    run(case)
    assert [case.scope, case.events] == before


def differs(case):
    full, less = run(case), run(case, without(case.rule))
    every = dict.fromkeys(("scope", "received", "sent", "error", "raised", "returned", "repaired"))
    every["scope"] = {**full.scope, **less.scope}
    every["seen"] = {**full.seen, **less.seen}
    return exact_types(full.view(every)) != exact_types(less.view(every))


@pytest.mark.parametrize("rule", [row.id for row in TABLE.rules])
def test_without_its_row_something_else_comes_out(rule):
    cases = [case for case in CASES if case.rule == rule]
    assert cases, f"{rule} has no case in tests/messages/cases.py"
    assert any(differs(case) for case in cases)


STRICT = [case for case in CASES if case.expect.get("strict")]


@pytest.mark.parametrize("case", STRICT, ids=[f"{case.rule}-{case.name}" for case in STRICT])
def test_strict_raises_with_the_rule(case):
    outcome = run(case, strict=True)
    error = outcome.error or outcome.raised
    assert (error, outcome.rule) in (
        ("AppMessageError", case.expect["strict"]),
        ("ServerMessageError", case.expect["strict"]),
    )


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case.expect.get("repaired") == []],
    ids=lambda case: f"{case.rule}-{case.name}",
)
def test_strict_takes_what_the_specification_allows(case):
    outcome = run(case, strict=True)
    assert (outcome.error, outcome.raised) == (None, None)
