"""What does one call of this object take?

Laws

1. Nothing here is called to find out. Looking may read what is really there (instance and class
   dictionaries, slots, closures); it never asks ``__getattr__``, because a proxy or a mock answers
   anything.
2. ``__code__`` is read and not ``inspect.signature``: a signature follows ``__wrapped__`` and
   ``__signature__`` and so tells what a wrapper wraps, where we want to know what the wrapper takes.
   It also costs thirty times as much, and `inspect` must not be imported while this package loads.
3. The answer is the same on every Python we support: bytecode is read for nothing but the presence of
   an operation that all of them have.

It gives a `Shape`, or what an object holds inside. What kind of application that makes is `_detect`'s
to say.
"""

from __future__ import annotations

import sys
from _weakref import CallableProxyType
from functools import partial, partialmethod
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType, ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence, Tuple

# ---------------------------------------------------------------------------------------------
# The parts that parameters play, by their names.

SCOPE, RECEIVE, SEND = "scope", "receive", "send"
ENVIRON, START_RESPONSE = "environ", "start_response"
APP, REQUEST, SELF, CONFIG = "app", "request", "self", "config"

#: Parameter name (leading and trailing underscores removed, lower case) -> the part it plays.
_PARTS = {
    name: part
    for part, names in (
        (SCOPE, "scope asgi_scope connection_scope conn_scope scp"),
        (RECEIVE, "receive recv rcv rx receiver receive_ asgi_receive r get_message"),
        (SEND, "send snd tx sender asgi_send w put_message"),
        (ENVIRON, "environ env environment wsgi_environ wsgi_env e"),
        (START_RESPONSE, "start_response start sr start_resp startresponse start_fn"),
        (
            APP,
            "app application asgi_app asgi wsgi_app inner inner_app wrapped next_app downstream"
            " asgi_application get_response next call_next func fn function handler view endpoint"
            " callback coro coroutine method klass main wrapper wrapped_app",
        ),
        (REQUEST, "request req event message msg body payload websocket ws"),
        (SELF, "self cls mcs mcls metacls"),
        (CONFIG, "config settings conf cfg options opts debug testing config_name name env_name"),
    )
    for name in names.split()
}

# ---------------------------------------------------------------------------------------------
# Looking without asking: what is in the dictionaries, not what __getattr__ would say.

MISSING: Any = object()
type_dict: Any = type.__dict__["__dict__"].__get__
type_mro: Any = type.__dict__["__mro__"].__get__

_GetSet = type(FunctionType.__dict__["__code__"])
Member = type(FunctionType.__dict__["__globals__"])
SlotWrapper = type(object.__init__)
MethodDescriptor = type(str.join)
_BuiltinNew = type(object.__new__)
_MethodWrapper = type(object().__str__)


type_name: Any = type.__dict__["__name__"].__get__
_type_text: Any = type.__dict__["__text_signature__"].__get__
type_module: Any = type.__dict__["__module__"].__get__


def is_class(value: object) -> bool:
    """Whether a value is a class, whatever its metaclass says of itself."""
    return issubclass(type(value), type)


def on_type(cls: type, name: str) -> Any:
    """The raw class attribute, from the first class of the resolution order that has it."""
    for base in type_mro(cls):
        found = type_dict(base).get(name, MISSING)
        if found is not MISSING:
            return found
    return MISSING


def type_has(cls: type, name: str) -> bool:
    """Whether a class has an attribute that is not None, as in ``__hash__ = None``."""
    found = on_type(cls, name)
    return found is not MISSING and found is not None


def is_one(kind: object, *kinds: object) -> bool:
    """``kind in kinds``, without asking a metaclass whether two classes are equal."""
    for each in kinds:
        if kind is each:
            return True
    return False


def own_dict(value: object) -> Dict[str, Any]:
    """The instance's own dictionary, or an empty one."""
    try:
        found = object.__getattribute__(value, "__dict__")
    except Exception:
        return {}
    return found if issubclass(type(found), dict) else {}


def static(value: object, name: str) -> Any:
    """The attribute as it is stored: on the instance, or in a slot or C field of its type."""
    own = own_dict(value)
    if name in own:
        return own[name]
    raw = on_type(type(value), name)
    if is_one(type(raw), Member, _GetSet):
        try:
            return raw.__get__(value, type(value))
        except Exception:
            return MISSING
    return MISSING


