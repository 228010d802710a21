"""ASGI code, and code that looks like it."""

from __future__ import annotations

import ast

import pytest

from asgi_compat.migrate.module import Module
from asgi_compat.migrate.source import Source
from asgi_compat.migrate.vocabulary import (
    is_pair,
    names_both_generations,
    scope_parameter,
    speaks_asgi,
    takes_receive_and_send,
)


@pytest.mark.parametrize(
    "text, found",
    [
        ("async def f(receive, send): ...", True),
        ("async def f(send, receive): ...", True),
        ("async def f(a, b): await b({})", True),
        ("async def f(a, b): await inner(a, b)", True),
        ("async def f(a, b): print(a, b)", True),
        ("async def f(a, b): return a + b", False),
        ("async def f(receive, send, *, x): ...", False),
        ("async def f(receive): ...", False),
    ],
)
def test_takes_receive_and_send_by_names_and_use(text: str, found: bool) -> None:
    """The order counts, not the names."""
    module = Module(Source(text.encode()))
    function = module.tree.body[0]
    assert isinstance(function, ast.AsyncFunctionDef)
    assert takes_receive_and_send(module, function) is found


def test_scope_parameter_by_name_or_alone() -> None:
    """One of several is found by its name."""
    module = Module(Source(b"def f(a, my_scope, b): ...\ndef g(x): ...\ndef h(a, b): ..."))
    found = [scope_parameter(module, node) for node in module.tree.body if isinstance(node, ast.FunctionDef)]
    assert [argument.arg if argument else None for argument in found] == ["my_scope", "x", None]


def test_speaks_asgi_other_scopes_do_not() -> None:
    """Compilers and OAuth have scopes, too."""
    assert not speaks_asgi("def resolve(scope): return scope.lookup('name')")
    assert speaks_asgi("scope['type']") and is_pair(["recv", "_send"])


def test_names_both_generations() -> None:
    """Detection of the generation is for adapters."""
    assert names_both_generations("is_double_callable(app)")
    assert not names_both_generations("asgi3")
