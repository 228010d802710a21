"""Each rule: the odd shape comes out right, and comes out otherwise when the rule's row is gone."""

from __future__ import annotations

import pytest
from conversation import exact_types, run

from asgi_compat import _convert, _messages
from asgi_compat._messages import kinds, operations
from asgi_compat._messages.table import TABLE, rules, without
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


def test_every_id_is_there_once():
    wanted = [f"A{n}" for n in range(1, 52)] + [f"B{n}" for n in range(1, 40)]
    assert sorted(row.id for row in TABLE.rules) == sorted(wanted)


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


def test_rows_hold_together():
    ids = {row.id for row in TABLE.rules}
    types = {row.type for row in TABLE.events}
    for row in (*TABLE.repairs, *TABLE.renames, *TABLE.splits):
        assert row.rule in ids
    for repair in TABLE.repairs:
        assert repair.event in types
        assert repair.op in {**operations.OPS, **operations.EVENT_OPS}
    for field in TABLE.fields:
        assert field.kind in kinds.KINDS
        assert field.type in types | {"tls"}
        hash(field.default)  # a default that could be changed would be shared by every connection
    quirks = {name for row in TABLE.rules for name in row.quirk.split(", ") if name}
    assert quirks == set(_convert.Quirks.__dataclass_fields__)


def test_places_exist():
    from asgi_compat import _connections

    rooms = {"_messages": _messages, "_connections": _connections, "_convert": _convert}
    for row in TABLE.rules:
        for place in row.place.split("; "):
            room, _, names = place.partition(": ")
            for name in filter(None, names.split(", ")):
                target = rooms[room]
                for part in name.split("."):
                    target = (
                        getattr(target, part, None)
                        or operations.EVENT_OPS.get(part)
                        or operations.OPS.get(part)
                    )
                assert target is not None, f"{row.id}: {place}"


def test_fields_are_those_of_asgiref_typing():
    """The rows against the specification's own types: names, and which of them have to be there."""
    typing = pytest.importorskip("asgiref.typing")
    pairs = {
        "http": typing.HTTPScope,
        "websocket": typing.WebSocketScope,
        "lifespan": typing.LifespanScope,
        "http.request": typing.HTTPRequestEvent,
        "http.response.start": typing.HTTPResponseStartEvent,
        "http.response.body": typing.HTTPResponseBodyEvent,
        "websocket.accept": typing.WebSocketAcceptEvent,
        "websocket.receive": typing.WebSocketReceiveEvent,
        "websocket.send": typing.WebSocketSendEvent,
        "websocket.disconnect": typing.WebSocketDisconnectEvent,
        "websocket.close": typing.WebSocketCloseEvent,
        "lifespan.startup.failed": typing.LifespanStartupFailedEvent,
        "lifespan.shutdown.failed": typing.LifespanShutdownFailedEvent,
        "http.response.trailers": typing.HTTPResponseTrailersEvent,
        "http.response.push": typing.HTTPServerPushEvent,
    }
    for kind, shape in pairs.items():
        mine = {row.name for row in TABLE.fields if row.type == kind} | {"type"}
        theirs = set(shape.__annotations__)
        assert mine >= theirs, (kind, theirs - mine)


def test_rules_gives_the_rows():
    assert rules() is TABLE.rules
