"""What is this callable?

Laws

1. An application is never called to find out what it is. What one call of it takes is `_shape`'s to
   see; what that makes of it is judged here.
2. What can be counted comes before what can be guessed: the numbers of positional arguments decide,
   and only where they leave two readings do the *names* of the parameters and the functions written
   inside the body speak.
3. UNKNOWN is an answer. Nothing here ends in "then it must be double".

Order of evidence, as in the design: an explicit mark that this object itself carries; what the object
is once wrappers are looked through; how many arguments it takes; whether it is a coroutine function.
"""

from __future__ import annotations

import enum
from _weakref import ReferenceType
from functools import partial
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType, ModuleType

from ._errors import DetectionError
from ._shape import (
    APP,
    ASYNC_GENERATOR,
    CONFIG,
    ENVIRON,
    GENERATOR,
    MISSING,
    RECEIVE,
    REQUEST,
    SCOPE,
    SELF,
    SEND,
    START_RESPONSE,
    UNWRAPPERS,
    Member,
    MethodDescriptor,
    Shape,
    SlotWrapper,
    held_by,
    held_by_mock,
    instance_call,
    is_class,
    is_one,
    is_pythons_module,
    is_pythons_own,
    kind_of_code,
    known_wrapper,
    look_through,
    named_by,
    on_type,
    own_dict,
    part_of,
    raw_call,
    shape_of,
    shape_of_function,
    static,
    type_dict,
    type_has,
    type_module,
    type_mro,
    type_name,
    unwrapped_method,
)
from ._text import safe_repr

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Iterator, Optional, Tuple, Type, TypeVar

    from typing_extensions import TypeIs

    from ._types import ASGI2App, ASGI3App

    T = TypeVar("T")
    Answer = Tuple["Style", str, str]


class Style(enum.Enum):
    """The ways an object can be an application, or fail to be one.

    >>> Style.DOUBLE.is_application, Style.WSGI.is_application
    (True, False)
    """

    #: ``await app(scope, receive, send)``: ASGI 3.
    SINGLE = "single"
    #: ``await app(scope)(receive, send)``: ASGI 2.
    DOUBLE = "double"
    #: Both calls work.
    EITHER = "either"
    #: Call it (or instantiate it) to get the application.
    FACTORY = "factory"
    #: ``app(environ, start_response)``: PEP 3333.
    WSGI = "wsgi"
    #: None of these.
    NOT_AN_APP = "not an app"
    #: Nothing that can be seen without calling it decides.
    UNKNOWN = "unknown"

    @property
    def is_application(self) -> bool:
        """Whether one of the two ASGI calls is known to work: SINGLE, DOUBLE and EITHER."""
        return self in _APPLICATIONS


_APPLICATIONS = (Style.SINGLE, Style.DOUBLE, Style.EITHER)


class Verdict:
    """What `classify` found: immutable, compared by its fields, made for reading.

    >>> async def application(scope, receive, send): ...
    >>> verdict = classify(application)
    >>> verdict.style is Style.SINGLE, verdict.reason
    (True, 'coroutine function that takes (scope, receive, send)')
    """

    __slots__ = ("style", "reason", "remedy", "app")

    #: One of `Style`.
    style: Style
    #: What was seen, in words. The text is not part of the promise of this library; the style is.
    reason: str
    #: What to do about it, in words.
    remedy: str
    #: The object that was looked at.
    app: Any

    def __init__(self, style: Style, reason: str, remedy: str, app: Any) -> None:
        for name, value in zip(Verdict.__slots__, (style, reason, remedy, app)):
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"a Verdict cannot be changed (tried to set {name!r})")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a Verdict cannot be changed (tried to delete {name!r})")

    def __eq__(self, other: object) -> bool:
        if type(other) is not Verdict:
            return NotImplemented
        mine, theirs = self.__reduce__()[1], other.__reduce__()[1]
        return mine[:3] == theirs[:3] and (self.app is other.app or bool(self.app == other.app))

    def __hash__(self) -> int:
        return hash((self.style, self.reason, self.remedy))

    def __repr__(self) -> str:
        remedy = f" -> {self.remedy}" if self.remedy else ""
        return f"<Verdict {self.style.name}: {self.reason}{remedy}>"

    def __reduce__(self) -> Tuple[Any, ...]:
        return Verdict, (self.style, self.reason, self.remedy, self.app)


# ---------------------------------------------------------------------------------------------
# The tables. Names speak only where counting leaves more than one reading.

#: What an object that is not callable probably was meant to be: the kind, and the remedy.
_NOT_CALLABLE = (
    (type(None), "None", "a function that should return the application probably has no return statement"),
    (str, "a string", "pass the object and not its import string, or run: python -m asgi_compat serve {0}"),
    (bytes, "a bytes object", "pass the application object"),
    ((bool, int, float, complex), "a number", "pass the application object"),
    (dict, "a dict", "pass the application that was built from it, for example ProtocolTypeRouter({{...}})"),
    ((list, set, frozenset), "a collection", "pass one application"),
    ((classmethod,), "a classmethod object", "take it from its class, as in Class.method"),
    (
        (staticmethod,),
        "a staticmethod object, which this Python cannot call",
        "take it from its class, as in Class.method",
    ),
    (property, "a property", "take it from an instance"),
)

#: Attributes under which modules, servers and configurations usually keep their application.
_USUAL_NAMES = ("app", "application", "asgi_app", "asgi", "loaded_app", "api")

