"""Responses of current Starlette in an application that calls them as in 2018, with (receive, send) (A1).

Since Starlette 0.12 a response takes (scope, receive, send). For an application with the quirk
``response_scope`` a response that is called with two arguments takes the scope of the connection that it is
in, from a context variable. The methods of the response classes are replaced while such an application serves
a connection, and only then; in every other context they do what they do anyway.
"""

from __future__ import annotations

from contextvars import ContextVar
from functools import wraps
from sys import modules
from threading import Lock
from types import FunctionType

from .._detect.attributes import class_dict
from .._text import safe_repr

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Iterator, List, Tuple

    from .._types import ASGI3App, Receive, Scope, Send

#: What is called like a response, by module and name. Subclasses count.
RESPONSES = (("starlette.responses", "Response"), ("starlette.websockets", "WebSocketClose"))
#: An application whose code names one of these imports Starlette, some time.
_LIBRARIES = ("starlette", "fastapi")

#: The scope of the connection that the current task serves, for an application with the quirk.
_scope_of_connection: ContextVar[Scope] = ContextVar("scope_of_connection")
_lock = Lock()
#: How many connections are served, and what each replaced method was.
_serving: List[None] = []
_replaced: Dict[type, Tuple[object, object]] = {}


def with_response_scope(app: object, call: ASGI3App) -> ASGI3App:
    """Return ``call`` so that responses called with (receive, send) take the scope of the connection."""
    _import_libraries(app)

    async def call_with_response_scope(scope: Scope, receive: Receive, send: Send) -> object:
        token = _scope_of_connection.set(scope)
        _replace_methods()
        try:
            return await call(scope, receive, send)
        finally:
            _restore_methods()
            _scope_of_connection.reset(token)

    return call_with_response_scope


def _import_libraries(app: object) -> None:
    """Import the responses if the application's code does so later, in a function."""
    from .._detect.constants import named_texts

    texts = named_texts(app)
    if any(text.partition(".")[0] in _LIBRARIES for text in texts):
        from contextlib import suppress
        from importlib import import_module

        for module, _ in RESPONSES:
            with suppress(ImportError):
                import_module(module)


def _response_classes() -> Iterator[type]:
    """Yield the response classes that are loaded."""
    waiting = [getattr(modules.get(module), name, None) for module, name in RESPONSES]
    while waiting:
        cls = waiting.pop()
        if isinstance(cls, type):
            yield cls
            waiting.extend(type.__subclasses__(cls))


def _takes_scope(method: object) -> bool:
    """Return whether a method takes (self, scope, receive, send)."""
    return type(method) is FunctionType and method.__code__.co_argcount == 4


def _replace_methods() -> None:
    with _lock:
        _serving.append(None)
        for cls in _response_classes():
            method = class_dict(cls).get("__call__")
            if cls not in _replaced and _takes_scope(method):
                replacement = _with_scope_of_connection(method)
                _replaced[cls] = method, replacement
                type.__setattr__(cls, "__call__", replacement)


def _restore_methods() -> None:
    with _lock:
        _serving.pop()
        if _serving:
            return
        for cls, (method, replacement) in _replaced.items():
            # Somebody else may have replaced it since, and calls ours.
            if class_dict(cls).get("__call__") is replacement:
                type.__setattr__(cls, "__call__", method)
        _replaced.clear()


def _with_scope_of_connection(method: Any) -> Any:
    @wraps(method)
    async def __call__(self: Any, *args: Any, **named: Any) -> Any:
        if len(args) + len(named) == 2 and "scope" not in named:
            scope = _scope_of_connection.get(None)
            if scope is not None:
                args = scope, *args
        return await method(self, *args, **named)

    return __call__


_MISSING_SEND = "__call__() missing 1 required positional argument: 'send'"


def remedy_for(app: object, error: BaseException) -> str:
    """Return what to do about an exception if it is that of a response called with two arguments, or ""."""
    if type(error) is not TypeError:
        return ""
    text = str(error)
    # Python 3.8 and 3.9 do not say whose method it is.
    owner, found, _ = text.partition(_MISSING_SEND)
    names = {cls.__qualname__ for cls in _response_classes()}
    if not found or not names or (owner and owner[:-1] not in names):
        return ""
    return (
        f"{safe_repr(app)} called a response with (receive, send), as in Starlette before 0.12; the installed"
        " one takes (scope, receive, send). Write `await response(scope, receive, send)`, or use"
        " quirks=Quirks(response_scope=True), on the command line --quirk response_scope=true"
    )