# ---------------------------------------------------------------------------------------------
# Shapes: what one call of an object takes.


class Shape:
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
        owner: Any = MISSING,
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
        """Whether a call with that many positional arguments fits."""
        return not self.wanting and self.required <= count and (self.varargs or count <= len(self.names))

    def part(self, index: int) -> str:
        """The part that an open parameter plays, "" for none."""
        return part_of(self.names[index]) if index < len(self.names) else ""

    @property
    def pass_through(self) -> bool:
        """Takes exactly ``*args``, with or without ``**kwargs``."""
        return self.varargs and not self.names and not self.wanting

    def bind(
        self, values: Sequence[Any], keywords: Sequence[str] = (), owner: Any = MISSING
    ) -> Optional[Shape]:
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
        return Shape(
            names,
            required,
            self.varargs and not any(keyword in self.names for keyword in keywords),
            tuple(wanting),
            self.varkw,
            self.kind,
            self.function,
            self.owner if owner is MISSING or self.kind == "class" else owner,
            self.bound + tuple(values),
        )

    def _keyword_only(self, name: str) -> bool:
        code = getattr(self.function, "__code__", None)
        if code is None:
            return True
        count = code.co_argcount
        return name in code.co_varnames[: count + code.co_kwonlyargcount]


def part_of(name: str) -> str:
    """The part that a parameter of this name plays, "" for none."""
    return _PARTS.get(name.strip("_").lower(), "")


_VARARGS, _VARKEYWORDS, GENERATOR, _COROUTINE, _ITERABLE_COROUTINE, ASYNC_GENERATOR = (
    4,
    8,
    32,
    128,
    256,
    512,
)


def kind_of_code(flags: int) -> str:
    """The kind of function that the flags of a code object tell: as in `Shape`."""
    if flags & (_COROUTINE | _ITERABLE_COROUTINE):
        return "async"
    if flags & ASYNC_GENERATOR:
        return "async generator"
    return "generator" if flags & GENERATOR else ""


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
        found = own_dict(function).get(attribute, MISSING)
        if found is MISSING and type(function) is not FunctionType and not is_class(function):
            found = on_type(type(function), attribute)
        if found is mark:
            return True
    # Cython 3 answers for its coroutine functions from C.
    value = static(function, "_is_coroutine") if type(function) is not FunctionType else MISSING
    return value is not MISSING and value is not None and value is not False


def shape_of_function(function: Any) -> Optional[Shape]:
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
    kind = kind_of_code(code.co_flags)
    if not kind and _marked_async(function):
        kind = "async"
    if len(names) != count:
        return None
    return Shape(
        names,
        count - len(defaults),
        bool(code.co_flags & _VARARGS),
        wanting,
        bool(code.co_flags & _VARKEYWORDS),
        kind,
        function,
    )


def _shape_of_text(text: str, value: Any) -> Optional[Shape]:
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
    return Shape(tuple(names), required, varargs, tuple(wanting), varkw, "", value)


def _shape_of_compiled(value: Any) -> Optional[Shape]:
    """What a function without Python code tells, where it can be believed.

    mypyc 2.4: the functions of its own type, which are the coroutine functions, claim the signature
    ``()`` and are known by the flag of their ``__code__`` only; those it leaves as built-ins carry a
    true ``__text_signature__``. Cython writes one into the docstring with ``embedsignature=True``.
    """
    code = static(value, "__code__")
    if code is not MISSING:
        if type_name(type(value)) == "cython_function_or_method":
            try:
                return shape_of_function(value)
            except Exception:
                return None
        if isinstance(getattr(code, "co_flags", None), int) and code.co_flags & _COROUTINE:
            return Shape((), 0, True, (), True, "async", value)
        return None
    if _marked_async(value):
        return Shape((), 0, True, (), True, "async", value)
    if type(value) is not BuiltinFunctionType or is_pythons_own(value):
        return None
    text: Any = getattr(value, "__text_signature__", None)
    if text is None:
        first = (value.__doc__ or "").split("\n")[0]
        # A method's docstring names its self, which the bound built-in has taken already.
        text = first if first.startswith(value.__name__ + "(") and first.rstrip().endswith(")") else None
        text = text and text.replace("(self, ", "(").replace("(self)", "()")
    return _shape_of_text(text, value) if text else None


