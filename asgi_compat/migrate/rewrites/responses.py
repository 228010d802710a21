"""Responses that took receive and send, and take the scope before them since Starlette 0.12."""

from __future__ import annotations

import ast
from typing import List, Optional

from ..analysis import Analysis
from ..module import DEFS, Function, dotted, parameters
from ..recognition import OuterHalf
from ..registry import Leaf, Refusal, recogniser, register, step
from ..response_classes import inherits_response, is_response, is_response_class, keeps_scope, scope_seen_from
from ..source import Edit
from ..vocabulary import is_pair

ROW = register(
    "responses",
    "a response is called with scope, receive and send, and its class takes them",
    """\
class Response:
    def __init__(self, text):
        self.body = text.encode()

    async def __call__(self, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": self.body})

def app(scope):
    async def instance(receive, send):
        response = Response("hello")
        await response(receive, send)
    return instance
""",
    """\
class Response:
    def __init__(self, text):
        self.body = text.encode()

    async def __call__(self, scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": self.body})

async def app(scope, receive, send):
    response = Response("hello")
    await response(scope, receive, send)
""",
)


def _keep_scope(analysis: Analysis, owner: ast.ClassDef) -> None:
    """Let the constructor keep the scope on the object, which belongs to one connection."""
    source, found = analysis.module.source, analysis.helpers[owner]
    assert isinstance(found.constructor, DEFS)
    first = found.constructor.body[0]
    at = source.start(first)
    between = f"{source.newline}{source.indent(first)}" if source.is_first_on_line(first) else "; "
    edit = Edit(at, at, f"self.scope = {found.scope}{between}")
    if edit not in analysis.edits:
        analysis.edits.append(edit)


@recogniser(3)
def recognise(analysis: Analysis, outer: OuterHalf, node: ast.expr) -> Optional[Leaf]:
    """Recognise a response that is made or returned by name."""
    if not is_response(analysis, node) or not converts(analysis):
        return None
    end = analysis.module.source.end(node)
    scope = outer.scope.arg
    analysis.consumed.add(node)
    return Leaf(
        ROW.name,
        node,
        lambda receive, send: [Edit(end, end, f"({scope}, {receive}, {send})")],
        strong=outer.scope.arg.lower().endswith("scope"),
    )


def calls(analysis: Analysis) -> List[ast.Call]:
    """Return the calls of responses with receive and send."""
    return [
        node
        for node in analysis.module.nodes
        if isinstance(node, ast.Call)
        and len(node.args) == 2
        and not node.keywords
        and (_is_pair_of_arguments(node) or isinstance(analysis.module.parents[node], ast.Await))
        and not any(isinstance(argument, ast.Starred) for argument in node.args)
        and (is_response(analysis, node.func) or _is_super_call(analysis, node))
        and not analysis.is_left(node)
    ]


def _is_pair_of_arguments(node: ast.Call) -> bool:
    names = [dotted(argument).rpartition(".")[2].strip("_") for argument in node.args]
    return is_pair(names) or (names[0].endswith("receive") and "send" in names[1])


def _is_super_call(analysis: Analysis, node: ast.Call) -> bool:
    owner = analysis.module.class_of(node)
    return (
        isinstance(node.func, ast.Attribute)
        and node.func.attr == "__call__"
        and isinstance(node.func.value, ast.Call)
        and dotted(node.func.value.func) == "super"
        and owner is not None
        and (is_response_class(analysis, owner) or inherits_response(analysis, owner))
    )


def converts(analysis: Analysis) -> bool:
    """Return whether responses get a third argument here: every call of one must have a scope."""
    if ROW.name not in analysis.rules:
        return False
    if not hasattr(analysis, "_responses"):
        own = [node for node in analysis.helpers if is_response_class(analysis, node)]
        reachable = all(
            scope_seen_from(analysis, node) or (analysis.module.class_of(node) in own)
            for node in calls(analysis)
        )
        analysis._responses = reachable or not own  # type: ignore[attr-defined]
    return bool(analysis._responses)  # type: ignore[attr-defined]


@step(3)
def rewrite(analysis: Analysis) -> None:
    """Give the classes and the calls of responses a scope."""
    if not converts(analysis):
        return
    for call in calls(analysis):
        _rewrite_call(analysis, call)
    for node, helper in analysis.helpers.items():
        if is_response_class(analysis, node) and isinstance(helper.call, DEFS):
            if node in analysis.module.ancestors(helper.call):
                _rewrite_parameters(analysis, helper.call)


def _rewrite_call(analysis: Analysis, call: ast.Call) -> None:
    source = analysis.module.source
    owner, method = analysis.module.class_of(call), analysis.module.method_of(call)
    is_own = (
        owner is not None and getattr(method, "name", "") == "__call__" and is_response_class(analysis, owner)
    )
    scope = "scope" if is_own else scope_seen_from(analysis, call)
    if not scope:
        raise Refusal(call, "this response needs a scope since Starlette 0.12, and none is seen from here")
    if scope == "self.scope" and owner is not None and not keeps_scope(owner):
        _keep_scope(analysis, owner)
    at = source.start(call.args[0])
    if source.text[at - 2 : at] == "((":
        raise Refusal(call, "brackets stand around the arguments of this response")
    analysis.edit(ROW.name, Edit(at, at, f"{scope}, "))


def _rewrite_parameters(analysis: Analysis, function: Function) -> None:
    first = parameters(analysis.module, function)[0]
    at = analysis.module.source.start(first)
    typed = first.annotation is not None and bool(analysis.module.bound("Scope", analysis.module.tree)[1])
    analysis.edit(ROW.name, Edit(at, at, "scope: Scope, " if typed else "scope, "))
