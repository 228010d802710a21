"""``instance = app(scope)`` with its call, or ``app(scope)(receive, send)``: one call instead of two."""

from __future__ import annotations

import ast
from typing import List, Optional, Sequence

from ..analysis import Analysis
from ..consumers import as_asgi
from ..flow import (
    between,
    changes_scope,
    exclude_each_other,
    handlers_around,
    has_effects,
    loops_around,
    position,
    shows_order,
)
from ..module import DEFS, FUNCTIONS, Module, dotted
from ..places import call_of, end_in_brackets, remove_statement
from ..recognition import OuterHalf
from ..registry import Leaf, Refusal, recogniser, register, step
from ..source import Edit
from .hands_on import one_call
from .helper_classes import is_made_here
from .partials import is_partial

ROW = register(
    "instances",
    "an instance that is made and called becomes one call",
    """\
class Middleware:
    def __init__(self, app):
        self.app = app

    def __call__(self, scope):
        async def instance(receive, send):
            inner = self.app(scope)
            await inner(receive, send)
        return instance
""",
    """\
class Middleware:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def instance(receive, send):
            await self.app(scope, receive, send)
        await instance(receive, send)
""",
)


@recogniser(7)
def recognise(analysis: Analysis, outer: OuterHalf, node: ast.expr) -> Optional[Leaf]:
    """Recognise the name of an instance: the step below makes a partial of it, which is called."""
    if not isinstance(node, ast.Name):
        return None
    _, values = analysis.module.bound(node.id, node)
    sure = [analysis.application(value) if isinstance(value, ast.Call) else "" for value in values]
    if not sure or not all(sure):
        return None
    source = analysis.module.source
    return Leaf(ROW.name, node, lambda receive, send: call_of(source, node, receive, send), "known" in sure)


@step(5)
def rewrite(analysis: Analysis) -> None:
    """Rewrite what makes an instance and calls it."""
    if ROW.name not in analysis.rules:
        return
    for node in list(analysis.module.nodes):
        if isinstance(node, ast.Call) and node not in analysis.consumed and _is_instance(analysis, node):
            if not analysis.is_left(node) and not is_adapter(analysis, node):
                _rewrite(analysis, node)


def _is_instance(analysis: Analysis, call: ast.Call) -> bool:
    sure = analysis.application(call)
    if not sure or any(leaf.node is call for outer in analysis.outers.values() for leaf in outer.leaves):
        return False
    return sure == "known" or _is_treated_as_instance(analysis, call)


def _is_treated_as_instance(analysis: Analysis, call: ast.Call) -> bool:
    """Return whether what a call gives is called, returned or thrown away as an instance would be."""
    parent = analysis.module.parents[call]
    if isinstance(parent, ast.Call) and parent.func is call:
        return len(parent.args) == 2
    target = _target(parent, call)
    if target and (_calls(analysis, call, target) or _is_returned(analysis, call, target)):
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
        isinstance(analysis.module.parents[use], ast.Return) for use in _uses(analysis, call, target)
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


def _is_bound_by_partial(analysis: Analysis, function: ast.AST) -> bool:
    """Return whether a partial in an outer half gives a function its scope: it is no application itself."""
    return any(
        leaf.rule == "partials"
        and isinstance(leaf.node, ast.Call)
        and analysis.definition(leaf.node.args[0]) is function
        for outer in analysis.outers.values()
        for leaf in outer.leaves
    )


def _target(parent: ast.AST, call: ast.Call) -> str:
    """Return ``name`` or ``self.name`` that a statement gives to the result of a call."""
    if isinstance(parent, ast.Assign) and len(parent.targets) == 1 and parent.value is call:
        return dotted(parent.targets[0])
    if isinstance(parent, ast.AnnAssign) and parent.value is call:
        return dotted(parent.target)
    return ""


def _uses(analysis: Analysis, call: ast.Call, target: str) -> List[ast.expr]:
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


def _calls(analysis: Analysis, call: ast.Call, target: str) -> List[ast.Call]:
    parents = analysis.module.parents
    found = []
    for use in _uses(analysis, call, target):
        parent = parents[use]
        if (
            isinstance(parent, ast.Call)
            and parent.func is use
            and len(parent.args) == 2
            and not parent.keywords
        ):
            found.append(parent)
    return found