_REMEDIES = {
    Style.SINGLE: "serve it as it is; guarantee_double_callable(app) makes it fit for an ASGI2 server",
    Style.DOUBLE: "guarantee_single_callable(app) makes it fit for an ASGI3 server",
    Style.EITHER: "serve it as it is",
    Style.FACTORY: "call it and pass what it returns",
    Style.WSGI: "wrap it with a2wsgi.WSGIMiddleware(app) or asgiref.wsgi.WsgiToAsgi(app)",
    Style.NOT_AN_APP: "pass an ASGI application",
    Style.UNKNOWN: (
        "mark it with asgi_compat.mark_single(app) or mark_double(app), or teach the detector"
        " with asgi_compat.register_unwrapper(type, function)"
    ),
}


def _answer(style: Style, reason: str, remedy: str = "") -> Answer:
    return style, reason, remedy or _REMEDIES[style]


# ---------------------------------------------------------------------------------------------
# Marks.

_SINGLE_MARK, _DOUBLE_MARK = "_asgi_single_callable", "_asgi_double_callable"


def _marks(value: Any) -> Tuple[bool, bool]:
    """The explicit marks this object itself, or its class for it, carries: (single, double)."""
    own: Any
    if type(value) is FunctionType:
        own = value.__dict__
        if _SINGLE_MARK not in own and _DOUBLE_MARK not in own:
            return False, False
    elif is_class(value):
        own = type_dict(value)
    elif type(value) is MethodType:
        own = own_dict(value.__func__)
    else:
        own = own_dict(value)
    wrapped = own.get("__wrapped__")
    copied = own_dict(wrapped) if wrapped is not None and not is_class(wrapped) else {}
    marks = []
    for mark in (_SINGLE_MARK, _DOUBLE_MARK):
        found = own.get(mark, MISSING)
        if found is not MISSING and found is copied.get(mark):
            # functools.wraps copies the whole __dict__: the mark speaks of the wrapped function.
            found = False
        if found is MISSING and not is_class(value) and type(value) is not MethodType:
            found = on_type(type(value), mark)
            if type(found) is Member:
                found = static(value, mark)
            if found is MISSING:
                found = own_dict(on_type(type(value), "__call__")).get(mark, MISSING)
        # asgiref asks for the truth of the attribute; a descriptor, a mock or a method is none.
        marks.append(is_one(type(found), bool, int, str) and bool(found))
    if marks == [False, False] and issubclass(type(value), partial) and not is_class(value.func):
        return _marks(value.func)
    return marks[0], marks[1]


# ---------------------------------------------------------------------------------------------
# Judgement.


def _judge(value: Any, depth: int = 0) -> Answer:
    if depth > 16:
        return _answer(Style.UNKNOWN, "a chain of wrappers too long to look through")
    if not callable(value) or _refuses_calls(value):
        return _judge_not_callable(value)
    single, double = _marks(value)
    if not is_class(value):
        shape = shape_of(value)
        if single or double:
            fits_single = single and (shape is None or shape.takes(3))
            fits_double = double and (shape is None or shape.takes(1))
            if fits_single and fits_double:
                return _answer(Style.EITHER, "marked as both single and double callable")
            if fits_single:
                return _answer(Style.SINGLE, "marked as single callable")
            if fits_double:
                return _answer(Style.DOUBLE, "marked as double callable")
        plain = type(value) is FunctionType and shape is not None and not shape.varargs and not value.__dict__
        answer = None if plain else _judge_wrapper(value, shape, depth)
        return answer or _judge_call(value, shape, depth)
    answer = _judge_class(value, depth)
    shape = shape_of(value) if single or double else None
    if (single or double) and answer[0] in (Style.SINGLE, Style.DOUBLE, Style.EITHER, Style.UNKNOWN):
        # On a class the mark may speak of the class or of its instances. It is heard where the class
        # could be called that way; `class Sanic: _asgi_single_callable = True` stays a factory.
        if single and not double and (shape is None or shape.takes(3)):
            return _answer(Style.SINGLE, "class marked as single callable")
        if double and not single and (shape is None or shape.takes(1)):
            return _answer(Style.DOUBLE, "class marked as double callable")
    if double and not single and (shape is None or shape.takes(1)) and _takes_second_half(value):
        return _answer(Style.DOUBLE, "class marked as double callable")
    return answer


def _refuses_calls(value: Any) -> bool:
    """A type that has ``__call__`` for form only: set to None, or a slot that was never filled."""
    if type(value) is FunctionType:
        return False
    raw = on_type(type(value), "__call__")
    return raw is None or (type(raw) is Member and static(value, "__call__") is MISSING)


def _judge_not_callable(value: Any) -> Answer:
    kind = type(value)
    if issubclass(kind, ModuleType):
        own = own_dict(value)
        for name in _USUAL_NAMES:
            if callable(own.get(name)):
                return _answer(
                    Style.NOT_AN_APP,
                    "it is a module",
                    f"you passed the module; pass {own.get('__name__', 'module')}.{name}",
                )
        return _answer(Style.NOT_AN_APP, "it is a module", "pass the application that the module defines")
    if issubclass(kind, tuple):
        if tuple.__len__(value) == 1 and callable(tuple.__getitem__(value, 0)):
            return _answer(
                Style.NOT_AN_APP, "it is a tuple of one callable", "remove the comma behind the application"
            )
        return _answer(Style.NOT_AN_APP, "it is a tuple", "pass one application")
    for kinds, what, remedy in _NOT_CALLABLE:
        if issubclass(kind, kinds):
            return _answer(
                Style.NOT_AN_APP,
                f"{what} is not callable",
                remedy.format(str.__str__(value) if issubclass(kind, str) else ""),
            )
    if type_name(kind) in ("coroutine", "async_generator", "generator", "Task", "Future"):
        return _answer(
            Style.NOT_AN_APP,
            f"a {type_name(kind)} object is not callable",
            "it is what an async function returned: await the factory, or pass the function uncalled",
        )
    wrapped = static(value, "__wrapped__")
    if wrapped is not MISSING and callable(wrapped):
        return _answer(
            Style.NOT_AN_APP,
            f"a {type_name(kind)} object whose type has no __call__, around a callable",
            "use a proxy that can be called, for example wrapt.CallableObjectProxy, or pass what it wraps",
        )
    for name in _USUAL_NAMES:
        if callable(static(value, name)):
            return _answer(
                Style.NOT_AN_APP,
                f"a {type_name(kind)} object is not callable",
                f"pass its attribute .{name}",
            )
    if "__call__" in own_dict(value):
        return _answer(
            Style.NOT_AN_APP,
            f"{type_name(kind)} has __call__ only on the instance, where Python does not look for it",
            "define __call__ in the class",
        )
    return _answer(Style.NOT_AN_APP, f"a {type_name(kind)} object is not callable")


