"""What is this callable?

Laws

1. An application is never called to find out what it is. Looking may read attributes that are really
   there (instance and class dictionaries, slots, closures); it never asks ``__getattr__``, because a
   proxy or a mock answers anything.
2. What can be counted comes before what can be guessed: the numbers of positional arguments decide,
   and only where they leave two readings do the *names* of the parameters and the functions written
   inside the body speak (the tables below).
3. ``__code__`` is read and not ``inspect.signature``: a signature follows ``__wrapped__`` and
   ``__signature__`` and so tells what a wrapper wraps, where we want to know what the wrapper takes.
   It also costs thirty times as much, and `inspect` must not be imported while this package loads.
4. UNKNOWN is an answer. Nothing here ends in "then it must be double".
5. The answer is the same on every Python we support: nothing here reads bytecode for anything but
   the presence of an operation that all of them have.

Order of evidence, as in the design: an explicit mark that this object itself carries; what the object
is once wrappers are looked through; how many arguments it takes; whether it is a coroutine function.
"""

from __future__ import annotations

import enum
import sys
from _weakref import CallableProxyType, ReferenceType
from functools import partial, partialmethod
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType, ModuleType

from ._errors import DetectionError, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence, Tuple, Type, TypeVar

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

_SCOPE, _RECEIVE, _SEND = "scope", "receive", "send"
_ENVIRON, _START_RESPONSE = "environ", "start_response"
_APP, _REQUEST, _SELF, _CONFIG = "app", "request", "self", "config"

#: Parameter name (leading and trailing underscores removed, lower case) -> the part it plays.
_PARTS = {
    name: part
    for part, names in (
        (_SCOPE, "scope asgi_scope connection_scope conn_scope scp"),
        (_RECEIVE, "receive recv rcv rx receiver receive_ asgi_receive r get_message"),
        (_SEND, "send snd tx sender asgi_send w put_message"),
        (_ENVIRON, "environ env environment wsgi_environ wsgi_env e"),
        (_START_RESPONSE, "start_response start sr start_resp startresponse start_fn"),
        (
            _APP,
            "app application asgi_app asgi wsgi_app inner inner_app wrapped next_app downstream"
            " asgi_application get_response next call_next func fn function handler view endpoint"
            " callback coro coroutine method klass main wrapper wrapped_app",
        ),
        (_REQUEST, "request req event message msg body payload websocket ws"),
        (_SELF, "self cls mcs mcls metacls"),
        (_CONFIG, "config settings conf cfg options opts debug testing config_name name env_name"),
    )
    for name in names.split()
}

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
# Looking without asking: what is in the dictionaries, not what __getattr__ would say.

_MISSING: Any = object()
_type_dict: Any = type.__dict__["__dict__"].__get__
_type_mro: Any = type.__dict__["__mro__"].__get__

_GetSet = type(FunctionType.__dict__["__code__"])
_Member = type(FunctionType.__dict__["__globals__"])
_SlotWrapper = type(object.__init__)
_MethodDescriptor = type(str.join)
_BuiltinNew = type(object.__new__)
_MethodWrapper = type(object().__str__)


_type_name: Any = type.__dict__["__name__"].__get__
_type_text: Any = type.__dict__["__text_signature__"].__get__
_type_module: Any = type.__dict__["__module__"].__get__


def _is_class(value: object) -> bool:
    return issubclass(type(value), type)


def _on_type(cls: type, name: str) -> Any:
    """The raw class attribute, from the first class of the resolution order that has it."""
    for base in _type_mro(cls):
        found = _type_dict(base).get(name, _MISSING)
        if found is not _MISSING:
            return found
    return _MISSING


def _has(cls: type, name: str) -> bool:
    found = _on_type(cls, name)
    return found is not _MISSING and found is not None


def _is_one(kind: object, *kinds: object) -> bool:
    """``kind in kinds``, without asking a metaclass whether two classes are equal."""
    for each in kinds:
        if kind is each:
            return True
    return False


def _own_dict(value: object) -> Dict[str, Any]:
    try:
        found = object.__getattribute__(value, "__dict__")
    except Exception:
        return {}
    return found if issubclass(type(found), dict) else {}


def _static(value: object, name: str) -> Any:
    """The attribute as it is stored: on the instance, or in a slot or C field of its type."""
    own = _own_dict(value)
    if name in own:
        return own[name]
    raw = _on_type(type(value), name)
    if _is_one(type(raw), _Member, _GetSet):
        try:
            return raw.__get__(value, type(value))
        except Exception:
            return _MISSING
    return _MISSING


# ---------------------------------------------------------------------------------------------
# Shapes: what one call of an object takes.


class _Shape:
    """The positional parameters that are still open, and what kind of function takes them.

    ``names`` are the open positional parameters, ``required`` how many of them have no default,
    ``varargs`` whether more are welcome, ``wanting`` the keyword-only ones without default,
    ``varkw`` whether any keyword is welcome, ``kind`` one of "", "async", "generator",
    "async generator" and "class"; ``function`` is where it was read off, ``owner`` what the method
    is bound to, ``bound`` the values that partials and methods have bound by position.
    """

    __slots__ = (
        "names",
        "required",
        "varargs",
        "wanting",
        "varkw",
        "kind",
        "function",
        "owner",
        "bound",
        "defaults",
    )

    def __init__(
        self,
        names: Tuple[str, ...],
        required: int,
        varargs: bool,
        wanting: Tuple[str, ...],
        varkw: bool,
        kind: str,
        function: Any,
        owner: Any = _MISSING,
        bound: Tuple[Any, ...] = (),
    ) -> None:
        self.names = names
        self.required = required
        self.varargs = varargs
        self.wanting = wanting
        self.varkw = varkw
        self.kind = kind
        self.function = function
        self.owner = owner
        self.bound = bound

    def takes(self, count: int) -> bool:
        return not self.wanting and self.required <= count and (self.varargs or count <= len(self.names))

    def part(self, index: int) -> str:
        return _part(self.names[index]) if index < len(self.names) else ""

    @property
    def pass_through(self) -> bool:
        """Takes exactly ``*args``, with or without ``**kwargs``."""
        return self.varargs and not self.names and not self.wanting

    def bind(
        self, values: Sequence[Any], keywords: Sequence[str] = (), owner: Any = _MISSING
    ) -> Optional[_Shape]:
        """What is left after binding, or None when it does not fit."""
        count = len(values)
        if count > len(self.names) and not self.varargs:
            return None
        names, required = self.names[count:], max(0, self.required - count)
        wanting = [name for name in self.wanting if name not in keywords]
        for keyword in keywords:
            if keyword in names:
                # What stands behind a parameter that was bound by keyword can only be given by
                # keyword any more: partial(app, receive=...) takes one positional argument.
                at = names.index(keyword)
                wanting.extend(name for name in names[at + 1 : required] if name not in keywords)
                names, required = names[:at], min(required, at)
            elif keyword not in self.wanting and not self.varkw and not self._keyword_only(keyword):
                return None
        return _Shape(
            names,
            required,
            self.varargs and not any(keyword in self.names for keyword in keywords),
            tuple(wanting),
            self.varkw,
            self.kind,
            self.function,
            self.owner if owner is _MISSING or self.kind == "class" else owner,
            self.bound + tuple(values),
        )

    def _keyword_only(self, name: str) -> bool:
        code = getattr(self.function, "__code__", None)
        if code is None:
            return True
        count = code.co_argcount
        return name in code.co_varnames[: count + code.co_kwonlyargcount]


