"""Consumers of Channels in routes, routers and communicators become applications."""

from __future__ import annotations

import ast
from typing import List

from ..analysis import Analysis
from ..consumers import as_asgi, is_consumer
from ..module import FUNCTIONS, dotted
from ..registry import register, step
from ..source import Edit

ROW = register(
    "channels-routes",
    "consumers in routes, routers and communicators become applications, and HTTP gets Django's own",
    """\
from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import path
from chat.consumers import ChatConsumer

application = ProtocolTypeRouter({
    "websocket": URLRouter([path("ws/", ChatConsumer)]),
})
""",
    """\
from django.core.asgi import get_asgi_application
from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import path
from chat.consumers import ChatConsumer

application = ProtocolTypeRouter({
    "http": get_asgi_application(),
    "websocket": URLRouter([path("ws/", ChatConsumer.as_asgi())]),
})
""",
)
_ROUTES = ("path", "re_path", "url", "route", "URLRouter", "ProtocolTypeRouter", "ChannelNameRouter")
_ENDINGS = (
    "Communicator",
    "Middleware",
    "MiddlewareStack",
    "Stack",
    "Router",
    "Validator",
    "middleware",
    "wrapper",
)
DJANGO = "from django.core.asgi import get_asgi_application"


@step(6)
def rewrite(analysis: Analysis) -> None:
    """Rewrite routes, routers and communicators."""
    if ROW.name not in analysis.rules:
        return
    for node in analysis.module.nodes:
        if isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Load):
            if (
                is_consumer(analysis.module, node)
                and _is_routed(analysis, node)
                and not analysis.is_left(node)
            ):
                analysis.edit(ROW.name, *as_asgi(analysis.module, node))
            elif _is_old_handler(analysis, node) and not analysis.is_left(node):
                source = analysis.module.source
                analysis.imports["get_asgi_application"] = DJANGO
                analysis.edit(
                    ROW.name,
                    Edit(
                        source.start(node), source.end(node), f"get_asgi_application{_call(analysis, node)}"
                    ),
                )
        elif isinstance(node, ast.Call) and not analysis.is_left(node):
            _add_http(analysis, node)


def _is_routed(analysis: Analysis, node: ast.expr) -> bool:
    """Return whether a consumer stands where an application is expected."""
    parent = analysis.module.parents[node]
    if isinstance(parent, ast.keyword):
        parent = analysis.module.parents[parent]
    if isinstance(parent, ast.Call):
        return parent.func is not node and _takes_application(parent)
    if isinstance(parent, (ast.Dict, ast.List, ast.Tuple)):
        return _is_in_router(analysis, parent)
    if isinstance(parent, ast.Assign):
        names = [dotted(target) for target in parent.targets]
        return any(name in ("application", "app") for name in names)
    return False


def _takes_application(call: ast.Call) -> bool:
    name = dotted(call.func).rpartition(".")[2]
    return name in _ROUTES or name.endswith(_ENDINGS)


def _is_in_router(analysis: Analysis, node: ast.AST) -> bool:
    """Return whether a table or list is that of a router, or a table of routes by itself."""
    for outer in analysis.module.ancestors(node):
        if isinstance(outer, ast.Call):
            return _takes_application(outer)
        if isinstance(outer, ast.Assign):
            names = [dotted(target).lower() for target in outer.targets]
            return any("rout" in name or "mapping" in name or "urlpattern" in name for name in names)
        if isinstance(outer, (ast.stmt, *FUNCTIONS)):
            return False
    return False


def _is_old_handler(analysis: Analysis, node: ast.expr) -> bool:
    """Return whether a name is Channels' own handler for HTTP, which Channels 4 has no more."""
    if analysis.module.imported(node) != "channels.http.AsgiHandler":
        return False
    parent = analysis.module.parents[node]
    return not isinstance(parent, (ast.ClassDef, ast.Attribute)) and not (
        isinstance(parent, ast.Call) and dotted(parent.func) in ("isinstance", "issubclass")
    )


def _call(analysis: Analysis, node: ast.expr) -> str:
    parent = analysis.module.parents[node]
    return "" if isinstance(parent, ast.Call) and parent.func is node else "()"


def _add_http(analysis: Analysis, call: ast.Call) -> None:
    """Add what the router of Channels 2 added by itself."""
    module, source = analysis.module, analysis.module.source
    if module.imported(call.func) != "channels.routing.ProtocolTypeRouter" or len(call.args) != 1:
        return
    table = call.args[0]
    statement = module.statement_of(call)
    if (
        not isinstance(table, ast.Dict)
        or not table.keys
        or not isinstance(statement, (ast.Assign, ast.AnnAssign))
    ):
        return
    keys: List[object] = [getattr(key, "value", None) for key in table.keys]
    if module.parents[statement] is not module.tree or None in keys or "http" in keys:
        return
    first = table.keys[0]
    assert first is not None
    at = source.start(first)
    indent = f"{source.newline}{source.indent(first)}" if source.is_first_on_line(first) else " "
    analysis.imports["get_asgi_application"] = DJANGO
    analysis.edit(ROW.name, Edit(at, at, f'"http": get_asgi_application(),{indent}'))
