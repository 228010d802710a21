"""Compiled rules."""

from __future__ import annotations

from typing import Any, List

import pytest

from asgi_compat import AppMessageError, Quirks, ServerMessageError
from asgi_compat._messages.compile import CompiledRules, compile_rules
from asgi_compat._messages.specification import APP
from asgi_compat._messages.table import STRUCTURE, TABLE, without


def compiled(direction: str = "A", **options: Any) -> CompiledRules:
    return compile_rules(direction, Quirks(), lambda *told: None, **options)


class Connection:
    """What the function of a start needs."""

    scope: Any = None
    length = -1

    def __init__(self) -> None:
        self.starts: List[Any] = []

    def take_start(self, start: Any) -> None:
        self.starts.append(start)


@pytest.mark.parametrize("rule", sorted(STRUCTURE))
def test_compile_rules_without_structure_raises(rule: str) -> None:
    with pytest.raises(LookupError, match=rf"no row for {rule},"):
        compiled(rule[0], table=without(rule))
    assert rule not in compiled("B" if rule[0] == "A" else "A", table=without(rule)).rules


@pytest.mark.parametrize("direction", ["A", "B"])
def test_compile_rules_every_row_has_a_function(direction: str) -> None:
    plan = compiled(direction)
    functions = {**plan.scopes, **plan.received, **plan.extensions}
    for sent in plan.sent.values():
        functions.update(sent)
    assert functions.keys() == plan.known.keys() == {row.type for row in TABLE.events}


def test_compile_rules_renames_are_those_of_direction_and_sender() -> None:
    a, b = compiled("A"), compiled("B")
    assert "http.response.chunk" in a.renames and not a.received_as
    assert list(b.received_as) == ["lifespan.cleanup"] and not b.renames
    assert list(a.splits) == ["http.response"] and not b.splits


def test_compile_rules_errors_are_those_of_the_sender() -> None:
    plan = compiled()
    for event in TABLE.events:
        if event.sender == APP and event.type not in plan.extensions:
            with pytest.raises(AppMessageError):
                plan.sent[event.scope][event.type](None, Connection())
    for function in (*plan.received.values(), *plan.scopes.values()):
        with pytest.raises(ServerMessageError):
            function(None)


def test_compile_rules_slow_start_tells_the_connection() -> None:
    connection = Connection()
    out = compiled().sent["http"]["http.response.start"](
        {"type": "http.response.start", "status": "200"}, connection
    )
    assert out == {"type": "http.response.start", "status": 200, "headers": []}
    assert connection.starts == [out]


def test_compile_rules_unknown_event_has_its_headers_repaired() -> None:
    event = {"type": "http.response.new", "headers": [("X-A", "1")], "other": 1}
    assert compiled().unknown(event, Connection())["headers"] == [(b"x-a", b"1")]


def test_compile_rules_report_is_called_with_the_rule() -> None:
    told: List[Any] = []
    plan = compile_rules("A", Quirks(), lambda *args: told.append(args[1]))
    plan.sent["websocket"]["websocket.close"]({"type": "websocket.close", "code": "1000"}, Connection())
    assert told == ["A35"]
