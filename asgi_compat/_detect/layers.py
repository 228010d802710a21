"""The stack of a middleware: the verdict of each layer, outermost first.

Not loaded by `import asgi_compat`; the command line uses it.
"""

from __future__ import annotations

from functools import partial
from types import FunctionType, MethodType
from typing import Any, Iterator, List, NamedTuple, Tuple

from .attributes import MISSING, class_attribute, is_class, stored_attribute
from .classify import classify
from .verdict import Verdict
from .vocabulary import LAYER_NAMES
from .wrapped import is_known_wrapper, wrapped_by

#: Deeper than any real stack; it stops what makes a new layer each time it is asked.
LIMIT = 64

_METHODS = (FunctionType, staticmethod, classmethod, property)
#: A layer that may be inside another, and the way to it.
Way = Tuple[str, Any]


class Layer(NamedTuple):
    """One layer of a middleware stack."""

    #: 0 is the outermost.
    depth: int
    #: How it was reached from the layer outside it, for example ``".app"``.
    via: str
    verdict: Verdict


def layers(app: object) -> List[Layer]:
    """Return the verdict of every layer of a middleware stack, outermost first.

    Nothing is called on the way in: no application, no property, no ``__getattr__``. A layer that was seen
    already is not followed again. At most 64 layers are given.

    >>> def application(scope): ...
    >>> [layer.via for layer in layers(partial(application))]
    ['', '.func']
    """
    found: List[Layer] = []
    seen = set()
    waiting: List[Tuple[int, str, Any]] = [(0, "", app)]
    while waiting and len(found) < LIMIT:
        depth, via, layer = waiting.pop(0)
        # A bound method is a new object each time it is read.
        method = type(layer) is MethodType
        key = (id(layer.__self__), id(layer.__func__)) if method else (0, id(layer))
        if key in seen:
            continue
        seen.add(key)
        found.append(Layer(depth, via, classify(layer)))
        waiting[:0] = [(depth + 1, way, inner) for way, inner in _inside(layer)]
    return found


def _inside(layer: Any) -> List[Way]:
    """Return the layers directly inside one, with the way to each."""
    # Our own adapters are partials too, and hold the application as any middleware does.
    if issubclass(type(layer), partial) and _stored(layer, "app") is MISSING:
        ways = [(".func", layer.func), *_bound(layer)]
        return [(way, value) for way, value in ways if callable(value)]
    method = type(layer) is MethodType
    holder = layer.__self__ if method else layer
    ways = [(f".{name}", _stored(holder, name)) for name in (*LAYER_NAMES, "__wrapped__")]
    ways += _closed_over(layer.__func__ if method else layer)
    ways += _in_proxy(layer)
    # Channels' ProtocolTypeRouter has one for each type of scope.
    mapping = _stored(holder, "application_mapping")
    if issubclass(type(mapping), dict):
        ways += [(f".application_mapping[{name!r}]", value) for name, value in mapping.items()]
    return [(way, value) for way, value in ways if callable(value) and value is not holder]


def _in_proxy(layer: object) -> Iterator[Way]:
    """Yield what a proxy stands for that stores it nowhere: werkzeug's LocalProxy, a registered wrapper."""
    if is_known_wrapper(type(layer), None):
        try:
            yield " inside", wrapped_by(layer, None)
        except Exception:  # it stands for nothing now
            return


def _bound(layer: partial[Any]) -> Iterator[Way]:
    """Yield the arguments of a partial that may be layers: ``partial(middleware, app)``."""
    for at, value in enumerate(layer.args):
        yield f".args[{at}]", value
    for name, value in layer.keywords.items():
        if name in LAYER_NAMES:
            yield f".keywords[{name!r}]", value


def _closed_over(function: object) -> Iterator[Way]:
    """Yield the variables of a closure in which a middleware keeps what it wraps."""
    if type(function) is not FunctionType or not function.__closure__:
        return
    for name, cell in zip(function.__code__.co_freevars, function.__closure__):
        if name in LAYER_NAMES:
            try:
                yield f" closure {name}", cell.cell_contents
            except ValueError:  # the variable has no value yet
                continue


def _stored(holder: object, name: str) -> Any:
    """Return what an object stores under a name, or its class for it unless that is a method, or MISSING."""
    if is_class(holder):
        return MISSING
    found = stored_attribute(holder, name)
    if found is MISSING:
        found = class_attribute(type(holder), name)
        if issubclass(type(found), _METHODS):
            return MISSING
    return found
