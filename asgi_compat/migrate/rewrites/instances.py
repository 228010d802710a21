"""``instance = app(scope)`` with its call, or ``app(scope)(receive, send)``: one call instead of two."""

from __future__ import annotations

import ast
from typing import Optional, Sequence

from ..analysis import Analysis
from ..consumers import as_asgi
from ..flow import between, has_effects, position
from ..instance_moves import check_move, check_uses
from ..instance_uses import (
    calls_of,
    is_adapter,
    is_instance,
    may_be_handed_to,
    parent_of,
    receive_and_send,
    returns_of,
    target_of,
    uses_of,
    values_of,
)
from ..module import Module, dotted
from ..places import call_of, end_in_brackets, remove_statement
from ..recognition import OuterHalf
from ..registry import Leaf, Refusal, recogniser, register, step
from ..source import Edit
from .hands_on import one_call

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
        await self.app(scope, receive, send)
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
        if isinstance(node, ast.Call) and node not in analysis.consumed and is_instance(analysis, node):
            if is_adapter(analysis, node):
                analysis.adapted.add(node)
            elif not analysis.is_left(node):
                _rewrite(analysis, node)


def _rewrite(analysis: Analysis, call: ast.Call) -> None:
    parent = parent_of(analysis.module, call)
    if isinstance(parent, ast.Call) and parent.func is call:
        _join(analysis, parent, call)
        return
    target = target_of(parent, call)
    if isinstance(parent, ast.Call) and may_be_handed_to(analysis, parent):
        _delay(analysis, call)
        return
    if not target:
        raise Refusal(call, _reason(parent))
    uses = uses_of(analysis, call, target)
    calls = calls_of(analysis, call, target)
    check_uses(analysis, call, target, uses, calls)
    for place in [*calls, *returns_of(analysis, uses)]:
        check_move(analysis, call, place)
    if _is_plain(analysis, call, target, uses, calls):
        _move(analysis, call, calls)
    else:
        _delay(analysis, call)


def _reason(parent: ast.AST) -> str:
    """Return why what makes an instance cannot become a call of the application."""
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
    given = receive_and_send(outer)
    if given is None:
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
        first, second = (source.segment(argument) for argument in given)
        analysis.edit(
            ROW.name, *one_call(analysis, call, first, second), Edit(source.end(call), source.end(outer), "")
        )
    analysis.consumed.add(call)


def _is_plain(
    analysis: Analysis, call: ast.Call, target: str, uses: Sequence[ast.expr], calls: Sequence[ast.Call]
) -> bool:
    """Return whether the two calls can be made one text: the names mean the same at both places."""
    module = analysis.module
    if "." in target or len(uses) != len(calls) or len(values_of(module, call, target)) != 1:
        return False
    argument = analysis.scope_argument(call)
    if argument is None or not dotted(argument) or not dotted(call.func) or len(call.args) != 1:
        return len(calls) == 1 and _is_next(module, call, calls[0])
    names = {dotted(argument).split(".")[0], dotted(call.func).split(".")[0]} - {"self"}
    return all(_means_the_same(module, name, call, place) for place in calls for name in names)


def _means_the_same(module: Module, name: str, call: ast.Call, place: ast.Call) -> bool:
    """Return whether a name has one meaning at two places: it is not bound again between them."""
    scope, values = module.bound(name, call)
    if module.bound(name, place)[0] is not scope:
        return False
    later = [value for value in values if hasattr(value, "lineno") and position(value) > position(call)]
    return len(values) < 2 or not later


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
        edits = [Edit(opening + 1, opening + 1, f"{source.segment(argument)}, ")]
        given = receive_and_send(place)
        if place.keywords and given is not None:
            if "#" in source.text[opening : source.end(place)]:
                raise Refusal(place, "a comment stands between the arguments of the instance")
            named = ", ".join(source.segment(value) for value in given)
            text = f"{source.segment(argument)}, {named}"
            edits = [Edit(opening + 1, source.end(place) - 1, text)]
        analysis.edit(ROW.name, Edit(source.start(place.func), source.end(place.func), callee), *edits)
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
