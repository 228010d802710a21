"""Constructors of consumers, which get no scope since Channels 3."""

from __future__ import annotations

import ast
from typing import List, Optional

from ..analysis import Analysis
from ..consumers import is_consumer_class
from ..module import dotted, positional
from ..registry import Refusal, register, step
from ..source import Edit

ROW = register(
    "channels-constructors",
    "the constructor of a consumer takes what there is, and no scope",
    """\
from channels.generic.websocket import WebsocketConsumer

class ChatConsumer(WebsocketConsumer):
    def __init__(self, scope):
        super().__init__(scope)
        self.messages = []
""",
    """\
from channels.generic.websocket import WebsocketConsumer

class ChatConsumer(WebsocketConsumer):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.messages = []
""",
)


@step(8)
def rewrite(analysis: Analysis) -> None:
    """Rewrite the constructors of consumers, or refuse one that uses the scope."""
    if ROW.name not in analysis.rules:
        return
    for node in analysis.module.nodes:
        if (
            isinstance(node, ast.ClassDef)
            and is_consumer_class(analysis.module, node)
            and not analysis.is_left(node)
        ):
            for function in analysis.module.tables.get(node, {}).get("__init__", ()):
                if isinstance(function, ast.FunctionDef):
                    _rewrite(analysis, function)


def _rewrite(analysis: Analysis, function: ast.FunctionDef) -> None:
    source = analysis.module.source
    arguments = positional(function)
    _refuse_scope_of_self(function)
    if len(arguments) < 2 or arguments[1].arg != "scope":
        return
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call) and _is_super(node)]
    _refuse_other_uses(function, [value for call in calls for value in _passed(call)])
    last = arguments[1]
    more = function.args
    if len(arguments) > 2 or any((more.kwonlyargs, more.kwarg, more.vararg)):
        raise Refusal(function, "the constructor of this consumer takes more than a scope")
    analysis.edit(ROW.name, Edit(source.start(last), source.end(last), "*args, **kwargs"))
    for call in calls:
        for value in _passed(call):
            begin = _begin(analysis, call, value)
            analysis.edits.append(Edit(begin, source.end(value), "*args, **kwargs"))


def _refuse_other_uses(function: ast.FunctionDef, passed: List[ast.expr]) -> None:
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id == "scope" and node not in passed:
            raise Refusal(node, "this constructor uses the scope, which a consumer has only when called")


def _refuse_scope_of_self(function: ast.FunctionDef) -> None:
    for node in ast.walk(function):
        if (
            isinstance(node, ast.Attribute)
            and dotted(node) == "self.scope"
            and isinstance(node.ctx, ast.Load)
        ):
            raise Refusal(
                node, "the constructor of this consumer reads self.scope, which is set when it is called"
            )


def _is_super(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr == "__init__"


def _passed(call: ast.Call) -> List[ast.expr]:
    values: List[ast.expr] = [*call.args, *(keyword.value for keyword in call.keywords)]
    return [value for value in values if isinstance(value, ast.Name) and value.id == "scope"]


def _begin(analysis: Analysis, call: ast.Call, value: ast.expr) -> int:
    """Return where an argument begins, with its name if it has one."""
    keyword: Optional[ast.keyword] = next((k for k in call.keywords if k.value is value), None)
    at = analysis.module.source.start(value)
    return at if keyword is None else analysis.module.source.text.rindex("scope", 0, at)
