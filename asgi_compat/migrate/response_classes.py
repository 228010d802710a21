"""Which expressions are responses that took receive and send, and where their scope can be seen."""

from __future__ import annotations

import ast
import re

from .analysis import Analysis
from .module import DEFS, FUNCTIONS, Function, dotted, parameters

_NAME = re.compile(r"Response$|^WebSocketClose$")
_VARIABLE = re.compile(r"^(?:\w*_)?resp(?:onse)?$")


def is_response_class(analysis: Analysis, node: ast.ClassDef) -> bool:
    """Return whether a class of this module is a response that takes two arguments."""
    found = analysis.helpers.get(node)
    return found is not None and found.scope is None and _NAME.search(node.name) is not None


def is_response(analysis: Analysis, node: ast.AST, depth: int = 0) -> bool:
    """Return whether an expression is a response."""
    if isinstance(node, ast.Call):
        return _makes_response(analysis, node, depth)
    if not isinstance(node, ast.Name) or depth > 4:
        return False
    _, values = analysis.module.bound(node.id, node)
    made = [value for value in values if isinstance(value, ast.Call)]
    if any(is_response(analysis, value, depth + 1) for value in made):
        return True
    if any(isinstance(value, FUNCTIONS) for value in values) or any(_is_known(analysis, v) for v in made):
        return False
    return _VARIABLE.match(node.id) is not None and _knows_responses(analysis)


def _makes_response(analysis: Analysis, call: ast.Call, depth: int) -> bool:
    """Return whether what is called is the class of a response, or a function that returns one."""
    target = analysis.definition(call.func)
    if isinstance(target, ast.ClassDef):
        inherited = target not in analysis.helpers and inherits_response(analysis, target)
        return inherited or is_response_class(analysis, target)
    if isinstance(target, DEFS) and target not in analysis.outers:
        return _returns_responses(analysis, target, depth)
    name = analysis.module.imported(call.func) or dotted(call.func)
    if name.split(".")[0] in ("self", "cls") or dotted(call.func).startswith("self."):
        return False
    return _NAME.search(name.rpartition(".")[2]) is not None


def _is_known(analysis: Analysis, call: ast.Call) -> bool:
    """Return whether a call makes an instance of an application, or of a class of this module."""
    return bool(analysis.application(call)) or isinstance(analysis.callee(call), ast.ClassDef)


def _returns_responses(analysis: Analysis, function: ast.AST, depth: int) -> bool:
    """Return whether a function returns nothing but responses."""
    values = [node.value for node in analysis.module.own(function) if isinstance(node, ast.Return)]
    return (
        depth < 4
        and bool(values)
        and all(value is not None and is_response(analysis, value, depth + 1) for value in values)
    )


def inherits_response(analysis: Analysis, node: ast.ClassDef) -> bool:
    """Return whether a class of this module has a response of another file among its bases."""
    return any(_NAME.search(dotted(base).rpartition(".")[2]) for base in analysis.foreign_bases(node))


def _knows_responses(analysis: Analysis) -> bool:
    """Return whether this module has responses of its own, or imports some."""
    if any(is_response_class(analysis, node) for node in analysis.helpers):
        return True
    imports = [node for node in analysis.module.nodes if isinstance(node, (ast.ImportFrom, ast.Import))]
    names = [f"{getattr(node, 'module', '') or ''}.{alias.name}" for node in imports for alias in node.names]
    return any(name.lstrip(".").startswith(("starlette", "fastapi")) or _NAME.search(name) for name in names)


def scope_seen_from(analysis: Analysis, node: ast.AST) -> str:
    """Return an expression for the scope where a node stands, or ``""``."""
    module = analysis.module
    for ancestor in module.ancestors(node):
        name = _scope_of(analysis, ancestor) if isinstance(ancestor, FUNCTIONS) else ""
        if name:
            return name
    owner = module.class_of(node)
    if owner is not None and (keeps_scope(owner) or _may_keep_scope(analysis, owner)):
        return "self.scope"
    return "scope" if module.bound("scope", node)[1] else ""


def _scope_of(analysis: Analysis, function: Function) -> str:
    """Return the name of the scope in a function, or ``""``."""
    module = analysis.module
    given = [*parameters(module, function), *function.args.kwonlyargs]
    named = [parameter.arg for parameter in given if parameter.arg.lower().endswith("scope")]
    if named:
        return named[0]
    outer = analysis.outers.get(function)
    if outer is not None:
        return outer.scope.arg
    own = module.tables.get(function, {})
    return next((name for name in ("scope", "asgi_scope") if name in own), "")


def keeps_scope(owner: ast.ClassDef) -> bool:
    """Return whether the objects of a class keep the scope as ``self.scope``."""
    return any(
        isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and dotted(node) == "self.scope"
        for node in ast.walk(owner)
    )


def _may_keep_scope(analysis: Analysis, owner: ast.ClassDef) -> bool:
    """Return whether the constructor of a class has the scope and does not keep it."""
    found = analysis.helpers.get(owner)
    own = analysis.module.tables.get(owner, {})
    return found is not None and found.scope is not None and found.constructor in own.get("__init__", ())
