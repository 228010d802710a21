"""Refuse classes that are more than an application: a function of their name could not take their place."""

from __future__ import annotations

import ast
from typing import Dict, List, Set

from .analysis import Analysis
from .instance_classes import HelperClass
from .module import DEFS, FUNCTIONS, dotted
from .registry import Refusal

#: Stands for every attribute.
_COMPUTED = "*"


def check_class(
    analysis: Analysis, node: ast.ClassDef, helper: HelperClass, used: Dict[str, List[ast.AST]]
) -> None:
    """Refuse a class that cannot have a function of its name in front of it."""
    _check_making(node)
    for place in used.get("class", []):
        raise Refusal(place, _class_reason(analysis, node, place))
    for item in ast.walk(node):
        if _looks_at_its_class(item):
            raise Refusal(item, f"{node.name} looks at its own class, which would have another name")
    if not used.get("value"):
        _check_base(analysis, node)
    _check_registry(analysis, node, used)
    arguments = helper.constructor.args if isinstance(helper.constructor, FUNCTIONS) else None
    if arguments is not None and arguments.vararg and arguments.kwarg is None:
        raise Refusal(helper.constructor or node, f"the parameters of {node.name} cannot be seen")


def stands_in_class(analysis: Analysis, node: ast.ClassDef) -> bool:
    """Return whether a class is an attribute of another one."""
    return isinstance(analysis.module.parents[node], ast.ClassDef)


def check_in_class(analysis: Analysis, node: ast.ClassDef, used: Dict[str, List[ast.AST]]) -> None:
    """Refuse an application in a class that is not only called: a function would be a method."""
    if not analysis.helpers[node].is_application or not stands_in_class(analysis, node):
        return
    parents = analysis.module.parents
    named = [n for n in analysis.module.nodes if isinstance(n, ast.Attribute) and n.attr == node.name]
    others = [n for n in named if getattr(parents[n], "func", None) is not n]
    if others or not (named or used):
        place = others[0] if others else node
        raise Refusal(
            place, f"{node.name} stands in a class, where a function in its place would be a method"
        )


def _check_making(node: ast.ClassDef) -> None:
    """Refuse a class that a decorator or a metaclass may replace."""
    for decorator in node.decorator_list:
        name = dotted(getattr(decorator, "func", decorator))
        if name.rpartition(".")[2] not in ("dataclass", "s", "define"):
            raise Refusal(
                decorator,
                f"what the decorator {name or 'here'} makes of the class {node.name} cannot be seen",
            )
    if node.keywords:
        raise Refusal(node, f"what the metaclass makes of the class {node.name} cannot be seen")


def _class_reason(analysis: Analysis, node: ast.ClassDef, place: ast.AST) -> str:
    parent = analysis.module.parents[place]
    is_call = isinstance(parent, ast.Attribute) and parent.attr == "__call__"
    if is_call and isinstance(getattr(parent, "ctx", None), ast.Store):
        return f"__call__ of {node.name} is replaced at run time"
    return f"{node.name} is the application and is used as a class, too"


def _looks_at_its_class(item: ast.AST) -> bool:
    text = getattr(item, "attr", None) or getattr(item, "id", None)
    return text in ("__class__", "__name__", "__qualname__") or _is_type_of_self(item)


def _check_base(analysis: Analysis, node: ast.ClassDef) -> None:
    """Refuse a class whose methods are for others to write: their subclasses call it by its constructor."""
    if node.name.endswith("Consumer"):
        raise Refusal(node, f"{node.name} is a base class of consumers in other files")
    for item in ast.walk(node):
        if _says_not_implemented(analysis, item) or _is_hook(analysis, node, item):
            raise Refusal(item, f"{node.name} is a base class: another file may have a subclass of it")
        if _looks_for_method(item):
            raise Refusal(item, f"{node.name} calls methods that a subclass in another file may have")


def _looks_for_method(node: ast.AST) -> bool:
    """Return whether a method is looked up by a computed name, with another method for none."""
    if not isinstance(node, ast.Call) or dotted(node.func) != "getattr" or len(node.args) != 3:
        return False
    owner, name, default = node.args
    is_computed = dotted(owner) == "self" and not isinstance(name, ast.Constant)
    return is_computed and dotted(default).startswith("self.")


def _says_not_implemented(analysis: Analysis, node: ast.AST) -> bool:
    """Return whether a method does nothing but raise NotImplementedError, whatever the scope is."""
    if not isinstance(node, ast.Raise) or not isinstance(analysis.module.parents[node], DEFS):
        return False
    raised = node.exc or node
    return "NotImplementedError" in (dotted(raised), dotted(getattr(raised, "func", raised)))


def _is_hook(analysis: Analysis, owner: ast.ClassDef, node: ast.AST) -> bool:
    """Return whether a method does nothing, and the class uses it: it is there to be written by others."""
    if not isinstance(node, DEFS) or analysis.module.parents[node] is not owner:
        return False
    if node.name.startswith("__") or not _uses_of_self(owner) & {node.name, _COMPUTED}:
        return False
    first = node.body[0]
    return len(node.body) == 1 and isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)


def _uses_of_self(owner: ast.ClassDef) -> Set[str]:
    """Return the attributes of ``self`` that a class uses, `_COMPUTED` for one whose name is computed."""
    found = {n.attr for n in ast.walk(owner) if isinstance(n, ast.Attribute) and dotted(n.value) == "self"}
    for node in ast.walk(owner):
        if isinstance(node, ast.Call) and dotted(node.func) == "getattr" and len(node.args) > 1:
            if dotted(node.args[0]) == "self":
                name = node.args[1]
                found.add(str(name.value) if isinstance(name, ast.Constant) else _COMPUTED)
    return found


def _check_registry(analysis: Analysis, node: ast.ClassDef, used: Dict[str, List[ast.AST]]) -> None:
    for place in used.get("value", []):
        parent = analysis.module.parents[place]
        if isinstance(parent, ast.Call) and dotted(parent.func).rpartition(".")[2] in (
            "register",
            "append",
            "add",
        ):
            raise Refusal(place, f"{node.name} is put into a registry as a class")


def _is_type_of_self(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and dotted(node.func) == "type"
        and len(node.args) == 1
        and isinstance(node.args[0], ast.Name)
        and node.args[0].id == "self"
    )
