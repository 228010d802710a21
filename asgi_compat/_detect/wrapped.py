"""What a wrapper calls with the very arguments that it gets: one layer, without running it."""

from __future__ import annotations

from types import BuiltinFunctionType, FunctionType, MethodType

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
from .compiled import is_pythons_own
from .registry import UNWRAPPERS
from .vocabulary import KNOWN_WRAPPERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, List, Optional

    from .signature import CallSignature


def _known_attribute(base: type) -> Optional[str]:
    """Return the attribute in which a well-known wrapper class holds what it wraps."""
    if class_name(base) in ("ObjectProxy", "BaseObjectProxy") and "__wrapped__" in class_dict(base):
        return "__wrapped__"  # wrapt's, under the module name of any agent that carries a copy of it
    return KNOWN_WRAPPERS.get((class_module(base), class_name(base)))


def is_known_wrapper(kind: type, signature: Optional[CallSignature]) -> bool:
    """Return whether a wrapper is registered or well known, and no subclass replaces its call."""
    for base in class_mro(kind):
        if id(base) in UNWRAPPERS:
            return True
        if _known_attribute(base):
            return signature is None or signature.varargs or "__call__" in class_dict(base)
    return False


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
    return [each for each in named if each is not value and not _is_builtin_function(each)]


def _is_builtin_function(value: object) -> bool:
    return type(value) is BuiltinFunctionType and is_pythons_own(value)
