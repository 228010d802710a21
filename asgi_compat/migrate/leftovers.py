"""Refuse a module in which something would still be called in the old style."""

from __future__ import annotations

import ast
from typing import Iterator, Optional, Sequence

from .analysis import Analysis
from .instance_uses import is_call_of_instance
from .module import DEFS, dotted, is_method, parameters, returns
from .registry import Refusal, step
from .vocabulary import INSIDE, is_pair, reads_scope

_YIELDS = (ast.Yield, ast.YieldFrom)
#: Kinds of expressions that may be an inner half.
_UNKNOWN = (ast.Call, ast.Name, ast.Attribute, ast.Subscript, ast.BoolOp)
_LOOPS = (ast.For, ast.AsyncFor, ast.comprehension)


@step(20)
def look(analysis: Analysis) -> None:
    """Refuse calls that no rewrite has taken care of, and ``__call__`` that no rewrite understands."""
    if not analysis.is_asgi:
        return
    for node in analysis.module.nodes:
        reason = _reason(analysis, node)
        if reason and not analysis.is_left(node):
            raise Refusal(node, reason)


def _reason(analysis: Analysis, node: ast.AST) -> str:
    if isinstance(node, ast.Call):
        return _reason_of_call(analysis, node)
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and node.attr == "__call__":
        if analysis.converted or analysis.entries:
            return f"__call__ of {dotted(node.value)} is replaced at run time"
    if isinstance(node, ast.FunctionDef):
        return _reason_of_function(analysis, node)
    if isinstance(node, ast.ClassDef) and _depends_on_condition(analysis, node):
        return f"how {node.name} is made or called depends on a condition"
    return ""


def _reason_of_function(analysis: Analysis, function: ast.FunctionDef) -> str:
    if function in analysis.outers or function in analysis.adapters:
        return ""
    is_unknown = _is_unknown_call if is_method(analysis.module, function) else _is_unknown_outer_half
    if not is_unknown(analysis, function):
        return ""
    return f"{function.name} takes a scope, and what it returns cannot be told"


def _reason_of_call(analysis: Analysis, call: ast.Call) -> str:
    if call in analysis.consumed or _is_super_call(call):
        return ""
    if call.args and analysis.callee(call) in analysis.converted:
        return "an application is called here with the scope alone, and no rewrite does it (is one skipped?)"
    if isinstance(call.func, ast.Name) and len(call.args) == 1:
        if any(analysis.definition(item) in analysis.converted for item in _choices(analysis, call.func)):
            return f"{call.func.id} is one of several applications: what calls its instance cannot be seen"
    if analysis.edits and is_call_of_instance(call) and _is_made_inside(analysis, call.func):
        return "an instance is called here, and the scope that it was made with cannot be told"
    return ""


def _is_made_inside(analysis: Analysis, node: ast.expr) -> bool:
    """Return whether what is called was made by the application that a middleware keeps."""
    made: Optional[ast.AST] = analysis.module.value(node.id, node) if isinstance(node, ast.Name) else node
    if not isinstance(made, ast.Call) or made in analysis.consumed | analysis.adapted or not made.args:
        return False
    owner, _, name = dotted(made.func).rpartition(".")
    return owner == "self" and name in INSIDE


def _is_unknown_outer_half(analysis: Analysis, function: ast.FunctionDef) -> bool:
    """Return whether a function defines an inner half, and returns something that no rewrite knows."""
    if [argument.arg for argument in function.args.args] != ["scope"]:
        return False
    own = list(analysis.module.own(function))
    if any(isinstance(node, _YIELDS) for node in own):
        return False
    if not _defines_inner_half(analysis, function) and not (
        analysis.edits and any(map(_returns_instance, own))
    ):
        return False
    left = [node for node in own if isinstance(node, ast.Return) and isinstance(node.value, _UNKNOWN)]
    return bool(left) and not any(analysis.is_left(node) for node in left)


def _returns_instance(node: ast.AST) -> bool:
    """Return whether a statement returns what an application makes: ``return app(change(scope))``."""
    value = node.value if isinstance(node, ast.Return) else None
    return isinstance(value, ast.Call) and dotted(value.func).rpartition(".")[2] in INSIDE


def _defines_inner_half(analysis: Analysis, function: ast.FunctionDef) -> bool:
    """Return whether a function has a coroutine function in it that takes receive and send, or any two."""
    inner = [node for node in analysis.module.own(function) if isinstance(node, ast.AsyncFunctionDef)]
    if any(is_pair([argument.arg for argument in node.args.args]) for node in inner):
        return True
    hidden = any(node.args.vararg and not node.args.args for node in inner)
    return hidden and reads_scope(analysis.module, function, "scope")


def _is_super_call(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Call)


def _choices(analysis: Analysis, name: ast.Name) -> Iterator[ast.expr]:
    """Yield what a loop, or a lambda that is given to ``map``, gives to a name in turn."""
    for value in analysis.module.bound(name.id, name)[1]:
        parent = analysis.module.parents.get(value)
        if isinstance(parent, ast.arguments):
            function = analysis.module.parents[parent]
            call = analysis.module.parents[function] if isinstance(function, ast.Lambda) else None
            given: Sequence[ast.expr] = call.args if isinstance(call, ast.Call) else ()
        else:
            given = [parent.iter] if isinstance(parent, _LOOPS) else ()
        for item in given:
            yield from _items(analysis, item)


def _items(analysis: Analysis, node: ast.expr) -> Sequence[ast.expr]:
    table: Optional[ast.AST] = node
    if isinstance(node, ast.Name):
        table = analysis.module.value(node.id, node)
    return table.elts if isinstance(table, (ast.List, ast.Tuple, ast.Set)) else ()


def _is_unknown_call(analysis: Analysis, function: ast.FunctionDef) -> bool:
    """Return whether ``__call__`` of a class takes a scope and returns what no rewrite knows."""
    if function.name != "__call__":
        return False
    names = [argument.arg for argument in parameters(analysis.module, function)]
    if names != ["scope"] or not _is_about_connections(analysis, function):
        return False
    values = [node.value for node in returns(analysis.module, function)]
    return any(isinstance(value, _UNKNOWN) for value in values)


def _is_about_connections(analysis: Analysis, function: ast.FunctionDef) -> bool:
    """Return whether applications are converted around a method, or its class has one inside."""
    if analysis.converted:
        return True
    owner = analysis.module.parents[function]
    kept = [node.attr for node in ast.walk(owner) if isinstance(node, ast.Attribute)]
    return reads_scope(analysis.module, function, "scope") and any(name in INSIDE for name in kept)


def _depends_on_condition(analysis: Analysis, node: ast.ClassDef) -> bool:
    """Return whether an application has one of several constructors, by a condition."""
    table = analysis.module.tables.get(node, {})
    for name in ("__init__", "__call__"):
        found = [value for value in table.get(name, ()) if isinstance(value, DEFS)]
        if len(found) > 1 and any(isinstance(analysis.module.parents[item], ast.If) for item in found):
            return node in analysis.helpers
    return False
