"""What is left alone."""

from __future__ import annotations

import ast

from .analysing import analysed

TEXT = """
x = "http.request"
def app(scope):  # asgi_compat: leave
    return other(scope)
def both(scope):
    return asgi2(scope) if iscoroutinefunction(app) else asgi3(scope)
def plain(scope):
    return other(scope)
"""


def test_is_left_marked_and_both_generations() -> None:
    """A mark, or code that asks about the generation, leaves a definition with all that stands in it."""
    analysis = analysed(TEXT)
    functions = [node for node in analysis.module.tree.body if isinstance(node, ast.FunctionDef)]
    assert [analysis.is_left(node.body[0]) for node in functions] == [True, True, False]
