"""Servers that are told the generation of an application."""

from __future__ import annotations

import ast

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
    if ROW.name not in analysis.rules or not analysis.edits:
        return
    source = analysis.module.source
    for node in analysis.module.nodes:
        if isinstance(node, ast.keyword) and node.arg == "interface" and isinstance(node.value, ast.Constant):
            call = analysis.module.parents[node]
            name = analysis.module.imported(getattr(call, "func", call)) or dotted(
                getattr(call, "func", call)
            )
            if node.value.value == "asgi2" and name in _CALLS and not analysis.is_left(call):
                start, end = source.start(node.value), source.end(node.value)
                new = source.text[start:end].replace("asgi2", "asgi3")
                analysis.edit(ROW.name, Edit(start, end, new))
