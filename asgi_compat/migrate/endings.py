"""Where a function ends: what can still run behind a statement, and whether a block is left by its end."""

from __future__ import annotations

import ast
from typing import Sequence, Union

from .module import Module


def is_last(module: Module, function: ast.AST, node: ast.stmt) -> bool:
    """Return whether nothing of a function can run after a statement.

    >>> from .module import returns
    >>> from .source import Source
    >>> module = Module(Source(b"def f(x):\\n    if x:\\n        return 1\\n    return 2\\n"))
    >>> function = module.tree.body[0]
    >>> sorted(is_last(module, function, node) for node in returns(module, function))
    [False, True]
    """
    inner: ast.AST = node
    for outer in module.ancestors(node):
        body: Sequence[ast.stmt]
        if isinstance(outer, (ast.For, ast.AsyncFor, ast.While)):
            return False
        if isinstance(outer, ast.Try):
            return False
        blocks = [getattr(outer, name, None) for name in ("body", "orelse")]
        body = next((b for b in blocks if isinstance(b, list) and any(item is inner for item in b)), [])
        if body and body[-1] is not inner:
            return False
        if outer is function:
            return True
        inner = outer
    return False


def ends(body: Sequence[ast.stmt]) -> bool:
    """Return whether the end of a block is never reached.

    >>> ends(ast.parse("raise ValueError").body), ends(ast.parse("if x: raise ValueError").body)
    (True, False)
    """
    last = body[-1]
    if isinstance(last, (ast.Return, ast.Raise, ast.Continue)):
        return True
    if isinstance(last, ast.If):
        return bool(last.orelse) and ends(last.body) and ends(last.orelse)
    if isinstance(last, (ast.With, ast.AsyncWith)):
        return ends(last.body)
    if isinstance(last, ast.Try):
        return _try_ends(last)
    return isinstance(last, (ast.For, ast.While)) and _loop_ends(last)


def _try_ends(node: ast.Try) -> bool:
    tried = ends(node.orelse or node.body) and all(ends(handler.body) for handler in node.handlers)
    return tried or (bool(node.finalbody) and ends(node.finalbody))


def _loop_ends(node: Union[ast.For, ast.While]) -> bool:
    if node.orelse:
        return ends(node.orelse)
    return isinstance(node, ast.While) and isinstance(node.test, ast.Constant) and bool(node.test.value)