def _judge_wrapper(value: Any, shape: Optional[Shape], depth: int) -> Optional[Answer]:
    """The answer that a wrapper gets from what it wraps, or None when the object decides itself."""
    mocked = held_by_mock(value)
    if mocked is None:
        return _answer(Style.UNKNOWN, "a mock without side_effect accepts every call")
    if mocked is not MISSING:
        style, reason, remedy = _judge(mocked, depth + 1)
        return style, f"a mock that calls: {reason}", remedy
    kind = type(value)
    if type_module(kind) == "asgiref.sync":
        return _judge_asgiref(value, depth)
    if type_module(kind) == "typing" or "__supertype__" in own_dict(value):
        origin = static(value, "__origin__")
        if not is_class(origin) or type_module(origin) in ("typing", "collections.abc"):
            return _answer(Style.NOT_AN_APP, "it is a type of typing's, for annotations")
    if kind is ReferenceType:
        referent = value()
        if referent is not None and _judge(referent, depth + 1)[0].is_application:
            return _answer(Style.FACTORY, "a weak reference to an application")
        return _answer(Style.NOT_AN_APP, "a weak reference to no application")
    ambiguous = shape is None or (shape.varargs and shape.takes(1) and shape.takes(3))
    if _says_its_own_call(kind):
        return None
    known = _is_known_wrapper(kind, shape)
    if not (ambiguous or known):
        return None
    if shape is not None and not known and shape.part(0) in (REQUEST, APP, SELF):
        return None
    if issubclass(kind, partial) and shape is not None and not known and value.args:
        return None
    try:
        inner = look_through(value, shape)
    except Exception as error:
        return _answer(
            Style.UNKNOWN, f"a {type_name(kind)} proxy that points at nothing now ({type(error).__name__})"
        )
    if inner is MISSING or inner is value:
        # Each is judged once: a chain of wrappers costs its length.
        answers = [_judge(each, depth + 1) for each in held_by(value, shape)]
        answers = [each for each in answers if each[0].is_application or each[0] is Style.WSGI]
        if len({style for style, _, _ in answers}) != 1:
            return None
        style, reason, remedy = answers[0]
        return style, f"{_describe(value)} around: {reason}", remedy
    style, reason, remedy = _judge(inner, depth + 1)
    if style is Style.UNKNOWN and shape is not None and shape.kind == "async":
        return None
    if style is Style.NOT_AN_APP and not known and shape is not None:
        wrapped = shape_of(inner)
        if wrapped is not None and wrapped.required > 3:
            return None  # the wrapper gives it an argument of its own before it hands on the others
    if type_name(kind) == "_lru_cache_wrapper" and style.is_application:
        return _answer(
            Style.NOT_AN_APP,
            f"functools.lru_cache around: {reason}",
            "take lru_cache off: it hashes its arguments, and a scope is a dict",
        )
    return style, f"{_describe(value)} around: {reason}", remedy


def _is_known_wrapper(kind: type, shape: Optional[Shape]) -> bool:
    """A registered or known wrapper whose call no subclass has replaced by one of its own."""
    for base in type_mro(kind):
        if id(base) in UNWRAPPERS:
            return True
        if known_wrapper(base):
            return shape is None or shape.varargs or "__call__" in type_dict(base)
    return False


def _says_its_own_call(kind: type) -> bool:
    """wrapt's proxies that are not called with what they wrap is called with."""
    return type(on_type(kind, "__signature__")) is property or any(
        type_name(base) == "PartialCallableObjectProxy" for base in type_mro(kind)
    )


def _describe(value: Any) -> str:
    return "a wrapper" if is_one(type(value), FunctionType, MethodType) else _article(type_name(type(value)))


def _judge_asgiref(value: Any, depth: int) -> Optional[Answer]:
    """``sync_to_async(f)`` is awaited for what ``f`` returns, so only a constructor fits in there."""
    name = type_name(type(value))
    if name == "SyncToAsync":
        shape = shape_of(value.func)
        if shape is not None and not shape.kind and shape.takes(3) and not shape.takes(1):
            return _answer(Style.SINGLE, "sync_to_async around a plain function of three arguments")
        style, reason, remedy = _judge(value.func, depth + 1)
        if style in (Style.SINGLE, Style.DOUBLE, Style.FACTORY):
            return style, f"sync_to_async around: {reason}", remedy
        return _answer(
            Style.NOT_AN_APP,
            f"sync_to_async around: {reason}",
            "sync_to_async runs a plain function in a thread; pass the application itself",
        )
    if name == "AsyncToSync":
        return _answer(
            Style.NOT_AN_APP,
            "async_to_sync blocks until its coroutine is done and cannot run on the server's event loop",
            "pass the application itself, without async_to_sync",
        )
    return None


def _inner_codes(code: CodeType) -> Iterator[Tuple[CodeType, int]]:
    """Functions written directly inside this one, with the number of arguments a caller gives.

    The ``__call__`` of a class that is written inside counts too, less its ``self``.
    """
    for constant in code.co_consts:
        if type(constant) is not CodeType:
            continue
        if constant.co_argcount == 0 and "__qualname__" in constant.co_names:
            for inner in constant.co_consts:
                if type(inner) is CodeType and inner.co_name == "__call__":
                    yield inner, inner.co_argcount - 1
        else:
            yield constant, constant.co_argcount


