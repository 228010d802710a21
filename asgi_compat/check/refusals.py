"""Tell a deliberate refusal of a type of scope from a mistake."""

from __future__ import annotations

import asyncio
import re

from asgi_compat import AdapterError, classify

from .arity import is_arity
from .source import last_frame, statement_of

#: Nobody raises these to refuse a connection.
_MISTAKES = (
    *(NameError, AttributeError, ImportError, SyntaxError, RecursionError, MemoryError),
    # A database that cannot be reached, a file that is not there.
    *(OSError, asyncio.TimeoutError, EOFError, ArithmeticError),
)
#: What people raise to refuse, where the source cannot be read.
_REFUSALS = (AssertionError, ValueError, NotImplementedError)
#: What a refusal is about, in its text, its statement or the conditions around it.
_ABOUT = re.compile(r"scope|\btypes?\b|protocol|lifespan|websocket|http|support|\brout|\bpath", re.IGNORECASE)
#: What a middleware or an outer application should have put into the scope: FastAPI, Starlette.
_LACKS = re.compile(r"not found in request scope|must be installed to access")


def is_refusal(error: object, protocol: str) -> bool:
    """Return whether an application raised on purpose for a scope whose type it does not support.

    A mistake is an exception that no ``raise`` or ``assert`` made, or one that is not about the scope.

    >>> is_refusal(NotImplementedError("websocket"), "websocket"), is_refusal(KeyError("path"), "lifespan")
    (True, False)
    """
    if not isinstance(error, Exception) or isinstance(error, _MISTAKES) or is_arity(error):
        return False
    if isinstance(error, AdapterError):
        # It returns an instance for another type of scope.
        return error.got is None and "returns nothing" not in classify(error.application).reason
    if isinstance(error, LookupError):
        # A table of handlers by the type of the scope.
        return error.args[:1] == (protocol,)
    text = str(error)
    if _LACKS.search(text):
        return False
    return _is_about_scope(error, text)


def _is_about_scope(error: Exception, text: str) -> bool:
    statement = statement_of(last_frame(error))
    if statement is None:
        kind = type(error)
        usual = isinstance(error, _REFUSALS) or kind.__module__ != "builtins"
        return usual and (not text or _ABOUT.search(text) is not None)
    if not statement.is_deliberate:
        return False
    about = " ".join((text, statement.text, statement.conditions))
    return isinstance(error, NotImplementedError) or _ABOUT.search(about) is not None