def _part(name: str) -> str:
    return _PARTS.get(name.strip("_").lower(), "")


_VARARGS, _VARKEYWORDS, _GENERATOR, _COROUTINE, _ITERABLE_COROUTINE, _ASYNC_GENERATOR = (
    4,
    8,
    32,
    128,
    256,
    512,
)


def _kind_of_code(flags: int) -> str:
    if flags & (_COROUTINE | _ITERABLE_COROUTINE):
        return "async"
    if flags & _ASYNC_GENERATOR:
        return "async generator"
    return "generator" if flags & _GENERATOR else ""


def _marked_async(function: object) -> bool:
    """`asyncio`'s and `inspect`'s ways to declare a plain callable a coroutine function.

    The sentinels are only looked for in modules that are already loaded: whoever marked a function
    had to import them.
    """
    for module, sentinel, attribute in (
        ("asyncio.coroutines", "_is_coroutine", "_is_coroutine"),
        ("inspect", "_is_coroutine_mark", "_is_coroutine_marker"),
        ("inspect", "_is_coroutine_marker", "_is_coroutine_marker"),  # in the first releases of 3.12
    ):
        mark = getattr(sys.modules.get(module), sentinel, None)
        if mark is None:
            continue
        found = _own_dict(function).get(attribute, _MISSING)
        if found is _MISSING and type(function) is not FunctionType and not _is_class(function):
            found = _on_type(type(function), attribute)
        if found is mark:
            return True
    # Cython 3 answers for its coroutine functions from C.
    value = _static(function, "_is_coroutine") if type(function) is not FunctionType else _MISSING
    return value is not _MISSING and value is not None and value is not False


def _shape_of_function(function: Any) -> Optional[_Shape]:
    """A function written in Python, or a compiled one that carries a faithful ``__code__``."""
    code = function.__code__
    count = code.co_argcount
    names = tuple(code.co_varnames[:count])
    defaults = function.__defaults__ or ()
    keyword_defaults = function.__kwdefaults__ or {}
    wanting = tuple(
        name
        for name in code.co_varnames[count : count + code.co_kwonlyargcount]
        if name not in keyword_defaults
    )
    kind = _kind_of_code(code.co_flags)
    if not kind and _marked_async(function):
        kind = "async"
    if len(names) != count:
        return None
    return _Shape(
        names,
        count - len(defaults),
        bool(code.co_flags & _VARARGS),
        wanting,
        bool(code.co_flags & _VARKEYWORDS),
        kind,
        function,
    )


def _shape_of_text(text: str, value: Any) -> Optional[_Shape]:
    """A signature written as ``(scope, receive, send, *, option=1)``: a compiler's own words."""
    names: List[str] = []
    wanting: List[str] = []
    required, varargs, varkw, keyword_only = 0, False, False, False
    depth, start, parts = 0, 0, []
    inside = text[text.find("(") + 1 : text.rfind(")")]
    for at, character in enumerate(inside + ","):
        if character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character == "," and depth == 0:
            parts.append((inside + ",")[start:at].strip())
            start = at + 1
    for part in parts:
        if not part or part == "/" or part.startswith("$"):
            continue
        if part.startswith("**"):
            varkw = True
        elif part.startswith("*"):
            varargs = varargs or part != "*"
            keyword_only = True
        else:
            optional = "=" in part
            name = part.split("=")[0].split(":")[0].strip().split(" ")[-1]
            if not name.isidentifier():
                return None
            if keyword_only:
                wanting.extend(() if optional else (name,))
            else:
                names.append(name)
                required += not optional
    return _Shape(tuple(names), required, varargs, tuple(wanting), varkw, "", value)


def _shape_of_compiled(value: Any) -> Optional[_Shape]:
    """What a function without Python code tells, where it can be believed.

    mypyc 2.4: the functions of its own type, which are the coroutine functions, claim the signature
    ``()`` and are known by the flag of their ``__code__`` only; those it leaves as built-ins carry a
    true ``__text_signature__``. Cython writes one into the docstring with ``embedsignature=True``.
    """
    code = _static(value, "__code__")
    if code is not _MISSING:
        if _type_name(type(value)) == "cython_function_or_method":
            try:
                return _shape_of_function(value)
            except Exception:
                return None
        if isinstance(getattr(code, "co_flags", None), int) and code.co_flags & _COROUTINE:
            return _Shape((), 0, True, (), True, "async", value)
        return None
    if _marked_async(value):
        return _Shape((), 0, True, (), True, "async", value)
    if type(value) is not BuiltinFunctionType or _is_pythons_own(value):
        return None
    text: Any = getattr(value, "__text_signature__", None)
    if text is None:
        first = (value.__doc__ or "").split("\n")[0]
        # A method's docstring names its self, which the bound built-in has taken already.
        text = first if first.startswith(value.__name__ + "(") and first.rstrip().endswith(")") else None
        text = text and text.replace("(self, ", "(").replace("(self)", "()")
    return _shape_of_text(text, value) if text else None


def _is_pythons_own(value: Any) -> bool:
    """Whether a built-in function or method belongs to the interpreter and not to somebody's module."""
    module = value.__module__
    if module is None:
        owner = value.__self__
        if owner is None:
            return False
        module = owner.__name__ if isinstance(owner, ModuleType) else _type_module(_class_of(owner))
    return _is_pythons_module(module)


_PYTHONS_MODULES = frozenset(
    [*sys.builtin_module_names, *(name.lstrip("_") for name in sys.builtin_module_names), "types", "typing"]
)


def _is_pythons_module(name: Any) -> bool:
    """Whether a module is the interpreter's, or the Python face of one of its C modules."""
    return type(name) is str and name in _PYTHONS_MODULES


def _class_of(value: Any) -> Any:
    return value if _is_class(value) else type(value)


