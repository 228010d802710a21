"""Which names are Channels consumers, and ``.as_asgi()`` behind them."""

from __future__ import annotations

import ast
from typing import List

from .module import Module, dotted
from .source import Edit

#: The consumers of Channels itself are bases.
_BASES = ("channels.consumer", "channels.generic")


def is_consumer(module: Module, node: ast.AST, depth: int = 0) -> bool:
    """Return whether an expression is a consumer class."""
    if isinstance(node, ast.Attribute):
        return node.attr.endswith("Consumer") and node.attr[:1].isupper() and dotted(node) != ""
    if not isinstance(node, ast.Name) or depth > 8:
        return False
    value = module.value(node.id, node)
    if isinstance(value, ast.ClassDef):
        return is_consumer_class(module, value, depth)
    if isinstance(value, ast.alias):
        return value.name.endswith("Consumer") and value.name[:1].isupper()
    return (
        isinstance(value, (ast.Name, ast.Attribute))
        and value is not node
        and is_consumer(module, value, depth + 1)
    )


def is_consumer_class(module: Module, node: ast.ClassDef, depth: int = 0) -> bool:
    """Return whether a class of this module is a consumer: by its bases."""
    for base in node.bases:
        if module.imported(base).startswith(_BASES):
            return True
        if isinstance(base, ast.Name) and base.id == node.name:
            continue
        if is_consumer(module, base, depth + 1):
            return True
    return False


def as_asgi(module: Module, node: ast.expr) -> List[Edit]:
    """Return the edit that makes an application of a consumer, or none for anything else."""
    if not is_consumer(module, node):
        return []
    at = module.source.end(node)
    return [Edit(at, at, ".as_asgi()")]
