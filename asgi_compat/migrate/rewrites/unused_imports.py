"""Imports that nothing uses any more once the rest is rewritten."""

from __future__ import annotations

import ast
from typing import List, Set

from ..module import Module
from ..places import remove_statement
from ..registry import register
from ..source import Edit, Source, apply_edits

ROW = register(
    "unused-imports",
    "an import goes when the last use of its name has gone",
    """\
from functools import partial

async def handle(receive, send, scope):
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})

def app(scope):
    return partial(handle, scope=scope)
""",
    """\

async def handle(receive, send, scope):
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})

async def app(scope, receive, send):
    await handle(receive, send, scope=scope)
""",
)
#: Names that are imported for others to import are kept, except those that no release has any more.
_GONE = {"ASGIInstance"}


def names_used(module: Module) -> Set[str]:
    """Return the names that a module reads, those in ``__all__`` and in annotations of text included."""
    found = set(module.reads)
    for node in module.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 200:
            found.update("".join(c if c.isalnum() or c == "_" else " " for c in node.value).split())
    return found


def remove(before: Module, text: str) -> str:
    """Return a text without the imports that were used before and are not any more."""
    after = Module(Source(text.encode("utf-8", "surrogatepass")), before.path)
    gone = names_used(before) - names_used(after)
    edits: List[Edit] = []
    for node in after.nodes:
        if isinstance(node, (ast.Import, ast.ImportFrom)) and not _is_future(node):
            edits += _without(after, node, gone)
    return apply_edits(text, edits)


def _is_future(node: ast.AST) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _without(module: Module, node: ast.stmt, gone: Set[str]) -> List[Edit]:
    aliases: List[ast.alias] = node.names  # type: ignore[attr-defined]
    keep = [alias for alias in aliases if _bound_name(alias) not in gone]
    if len(keep) == len(aliases):
        return []
    if not keep:
        return [remove_statement(module, node)]
    source = module.source
    text = source.segment(node)
    if "#" in text:
        return []
    head, separator, names = (
        text.partition(" import ") if isinstance(node, ast.ImportFrom) else ("", "import ", text[7:])
    )
    opening = names.startswith("(")
    parts = names.strip("()").rstrip().rstrip(",").split(",")
    if len(parts) != len(aliases):
        return []
    kept = [part for part, alias in zip(parts, aliases) if alias in keep]
    kept[0] = parts[0][: len(parts[0]) - len(parts[0].lstrip())] + kept[0].lstrip()
    new = ",".join(kept)
    if opening:
        inner = names[1:-1]
        tail = (
            inner[len(inner.rstrip().rstrip(",")) :]
            if "," in inner[len(inner.rstrip()) - 1 :]
            else inner[len(inner.rstrip()) :]
        )
        new = f"({new}{tail})"
    return [Edit(source.start(node), source.end(node), f"{head}{separator}{new}")]


def _bound_name(alias: ast.alias) -> str:
    return (alias.asname or alias.name).split(".")[0]