def _shape(value: Any, depth: int = 0) -> Optional[_Shape]:
    """What calling ``value`` takes, or None where nothing tells (compiled code, hostile objects)."""
    if depth > 16:
        return None
    kind = type(value)
    if kind is FunctionType:
        partial_method = _own_dict(value).get("_partialmethod") or _own_dict(value).get("__partialmethod__")
        if isinstance(partial_method, partialmethod):
            shape = _shape(partial_method.func, depth + 1)
            return shape and shape.bind((), tuple(partial_method.keywords))
        return _shape_of_function(value)
    if kind is MethodType:
        if type(value.__func__) is _SlotWrapper and value.__func__.__name__ == "__call__":
            return _shape(value.__self__, depth + 1)  # type.__call__, bound to a class
        shape = _shape(value.__func__, depth + 1)
        return shape and shape.bind((value.__self__,), owner=value.__self__)
    if issubclass(kind, partial):
        shape = _shape(value.func, depth + 1)
        return shape and shape.bind(value.args, tuple(value.keywords))
    if _is_one(kind, staticmethod, classmethod):
        return _shape(value.__func__, depth + 1)
    if _is_class(value):
        return _shape_of_class(value, depth + 1)
    if kind is _MethodWrapper:
        return _shape(value.__self__, depth + 1) if value.__name__ == "__call__" else None
    if kind is CallableProxyType:
        return _shape(value.__call__, depth + 1)
    raw = _raw_call(kind)
    if _is_one(kind, _SlotWrapper, _MethodDescriptor):
        return None
    if kind is BuiltinFunctionType or _is_one(type(raw), _SlotWrapper, _MethodDescriptor):
        return _shape_of_proxy(value, depth) or _shape_of_compiled(value)
    found = _called(value, raw)
    if found is _MISSING:
        return None
    shape = _shape(found, depth + 1)
    if shape is not None:
        if shape.owner is _MISSING:
            shape.owner = value
        if not shape.kind and _marked_async(value):
            shape.kind = "async"
    return shape


def _raw_call(cls: type) -> Any:
    """``__call__`` from the dictionaries of a class; one that only hands on to super's is passed over."""
    found = _MISSING
    for base in _type_mro(cls):
        raw = _type_dict(base).get("__call__", _MISSING)
        if raw is _MISSING:
            continue
        if found is _MISSING or type(raw) is FunctionType:
            found = raw
        if type(raw) is not FunctionType or not _hands_on(raw, "__call__"):
            break
    return found


def _hands_on(function: Any, method: str) -> bool:
    """Whether a method takes (self, *args, **kwargs) and gives them to the same method of super()."""
    code = function.__code__
    return (
        bool(code.co_flags & _VARARGS)
        and code.co_argcount <= 1
        and not code.co_kwonlyargcount
        and method in code.co_names
        and "super" in code.co_names
        and not _unpacks(function)
    )


def _shape_of_proxy(value: Any, depth: int) -> Optional[_Shape]:
    """wrapt's proxies that say more about their call than what they wrap."""
    kind = type(value)
    signature = _on_type(kind, "__signature__")
    if type(signature) is property and signature.fget is not None:
        # wrapt.decorator(adapter=...): the call is that of the prototype.
        found = signature.fget(value)
        return _shape_of_text(str(found).split(" -> ")[0], value) if found is not None else None
    if any(_type_name(base) == "PartialCallableObjectProxy" for base in _type_mro(kind)):
        args, keywords = _static(value, "_self_args"), _static(value, "_self_kwargs")
        shape = (
            None if args is _MISSING or keywords is _MISSING else _shape(_static(value, "__wrapped__"), depth)
        )
        return shape and shape.bind(args, tuple(keywords))
    return None


_PLAIN_METHODS = (FunctionType, MethodType, staticmethod, classmethod, partialmethod, property)


def _unwrapped_method(raw: Any) -> Any:
    """A class attribute without the function wrappers that agents put around it (wrapt's)."""
    for _ in range(16):
        if (
            _is_one(type(raw), *_PLAIN_METHODS)
            or _is_class(raw)
            or _on_type(type(raw), "__get__") is _MISSING
        ):
            break
        wrapped = _static(raw, "__wrapped__") if _on_type(type(raw), "__call__") is not _MISSING else _MISSING
        if wrapped is _MISSING:
            break
        raw = wrapped
    return raw


def _called(value: Any, raw: Any) -> Any:
    """What Python calls when it calls ``value``: ``raw`` from the type's dictionaries, bound."""
    raw = _unwrapped_method(raw)
    kind = type(raw)
    if raw is None or raw is _MISSING:
        return _MISSING
    if kind is FunctionType:
        return MethodType(raw, value)
    if kind is staticmethod:
        return raw.__func__
    if kind is classmethod:
        return MethodType(raw.__func__, type(value))
    if kind is property:
        return _MISSING  # its getter is somebody's code: Python runs it at each call, we do not
    if _on_type(kind, "__get__") is _MISSING or _is_class(raw):
        return raw
    if issubclass(kind, partial):
        # A partial in a class body is not bound by the Pythons we support (3.14 changes that).
        return raw
    try:
        return kind.__get__(raw, value, type(value))
    except Exception:
        return _MISSING


def _constructors(cls: type) -> Iterator[Tuple[str, Any]]:
    """``__init__`` and ``__new__`` of the classes in resolution order, the nearest first."""
    for name in ("__init__", "__new__"):
        for base in _type_mro(cls):
            raw = _type_dict(base).get(name, _MISSING)
            if raw is not _MISSING:
                yield name, _unwrapped_method(raw.__func__ if type(raw) is staticmethod else raw)


_object_init: Any = object.__init__
_object_new: Any = object.__new__


#: Built-in types whose constructor takes one optional positional argument, for classes derived from them.
_TAKES_ONE = tuple(
    _type_dict(kind).get(name)
    for kind in (dict, list, tuple, set, frozenset, str, bytes, int, float)
    for name in ("__init__", "__new__")
    if name in _type_dict(kind)
)
_TAKES_ANY = tuple(_type_dict(BaseException).get(name) for name in ("__init__", "__new__"))


