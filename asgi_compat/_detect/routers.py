"""Where routers keep applications: tables by type of scope or path, routes, and middleware to be applied.

The routers are those of Channels, Starlette, FastAPI and Django, and what is built like one of them.
"""

from __future__ import annotations

from functools import partial
from types import FunctionType, MethodType
from typing import Any, Iterator, List

from .attributes import MISSING
from .classify import classify
from .place import Place, is_application, kept_attribute
from .verdict import Style
from .vocabulary import TABLE_NAMES

#: Where Starlette and FastAPI keep the middleware that they apply when they start.
ADDED = ".user_middleware"


def mapped(holder: object) -> Iterator[Place]:
    """Yield the applications of a table: Channels' ProtocolTypeRouter has one for each type of scope."""
    for name in TABLE_NAMES:
        mapping = kept_attribute(holder, name)
        if issubclass(type(mapping), dict):
            for key, value in dict.items(mapping):
                if name == TABLE_NAMES[0] or is_application(value):
                    yield Place(
                        f".{name}[{key!r}]", value, "item", mapping, key, key if type(key) is str else ""
                    )


def routed(holder: object) -> Iterator[Place]:
    """Yield the applications behind the routes of a router: those of Channels and mounts of Starlette."""
    routes = kept_attribute(holder, "routes")
    if not issubclass(type(routes), (list, tuple)):
        return
    for at, route in enumerate(routes):
        # FastAPI from 0.140 on keeps a router that was included as it is.
        included = kept_attribute(route, "original_router")
        if included is not MISSING:
            prefix = kept_attribute(kept_attribute(route, "include_context"), "prefix")
            path = prefix if type(prefix) is str else ""
            yield Place(
                f".routes[{at}].original_router", included, "attribute", route, "original_router", path
            )
            continue
        if issubclass(type(route), tuple) and type(routes) is list:
            yield from _paired(routes, at)
        endpoint = kept_attribute(route, "endpoint")
        if type(endpoint) is FunctionType and classify(endpoint).style is Style.DOUBLE:
            # Starlette takes any function for one of a request.
            yield Place(f".routes[{at}].app", endpoint, "attribute", route, "app", _path_of(route))
            continue
        for name in ("callback", "app"):
            value = kept_attribute(route, name)
            if callable(value) and not _is_view(endpoint):
                yield Place(f".routes[{at}].{name}", value, "attribute", route, name, _path_of(route))
                break


def _path_of(route: object) -> str:
    """Return the path of a route: of Starlette and its like, of Django's ``path()`` and ``re_path()``."""
    pattern = kept_attribute(route, "pattern")
    places = ((route, "path"), (route, "host"), (pattern, "_route"), (pattern, "_regex"))
    return next(
        (text for text in (kept_attribute(*place) for place in places) if type(text) is str and text), ""
    )


def _paired(routes: List[Any], at: int) -> Iterator[Place]:
    """Yield the application of a pair such as ``("/path", app)``."""
    for index, value in enumerate(tuple.__iter__(routes[at])):
        if callable(value) and is_application(value):
            yield Place(f".routes[{at}][{index}]", value, "pair", routes, (at, index))


def _is_view(endpoint: object) -> bool:
    """Return whether a route is for a function of a request, which the framework wraps itself."""
    return issubclass(type(endpoint), (FunctionType, MethodType, partial))


def added(holder: object) -> Iterator[Place]:
    """Yield the middleware classes that Starlette and FastAPI apply when they start."""
    added = kept_attribute(holder, ADDED[1:])
    if issubclass(type(added), list):
        for at, entry in enumerate(added):
            value = kept_attribute(entry, "cls")
            yield Place(f"{ADDED}[{at}].cls", value, "attribute", entry, "cls")
