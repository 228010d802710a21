"""An application that is a partial of a class: the partial stays, behind a function of its name."""

from __future__ import annotations

import ast
from typing import Optional

from ..analysis import Analysis
from ..instance_classes import HelperClass
from ..module import required_parameters
from ..registry import Refusal, register, step
from ..scopes import is_scope
from ..source import Edit
from .partials import is_partial

ROW = register(
    "class-partials",
    "a partial of a class that waits for the scope stays, behind a function of its name",
    """\
import functools

class Prefixed:
    def __init__(self, prefix, scope):
        self.text = prefix + scope["path"]

    async def __call__(self, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": self.text.encode()})

app = functools.partial(Prefixed, "/api")
""",
    """\
import functools

class Prefixed:
    def __init__(self, prefix, scope):
        self.text = prefix + scope["path"]

    async def __call__(self, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": self.text.encode()})

_app = functools.partial(Prefixed, "/api")


async def app(scope, receive, send):
    await _app(scope)(receive, send)
""",
)


@step(12)
def rewrite(analysis: Analysis) -> None:
    """Put a function in the place of each partial of a class."""
    if ROW.name not in analysis.rules:
        return
    for node in analysis.module.nodes:
        if isinstance(node, ast.Assign) and _waits_for_scope(analysis, node.value):
            if not analysis.is_left(node) and not _is_called(analysis, node):
                _rewrite(analysis, node)


def _is_called(analysis: Analysis, node: ast.Assign) -> bool:
    """Return whether this module calls the partial: it makes objects for an application then."""
    names = {target.id for target in node.targets if isinstance(target, ast.Name)}
    reads = [read for name in names for read in analysis.module.reads.get(name, [])]
    parents = [analysis.module.parents[read] for read in reads]
    return any(isinstance(parent, ast.Call) and parent.func is read for parent, read in zip(parents, reads))


def _waits_for_scope(analysis: Analysis, node: ast.expr) -> bool:
    """Return whether a partial binds everything that a class for one connection needs, but for the scope."""
    if not is_partial(analysis, node) or not isinstance(node, ast.Call) or not node.args:
        return False
    helper = _class_of(analysis, node.args[0])
    if helper is None or helper.scope is None or helper.constructor is None:
        return False
    bound = [*node.args[1:], *(keyword.value for keyword in node.keywords)]
    needed = required_parameters(analysis.module, helper.constructor)
    return len(needed) > 1 and not any(is_scope(analysis.module, value) for value in bound)


def _class_of(analysis: Analysis, node: ast.expr) -> Optional[HelperClass]:
    target = analysis.definition(node)
    if not isinstance(target, ast.ClassDef) or target in analysis.entries:
        return None
    return analysis.helpers.get(target)


def _rewrite(analysis: Analysis, node: ast.Assign) -> None:
    module, source = analysis.module, analysis.module.source
    target = node.targets[0]
    if not isinstance(target, ast.Name) or len(node.targets) > 1 or not source.is_first_on_line(node):
        raise Refusal(node, "a partial of a class is an application here, and has no name of its own")
    inner, indent = f"_{target.id}", source.indent(node)
    taken = {name for table in module.tables.values() for name in table}
    end = source.line_end(node.end_lineno or node.lineno)
    rest = source.text[source.end(node) : end].strip()
    if inner in taken or len(module.bound(target.id, node)[1]) > 1 or rest[:1] == ";":
        raise Refusal(node, f"no name is free for the partial behind {target.id}")
    text = _function(analysis, target.id, inner, indent, source.text[end:])
    analysis.edit(ROW.name, Edit(source.start(target), source.end(target), inner), Edit(end, end, text))


def _function(analysis: Analysis, name: str, inner: str, indent: str, following: str) -> str:
    """Return the text of the function that stands behind the partial."""
    newline = analysis.module.source.newline
    step = "\t" if indent.startswith("\t") else "    "
    more = following.strip() and not following.startswith(newline * 2)
    lines = [
        newline * (1 if indent else 2),
        f"{indent}async def {name}(scope, receive, send):",
        f"{indent}{step}await {inner}(scope)(receive, send)",
    ]
    return newline.join(lines) + (newline * (1 if indent else 2) if more else "")