def _shape_of_class(cls: Any, depth: int) -> Optional[_Shape]:
    """What instantiating takes; a constructor that hands everything on is looked through."""
    found: Dict[str, Optional[_Shape]] = {}
    for name, raw in _constructors(cls):
        if name in found:
            continue
        if raw is _object_init or raw is _object_new:
            found[name] = None
            continue
        if any(raw is each for each in _TAKES_ONE):
            found[name] = _Shape(("value",), 0, False, (), False, "class", cls)
            continue
        if any(raw is each for each in _TAKES_ANY):
            found[name] = _Shape((), 0, True, (), False, "class", cls)
            continue
        if _is_one(type(raw), _SlotWrapper, _BuiltinNew):
            # A constructor written in C says nothing; one written in Python that was found before it
            # says all (a Python class over a cdef class of Cython), and so does a compiler's own word.
            if name == "__new__" and found.get("__init__") is not None:
                continue
            text = _type_text(cls)
            told = _shape_of_text(text, cls) if text and not text.startswith("($") else None
            if told is None:
                return None
            told.kind, told.owner = "class", cls
            return told
        if type(raw) is partialmethod:
            found[name] = _shape(_instance_call(cls, raw), depth)
            continue
        shape = _shape(raw, depth)
        if shape is not None and shape.pass_through and "__wrapped__" in _own_dict(raw):
            shape = _shape(_own_dict(raw)["__wrapped__"], depth)
        shape = shape and shape.bind((cls,))
        if shape is None:
            return None
        if type(raw) is FunctionType and _hands_on(raw, name):
            continue
        found[name] = shape
    shapes = [shape for shape in found.values() if shape is not None]
    if not shapes:
        # Nothing but object's own, or constructors that hand on to it: no argument at all.
        return _Shape((), 0, False, (), False, "class", cls)
    shape = shapes[0] if len(shapes) == 1 else _narrower(shapes)
    return _Shape(
        shape.names, shape.required, shape.varargs, shape.wanting, shape.varkw, "class", shape.function, cls
    )


def _narrower(shapes: List[_Shape]) -> _Shape:
    return max(shapes, key=lambda shape: (not shape.pass_through, shape.required, -len(shape.names)))


# ---------------------------------------------------------------------------------------------
# Looking through wrappers.


def _unpacks(function: Any) -> bool:
    """Whether a ``*args`` function takes its arguments apart instead of handing them on.

    Bytecode is read for one thing only, whether any sequence is unpacked, subscripted or measured:
    those operations have carried recognisable names since 3.8.
    """
    code = getattr(function, "__code__", None)
    if type(code) is not CodeType:
        return True
    import dis

    for step in dis.get_instructions(code):
        name = step.opname
        if name.startswith(("UNPACK_", "BINARY_SUBSCR", "BINARY_SLICE", "GET_LEN")):
            return True
        if name == "BINARY_OP" and step.argrepr == "[]":
            return True
        if name.startswith(("LOAD_GLOBAL", "LOAD_NAME")) and step.argval == "len":
            return True
    return False


#: Further wrappers: the id of a type (a metaclass may forbid to hash it) -> the type, and what its
#: instances call. Filled by `register_unwrapper`.
_UNWRAPPERS: Dict[int, Tuple[type, Callable[[Any], Any]]] = {}

#: Wrappers of packages that we never import, by the module and name of a class in the resolution
#: order, and the attribute that holds what they call.
_KNOWN_WRAPPERS = {
    ("werkzeug.local", "LocalProxy"): "_get_current_object()",
    ("typing", "_GenericAlias"): "__origin__",
    ("types", "GenericAlias"): "__origin__",
    ("functools", "_lru_cache_wrapper"): "__wrapped__",
}


def _is_pythons_function(value: Any) -> bool:
    return type(value) is BuiltinFunctionType and _is_pythons_own(value)


def _known_wrapper(base: type) -> Optional[str]:
    if _type_name(base) in ("ObjectProxy", "BaseObjectProxy") and "__wrapped__" in _type_dict(base):
        return "__wrapped__"  # wrapt's, under whatever name an agent carries its copy of it
    return _KNOWN_WRAPPERS.get((_type_module(base), _type_name(base)))


def _through(value: Any, shape: Optional[_Shape]) -> Any:
    """The object that a pass-through wrapper hands its arguments to, or _MISSING."""
    kind = type(value)
    for base in _type_mro(kind):
        registered = _UNWRAPPERS.get(id(base))
        if registered is not None:
            return registered[1](value)
        how = _known_wrapper(base)
        if how == "_get_current_object()":
            return value._get_current_object()
        if how is not None:
            return getattr(value, how)
    if shape is None:
        if kind is FunctionType or kind is BuiltinFunctionType or _is_class(value):
            return _MISSING
        # A proxy whose call is made in C: wrapt's, and the copies of it that agents carry.
        return _static(value, "__wrapped__")
    if not shape.varargs:
        return _MISSING
    function, owner = shape.function, shape.owner
    registry = _own_dict(function).get("registry")
    if registry is not None and "dispatch" in _own_dict(function):
        # functools.singledispatch: with one entry, that of object, there is nothing to choose.
        return _own_dict(function).get("__wrapped__", _MISSING) if len(registry) == 1 else _MISSING
    if type(function) is not FunctionType or _unpacks(function):
        return _MISSING
    wrapped = _own_dict(function).get("__wrapped__", _MISSING)
    if wrapped is not _MISSING:
        if owner is not _MISSING and type(wrapped) is FunctionType:
            return MethodType(wrapped, owner)
        return wrapped
    if owner is not _MISSING and not _is_class(owner):
        return _static(owner, "__wrapped__")
    return _MISSING


def _held(value: Any, shape: Optional[_Shape]) -> List[Any]:
    """What a pass-through wrapper without ``__wrapped__`` could be calling.

    The callables that its code names: attributes of the instance, variables it closes over, globals.
    """
    if shape is None or not shape.varargs:
        return []
    function, owner = shape.function, shape.owner
    if type(function) is not FunctionType or "registry" in function.__dict__ or _unpacks(function):
        return []
    return [each for each in _named(function, owner) if each is not value and not _is_pythons_function(each)]


def _named(function: Any, owner: Any) -> List[Any]:
    """The callables that a function's code names: attributes of its owner, variables, globals."""
    names = function.__code__.co_names
    candidates = [function.__globals__[name] for name in names if name in function.__globals__]
    if owner is not _MISSING and not _is_class(owner):
        candidates.extend(_static(owner, name) for name in names)
    for cell in function.__closure__ or ():
        try:
            candidates.append(cell.cell_contents)
        except ValueError:
            continue
    return [each for each in candidates if each is not _MISSING and callable(each)]


