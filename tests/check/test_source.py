"""The statement that raised, its conditions, and what it called."""

from __future__ import annotations

import ast
from typing import Any, Callable

import pytest

from asgi_compat.check.source import calls_of, last_frame, statement_of


class Holder:
    inner = len

    @property
    def lively(self) -> Any:
        raise AssertionError("a property was read")


def raised_by(function: Callable[[], Any]) -> BaseException:
    with pytest.raises(Exception) as raised:
        function()
    return raised.value


def conditional(kind: str = "a") -> None:
    if kind == "a":
        raise ValueError(
            "over",
            "several lines",
        )


def calling() -> None:
    holder = Holder()
    str(holder.inner(1, 2))


def calling_a_property() -> None:
    holder = Holder()
    raise ValueError(repr(holder) if holder else holder.lively(1))


def test_statement_of_has_the_conditions_of_its_function() -> None:
    """Over all of its lines."""
    statement = statement_of(last_frame(raised_by(conditional)))
    assert statement is not None and statement.is_deliberate
    assert "several lines" in statement.text and 'kind == "a"' in statement.conditions


def test_statement_of_without_source_is_none() -> None:
    """Code of exec, and an exception that was never raised."""
    error = raised_by(lambda: exec(compile("1 / 0", "<nowhere>", "exec"), {}))
    assert statement_of(last_frame(error)) is None and statement_of(None) is None


def test_calls_of_finds_the_object_and_counts_the_arguments() -> None:
    """Names and attributes, outermost first."""
    calls = calls_of(last_frame(raised_by(calling)))
    assert [(call.name, call.called) for call in calls[1:]] == [("holder.inner", len)]
    assert calls[1].number == 2 and not calls[0].is_known


def test_calls_of_runs_no_property() -> None:
    """What it calls is looked up statically."""
    calls = calls_of(last_frame(raised_by(calling_a_property)))
    assert any(isinstance(call.called, property) for call in calls)


def test_statement_is_a_node() -> None:
    """Of the innermost statement."""
    statement = statement_of(last_frame(raised_by(calling)))
    assert statement is not None and isinstance(statement.node, ast.Expr)
