"""Rewrite one text: analyse, let every rewrite make its edits, apply them, and look at the result."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Dict, FrozenSet, List, NamedTuple, Optional, Tuple

from .analysis import Analysis
from .module import Module
from .registry import STEPS, Refusal, chosen
from .rewrites import MODULES as _MODULES
from .rewrites import classes, flattening, unused_imports
from .source import Source, UnreadableError, apply_edits, may_hold_asgi, parse

if TYPE_CHECKING:
    from .project import Project

assert _MODULES


class Result(NamedTuple):
    """What became of one file."""

    path: str
    #: "rewritten", "unchanged", "refused" or "unreadable".
    status: str
    before: bytes
    after: bytes
    line: int = 0
    reason: str = ""
    #: How often each rewrite was done.
    rewrites: Dict[str, int] = {}  # noqa: RUF012
    warnings: Tuple[Tuple[int, str], ...] = ()
    encoding: str = "utf-8"


def migrate_bytes(
    data: bytes,
    path: str = "<source>",
    *,
    rules: Optional[FrozenSet[str]] = None,
    project: Optional[Project] = None,
) -> Result:
    """Return what becomes of the source of one file.

    ``rules`` are names of rewrites, all of them when None. Nothing is imported or run. A file of which any
    part is refused stays as it is.

    >>> migrate_bytes(b"def app(scope):\\n    return other(scope)\\n").after
    b'async def app(scope, receive, send):\\n    await other(scope, receive, send)\\n'
    """
    if not may_hold_asgi(data):
        return Result(path, "unchanged", data, data)
    try:
        source = Source(data)
    except UnreadableError as error:
        return Result(path, "unreadable", data, data, error.line, error.reason)
    analysis = Analysis(Module(source, path), chosen() if rules is None else rules, project)
    try:
        text = _rewrite(analysis)
    except Refusal as refusal:
        return Result(path, "refused", data, data, refusal.line, refusal.reason, encoding=source.encoding)
    except (UnreadableError, ValueError, RecursionError) as error:
        reason = f"it could not be rewritten ({error})"
        return Result(path, "refused", data, data, 1, reason, encoding=source.encoding)
    after = source.encode(text)
    status = "unchanged" if after == data else "rewritten"
    used = {name: count for name, count in sorted(analysis.used.items()) if count}
    warnings = tuple(sorted(set(analysis.warnings)))
    return Result(path, status, data, after, 0, "", used, warnings, source.encoding)


def _rewrite(analysis: Analysis) -> str:
    analysis.find_classes()
    classes.choose(analysis)
    analysis.find_outer_halves()
    for step in STEPS:
        step(analysis)
    if not analysis.edits:
        return analysis.module.source.text
    text = apply_edits(analysis.module.source.text, analysis.edits)
    if flattening.ROW.name in analysis.rules:
        text = flattening.flatten(analysis, text)
    text = _with_imports(text, analysis.imports)
    if unused_imports.ROW.name in analysis.rules:
        text = unused_imports.remove(analysis.module, text)
    parse(text)
    return text


def _with_imports(text: str, imports: Dict[str, str]) -> str:
    """Put imports behind the docstring and the ``__future__`` imports."""
    if not imports:
        return text
    source = Source(text.encode("utf-8", "surrogatepass"))
    body: List[ast.stmt] = source.tree.body
    at = _number_of_first(body)
    lines = source.newline.join(sorted(imports.values()))
    if at < len(body) and source.is_first_on_line(body[at]):
        first = body[at]
        line = min([first.lineno, *(d.lineno for d in getattr(first, "decorator_list", []))])
        start = source.line_start(line)
        gap = "" if isinstance(first, (ast.Import, ast.ImportFrom)) else source.newline * 2
        return text[:start] + lines + source.newline + gap + text[start:]
    end = source.line_end(body[at - 1].end_lineno or 1) if at else 0
    return text[:end] + source.newline + lines + text[end:]


def _number_of_first(body: List[ast.stmt]) -> int:
    """Return how many statements stand before the first place for an import."""
    at = 0
    for number, node in enumerate(body):
        is_docstring = number == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if is_docstring or (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
            at = number + 1
    return at