def _mocked(value: Any) -> Any:
    """What a `unittest.mock` object calls: its side effect, what it wraps, or what it returns."""
    mock = sys.modules.get("unittest.mock")
    if mock is None or not issubclass(type(value), mock.NonCallableMock):
        if mock is not None and type(value) is FunctionType:
            inner = _own_dict(value).get("mock")
            if inner is not None and issubclass(type(inner), mock.NonCallableMock):
                return _mocked(inner)
        return _MISSING
    own = _own_dict(value)
    effect = own.get("_mock_side_effect")
    delegate = own.get("_mock_delegate")
    if effect is None and delegate is not None:
        effect = getattr(delegate, "side_effect", None)
    if (
        effect is not None
        and callable(effect)
        and not (_is_class(effect) and issubclass(effect, BaseException))
    ):
        return effect
    wraps = own.get("_mock_wraps")
    return wraps if wraps is not None else None


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
    elif _is_class(value):
        own = _type_dict(value)
    elif type(value) is MethodType:
        own = _own_dict(value.__func__)
    else:
        own = _own_dict(value)
    wrapped = own.get("__wrapped__")
    copied = _own_dict(wrapped) if wrapped is not None and not _is_class(wrapped) else {}
    marks = []
    for mark in (_SINGLE_MARK, _DOUBLE_MARK):
        found = own.get(mark, _MISSING)
        if found is not _MISSING and found is copied.get(mark):
            # functools.wraps copies the whole __dict__: the mark speaks of the wrapped function.
            found = False
        if found is _MISSING and not _is_class(value) and type(value) is not MethodType:
            found = _on_type(type(value), mark)
            if type(found) is _Member:
                found = _static(value, mark)
            if found is _MISSING:
                found = _own_dict(_on_type(type(value), "__call__")).get(mark, _MISSING)
        # asgiref asks for the truth of the attribute; a descriptor, a mock or a method is none.
        marks.append(_is_one(type(found), bool, int, str) and bool(found))
    if marks == [False, False] and issubclass(type(value), partial) and not _is_class(value.func):
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
    if not _is_class(value):
        shape = _shape(value)
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
    shape = _shape(value) if single or double else None
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
    raw = _on_type(type(value), "__call__")
    return raw is None or type(raw) is _Member and _static(value, "__call__") is _MISSING


def _judge_not_callable(value: Any) -> Answer:
    kind = type(value)
    if issubclass(kind, ModuleType):
        own = _own_dict(value)
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
    if _type_name(kind) in ("coroutine", "async_generator", "generator", "Task", "Future"):
        return _answer(
            Style.NOT_AN_APP,
            f"a {_type_name(kind)} object is not callable",
            "it is what an async function returned: await the factory, or pass the function uncalled",
        )
    wrapped = _static(value, "__wrapped__")
    if wrapped is not _MISSING and callable(wrapped):
        return _answer(
            Style.NOT_AN_APP,
            f"a {_type_name(kind)} object whose type has no __call__, around a callable",
            "use a proxy that can be called, for example wrapt.CallableObjectProxy, or pass what it wraps",
        )
    for name in _USUAL_NAMES:
        if callable(_static(value, name)):
            return _answer(
                Style.NOT_AN_APP,
                f"a {_type_name(kind)} object is not callable",
                f"pass its attribute .{name}",
            )
    if "__call__" in _own_dict(value):
        return _answer(
            Style.NOT_AN_APP,
            f"{_type_name(kind)} has __call__ only on the instance, where Python does not look for it",
            "define __call__ in the class",
        )
    return _answer(Style.NOT_AN_APP, f"a {_type_name(kind)} object is not callable")


def _judge_wrapper(value: Any, shape: Optional[_Shape], depth: int) -> Optional[Answer]:
    """The answer that a wrapper gets from what it wraps, or None when the object decides itself."""
    mocked = _mocked(value)
    if mocked is None:
        return _answer(Style.UNKNOWN, "a mock without side_effect accepts every call")
    if mocked is not _MISSING:
        style, reason, remedy = _judge(mocked, depth + 1)
        return style, f"a mock that calls: {reason}", remedy
    kind = type(value)
    if _type_module(kind) == "asgiref.sync":
        return _judge_asgiref(value, depth)
    if _type_module(kind) == "typing" or "__supertype__" in _own_dict(value):
        origin = _static(value, "__origin__")
        if not _is_class(origin) or _type_module(origin) in ("typing", "collections.abc"):
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
    if shape is not None and not known and shape.part(0) in (_REQUEST, _APP, _SELF):
        return None
    if issubclass(kind, partial) and shape is not None and not known and value.args:
        return None
    try:
        inner = _through(value, shape)
    except Exception as error:
        return _answer(
            Style.UNKNOWN, f"a {_type_name(kind)} proxy that points at nothing now ({type(error).__name__})"
        )
    if inner is _MISSING or inner is value:
        # Each is judged once: a chain of wrappers costs its length.
        answers = [_judge(each, depth + 1) for each in _held(value, shape)]
        answers = [each for each in answers if each[0].is_application or each[0] is Style.WSGI]
        if len({style for style, _, _ in answers}) != 1:
            return None
        style, reason, remedy = answers[0]
        return style, f"{_describe(value)} around: {reason}", remedy
    style, reason, remedy = _judge(inner, depth + 1)
    if style is Style.UNKNOWN and shape is not None and shape.kind == "async":
        return None
    if style is Style.NOT_AN_APP and not known and shape is not None:
        wrapped = _shape(inner)
        if wrapped is not None and wrapped.required > 3:
            return None  # the wrapper gives it an argument of its own before it hands on the others
    if _type_name(kind) == "_lru_cache_wrapper" and style.is_application:
        return _answer(
            Style.NOT_AN_APP,
            f"functools.lru_cache around: {reason}",
            "take lru_cache off: it hashes its arguments, and a scope is a dict",
        )
    return style, f"{_describe(value)} around: {reason}", remedy


def _is_known_wrapper(kind: type, shape: Optional[_Shape]) -> bool:
    """A registered or known wrapper whose call no subclass has replaced by one of its own."""
    for base in _type_mro(kind):
        if id(base) in _UNWRAPPERS:
            return True
        if _known_wrapper(base):
            return shape is None or shape.varargs or "__call__" in _type_dict(base)
    return False


def _says_its_own_call(kind: type) -> bool:
    """wrapt's proxies that are not called with what they wrap is called with."""
    return type(_on_type(kind, "__signature__")) is property or any(
        _type_name(base) == "PartialCallableObjectProxy" for base in _type_mro(kind)
    )


def _describe(value: Any) -> str:
    return (
        "a wrapper" if _is_one(type(value), FunctionType, MethodType) else _article(_type_name(type(value)))
    )


def _judge_asgiref(value: Any, depth: int) -> Optional[Answer]:
    """``sync_to_async(f)`` is awaited for what ``f`` returns, so only a constructor fits in there."""
    name = _type_name(type(value))
    if name == "SyncToAsync":
        shape = _shape(value.func)
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
        if _part(names[0]) == _RECEIVE and _part(names[1]) == _SEND:
            return "named"
        if _part(names[0]) not in (_ENVIRON, _SELF):
            best = "counted"
    return best


def _makes_application(function: Any) -> bool:
    """Whether the body contains a function with three arguments: a middleware or a factory."""
    code = getattr(function, "__code__", None)
    return type(code) is CodeType and any(count == 3 for _, count in _inner_codes(code))


def _makes_decorator(function: Any) -> bool:
    code = getattr(function, "__code__", None)
    return type(code) is CodeType and any(
        count == 1 and inner.co_argcount and _part(inner.co_varnames[0]) == _APP
        for inner, count in _inner_codes(code)
    )


