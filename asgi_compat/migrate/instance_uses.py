"""Where instances of applications are made, and what is done with them afterwards."""

from __future__ import annotations

import ast
from typing import List, Optional, Sequence, Tuple

from .analysis import Analysis
from .module import FUNCTIONS, Module, dotted
from .rewrites.helper_classes import is_made_here
from .rewrites.partials import is_partial


def is_instance(analysis: Analysis, call: ast.Call) -> bool:
    """Return whether a call makes an instance of an application that is to be called once."""
    sure = analysis.application(call)
    if not sure or any(leaf.node is call for outer in analysis.outers.values() for leaf in outer.leaves):
        return False
    return sure == "known" or _is_treated_as_instance(analysis, call)


def _is_treated_as_instance(analysis: Analysis, call: ast.Call) -> bool:
    """Return whether what a call gives is called, returned or thrown away as an instance would be."""
    parent = analysis.module.parents[call]
    if isinstance(parent, ast.Call) and parent.func is call:
        return is_call_of_instance(parent)
    target = target_of(parent, call)
    if target and (calls_of(analysis, call, target) or _is_returned(analysis, call, target)):
        return True
    is_here = isinstance(parent, ast.Expr) or bool(analysis.outers or analysis.helpers)
    return is_here and _looks_like_application(call)


def _looks_like_application(call: ast.Call) -> bool:
    return dotted(call.func).rpartition(".")[2] in (
        "app",
        "application",
        "inner",
        "asgi_app",
        "wrapped",
        "asgi",
    )


def _is_returned(analysis: Analysis, call: ast.Call, target: str) -> bool:
    """Return whether an outer half returns the instance by its name."""
    names = {
        leaf.node.id
        for outer in analysis.outers.values()
        for leaf in outer.leaves
        if isinstance(leaf.node, ast.Name)
    }
    return target in names and any(
        isinstance(analysis.module.parents[use], ast.Return) for use in uses_of(analysis, call, target)
    )


def is_adapter(analysis: Analysis, call: ast.Call) -> bool:
    """Return whether a call stands in a single-callable that is given the double one: an adapter."""
    if analysis.callee(call) is not None:
        return False
    for function in analysis.module.ancestors(call):
        if isinstance(function, FUNCTIONS):
            names = {argument.arg.strip("_") for argument in function.args.args}
            if {"receive", "send"} <= names and any(name.endswith("scope") for name in names):
                return not _is_bound_by_partial(analysis, function)
    return False


def find_adapted(analysis: Analysis) -> None:
    """Find the calls in adapters that are given a double-callable."""
    for node in analysis.module.nodes:
        if isinstance(node, ast.Call) and is_instance(analysis, node) and is_adapter(analysis, node):
            analysis.adapted.add(node)


def _is_bound_by_partial(analysis: Analysis, function: ast.AST) -> bool:
    """Return whether a partial in an outer half gives this function its scope."""
    return any(
        leaf.rule == "partials"
        and isinstance(leaf.node, ast.Call)
        and analysis.definition(leaf.node.args[0]) is function
        for outer in analysis.outers.values()
        for leaf in outer.leaves
    )


def target_of(parent: ast.AST, call: ast.Call) -> str:
    """Return ``name`` or ``self.name`` that a statement gives to the result of a call."""
    if isinstance(parent, ast.Assign) and len(parent.targets) == 1 and parent.value is call:
        return dotted(parent.targets[0])
    if isinstance(parent, ast.AnnAssign) and parent.value is call:
        return dotted(parent.target)
    return ""


def uses_of(analysis: Analysis, call: ast.Call, target: str) -> List[ast.expr]:
    """Return the places that read the name or attribute which holds an instance."""
    module = analysis.module
    if "." not in target:
        scope, _ = module.bound(target, call)
        return [name for name in module.reads.get(target, []) if module.bound(target, name)[0] is scope]
    owner = module.class_of(call)
    if owner is None:
        return []
    return [
        node
        for node in ast.walk(owner)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) and dotted(node) == target
    ]


def calls_of(analysis: Analysis, call: ast.Call, target: str) -> List[ast.Call]:
    """Return the calls of an instance with two arguments."""
    parents = analysis.module.parents
    found = []
    for use in uses_of(analysis, call, target):
        parent = parents[use]
        if isinstance(parent, ast.Call) and parent.func is use and is_call_of_instance(parent):
            found.append(parent)
    return found


def is_call_of_instance(call: ast.Call) -> bool:
    """Return whether a call gives two arguments, by position or as ``receive=`` and ``send=``."""
    return receive_and_send(call) is not None


def receive_and_send(call: ast.Call) -> Optional[Tuple[ast.expr, ast.expr]]:
    """Return the arguments that a call gives for receive and send, None if there are others."""
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    if not call.args and set(named) == {"receive", "send"}:
        return named["receive"], named["send"]
    return (call.args[0], call.args[1]) if len(call.args) == 2 and not named else None


def values_of(module: Module, call: ast.Call, target: str) -> Sequence[ast.AST]:
    """Return what the name of an instance is bound to."""
    return module.bound(target, call)[1]


def may_be_handed_to(analysis: Analysis, call: ast.Call) -> bool:
    """Return whether a call makes a partial, or an object of this connection that calls the instance."""
    return is_partial(analysis, call) or is_made_here(analysis, call)


def returns_of(analysis: Analysis, uses: Sequence[ast.expr]) -> List[ast.AST]:
    """Return the uses that return an instance."""
    return [use for use in uses if isinstance(analysis.module.parents[use], ast.Return)]


def parent_of(module: Module, use: ast.AST) -> ast.AST:
    """Return what a use stands in: the call for an argument with a name."""
    parent = module.parents[use]
    return module.parents[parent] if isinstance(parent, ast.keyword) else parent
