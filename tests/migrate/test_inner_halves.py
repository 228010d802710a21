"""Which expressions are inner halves."""

from __future__ import annotations

import ast

import pytest

from asgi_compat.migrate.inner_halves import is_inner_half

from .analysing import analysed

TEXT = """
SCOPE = "http.request"
async def one(receive, send): ...
async def two(receive, send): ...
async def view(request): ...
table = {"one": one, "two": two}
mixed = {"one": one, "view": view}
alias = one
either = one if SCOPE else two
"""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("one", True),
        ("alias", True),
        ("either", True),
        ("one if x else two", True),
        ("one if x else view", False),
        ("x and one or two", True),
        ("one or view", False),
        ("table['one']", True),
        ("table.get('one')", True),
        ("table.get('one', two)", True),
        ("table.get('one', view)", False),
        ("mixed['one']", False),
        ("(chosen := two)", True),
        ("view", False),
        ("unknown", False),
        ("lambda receive, send: None", True),
    ],
)
def test_is_inner_half_follows_every_choice(text: str, found: bool) -> None:
    """All that a name, a condition or a table may give has to take receive and send."""
    analysis = analysed(f"{TEXT}\n{text}\n")
    statement = analysis.module.tree.body[-1]
    assert isinstance(statement, ast.Expr)
    assert is_inner_half(analysis, statement.value) is found
