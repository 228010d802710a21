"""Wrappers that users register: `register_unwrapper`."""

from __future__ import annotations

from .._text import safe_repr
from .attributes import is_class

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Tuple, Type, TypeVar

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