def _rewrite(analysis: Analysis, call: ast.Call) -> None:
    parent = analysis.module.parents[call]
    if isinstance(parent, ast.Call) and parent.func is call:
        _join(analysis, parent, call)
        return
    target = _target(parent, call)
    if isinstance(parent, ast.Call) and _may_be_handed_to(analysis, parent):
        _delay(analysis, call)
        return
    if not target:
        raise Refusal(call, _reason(analysis, call, parent))
    uses = _uses(analysis, call, target)
    calls = _calls(analysis, call, target)
    _check_uses(analysis, call, target, uses, calls)
    for place in [*calls, *_returns(analysis, uses)]:
        _check_move(analysis, call, place)
    if _is_plain(analysis, call, target, uses, calls):
        _move(analysis, call, calls)
    else:
        _delay(analysis, call)


def _reason(analysis: Analysis, call: ast.Call, parent: ast.AST) -> str:
    if isinstance(parent, ast.Return):
        return "an instance is returned to code that cannot be seen"
    if isinstance(parent, (ast.Expr, ast.Try)):
        return "an instance is made to find something out, and thrown away"
    if isinstance(parent, ast.Attribute):
        return "an attribute of the instance is read"
    if isinstance(parent, ast.Call):
        return "an instance is handed to something else, which may run it for another connection"
    return "an instance is stored, and may be run by another connection"


def _join(analysis: Analysis, outer: ast.Call, call: ast.Call) -> None:
    """Make one call of ``app(scope)(receive, send)``."""
    source = analysis.module.source
    argument = analysis.scope_argument(call)
    assert argument is not None
    if len(outer.args) != 2 or outer.keywords:
        raise Refusal(outer, "what is made here is an instance there, and called with other arguments here")
    if len(call.args) + len(call.keywords) == 1 and not call.keywords and outer.args:
        start = end_in_brackets(source, argument, source.end(call) - 1)
        end = source.start(outer.args[0])
        gap = source.text[start:end]
        if "#" in gap or gap.replace(" ", "").replace("\n", "").replace("\r", "").replace(",", "") != ")(":
            raise Refusal(outer, "a comment or bracket stands between the two calls")
        newline = gap[gap.index("(") + 1 :]
        analysis.edit(
            ROW.name,
            *as_asgi(analysis.module, call.func),
            Edit(start, end, "," + (newline if newline.strip(" ") else " ")),
        )
    else:
        first, second = (source.segment(argument) for argument in outer.args)
        analysis.edit(
            ROW.name, *one_call(analysis, call, first, second), Edit(source.end(call), source.end(outer), "")
        )
    analysis.consumed.add(call)


def _check_uses(
    analysis: Analysis, call: ast.Call, target: str, uses: Sequence[ast.expr], calls: Sequence[ast.Call]
) -> None:
    module = analysis.module
    returned = 0
    for use in uses:
        parent = module.parents[use]
        if parent in calls:
            continue
        if isinstance(parent, ast.Attribute):
            raise Refusal(use, "an attribute of the instance is read")
        if isinstance(parent, ast.Return) and module.function_of(parent) in analysis.outers:
            returned += 1
            continue
        if isinstance(parent, ast.Call) and dotted(parent.func) in (
            "isinstance",
            "type",
            "hasattr",
            "getattr",
            "callable",
            "id",
        ):
            raise Refusal(use, "the type of the instance is asked, or an attribute of it")
        if isinstance(parent, ast.Call) and _may_be_handed_to(analysis, parent):
            returned += 1
            continue
        if isinstance(parent, (ast.Compare, ast.If, ast.BoolOp, ast.UnaryOp, ast.IfExp)):
            raise Refusal(use, "the instance is looked at before it is called")
        raise Refusal(
            use, "the instance is handed to something else, which may run it for another connection"
        )
    if not calls and not returned:
        raise Refusal(call, "an instance is made to find something out, and is never called")
    _check_once(module, call, calls)
    if "." in target:
        _check_owner(analysis, call, target)
    elif len(_values(module, call, target)) > 1 and not all(
        isinstance(value, ast.Call) and analysis.application(value) for value in _values(module, call, target)
    ):
        raise Refusal(call, f"{target} is an instance here and something else there")


def _values(module: Module, call: ast.Call, target: str) -> Sequence[ast.AST]:
    return module.bound(target, call)[1]