def _makes_instance(function: Any) -> str:
    """Whether the body contains the second half of a double-callable: "named", "counted" or ""."""
    code = getattr(function, "__code__", None)
    if type(code) is not CodeType:
        return ""
    best = ""
    for inner, count in _inner_codes(code):
        if count != 2:
            continue
        names = inner.co_varnames[inner.co_argcount - 2 : inner.co_argcount]
        if part_of(names[0]) == RECEIVE and part_of(names[1]) == SEND:
            return "named"
        if part_of(names[0]) not in (ENVIRON, SELF):
            best = "counted"
    return best


def _makes_application(function: Any) -> bool:
    """Whether the body contains a function with three arguments: a middleware or a factory."""
    code = getattr(function, "__code__", None)
    return type(code) is CodeType and any(count == 3 for _, count in _inner_codes(code))


def _makes_decorator(function: Any) -> bool:
    code = getattr(function, "__code__", None)
    return type(code) is CodeType and any(
        count == 1 and inner.co_argcount and part_of(inner.co_varnames[0]) == APP
        for inner, count in _inner_codes(code)
    )


def has_plain_double_call(app: Any) -> bool:
    """Whether nothing that is seen forbids the bare ``await app(scope)(receive, send)``.

    False for the double-callables that only an adapter can run: a constructor that is a coroutine
    function, and what returns, or is a class of, instances that take (scope, receive, send).
    """
    try:
        shape = shape_of(app)
        if shape is None:
            return True
        if shape.kind == "async" or type_name(type(app)) == "SyncToAsync":
            return False
        if shape.kind == "class":
            return _takes_second_half(shape.owner)
        function = shape.function
        if _makes_instance(function):
            return True
        named = named_by(function, shape.owner)
        classes = [each for each in named if is_class(each) and on_type(each, "__call__") is not MISSING]
    except Exception:
        return True
    return not classes or any(map(_takes_second_half, classes))


def _takes_second_half(cls: Any) -> bool:
    call = _call_shape(cls)
    return call is None or call.takes(2)


def _call_shape(cls: Any) -> Optional[Shape]:
    """What calling an instance of a class takes, without making one."""
    raw = raw_call(cls)
    if raw is MISSING or raw is None:
        return None
    raw = unwrapped_method(raw)
    called = instance_call(cls, raw)
    call = shape_of(called) if called is not MISSING else None
    if call is not None and called is raw and not call.pass_through and _binds(raw):
        call = call.bind((cls,))
    return call


def has_coroutine_instances(app: Any) -> bool:
    """Whether the instances of a double-callable are seen to be coroutine functions.

    True for a class whose ``__call__`` is an ``async def`` and for a function with ``async def``
    functions of two arguments in its body, and only those; False also means "cannot be seen".
    """
    try:
        shape = shape_of(app)
        if shape is None or shape.kind == "async":
            return False
        if shape.kind == "class":
            raw = on_type(shape.owner, "__call__")
            return type(raw) is FunctionType and kind_of_code(raw.__code__.co_flags) == "async"
        halves = [inner for inner, count in _inner_codes(shape.function.__code__) if count == 2]
    except Exception:
        return False
    return bool(halves) and all(kind_of_code(inner.co_flags) == "async" for inner in halves)


def _parameters(shape: Shape) -> str:
    parts = list(shape.names)
    if shape.varargs:
        parts.append("*args")
    parts.extend(f"{name}=..." for name in shape.wanting)
    return "(" + ", ".join(parts) + ")"


_PLAIN = {"": "function", "async": "coroutine function", "class": "class"}


def _judge_call(value: Any, shape: Optional[Shape], depth: int) -> Answer:
    """Anything but a class: by the numbers of arguments, then names, then what the body contains."""
    if shape is None:
        return _judge_opaque(value)
    if shape.kind == "class":
        return _judge_class(shape.owner, depth, shape)
    what = f"{_PLAIN.get(shape.kind, shape.kind + ' function')} that takes {_parameters(shape)}"
    if not issubclass(type(value), (FunctionType, MethodType, partial, type)):
        what = f"instance of {type_name(type(value))} whose __call__ is a {what}"
    if shape.kind == "async generator":
        return _answer(
            Style.NOT_AN_APP, what, "it yields instead of answering; hand it to the framework as its lifespan"
        )
    if shape.kind == "generator":
        if shape.takes(2) and shape.part(0) not in (SELF, RECEIVE):
            return _answer(Style.WSGI, what)
        return _answer(Style.NOT_AN_APP, what, "a generator function answers no ASGI call")
    bound = _judge_bound(value, shape, depth)
    if bound is not None:
        return bound
    if shape.kind != "async" and shape.takes(2) and shape.part(1) == START_RESPONSE and shape.part(0) != SELF:
        return _answer(Style.WSGI, what)
    return _judge_async(shape, what) if shape.kind == "async" else _judge_plain(shape, what)


def _judge_opaque(value: Any) -> Answer:
    kind = type(value)
    if kind is BuiltinFunctionType and is_pythons_own(value):
        return _answer(Style.NOT_AN_APP, f"{value.__name__} is a built-in function of Python")
    if is_one(kind, SlotWrapper, MethodDescriptor) or (
        is_pythons_module(type_module(kind))
        and type_name(kind)
        in (
            "attrgetter",
            "itemgetter",
            "methodcaller",
            "method-wrapper",
        )
    ):
        return _answer(Style.NOT_AN_APP, f"{_article(type_name(kind))} of Python itself")
    if issubclass(kind, partial) and shape_of(value.func) is not None:
        return _answer(Style.NOT_AN_APP, "a partial whose arguments do not fit what it would call")
    if on_type(kind, "__call__") is not MISSING and type(on_type(kind, "__call__")) is property:
        return _answer(Style.UNKNOWN, f"{_article(type_name(kind))} whose __call__ is a property")
    return _answer(
        Style.UNKNOWN, f"{_article(type_name(kind))} that does not tell what it takes (compiled code)"
    )


