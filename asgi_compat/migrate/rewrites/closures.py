"""An outer half that returns a function it defines: the function stays, and is called."""

from __future__ import annotations

import ast
from typing import Optional

from ..analysis import Analysis
from ..inner_halves import is_inner_half
from ..module import DEFS
from ..places import call_of
from ..recognition import OuterHalf
from ..registry import Leaf, recogniser, register

ROW = register(
    "closures",
    "a function returned by the outer half is called by it, and stays where it is",
    """\
def app(scope):
    path = scope["path"]
    async def instance(receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": path.encode()})
    return instance
""",
    """\
async def app(scope, receive, send):
    path = scope["path"]
    async def instance(receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": path.encode()})
    await instance(receive, send)
""",
)


def _wraps(value: ast.AST, name: str) -> bool:
    """Return whether a function is given to a decorator by hand: ``instance = log(instance)``."""
    return isinstance(value, ast.Call) and any(
        isinstance(argument, ast.Name) and argument.id == name for argument in value.args
    )


@recogniser(1)
def recognise(analysis: Analysis, outer: OuterHalf, node: ast.expr) -> Optional[Leaf]:
    """Recognise the name of a function with receive and send, or a lambda with both."""
    module = analysis.module
    if isinstance(node, ast.Lambda):
        inner: Optional[ast.AST] = node
    elif isinstance(node, ast.Name):
        _, values = module.bound(node.id, node)
        kinds = [value for value in values if isinstance(value, (*DEFS, ast.Lambda))]
        others = [value for value in values if value not in kinds]
        wrapped = kinds and all(_wraps(value, node.id) for value in others)
        inner = kinds[0] if wrapped and all(is_inner_half(analysis, kind) for kind in kinds) else node
    else:
        inner = node
    if not is_inner_half(analysis, inner) or isinstance(node, ast.Attribute):
        return None
    return Leaf(ROW.name, node, lambda receive, send: call_of(module.source, node, receive, send))
