"""Functions, methods and instances: what the arguments of one call, and then their names, say.

The number of positional arguments chooses the table. Inside a table the first row that applies decides:
names of parameters and the functions written inside the body are read only where counting leaves more
than one reading. To teach the detector a new shape, add a row and a specimen.
"""

from __future__ import annotations

from functools import partial
from types import FunctionType, MethodType

from .._text import safe_repr
from .attributes import MISSING, class_name, is_class
from .bytecode import (
    NAMED,
    contains_application,
    contains_decorator,
    contains_wsgi_texts,
    referenced_callables,
    returns_nothing,
    second_half,
)
from .callables import signature_of, signature_of_instances
from .decision import always, decide
from .verdict import REMEDIES, Style, answer
from .vocabulary import (
    APP,
    CONFIG,
    ENVIRON,
    RECEIVE,
    REQUEST,
    ROLES,
    SCOPE,
    SELF,
    SEND,
    START_RESPONSE,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Optional

    from .decision import Rows
    from .signature import CallSignature
    from .verdict import Answer

    Outcome = Callable[["Call"], Answer]

INNER_HALF = "it is the second half of a double-callable application: pass the function that returns it"
VIEW = "it is a view: pass the application that routes to it"
MIDDLEWARE = "it is a middleware or a decorator: call it with the application and pass what it returns"


class Call:
    """The evidence: one call signature, what its parameters are, and what is in the function's body."""

    __slots__ = ("_half", "first", "maximum", "minimum", "signature", "third", "what")

    def __init__(self, signature: CallSignature, what: str) -> None:
        names = signature.names
        self.signature = signature
        #: How a reason describes it, for example "function that takes (scope)".
        self.what = what
        #: How many positional arguments fit: from ``minimum`` to ``maximum``. None fits where a keyword
        #: argument is required.
        self.minimum = signature.required
        self.maximum = -1 if signature.required_keywords else len(names)
        if signature.varargs and not signature.required_keywords:
            self.maximum = 1 << 30
        #: The roles of the first and the third parameter, "" for none.
        self.first = ROLES[names[0]] if names else ""
        self.third = ROLES[names[2]] if len(names) > 2 else ""
        self._half: Optional[str] = None

    @property
    def half(self) -> str:
        """NAMED, COUNTED or "": the second half of a double-callable in the body. It is read once."""
        if self._half is None:
            self._half = second_half(self.signature.function)
        return self._half

    @property
    def second(self) -> str:
        """The role of the second parameter, "" for none."""
        return self.signature.role(1)

    def takes(self, count: int) -> bool:
        """Return whether a call with that many positional arguments fits."""
        return self.minimum <= count <= self.maximum

    def without_half(self) -> Call:
        """Return the same evidence as if the body contained nothing."""
        call = Call(self.signature, self.what)
        call._half = ""
        return call


# -- verdicts --------------------------------------------------------------------------------------


def is_(style: Style, adding: str = "") -> Outcome:
    """Return the verdict of a style, with the call and ``adding`` as the reason."""
    remedy = REMEDIES[style]
    return lambda call: (style, call.what + adding, remedy)


def not_an_app(remedy: str, adding: str = "") -> Outcome:
    """Return the verdict NOT_AN_APP with a remedy of its own."""
    return lambda call: (Style.NOT_AN_APP, call.what + adding, remedy)


def by(rows: Rows[Call, Answer]) -> Outcome:
    """Return the verdict of another table."""
    return lambda call: decide(rows, call)


def _options(call: Call) -> str:
    missing = ", ".join([f"{name}=..." for name in call.signature.required_keywords])
    return f"bind the missing options: functools.partial(app, {missing})"


#: It takes more, or other, arguments than a server passes.
INCOMPLETE: Rows[Call, Answer] = (
    (
        lambda call: call.signature.required_keywords,
        lambda call: answer(Style.NOT_AN_APP, call.what, _options(call)),
    ),
    (
        lambda call: call.first == SELF,
        not_an_app("it is a method taken from the class: take it from an instance"),
    ),
    (
        lambda call: call.first == APP,
        not_an_app("it is a middleware: bind the application it wraps with functools.partial"),
    ),
    (always, not_an_app("bind what is not scope, receive and send with functools.partial")),
)


def _annotated_return(call: Call) -> Any:
    try:
        return call.signature.function.__annotations__.get("return", MISSING)
    except Exception:
        return MISSING


def _returns_its_own_type(call: Call) -> bool:
    owner = call.signature.owner
    if owner is MISSING or is_class(owner):
        return False
    made = _annotated_return(call)
    return made is type(owner) or (isinstance(made, str) and made.strip("'\"") == class_name(type(owner)))


def _returns_a_value(call: Call) -> bool:
    made = _annotated_return(call)
    return made is None or made in ("None", "int", "str", "bool", int, str, bool)


#: It takes no argument: it makes something, unless its code or its annotation says that it does not.
FACTORY: Rows[Call, Answer] = (
    (
        lambda call: returns_nothing(call.signature.function),
        not_an_app("pass the application, or return it", " and returns nothing"),
    ),
    (
        _returns_a_value,
        lambda call: answer(
            Style.NOT_AN_APP, f"{call.what} and returns {safe_repr(_annotated_return(call))}"
        ),
    ),
    (
        _returns_its_own_type,
        lambda call: answer(
            Style.NOT_AN_APP, f"{call.what} and returns another {class_name(type(call.signature.owner))}"
        ),
    ),
    (
        lambda call: call.signature.kind == "async",
        lambda call: (Style.FACTORY, call.what, "await it and pass what it returns"),
    ),
    (always, is_(Style.FACTORY)),
)

# -- coroutine functions ---------------------------------------------------------------------------

ASYNC: Dict[Optional[int], Rows[Call, Answer]] = {
    3: (
        (lambda call: call.first == SCOPE, is_(Style.SINGLE)),
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
    0: ((always, by(FACTORY)),),
    2: ((always, not_an_app(INNER_HALF)),),
    None: ((always, by(INCOMPLETE)),),
}

# -- functions that are not coroutine functions ------------------------------------------------------

_UNCLEAR = ", and neither its name nor its body says what for"


def _forgot_return(call: Call) -> bool:
    return not call.half and returns_nothing(call.signature.function)


#: It takes one argument.
PLAIN_ONE: Rows[Call, Answer] = (
    (lambda call: call.first == SCOPE and not returns_nothing(call.signature.function), is_(Style.DOUBLE)),
    (lambda call: call.half == NAMED, is_(Style.DOUBLE)),
    (_forgot_return, not_an_app("has its return statement been forgotten?", " and returns nothing")),
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
        (lambda call: call.first == SELF and call.minimum == 3, by(INCOMPLETE)),
        (lambda call: call.first == REQUEST and call.third != SEND, not_an_app(VIEW)),
        (lambda call: call.third == START_RESPONSE, by(INCOMPLETE)),
        (
            lambda call: returns_nothing(call.signature.function),
            not_an_app("has its async been forgotten?", " and returns nothing"),
        ),
        (always, is_(Style.SINGLE)),
    ),
    1: PLAIN_ONE,
    0: ((always, by(FACTORY)),),
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
    None: ((always, by(INCOMPLETE)),),
}

# -- generators, and plain functions of (environ, start_response) ------------------------------------

GENERATOR: Rows[Call, Answer] = (
    (
        lambda call: call.signature.kind == "async generator",
        not_an_app("it yields instead of answering; hand it to the framework as its lifespan"),
    ),
    (lambda call: call.takes(2) and call.first not in (SELF, RECEIVE), is_(Style.WSGI)),
    (always, not_an_app("a generator function answers no ASGI call")),
)


def decide_call(signature: CallSignature, what: str) -> Answer:
    """Return the answer for a function that is a coroutine function or a plain one.

    ``what`` describes it: the reason starts with it.
    """
    call = Call(signature, what)
    least, most = call.minimum, call.maximum
    if signature.kind != "async" and least <= 1 and most >= 3:
        return decide(PLAIN_ONE_AND_THREE, call)
    for count in (3, 1, 0, 2):
        if least <= count <= most:
            break
    else:
        return decide(INCOMPLETE, call)
    return decide((ASYNC if signature.kind == "async" else PLAIN)[count], call)


def refers_to_instance(signature: CallSignature) -> bool:
    """Return whether a function of one oddly named argument names what makes an instance.

    That is a class whose instances take (receive, send), another function of the scope, or, beside a
    partial, a function that takes receive and send after it.
    """
    function = signature.function
    if type(function) is not FunctionType:
        return False
    names = function.__code__.co_names
    with_partial = "partial" in names or "functools" in names
    named = referenced_callables(function, signature.owner)
    return any(_makes_instance(each, with_partial) for each in named)


def _makes_instance(value: object, with_partial: bool) -> bool:
    if is_class(value):
        call = signature_of_instances(value)
        return call is not None and call.takes(2) and call.role(0) == RECEIVE and call.role(1) == SEND
    signature = signature_of(value)
    if signature is None:
        return False
    roles = [ROLES[name] for name in signature.names]
    return (signature.takes(1) and roles[:1] == [SCOPE]) or (with_partial and roles[-2:] == [RECEIVE, SEND])


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
        return decide(GENERATOR, Call(signature, what))
    if kind != "async" and len(signature.names) > 1 and signature.role(1) == START_RESPONSE:
        if signature.takes(2) and signature.role(0) != SELF:
            return answer(Style.WSGI, what)
    return decide_call(signature, what)