def _article(name: str) -> str:
    return f"an {name}" if name[:1].lower() in "aeiou" else f"a {name}"


def _judge_bound(value: Any, shape: Shape, depth: int) -> Optional[Answer]:
    """A partial that has already eaten an argument of the protocol is no application any more."""
    if not issubclass(type(value), partial) or (not value.args and not value.keywords):
        return None
    if any(issubclass(type(each), dict) and "type" in each for each in value.args) or SCOPE in map(
        part_of, value.keywords
    ):
        return _answer(
            Style.NOT_AN_APP,
            f"a partial that has bound the scope already, leaving {_parameters(shape)}",
            "that is what an application returns for one connection: pass the application",
        )
    if shape.part(0) == ENVIRON or shape.part(1) == START_RESPONSE:
        return None
    if shape.takes(3) or (shape.takes(1) and not shape.takes(0)):
        if not (shape.kind == "async" and not shape.takes(3)):
            return None
    whole = shape_of(value.func)
    style = _judge(value.func, depth + 1)[0]
    eaten = whole is not None and SCOPE in [part_of(name) for name in whole.names[: len(value.args)]]
    if value.args and (eaten or style.is_application):
        return _answer(
            Style.NOT_AN_APP,
            f"a partial that has bound arguments of the ASGI call already, leaving {_parameters(shape)}",
            "bind options only, and leave scope, receive and send to the server",
        )
    if {RECEIVE, SEND} & set(map(part_of, value.keywords)) and style.is_application:
        return _answer(
            Style.NOT_AN_APP,
            f"a partial that has bound arguments of the ASGI call already, leaving {_parameters(shape)}",
            "bind options only, and leave scope, receive and send to the server",
        )
    return None


def _needs_more(shape: Shape, what: str) -> Answer:
    if shape.wanting:
        missing = ", ".join(f"{name}=..." for name in shape.wanting)
        remedy = f"bind the missing options: functools.partial(app, {missing})"
    elif shape.part(0) == SELF:
        remedy = "it is a method taken from the class: take it from an instance"
    elif shape.part(0) == APP:
        remedy = "it is a middleware: bind the application it wraps with functools.partial"
    else:
        remedy = "bind what is not scope, receive and send with functools.partial"
    return _answer(Style.NOT_AN_APP, what, remedy)


_INNER_HALF = "it is the second half of a double-callable application: pass the function that returns it"
_VIEW = "it is a view: pass the application that routes to it"


def _judge_async(shape: Shape, what: str) -> Answer:
    first = shape.part(0)
    if shape.takes(3):
        if first == SELF and shape.required == 3:
            return _needs_more(shape, what)
        if first == REQUEST and shape.part(2) != SEND:
            return _answer(Style.NOT_AN_APP, what, _VIEW)
        if shape.takes(0) and not shape.varargs and first not in ("", SCOPE) and shape.part(2) != SEND:
            return _judge_factory(shape, what)
        return _answer(Style.SINGLE, what)
    if shape.takes(1):
        if first == SCOPE or _makes_instance(shape.function) == "named":
            return _answer(Style.DOUBLE, what + " and is awaited for the instance")
        if shape.takes(0):
            return _judge_factory(shape, what)
        return _answer(Style.NOT_AN_APP, what, _VIEW)
    if shape.takes(0):
        return _judge_factory(shape, what)
    if shape.takes(2):
        return _answer(Style.NOT_AN_APP, what, _INNER_HALF)
    return _needs_more(shape, what)


def _judge_plain(shape: Shape, what: str) -> Answer:
    first = shape.part(0)
    instance = _makes_instance(shape.function)
    if shape.takes(1) and shape.takes(3):
        return _judge_one_and_three(shape, what, instance)
    if shape.takes(3):
        if first == SELF and shape.required == 3:
            return _needs_more(shape, what)
        if first == REQUEST and shape.part(2) != SEND:
            return _answer(Style.NOT_AN_APP, what, _VIEW)
        if shape.part(2) == START_RESPONSE:
            return _needs_more(shape, what)
        if _returns_nothing(shape.function):
            return _answer(Style.NOT_AN_APP, f"{what} and returns nothing", "has its async been forgotten?")
        return _answer(Style.SINGLE, what)
    if shape.takes(1):
        return _judge_one(shape, what, instance)
    if shape.takes(0):
        return _judge_factory(shape, what)
    if shape.takes(2):
        if first == RECEIVE or shape.part(1) == SEND:
            return _answer(Style.NOT_AN_APP, what, _INNER_HALF)
        if first in (SELF, SCOPE, APP):
            return _needs_more(shape, what)
        if first == REQUEST:
            return _answer(Style.NOT_AN_APP, what, _VIEW)
        if first == ENVIRON or _speaks_wsgi(shape.function):
            return _answer(Style.WSGI, what)
        return _answer(Style.NOT_AN_APP, what, "an application takes (scope, receive, send) or (scope)")
    return _needs_more(shape, what)


def _speaks_wsgi(function: Any) -> bool:
    """Whether a function of two odd names holds a status line or a key of the WSGI environment."""
    code = getattr(function, "__code__", None)
    texts = [each for each in getattr(code, "co_consts", ()) if type(each) is str]
    return any(text[:3].isdigit() and text[3:4] == " " for text in texts) or bool(
        {"PATH_INFO", "REQUEST_METHOD", "QUERY_STRING", "wsgi.input", "SCRIPT_NAME"} & set(texts)
    )


