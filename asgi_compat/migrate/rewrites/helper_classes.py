"""An outer half that makes an object for the connection: one for each connection it stays."""

from __future__ import annotations

import ast
from typing import Optional

from ..analysis import Analysis
from ..module import DEFS, is_method
from ..places import call_of
from ..recognition import OuterHalf
from ..registry import Leaf, Refusal, recogniser, register
from ..scopes import is_scope
from ..vocabulary import is_pair

ROW = register(
    "helper-classes",
    "an object made for one connection is still made for it, and called",
    """\
class Echo:
    def __init__(self, scope):
        self.scope = scope

    async def __call__(self, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": self.scope["path"].encode()})

def app(scope):
    return Echo(scope)
""",
    """\
class Echo:
    def __init__(self, scope):
        self.scope = scope

    async def __call__(self, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": self.scope["path"].encode()})

async def app(scope, receive, send):
    await Echo(scope)(receive, send)
""",
)


@recogniser(4)
def recognise(analysis: Analysis, outer: OuterHalf, node: ast.expr) -> Optional[Leaf]:
    """Recognise an object of a class of this project that takes receive and send."""
    made: Optional[ast.AST] = node
    if isinstance(node, ast.Name):
        _, values = analysis.module.bound(node.id, node)
        made = values[0] if values and all(is_made_here(analysis, value) for value in values) else None
    if made is None or not is_made_here(analysis, made):
        return None
    return Leaf(ROW.name, node, lambda receive, send: call_of(analysis.module.source, node, receive, send))


def is_made_here(analysis: Analysis, node: ast.AST, depth: int = 0) -> bool:
    """Return whether an expression makes an object that takes receive and send."""
    if not isinstance(node, ast.Call):
        return False
    target = analysis.callee(node)
    if isinstance(target, ast.ClassDef):
        return target in analysis.helpers and target not in analysis.entries
    if isinstance(target, ast.FunctionDef):
        return depth < 8 and target not in analysis.outers and _makes(analysis, target, depth + 1)
    return target is None and _is_imported_class(analysis, node)


def _makes(analysis: Analysis, function: ast.FunctionDef, depth: int) -> bool:
    """Return whether a function without a scope of its own makes such an object, whatever happens."""
    values = [node.value for node in analysis.module.own(function) if isinstance(node, ast.Return)]
    return bool(values) and all(
        value is not None and _is_instance(analysis, value, depth) for value in values
    )


def _is_instance(analysis: Analysis, node: ast.expr, depth: int) -> bool:
    if isinstance(node, ast.Name):
        value = analysis.module.value(node.id, node)
        if isinstance(value, DEFS):
            names = [p.arg for p in value.args.args]
            return is_pair(names[1:] if is_method(analysis.module, value) else names)
        return isinstance(value, ast.Call) and is_made_here(analysis, value, depth)
    return isinstance(node, ast.Call) and is_made_here(analysis, node, depth)


def _is_imported_class(analysis: Analysis, node: ast.Call) -> bool:
    """Return whether an imported class is given a scope: it may only be one for instances."""
    name = analysis.imported_class(node.func)
    if not name or name.endswith(("Consumer", "Request", "WebSocket", "Response", "AsgiHandler")):
        return False
    values = [*node.args, *(keyword.value for keyword in node.keywords)]
    if len(values) == 1 and is_scope(analysis.module, values[0]):
        found = analysis.is_entry_elsewhere(name)
        if found is None:
            raise Refusal(
                node,
                f"whether {name} of another file is an application cannot be told: migrate both together",
            )
        return not found
    return any(is_scope(analysis.module, value) for value in values)
