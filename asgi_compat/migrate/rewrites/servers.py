"""Servers that are told the generation of an application."""

from __future__ import annotations

import ast

from ..adapter_uses import becomes_single
from ..analysis import Analysis
from ..module import dotted
from ..registry import register, step
from ..source import Edit

ROW = register(
    "servers",
    "a server that was told that the application is ASGI2 is told that it is ASGI3",
    """\
import uvicorn

def app(scope):
    async def instance(receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"hello"})
    return instance

if __name__ == "__main__":
    uvicorn.run(app, interface="asgi2")
""",
    """\
import uvicorn

async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})

if __name__ == "__main__":
    uvicorn.run(app, interface="asgi3")
""",
)
_CALLS = ("uvicorn.run", "uvicorn.Config", "uvicorn.config.Config", "uvicorn.main.run")


@step(11)
def rewrite(analysis: Analysis) -> None:
    """Rewrite ``interface="asgi2"`` where the application of the call is rewritten, too."""
    if ROW.name not in analysis.rules or (not analysis.edits and analysis.project is None):
        return
    for node in analysis.module.nodes:
        if isinstance(node, ast.keyword) and _asks_for_asgi2(analysis, node):
            if analysis.edits or _serves_converted(analysis, analysis.module.parents[node]):
                source = analysis.module.source
                start, end = source.start(node.value), source.end(node.value)
                new = source.text[start:end].replace("asgi2", "asgi3")
                analysis.edit(ROW.name, Edit(start, end, new))


def _asks_for_asgi2(analysis: Analysis, node: ast.keyword) -> bool:
    """Return whether ``interface="asgi2"`` is an argument of a server."""
    if node.arg != "interface" or not isinstance(node.value, ast.Constant) or node.value.value != "asgi2":
        return False
    call = analysis.module.parents[node]
    function = getattr(call, "func", call)
    name = analysis.module.imported(function) or dotted(function)
    return name in _CALLS and not analysis.is_left(call)


def _serves_converted(analysis: Analysis, call: ast.AST) -> bool:
    """Return whether a server is given an application that another file rewrites, by its name or as text."""
    target = call.args[0] if isinstance(call, ast.Call) and call.args else None
    if isinstance(target, ast.Constant) and isinstance(target.value, str) and analysis.project is not None:
        return analysis.project.is_converted(target.value.replace(":", "."))
    return becomes_single(analysis, target)