def _returns_nothing(function: Any) -> bool:
    """Whether every return of a function is that of None.

    Bytecode is read for the two ways to return a constant that CPython has had since 3.8; a code that
    reads otherwise counts as one that returns something.
    """
    code = getattr(function, "__code__", None)
    if type(code) is not CodeType or code.co_flags & (GENERATOR | ASYNC_GENERATOR):
        return False
    import opcode

    load, value = opcode.opmap["LOAD_CONST"], opcode.opmap["RETURN_VALUE"]
    constant, throws = opcode.opmap.get("RETURN_CONST"), opcode.opmap["RAISE_VARARGS"]
    jumps = {*opcode.hasjrel, *opcode.hasjabs}
    steps, constants, found, before = code.co_code, code.co_consts, False, (-1, 0)
    straight = not getattr(code, "co_exceptiontable", b"")
    for step in zip(steps[::2], steps[1::2]):
        straight = straight and step[0] not in jumps
        if straight and step[0] == throws:
            # What follows is never reached: the end of every function, written out up to Python 3.9.
            return found
        if step[0] == value or step[0] == constant:
            source = step if step[0] == constant else before
            if source[0] not in (load, constant) or constants[source[1]] is not None:
                return False
            found = True
        before = step
    return found


def _judge_factory(shape: Shape, what: str) -> Answer:
    """A callable without required arguments; its annotation or code may say that it makes nothing."""
    if _returns_nothing(shape.function):
        return _answer(Style.NOT_AN_APP, f"{what} and returns nothing", "pass the application, or return it")
    try:
        made = shape.function.__annotations__.get("return", MISSING)
    except Exception:
        made = MISSING
    own = None if shape.owner is MISSING or is_class(shape.owner) else type(shape.owner)
    if made is None or made in ("None", "int", "str", "bool", int, str, bool):
        return _answer(Style.NOT_AN_APP, f"{what} and returns {safe_repr(made)}")
    if own is not None and (made is own or (isinstance(made, str) and made.strip("'\"") == type_name(own))):
        return _answer(Style.NOT_AN_APP, f"{what} and returns another {type_name(own)}")
    return _answer(Style.FACTORY, what, "await it and pass what it returns" if shape.kind == "async" else "")


def _judge_one_and_three(shape: Shape, what: str, instance: str) -> Answer:
    first = shape.part(0)
    if shape.part(1) == RECEIVE and shape.part(2) == SEND:
        return _answer(Style.EITHER, what)
    if shape.varargs:
        if first in (REQUEST, APP, SELF):
            return _judge_one(shape, what, "")
        if first == SCOPE and instance:
            return _answer(Style.DOUBLE, what + " and contains the instance")
        return _answer(Style.UNKNOWN, what + ", so both calls would be accepted")
    if instance == "named":
        return _answer(Style.DOUBLE, what + " and contains the instance")
    if shape.takes(0) and first != SCOPE:
        return _judge_factory(shape, what)
    if first in (APP, REQUEST, SELF, ENVIRON):
        return _judge_one(shape, what, instance)
    if first == SCOPE or instance or _refers_to_instance(shape):
        return _answer(Style.DOUBLE, what + ", of which two are options")
    return _answer(Style.UNKNOWN, what + ", and neither its name nor its body says what for")


def _refers_to_instance(shape: Shape) -> bool:
    """Whether a function of one oddly named argument names what makes an instance, or delegates to it.

    A class whose instances take (receive, send), another function of the scope, or, beside a partial,
    a function that takes receive and send after it.
    """
    function = shape.function
    if type(function) is not FunctionType:
        return False
    names = function.__code__.co_names
    for each in named_by(function, shape.owner):
        if is_class(each):
            call = _call_shape(each)
            if call is not None and call.takes(2) and call.part(0) == RECEIVE and call.part(1) == SEND:
                return True
            continue
        told = shape_of(each)
        if told is None:
            continue
        parts = [part_of(name) for name in told.names]
        if told.takes(1) and parts[:1] == [SCOPE]:
            return True
        if parts[-2:] == [RECEIVE, SEND] and ("partial" in names or "functools" in names):
            return True
    return False


def _judge_one(shape: Shape, what: str, instance: str) -> Answer:
    first = shape.part(0)
    if not instance and _returns_nothing(shape.function):
        return _answer(
            Style.NOT_AN_APP, f"{what} and returns nothing", "has its return statement been forgotten?"
        )
    if first == SCOPE or instance == "named":
        return _answer(Style.DOUBLE, what)
    if shape.takes(0):
        return _judge_factory(shape, what)
    if first in (APP, CONFIG, ENVIRON):
        remedy = (
            "it is a middleware or a decorator: call it with the application and pass what it returns"
            if first == APP
            else "it is a factory: call it with its configuration and pass what it returns"
        )
        return _answer(Style.NOT_AN_APP, what, remedy)
    if first == REQUEST:
        return _answer(Style.NOT_AN_APP, what, _VIEW)
    if first == SELF:
        return _needs_more(shape, what)
    if not instance and _makes_decorator(shape.function):
        return _answer(
            Style.NOT_AN_APP,
            what + " and contains a function that takes an application",
            "it is a middleware with options: call it, and what it returns with the application",
        )
    if not instance and _makes_application(shape.function):
        return _answer(
            Style.NOT_AN_APP,
            what + " and contains a single-callable application",
            "it is a middleware or a factory: call it and pass what it returns",
        )
    if instance or _refers_to_instance(shape):
        return _answer(Style.DOUBLE, what)
    return _answer(Style.UNKNOWN, what + ", and neither its name nor its body says what for")


def _is_written_in_python(cls: type) -> bool:
    return any(
        is_one(type(each), FunctionType, staticmethod, classmethod) for each in type_dict(cls).values()
    )


