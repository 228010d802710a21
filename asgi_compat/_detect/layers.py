"""The stack of a middleware: the verdict of each layer, outermost first, and where each is kept.

Not loaded by `import asgi_compat`; the command line, the profiles and the rewiring use it.
"""

from __future__ import annotations

from functools import partial
from types import FunctionType, MethodType
from typing import Any, Iterator, List, NamedTuple

from .attributes import MISSING, class_attribute, instance_dict, is_class, stored_attribute
from .called import argument_counts
from .classify import classify
from .verdict import Style, Verdict
from .vocabulary import LAYER_NAMES, TABLE_NAMES
from .wrapped import is_known_wrapper, wrapped_by

#: Deeper than any real stack; it stops what makes a new layer each time it is asked.
LIMIT = 64

#: A middleware stores a few things. An object with more is something else.
_FEW = 20

_METHODS = (FunctionType, staticmethod, classmethod, property)


class Place(NamedTuple):
    """Where an object keeps an application that it calls."""

    #: How it is reached from the object, for example ``".app"`` or ``".routes[0].callback"``.
    via: str
    #: The application.
    value: Any
    #: ``"attribute"``, ``"item"`` of a dict, ``"pair"`` of a list of pairs, ``"cell"`` of a closure,
    #: ``"bound"`` argument of a partial; ``""`` where nothing else can be put.
    kind: str = ""
    #: The object, dict or cell in which it is stored, and under which name or key.
    owner: Any = None
    key: Any = None
    #: The path of a URL, or the type of scope, for which the holder calls it; "" for all.
    path: str = ""
    #: The function whose code calls it, where that is not the code of the object, and the name there.
    caller: Any = None
    name: str = ""


class Layer(NamedTuple):
    """One layer of a middleware stack."""

    #: 0 is the outermost.
    depth: int
    #: How it was reached from the layer outside it, for example ``".app"``.
    via: str
    verdict: Verdict
    #: The path of a URL, or the type of scope, for which it is called: ``"/shop/old"``; "" for all.
    path: str = ""
    #: What is known to be missing from the layers inside: what a framework has not built yet.
    missing: str = ""


class Found(NamedTuple):
    """A layer with the layer outside it, None for the outermost, and the place where that one keeps it."""

    depth: int
    holder: Any
    place: Place
    #: The path of the place, behind those of the places outside it.
    path: str = ""


def layers(app: object) -> List[Layer]:
    """Return the verdict of every layer of a middleware stack, outermost first.

    Nothing is called on the way in: no application, no property, no ``__getattr__``. A layer that was seen
    already is not followed again. At most 64 layers are given.

    >>> def application(scope): ...
    >>> [layer.via for layer in layers(partial(application))]
    ['', '.func']
    """
    return [
        Layer(each.depth, each.place.via, classify(each.place.value), each.path, _not_built(each.place.value))
        for each in find_layers(app, LIMIT)
    ]


def find_layers(app: object, limit: int) -> List[Found]:
    """Return every layer of a stack, outermost first, with the place where it is kept."""
    found: List[Found] = []
    seen = set()
    mounted = set()
    waiting: List[Found] = [Found(0, None, Place("", app))]
    while waiting and len(found) < limit:
        each = waiting.pop(0)
        layer = each.place.value
        # A bound method is a new object each time it is read.
        method = type(layer) is MethodType
        key = (id(layer.__self__), id(layer.__func__)) if method else (0, id(layer))
        if key in seen:
            # Mounted a second time, and not the same mount reached on another way.
            if each.place.path and (id(each.place.owner), each.path) not in mounted:
                found.append(each)
                mounted.add((id(each.place.owner), each.path))
            continue
        seen.add(key)
        mounted.add((id(each.place.owner), each.path))
        found.append(each)
        waiting[:0] = [
            Found(each.depth + 1, layer, place, joined(each.path, place.path)) for place in places_in(layer)
        ]
    return found


def places_in(layer: Any) -> List[Place]:
    """Return where an object keeps the applications that it calls."""
    # Our own adapters are partials too, and hold the application as any middleware does.
    if issubclass(type(layer), partial) and _stored(layer, "app") is MISSING:
        places = [Place(".func", layer.func), *_bound(layer)]
        return [place for place in places if callable(place.value)]
    method = type(layer) is MethodType
    holder = layer.__self__ if method else layer
    places = [Place(f".{name}", _stored(holder, name), "attribute", holder, name) for name in LAYER_NAMES]
    places.append(Place(".__wrapped__", _stored(holder, "__wrapped__")))
    places += _closed_over(layer.__func__ if method else layer)
    places += _in_proxy(layer)
    places += _mapped(holder)
    places += _routed(holder)
    places += _added(holder)
    found = [place for place in places if callable(place.value) and place.value is not holder]
    known = {id(place.value) for place in found}
    return found + [place for place in _otherwise_named(holder) if id(place.value) not in known]


