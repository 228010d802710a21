"""The stack of a middleware: the verdict of each layer, outermost first, and where each is kept.

Not loaded by `import asgi_compat`; the command line, the profiles and the rewiring use it.
"""

from __future__ import annotations

from types import MethodType
from typing import Any, Callable, List, NamedTuple

from .attributes import MISSING
from .classes import NOT_APPLIED
from .classify import classify
from .functions import MIDDLEWARE
from .keeping import places_in
from .place import Place, kept_attribute
from .routers import ADDED
from .verdict import Verdict

#: Deeper than any real stack; it stops what makes a new layer each time it is asked.
LIMIT = 64
#: Said of a middleware class in the list of a framework.
_APPLIED = "nothing to write: the framework applies it"


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
    holder: object
    place: Place
    #: The path of the place, behind those of the places outside it.
    path: str = ""


def layers(app: object) -> List[Layer]:
    """Return the verdict of every layer of a middleware stack, outermost first.

    Nothing is called on the way in: no application, no property, no ``__getattr__``. A layer that was seen
    already is not followed again. At most 64 layers are given.

    >>> from functools import partial
    >>> def application(scope): ...
    >>> [layer.via for layer in layers(partial(application))]
    ['', '.func']
    """
    return [
        Layer(each.depth, each.place.via, _verdict(each.place), each.path, _not_built(each.place.value))
        for each in find_layers(app, LIMIT)
    ]


def _verdict(place: Place) -> Verdict:
    """Return the verdict of a layer; a framework applies the middleware that it was given a list of."""
    verdict = classify(place.value)
    given = verdict.remedy == MIDDLEWARE or verdict.reason.endswith(NOT_APPLIED)
    if not (given and place.via.startswith(ADDED)):
        return verdict
    return Verdict(
        verdict.style, verdict.reason.replace(" that is not applied yet", ""), _APPLIED, verdict.app
    )


def find_layers(app: object, limit: int, places: Callable[[Any], List[Place]] = places_in) -> List[Found]:
    """Return every layer of a stack, outermost first, with the place where it is kept.

    ``places`` tells where a layer keeps what it calls.
    """
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
            Found(each.depth + 1, layer, place, joined(each.path, place.path)) for place in places(layer)
        ]
    return found


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
    """Return what a framework has not built yet, "" where nothing is known to be missing."""
    if (
        kept_attribute(layer, "middleware_stack") is None
        and kept_attribute(layer, "user_middleware") is not MISSING
    ):
        return "its middleware stack is not built yet: the first connection builds it"
    return ""