def _judge_class(cls: Any, depth: int, bound: Optional[Shape] = None) -> Answer:
    """A class (or a partial of one): by what its constructor and its instances take."""
    name, module = type_name(cls), type_module(cls)
    if is_one(BaseException, *type_mro(cls)) and on_type(cls, "__call__") is on_type(cls, "__await__"):
        return _answer(Style.NOT_AN_APP, f"{name} is an exception class")
    if type_dict(cls).get("__abstractmethods__") or type_dict(cls).get("_is_protocol") is True:
        return _answer(Style.NOT_AN_APP, f"{name} is an abstract class: it has no instances")
    if module == "typing" or (is_pythons_module(module) and not _is_written_in_python(cls)):
        return _answer(Style.NOT_AN_APP, f"{name} is a built-in class of Python")
    if issubclass(cls, type):
        return _answer(Style.NOT_AN_APP, f"{name} is a metaclass")
    shape = bound or shape_of(cls)
    meta = on_type(type(cls), "__call__")
    if bound is None and type(meta) is FunctionType:
        through_meta = shape_of_function(meta)
        through_meta = through_meta and through_meta.bind((cls,))
        if through_meta is not None and (through_meta.kind == "async" or not through_meta.pass_through):
            if through_meta.takes(3) and (through_meta.kind == "async" or not through_meta.takes(1)):
                return _answer(
                    Style.SINGLE, f"class {name} whose metaclass takes {_parameters(through_meta)}"
                )
            shape = Shape(
                through_meta.names,
                through_meta.required,
                through_meta.varargs,
                through_meta.wanting,
                through_meta.varkw,
                "class",
                meta,
                cls,
            )
    raw = raw_call(cls)
    call = _call_shape(cls)
    awaitable = type_has(cls, "__await__")
    iterable = type_has(cls, "__iter__") or type_has(cls, "__getitem__")
    opaque = raw is not MISSING and raw is not None and call is None
    if shape is None:
        if raw is MISSING and not awaitable:
            return _answer(Style.NOT_AN_APP, f"{name} is a plain class: its instances cannot be called")
        return _answer(Style.UNKNOWN, f"class {name} does not tell what it takes (compiled code)")
    takes = _parameters(shape)
    if call is None and not opaque and not awaitable:
        return _judge_plain_class(cls, name, shape, takes, iterable, depth)
    if shape.required and shape.part(0) == APP and (opaque or (call is not None and call.takes(3))):
        return _unapplied(name)
    if opaque:
        return _answer(
            Style.UNKNOWN, f"class {name} whose instances do not tell what they take (compiled code)"
        )
    return _judge_constructed(cls, name, shape, takes, call, awaitable)


def _binds(raw: Any) -> bool:
    return (
        not is_class(raw)
        and not issubclass(type(raw), partial)
        and on_type(type(raw), "__get__") is not MISSING
    )


def _judge_plain_class(cls: Any, name: str, shape: Shape, takes: str, iterable: bool, depth: int) -> Answer:
    """Instances can be neither called nor awaited."""
    new = on_type(cls, "__new__")
    new = new.__func__ if type(new) is staticmethod else new
    if type(new) is FunctionType:
        made = shape_of_function(new)
        made = made and made.bind((cls,))
        if made is not None and (made.kind or made.takes(3) or _makes_instance(new)):
            style, reason, remedy = _judge_call(new, made, depth + 1)
            return style, f"class {name} whose __new__ is a {reason}", remedy
    if (
        iterable
        and shape.takes(2)
        and not shape.takes(1)
        and any(type(on_type(cls, name)) is FunctionType for name in ("__iter__", "__getitem__"))
        and not is_one(tuple, *type_mro(cls))
    ):
        return _answer(Style.WSGI, f"class {name} that takes {takes} and whose instances are iterated")
    return _answer(Style.NOT_AN_APP, f"{name} is a plain class: its instances cannot be called")


def _unapplied(name: str) -> Answer:
    return _answer(
        Style.NOT_AN_APP,
        f"class {name} is a middleware that is not applied yet",
        f"apply it: pass {name}(app)",
    )


def _judge_constructed(
    cls: Any, name: str, shape: Shape, takes: str, call: Optional[Shape], awaitable: bool
) -> Answer:
    first = shape.part(0)
    wsgi = call is not None and call.part(0) == ENVIRON and call.takes(2)
    second_half = call is not None and call.takes(2) and not wsgi and not (call.takes(3) and first != SCOPE)
    double = (
        shape.takes(1) and second_half and not (shape.varargs and not shape.names and call and call.takes(3))
    )
    single = shape.takes(3) and awaitable
    if double and single:
        if shape.pass_through:
            return _answer(
                Style.UNKNOWN, f"class {name} takes {takes} and its instances are callable and awaitable"
            )
        return _answer(Style.EITHER, f"class {name} that takes {takes}, callable and awaitable")
    if double:
        return _answer(
            Style.DOUBLE,
            f"class {name} that takes {takes} and whose instances are called with (receive, send)",
        )
    if single:
        return _answer(Style.SINGLE, f"class {name} that takes {takes} and whose instances are awaited")
    if call is None:
        return _answer(Style.NOT_AN_APP, f"class {name} that takes {takes}, with awaitable instances")
    if wsgi:
        return _answer(
            Style.NOT_AN_APP,
            f"class {name} whose instances are WSGI applications",
            f"make an instance and {_REMEDIES[Style.WSGI]}",
        )
    if shape.takes(1) and first == SCOPE and call.takes(3) and call.part(0) != RECEIVE:
        return _answer(
            Style.DOUBLE, f"class {name} that takes {takes} and whose instances take (scope, receive, send)"
        )
    of_instances = _judge_async(call, "") if call.kind == "async" else _judge_plain(call, "")
    if of_instances[0].is_application or call.takes(3):
        kind = "double-callable" if of_instances[0] is Style.DOUBLE else "single-callable"
        reason = f"class {name} whose instances are {kind} applications"
        if shape.takes(0):
            if on_type(cls, "as_asgi") is not MISSING:
                return _answer(Style.FACTORY, reason, f"call .as_asgi(): pass {name}.as_asgi()")
            return _answer(Style.FACTORY, reason, f"make an instance: pass {name}()")
        if first == APP:
            return _unapplied(name)
        return _answer(
            Style.NOT_AN_APP, f"{reason}, which needs {takes}", f"make an instance: pass {name}(...)"
        )
    return _answer(
        Style.NOT_AN_APP, f"class {name} that takes {takes} and whose instances take {_parameters(call)}"
    )


