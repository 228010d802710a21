"""An outer half that returns ``functools.partial(self.asgi, scope=scope)``: the function is called."""

from __future__ import annotations

import ast
from typing import List, Optional

from ..analysis import Analysis
from ..module import dotted
from ..places import call_of
from ..recognition import OuterHalf
from ..registry import Leaf, recogniser, register
from ..source import Edit
from ..vocabulary import is_scope

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
    if isinstance(node, ast.Name):
        _, values = analysis.module.bound(node.id, node)
        if values and all(isinstance(value, ast.expr) and is_partial(analysis, value) for value in values):
            return Leaf(ROW.name, node, lambda r, s: call_of(analysis.module.source, node, r, s))
    if not isinstance(node, ast.Call) or not is_partial(analysis, node) or not node.args:
        return None
    if isinstance(node.args[0], ast.Starred):
        return None
    bound = [*node.args[1:], *(keyword.value for keyword in node.keywords)]
    strong = any(is_scope(analysis.module, value) for value in bound) or _names_pair(analysis, node.args[0])
    call = node
    return Leaf(ROW.name, node, lambda receive, send: _call(analysis, call, receive, send), strong)


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
    start, first = source.start(node), source.start(function)
    values = [*bound, *(keyword.value for keyword in keywords)]
    if isinstance(function, ast.Lambda) or any(isinstance(value, ast.Starred) for value in bound):
        return call_of(source, node, receive, send)
    begins = [source.start(value) for value in bound] + [
        _keyword_start(source.text, k, source) for k in keywords
    ]
    gap_end = begins[0] if begins else source.end(node) - 1
    gap = source.text[source.end(function) : gap_end]
    rest = source.text[source.end(values[-1]) : source.end(node)] if values else ")"
    if gap.strip(", \t\r\n") or source.text[source.end(node.func) : first].strip("( \t\r\n") or "#" in rest:
        return call_of(source, node, receive, send)
    after = gap.replace(",", "", 1) if "\n" in gap or "\r" in gap else ""
    edits = [
        Edit(start, first, ""),
        Edit(source.end(function), gap_end, f"({after}" if values else f"({receive}, {send}"),
    ]
    if not values:
        return edits
    if keywords and all(source.start(value) < begins[len(bound)] for value in bound):
        at = begins[len(bound)]
        edits.append(Edit(at, at, f"{receive}, {send}, "))
    else:
        at = source.end(bound[-1])
        edits.append(Edit(at, at, f", {receive}, {send}"))
    return edits


def _keyword_start(text: str, keyword: ast.keyword, source: object) -> int:
    """Return where ``name=`` of an argument begins. Python 3.8 has no position for it."""
    at: int = source.start(keyword.value)  # type: ignore[attr-defined]
    name = keyword.arg or "**"
    return text.rindex(name, 0, at)
