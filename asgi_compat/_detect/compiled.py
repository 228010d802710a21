"""What compiled callables and proxies in C say about their call, where it can be believed.

Cython, mypyc and other compilers, built-in functions, and wrapt's proxies.
"""

from __future__ import annotations

import sys
from types import BuiltinFunctionType, ModuleType

from .attributes import (
    MISSING,
    class_attribute,
    class_module,
    class_mro,
    class_name,
    is_class,
    stored_attribute,
)
from .bytecode import COROUTINE
from .signature import CallSignature, is_marked_async, signature_of_function
from .text_signature import signature_of_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

    from .signature import SignatureOf

_PYTHONS_MODULES = frozenset(
    [*sys.builtin_module_names, *(name.lstrip("_") for name in sys.builtin_module_names), "types", "typing"]
)


def is_pythons_module(name: object) -> bool:
    """Return whether a module is the interpreter's, or the Python side of one of its C modules."""
    return type(name) is str and name in _PYTHONS_MODULES


def is_pythons_own(value: Any) -> bool:
    """Return whether a built-in function or method belongs to the interpreter, not to an extension."""
    module = value.__module__
    if module is None:
        owner = value.__self__
        if owner is None:
            return False
        if isinstance(owner, ModuleType):
            module = owner.__name__
        else:
            module = class_module(owner if is_class(owner) else type(owner))
    return is_pythons_module(module)


def _any_coroutine_function(value: object) -> CallSignature:
    return CallSignature((), varargs=True, varkw=True, kind="async", function=value)


def signature_of_compiled(value: Any) -> Optional[CallSignature]:
    """Return what a function without Python code says about its call, or None.

    mypyc 2.4: the functions of its own type, which are the coroutine functions, claim the signature
    ``()`` and are recognised only by the flag of their ``__code__``; those it leaves as built-ins carry a
    true ``__text_signature__``. Cython writes one into the docstring with ``embedsignature=True``.
    """
    code = stored_attribute(value, "__code__")
    if code is not MISSING:
        if class_name(type(value)) == "cython_function_or_method":
            try:
                return signature_of_function(value)
            except Exception:
                return None
        flags = getattr(code, "co_flags", None)
        return _any_coroutine_function(value) if isinstance(flags, int) and flags & COROUTINE else None
    if is_marked_async(value):
        return _any_coroutine_function(value)
    if type(value) is not BuiltinFunctionType or is_pythons_own(value):
        return None
    text = _text_of_builtin(value)
    return signature_of_text(text, value) if text else None


def _text_of_builtin(value: Any) -> Optional[str]:
    """Return the signature that a built-in function carries, or that its docstring starts with."""
    text: Optional[str] = getattr(value, "__text_signature__", None)
    if text is not None:
        return text
    first: str = (value.__doc__ or "").split("\n")[0]
    if not first.startswith(value.__name__ + "(") or not first.rstrip().endswith(")"):
        return None
    # The docstring of a method names its self, which the bound built-in has taken already.
    return first.replace("(self, ", "(").replace("(self)", "()")


def has_other_signature(kind: type) -> bool:
    """Return whether a type is one of wrapt's proxies that are not called like the object they wrap."""
    return type(class_attribute(kind, "__signature__")) is property or _binds_arguments(kind)


def _binds_arguments(kind: type) -> bool:
    return "PartialCallableObjectProxy" in [class_name(base) for base in class_mro(kind)]


def signature_of_proxy(value: object, depth: int, signature_of: SignatureOf) -> Optional[CallSignature]:
    """Return the signature of one of wrapt's proxies that say more about their call than what they wrap."""
    kind = type(value)
    signature = class_attribute(kind, "__signature__")
    if type(signature) is property and signature.fget is not None:
        # wrapt.decorator(adapter=...): the call is that of the prototype.
        found = signature.fget(value)
        return signature_of_text(str(found).split(" -> ")[0], value) if found is not None else None
    if not _binds_arguments(kind):
        return None
    args, keywords = stored_attribute(value, "_self_args"), stored_attribute(value, "_self_kwargs")
    if args is MISSING or keywords is MISSING:
        return None
    inner = signature_of(stored_attribute(value, "__wrapped__"), depth)
    return inner and inner.bind(args, tuple(keywords))
