"""Where functions end."""

from __future__ import annotations

import ast

import pytest

from asgi_compat.migrate.endings import ends, is_last
from asgi_compat.migrate.module import Module, returns
from asgi_compat.migrate.source import Source


@pytest.mark.parametrize(
    "text, never",
    [
        ("raise E", True),
        ("x()", False),
        ("if a:\n raise E", False),
        ("if a:\n raise E\nelse:\n raise F", True),
        ("with a:\n raise E", True),
        ("try:\n raise E\nexcept F:\n x()", False),
        ("try:\n x()\nexcept F:\n raise\nelse:\n raise E", True),
        ("try:\n x()\nfinally:\n raise E", True),
        ("while True:\n x()", True),
        ("while a:\n x()", False),
        ("for a in b:\n x()\nelse:\n raise E", True),
        ("for a in b:\n raise E", False),
    ],
)
def test_ends_block_whose_end_is_never_reached(text: str, never: bool) -> None:
    """Nothing has to be added behind it."""
    assert ends(ast.parse(text).body) is never


@pytest.mark.parametrize(
    "body, last",
    [
        ("return 1", True),
        ("if a:\n  return 1\n else:\n  return 2", True),
        ("for a in b:\n  return 1", False),
        ("while a:\n  return 1", False),
        ("try:\n  return 1\n finally:\n  x()", False),
        ("if a:\n  return 1\n x()", False),
        ("with a:\n  return 1", True),
    ],
)
def test_is_last_return_behind_which_nothing_runs(body: str, last: bool) -> None:
    """Such a ``return`` can be left out."""
    module = Module(Source(f"def f():\n {body}\n".encode()))
    function = module.tree.body[0]
    assert all(is_last(module, function, node) is last for node in returns(module, function))
