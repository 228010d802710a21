"""Refuse instances that cannot be made and called at once: somebody could see the difference."""

from __future__ import annotations

import ast
from typing import List, Sequence

from .analysis import Analysis
from .flow import (
    between,
    changes_scope,
    exclude_each_other,
    handlers_around,
    has_effects,
    loops_around,
    position,
    shows_order,
)
from .instance_uses import may_be_handed_to, parent_of, values_of
from .module import DEFS, Module, dotted
from .registry import Refusal

_TYPE_TESTS = ("isinstance", "type", "hasattr", "getattr", "callable", "id")


def check_uses(
    analysis: Analysis, call: ast.Call, target: str, uses: Sequence[ast.expr], calls: Sequence[ast.Call]
) -> None:
    """Refuse an instance with which more is done than to call it, return it or hand it on."""
    module = analysis.module
    others = [use for use in uses if parent_of(module, use) not in calls]
    for use in others:
        if not _is_handed_on(analysis, use):
            raise Refusal(use, _reason(parent_of(module, use)))
    if not calls and not others:
        raise Refusal(call, "an instance is made to find something out, and is never called")
    _check_once(module, call, calls)
    if "." in target:
        _check_owner(analysis, call, target)
    elif not _is_always_an_instance(analysis, values_of(module, call, target)):
        raise Refusal(call, f"{target} is an instance here and something else there")


def _is_handed_on(analysis: Analysis, use: ast.expr) -> bool:
    """Return whether an instance is returned by an outer half, or given to what calls it."""
    parent = parent_of(analysis.module, use)
    if isinstance(parent, ast.Return):
        return analysis.module.function_of(parent) in analysis.outers
    return isinstance(parent, ast.Call) and may_be_handed_to(analysis, parent)


def _reason(parent: ast.AST) -> str:
    """Return why an instance that is used so cannot be made and called at once."""
    if isinstance(parent, ast.Attribute):
        return "an attribute of the instance is read"
    if isinstance(parent, ast.Call) and dotted(parent.func) in _TYPE_TESTS:
        return "the type of the instance is asked, or an attribute of it"
    if isinstance(parent, (ast.Compare, ast.If, ast.BoolOp, ast.UnaryOp, ast.IfExp)):
        return "the instance is looked at before it is called"
    return "the instance is handed to something else, which may run it for another connection"


def _is_always_an_instance(analysis: Analysis, values: Sequence[ast.AST]) -> bool:
    return len(values) < 2 or all(
        isinstance(value, ast.Call) and analysis.application(value) for value in values
    )


def _check_once(module: Module, call: ast.Call, calls: Sequence[ast.Call]) -> None:
    """Refuse an instance that is called more than once."""
    made = loops_around(module, call)
    for place in calls:
        if any(loop not in made for loop in loops_around(module, place)):
            raise Refusal(place, "one instance is called again and again (in a loop)")
        for other in calls:
            if other is not place and not exclude_each_other(module, place, other):
                raise Refusal(max(place, other, key=position), "one instance is called twice")


def _check_owner(analysis: Analysis, call: ast.Call, target: str) -> None:
    """Refuse an instance on an object that several connections share."""
    owner, method = analysis.module.class_of(call), analysis.module.method_of(call)
    if owner not in analysis.helpers or not target.startswith("self.") or not isinstance(method, DEFS):
        raise Refusal(call, "the instance is stored where another connection may find it")
    name = method.name
    if name == "__init__" and analysis.helpers[owner].scope is None:
        names = [argument.arg for argument in method.args.args]
        if not any(argument.endswith("scope") for argument in names):
            raise Refusal(call, "the instance is made before there is a connection")


def check_move(analysis: Analysis, call: ast.Call, place: ast.AST) -> None:
    """Refuse where somebody could see that the application is called later."""
    module = analysis.module
    _check_handlers(module, call, place)
    made = module.function_of(call)
    behind, before = _behind(module, call, place), _before(module, call, place)
    names = _names_of_scope(analysis, call)
    for node in [*behind, *before]:
        if any(changes_scope(module, node, name) for name in names):
            raise Refusal(node, "the scope is changed after the application was called with it")
    if made is not None and not isinstance(made, ast.AsyncFunctionDef):
        _check_effects(made, behind)
    if any(has_effects(node) for node in [*behind, *before]):
        if shows_order(module):
            raise Refusal(call, "the order in which outer halves run shows, and one call would change it")
        analysis.warn(call, "the application is now called after what stands before the call of its instance")


def _behind(module: Module, call: ast.Call, place: ast.AST) -> List[ast.stmt]:
    """Return the statements behind the making of an instance in the same function, up to its call."""
    made = module.function_of(call)
    if made is None:
        return []
    found = between(module, made, call, place if made is module.function_of(place) else None)
    return [node for node in found if not exclude_each_other(module, call, node)]


def _before(module: Module, call: ast.Call, place: ast.AST) -> List[ast.stmt]:
    """Return the statements before the call of an instance that another function makes."""
    called = module.function_of(place)
    if called is None or called is module.function_of(call):
        return []
    return list(between(module, called, called, place))


def _names_of_scope(analysis: Analysis, call: ast.Call) -> List[str]:
    """Return the names of the scope that a call is given, and that of the object on which it is kept."""
    name = dotted(analysis.scope_argument(call) or call)
    if not name:
        return []
    made = analysis.module.function_of(call)
    kept = [
        dotted(node.targets[0])
        for node in (analysis.module.own(made) if made is not None else ())
        if isinstance(node, ast.Assign) and dotted(node.value) == name
    ]
    return [name, *(other for other in kept if other.startswith("self."))]


def _check_handlers(module: Module, call: ast.Call, place: ast.AST) -> None:
    here, there = handlers_around(module, call), handlers_around(module, place)
    if set(here) != set(there):
        which = "the instance's" if len(there) > len(here) else "the constructor's"
        raise Refusal(place, f"a try sees only {which} errors, and one call would raise both there")


def _check_effects(made: ast.AST, behind: Sequence[ast.stmt]) -> None:
    """Refuse what an outer half does between the two: its order with the application shows."""
    for node in behind:
        if has_effects(node) and not (_is_constructor(made) and not _is_visible(node)):
            raise Refusal(node, "it would run before the application is called, and now runs after it")


def _is_constructor(function: ast.AST) -> bool:
    return getattr(function, "name", "") == "__init__"


def _is_visible(node: ast.stmt) -> bool:
    """Return whether a statement of a constructor does more than set up the object."""
    return isinstance(node, ast.Expr)
