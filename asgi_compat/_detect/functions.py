"""Functions, methods and instances: what the arguments of one call, and then their names, say.

The number of positional arguments chooses the table. Inside a table the first row that applies decides:
names of parameters and the functions written inside the body are read only where counting leaves more
than one reading. To teach the detector a new shape, add a row and a specimen.
"""

from __future__ import annotations

from functools import partial
from types import FunctionType, MethodType

from .attributes import class_name
from .bytecode import (
    NAMED,
    contains_application,
    contains_decorator,
    contains_wsgi_texts,
    returns_nothing,
)
from .calls import FACTORY, INCOMPLETE, Call, by, is_, not_an_app
from .decision import always, decide
from .doubles import refers_to_instance
from .older import decide_older
from .verdict import Style, answer
from .vocabulary import (
    APP,
    CONFIG,
    ENVIRON,
    RECEIVE,
    REQUEST,
    ROLES,
    ROUTE,
    SCOPE,
    SELF,
    SEND,
    START_RESPONSE,
    TYPE,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, Optional

    from .decision import Rows
    from .signature import CallSignature
    from .verdict import Answer

INNER_HALF = "it is the second half of a double-callable application: pass the function that returns it"
VIEW = "it is a view: pass the application that routes to it"
MIDDLEWARE = "it is a middleware or a decorator: call it with the application and pass what it returns"

OTHER_ORDER = (
    "it takes scope, receive and send in another order: pass a function of (scope, receive, send) that"
    " calls it"
)
REGISTERS = "it takes a handler or an application: call it with one, and pass the application that serves"


def _is_reordered(call: Call) -> bool:
    return call.third in (SCOPE, RECEIVE) and call.signature.reordered


def _takes_a_handler(call: Call) -> bool:
    return call.first in (ROUTE, APP) or call.second == APP or call.third == APP


# -- coroutine functions ---------------------------------------------------------------------------

ASYNC: Dict[Optional[int], Rows[Call, Answer]] = {
    3: (
        # The ordinary application: none of the rows below would decide otherwise.
        (lambda call: call.first == SCOPE and call.third != RECEIVE, is_(Style.SINGLE)),
        (_is_reordered, not_an_app(OTHER_ORDER)),
        (lambda call: call.first == SELF and call.minimum == 3, by(INCOMPLETE)),
        (lambda call: call.first == REQUEST and call.third != SEND, not_an_app(VIEW)),
        # Three options with names: a factory with its configuration.
        (
            lambda call: (
                call.takes(0) and not call.signature.varargs and call.first != "" and call.third != SEND
            ),
            by(FACTORY),
        ),
        (always, is_(Style.SINGLE)),
    ),
    1: (
        (
            lambda call: call.first == SCOPE or call.half == NAMED,
            is_(Style.DOUBLE, " and is awaited for the instance"),
        ),
        (lambda call: call.takes(0), by(FACTORY)),
        (always, not_an_app(VIEW)),
    ),
    0: FACTORY,
    2: ((lambda call: call.first == REQUEST, not_an_app(VIEW)), (always, not_an_app(INNER_HALF))),
    None: INCOMPLETE,
}

# -- functions that are not coroutine functions ------------------------------------------------------

_UNCLEAR = ", and neither its name nor its body decides"


def _forgot_return(call: Call) -> bool:
    # The first row has read the code of a function of the scope, and it returns nothing.
    return not call.half and (call.first == SCOPE or returns_nothing(call.signature.function))


#: It takes one argument.
PLAIN_ONE: Rows[Call, Answer] = (
    # The ordinary application: none of the rows below would decide otherwise.
    (lambda call: call.first == SCOPE and not returns_nothing(call.signature.function), is_(Style.DOUBLE)),
    (
        lambda call: call.half == NAMED and returns_nothing(call.signature.function),
        is_(Style.DOUBLE, ", contains the instance and returns nothing: did you forget `return`?"),
    ),
    (lambda call: call.half == NAMED, is_(Style.DOUBLE)),
    (_forgot_return, not_an_app("did you forget `return`?", " and returns nothing")),
    (lambda call: call.first == SCOPE, is_(Style.DOUBLE)),
    (lambda call: call.takes(0), by(FACTORY)),
    (lambda call: call.first == APP, not_an_app(MIDDLEWARE)),
    (
        lambda call: call.first in (CONFIG, ENVIRON),
        not_an_app("it is a factory: call it with its configuration and pass what it returns"),
    ),
    (lambda call: call.first == REQUEST, not_an_app(VIEW)),
    (lambda call: call.first == SELF, by(INCOMPLETE)),
    (
        lambda call: not call.half and contains_decorator(call.signature.function),
        not_an_app(
            "it is a middleware with options: call it, and what it returns with the application",
            " and contains a function that takes an application",
        ),
    ),
    (
        lambda call: not call.half and contains_application(call.signature.function),
        not_an_app(
            "it is a middleware or a factory: call it and pass what it returns",
            " and contains a single-callable application",
        ),
    ),
    (lambda call: call.half or refers_to_instance(call.signature), is_(Style.DOUBLE)),
    (always, is_(Style.UNKNOWN, _UNCLEAR)),
)

#: It takes one argument and it takes three: both calls are accepted.
PLAIN_ONE_AND_THREE: Rows[Call, Answer] = (
    (lambda call: call.second == RECEIVE and call.third == SEND, is_(Style.EITHER)),
    (
        lambda call: call.signature.varargs and call.first in (REQUEST, APP, SELF),
        lambda call: decide(PLAIN_ONE, call.without_half()),
    ),
    (
        lambda call: call.signature.varargs and call.first == SCOPE and call.half,
        is_(Style.DOUBLE, " and contains the instance"),
    ),
    (lambda call: call.signature.varargs, is_(Style.UNKNOWN, ", so both calls would be accepted")),
    (lambda call: call.half == NAMED, is_(Style.DOUBLE, " and contains the instance")),
    (lambda call: call.takes(0) and call.first != SCOPE, by(FACTORY)),
    (lambda call: call.first in (APP, REQUEST, SELF, ENVIRON), by(PLAIN_ONE)),
    (
        lambda call: call.first == SCOPE or call.half or refers_to_instance(call.signature),
        is_(Style.DOUBLE, ", of which two are options"),
    ),
    (always, is_(Style.UNKNOWN, _UNCLEAR)),
)

PLAIN: Dict[Optional[int], Rows[Call, Answer]] = {
    3: (
        # The ordinary application: none of the rows below would decide otherwise.
        (
            lambda call: (
                call.first == SCOPE and call.third == SEND and not returns_nothing(call.signature.function)
            ),
            is_(Style.SINGLE),
        ),
        (_is_reordered, not_an_app(OTHER_ORDER)),
        (lambda call: call.first == SELF and call.minimum == 3, by(INCOMPLETE)),
        (lambda call: call.first == REQUEST and call.third != SEND, not_an_app(VIEW)),
        (lambda call: call.third == START_RESPONSE, by(INCOMPLETE)),
        # django.urls.path(route, view, kwargs=None, name=None), aiohttp's web.route(method, path, handler).
        (lambda call: call.third != SEND and _takes_a_handler(call), not_an_app(REGISTERS)),
        # Two arguments and an option: no server makes that call, and no name says that this is one.
        (
            lambda call: call.minimum == 2 and call.first != SCOPE and call.third != SEND,
            not_an_app(
                "an application takes (scope, receive, send) or (scope)", ", of which two are required"
            ),
        ),
        (
            lambda call: returns_nothing(call.signature.function),
            not_an_app("did you forget `async`?", " and returns nothing"),
        ),
        (always, is_(Style.SINGLE)),
    ),
    1: PLAIN_ONE,
    0: FACTORY,
    2: (
        (lambda call: call.first == RECEIVE or call.second == SEND, not_an_app(INNER_HALF)),
        (lambda call: call.first in (SELF, SCOPE, APP), by(INCOMPLETE)),
        (lambda call: call.first == REQUEST, not_an_app(VIEW)),
        (
            lambda call: call.first == ENVIRON or contains_wsgi_texts(call.signature.function),
            is_(Style.WSGI),
        ),
        (always, not_an_app("an application takes (scope, receive, send) or (scope)")),
    ),
    None: INCOMPLETE,
}

# -- generators, and plain functions of (environ, start_response) ------------------------------------

GENERATORS: Rows[Call, Answer] = (
    (
        lambda call: call.signature.kind == "async generator",
        not_an_app("it yields instead of answering; hand it to the framework as its lifespan"),
    ),
    (lambda call: call.takes(2) and call.first not in (SELF, RECEIVE), is_(Style.WSGI)),
    (always, not_an_app("a generator function cannot answer an ASGI call")),
)


def decide_call(signature: CallSignature, what: str) -> Answer:
    """Return the answer for a function that is a coroutine function or a plain one.

    ``what`` describes it: the reason starts with it.
    """
    call = Call(signature, what)
    if call.first in (REQUEST, TYPE):
        found = decide_older(signature, what)
        if found is not None:
            return found
    least, most = call.minimum, call.maximum
    if signature.kind != "async" and least <= 1 and most >= 3:
        return decide(PLAIN_ONE_AND_THREE, call)
    for count in (3, 1, 0, 2):
        if least <= count <= most:
            break
    else:
        return decide(INCOMPLETE, call)
    return decide((ASYNC if signature.kind == "async" else PLAIN)[count], call)


# -- the whole ---------------------------------------------------------------------------------------

_KINDS = {
    "": "function",
    "async": "coroutine function",
    "generator": "generator function",
    "async generator": "async generator function",
}
_PLAIN_TYPES = (FunctionType, MethodType, partial, type)


def description(value: object, signature: CallSignature) -> str:
    """Return how a reason describes a callable: its kind and the arguments it takes."""
    what = f"{_KINDS[signature.kind]} that takes {signature}"
    if issubclass(type(value), _PLAIN_TYPES):
        return what
    return f"instance of {class_name(type(value))} whose __call__ is a {what}"


def decide_function(value: object, signature: CallSignature) -> Answer:
    """Return the answer for anything but a class: by the number of arguments, then by names and body."""
    kind = signature.kind
    if type(value) is FunctionType and not signature.varargs and not signature.required_keywords:
        what = f"{_KINDS[kind]} that takes ({', '.join(signature.names)})"
    else:
        what = description(value, signature)
    if kind in ("generator", "async generator"):
        return decide(GENERATORS, Call(signature, what))
    if kind != "async" and len(signature.names) > 1 and ROLES[signature.names[1]] == START_RESPONSE:
        if signature.takes(2) and signature.role(0) != SELF:
            return answer(Style.WSGI, what)
    return decide_call(signature, what)
