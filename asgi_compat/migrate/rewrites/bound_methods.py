"""An outer half that returns a method which takes receive and send: the method is called."""

from __future__ import annotations

import ast
from typing import Optional

from ..analysis import Analysis
from ..inner_halves import is_inner_half
from ..module import DEFS, dotted
from ..places import call_of
from ..recognition import OuterHalf
from ..registry import Leaf, recogniser, register
from ..vocabulary import takes_receive_and_send

ROW = register(
    "bound-methods",
    "a returned method that takes receive and send is called",
    """\
class App:
    def __call__(self, scope):
        return self.handle

    async def handle(self, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"hello"})

app = App()
""",
    """\
class App:
    async def __call__(self, scope, receive, send):
        await self.handle(receive, send)

    async def handle(self, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"hello"})

app = App()
""",
)


@recogniser(5)
def recognise(analysis: Analysis, outer: OuterHalf, node: ast.expr) -> Optional[Leaf]:
    """Recognise a method of this class, of an object made here, or of a class of this module."""
    if _is_chosen(analysis, node):
        return Leaf(
            ROW.name, node, lambda receive, send: call_of(analysis.module.source, node, receive, send)
        )
    if not isinstance(node, ast.Attribute):
        return None
    target = analysis.definition(node)
    if target is None:
        target = _method_of_object(analysis, node)
    if not isinstance(target, DEFS) or not takes_receive_and_send(analysis.module, target):
        return None
    return Leaf(ROW.name, node, lambda receive, send: call_of(analysis.module.source, node, receive, send))


def _is_chosen(analysis: Analysis, node: ast.expr) -> bool:
    """Return whether one of several is chosen: a method by its name, or an entry of a table."""
    if isinstance(node, ast.Call) and dotted(node.func) == "getattr" and dotted(node.args[0]) == "self":
        owner = analysis.module.class_of(node)
        methods = owner.body if owner is not None else []
        return any(is_inner_half(analysis, method) for method in methods if isinstance(method, DEFS))
    return False


def _method_of_object(analysis: Analysis, node: ast.Attribute) -> Optional[ast.AST]:
    """Return the method of ``Helper(scope).run``, or of ``helper.run`` after ``helper = Helper(scope)``."""
    made: Optional[ast.AST] = node.value
    if isinstance(made, ast.Name):
        made = analysis.module.value(made.id, made)
    if not isinstance(made, ast.Call):
        return None
    owner = analysis.definition(made.func)
    return analysis.member(owner, node.attr) if isinstance(owner, ast.ClassDef) else None
