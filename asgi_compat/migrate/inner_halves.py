"""Which expressions are inner halves: they take receive and send, also where one of several is chosen."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Optional, Sequence

from .module import DEFS
from .vocabulary import takes_receive_and_send

if TYPE_CHECKING:
    from .analysis import Analysis

#: How many names, tables and conditions are followed.
_DEPTH = 6


def is_inner_half(analysis: Analysis, node: Optional[ast.AST], depth: int = 0) -> bool:
    """Return whether an expression is a function that takes receive and send, whatever is chosen in it."""
    if node is None or depth > _DEPTH:
        return False
    if isinstance(node, (*DEFS, ast.Lambda)):
        return takes_receive_and_send(analysis.module, node)
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        _, values = analysis.module.bound(node.id, node)
        return _are(analysis, [_given(analysis, value) for value in values], depth)
    if isinstance(node, ast.Attribute):
        return isinstance(node.ctx, ast.Load) and _are(analysis, [analysis.definition(node)], depth)
    return _are(analysis, _choices(analysis, node), depth)


def _are(analysis: Analysis, nodes: Sequence[Optional[ast.AST]], depth: int) -> bool:
    return bool(nodes) and all(is_inner_half(analysis, node, depth + 1) for node in nodes)


def _given(analysis: Analysis, value: ast.AST) -> ast.AST:
    """Return what ``name := value`` gives to a name."""
    parent = analysis.module.parents.get(value)
    return parent.value if isinstance(parent, ast.NamedExpr) and parent.target is value else value


def _choices(analysis: Analysis, node: ast.AST) -> Sequence[Optional[ast.AST]]:
    """Return what an expression may be: the parts of a condition, or the entries of a table."""
    if isinstance(node, ast.NamedExpr):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    if isinstance(node, ast.BoolOp):
        return (
            [_last_of_and(value) for value in node.values]
            if isinstance(node.op, ast.Or)
            else [node.values[-1]]
        )
    if isinstance(node, ast.Subscript):
        return _entries(analysis, node.value)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
        entries = _entries(analysis, node.func.value)
        return [*entries, *node.args[1:]] if entries and len(node.args) <= 2 else []
    return []


def _last_of_and(node: ast.expr) -> ast.expr:
    return node.values[-1] if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And) else node


def _entries(analysis: Analysis, node: ast.expr) -> Sequence[Optional[ast.AST]]:
    table: Optional[ast.AST] = node
    if isinstance(node, ast.Name):
        table = analysis.module.value(node.id, node)
    return table.values if isinstance(table, ast.Dict) else []
