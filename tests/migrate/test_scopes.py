"""Which expressions are scopes."""

from __future__ import annotations

import ast

import pytest

from asgi_compat.migrate.module import Module
from asgi_compat.migrate.scopes import is_scope
from asgi_compat.migrate.source import Source


@pytest.mark.parametrize(
    "text, found",
    [
        ("scope", True),
        ("self.scope", True),
        ("dict(scope, user=1)", True),
        ("scope.copy()", True),
        ("{**scope, 'user': 1}", True),
        ("{'type': 'http'}", True),
        ("dict(type='http')", True),
        ("request", False),
        ("dict(other)", False),
        ("f(scope)", False),
    ],
)
def test_is_scope_expressions(text: str, found: bool) -> None:
    """Copies of a scope are scopes."""
    module = Module(Source(text.encode()))
    statement = module.tree.body[0]
    assert isinstance(statement, ast.Expr)
    assert is_scope(module, statement.value) is found


@pytest.mark.parametrize(
    ("returned", "found"),
    [("dict(scope)", True), ("{**scope, 'user': 1}", True), ("Request(scope)", False), ("None", False)],
)
def test_is_scope_what_a_function_makes_of_one(returned: str, found: bool) -> None:
    """A function of this module that returns nothing but scopes makes a scope of a scope."""
    text = f"def change(scope):\n    return {returned}\nchange(scope)\n"
    module = Module(Source(text.encode()))
    statement = module.tree.body[1]
    assert isinstance(statement, ast.Expr)
    assert is_scope(module, statement.value) is found
