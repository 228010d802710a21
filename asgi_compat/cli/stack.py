"""The layers of a middleware stack."""

from __future__ import annotations

import functools
import inspect
import types
from typing import Any, List, NamedTuple, Tuple

from asgi_compat import Verdict, classify


class Layer(NamedTuple):
    """One layer of a middleware stack."""

    #: 0 is the outermost.
    depth: int
    #: How it was reached from the layer outside it, for example ``".app"``.
    via: str
    verdict: Verdict


#: Where middleware keep what they wrap, the commonest first: as an attribute, or as the name of a
#: variable that a closure holds.
_HOLDERS = (
    "app",
    "_app",
    "inner",
    "_inner",
    "application",
    "_application",
    "asgi_app",
    "wrapped",
    "_wrapped",
    "middleware_stack",
    "router",
    # Starlette before 0.12.
    "lifespan_middleware",
    "error_middleware",
    "exception_middleware",
)
#: Deeper than any real stack; it stops what makes a new layer each time it is asked.
LIMIT = 64


def layers(app: Any) -> List[Layer]:
    """The verdict of every layer of a middleware stack, outermost first.

    Nothing is called on the way in: no application, no property, no ``__getattr__``. A layer that
    was seen already is not followed again. At most 64 layers are given.

    >>> import functools
    >>> def application(scope): ...
    >>> [layer.via for layer in layers(functools.partial(application))]
    ['', '.func']
    """
    found: List[Layer] = []
    seen = set()
    waiting: List[Tuple[int, str, Any]] = [(0, "", app)]
    while waiting and len(found) < LIMIT:
        depth, via, layer = waiting.pop(0)
        # A bound method is a new object each time it is read.
        key = (
            (id(getattr(layer, "__self__", None)), id(layer.__func__))
            if _is_method(layer)
            else (0, id(layer))
        )
        if key in seen:
            continue
        seen.add(key)
        found.append(Layer(depth, via, classify(layer)))
        waiting[:0] = [(depth + 1, way, inner) for way, inner in _inside(layer)]
    return found


def _is_method(layer: Any) -> bool:
    return type(layer) is types.MethodType


def _inside(layer: Any) -> List[Tuple[str, Any]]:
    """The layers directly inside one, with the way to each."""
    # Our own adapters are partials too, and hold the application as any middleware does.
    if isinstance(layer, functools.partial) and _stored(layer, "app") is None:
        given = [(f".args[{at}]", value) for at, value in enumerate(layer.args)]
        given += [
            (f".keywords[{name!r}]", value) for name, value in layer.keywords.items() if name in _HOLDERS
        ]
        return [(".func", layer.func)] + [(way, value) for way, value in given if callable(value)]
    holder = layer.__self__ if _is_method(layer) else layer
    ways = [(f".{name}", _stored(holder, name)) for name in (*_HOLDERS, "__wrapped__")]
    function = layer.__func__ if _is_method(layer) else layer
    if type(function) is types.FunctionType and function.__closure__:
        for name, cell in zip(function.__code__.co_freevars, function.__closure__):
            if name in _HOLDERS:
                try:
                    ways.append((f" closure {name}", cell.cell_contents))
                except ValueError:  # the variable has no value yet
                    continue
    # Channels' ProtocolTypeRouter has one for each type of scope.
    mapping = _stored(holder, "application_mapping")
    if isinstance(mapping, dict):
        ways += [(f".application_mapping[{name!r}]", value) for name, value in mapping.items()]
    return [(way, value) for way, value in ways if callable(value) and value is not holder]


def _stored(holder: Any, name: str) -> Any:
    """What an object itself stores under a name, without running any code of its own."""
    if isinstance(holder, type):
        return None
    value = inspect.getattr_static(holder, name, None)
    if isinstance(value, (types.MemberDescriptorType, types.GetSetDescriptorType)):
        try:
            return value.__get__(holder, type(holder))  # a slot: read in C
        except (AttributeError, ValueError):
            return None
    if isinstance(value, (types.FunctionType, staticmethod, classmethod, property)):
        # What its class has under that name is a method, not a layer.
        of_class = any(vars(kind).get(name) is value for kind in type(holder).__mro__)
        return None if of_class else value
    return value
