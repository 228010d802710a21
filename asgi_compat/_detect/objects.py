"""Objects that cannot be called, and callables of which nothing tells what they take."""

from __future__ import annotations

from functools import partial
from types import BuiltinFunctionType, ModuleType

from .attributes import (
    MISSING,
    Member,
    MethodDescriptor,
    SlotWrapper,
    class_attribute,
    class_module,
    class_name,
    instance_dict,
    is_any_of,
    stored_attribute,
)
from .callables import signature_of
from .compiled import is_pythons_module, is_pythons_own
from .decision import always, decide
from .older import decide_channels_1
from .verdict import Style, answer
from .vocabulary import MODULE_NAMES
from .wrappers import with_article

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Tuple

    from .decision import Rows
    from .verdict import Answer

# -- objects that cannot be called -----------------------------------------------------------------------

_FROM_THE_CLASS = "take it from its class, as in Class.method"

_NO_URL = "nothing is asked over the network: pass the application object, or its import string (module:app)"

#: What an object of a built-in type probably was meant to be: the types, a name for it, and the remedy.
_BUILTIN_TYPES: Tuple[Tuple[Tuple[type, ...], str, str], ...] = (
    (
        (type(None),),
        "None",
        "a function that should return the application probably has no return statement",
    ),
    (
        (str,),
        "a string",
        "pass the object, not its import string, or run: python -m asgi_compat serve {0}",
    ),
    ((bytes,), "a bytes object", "pass the application object"),
    ((bool, int, float, complex), "a number", "pass the application object"),
    (
        (dict,),
        "a dict",
        "pass the application that was built from it, for example ProtocolTypeRouter({{...}})",
    ),
    ((list, set, frozenset), "a collection", "pass one application"),
    ((classmethod,), "a classmethod object", _FROM_THE_CLASS),
    ((staticmethod,), "a staticmethod object, which this Python cannot call", _FROM_THE_CLASS),
    ((property,), "a property", "take it from an instance"),
)
#: By name: `asyncio` is not imported.
_RESULTS = ("coroutine", "async_generator", "generator", "Task", "Future")


def cannot_be_called(value: object) -> bool:
    """Return whether Python refuses to call it.

    A type may have ``__call__`` for form only: set to None, or a slot that was never filled.
    """
    if not callable(value):
        return True
    raw = class_attribute(type(value), "__call__")
    return raw is None or (type(raw) is Member and stored_attribute(value, "__call__") is MISSING)


def _is_a(*kinds: type) -> Callable[[object], bool]:
    return lambda value: issubclass(type(value), kinds)


def _decide_module(value: object) -> Answer:
    own = instance_dict(value)
    for name in MODULE_NAMES:
        if callable(own.get(name)):
            passed = f"you passed the module; pass {own.get('__name__', 'module')}.{name}"
            return answer(Style.NOT_AN_APP, "it is a module", passed)
    return answer(Style.NOT_AN_APP, "it is a module", "pass the application that the module defines")


def _decide_tuple(value: Any) -> Answer:
    if tuple.__len__(value) == 1 and callable(tuple.__getitem__(value, 0)):
        return answer(
            Style.NOT_AN_APP, "it is a tuple of one callable", "remove the comma after the application"
        )
    return answer(Style.NOT_AN_APP, "it is a tuple", "pass one application")


def _decide_builtin_type(what: str, remedy: str) -> Callable[[object], Answer]:
    def verdict(value: object) -> Answer:
        text = str.__str__(value) if issubclass(type(value), str) else ""
        if "://" in text:
            return answer(Style.NOT_AN_APP, "a URL is not callable", _NO_URL)
        return answer(Style.NOT_AN_APP, f"{what} is not callable", remedy.format(text))

    return verdict


def _wraps_a_callable(value: object) -> bool:
    wrapped = stored_attribute(value, "__wrapped__")
    return wrapped is not MISSING and callable(wrapped)


def _attribute_with_application(value: object) -> str:
    """Return the name of the attribute in which an object keeps something callable, or ""."""
    return next((name for name in MODULE_NAMES if callable(stored_attribute(value, name))), "")


def _not_callable(value: object, remedy: str = "") -> Answer:
    return answer(Style.NOT_AN_APP, f"{_kind_of(value)} object is not callable", remedy)


NOT_CALLABLE: Rows[object, Answer] = (
    (_is_a(ModuleType), _decide_module),
    (_is_a(tuple), _decide_tuple),
    *[(_is_a(*kinds), _decide_builtin_type(what, remedy)) for kinds, what, remedy in _BUILTIN_TYPES],
    (
        lambda value: class_name(type(value)) in _RESULTS,
        lambda value: _not_callable(
            value,
            "it is the result of an async function: await the factory, or pass the function itself",
        ),
    ),
    (
        _wraps_a_callable,
        lambda value: answer(
            Style.NOT_AN_APP,
            f"a {class_name(type(value))} object whose type has no __call__, around a callable",
            "use a proxy that can be called, for example wrapt.CallableObjectProxy, or pass what it wraps",
        ),
    ),
    (decide_channels_1, lambda value: decide_channels_1(value) or _not_callable(value)),
    (
        _attribute_with_application,
        lambda value: _not_callable(value, f"pass its attribute .{_attribute_with_application(value)}"),
    ),
    (
        lambda value: "__call__" in instance_dict(value),
        lambda value: answer(
            Style.NOT_AN_APP,
            f"{class_name(type(value))} has __call__ only on the instance, where Python does not look for it",
            "define __call__ in the class",
        ),
    ),
    (always, _not_callable),
)


def decide_not_callable(value: object) -> Answer:
    """Return the answer for an object that Python cannot call."""
    return decide(NOT_CALLABLE, value)


# -- callables of which nothing tells what they take -------------------------------------------------------

_OPERATORS = ("attrgetter", "itemgetter", "methodcaller", "method-wrapper")


def _is_of_python_itself(value: object) -> bool:
    kind = type(value)
    if is_any_of(kind, SlotWrapper, MethodDescriptor):
        return True
    return is_pythons_module(class_module(kind)) and class_name(kind) in _OPERATORS


def _kind_of(value: object) -> str:
    return with_article(class_name(type(value)))


OPAQUE: Rows[Any, Answer] = (
    (
        lambda value: type(value) is BuiltinFunctionType and is_pythons_own(value),
        lambda value: answer(Style.NOT_AN_APP, f"{value.__name__} is a built-in function of Python"),
    ),
    (
        _is_of_python_itself,
        lambda value: answer(Style.NOT_AN_APP, f"{_kind_of(value)} of Python itself"),
    ),
    (
        lambda value: issubclass(type(value), partial) and signature_of(value.func) is not None,
        lambda value: answer(Style.NOT_AN_APP, "a partial whose arguments do not fit what it would call"),
    ),
    (
        lambda value: type(class_attribute(type(value), "__call__")) is property,
        lambda value: answer(Style.UNKNOWN, f"{_kind_of(value)} whose __call__ is a property"),
    ),
    (
        always,
        lambda value: answer(
            Style.UNKNOWN, f"{_kind_of(value)} that has no readable signature (compiled code)"
        ),
    ),
)


def decide_opaque(value: object) -> Answer:
    """Return the answer for a callable without a signature."""
    return decide(OPAQUE, value)