# ---------------------------------------------------------------------------------------------
# The face of this room.


def classify(app: Any) -> Verdict:
    """Say what kind of application an object is, without calling it.

    Takes any object and returns a `Verdict`: the ``style``, the ``reason`` (what was seen), the
    ``remedy`` (what to do about it) and the object itself as ``app``. It raises nothing, whatever
    the object does when it is looked at: what cannot be read is UNKNOWN.

    The two calls are those of the ASGI specification, "Applications", 3.0, and its section "Legacy
    Applications" for 2.0; the marks ``_asgi_single_callable`` and ``_asgi_double_callable`` are
    those of asgiref 3.0.

    >>> def application(scope):
    ...     async def instance(receive, send): ...
    ...     return instance
    >>> classify(application)
    <Verdict DOUBLE: function that takes (scope) -> guarantee_single_callable(app) makes it fit ...>
    """
    try:
        style, reason, remedy = _judge(app)
    except Exception as error:  # whatever a hostile object does when it is looked at
        style, reason, remedy = _answer(
            Style.UNKNOWN, f"looking at it raised {type(error).__name__} in {type_name(type(app))}"
        )
    return Verdict(style, reason, remedy, app)


def is_single_callable(app: object) -> TypeIs[ASGI3App]:
    """Say whether ``await app(scope, receive, send)`` is known to work.

    True for SINGLE and EITHER. False for everything else, also for what is no application and for
    what nothing is known of; raises nothing. See `classify`.

    >>> async def application(scope, receive, send): ...
    >>> is_single_callable(application), is_single_callable(None)
    (True, False)
    """
    return classify(app).style in (Style.SINGLE, Style.EITHER)


def is_double_callable(app: object) -> TypeIs[ASGI2App]:
    """Say whether ``await app(scope)(receive, send)`` is known to work.

    True for DOUBLE and EITHER. False for everything else, also for what is no application (where
    `asgiref.compatibility.is_double_callable`, of which this is the drop-in, answers True for None);
    raises nothing. See `classify`.

    >>> from functools import partial
    >>> is_double_callable(lambda scope: partial(print, scope)), is_double_callable(None)
    (True, False)
    """
    return classify(app).style in (Style.DOUBLE, Style.EITHER)


def _mark(app: T, mark: str, other: str) -> T:
    try:
        setattr(app, mark, True)
        if own_dict(app).get(other) or (is_class(app) and type_dict(app).get(other)):
            setattr(app, other, False)
    except (AttributeError, TypeError) as error:
        raise DetectionError(
            f"{safe_repr(app)} does not take attributes, so it cannot be marked ({error}); wrap it with"
            " double_to_single_callable or single_to_double_callable, or teach the detector with"
            " register_unwrapper",
            application=app,
            reason="does not take attributes",
            remedy="wrap it instead of marking it",
        ) from None
    return app


def mark_single(app: T) -> T:
    """Declare an application single-callable, for this library and for asgiref and daphne.

    Takes the application and returns it, so it works as a decorator. It sets
    ``_asgi_single_callable``, asgiref's own mark (since 3.0). A mark never outweighs what is certain:
    a function that cannot take three arguments stays what it is. Raises `DetectionError` when the
    object does not take attributes.

    >>> @mark_single
    ... def application(*args):
    ...     return run(*args)
    >>> classify(application).style
    <Style.SINGLE: 'single'>
    """
    return _mark(app, _SINGLE_MARK, _DOUBLE_MARK)


def mark_double(app: T) -> T:
    """Declare an application double-callable: the mirror of `mark_single`.

    Takes the application and returns it; sets ``_asgi_double_callable``, asgiref's own mark (since
    3.0). Raises `DetectionError` when the object does not take attributes.

    >>> @mark_double
    ... def application(*args):
    ...     return Instance(*args)
    >>> classify(application).style
    <Style.DOUBLE: 'double'>
    """
    return _mark(app, _DOUBLE_MARK, _SINGLE_MARK)


def register_unwrapper(type: Type[T], function: Callable[[T], Any]) -> None:
    """Teach the detector to look through a wrapper: for tracing agents and frameworks.

    ``type`` is the class of the wrapper (subclasses count), ``function`` takes one wrapper and
    returns what it calls with the very arguments it is called with; a wrapper that changes the style
    must not be registered, but marked. An exception of ``function`` makes the wrapper UNKNOWN.
    Registering again replaces; raises `TypeError` when ``type`` is no class or ``function`` cannot
    be called.

    >>> class Traced:
    ...     def __init__(self, target): self.target = target
    ...     def __call__(self, *args): return trace(self.target, args)
    >>> register_unwrapper(Traced, lambda traced: traced.target)
    >>> from functools import partial
    >>> classify(Traced(lambda scope: partial(print, scope))).style
    <Style.DOUBLE: 'double'>
    """
    if not is_class(type):
        raise TypeError(f"register_unwrapper needs the class of the wrapper, got {safe_repr(type)}")
    if not callable(function):
        raise TypeError(
            f"register_unwrapper needs a function from wrapper to wrapped, got {safe_repr(function)}"
        )
    UNWRAPPERS[id(type)] = (type, function)
