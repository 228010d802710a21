"""Mixed stacks: layers of both generations as they are printed, and what stands in for the libraries."""

from __future__ import annotations

import functools
from typing import Any, Callable, Dict, List


async def current(scope: Any, receive: Any, send: Any) -> None:
    """Answer with the names that the layers outside have put into the scope."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    body = "".join(scope.get("seen", ())) + "current"
    await send({"type": "http.response.body", "body": body.encode()})


def old(scope: Any) -> Any:
    async def instance(receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": ("".join(scope.get("seen", ())) + "old").encode()})

    return instance


def seen_by(name: str, scope: Any) -> Any:
    return dict(scope, seen=(*scope.get("seen", ()), f"{name} "))


class HandsOn:
    """An old middleware that hands on."""

    def __init__(self, inner: Any, name: str = "old") -> None:
        self.inner, self.name = inner, name

    def __call__(self, scope: Any) -> Any:
        return self.inner(seen_by(self.name, scope))


class WithPartial:
    """An old middleware as Starlette's were written."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def __call__(self, scope: Any) -> Any:
        return functools.partial(self.asgi, scope=scope)

    async def asgi(self, receive: Any, send: Any, scope: Any) -> None:
        inner = self.app(seen_by("partial", scope))
        await inner(receive, send)


class WithInstance:
    """An old middleware as those of Channels were written."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __call__(self, scope: Any) -> Any:
        return MiddlewareInstance(scope, self)


class MiddlewareInstance:
    def __init__(self, scope: Any, middleware: Any) -> None:
        self.middleware = middleware
        self.scope = seen_by("instance", scope)

    async def __call__(self, receive: Any, send: Any) -> None:
        inner = self.middleware.inner(self.scope)
        await inner(receive, send)


def closure(app: Any) -> Callable[..., Any]:
    def middleware(scope: Any) -> Any:
        async def instance(receive: Any, send: Any) -> None:
            await app(seen_by("closure", scope))(receive, send)

        return instance

    return middleware


class OddName:
    """An old middleware that keeps the application under a name of its own."""

    def __init__(self, site: Any) -> None:
        self.site = site

    def __call__(self, scope: Any) -> Any:
        return self.site(seen_by("odd", scope))


def in_function(app: Any) -> Callable[..., Any]:
    """As decorators of Starlette were written: what calls the application is a variable of what is called."""

    async def handler(receive: Any, send: Any, scope: Any) -> None:
        await app(seen_by("function", scope))(receive, send)

    def middleware(scope: Any) -> Any:
        return functools.partial(handler, scope=scope)

    return middleware


def bound(app: Any, scope: Any) -> Any:
    """For a partial: the application is its first argument."""
    return app(seen_by("bound", scope))


class ByPrefix:
    """An old dispatcher with a list of pairs, and one for the rest."""

    def __init__(self, routes: List[Any], default: Any) -> None:
        self.routes, self.default = routes, default

    def __call__(self, scope: Any) -> Any:
        for prefix, app in self.routes:
            if scope["path"].startswith(prefix):
                return app(scope)
        return (self.default or self.routes[0][1])(scope)


class ByPath:
    """An old dispatcher with a table."""

    def __init__(self, apps: Dict[str, Any]) -> None:
        self.apps = apps

    def __call__(self, scope: Any) -> Any:
        return self.apps[scope["path"]](scope)


class Current:
    """A current middleware."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(seen_by("new", scope), receive, send)


class HalfBack:
    """A current middleware that still calls what it wraps twice."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(seen_by("half", scope))(receive, send)


class ProtocolTypeRouter:
    """As that of Channels 4."""

    def __init__(self, application_mapping: Dict[str, Any]) -> None:
        self.application_mapping = application_mapping

    async def __call__(self, scope: Any, receive: Any, send: Any) -> Any:
        application = self.application_mapping[scope["type"]]
        return await application(scope, receive, send)


class Pattern:
    """As Django's URLPattern, which cannot be called."""

    def __init__(self, path: str, callback: Any) -> None:
        self.path, self.callback = path, callback


