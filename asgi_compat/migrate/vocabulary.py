"""The words by which ASGI code is told from code that looks like it."""

from __future__ import annotations

import ast
import re
from typing import List, Optional, Set

from .module import Function, Module, dotted, required_parameters

#: Names under which applications are kept.
APPLICATIONS = frozenset(
    [
        "app",
        "application",
        "inner",
        "asgi",
        "asgi_app",
        "wrapped",
        "wrapped_app",
        "next_app",
        "inner_app",
        "child",
        "mount",
        "route",
        "router",
        "endpoint",
        "consumer",
        "http",
        "websocket",
        "lifespan",
        "fallback",
        "default",
        "asgi_application",
        "django_app",
        "next",
    ]
)
#: Attributes in which middleware keeps what it wraps.
INSIDE = frozenset(["app", "application", "inner", "asgi_app", "wrapped_app", "inner_app"])
#: Keys of a scope.
SCOPE_KEYS = frozenset(
    [
        "type",
        "path",
        "headers",
        "method",
        "query_string",
        "root_path",
        "scheme",
        "client",
        "server",
        "subprotocols",
        "session",
        "user",
        "state",
        "raw_path",
        "extensions",
        "http_version",
        "cookies",
        "url_route",
        "asgi",
        "app",
        "channel",
        "path_params",
        "path_remaining",
    ]
)
#: What receive and send are called when the other one has a name of its own.
_FIRST = frozenset(["receive", "recv", "receiver"])
_SECOND = frozenset(["send", "sender"])
_PAIRS = ({"receive", "send"}, {"recv", "send"}, {"rcv", "snd"}, {"receiver", "sender"}, {"r", "s"})
#: A file with none of these talks of another kind of scope, receive and send.
_PROTOCOL = re.compile(
    r"asgi|starlette|channels|uvicorn|daphne|hypercorn|quart"
    r"|['\"](?:http|websocket|lifespan)(?:['\"]|\.)|http\.(?:request|response)|websocket\."
    r"|scope\[['\"](?:type|path|headers|method|query_string|root_path|subprotocols)['\"]\]"
    r"|\b(?:app|application|inner)\((?:\w+\.)?\w*scope\)|\b(?:app|inner)\(dict\(",
    re.IGNORECASE,
)
#: Code that finds out which generation it has before it: it is made for both.
_BOTH = re.compile(
    r"is_double_callable|double_to_single|single_to_double|guarantee_single_callable"
    r"|guarantee_double_callable|is_single_callable|iscoroutinefunction\(|_looks_like_asgi3|to_asgi3|to_asgi2"
    r"|\bsignature\(|getfullargspec\(|markcoroutinefunction|co_argcount"
)
#: Each of these words is in a text in which `_BOTH` or two of `_GENERATIONS` are found.
_MAY_BE_BOTH = re.compile(
    r"double_callable|double_to_single|single_to_double|single_callable|iscoroutinefunction|asgi_?v?[23]"
    r"|signature|getfullargspec|markcoroutinefunction|co_argcount",
    re.IGNORECASE,
)
_GENERATIONS = re.compile(r"asgi_?v?([23])", re.IGNORECASE)


def speaks_asgi(text: str) -> bool:
    """Return whether a file is about ASGI at all.

    >>> speaks_asgi("def visit(scope): ..."), speaks_asgi("{'type': 'http.response.start'}")
    (False, True)
    """
    return _PROTOCOL.search(text) is not None


def may_name_both_generations(text: str) -> bool:
    """Return whether a definition in this text may be written for both generations.

    >>> may_name_both_generations("inspect . signature (app)"), may_name_both_generations("return app(scope)")
    (True, False)
    """
    return _MAY_BE_BOTH.search(text) is not None


def names_both_generations(text: str) -> bool:
    """Return whether a definition is written for both generations.

    >>> names_both_generations("self._run_asgi2 if double else self._run_asgi3")
    True
    """
    return _BOTH.search(text) is not None or len(set(_GENERATIONS.findall(text))) == 2


def scope_parameter(module: Module, function: Function) -> Optional[ast.arg]:
    """Return the parameter of an outer half that is the scope: by its name, or the only one it needs."""
    needed = required_parameters(module, function)
    named = [parameter for parameter in needed if parameter.arg.lower().endswith("scope")]
    if len(named) == 1:
        return named[0]
    return needed[0] if len(needed) == 1 and not named else None


def takes_receive_and_send(module: Module, function: Function) -> bool:
    """Return whether a function is an inner half: it needs two arguments, and treats them so."""
    needed = required_parameters(module, function)
    if any(default is None for default in function.args.kw_defaults):
        return False
    if len(needed) != 2:
        return False
    names = [parameter.arg for parameter in needed]
    if is_pair(names):
        return True
    return isinstance(function, ast.AsyncFunctionDef) and (
        _awaits(module, function, names) or _is_in_outer_half(module, function, names)
    )


def _is_in_outer_half(module: Module, function: ast.AsyncFunctionDef, names: List[str]) -> bool:
    """Return whether a function stands in one that takes a scope, and one of its parameters has its name."""
    outer = module.scope_of(function)
    if not isinstance(outer, ast.FunctionDef) or scope_parameter(module, outer) is None:
        return False
    return names[0].strip("_") in _FIRST or names[1].strip("_") in _SECOND


def is_pair(names: object) -> bool:
    """Return whether two names are those of receive and send, in whatever order.

    >>> is_pair(["_receive", "send"]), is_pair(["self", "request"])
    (True, False)
    """
    return {str(name).strip("_") for name in names} in _PAIRS  # type: ignore[attr-defined]


def _awaits(module: Module, function: ast.AsyncFunctionDef, names: object) -> bool:
    """Return whether both parameters are awaited calls, or handed on together."""
    first, second = names  # type: ignore[misc]
    called: Set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                if node.func.id == first and not node.args:  # type: ignore[has-type]
                    called.add("receive")
                if node.func.id == second and len(node.args) == 1:  # type: ignore[has-type]
                    called.add("send")
            passed = [argument.id for argument in node.args if isinstance(argument, ast.Name)]
            if passed[-2:] == [first, second]:  # type: ignore[has-type]
                return True
    return "send" in called


def reads_scope(module: Module, function: ast.AST, name: str) -> bool:
    """Return whether a function reads a key of a scope from one of its parameters."""
    for node in ast.walk(function):
        key: Optional[ast.AST] = None
        if isinstance(node, ast.Subscript) and dotted(node.value) == name:
            key = node.slice.value if isinstance(node.slice, ast.Index) else node.slice  # type: ignore[attr-defined]
        elif isinstance(node, ast.Call) and dotted(node.func) == f"{name}.get" and node.args:
            key = node.args[0]
        if isinstance(key, ast.Constant) and key.value in SCOPE_KEYS:
            return True
    return False
