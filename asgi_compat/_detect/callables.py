"""`signature_of`: what calling any object takes, without calling it.

One handler for each type that Python calls in a way of its own; every other object is called through the
``__call__`` of its type.
"""

from __future__ import annotations

from _weakref import CallableProxyType
from functools import partial, partialmethod
from types import BuiltinFunctionType, FunctionType, MethodType

from .attributes import (
    MISSING,
    MethodDescriptor,
    MethodWrapper,
    SlotWrapper,
    is_any_of,
    is_class,
)
from .compiled import signature_of_compiled, signature_of_proxy
from .constructors import signature_of_class
from .methods import binds, bound_call, instance_call, raw_call, unwrapped_method
from .signature import CallSignature, is_marked_async, signature_of_function

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Optional

#: Wrappers in wrappers are followed as far as this.
DEPTH_LIMIT = 16


def _of_function(value: Any, depth: int) -> Optional[CallSignature]:
    own = value.__dict__
    if own:
        partial_method = own.get("_partialmethod") or own.get("__partialmethod__")
        if isinstance(partial_method, partialmethod):
            signature = signature_of(partial_method.func, depth)
            return signature and signature.bind((), tuple(partial_method.keywords))
    return signature_of_function(value)


def _of_method(value: Any, depth: int) -> Optional[CallSignature]:
    if type(value.__func__) is SlotWrapper and value.__func__.__name__ == "__call__":
        return signature_of(value.__self__, depth)  # type.__call__, bound to a class
    signature = signature_of(value.__func__, depth)
    return signature and signature.bind((value.__self__,), owner=value.__self__)


def _of_method_wrapper(value: Any, depth: int) -> Optional[CallSignature]:
    return signature_of(value.__self__, depth) if value.__name__ == "__call__" else None


def _of_weak_proxy(value: Any, depth: int) -> Optional[CallSignature]:
    # The ``__call__`` of a class is that of its instances.
    stands_for_class = issubclass(value.__class__, type)
    return signature_of(value.__mro__[0] if stands_for_class else value.__call__, depth)


#: By the id of the type: a metaclass may forbid to hash its classes.
_HANDLERS: Dict[int, Callable[[Any, int], Optional[CallSignature]]] = {
    id(FunctionType): _of_function,
    id(MethodType): _of_method,
    id(staticmethod): lambda value, depth: signature_of(value.__func__, depth),
    id(classmethod): lambda value, depth: signature_of(value.__func__, depth),
    id(MethodWrapper): _of_method_wrapper,
    id(CallableProxyType): _of_weak_proxy,
    id(SlotWrapper): lambda value, depth: None,
    id(MethodDescriptor): lambda value, depth: None,
}


def signature_of(value: Any, depth: int = 0) -> Optional[CallSignature]:
    """Return what calling ``value`` takes, or None where nothing tells (compiled code, hostile objects)."""
    if depth > DEPTH_LIMIT:
        return None
    kind = type(value)
    handler = _HANDLERS.get(id(kind))
    if handler is not None:
        return handler(value, depth + 1)
    if issubclass(kind, partial):
        signature = signature_of(value.func, depth + 1)
        return signature and signature.bind(value.args, tuple(value.keywords))
    if is_class(value):
        return signature_of_class(value, depth + 1, signature_of)
    raw = raw_call(kind)
    if kind is BuiltinFunctionType or is_any_of(type(raw), SlotWrapper, MethodDescriptor):
        return signature_of_proxy(value, depth, signature_of) or signature_of_compiled(value)
    return _of_instance(value, raw, depth)


def _of_instance(value: object, raw: object, depth: int) -> Optional[CallSignature]:
    """Return the signature of an instance whose type has a ``__call__`` of its own."""
    called = bound_call(value, raw)
    signature = signature_of(called, depth + 1) if called is not MISSING else None
    if signature is not None:
        if signature.owner is MISSING:
            signature.owner = value
        if not signature.kind and is_marked_async(value):
            signature.kind = "async"
    return signature


def signature_of_instances(cls: type) -> Optional[CallSignature]:
    """Return what calling an instance of a class takes, without making one."""
    raw = raw_call(cls)
    if raw is MISSING or raw is None:
        return None
    raw = unwrapped_method(raw)
    called = instance_call(cls, raw)
    signature = signature_of(called) if called is not MISSING else None
    if signature is not None and called is raw and not signature.pass_through and binds(raw):
        return signature.bind((cls,))
    return signature


def takes_second_half(cls: type) -> bool:
    """Return whether instances of a class may be called with (receive, send)."""
    signature = signature_of_instances(cls)
    return signature is None or signature.takes(2)
