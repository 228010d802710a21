"""Describe a call with the wrong number of arguments, and what to write instead."""

from __future__ import annotations

import os
import re
from types import TracebackType
from typing import Any, NamedTuple, Optional

from asgi_compat import Style, classify

from .source import Call, calls_of, last_frame

#: What Python says when the arguments of a call do not fit.
_SAYS = re.compile(
    r"([\w.<>]+)\(\) "
    r"(?:takes (?:no|from|exactly|at most|\d+).* argument|missing \d+ required|got an unexpected)"
)
#: A class or a function whose result is not awaitable was called as if it were ASGI3.
_NOT_AWAITABLE = re.compile(
    r"object (\S+) can't be used in 'await' expression|'?(\S+?)'? object can't be awaited"
)
_LEAVES_OUT = re.compile(r"missing \d+ required positional argument")
_HALVES = ("receive", "send")
#: Three arguments, and perhaps `self`, for what takes the scope alone.
_THREE_FOR_ONE = re.compile(r"takes (?:exactly |from 1 to )?[12] positional arguments? but [34] were given")
#: Starlette's function that calls the classes of ``Middleware(...)``, and what to write by what Python says.
_STACK = "build_middleware_stack"
_IN_STACK = (
    (
        re.compile(r"missing \d+ required"),
        "write the arguments that it needs behind the class: Middleware({0}, ...)",
    ),
    (
        re.compile(r"unexpected keyword argument '(?!app')"),
        "it has no such parameter; correct the arguments in Middleware({0}, ...)",
    ),
    (
        re.compile(""),
        "a middleware takes the application; write def __init__(self, app) in {0}, other arguments after it",
    ),
)
#: The variables that hold what a server calls an application with.
_OF_A_SERVER = frozenset({"scope", *_HALVES})
#: The attributes and parameters in which a middleware keeps what it wraps.
_WRAPPED = ("app", "inner", "application", "_app", "asgi", "next_app")


class Mismatch(NamedTuple):
    """One call whose arguments do not fit."""

    caller: str
    callee: str
    remedy: str

    @property
    def text(self) -> str:
        """The sentence behind the text of the exception."""
        return f"{self.caller} calls {self.callee}: {self.remedy}"


def is_arity(error: BaseException) -> bool:
    """Return whether the arguments of a call did not fit."""
    return type(error) is TypeError and bool(_name_in(str(error)))


def _name_in(said: str) -> str:
    """Return the name of what was called, "" for any other text."""
    found = _SAYS.match(said) or _NOT_AWAITABLE.match(said)
    return "" if found is None else str(found.group(found.lastindex or 0))


def mismatch(error: BaseException) -> Optional[Mismatch]:
    """Describe what was called with arguments that do not fit, None for any other exception."""
    entry = last_frame(error)
    if entry is None or not is_arity(error):
        return None
    said = str(error)
    name = _name_in(said)
    call = _the_call(entry, name)
    callee = _name_of(call, name)
    owner = _owner(entry)
    if entry.tb_frame.f_code.co_name == _STACK:
        remedy = next(text for says, text in _IN_STACK if says.search(said)).format(callee)
    else:
        remedy = _remedy(call, callee, owner, said)
    return Mismatch(_caller(entry, owner), callee, remedy)


def _the_call(entry: TracebackType, name: str) -> Optional[Call]:
    """Return the call in the failing statement that the exception is about, None where it is not clear."""
    calls = [call for call in calls_of(entry) if call.is_known and callable(call.called)]
    part = name.split(".")
    for call in calls:
        names = {getattr(call.called, "__name__", ""), type(call.called).__name__}
        if part[0] in names:
            return call
    # Before 3.10 a method is named without its class: then it is the outermost call.
    unqualified = len(part) == 1 and name.startswith("__")
    return calls[0] if calls and (unqualified or len(calls) == 1) else None


