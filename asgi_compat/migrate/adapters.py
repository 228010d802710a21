"""Which functions are adapters: they are given a single-callable and make a double-callable of it.

A double-callable that calls an endpoint with three arguments looks the same. It is an application like any
other, and rewritten; an adapter has a name that says so, or is given an application.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, List, Optional

from .module import DEFS, Function, dotted
from .registry import Leaf
from .scopes import is_scope
from .vocabulary import is_pair

if TYPE_CHECKING:
    from .analysis import Analysis

#: Names of what exists to convert: `ASGI3Middleware`, `single_to_double`, `LegacyAdapter`.
_CONVERTS = re.compile(
    r"asgi_?v?[23]|double|single|adapt|convert|compat|legacy|shim|downgrade|old_?style", re.IGNORECASE
)
#: Names of an application that is given. An endpoint, a handler or a view is none.
_GIVEN_APPLICATION = re.compile(r"(?:^|_)(?:app|application|asgi|inner|wrapped)\d?$", re.IGNORECASE)


def adapts(analysis: Analysis, function: Function, leaves: List[Leaf]) -> bool:
    """Return whether an outer half is an adapter: it exists to make double-callables of single-callables.

    One whose name does not say so does nothing else, and what it is given is called an application.
    """
    called = [found for found in (_given(analysis, leaf) for leaf in leaves) if found is not None]
    if not called:
        return False
    if any(_CONVERTS.search(name) for name in [*_names_around(analysis, function), *map(dotted, called)]):
        return True
    is_helper = any(leaf.rule == "helper-classes" for leaf in leaves)
    named = any(_GIVEN_APPLICATION.search(dotted(found).rpartition(".")[2]) for found in called)
    return named and not is_helper and _does_nothing_else(function)


def maker_of(analysis: Analysis, node: ast.AST) -> Optional[ast.AST]:
    """Return what is called to get an adapter: the class of a method, or the function around a function."""
    owner = analysis.module.class_of(node)
    if owner is not None:
        return owner
    around = [node, *(a for a in analysis.module.ancestors(node) if isinstance(a, DEFS))]
    return around[-1] if isinstance(around[-1], DEFS) else None


def _names_around(analysis: Analysis, function: Function) -> List[str]:
    """Return the names of a function and of the functions and classes around it."""
    around = [function, *analysis.module.ancestors(function)]
    return [node.name for node in around if isinstance(node, (*DEFS, ast.ClassDef))]


def _given(analysis: Analysis, leaf: Leaf) -> Optional[ast.expr]:
    """Return the given single-callable that is all that a returned thing calls."""
    node = leaf.node
    if leaf.rule == "partials" and isinstance(node, ast.Call):
        node = node.args[0]
        if len(leaf.node.args) + len(leaf.node.keywords) == 2 and _is_given(analysis, node):  # type: ignore[attr-defined]
            return node
    call = _only_call(_function_of(analysis, node))
    if call is None or not _is_given(analysis, call.func):
        return None
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    is_whole = len(given) == 3 and is_scope(analysis.module, given[0]) and is_pair(map(dotted, given[1:]))
    return call.func if is_whole else None


def _function_of(analysis: Analysis, node: ast.expr) -> Optional[ast.AST]:
    """Return the function that is called with receive and send when a returned thing is."""
    if isinstance(node, ast.Lambda):
        return node
    if isinstance(node, ast.Call):
        made = analysis.callee(node)
        return (
            analysis.helpers[made].call
            if isinstance(made, ast.ClassDef) and made in analysis.helpers
            else None
        )
    return analysis.definition(node)


def _is_given(analysis: Analysis, callee: ast.expr) -> bool:
    """Return whether what is called comes from outside: it is a parameter, or kept on the object."""
    name, _, attribute = dotted(callee).partition(".")
    if not isinstance(analysis.module.value(name, callee), ast.arg) or "." in attribute:
        return False
    if attribute and name not in ("self", "cls"):
        return False
    target = analysis.definition(callee)
    return not (isinstance(target, ast.AsyncFunctionDef) or target in analysis.helpers)


def _only_call(function: Optional[ast.AST]) -> Optional[ast.Call]:
    """Return the call that is all a function does."""
    value: ast.AST
    if isinstance(function, ast.Lambda):
        value = function.body
    elif isinstance(function, DEFS):
        code = [node for node in function.body if not _is_docstring(node)]
        value = getattr(code[0], "value", None) or code[0] if len(code) == 1 else function
    else:
        return None
    call = value.value if isinstance(value, ast.Await) else value
    return call if isinstance(call, ast.Call) else None


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _does_nothing_else(function: Function) -> bool:
    """Return whether a function only defines and returns something."""
    if isinstance(function, ast.Lambda):
        return True
    return all(isinstance(node, (*DEFS, ast.Return)) or _is_docstring(node) for node in function.body)