class URLRouter:
    """As that of Channels 4."""

    def __init__(self, routes: List[Pattern]) -> None:
        self.routes = routes

    async def __call__(self, scope: Any, receive: Any, send: Any) -> Any:
        for route in self.routes:
            if route.path == scope["path"]:
                application = route.callback
                return await application(scope, receive, send)


class Mount:
    """As Starlette's."""

    def __init__(self, path: str, app: Any) -> None:
        self.path, self.app = path, app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


class Route:
    """As Starlette's, for a function of a request."""

    def __init__(self, path: str, endpoint: Any) -> None:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            response = endpoint(scope)
            await response(scope, receive, send)

        self.path, self.endpoint, self.app = path, endpoint, app


class Entry:
    """As Starlette's Middleware."""

    def __init__(self, cls: Any, *args: Any, **kwargs: Any) -> None:
        self.cls, self.args, self.kwargs = cls, args, kwargs


class Site:
    """As Starlette: middleware is applied with the first request."""

    def __init__(self, routes: List[Any], user_middleware: List[Entry]) -> None:
        self.routes = routes
        self.user_middleware = user_middleware

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        app: Any = self.dispatch
        for entry in reversed(self.user_middleware):
            app = entry.cls(app, *entry.args, **entry.kwargs)
        await app(scope, receive, send)

    async def dispatch(self, scope: Any, receive: Any, send: Any) -> None:
        for route in self.routes:
            if route.path == scope["path"]:
                await route.app(scope, receive, send)


class Consumer:
    """As those of Channels 4."""

    @classmethod
    def as_asgi(cls, **options: Any) -> Any:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            await cls(**options)(scope, receive, send)

        return app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await current(seen_by("consumer", scope), receive, send)


#: Variables that the code below calls.
chosen: Any = Current(current)
chosen_old: Any = HandsOn(old)
table: Any = {"/": current}
pairs: Any = [("/", current), ("/old", old)]


def by_variable(scope: Any) -> Any:
    """As printed in 2018: one function decides which application of the module a scope is for."""
    if scope["type"] == "websocket":
        return old(scope)
    return chosen(seen_by("variable", scope))


def by_variable_table(scope: Any) -> Any:
    return table[scope["path"]](scope)


def by_variable_get(scope: Any) -> Any:
    handler = table.get(scope["path"], old)
    return handler(scope)


def by_variable_pairs(scope: Any) -> Any:
    for prefix, application in pairs:
        if scope["path"].startswith(prefix):
            return application(scope)
    raise KeyError(scope["path"])


class ByVariable:
    def __init__(self, scope: Any) -> None:
        self.scope = scope

    async def __call__(self, receive: Any, send: Any) -> None:
        await chosen(seen_by("instance", self.scope))(receive, send)


async def single_by_variable(scope: Any, receive: Any, send: Any) -> None:
    await chosen_old(scope, receive, send)


class ByMapping:
    """A router that keeps its applications under a name of its own."""

    def __init__(self, mapping: Any) -> None:
        self.mapping = mapping

    def __call__(self, scope: Any) -> Any:
        return self.mapping[scope["path"]](scope)


class CallsRightly:
    """An old application that calls a current one, as it has to be called, for some paths."""

    def __init__(self, scope: Any) -> None:
        self.scope = scope

    async def __call__(self, receive: Any, send: Any) -> None:
        if self.scope["path"] == "/current":
            await current(self.scope, receive, send)
        await send({"type": "http.response.start", "status": 200, "headers": {"a": "b"}})
        await send({"type": "http.response.content", "content": b"content of 2017"})


def copying(inner: Any) -> Any:
    """A middleware that is a decorator: it has the attributes of what it wraps."""

    @functools.wraps(inner)
    def wrapper(scope: Any) -> Any:
        return inner(seen_by("copy", scope))

    return wrapper


class Framework:
    """As Starlette: it keeps a router, and is called with three."""

    def __init__(self) -> None:
        self.router = Current(current)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.router(scope, receive, send)


def stack_in_class(inner: Any) -> Any:
    """A middleware that returns a class."""

    class Stack:
        def __init__(self, scope: Any) -> None:
            self.inner = inner(seen_by("class", scope))

        async def __call__(self, receive: Any, send: Any) -> None:
            await self.inner(receive, send)

    return Stack