def _mapped(holder: object) -> Iterator[Place]:
    """Yield the applications of a table: Channels' ProtocolTypeRouter has one for each type of scope."""
    for name in TABLE_NAMES:
        mapping = _stored(holder, name)
        if issubclass(type(mapping), dict):
            for key, value in dict.items(mapping):
                if name == TABLE_NAMES[0] or _is_application(value):
                    yield Place(
                        f".{name}[{key!r}]", value, "item", mapping, key, key if type(key) is str else ""
                    )


def _otherwise_named(holder: object) -> Iterator[Place]:
    """Yield the applications that a middleware keeps under a name of its own, and calls."""
    old = type(holder) is not FunctionType and classify(holder).style is Style.DOUBLE
    for place in _cells_of(holder) if type(holder) is FunctionType else _attributes_of(holder):
        # What an application of ASGI2 stores and is an application, it calls; others may only know it.
        if callable(place.value) and place.value is not holder and _is_application(place.value):
            if old or argument_counts(place.caller or holder, place.key):
                yield place


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


def _is_application(value: object) -> bool:
    return classify(value).style in (Style.SINGLE, Style.DOUBLE)


def joined(outer: str, inner: str) -> str:
    """Return the path of a layer behind the path of the layer outside it.

    >>> joined("/shop/", "/old"), joined("websocket", "ws/chat"), joined("", "")
    ('/shop/old', 'websocket /ws/chat', '')
    """
    if not inner or not outer:
        return outer or inner
    inner = inner if inner.startswith(("/", "^")) else f"/{inner}"
    return outer.rstrip("/") + inner if "/" in outer else f"{outer} {inner}"


def _not_built(layer: object) -> str:
    """Say what a framework has not built yet, "" where nothing is known to be missing."""
    if _stored(layer, "middleware_stack") is None and _stored(layer, "user_middleware") is not MISSING:
        return "its middleware stack is not built yet: the first connection builds it"
    return ""


def _path_of(route: object) -> str:
    """Return the path of a route: of Starlette and its like, of Django's ``path()`` and ``re_path()``."""
    pattern = _stored(route, "pattern")
    places = ((route, "path"), (route, "host"), (pattern, "_route"), (pattern, "_regex"))
    return next((text for text in (_stored(*place) for place in places) if type(text) is str and text), "")


def _routed(holder: object) -> Iterator[Place]:
    """Yield the applications behind the routes of a router: those of Channels and mounts of Starlette."""
    routes = _stored(holder, "routes")
    if not issubclass(type(routes), (list, tuple)):
        return
    for at, route in enumerate(routes):
        # FastAPI from 0.140 on keeps a router that was included as it is.
        included = _stored(route, "original_router")
        if included is not MISSING:
            prefix = _stored(_stored(route, "include_context"), "prefix")
            path = prefix if type(prefix) is str else ""
            yield Place(
                f".routes[{at}].original_router", included, "attribute", route, "original_router", path
            )
            continue
        if issubclass(type(route), tuple) and type(routes) is list:
            yield from _paired(routes, at)
        endpoint = _stored(route, "endpoint")
        if type(endpoint) is FunctionType and classify(endpoint).style is Style.DOUBLE:
            # Starlette takes any function for one of a request.
            yield Place(f".routes[{at}].app", endpoint, "attribute", route, "app", _path_of(route))
            continue
        for name in ("callback", "app"):
            value = _stored(route, name)
            if callable(value) and not _is_view(endpoint):
                yield Place(f".routes[{at}].{name}", value, "attribute", route, name, _path_of(route))
                break


def _paired(routes: List[Any], at: int) -> Iterator[Place]:
    """Yield the application of a pair such as ``("/path", app)``."""
    for index, value in enumerate(tuple.__iter__(routes[at])):
        if callable(value) and _is_application(value):
            yield Place(f".routes[{at}][{index}]", value, "pair", routes, (at, index))


def _is_view(endpoint: object) -> bool:
    """Return whether a route is for a function of a request, which the framework wraps itself."""
    return issubclass(type(endpoint), (FunctionType, MethodType, partial))


def _added(holder: object) -> Iterator[Place]:
    """Yield the middleware classes that Starlette and FastAPI apply when they start."""
    added = _stored(holder, "user_middleware")
    if issubclass(type(added), list):
        for at, entry in enumerate(added):
            value = _stored(entry, "cls")
            yield Place(f".user_middleware[{at}].cls", value, "attribute", entry, "cls")


def _in_proxy(layer: object) -> Iterator[Place]:
    """Yield what a proxy stands for that stores it nowhere: werkzeug's LocalProxy, a registered wrapper."""
    if is_known_wrapper(type(layer), None):
        try:
            yield Place(" inside", wrapped_by(layer, None))
        except Exception:  # it stands for nothing now
            return


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


def _closed_over(function: object) -> Iterator[Place]:
    """Yield the variables of a closure in which a middleware keeps what it wraps."""
    if type(function) is not FunctionType or not function.__closure__:
        return
    for name, cell in zip(function.__code__.co_freevars, function.__closure__):
        if name in LAYER_NAMES:
            yield Place(f" closure {name}", _content(cell), "cell", cell, name)


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # the variable has no value yet
        return MISSING


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