def has_plain_double_call(app: Any) -> bool:
    """Whether nothing that is seen forbids the bare ``await app(scope)(receive, send)``.

    False for the double-callables that only an adapter can run: a constructor that is a coroutine
    function, and what returns, or is a class of, instances that take (scope, receive, send).
    """
    try:
        shape = _shape(app)
        if shape is None:
            return True
        if shape.kind == "async" or _type_name(type(app)) == "SyncToAsync":
            return False
        if shape.kind == "class":
            return _takes_second_half(shape.owner)
        function = shape.function
        if _makes_instance(function):
            return True
        named = _named(function, shape.owner)
        classes = [each for each in named if _is_class(each) and _on_type(each, "__call__") is not _MISSING]
    except Exception:
        return True
    return not classes or any(map(_takes_second_half, classes))


def _takes_second_half(cls: Any) -> bool:
    call = _call_shape(cls)
    return call is None or call.takes(2)


def _call_shape(cls: Any) -> Optional[_Shape]:
    """What calling an instance of a class takes, without making one."""
    raw = _raw_call(cls)
    if raw is _MISSING or raw is None:
        return None
    raw = _unwrapped_method(raw)
    called = _instance_call(cls, raw)
    call = _shape(called) if called is not _MISSING else None
    if call is not None and called is raw and not call.pass_through and _binds(raw):
        call = call.bind((cls,))
    return call


def has_coroutine_instances(app: Any) -> bool:
    """Whether the instances of a double-callable are seen to be coroutine functions.

    True for a class whose ``__call__`` is an ``async def`` and for a function with ``async def``
    functions of two arguments in its body, and only those; False also means "cannot be seen".
    """
    try:
        shape = _shape(app)
        if shape is None or shape.kind == "async":
            return False
        if shape.kind == "class":
            raw = _on_type(shape.owner, "__call__")
            return type(raw) is FunctionType and _kind_of_code(raw.__code__.co_flags) == "async"
        halves = [inner for inner, count in _inner_codes(shape.function.__code__) if count == 2]
    except Exception:
        return False
    return bool(halves) and all(_kind_of_code(inner.co_flags) == "async" for inner in halves)


def _parameters(shape: _Shape) -> str:
    parts = list(shape.names)
    if shape.varargs:
        parts.append("*args")
    parts.extend(f"{name}=..." for name in shape.wanting)
    return "(" + ", ".join(parts) + ")"


_PLAIN = {"": "function", "async": "coroutine function", "class": "class"}


def _judge_call(value: Any, shape: Optional[_Shape], depth: int) -> Answer:
    """Anything but a class: by the numbers of arguments, then names, then what the body contains."""
    if shape is None:
        return _judge_opaque(value)
    if shape.kind == "class":
        return _judge_class(shape.owner, depth, shape)
    what = f"{_PLAIN.get(shape.kind, shape.kind + ' function')} that takes {_parameters(shape)}"
    if not issubclass(type(value), (FunctionType, MethodType, partial, type)):
        what = f"instance of {_type_name(type(value))} whose __call__ is a {what}"
    if shape.kind == "async generator":
        return _answer(
            Style.NOT_AN_APP, what, "it yields instead of answering; hand it to the framework as its lifespan"
        )
    if shape.kind == "generator":
        if shape.takes(2) and shape.part(0) not in (_SELF, _RECEIVE):
            return _answer(Style.WSGI, what)
        return _answer(Style.NOT_AN_APP, what, "a generator function answers no ASGI call")
    bound = _judge_bound(value, shape, depth)
    if bound is not None:
        return bound
    if (
        shape.kind != "async"
        and shape.takes(2)
        and shape.part(1) == _START_RESPONSE
        and shape.part(0) != _SELF
    ):
        return _answer(Style.WSGI, what)
    return _judge_async(shape, what) if shape.kind == "async" else _judge_plain(shape, what)


def _judge_opaque(value: Any) -> Answer:
    kind = type(value)
    if kind is BuiltinFunctionType and _is_pythons_own(value):
        return _answer(Style.NOT_AN_APP, f"{value.__name__} is a built-in function of Python")
    if (
        _is_one(kind, _SlotWrapper, _MethodDescriptor)
        or _is_pythons_module(_type_module(kind))
        and _type_name(kind)
        in (
            "attrgetter",
            "itemgetter",
            "methodcaller",
            "method-wrapper",
        )
    ):
        return _answer(Style.NOT_AN_APP, f"{_article(_type_name(kind))} of Python itself")
    if issubclass(kind, partial) and _shape(value.func) is not None:
        return _answer(Style.NOT_AN_APP, "a partial whose arguments do not fit what it would call")
    if _on_type(kind, "__call__") is not _MISSING and type(_on_type(kind, "__call__")) is property:
        return _answer(Style.UNKNOWN, f"{_article(_type_name(kind))} whose __call__ is a property")
    return _answer(
        Style.UNKNOWN, f"{_article(_type_name(kind))} that does not tell what it takes (compiled code)"
    )


def _article(name: str) -> str:
    return f"an {name}" if name[:1].lower() in "aeiou" else f"a {name}"


def _judge_bound(value: Any, shape: _Shape, depth: int) -> Optional[Answer]:
    """A partial that has already eaten an argument of the protocol is no application any more."""
    if not issubclass(type(value), partial) or not value.args and not value.keywords:
        return None
    if any(issubclass(type(each), dict) and "type" in each for each in value.args) or _SCOPE in map(
        _part, value.keywords
    ):
        return _answer(
            Style.NOT_AN_APP,
            f"a partial that has bound the scope already, leaving {_parameters(shape)}",
            "that is what an application returns for one connection: pass the application",
        )
    if shape.part(0) == _ENVIRON or shape.part(1) == _START_RESPONSE:
        return None
    if shape.takes(3) or shape.takes(1) and not shape.takes(0):
        if not (shape.kind == "async" and not shape.takes(3)):
            return None
    whole = _shape(value.func)
    style = _judge(value.func, depth + 1)[0]
    eaten = whole is not None and _SCOPE in [_part(name) for name in whole.names[: len(value.args)]]
    if value.args and (eaten or style.is_application):
        return _answer(
            Style.NOT_AN_APP,
            f"a partial that has bound arguments of the ASGI call already, leaving {_parameters(shape)}",
            "bind options only, and leave scope, receive and send to the server",
        )
    if {_RECEIVE, _SEND} & set(map(_part, value.keywords)) and style.is_application:
        return _answer(
            Style.NOT_AN_APP,
            f"a partial that has bound arguments of the ASGI call already, leaving {_parameters(shape)}",
            "bind options only, and leave scope, receive and send to the server",
        )
    return None


