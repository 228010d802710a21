"""Where in a call something is put."""

from __future__ import annotations

import ast

import pytest

from asgi_compat.migrate.module import Module
from asgi_compat.migrate.places import add_after, remove_statement
from asgi_compat.migrate.source import Source, apply_edits


@pytest.mark.parametrize(
    "text, after",
    [
        ("app(scope)", "app(scope, r, s)"),
        ("app((scope))", "app((scope), r, s)"),
        ("app(scope,)", "app(scope, r, s,)"),
        ("app(scope, 1)", "app(scope, r, s, 1)"),
        ("app(scope, x=1)", "app(scope, r, s, x=1)"),
        ("app(\n  scope,  # )\n)", "app(\n  scope, r, s,  # )\n)"),
        ("app(scope=scope)", "app(scope=scope, receive=r, send=s)"),
    ],
)
def test_add_after_finds_the_place(text: str, after: str) -> None:
    """Brackets, commas and comments around an argument stay."""
    source = Source(text.encode())
    statement = source.tree.body[0]
    assert isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
    call = statement.value
    argument = call.args[0] if call.args else call.keywords[0].value
    assert apply_edits(text, add_after(source, call, argument, "r", "s")) == after


@pytest.mark.parametrize(
    "text, after",
    [
        ("a\nb\nc\n", "b\nc\n"),
        ("a; b\n", "pass; b\n"),
        ("a  # why\nb\n", "# why\nb\n"),
        ("a", "pass"),
    ],
)
def test_remove_statement_leaves_the_rest(text: str, after: str) -> None:
    """Comments and what stands on the same line stay."""
    module = Module(Source(text.encode()))
    assert apply_edits(text, [remove_statement(module, module.tree.body[0])]) == after
