"""Better remedies for what is not an application: frameworks of another kind, and common mistakes.

A remedy says what to write. It changes no verdict: `classify` asks here after the verdict, and only for
objects that are not applications.
"""

from __future__ import annotations

from functools import partial
from types import FunctionType, MethodType

from .._text import printable
from .attributes import class_attribute, class_module, class_mro, class_name, is_class
from .bytecode import COROUTINE, code_of, inner_functions, returns_nothing
from .callables import signature_of
from .methods import raw_call
from .objects import cannot_be_called
from .signature import PROTOCOL, signature_of_function
from .verdict import REMEDIES, Style
from .vocabulary import METHOD_NAMES, RECEIVE, ROLES, SCOPE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional, Tuple

    from typing_extensions import TypeIs

    from .signature import CallSignature

_OWN_SERVER = "it is not an ASGI framework and has a server of its own: run it with"
_REGISTER = "it is a part of an application: register it, and pass the application"

#: What to do with an instance or a subclass of a class, by the package and the name of the class. The
#: packages are never imported.
KNOWN = {
    ("aiohttp", "Application"): f"{_OWN_SERVER} aiohttp.web.run_app(app)",
    ("tornado", "Application"): f"{_OWN_SERVER} app.listen(8000) and tornado.ioloop",
    ("socketio", "AsyncServer"): "pass socketio.ASGIApp(server)",
    ("socketio", "Server"): (
        "it is the synchronous server: make a socketio.AsyncServer(async_mode='asgi') and pass"
        " socketio.ASGIApp(server)"
    ),
    ("engineio", "AsyncServer"): "pass engineio.ASGIApp(server)",
    ("engineio", "Server"): (
        "it is the synchronous server: make an engineio.AsyncServer(async_mode='asgi') and pass"
        " engineio.ASGIApp(server)"
    ),
    ("falcon", "App"): f"make it a falcon.asgi.App(), or {REMEDIES[Style.WSGI]}",
    ("falcon", "API"): f"make it a falcon.asgi.App() of Falcon 3 or later, or {REMEDIES[Style.WSGI]}",
    ("a2wsgi", "ASGIMiddleware"): (
        "it makes a WSGI application of an ASGI one: pass the ASGI application that it wraps"
        " (a2wsgi.WSGIMiddleware is for the other direction)"
    ),
    ("django", "WSGIHandler"): "pass django.core.asgi.get_asgi_application()",
    ("flask", "Blueprint"): _REGISTER,
    ("quart", "Blueprint"): _REGISTER,
    ("sanic", "Blueprint"): _REGISTER,
    ("strawberry", "Schema"): "pass strawberry.asgi.GraphQL(schema)",
    ("graphql", "GraphQLSchema"): "pass ariadne.asgi.GraphQL(schema), or what your framework makes of it",
    ("mangum", "Mangum"): "it is a handler of AWS Lambda: pass the application that it wraps",
    ("starlette", "TestClient"): "it is a client for tests: pass its attribute .app",
    ("uvicorn", "Server"): "it is a server: pass the application, which is its attribute .config.app",
    ("click", "Command"): "it is a command line program: pass the application that it starts",
}


def advice(app: object, remedy: str) -> str:
    """Return a better remedy for an object that is not an application, or the given one."""
    usual = remedy == REMEDIES[Style.NOT_AN_APP]
    return _known(app) or _lacks_self(app) or (usual and _of_its_call(app)) or remedy


def _of_its_call(app: object) -> str:
    return _unfit(app) or _unbound(app) or _method(app)


def _known(app: object) -> str:
    for base in class_mro(app if is_class(app) else type(app)):
        found = KNOWN.get((str(class_module(base)).partition(".")[0], class_name(base)))
        if found:
            return found
    return ""


# -- a method without self -------------------------------------------------------------------------------


def _lacks_self(app: object) -> str:
    """Return the remedy for a method whose first parameter is scope or receive: Python puts self there."""
    for method in _methods_of(app):
        if type(method) is not FunctionType:
            continue
        code = method.__code__
        names = code.co_varnames[: code.co_argcount]
        roles = [ROLES[name] for name in names]
        if roles and roles[0] in (SCOPE, RECEIVE) and set(PROTOCOL).issuperset(roles):
            start = f"{'async ' if code.co_flags & COROUTINE else ''}def {code.co_name}"
            return f"{code.co_name} has no self: write {start}(self, {', '.join(names)})"
    return ""


def _methods_of(app: object) -> Tuple[object, ...]:
    if type(app) is MethodType:
        # types.MethodType(function, scope) is what a double-callable may return.
        return () if issubclass(type(app.__self__), dict) else (app.__func__,)
    if is_class(app):
        return class_attribute(app, "__init__"), raw_call(app)
    return (raw_call(type(app)),)


# -- partials that do not fit ------------------------------------------------------------------------------


def _is_partial(value: object) -> TypeIs[partial[object]]:
    return issubclass(type(value), partial)


def _unfit(app: object) -> str:
    if not _is_partial(app):
        return ""
    whole: Optional[CallSignature] = signature_of(app.func)
    if whole is None or signature_of(app) is not None:
        return ""
    name = getattr(app.func, "__name__", class_name(type(app.func)))
    bound = [f"{key}=..." for key in app.keywords if key not in whole.names]
    what = ", ".join(bound) if bound else f"{len(app.args)} arguments"
    return f"{name} takes {whole}, and the partial binds {what}: bind only what it takes"


def _unbound(app: object) -> str:
    """Return the remedy for a class of double-callables that takes more than the scope."""
    whole = signature_of(app) if is_class(app) else None
    if whole is None or whole.role(0) != SCOPE or whole.required < 2:
        return ""
    options = ", ".join([f"{name}=..." for name in whole.names[1 : whole.required]])
    return f"an application takes the scope alone: bind the rest, functools.partial(app, {options})"


# -- objects with a method that is the application -----------------------------------------------------------


def _method(app: object) -> str:
    """Return the remedy for an instance with a method that is an application, or makes one."""
    if is_class(app) or not cannot_be_called(app):
        return ""
    for name in METHOD_NAMES:
        method = class_attribute(type(app), name)
        signature = signature_of_function(method) if type(method) is FunctionType else None
        signature = signature and signature.bind((app,))
        if signature is None:
            continue
        if signature.takes(0):
            return f"pass what its method .{name}() returns"
        if signature.takes(3) or signature.role(0) == SCOPE:
            return f"pass its method .{name}"
    return ""


def missing_return(app: object) -> str:
    """Ask for the `return` that a first half lacks, with its place and, if it is never there, its name."""
    signature = signature_of(app)
    code = code_of(signature.function) if signature is not None else None
    if signature is None or code is None:
        return "did you forget `return`?"
    halves = [inner.co_name for inner, count in inner_functions(signature.function) if count == 2]
    named = [name for name in halves if name.isidentifier() and name != "__call__"]
    said = ""
    if named and returns_nothing(signature.function):
        said = f"add `return {printable(named[-1], 80)}` to its end, "
    place = printable(f"{code.co_filename}:{code.co_firstlineno}, in {code.co_name}")
    return f"did you forget `return`? {said}at {place}"