def _needs_more(shape: _Shape, what: str) -> Answer:
    if shape.wanting:
        missing = ", ".join(f"{name}=..." for name in shape.wanting)
        remedy = f"bind the missing options: functools.partial(app, {missing})"
    elif shape.part(0) == _SELF:
        remedy = "it is a method taken from the class: take it from an instance"
    elif shape.part(0) == _APP:
        remedy = "it is a middleware: bind the application it wraps with functools.partial"
    else:
        remedy = "bind what is not scope, receive and send with functools.partial"
    return _answer(Style.NOT_AN_APP, what, remedy)


_INNER_HALF = "it is the second half of a double-callable application: pass the function that returns it"
_VIEW = "it is a view: pass the application that routes to it"


def _judge_async(shape: _Shape, what: str) -> Answer:
    first = shape.part(0)
    if shape.takes(3):
        if first == _SELF and shape.required == 3:
            return _needs_more(shape, what)
        if first == _REQUEST and shape.part(2) != _SEND:
            return _answer(Style.NOT_AN_APP, what, _VIEW)
        if shape.takes(0) and not shape.varargs and first not in ("", _SCOPE) and shape.part(2) != _SEND:
            return _judge_factory(shape, what)
        return _answer(Style.SINGLE, what)
    if shape.takes(1):
        if first == _SCOPE or _makes_instance(shape.function) == "named":
            return _answer(Style.DOUBLE, what + " and is awaited for the instance")
        if shape.takes(0):
            return _judge_factory(shape, what)
        return _answer(Style.NOT_AN_APP, what, _VIEW)
    if shape.takes(0):
        return _judge_factory(shape, what)
    if shape.takes(2):
        return _answer(Style.NOT_AN_APP, what, _INNER_HALF)
    return _needs_more(shape, what)


def _judge_plain(shape: _Shape, what: str) -> Answer:
    first = shape.part(0)
    instance = _makes_instance(shape.function)
    if shape.takes(1) and shape.takes(3):
        return _judge_one_and_three(shape, what, instance)
    if shape.takes(3):
        if first == _SELF and shape.required == 3:
            return _needs_more(shape, what)
        if first == _REQUEST and shape.part(2) != _SEND:
            return _answer(Style.NOT_AN_APP, what, _VIEW)
        if shape.part(2) == _START_RESPONSE:
            return _needs_more(shape, what)
        if _returns_nothing(shape.function):
            return _answer(Style.NOT_AN_APP, f"{what} and returns nothing", "has its async been forgotten?")
        return _answer(Style.SINGLE, what)
    if shape.takes(1):
        return _judge_one(shape, what, instance)
    if shape.takes(0):
        return _judge_factory(shape, what)
    if shape.takes(2):
        if first == _RECEIVE or shape.part(1) == _SEND:
            return _answer(Style.NOT_AN_APP, what, _INNER_HALF)
        if first in (_SELF, _SCOPE, _APP):
            return _needs_more(shape, what)
        if first == _REQUEST:
            return _answer(Style.NOT_AN_APP, what, _VIEW)
        if first == _ENVIRON or _speaks_wsgi(shape.function):
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
    if type(code) is not CodeType or code.co_flags & (_GENERATOR | _ASYNC_GENERATOR):
        return False
    import opcode

    load, value = opcode.opmap["LOAD_CONST"], opcode.opmap["RETURN_VALUE"]
    constant = opcode.opmap.get("RETURN_CONST")
    steps, constants, found, before = code.co_code, code.co_consts, False, (-1, 0)
    for step in zip(steps[::2], steps[1::2]):
        if step[0] == value or step[0] == constant:
            source = step if step[0] == constant else before
            if source[0] not in (load, constant) or constants[source[1]] is not None:
                return False
            found = True
        before = step
    return found


def _judge_factory(shape: _Shape, what: str) -> Answer:
    """A callable without required arguments; its annotation or code may say that it makes nothing."""
    if _returns_nothing(shape.function):
        return _answer(Style.NOT_AN_APP, f"{what} and returns nothing", "pass the application, or return it")
    try:
        made = shape.function.__annotations__.get("return", _MISSING)
    except Exception:
        made = _MISSING
    own = None if shape.owner is _MISSING or _is_class(shape.owner) else type(shape.owner)
    if made is None or made in ("None", "int", "str", "bool", int, str, bool):
        return _answer(Style.NOT_AN_APP, f"{what} and returns {made if isinstance(made, str) else made!r}")
    if own is not None and (made is own or isinstance(made, str) and made.strip("'\"") == _type_name(own)):
        return _answer(Style.NOT_AN_APP, f"{what} and returns another {_type_name(own)}")
    return _answer(Style.FACTORY, what, "await it and pass what it returns" if shape.kind == "async" else "")


def _judge_one_and_three(shape: _Shape, what: str, instance: str) -> Answer:
    first = shape.part(0)
    if shape.part(1) == _RECEIVE and shape.part(2) == _SEND:
        return _answer(Style.EITHER, what)
    if shape.varargs:
        if first in (_REQUEST, _APP, _SELF):
            return _judge_one(shape, what, "")
        if first == _SCOPE and instance:
            return _answer(Style.DOUBLE, what + " and contains the instance")
        return _answer(Style.UNKNOWN, what + ", so both calls would be accepted")
    if instance == "named":
        return _answer(Style.DOUBLE, what + " and contains the instance")
    if shape.takes(0) and first != _SCOPE:
        return _judge_factory(shape, what)
    if first in (_APP, _REQUEST, _SELF, _ENVIRON):
        return _judge_one(shape, what, instance)
    if first == _SCOPE or instance or _refers_to_instance(shape):
        return _answer(Style.DOUBLE, what + ", of which two are options")
    return _answer(Style.UNKNOWN, what + ", and neither its name nor its body says what for")


def _refers_to_instance(shape: _Shape) -> bool:
    """Whether a function of one oddly named argument names what makes an instance, or delegates to it.

    A class whose instances take (receive, send), another function of the scope, or, beside a partial,
    a function that takes receive and send after it.
    """
    function = shape.function
    if type(function) is not FunctionType:
        return False
    names = function.__code__.co_names
    for each in _named(function, shape.owner):
        if _is_class(each):
            call = _call_shape(each)
            if call is not None and call.takes(2) and call.part(0) == _RECEIVE and call.part(1) == _SEND:
                return True
            continue
        told = _shape(each)
        if told is None:
            continue
        parts = [_part(name) for name in told.names]
        if told.takes(1) and parts[:1] == [_SCOPE]:
            return True
        if parts[-2:] == [_RECEIVE, _SEND] and ("partial" in names or "functools" in names):
            return True
    return False


