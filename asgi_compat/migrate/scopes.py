"""Which expressions are a scope: by their name, or because they copy or change one."""

from __future__ import annotations

import ast
from typing import Optional

from .module import DEFS, Function, Module, dotted, returns
from .vocabulary import reads_scope, scope_parameter

#: Make a scope of the one that they are given.
_COPIES = frozenset(
    ["dict", "copy.copy", "copy", "deepcopy", "copy.deepcopy", "collections.ChainMap", "ChainMap"]
)


def is_scope(module: Module, node: ast.AST, depth: int = 0) -> bool:
    """Return whether an expression is a scope."""
    if isinstance(node, (ast.Name, ast.Attribute)):
        if dotted(node).rpartition(".")[2].lower().endswith("scope"):
            return True
        return isinstance(node, ast.Name) and depth < 4 and _is_bound_to_scope(module, node, depth)
    if isinstance(node, ast.Dict):
        return _is_dict_of_scope(module, node, depth)
    if isinstance(node, ast.Await):
        return is_scope(module, node.value, depth)
    if isinstance(node, ast.Call):
        return _makes_scope(module, node, depth)
    return isinstance(node, ast.BinOp) and is_scope(module, node.left, depth)


def _is_dict_of_scope(module: Module, node: ast.Dict, depth: int) -> bool:
    """Return whether a dict has a type, or takes its keys from a scope."""
    return any(
        is_scope(module, value, depth) if key is None else _is_key(key, "type")
        for key, value in zip(node.keys, node.values)
    )


def _makes_scope(module: Module, call: ast.Call, depth: int) -> bool:
    """Return whether a call copies a scope, or makes one."""
    if isinstance(call.func, ast.Attribute) and call.func.attr in ("copy", "new_child"):
        return is_scope(module, call.func.value, depth)
    name = dotted(call.func)
    if name in _COPIES:
        return _copies_scope(module, call, depth)
    return name.endswith("scope") or _changes_scope(module, call, depth)


def _copies_scope(module: Module, call: ast.Call, depth: int) -> bool:
    """Return whether ``dict()`` and the like are given a scope or its type."""
    if [dotted(argument) for argument in call.args] == ["request"]:
        return True
    return _is_given_scope(module, call, depth) or any(
        keyword.arg == "type" or (keyword.arg is None and is_scope(module, keyword.value, depth))
        for keyword in call.keywords
    )


def _is_given_scope(module: Module, call: ast.Call, depth: int) -> bool:
    return any(is_scope(module, argument, depth) for argument in call.args)


def _changes_scope(module: Module, call: ast.Call, depth: int) -> bool:
    """Return whether a function or method of this module is given a scope and returns nothing else."""
    function = _function_called(module, call)
    if function is None or depth > 3 or not _is_given_scope(module, call, depth):
        return False
    values = [node.value for node in returns(module, function)]
    return bool(values) and all(value is not None and is_scope(module, value, depth + 1) for value in values)


def _function_called(module: Module, call: ast.Call) -> Optional[Function]:
    """Return the function, or the method of the same class, that a call names."""
    owner, _, name = dotted(call.func).rpartition(".")
    found = module.value(name, call) if not owner else None
    if owner in ("self", "cls"):
        methods = module.tables.get(module.class_of(call) or module.tree, {}).get(name)
        found = methods[-1] if methods else None
    return found if isinstance(found, DEFS) else None


def _is_bound_to_scope(module: Module, node: ast.Name, depth: int) -> bool:
    _, values = module.bound(node.id, node)
    for value in values:
        if isinstance(value, ast.arg):
            function = module.scope_of(value)
            if (
                isinstance(function, (ast.FunctionDef, ast.Lambda))
                and scope_parameter(module, function) is value
            ):
                if reads_scope(module, function, value.arg):
                    return True
        elif isinstance(value, ast.expr) and not isinstance(value, ast.Name):
            if is_scope(module, value, depth + 1):
                return True
    return False


def _is_key(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Constant) and node.value == name
