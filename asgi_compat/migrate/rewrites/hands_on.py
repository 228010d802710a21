"""An outer half that hands the scope on to another application."""

from __future__ import annotations

import ast
from typing import List, Optional

from ..analysis import Analysis
from ..consumers import as_asgi
from ..places import add_after
from ..recognition import OuterHalf
from ..registry import Leaf, recogniser, register
from ..scopes import is_scope
from ..source import Edit

ROW = register(
    "hands-on",
    "an application that is called with the scope gets receive and send, too",
    """\
class Prefix:
    def __init__(self, app):
        self.app = app

    def __call__(self, scope):
        return self.app(dict(scope, root_path="/api"))
""",
    """\
class Prefix:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        await self.app(dict(scope, root_path="/api"), receive, send)
""",
)


@recogniser(6)
def recognise(analysis: Analysis, outer: OuterHalf, node: ast.expr) -> Optional[Leaf]:
    """Recognise the call of an application with a scope, or of a function that only raises."""
    if isinstance(node, ast.Call) and _only_raises(analysis, node):
        return Leaf(ROW.name, node, lambda receive, send: [], strong=False)
    sure = analysis.application(node)
    if not sure or not isinstance(node, ast.Call):
        return None
    call = node
    return Leaf(
        ROW.name, node, lambda receive, send: one_call(analysis, call, receive, send), sure == "known"
    )


def _only_raises(analysis: Analysis, call: ast.Call) -> bool:
    """Return whether a call with the scope raises whatever happens: ``return self.unknown(scope)``."""
    target = analysis.callee(call)
    if not isinstance(target, ast.FunctionDef) or not any(is_scope(analysis.module, a) for a in call.args):
        return False
    return isinstance(target.body[-1], ast.Raise) and not any(
        isinstance(node, (ast.Return, ast.Yield, ast.YieldFrom)) for node in analysis.module.own(target)
    )


def one_call(analysis: Analysis, call: ast.Call, receive: str, send: str) -> List[Edit]:
    """Return the edits that give a call of an application receive and send."""
    argument = analysis.scope_argument(call)
    assert argument is not None
    analysis.consumed.add(call)
    return [
        *as_asgi(analysis.module, call.func),
        *add_after(analysis.module.source, call, argument, receive, send),
    ]