def _judge_one(shape: _Shape, what: str, instance: str) -> Answer:
    first = shape.part(0)
    if not instance and _returns_nothing(shape.function):
        return _answer(
            Style.NOT_AN_APP, f"{what} and returns nothing", "has its return statement been forgotten?"
        )
    if first == _SCOPE or instance == "named":
        return _answer(Style.DOUBLE, what)
    if shape.takes(0):
        return _judge_factory(shape, what)
    if first in (_APP, _CONFIG, _ENVIRON):
        remedy = (
            "it is a middleware or a decorator: call it with the application and pass what it returns"
            if first == _APP
            else "it is a factory: call it with its configuration and pass what it returns"
        )
        return _answer(Style.NOT_AN_APP, what, remedy)
    if first == _REQUEST:
        return _answer(Style.NOT_AN_APP, what, _VIEW)
    if first == _SELF:
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
        _is_one(type(each), FunctionType, staticmethod, classmethod) for each in _type_dict(cls).values()
    )


def _judge_class(cls: Any, depth: int, bound: Optional[_Shape] = None) -> Answer:
    """A class (or a partial of one): by what its constructor and its instances take."""
    name, module = _type_name(cls), _type_module(cls)
    if _is_one(BaseException, *_type_mro(cls)) and _on_type(cls, "__call__") is _on_type(cls, "__await__"):
        return _answer(Style.NOT_AN_APP, f"{name} is an exception class")
    if _type_dict(cls).get("__abstractmethods__") or _type_dict(cls).get("_is_protocol") is True:
        return _answer(Style.NOT_AN_APP, f"{name} is an abstract class: it has no instances")
    if module == "typing" or _is_pythons_module(module) and not _is_written_in_python(cls):
        return _answer(Style.NOT_AN_APP, f"{name} is a built-in class of Python")
    if issubclass(cls, type):
        return _answer(Style.NOT_AN_APP, f"{name} is a metaclass")
    shape = bound or _shape(cls)
    meta = _on_type(type(cls), "__call__")
    if bound is None and type(meta) is FunctionType:
        through_meta = _shape_of_function(meta)
        through_meta = through_meta and through_meta.bind((cls,))
        if through_meta is not None and (through_meta.kind == "async" or not through_meta.pass_through):
            if through_meta.takes(3) and (through_meta.kind == "async" or not through_meta.takes(1)):
                return _answer(
                    Style.SINGLE, f"class {name} whose metaclass takes {_parameters(through_meta)}"
                )
            shape = _Shape(
                through_meta.names,
                through_meta.required,
                through_meta.varargs,
                through_meta.wanting,
                through_meta.varkw,
                "class",
                meta,
                cls,
            )
    raw = _raw_call(cls)
    call = _call_shape(cls)
    awaitable = _has(cls, "__await__")
    iterable = _has(cls, "__iter__") or _has(cls, "__getitem__")
    opaque = raw is not _MISSING and raw is not None and call is None
    if shape is None:
        if raw is _MISSING and not awaitable:
            return _answer(Style.NOT_AN_APP, f"{name} is a plain class: its instances cannot be called")
        return _answer(Style.UNKNOWN, f"class {name} does not tell what it takes (compiled code)")
    takes = _parameters(shape)
    if call is None and not opaque and not awaitable:
        return _judge_plain_class(cls, name, shape, takes, iterable, depth)
    if shape.required and shape.part(0) == _APP and (opaque or call is not None and call.takes(3)):
        return _unapplied(name)
    if opaque:
        return _answer(
            Style.UNKNOWN, f"class {name} whose instances do not tell what they take (compiled code)"
        )
    return _judge_constructed(cls, name, shape, takes, call, awaitable)


def _binds(raw: Any) -> bool:
    return (
        not _is_class(raw)
        and not issubclass(type(raw), partial)
        and _on_type(type(raw), "__get__") is not _MISSING
    )


def _instance_call(cls: type, raw: Any) -> Any:
    """``__call__`` as an instance of ``cls`` would have it, without making one."""
    if type(raw) is staticmethod:
        return raw.__func__
    if type(raw) is classmethod:
        return MethodType(raw.__func__, cls)
    if type(raw) is partialmethod:
        return partial(MethodType(raw.func, cls), *raw.args, **raw.keywords)
    if _is_one(type(raw), _Member, _GetSet, property):
        return _MISSING
    return raw


def _judge_plain_class(cls: Any, name: str, shape: _Shape, takes: str, iterable: bool, depth: int) -> Answer:
    """Instances can be neither called nor awaited."""
    new = _on_type(cls, "__new__")
    new = new.__func__ if type(new) is staticmethod else new
    if type(new) is FunctionType:
        made = _shape_of_function(new)
        made = made and made.bind((cls,))
        if made is not None and (made.kind or made.takes(3) or _makes_instance(new)):
            style, reason, remedy = _judge_call(new, made, depth + 1)
            return style, f"class {name} whose __new__ is a {reason}", remedy
    if (
        iterable
        and shape.takes(2)
        and not shape.takes(1)
        and any(type(_on_type(cls, name)) is FunctionType for name in ("__iter__", "__getitem__"))
        and not _is_one(tuple, *_type_mro(cls))
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
    cls: Any, name: str, shape: _Shape, takes: str, call: Optional[_Shape], awaitable: bool
) -> Answer:
    first = shape.part(0)
    wsgi = call is not None and call.part(0) == _ENVIRON and call.takes(2)
    second_half = call is not None and call.takes(2) and not wsgi and not (call.takes(3) and first != _SCOPE)
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
    if shape.takes(1) and first == _SCOPE and call.takes(3) and call.part(0) != _RECEIVE:
        return _answer(
            Style.DOUBLE, f"class {name} that takes {takes} and whose instances take (scope, receive, send)"
        )
    of_instances = _judge_async(call, "") if call.kind == "async" else _judge_plain(call, "")
    if of_instances[0].is_application or call.takes(3):
        kind = "double-callable" if of_instances[0] is Style.DOUBLE else "single-callable"
        reason = f"class {name} whose instances are {kind} applications"
        if shape.takes(0):
            if _on_type(cls, "as_asgi") is not _MISSING:
                return _answer(Style.FACTORY, reason, f"call .as_asgi(): pass {name}.as_asgi()")
            return _answer(Style.FACTORY, reason, f"make an instance: pass {name}()")
        if first == _APP:
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
            Style.UNKNOWN, f"looking at it raised {type(error).__name__} in {_type_name(type(app))}"
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
        if _own_dict(app).get(other) or (_is_class(app) and _type_dict(app).get(other)):
            setattr(app, other, False)
    except (AttributeError, TypeError) as error:
        raise DetectionError(
            f"{shown(app)} does not take attributes, so it cannot be marked ({error}); wrap it with"
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
    if not _is_class(type):
        raise TypeError(f"register_unwrapper needs the class of the wrapper, got {type!r}")
    if not callable(function):
        raise TypeError(f"register_unwrapper needs a function from wrapper to wrapped, got {function!r}")
    _UNWRAPPERS[id(type)] = (type, function)