def _owner(entry: TracebackType) -> Any:
    """Return the object whose method the calling frame is, None for a function."""
    code = entry.tb_frame.f_code
    first = code.co_varnames[0] if code.co_argcount else ""
    return entry.tb_frame.f_locals.get(first) if first == "self" else None


def _caller(entry: TracebackType, owner: object) -> str:
    code = entry.tb_frame.f_code
    name = code.co_name if owner is None else f"{type(owner).__name__}.{code.co_name}"
    path = code.co_filename
    path = os.path.relpath(path) if path.startswith(os.getcwd() + os.sep) else path
    return f"{name} ({path}:{entry.tb_lineno})"


def _name_of(call: Optional[Call], name: str) -> str:
    if call is None:
        return name
    return getattr(call.called, "__qualname__", type(call.called).__qualname__)


def _remedy(call: Optional[Call], callee: str, owner: object, said: str) -> str:
    called, number = (None, 0) if call is None else (call.called, call.number)
    consumer = _about_consumer(called, callee)
    if consumer:
        return consumer
    if "'call_next'" in said:
        return f"it takes a request; write Middleware(BaseHTTPMiddleware, dispatch={callee})"
    if _LEAVES_OUT.search(said) and any(repr(half) in said for half in _HALVES):
        return _about_halves(call, callee, owner)
    if number == 1 and classify(called).style is Style.SINGLE:
        return _about_caller(owner, callee)
    if not _calls_an_application(call, said):
        awaited = _NOT_AWAITABLE.match(said)
        return "what it returns cannot be awaited" if awaited else "the number of arguments does not fit"
    return _about_callee(called, callee)


def _about_consumer(called: object, callee: str) -> str:
    if isinstance(called, type) and hasattr(called, "as_asgi"):
        return f"a consumer class is not an application; write {called.__name__}.as_asgi() there"
    if callee.rpartition(".")[2] == "as_asgi":
        return "as_asgi is not called, and makes the application; write .as_asgi() there"
    return ""


def _calls_an_application(call: Optional[Call], said: str) -> bool:
    """Return whether it is the call of an application, not of any other function."""
    if call is not None and call.number:
        return "scope" in call.names or len(call.names & _OF_A_SERVER) > 1
    return bool(_THREE_FOR_ONE.search(said) or _NOT_AWAITABLE.match(said))


def _about_halves(call: Optional[Call], callee: str, owner: object) -> str:
    """Return the remedy where receive or send is missing: by how many arguments were passed."""
    if call is not None and call.number == 0:
        return f"it is called without arguments; return or pass {callee} itself, without the parentheses"
    if call is not None and call.number == 2:
        return f"it calls with two arguments, as for WSGI; {callee} is called as ASGI: leave the adapter out"
    return _about_caller(owner, callee)


def _about_caller(owner: object, callee: str) -> str:
    name = "its class" if owner is None else type(owner).__name__
    return (
        f"it calls with (scope) as ASGI2, and {callee} takes (scope, receive, send);"
        f" wrap the caller: middleware_to_asgi3({name})"
    )


def _about_callee(called: object, callee: str) -> str:
    kind = type(called)
    name = callee.split(".")[0]
    if called is not None and not isinstance(called, type):
        name = getattr(called, "__name__", kind.__name__)
        wraps = any(one in getattr(called, "__dict__", {}) for one in _WRAPPED)
        if wraps:
            return (
                f"{name} is an ASGI2 middleware, app(scope)(receive, send); write middleware_to_asgi3({name})"
            )
    if called is not None and classify(called).style is Style.FACTORY:
        return f"{callee} makes an application; write {callee}() there"
    if called is not None and classify(called).style is Style.DOUBLE:
        return f"{name} is an ASGI2 application, app(scope)(receive, send); write to_asgi3({name}) there"
    return (
        f"the number of arguments does not fit; an ASGI2 application is wrapped with to_asgi3({name}),"
        f" an ASGI2 middleware with middleware_to_asgi3({name})"
    )
