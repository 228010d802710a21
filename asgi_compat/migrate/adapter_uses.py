"""Refuse a module that uses an adapter between the two styles for what is rewritten around it."""

from __future__ import annotations

import ast
from typing import Dict, List, Optional, Set

from .adapters import maker_of
from .analysis import Analysis
from .module import DEFS, dotted
from .registry import Refusal, step

MADE, GIVEN = "made", "given"
#: How many names are followed.
_DEPTH = 8
#: Adapters of other packages: whether each makes ASGI2, or is given ASGI2.
_KNOWN = {
    "ASGI2Middleware": GIVEN,
    "double_to_single_callable": GIVEN,
    "ASGI3Middleware": MADE,
    "to_asgi2": MADE,
}


@step(21)
def look(analysis: Analysis) -> None:
    """Refuse an adapter whose result must be ASGI3 now, and one that is given what is ASGI3 now."""
    if not analysis.edits:
        _look_at_imported(analysis)
        return
    for maker, kind in kinds(analysis).items():
        for name in analysis.module.reads.get(_name(maker), ()):
            if analysis.module.value(name.id, name) is maker and not analysis.module.inside(name, maker):
                _check(analysis, name, kind)
    for node in analysis.module.nodes:
        if isinstance(node, (ast.Name, ast.Attribute)):
            _check(analysis, node, _kind_of_imported(analysis, node))


def _look_at_imported(analysis: Analysis) -> None:
    """Refuse an adapter, in a file in which nothing changes, that is given what another file rewrites."""
    for node in analysis.module.nodes if analysis.project is not None else ():
        if isinstance(node, (ast.Name, ast.Attribute)) and _kind_of_imported(analysis, node) == GIVEN:
            if not analysis.is_left(node):
                _check(analysis, node, GIVEN)


def kinds(analysis: Analysis) -> Dict[ast.AST, str]:
    """Return what makes an adapter in this module, by whether it makes ASGI2 or is given ASGI2."""
    found = dict.fromkeys(_makers(analysis, analysis.adapters), MADE)
    for maker in _makers(analysis, analysis.adapted):
        if not _chooses(maker):
            found.setdefault(maker, GIVEN)
    return found


def _kind_of_imported(analysis: Analysis, node: ast.expr) -> str:
    """Return the kind of an adapter that is imported and called, or decorates, ``""`` for anything else."""
    if not isinstance(getattr(node, "ctx", None), ast.Load) or not _place_of(analysis, node):
        return ""
    full = analysis.module.imported(node)
    if not full:
        return ""
    found = analysis.project.adapter(full) if analysis.project is not None else ""
    return found or _KNOWN.get(full.rpartition(".")[2], "")


def _place_of(analysis: Analysis, name: ast.expr) -> Optional[ast.AST]:
    """Return the call of what makes an adapter, or the function or class that it decorates."""
    parent = analysis.module.parents[name]
    is_decorator = name in getattr(parent, "decorator_list", ())
    return parent if is_decorator or (isinstance(parent, ast.Call) and parent.func is name) else None


def _check(analysis: Analysis, name: ast.expr, kind: str) -> None:
    place = _place_of(analysis, name)
    text = dotted(name)
    if place is None:
        return
    if kind == MADE and _is_used_here(analysis, place):
        raise Refusal(
            place, f"{text} adapts to ASGI2, and what uses it here would be ASGI3: remove the adapter"
        )
    if kind == GIVEN and _is_given_converted(analysis, place):
        raise Refusal(place, f"{text} is for applications of ASGI2, and is given one that would be ASGI3")


def _makers(analysis: Analysis, found: Set[ast.AST]) -> List[ast.AST]:
    makers: List[ast.AST] = []
    for node in sorted(found, key=lambda item: item.lineno):  # type: ignore[attr-defined]
        maker = maker_of(analysis, node)
        if maker is not None and maker not in makers:
            makers.append(maker)
    return makers


def _chooses(maker: ast.AST) -> bool:
    """Return whether an adapter may return what it is given: it is for both generations."""
    return any(isinstance(node, (ast.If, ast.IfExp, ast.Try)) for node in ast.walk(maker))


def _name(maker: ast.AST) -> str:
    return str(getattr(maker, "name", "this"))


def _is_used_here(analysis: Analysis, place: ast.AST) -> bool:
    """Return whether the result of an adapter is more than a name that other files may import."""
    module = analysis.module
    name = _name_of_result(analysis, place)
    if not name:
        return not isinstance(module.parents[place], ast.Expr)
    return any(module.bound(name, use)[0] is module.scope_of(place) for use in module.reads.get(name, ()))


def _name_of_result(analysis: Analysis, place: ast.AST) -> str:
    """Return the variable that holds the result of an adapter, ``""`` for a result that is used at once."""
    if isinstance(place, (*DEFS, ast.ClassDef)):
        return place.name
    parent = analysis.module.parents[place]
    targets = parent.targets if isinstance(parent, ast.Assign) else [getattr(parent, "target", None)]
    return targets[0].id if len(targets) == 1 and isinstance(targets[0], ast.Name) else ""


def _is_given_converted(analysis: Analysis, place: ast.AST) -> bool:
    """Return whether an adapter of double-callables is given one that is rewritten in this module."""
    if not isinstance(place, ast.Call):
        return False
    given = [*place.args, *(keyword.value for keyword in place.keywords)]
    return any(becomes_single(analysis, value) for value in given)


def becomes_single(analysis: Analysis, node: Optional[ast.AST], depth: int = 0) -> bool:
    """Return whether an expression is an application, or an object of one, that is a single-callable now."""
    if depth > _DEPTH or not isinstance(node, (ast.Name, ast.Attribute, ast.Call, *DEFS, ast.ClassDef)):
        return False
    if isinstance(node, ast.Call):
        return _is_made_single(analysis, node)
    found = analysis.definition(node) if isinstance(node, (ast.Name, ast.Attribute)) else node
    if found in analysis.converted or found in analysis.entries:
        return True
    if isinstance(node, ast.Name) and found is None:
        value = analysis.module.value(node.id, node)
        if isinstance(value, (ast.Call, ast.Name, ast.Attribute)) and value is not node:
            return becomes_single(analysis, value, depth + 1)
    return _is_converted_elsewhere(analysis, node)


def _is_made_single(analysis: Analysis, call: ast.Call) -> bool:
    """Return whether the class of an object has a ``__call__`` that is a single-callable now."""
    made = analysis.callee(call)
    if isinstance(made, ast.ClassDef):
        return analysis.member(made, "__call__") in analysis.converted
    return _is_converted_elsewhere(analysis, call.func)


def _is_converted_elsewhere(analysis: Analysis, node: ast.AST) -> bool:
    full = analysis.module.imported(node)
    return bool(full) and analysis.project is not None and analysis.project.is_converted(full)
