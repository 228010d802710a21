"""Refuse what no single rewrite sees: applications that are handed on, and parameters that cannot be seen."""

from __future__ import annotations

import ast

from .analysis import Analysis
from .module import DEFS, Function, dotted
from .registry import Refusal, step
from .scopes import is_scope
from .vocabulary import APPLICATIONS, takes_receive_and_send

#: Call a function that they are given, somewhere else or for each of several values.
_CALLERS = frozenset(
    (
        "run_in_executor",
        "run_in_threadpool",
        "to_thread",
        "submit",
        "map",
        "starmap",
        "imap",
        "apply",
        "call_soon",
    )
)
#: Make a function of another one that is called somewhere else.
_WRAPPERS = frozenset(("sync_to_async", "database_sync_to_async", "threaded"))


@step(1)
def look(analysis: Analysis) -> None:
    """Refuse a module in which an application or an outer half is used in a way that cannot be followed."""
    for node in analysis.module.nodes:
        if isinstance(node, ast.Call) and _hands_on(analysis, node) and not analysis.is_left(node):
            raise Refusal(
                node, f"the application is handed to {_last(node.func)}, which calls it with the scope"
            )
        if isinstance(node, ast.Call) and _hides_scope(analysis, node) and not analysis.is_left(node):
            raise Refusal(
                node, "an application is called here, and which argument is the scope cannot be seen"
            )
        if isinstance(node, ast.FunctionDef) and analysis.is_asgi and _hides_parameters(analysis, node):
            if not analysis.is_left(node):
                raise Refusal(
                    node, f"the parameters of {node.name} cannot be seen: it takes *{_vararg(node)}"
                )


def _last(node: ast.expr) -> str:
    return dotted(node).rpartition(".")[2] or getattr(node, "attr", "")


def _hides_scope(analysis: Analysis, call: ast.Call) -> bool:
    starred = any(isinstance(argument, ast.Starred) for argument in call.args) or any(
        keyword.arg is None for keyword in call.keywords
    )
    return starred and analysis.callee(call) in analysis.outers and analysis.scope_argument(call) is None


def _hands_on(analysis: Analysis, call: ast.Call) -> bool:
    if _last(call.func) in _WRAPPERS and call.args and _is_application(analysis, call.args[0]):
        parent = analysis.module.parents[call]
        return isinstance(parent, ast.Call) and any(
            _holds_scope(analysis, argument) for argument in parent.args
        )
    if _last(call.func) not in _CALLERS:
        return False
    for at, argument in enumerate(call.args[:-1]):
        if _is_application(analysis, argument):
            return any(_holds_scope(analysis, other) for other in call.args[at + 1 :])
    return False


def _is_application(analysis: Analysis, node: ast.expr) -> bool:
    if analysis.definition(node) in (*analysis.outers, *analysis.entries):
        return True
    return isinstance(node, (ast.Name, ast.Attribute)) and _last(node) in APPLICATIONS


def _holds_scope(analysis: Analysis, node: ast.expr) -> bool:
    if isinstance(node, (ast.List, ast.Tuple)):
        return any(_holds_scope(analysis, item) for item in node.elts)
    return is_scope(analysis.module, node) or _last(node).endswith("scopes")


def _vararg(function: Function) -> str:
    return function.args.vararg.arg if function.args.vararg else ""


def _hides_parameters(analysis: Analysis, function: ast.FunctionDef) -> bool:
    """Return whether a function takes ``*args`` only and returns what takes receive and send."""
    named = [argument.arg for argument in function.args.args if argument.arg not in ("self", "cls")]
    if not function.args.vararg or named or getattr(function.args, "posonlyargs", []):
        return False
    for node in analysis.module.own(function):
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Name):
            inner = analysis.module.value(node.value.id, node)
            if isinstance(inner, DEFS) and takes_receive_and_send(analysis.module, inner):
                if analysis.module.scope_of(inner) is function and not inner.decorator_list:
                    return True
    return False
