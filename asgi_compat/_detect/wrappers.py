"""Wrappers: what an object calls with the very arguments it is called with.

`unwrap` takes one layer off. What is inside is judged by the function that it gets as an argument.
"""

from __future__ import annotations

import sys
from _weakref import ReferenceType
from functools import partial
from types import BuiltinFunctionType, FunctionType, MethodType

from .._text import safe_repr
from .attributes import (
    MISSING,
    class_dict,
    class_module,
    class_mro,
    class_name,
    instance_dict,
    is_any_of,
    is_class,
    stored_attribute,
)
from .bytecode import referenced_callables, unpacks_arguments
from .callables import signature_of
from .compiled import has_other_signature, is_pythons_own
from .decision import decide_if_any
from .verdict import Style, answer
from .vocabulary import APP, KNOWN_WRAPPERS, REQUEST, SELF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional, Tuple, Type, TypeVar

    from .decision import Rows
    from .signature import CallSignature
    from .verdict import Answer, Judge

    T = TypeVar("T")

#: Registered wrappers: the id of a type (a metaclass may forbid to hash it) -> the type, and the function
#: that returns what its instances call. Filled by `register_unwrapper`.
UNWRAPPERS: Dict[int, Tuple[type, Callable[[Any], object]]] = {}


def register_unwrapper(type: Type[T], function: Callable[[T], Any]) -> None:
    """Teach the detector to see through a wrapper: for tracing agents and frameworks.

    ``type`` is the class of the wrapper (subclasses count), ``function`` takes one wrapper and returns
    what it calls with the very arguments it is called with. A wrapper that changes the style must be
    marked instead. An exception of ``function`` makes the wrapper UNKNOWN. Registering again replaces.
    Raises `TypeError` when ``type`` is not a class or ``function`` cannot be called.

    >>> from asgi_compat import classify
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


class Wrapper:
    """The evidence about an object that may be a wrapper, and the function that judges what is inside."""

    __slots__ = ("judge", "kind", "known", "signature", "value")

    def __init__(self, value: object, signature: Optional[CallSignature], judge: Judge) -> None:
        self.value = value
        self.kind = type(value)
        self.signature = signature
        self.judge = judge
        #: Registered or well known, and its call is not replaced by that of a subclass.
        self.known = _is_known(self.kind, signature)


def unwrap(value: object, signature: Optional[CallSignature], judge: Judge) -> Optional[Answer]:
    """Return the answer that a wrapper gets from what it wraps, or None when the object decides itself."""
    return decide_if_any(WRAPPERS, Wrapper(value, signature, judge))


# -- mocks -----------------------------------------------------------------------------------------


def called_by_mock(value: object) -> Any:
    """Return what a `unittest.mock` object calls, None when it accepts everything, MISSING when it is none.

    It calls its side effect, or what it wraps.
    """
    mock = sys.modules.get("unittest.mock")
    if mock is None:
        return MISSING
    if not issubclass(type(value), mock.NonCallableMock):
        # create_autospec makes functions that carry their mock.
        inner = instance_dict(value).get("mock") if type(value) is FunctionType else None
        if inner is not None and issubclass(type(inner), mock.NonCallableMock):
            return called_by_mock(inner)
        return MISSING
    own = instance_dict(value)
    effect = own.get("_mock_side_effect")
    delegate = own.get("_mock_delegate")
    if effect is None and delegate is not None:
        effect = getattr(delegate, "side_effect", None)
    if callable(effect) and not (is_class(effect) and issubclass(effect, BaseException)):
        return effect
    return own.get("_mock_wraps")


def _judge_mock(wrapper: Wrapper) -> Answer:
    called = called_by_mock(wrapper.value)
    if called is None:
        return answer(Style.UNKNOWN, "a mock without side_effect accepts every call")
    style, reason, remedy = wrapper.judge(called)
    return style, f"a mock that calls: {reason}", remedy


# -- asgiref, typing and weak references ---------------------------------------------------------------


def _judge_asgiref(wrapper: Wrapper) -> Optional[Answer]:
    """``sync_to_async(f)`` is awaited for what ``f`` returns, so only a constructor fits into it."""
    if class_name(wrapper.kind) == "AsyncToSync":
        return answer(
            Style.NOT_AN_APP,
            "async_to_sync blocks until its coroutine is done and cannot run on the server's event loop",
            "pass the application itself, without async_to_sync",
        )
    if class_name(wrapper.kind) != "SyncToAsync":
        return None
    inner: object = wrapper.value.func  # type: ignore[attr-defined]
    signature = signature_of(inner)
    if signature is not None and not signature.kind and signature.takes(3) and not signature.takes(1):
        return answer(Style.SINGLE, "sync_to_async around a plain function of three arguments")
    style, reason, remedy = wrapper.judge(inner)
    if style in (Style.SINGLE, Style.DOUBLE, Style.FACTORY):
        return style, f"sync_to_async around: {reason}", remedy
    return answer(
        Style.NOT_AN_APP,
        f"sync_to_async around: {reason}",
        "sync_to_async runs a plain function in a thread; pass the application itself",
    )


def _is_annotation(wrapper: Wrapper) -> bool:
    if class_module(wrapper.kind) != "typing" and "__supertype__" not in instance_dict(wrapper.value):
        return False
    origin = stored_attribute(wrapper.value, "__origin__")
    return not is_class(origin) or class_module(origin) in ("typing", "collections.abc")


def _judge_weak_reference(wrapper: Wrapper) -> Answer:
    referent = wrapper.value()  # type: ignore[operator]
    if referent is not None and wrapper.judge(referent)[0].is_application:
        return answer(Style.FACTORY, "a weak reference to an application")
    return answer(Style.NOT_AN_APP, "a weak reference to no application")


# -- wrappers that pass on what they get ---------------------------------------------------------------


def _known_attribute(base: type) -> Optional[str]:
    """Return the attribute in which a well-known wrapper class holds what it wraps."""
    if class_name(base) in ("ObjectProxy", "BaseObjectProxy") and "__wrapped__" in class_dict(base):
        return "__wrapped__"  # wrapt's, under the module name of any agent that carries a copy of it
    return KNOWN_WRAPPERS.get((class_module(base), class_name(base)))


def _is_known(kind: type, signature: Optional[CallSignature]) -> bool:
    for base in class_mro(kind):
        if id(base) in UNWRAPPERS:
            return True
        if _known_attribute(base):
            return signature is None or signature.varargs or "__call__" in class_dict(base)
    return False


def _may_pass_on(wrapper: Wrapper) -> bool:
    """Return whether it is a known wrapper, or one that accepts both calls and says nothing about them."""
    if has_other_signature(wrapper.kind):
        return False
    signature = wrapper.signature
    if wrapper.known or signature is None:
        return True
    if not (signature.varargs and signature.takes(1) and signature.takes(3)):
        return False
    if signature.role(0) in (REQUEST, APP, SELF):
        return False
    return not (issubclass(wrapper.kind, partial) and wrapper.value.args)  # type: ignore[attr-defined]


def wrapped_by(value: object, signature: Optional[CallSignature]) -> Any:
    """Return the object to which a wrapper passes its arguments, or MISSING.

    It runs a function that was registered for the wrapper, and nothing else.
    """
    kind = type(value)
    for base in class_mro(kind):
        registered = UNWRAPPERS.get(id(base))
        if registered is not None:
            return registered[1](value)
        attribute = _known_attribute(base)
        if attribute == "_get_current_object()":
            return value._get_current_object()  # type: ignore[attr-defined]
        if attribute is not None:
            return getattr(value, attribute)
    if signature is not None:
        return _wrapped_by_function(signature) if signature.varargs else MISSING
    if is_any_of(kind, FunctionType, BuiltinFunctionType) or is_class(value):
        return MISSING
    # A proxy whose call is made in C: wrapt's, and the copies of it that agents carry.
    return stored_attribute(value, "__wrapped__")


def _wrapped_by_function(signature: CallSignature) -> Any:
    """Return what a function of ``*args`` names as ``__wrapped__``, bound to the owner of the function."""
    function, owner = signature.function, signature.owner
    own = instance_dict(function)
    if own.get("registry") is not None and "dispatch" in own:
        # functools.singledispatch: with a single entry, that of object, there is nothing to choose.
        return own.get("__wrapped__", MISSING) if len(own["registry"]) == 1 else MISSING
    if type(function) is not FunctionType or unpacks_arguments(function):
        return MISSING
    wrapped = own.get("__wrapped__", MISSING)
    if owner is MISSING or (wrapped is MISSING and is_class(owner)):
        return wrapped
    if wrapped is MISSING:
        return stored_attribute(owner, "__wrapped__")
    return MethodType(wrapped, owner) if type(wrapped) is FunctionType else wrapped


def wrapped_candidates(value: object, signature: Optional[CallSignature]) -> List[Callable[..., object]]:
    """Return what a pass-through wrapper without ``__wrapped__`` could be calling.

    These are the callables that its code names: attributes of the instance, variables that it closes
    over, globals.
    """
    if signature is None or not signature.varargs:
        return []
    function = signature.function
    if type(function) is not FunctionType or "registry" in function.__dict__:
        return []
    if unpacks_arguments(function):
        return []
    named = referenced_callables(function, signature.owner)
    return [each for each in named if each is not value and not _is_builtin(each)]


def _is_builtin(value: object) -> bool:
    return type(value) is BuiltinFunctionType and is_pythons_own(value)


def description(value: object) -> str:
    """Return how a reason names a wrapper: "a wrapper", or by its type, as in "a partial"."""
    if is_any_of(type(value), FunctionType, MethodType):
        return "a wrapper"
    return with_article(class_name(type(value)))


def with_article(name: str) -> str:
    """Return a name with "a" or "an" before it."""
    return f"an {name}" if name[:1].lower() in "aeiou" else f"a {name}"


def _judge_wrapped(wrapper: Wrapper) -> Optional[Answer]:
    value, signature = wrapper.value, wrapper.signature
    try:
        inner = wrapped_by(value, signature)
    except Exception as error:
        return answer(
            Style.UNKNOWN,
            f"a {class_name(wrapper.kind)} proxy that points at nothing now ({type(error).__name__})",
        )
    if inner is MISSING or inner is value:
        return _judge_candidates(wrapper)
    style, reason, remedy = wrapper.judge(inner)
    if style is Style.UNKNOWN and signature is not None and signature.kind == "async":
        return None
    if style is Style.NOT_AN_APP and not wrapper.known and signature is not None:
        wrapped = signature_of(inner)
        if wrapped is not None and wrapped.required > 3:
            return None  # the wrapper adds an argument of its own to those that it passes on
    if class_name(wrapper.kind) == "_lru_cache_wrapper" and style.is_application:
        return answer(
            Style.NOT_AN_APP,
            f"functools.lru_cache around: {reason}",
            "take lru_cache off: it hashes its arguments, and a scope is a dict",
        )
    return style, f"{description(value)} around: {reason}", remedy


def _judge_candidates(wrapper: Wrapper) -> Optional[Answer]:
    """Return the answer on which all applications agree that the wrapper may be calling."""
    # Each is judged once: a chain of wrappers costs its length.
    answers = [wrapper.judge(each) for each in wrapped_candidates(wrapper.value, wrapper.signature)]
    answers = [each for each in answers if each[0].is_application or each[0] is Style.WSGI]
    if len({style for style, _, _ in answers}) != 1:
        return None
    style, reason, remedy = answers[0]
    return style, f"{description(wrapper.value)} around: {reason}", remedy


#: Kinds of wrappers. The first row that applies decides, also when its verdict is None.
WRAPPERS: Rows[Wrapper, Optional[Answer]] = (
    (lambda wrapper: called_by_mock(wrapper.value) is not MISSING, _judge_mock),
    (lambda wrapper: class_module(wrapper.kind) == "asgiref.sync", _judge_asgiref),
    (
        _is_annotation,
        lambda wrapper: answer(Style.NOT_AN_APP, "it is a type of typing's, for annotations"),
    ),
    (lambda wrapper: wrapper.kind is ReferenceType, _judge_weak_reference),
    (_may_pass_on, _judge_wrapped),
)
