"""What runs between two places."""

from __future__ import annotations

import ast
from typing import List

import pytest

from asgi_compat.migrate.flow import (
    changes_scope,
    exclude_each_other,
    handlers_around,
    has_effects,
    loops_around,
)
from asgi_compat.migrate.module import Module
from asgi_compat.migrate.source import Source


def calls(text: str) -> tuple[Module, List[ast.Call]]:
    """Return a module and the calls of ``x`` in it, in order."""
    module = Module(Source(text.encode()))
    found = [
        node for node in module.nodes if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "x"
    ]
    return module, sorted(found, key=lambda node: node.lineno)


@pytest.mark.parametrize(
    "text, excluded",
    [
        ("def f():\n if a:\n  x()\n else:\n  x()", True),
        ("def f():\n if a:\n  x()\n  return\n x()", True),
        ("def f():\n if a:\n  x()\n x()", False),
        ("def f():\n x()\n x()", False),
        ("def f():\n if a:\n  return x()\n x()", True),
        ("def f():\n try:\n  x()\n except E:\n  x()", False),
        ("def f():\n try:\n  pass\n except E:\n  x()\n  return\n x()", True),
    ],
)
def test_exclude_each_other_only_where_one_leaves(text: str, excluded: bool) -> None:
    """Two calls of one instance are right only where the other cannot be reached."""
    module, (first, second) = calls(text)
    assert exclude_each_other(module, first, second) is excluded


def test_handlers_and_loops_around_a_call() -> None:
    """Only the body of a try is caught."""
    module, found = calls("def f():\n try:\n  x()\n except E:\n  x()\n for a in b:\n  x()")
    assert [len(handlers_around(module, call)) for call in found] == [1, 0, 0]
    assert [len(loops_around(module, call)) for call in found] == [0, 0, 1]


@pytest.mark.parametrize(
    "text, effects",
    [
        ("a = b.c", False),
        ("a = {}", False),
        ("a['b'] = 1", True),
        ("log(1)", True),
        ("a = x.get('b')", False),
    ],
)
def test_has_effects_statements(text: str, effects: bool) -> None:
    """What only binds names shows nothing."""
    assert has_effects(ast.parse(text).body[0]) is effects


@pytest.mark.parametrize(
    "text, changed",
    [("scope['a'] = 1", True), ("scope.update(a=1)", True), ("scope = 1", True), ("a = scope['b']", False)],
)
def test_changes_scope_statements(text: str, changed: bool) -> None:
    """Reading is no change."""
    assert changes_scope(Module(Source(text.encode())), ast.parse(text).body[0], "scope") is changed
