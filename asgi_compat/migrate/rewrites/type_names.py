"""Names of types that say what an application is."""

from __future__ import annotations

import ast
from typing import Optional

from ..analysis import Analysis
from ..module import dotted
from ..registry import register, step
from ..source import Edit

ROW = register(
    "type-names",
    "the type of an application takes scope, receive and send and gives an awaitable",
    """\
import typing

Scope = typing.MutableMapping[str, typing.Any]
Message = typing.MutableMapping[str, typing.Any]
Receive = typing.Callable[[], typing.Awaitable[Message]]
Send = typing.Callable[[Message], typing.Awaitable[None]]
ASGIInstance = typing.Callable[[Receive, Send], typing.Awaitable[None]]
ASGIApp = typing.Callable[[Scope], ASGIInstance]
""",
    """\
import typing

Scope = typing.MutableMapping[str, typing.Any]
Message = typing.MutableMapping[str, typing.Any]
Receive = typing.Callable[[], typing.Awaitable[Message]]
Send = typing.Callable[[Message], typing.Awaitable[None]]
ASGIInstance = typing.Callable[[Receive, Send], typing.Awaitable[None]]
ASGIApp = typing.Callable[[Scope, Receive, Send], typing.Awaitable[None]]
""",
)


@step(10)
def rewrite(analysis: Analysis) -> None:
    """Rewrite ``Callable[[Scope], ASGIInstance]`` where the instance's own type is known."""
    if ROW.name not in analysis.rules:
        return
    source = analysis.module.source
    _replace_gone(analysis)
    for node in analysis.module.nodes:
        parts = _callable(node)
        if parts is None or analysis.is_left(node):
            continue
        taken, given = parts
        if len(taken.elts) != 1 or not dotted(taken.elts[0]).endswith("Scope"):
            continue
        instance = _instance(analysis, given)
        if instance is not None:
            inner, result = instance
            end = source.end(taken.elts[0])
            more = "".join(f", {source.segment(item)}" for item in inner.elts)
            analysis.edit(
                ROW.name,
                Edit(end, end, more),
                Edit(source.start(given), source.end(given), source.segment(result)),
            )


def _replace_gone(analysis: Analysis) -> None:
    """Replace Starlette's ASGIInstance, which 0.12 has no more, where an annotation is left with it."""
    source, module = analysis.module.source, analysis.module
    for node in module.reads.get("ASGIInstance", []):
        parent = module.parents[node]
        if module.imported(node) != "starlette.types.ASGIInstance" or parent in analysis.outers:
            continue
        if isinstance(parent, ast.AnnAssign) and parent.value in analysis.consumed:
            continue  # the statement goes
        alias = module.value(node.id, node)
        assert alias is not None
        statement = module.parents[alias]
        analysis.edit(ROW.name, Edit(source.start(node), source.end(node), "ASGIApp"))
        if not module.bound("ASGIApp", module.tree)[1]:
            at = source.text.index("ASGIInstance", source.start(statement))
            analysis.edits.append(Edit(at, at + len("ASGIInstance"), "ASGIApp"))


def _callable(node: Optional[ast.AST]) -> Optional[tuple[ast.List, ast.expr]]:
    """Return what a ``Callable[[...], ...]`` takes and gives."""
    if not isinstance(node, ast.Subscript) or dotted(node.value).rpartition(".")[2] != "Callable":
        return None
    inner: ast.AST = node.slice
    if type(inner).__name__ == "Index":  # Python 3.8
        inner = inner.value  # type: ignore[attr-defined]
    if isinstance(inner, ast.Tuple) and len(inner.elts) == 2 and isinstance(inner.elts[0], ast.List):
        return inner.elts[0], inner.elts[1]
    return None


def _instance(analysis: Analysis, node: ast.expr) -> Optional[tuple[ast.List, ast.expr]]:
    """Return what an instance takes and gives, by its name in this module or written out."""
    value: Optional[ast.AST] = analysis.module.value(node.id, node) if isinstance(node, ast.Name) else node
    parts = _callable(value)
    return parts if parts is not None and len(parts[0].elts) == 2 else None