def is_pythons_own(value: Any) -> bool:
    """Whether a built-in function or method belongs to the interpreter and not to somebody's module."""
    module = value.__module__
    if module is None:
        owner = value.__self__
        if owner is None:
            return False
        module = owner.__name__ if isinstance(owner, ModuleType) else type_module(_class_of(owner))
    return is_pythons_module(module)


_PYTHONS_MODULES = frozenset(
    [*sys.builtin_module_names, *(name.lstrip("_") for name in sys.builtin_module_names), "types", "typing"]
)


def is_pythons_module(name: Any) -> bool:
    """Whether a module is the interpreter's, or the Python face of one of its C modules."""
    return type(name) is str and name in _PYTHONS_MODULES


def _class_of(value: Any) -> Any:
    return value if is_class(value) else type(value)


def shape_of(value: Any, depth: int = 0) -> Optional[Shape]:
    """What calling ``value`` takes, or None where nothing tells (compiled code, hostile objects)."""
    if depth > 16:
        return None
    kind = type(value)
    if kind is FunctionType:
        partial_method = own_dict(value).get("_partialmethod") or own_dict(value).get("__partialmethod__")
        if isinstance(partial_method, partialmethod):
            shape = shape_of(partial_method.func, depth + 1)
            return shape and shape.bind((), tuple(partial_method.keywords))
        return shape_of_function(value)
    if kind is MethodType:
        if type(value.__func__) is SlotWrapper and value.__func__.__name__ == "__call__":
            return shape_of(value.__self__, depth + 1)  # type.__call__, bound to a class
        shape = shape_of(value.__func__, depth + 1)
        return shape and shape.bind((value.__self__,), owner=value.__self__)
    if issubclass(kind, partial):
        shape = shape_of(value.func, depth + 1)
        return shape and shape.bind(value.args, tuple(value.keywords))
    if is_one(kind, staticmethod, classmethod):
        return shape_of(value.__func__, depth + 1)
    if is_class(value):
        return _shape_of_class(value, depth + 1)
    if kind is _MethodWrapper:
        return shape_of(value.__self__, depth + 1) if value.__name__ == "__call__" else None
    if kind is CallableProxyType:
        return shape_of(value.__call__, depth + 1)
    raw = raw_call(kind)
    if is_one(kind, SlotWrapper, MethodDescriptor):
        return None
    if kind is BuiltinFunctionType or is_one(type(raw), SlotWrapper, MethodDescriptor):
        return _shape_of_proxy(value, depth) or _shape_of_compiled(value)
    found = _called(value, raw)
    if found is MISSING:
        return None
    shape = shape_of(found, depth + 1)
    if shape is not None:
        if shape.owner is MISSING:
            shape.owner = value
        if not shape.kind and _marked_async(value):
            shape.kind = "async"
    return shape


def raw_call(cls: type) -> Any:
    """``__call__`` from the dictionaries of a class; one that only hands on to super's is passed over."""
    found = MISSING
    for base in type_mro(cls):
        raw = type_dict(base).get("__call__", MISSING)
        if raw is MISSING:
            continue
        if found is MISSING or type(raw) is FunctionType:
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


def _shape_of_proxy(value: Any, depth: int) -> Optional[Shape]:
    """wrapt's proxies that say more about their call than what they wrap."""
    kind = type(value)
    signature = on_type(kind, "__signature__")
    if type(signature) is property and signature.fget is not None:
        # wrapt.decorator(adapter=...): the call is that of the prototype.
        found = signature.fget(value)
        return _shape_of_text(str(found).split(" -> ")[0], value) if found is not None else None
    if any(type_name(base) == "PartialCallableObjectProxy" for base in type_mro(kind)):
        args, keywords = static(value, "_self_args"), static(value, "_self_kwargs")
        shape = (
            None if args is MISSING or keywords is MISSING else shape_of(static(value, "__wrapped__"), depth)
        )
        return shape and shape.bind(args, tuple(keywords))
    return None


_PLAIN_METHODS = (FunctionType, MethodType, staticmethod, classmethod, partialmethod, property)


