"""Middleware of Channels 2 that fills the scope in two methods."""

from __future__ import annotations

import ast
from typing import Sequence

from ..analysis import Analysis
from ..module import dotted
from ..registry import Refusal, register, step
from ..source import Edit

ROW = register(
    "channels-middleware",
    "middleware with populate_scope and resolve_scope gets the __call__ that calls them",
    """\
from channels.middleware import BaseMiddleware

class UserMiddleware(BaseMiddleware):
    def populate_scope(self, scope):
        scope["user"] = None

    async def resolve_scope(self, scope):
        scope["user"] = await get_user(scope)
""",
    """\
from channels.middleware import BaseMiddleware

class UserMiddleware(BaseMiddleware):
    def populate_scope(self, scope):
        scope["user"] = None

    async def resolve_scope(self, scope):
        scope["user"] = await get_user(scope)

    async def __call__(self, scope, receive, send):
        scope = dict(scope)
        self.populate_scope(scope)
        await self.resolve_scope(scope)
        return await super().__call__(scope, receive, send)
""",
)


@step(7)
def rewrite(analysis: Analysis) -> None:
    """Add ``__call__`` to subclasses of `BaseMiddleware`."""
    if ROW.name not in analysis.rules or _calls_them_itself(analysis):
        return
    for node in analysis.module.nodes:
        if (
            isinstance(node, ast.ClassDef)
            and _is_base_middleware(analysis, node)
            and not analysis.is_left(node)
        ):
            own = analysis.module.tables.get(node, {})
            found = [name for name in ("populate_scope", "resolve_scope") if name in own]
            if found and analysis.member(node, "__call__") is None:
                _check(analysis, node, found)
                _add(analysis, node)


def _calls_them_itself(analysis: Analysis) -> bool:
    """Return whether the project has a `BaseMiddleware` of Channels 2, which calls both methods itself."""
    return analysis.project is not None and "populate_scope" in analysis.project.used_by("BaseMiddleware")


def _is_base_middleware(analysis: Analysis, node: ast.ClassDef) -> bool:
    names = [analysis.module.imported(base) or dotted(base) for base in analysis.foreign_bases(node)]
    return any(name.rpartition(".")[2] == "BaseMiddleware" for name in names)


def _check(analysis: Analysis, node: ast.ClassDef, names: Sequence[str]) -> None:
    """Refuse a method that makes an instance of the inner application, which Channels 2 throws away."""
    for item in (item for name in names for item in ast.walk(analysis.member(node, name) or node)):
        if isinstance(item, ast.Call) and dotted(item.func) == "self.inner" and analysis.application(item):
            raise Refusal(item, "an instance is made to find something out, and thrown away")


def _add(analysis: Analysis, node: ast.ClassDef) -> None:
    source = analysis.module.source
    inner = source.indent(node.body[0])
    step = inner[len(source.indent(node)) :] or "    "
    lines = ["async def __call__(self, scope, receive, send):", f"{step}scope = dict(scope)"]
    if analysis.member(node, "populate_scope") is not None:
        lines.append(f"{step}self.populate_scope(scope)")
    resolve = analysis.member(node, "resolve_scope")
    if resolve is not None:
        waits = "await " if isinstance(resolve, ast.AsyncFunctionDef) else ""
        lines.append(f"{step}{waits}self.resolve_scope(scope)")
    lines.append(f"{step}return await super().__call__(scope, receive, send)")
    end = source.line_end(node.end_lineno or node.lineno)
    text = "".join(f"{source.newline}{inner}{line}" for line in lines)
    analysis.edit(ROW.name, Edit(end, end, source.newline + text))
