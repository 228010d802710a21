"""Classes whose instances take receive and send."""

from __future__ import annotations

import ast
from typing import List, NamedTuple, Optional, Tuple

from .consumers import is_consumer_class
from .definitions import Definitions
from .module import DEFS, Function, dotted, required_parameters
from .vocabulary import reads_scope, takes_receive_and_send

#: Decorators and bases that make a constructor of the fields of a class.
_FIELD_MAKERS = {"dataclass", "s", "define", "NamedTuple"}


class HelperClass(NamedTuple):
    """A class whose instances take receive and send."""

    node: ast.ClassDef
    call: ast.AST
    constructor: Optional[Function]
    #: The parameter of the constructor that is the scope.
    scope: Optional[str]
    #: Whether the constructor needs a scope and nothing else: the class is an application.
    is_application: bool


def read_class(definitions: Definitions, node: ast.ClassDef) -> Optional[HelperClass]:
    """Return what there is to know about a class whose instances take receive and send."""
    module = definitions.module
    call = definitions.member(node, "__call__")
    if not isinstance(call, DEFS) or len(required_parameters(module, call)) != 2:
        return None
    if not takes_receive_and_send(module, call) or is_consumer_class(module, node):
        return None
    constructor = definitions.member(node, "__init__") or definitions.member(node, "__new__")
    if isinstance(constructor, DEFS):
        needed, named = _needed(definitions, constructor)
    else:
        constructor, needed = None, _fields(node)
        named = [name for name in needed if name.endswith("scope")]
    return HelperClass(node, call, constructor, named[0] if named else None, bool(named) and needed == named)


def _needed(definitions: Definitions, constructor: Function) -> Tuple[List[str], List[str]]:
    """Return the names that a constructor needs, and those of them that are the scope."""
    needed = [parameter.arg for parameter in required_parameters(definitions.module, constructor)]
    named = [name for name in needed if name.lower().endswith("scope")]
    if not named and len(needed) == 1 and reads_scope(definitions.module, constructor, needed[0]):
        named = needed
    return needed, named


def _fields(node: ast.ClassDef) -> List[str]:
    makers = [getattr(d, "func", d) for d in node.decorator_list] + node.bases
    if not {dotted(maker).rpartition(".")[2] for maker in makers} & _FIELD_MAKERS:
        return []
    fields = [item for item in node.body if isinstance(item, ast.AnnAssign) and item.value is None]
    return [field.target.id for field in fields if isinstance(field.target, ast.Name)]