def unwrapped_method(raw: Any) -> Any:
    """A class attribute without the function wrappers that agents put around it (wrapt's)."""
    for _ in range(16):
        if is_one(type(raw), *_PLAIN_METHODS) or is_class(raw) or on_type(type(raw), "__get__") is MISSING:
            break
        wrapped = static(raw, "__wrapped__") if on_type(type(raw), "__call__") is not MISSING else MISSING
        if wrapped is MISSING:
            break
        raw = wrapped
    return raw


def _called(value: Any, raw: Any) -> Any:
    """What Python calls when it calls ``value``: ``raw`` from the type's dictionaries, bound."""
    raw = unwrapped_method(raw)
    kind = type(raw)
    if raw is None or raw is MISSING:
        return MISSING
    if kind is FunctionType:
        return MethodType(raw, value)
    if kind is staticmethod:
        return raw.__func__
    if kind is classmethod:
        return MethodType(raw.__func__, type(value))
    if kind is property:
        return MISSING  # its getter is somebody's code: Python runs it at each call, we do not
    if on_type(kind, "__get__") is MISSING or is_class(raw):
        return raw
    if issubclass(kind, partial):
        # A partial in a class body is not bound by the Pythons we support (3.14 changes that).
        return raw
    try:
        return kind.__get__(raw, value, type(value))
    except Exception:
        return MISSING


def _constructors(cls: type) -> Iterator[Tuple[str, Any]]:
    """``__init__`` and ``__new__`` of the classes in resolution order, the nearest first."""
    for name in ("__init__", "__new__"):
        for base in type_mro(cls):
            raw = type_dict(base).get(name, MISSING)
            if raw is not MISSING:
                yield name, unwrapped_method(raw.__func__ if type(raw) is staticmethod else raw)


_object_init: Any = object.__init__
_object_new: Any = object.__new__


#: Built-in types whose constructor takes one optional positional argument, for classes derived from them.
_TAKES_ONE = tuple(
    type_dict(kind).get(name)
    for kind in (dict, list, tuple, set, frozenset, str, bytes, int, float)
    for name in ("__init__", "__new__")
    if name in type_dict(kind)
)
_TAKES_ANY = tuple(type_dict(BaseException).get(name) for name in ("__init__", "__new__"))


def _shape_of_class(cls: Any, depth: int) -> Optional[Shape]:
    """What instantiating takes; a constructor that hands everything on is looked through."""
    found: Dict[str, Optional[Shape]] = {}
    for name, raw in _constructors(cls):
        if name in found:
            continue
        if raw is _object_init or raw is _object_new:
            found[name] = None
            continue
        if any(raw is each for each in _TAKES_ONE):
            found[name] = Shape(("value",), 0, False, (), False, "class", cls)
            continue
        if any(raw is each for each in _TAKES_ANY):
            found[name] = Shape((), 0, True, (), False, "class", cls)
            continue
        if is_one(type(raw), SlotWrapper, _BuiltinNew):
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
            found[name] = shape_of(instance_call(cls, raw), depth)
            continue
        shape = shape_of(raw, depth)
        if shape is not None and shape.pass_through and "__wrapped__" in own_dict(raw):
            shape = shape_of(own_dict(raw)["__wrapped__"], depth)
        shape = shape and shape.bind((cls,))
        if shape is None:
            return None
        if type(raw) is FunctionType and _hands_on(raw, name):
            continue
        found[name] = shape
    shapes = [shape for shape in found.values() if shape is not None]
    if not shapes:
        # Nothing but object's own, or constructors that hand on to it: no argument at all.
        return Shape((), 0, False, (), False, "class", cls)
    shape = shapes[0] if len(shapes) == 1 else _narrower(shapes)
    return Shape(
        shape.names, shape.required, shape.varargs, shape.wanting, shape.varkw, "class", shape.function, cls
    )


def _narrower(shapes: List[Shape]) -> Shape:
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
UNWRAPPERS: Dict[int, Tuple[type, Callable[[Any], Any]]] = {}

#: Wrappers of packages that we never import, by the module and name of a class in the resolution
#: order, and the attribute that holds what they call.
_KNOWN_WRAPPERS = {
    ("werkzeug.local", "LocalProxy"): "_get_current_object()",
    ("typing", "_GenericAlias"): "__origin__",
    ("types", "GenericAlias"): "__origin__",
    ("functools", "_lru_cache_wrapper"): "__wrapped__",
}


def _is_pythons_function(value: Any) -> bool:
    return type(value) is BuiltinFunctionType and is_pythons_own(value)


