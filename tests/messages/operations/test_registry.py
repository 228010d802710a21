"""Registered operations and their phases."""

from __future__ import annotations

from typing import Any

import pytest

from asgi_compat._messages.operations import OPERATIONS, phase_of, registry
from messages.steps import change


def test_field_operation_is_registered_under_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "OPERATIONS", {})

    @registry.field_operation("upper", registry.TYPE)
    def upper(value: Any, step: Any, event: Any, scope: Any) -> Any:
        return value.upper(), True

    found = registry.OPERATIONS["upper"]
    assert (
        found == ("upper", registry.TYPE, upper, False, None) and registry.phase_of("upper") == registry.TYPE
    )


def test_event_operation_is_registered_on_the_event(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "OPERATIONS", {})

    @registry.event_operation("empty", registry.FORM)
    def empty(event: Any, step: Any, scope: Any) -> Any:
        return {}, False

    assert registry.OPERATIONS["empty"].on_event and registry.OPERATIONS["empty"].act is empty


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("swap", "old_client"),  # addresses have changed places before they are read
        ("missing", "listed"),
        ("listed", "headers_out"),
        ("headers_out", "stripped"),
        ("stripped", "clean"),
        ("framing", "clean"),  # a pseudo header is dropped, not refused
        ("address", "port"),
        ("port", "placeholder"),
        ("decode", "strip_root"),
        ("unquote", "prepend_root"),
        ("strip_root", "asgi2"),  # which looks at the server's own spec_version
        ("one_key", "either_key"),
        ("clean", "dropped"),  # headers of an accept are refused before they are dropped
        ("offered", "denial"),
    ],
)
def test_phase_of_earlier_operation_is_lower(earlier: str, later: str) -> None:
    assert phase_of(earlier) < phase_of(later)


@pytest.mark.parametrize(
    "name", sorted(set(OPERATIONS) - {name for name in OPERATIONS if OPERATIONS[name].on_event})
)
def test_field_operation_hostile_value_changes_or_refuses(name: str) -> None:
    """An operation gives None or a pair, or raises: never a bare value."""
    for value in (None, b"x", "x", 1, [], {}, object()):
        try:
            found = change(name, value, "http.response.start", "status")
        except Exception:
            continue
        assert found is None or (len(found) == 2 and type(found[1]) is bool)