def _may_be_handed_to(analysis: Analysis, call: ast.Call) -> bool:
    """Return whether a call makes a partial, or an object of this connection that calls the instance."""
    return is_partial(analysis, call) or is_made_here(analysis, call)


def _returns(analysis: Analysis, uses: Sequence[ast.expr]) -> List[ast.AST]:
    return [use for use in uses if isinstance(analysis.module.parents[use], ast.Return)]


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


def _check_move(analysis: Analysis, call: ast.Call, place: ast.AST) -> None:
    """Refuse where somebody could see that the application is called later."""
    module = analysis.module
    _check_handlers(module, call, place)
    made, called = module.function_of(call), module.function_of(place)
    behind: List[ast.stmt] = []
    if made is not None:
        found = between(module, made, call, place if made is called else None)
        behind = [node for node in found if not exclude_each_other(module, call, node)]
    before = list(between(module, called, called, place)) if called is not None and called is not made else []
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


def _is_plain(
    analysis: Analysis, call: ast.Call, target: str, uses: Sequence[ast.expr], calls: Sequence[ast.Call]
) -> bool:
    """Return whether the two calls can be made one text: the names mean the same at both places."""
    module = analysis.module
    if "." in target or len(uses) != len(calls) or len(_values(module, call, target)) != 1:
        return False
    argument = analysis.scope_argument(call)
    if argument is None or not dotted(argument) or not dotted(call.func) or len(call.args) != 1:
        return (
            module.function_of(call) is module.function_of(calls[0])
            and len(calls) == 1
            and _is_next(module, call, calls[0])
        )
    names = {dotted(argument).split(".")[0], dotted(call.func).split(".")[0]} - {"self"}
    for place in calls:
        for name in names:
            if module.bound(name, place)[0] is not module.bound(name, call)[0]:
                return False
            values = module.bound(name, call)[1]
            if len(values) > 1 and any(position(v) > position(call) for v in values if hasattr(v, "lineno")):
                return False
    return True


def _is_next(module: Module, call: ast.Call, place: ast.Call) -> bool:
    made, called = module.function_of(call), module.function_of(place)
    if made is None or made is not called:
        return False
    return not any(
        has_effects(node) or isinstance(node, (ast.Assign, ast.AnnAssign))
        for node in between(module, made, call, place)
    )


def _move(analysis: Analysis, call: ast.Call, calls: Sequence[ast.Call]) -> None:
    """Remove what makes the instance, and call the application where the instance was called."""
    module, source = analysis.module, analysis.module.source
    argument = analysis.scope_argument(call)
    assert argument is not None
    callee = source.segment(call.func) + "".join(edit.text for edit in as_asgi(analysis.module, call.func))
    if "\n" in callee or "\n" in source.segment(argument):
        _delay(analysis, call)
        return
    statement = module.statement_of(call)
    analysis.edits.append(remove_statement(module, statement))
    for place in calls:
        opening = source.text.index("(", source.end(place.func))
        analysis.edit(
            ROW.name,
            Edit(source.start(place.func), source.end(place.func), callee),
            Edit(opening + 1, opening + 1, f"{source.segment(argument)}, "),
        )
    analysis.consumed.add(call)


def _delay(analysis: Analysis, call: ast.Call) -> None:
    """Keep the instance as a partial that has the scope: it calls the application when it is called."""
    source = analysis.module.source
    partial = partial_name(analysis)
    start, end = source.start(call.func), source.end(call.func)
    opening = source.text.index("(", end)
    analysis.edit(
        ROW.name,
        Edit(start, start, f"{partial}("),
        *as_asgi(analysis.module, call.func),
        Edit(end, opening + 1, ", "),
    )
    analysis.consumed.add(call)


def partial_name(analysis: Analysis) -> str:
    """Return the name of `functools.partial` in a module, which gets an import where it has none."""
    module = analysis.module
    for name, full in (("partial", "functools.partial"), ("functools", "functools")):
        for value in module.tables.get(module.tree, {}).get(name, ()):
            parent = module.parents.get(value)
            if isinstance(value, ast.alias) and (
                (isinstance(parent, ast.ImportFrom) and f"{parent.module}.{value.name}" == full)
                or (isinstance(parent, ast.Import) and value.name == full)
            ):
                return "partial" if name == "partial" else "functools.partial"
    analysis.imports["functools"] = "import functools"
    return "functools.partial"
