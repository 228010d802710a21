"""Which stored object Python calls when it calls an instance, found without binding it to user code."""

from __future__ import annotations

from functools import partial, partialmethod
from types import FunctionType, MethodType

from .attributes import (
    MISSING,
    GetSet,
    Member,
    class_attribute,
    class_dict,
    class_mro,
    is_any_of,
    is_class,
    stored_attribute,
)
from .bytecode import passes_on_to_super

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_PLAIN_METHODS = (FunctionType, MethodType, staticmethod, classmethod, partialmethod, property)


def raw_call(cls: type) -> Any:
    """Return ``__call__`` as stored in a class, or MISSING. One that only calls super's is skipped."""
    found: Any = MISSING
    for base in class_mro(cls):
        raw = class_dict(base).get("__call__", MISSING)
        if raw is MISSING:
            continue
        if found is MISSING or type(raw) is FunctionType:
            found = raw
        if type(raw) is not FunctionType or not passes_on_to_super(raw, "__call__"):
            break
    return found


def unwrapped_method(raw: Any) -> Any:
    """Return a class attribute without the function wrappers that agents put around it (wrapt's)."""
    for _ in range(16):
        kind = type(raw)
        if is_any_of(kind, *_PLAIN_METHODS) or is_class(raw) or class_attribute(kind, "__get__") is MISSING:
            break
        called = class_attribute(kind, "__call__")
        wrapped = stored_attribute(raw, "__wrapped__") if called is not MISSING else MISSING
        if wrapped is MISSING:
            break
        raw = wrapped
    return raw


def bound_call(value: object, raw: Any) -> Any:
    """Return what Python calls when it calls ``value``: ``raw`` from the dictionaries of its type, bound."""
    raw = unwrapped_method(raw)
    kind = type(raw)
    if kind is FunctionType:
        return MethodType(raw, value)
    if raw is None or raw is MISSING or kind is property:
        return MISSING  # evaluating a property would run user code
    if kind is staticmethod:
        return raw.__func__
    if kind is classmethod:
        return MethodType(raw.__func__, type(value))
    # A partial in a class body is not bound before Python 3.14.
    if not binds(raw):
        return raw
    try:
        return kind.__get__(raw, value, type(value))
    except Exception:
        return MISSING


def binds(raw: object) -> bool:
    """Return whether a class attribute becomes another object when it is read from an instance."""
    return (
        not is_class(raw)
        and not issubclass(type(raw), partial)
        and class_attribute(type(raw), "__get__") is not MISSING
    )


def instance_call(cls: type, raw: Any) -> Any:
    """Return ``__call__`` as an instance of ``cls`` would have it, without making one."""
    kind = type(raw)
    if kind is staticmethod:
        return raw.__func__
    if kind is classmethod:
        return MethodType(raw.__func__, cls)
    if kind is partialmethod:
        return partial(MethodType(raw.func, cls), *raw.args, **raw.keywords)
    if is_any_of(kind, Member, GetSet, property):
        return MISSING
    return raw
