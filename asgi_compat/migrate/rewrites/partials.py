"""An outer half that returns ``functools.partial(self.asgi, scope=scope)``: the function is called."""

from __future__ import annotations

import ast
from typing import List, Optional

from ..analysis import Analysis
from ..module import dotted
from ..places import call_of
from ..recognition import OuterHalf
from ..registry import Leaf, recogniser, register
from ..scopes import is_scope
from ..source import Edit, Source

ROW = register(
    "partials",
    "a partial that waits for receive and send becomes the call of its function",
    """\
import functools

class App:
    def __call__(self, scope):
        return functools.partial(self.asgi, scope=scope)

    async def asgi(self, receive, send, scope):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": scope["path"].encode()})

app = App()
""",
    """\

class App:
    async def __call__(self, scope, receive, send):
        await self.asgi(receive, send, scope=scope)

    async def asgi(self, receive, send, scope):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": scope["path"].encode()})

app = App()
""",
)
NAMES = ("functools.partial", "partial", "functools.partialmethod")


def is_partial(analysis: Analysis, node: ast.expr) -> bool:
    """Return whether an expression is a call of `functools.partial`."""
    return isinstance(node, ast.Call) and (
        analysis.module.imported(node.func) == "functools.partial" or dotted(node.func) == "functools.partial"
    )


@recogniser(2)
def recognise(analysis: Analysis, outer: OuterHalf, node: ast.expr) -> Optional[Leaf]:
    """Recognise a partial that has a scope, or a function that takes more than it has."""
    source = analysis.module.source
    if isinstance(node, ast.Name) and _is_always_partial(analysis, node):
        return Leaf(ROW.name, node, lambda r, s: call_of(source, node, r, s))
    if not isinstance(node, ast.Call) or not is_partial(analysis, node):
        return None
    if not node.args or isinstance(node.args[0], ast.Starred):
        return None
    bound = [*node.args[1:], *(keyword.value for keyword in node.keywords)]
    strong = any(is_scope(analysis.module, value) for value in bound) or _names_pair(analysis, node.args[0])
    call = node
    return Leaf(ROW.name, node, lambda receive, send: _call(analysis, call, receive, send), strong)


def _is_always_partial(analysis: Analysis, node: ast.Name) -> bool:
    _, values = analysis.module.bound(node.id, node)
    return bool(values) and all(
        isinstance(value, ast.expr) and is_partial(analysis, value) for value in values
    )


def _names_pair(analysis: Analysis, function: ast.expr) -> bool:
    target = analysis.definition(function)
    names = (
        [p.arg for p in target.args.args]
        if isinstance(target, (ast.FunctionDef, ast.AsyncFunctionDef))
        else []
    )
    return {"receive", "send"} <= set(names)


def _call(analysis: Analysis, node: ast.Call, receive: str, send: str) -> List[Edit]:
    """Return the edits that call the function of a partial, or the partial where a comment is in the way."""
    source = analysis.module.source
    function, bound, keywords = node.args[0], node.args[1:], node.keywords
    values = [*bound, *(keyword.value for keyword in keywords)]
    begins = [source.start(value) for value in bound]
    begins += [_keyword_start(source, keyword) for keyword in keywords]
    gap_end = begins[0] if begins else source.end(node) - 1
    gap = source.text[source.end(function) : gap_end]
    if _is_hard(source, node, gap, values):
        return call_of(source, node, receive, send)
    edits = [
        Edit(source.start(node), source.start(function), ""),
        Edit(source.end(function), gap_end, _opening(gap) if values else f"({receive}, {send}"),
    ]
    if keywords and all(begin < begins[len(bound)] for begin in begins[: len(bound)]):
        at = begins[len(bound)]
        edits.append(Edit(at, at, f"{receive}, {send}, "))
    elif values:
        at = source.end(bound[-1])
        edits.append(Edit(at, at, f", {receive}, {send}"))
    return edits


def _opening(gap: str) -> str:
    """Return what stands between a function and the arguments that a partial binds, as a bracket."""
    return "(" + (gap.replace(",", "", 1) if "\n" in gap or "\r" in gap else "")


def _is_hard(source: Source, node: ast.Call, gap: str, values: List[ast.expr]) -> bool:
    """Return whether a comment, a lambda or ``*arguments`` is in the way of taking a partial off."""
    function = node.args[0]
    before = source.text[source.end(node.func) : source.start(function)]
    rest = source.text[source.end(values[-1]) : source.end(node)] if values else ""
    is_odd = isinstance(function, ast.Lambda) or any(isinstance(value, ast.Starred) for value in values)
    return is_odd or bool(gap.strip(", \t\r\n") or before.strip("( \t\r\n")) or "#" in rest


def _keyword_start(source: Source, keyword: ast.keyword) -> int:
    """Return where ``name=`` of an argument begins. Python 3.8 has no position for it."""
    return source.text.rindex(keyword.arg or "**", 0, source.start(keyword.value))