def known_wrapper(base: type) -> Optional[str]:
    """The attribute under which a well-known wrapper class holds what it wraps."""
    if type_name(base) in ("ObjectProxy", "BaseObjectProxy") and "__wrapped__" in type_dict(base):
        return "__wrapped__"  # wrapt's, under whatever name an agent carries its copy of it
    return _KNOWN_WRAPPERS.get((type_module(base), type_name(base)))


def look_through(value: Any, shape: Optional[Shape]) -> Any:
    """The object that a pass-through wrapper hands its arguments to, or MISSING."""
    kind = type(value)
    for base in type_mro(kind):
        registered = UNWRAPPERS.get(id(base))
        if registered is not None:
            return registered[1](value)
        how = known_wrapper(base)
        if how == "_get_current_object()":
            return value._get_current_object()
        if how is not None:
            return getattr(value, how)
    if shape is None:
        if kind is FunctionType or kind is BuiltinFunctionType or is_class(value):
            return MISSING
        # A proxy whose call is made in C: wrapt's, and the copies of it that agents carry.
        return static(value, "__wrapped__")
    if not shape.varargs:
        return MISSING
    function, owner = shape.function, shape.owner
    registry = own_dict(function).get("registry")
    if registry is not None and "dispatch" in own_dict(function):
        # functools.singledispatch: with one entry, that of object, there is nothing to choose.
        return own_dict(function).get("__wrapped__", MISSING) if len(registry) == 1 else MISSING
    if type(function) is not FunctionType or _unpacks(function):
        return MISSING
    wrapped = own_dict(function).get("__wrapped__", MISSING)
    if wrapped is not MISSING:
        if owner is not MISSING and type(wrapped) is FunctionType:
            return MethodType(wrapped, owner)
        return wrapped
    if owner is not MISSING and not is_class(owner):
        return static(owner, "__wrapped__")
    return MISSING


def held_by(value: Any, shape: Optional[Shape]) -> List[Any]:
    """What a pass-through wrapper without ``__wrapped__`` could be calling.

    The callables that its code names: attributes of the instance, variables it closes over, globals.
    """
    if shape is None or not shape.varargs:
        return []
    function, owner = shape.function, shape.owner
    if type(function) is not FunctionType or "registry" in function.__dict__ or _unpacks(function):
        return []
    return [
        each for each in named_by(function, owner) if each is not value and not _is_pythons_function(each)
    ]


def named_by(function: Any, owner: Any) -> List[Any]:
    """The callables that a function's code names: attributes of its owner, variables, globals."""
    names = function.__code__.co_names
    candidates = [function.__globals__[name] for name in names if name in function.__globals__]
    if owner is not MISSING and not is_class(owner):
        candidates.extend(static(owner, name) for name in names)
    for cell in function.__closure__ or ():
        try:
            candidates.append(cell.cell_contents)
        except ValueError:
            continue
    return [each for each in candidates if each is not MISSING and callable(each)]


def held_by_mock(value: Any) -> Any:
    """What a `unittest.mock` object calls: its side effect, what it wraps, or what it returns."""
    mock = sys.modules.get("unittest.mock")
    if mock is None or not issubclass(type(value), mock.NonCallableMock):
        if mock is not None and type(value) is FunctionType:
            inner = own_dict(value).get("mock")
            if inner is not None and issubclass(type(inner), mock.NonCallableMock):
                return held_by_mock(inner)
        return MISSING
    own = own_dict(value)
    effect = own.get("_mock_side_effect")
    delegate = own.get("_mock_delegate")
    if effect is None and delegate is not None:
        effect = getattr(delegate, "side_effect", None)
    if (
        effect is not None
        and callable(effect)
        and not (is_class(effect) and issubclass(effect, BaseException))
    ):
        return effect
    wraps = own.get("_mock_wraps")
    return wraps if wraps is not None else None


def instance_call(cls: type, raw: Any) -> Any:
    """``__call__`` as an instance of ``cls`` would have it, without making one."""
    if type(raw) is staticmethod:
        return raw.__func__
    if type(raw) is classmethod:
        return MethodType(raw.__func__, cls)
    if type(raw) is partialmethod:
        return partial(MethodType(raw.func, cls), *raw.args, **raw.keywords)
    if is_one(type(raw), Member, _GetSet, property):
        return MISSING
    return raw
