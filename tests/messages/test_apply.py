"""The reference."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, List

import pytest

from asgi_compat import AppMessageError, Quirks, ServerMessageError
from asgi_compat._messages.apply import apply_steps, as_dict, check_fields, select_steps
from asgi_compat._messages.operations import phase_of
from asgi_compat._messages.table import TABLE

STEPS = select_steps(TABLE, "A", Quirks())
ROWS = {event.type: tuple(row for row in TABLE.fields if row.type == event.type) for event in TABLE.events}


def apply(event: Any, kind: str, report: Any = lambda *told: None) -> Any:
    return apply_steps(STEPS[kind], ROWS[kind], AppMessageError, report, event, None, kind)


def test_apply_steps_right_event_is_the_same_object() -> None:
    event = {"type": "http.response.body", "body": b"x", "more_body": False}
    assert apply(event, event["type"]) is event


def test_apply_steps_repaired_event_is_a_new_dict_and_reported() -> None:
    told: List[Any] = []
    event = {"type": "http.response.body", "content": b"x"}
    out = apply(event, event["type"], lambda *args: told.append(args))
    assert out == {"type": "http.response.body", "body": b"x", "more_body": False}
    assert event == {"type": "http.response.body", "content": b"x"}
    assert [(args[0], args[1]) for args in told] == [(AppMessageError, "A22")]


def test_apply_steps_allowed_shape_is_not_reported() -> None:
    told: List[Any] = []
    apply({"type": "http.response.body"}, "http.response.body", lambda *args: told.append(args))
    assert told == []


def test_apply_steps_dropped_event_is_none() -> None:
    assert apply({"type": "websocket.send"}, "websocket.send") is None


def test_apply_steps_value_that_raises_is_the_senders_error() -> None:
    class Raising(dict):  # type: ignore[type-arg]
        def items(self) -> Any:
            raise RuntimeError("secret")

    class Hostile(str):
        def encode(self, *_: Any) -> Any:
            raise RuntimeError("secret")

        __eq__ = __hash__ = encode  # type: ignore[assignment]

    event = {"type": "http.response.start", "status": 200, "headers": Raising(a=1)}
    with pytest.raises(AppMessageError) as caught:
        apply(event, event["type"])
    assert "secret" not in str(caught.value) and caught.value.__cause__ is None
    assert caught.value.field == "headers"


def test_select_steps_are_ordered_by_phase() -> None:
    for steps in STEPS.values():
        phases = [phase_of(step.op) for step in steps]
        assert phases == sorted(phases)
    assert [step.rule for step in STEPS["http.response.body"]] == ["A22", "A27", "A27"]


def test_select_steps_without_rule_has_none_of_it() -> None:
    steps = select_steps(TABLE.without(frozenset({"A27"})), "A", Quirks())
    assert {step.rule for found in steps.values() for step in found} == {
        step.rule for found in STEPS.values() for step in found
    } - {"A27"}


def test_check_fields_required_field_missing_raises() -> None:
    with pytest.raises(AppMessageError, match="path: missing, expected str"):
        check_fields({"type": "http.response.pathsend"}, ROWS["http.response.pathsend"], AppMessageError)


def test_check_fields_subclass_of_str_becomes_str() -> None:
    class Text(str):
        pass

    event = {"type": "http.response.pathsend", "path": Text("/x")}
    out = check_fields(event, ROWS["http.response.pathsend"], AppMessageError)
    assert type(out["path"]) is str and type(event["path"]) is Text


def test_as_dict_mapping_becomes_dict_of_the_type_that_selected_it() -> None:
    assert as_dict(MappingProxyType({"type": "http"}), ServerMessageError) == {"type": "http"}
    assert as_dict({"type": "a"}, ServerMessageError, "b") == {"type": "b"}


@pytest.mark.parametrize("event", [None, [], {}, {"type": 1}, "http"])
def test_as_dict_without_type_raises(event: Any) -> None:
    with pytest.raises(ServerMessageError):
        as_dict(event, ServerMessageError)
