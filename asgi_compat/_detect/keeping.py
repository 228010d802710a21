"""`places_in`: where an object keeps the applications that it calls, whatever kind of object it is."""

from __future__ import annotations

from functools import partial
from types import FunctionType, MethodType
from typing import Any, Iterator, List

from .attributes import MISSING, instance_dict, is_class
from .called import argument_counts, methods_of
from .classify import classify
from .place import Place, is_application, kept_attribute
from .routers import added, mapped, routed
from .verdict import Style
from .vocabulary import LAYER_NAMES
from .wrapped import is_known_wrapper, wrapped_by

#: A middleware stores a few things. An object with more is something else.
_FEW = 20


def places_in(layer: Any) -> List[Place]:
    """Return where an object keeps the applications that it calls."""
    # Our own adapters are partials too, and hold the application as any middleware does.
    if issubclass(type(layer), partial) and kept_attribute(layer, "app") is MISSING:
        places = [Place(".func", layer.func), *_bound(layer)]
        return [place for place in places if callable(place.value)]
    method = type(layer) is MethodType
    holder = layer.__self__ if method else layer
    wrapped = kept_attribute(holder, "__wrapped__")
    # A framework applies these outside of all that it holds.
    places = [*added(holder), *_usually_named(holder, wrapped)]
    places += _closed_over(layer.__func__ if method else layer)
    places.append(Place(".__wrapped__", wrapped))
    places += _in_proxy(layer)
    places += mapped(holder)
    places += routed(holder)
    found = [place for place in places if callable(place.value) and place.value is not holder]
    known = {id(place.value) for place in found}
    return found + [place for place in _otherwise_named(holder) if id(place.value) not in known]


def _usually_named(holder: object, wrapped: object) -> Iterator[Place]:
    """Yield the attributes with a usual name, without those that `functools.wraps` has copied."""
    copies = type(holder) is FunctionType and wrapped is not MISSING
    for name in LAYER_NAMES:
        value = kept_attribute(holder, name)
        if not copies or value is not kept_attribute(wrapped, name):
            yield Place(f".{name}", value, "attribute", holder, name)


def _closed_over(function: object) -> Iterator[Place]:
    """Yield the variables of a closure in which a middleware keeps what it wraps."""
    if type(function) is not FunctionType or not function.__closure__:
        return
    for name, cell in zip(function.__code__.co_freevars, function.__closure__):
        if name in LAYER_NAMES:
            yield Place(f" closure {name}", _content(cell), "cell", cell, name)


def _bound(layer: partial[Any]) -> Iterator[Place]:
    """Yield the arguments of a partial that may be layers: ``partial(middleware, app)``."""
    function = layer.func
    names = function.__code__.co_varnames if type(function) is FunctionType else ()
    for at, value in enumerate(layer.args):
        if at < len(names):
            yield Place(f".args[{at}]", value, "bound", layer, at, "", function, names[at])
        else:
            yield Place(f".args[{at}]", value)
    for name, value in layer.keywords.items():
        if name in LAYER_NAMES:
            yield Place(f".keywords[{name!r}]", value)


def _in_proxy(layer: object) -> Iterator[Place]:
    """Yield what a proxy stands for that stores it nowhere: werkzeug's LocalProxy, a registered wrapper."""
    if is_known_wrapper(type(layer), None):
        try:
            yield Place(" inside", wrapped_by(layer, None))
        except Exception:  # it stands for nothing now
            return


def _otherwise_named(holder: object) -> Iterator[Place]:
    """Yield the applications that a middleware keeps under a name of its own, and calls."""
    old = type(holder) is not FunctionType and classify(holder).style is Style.DOUBLE
    for place in _variables_of(holder):
        # What an application of ASGI2 stores and is an application, it calls; others may only know it.
        if callable(place.value) and place.value is not holder and is_application(place.value):
            if old or argument_counts(place.caller or holder, place.key):
                yield place
        elif type(place.value) is dict and argument_counts(holder, place.key):
            yield from _entries_of(holder, place)


def _entries_of(holder: object, table: Place) -> Iterator[Place]:
    """Yield the applications of a table with a name of its own: ``self.mapping[scope["type"]](scope)``."""
    for key, value in [*table.value.items()]:
        if is_application(value):
            path = key if type(key) is str else ""
            via = f"{table.via}[{key!r}]"
            yield Place(via, value, "item", table.value, key, path, holder, table.key)


def _variables_of(holder: object) -> Iterator[Place]:
    """Yield the closure of a function or of the methods of a class, or what an object stores."""
    if type(holder) is FunctionType:
        yield from _cells_of(holder)
    elif is_class(holder):
        # A middleware that is a function returns a class of its own: its methods close over what it wraps.
        for function in methods_of(holder):
            yield from _cells_of(function)
    else:
        yield from _attributes_of(holder)


def _attributes_of(holder: object) -> Iterator[Place]:
    """Yield what an object stores, if it is as little as a middleware stores."""
    stored = instance_dict(holder)
    for name, value in [*stored.items()] if len(stored) <= _FEW else ():
        if type(name) is str and not name.startswith("__"):
            yield Place(f".{name}", value, "attribute", holder, name)


def _cells_of(function: FunctionType, depth: int = 0) -> Iterator[Place]:
    """Yield the variables of a closure, and those of the functions that are variables of it."""
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or ()):
        value = _content(cell)
        yield Place(f" closure {name}", value, "cell", cell, name, "", function, name)
        if type(value) is FunctionType and value is not function and depth < 3:
            yield from _cells_of(value, depth + 1)


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # the variable has no value yet
        return MISSING
