"""Which functions are outer halves: they take a scope and return what takes receive and send."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, List, Optional, Sequence, Tuple

from .adapters import adapts
from .module import Function, dotted, is_method, parameters, returns
from .registry import RECOGNISERS, Leaf, Refusal
from .vocabulary import APPLICATIONS, is_pair, reads_scope, scope_parameter

if TYPE_CHECKING:
    from .analysis import Analysis

#: A function that returns one of these is not an outer half.
_VALUES = (ast.Constant, ast.JoinedStr, ast.BinOp, ast.Compare, ast.Dict, ast.List, ast.Tuple, ast.ListComp)


class OuterHalf:
    """A function that takes a scope and returns what takes receive and send."""

    def __init__(self, function: Function, scope: ast.arg) -> None:
        self.function = function
        self.scope = scope
        #: What each `return` returns; an empty list for None.
        self.returned: List[Tuple[ast.AST, List[Leaf]]] = []
        self.unknown: Optional[ast.AST] = None

    @property
    def name(self) -> str:
        """The name of the function, ``"lambda"`` for one without."""
        return getattr(self.function, "name", "lambda")

    @property
    def leaves(self) -> List[Leaf]:
        """Everything it returns."""
        return [leaf for _, leaves in self.returned for leaf in leaves]


def outer_half(analysis: Analysis, function: Function) -> Optional[OuterHalf]:
    """Return a function as an outer half, None if it is none."""
    if not analysis.is_asgi or _generation(analysis, function) != 2:
        return None
    scope = scope_parameter(analysis.module, function)
    if scope is None or not _is_treated_as_scope(analysis, function, scope):
        return None
    outer = OuterHalf(function, scope)
    if not _read_returns(analysis, outer) or not outer.leaves:
        return None
    return outer if _is_convincing(analysis, outer) and not analysis.is_left(function) else None


def _is_convincing(analysis: Analysis, outer: OuterHalf) -> bool:
    """Return whether a function is an outer half by what it returns; an adapter is not one.

    Nor is one that makes responses which take three arguments already.
    """
    if all(leaf.rule == "responses" for leaf in outer.leaves) and analysis.makes_single(outer.function):
        return False
    if not any(leaf.strong for leaf in outer.leaves) and not _is_likely(analysis, outer):
        return False
    if not adapts(analysis, outer.function, outer.leaves):
        return True
    analysis.adapters.add(outer.function)
    return False


def _read_returns(analysis: Analysis, outer: OuterHalf) -> bool:
    """Find out what a function returns; False if it returns what no outer half does."""
    left = analysis.is_left(outer.function)
    for node, value in _values(analysis, outer.function):
        if (analysis.is_left(node) and not left) or (isinstance(value, _VALUES) and not is_none(value)):
            return False
        leaves = leaves_of(analysis, outer, value) if value is not None else []
        if leaves is None:
            outer.unknown = outer.unknown or node
        else:
            outer.returned.append((node, leaves))
    return True


def _is_treated_as_scope(analysis: Analysis, function: Function, scope: ast.arg) -> bool:
    """Return whether a parameter with another name is a scope: its keys are read, or it is passed on."""
    if scope.arg.lower().endswith("scope") or reads_scope(analysis.module, function, scope.arg):
        return True
    read = [
        node for node in analysis.module.reads.get(scope.arg, []) if analysis.module.inside(node, function)
    ]
    parents = [analysis.module.parents[node] for node in read]
    if any(isinstance(p, ast.Call) and p.func is n for p, n in zip(parents, read)):
        return False
    made = [analysis.callee(p) for p in parents if isinstance(p, ast.Call)]
    return any(
        target in analysis.helpers or target in analysis.outers for target in made if target is not None
    )


def _values(analysis: Analysis, function: Function) -> List[Tuple[ast.AST, Optional[ast.expr]]]:
    if isinstance(function, ast.Lambda):
        return [(function, function.body)]
    return [
        (node, node.value if not is_none(node.value) else None) for node in returns(analysis.module, function)
    ]


def _generation(analysis: Analysis, function: Function) -> int:
    names = [
        parameter.arg for parameter in [*parameters(analysis.module, function), *function.args.kwonlyargs]
    ]
    if isinstance(function, ast.AsyncFunctionDef) or is_pair(
        [n for n in names if n.strip("_") in ("receive", "send")]
    ):
        return 3
    if any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in analysis.module.own(function)):
        return 0
    if is_method(analysis.module, function) and getattr(function, "name", "") in ("__init__", "__new__"):
        return 0
    return 2


def _is_likely(analysis: Analysis, outer: OuterHalf) -> bool:
    """Return whether a function that only calls others with a scope is an outer half."""
    function = outer.function
    if not outer.scope.arg.lower().endswith("scope"):
        return _asks_for_kind(analysis, function) and reads_scope(analysis.module, function, outer.scope.arg)
    name = _name_of(analysis, outer).lower()
    if name == "__call__" or "asgi" in name or name in APPLICATIONS or "middleware" in name:
        return True
    if reads_scope(analysis.module, function, outer.scope.arg):
        return True
    made = [value for leaf in outer.leaves for value in _values_of(analysis, leaf.node)]
    callees = [dotted(value.func) for value in made if isinstance(value, ast.Call)]
    return any(callee.rpartition(".")[2] in APPLICATIONS for callee in callees)


def _values_of(analysis: Analysis, node: ast.expr) -> Sequence[ast.AST]:
    """Return what is bound to a name, or the expression itself."""
    return analysis.module.bound(node.id, node)[1] if isinstance(node, ast.Name) else [node]


def _asks_for_kind(analysis: Analysis, function: Function) -> bool:
    """Return whether a function names a type of connection."""
    kinds = ("http", "websocket", "lifespan")
    return any(isinstance(n, ast.Constant) and n.value in kinds for n in analysis.module.own(function))


def _name_of(analysis: Analysis, outer: OuterHalf) -> str:
    """Return the name of a function, or the one that a lambda is given."""
    parent = analysis.module.parents[outer.function]
    target = parent.targets[0] if isinstance(parent, ast.Assign) else getattr(parent, "target", None)
    is_named = isinstance(outer.function, ast.Lambda) and isinstance(target, ast.Name)
    return target.id if is_named and isinstance(target, ast.Name) else outer.name


def leaves_of(analysis: Analysis, outer: OuterHalf, node: ast.expr) -> Optional[List[Leaf]]:
    """Return the parts of a returned expression, None if one is not understood."""
    if isinstance(node, ast.IfExp):
        branches = [leaves_of(analysis, outer, node.body), leaves_of(analysis, outer, node.orelse)]
        if any(branch is None for branch in branches):
            return None
        return [leaf for branch in branches for leaf in branch or []]
    for recognise in RECOGNISERS:
        leaf = recognise(analysis, outer, node)
        if leaf is not None:
            return [leaf]
    return None


def is_none(node: Optional[ast.AST]) -> bool:
    """Return whether nothing, or the constant None, is returned."""
    return node is None or (isinstance(node, ast.Constant) and node.value is None)


def refuse_unknown(outer: OuterHalf) -> None:
    """Refuse an outer half that returns what is not understood."""
    if outer.unknown is not None:
        raise Refusal(outer.unknown, f"{outer.name} takes a scope, and what it returns here cannot be told")
