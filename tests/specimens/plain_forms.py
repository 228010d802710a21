# mypy: ignore-errors
"""The plain forms. They are rows, and they are what the wrappers further down are put around."""

from __future__ import annotations

from functools import partial
from typing import Any

from .specimen import DOUBLE, EITHER, SINGLE, WSGI, respond, row


@row("async function", SINGLE)
def single() -> Any:
    async def app(scope, receive, send):
        assert scope["type"] == "http"
        await respond(send)

    return app


@row("plain function that returns a coroutine", SINGLE)
def plain_single():
    def app(scope, receive, send):
        return respond(send)

    return app


@row("instance with async __call__", SINGLE)
def single_instance():
    class App:
        async def __call__(self, scope, receive, send):
            await respond(send)

    return App()


@row("instance with plain __call__ that returns a coroutine", SINGLE)
def plain_single_instance():
    class App:
        def __call__(self, scope, receive, send):
            return self.run(scope, receive, send)

        async def run(self, scope, receive, send):
            await respond(send)

    return App()


@row("bound async method", SINGLE)
def single_method():
    class Framework:
        async def asgi_app(self, scope, receive, send):
            await respond(send)

    return Framework().asgi_app


@row("class whose instances are awaitable", SINGLE)
def awaitable_class():
    class Endpoint:
        def __init__(self, scope, receive, send):
            self.scope, self.receive, self.send = scope, receive, send

        def __await__(self):
            return self.dispatch().__await__()

        async def dispatch(self):
            await respond(self.send)

    return Endpoint


@row("closure", DOUBLE)
def double() -> Any:
    def app(scope):
        async def instance(receive, send):
            assert scope["type"] == "http"
            await respond(send)

        return instance

    return app


@row("class with __init__(scope) and async __call__(receive, send)", DOUBLE)
def double_class():
    class App:
        def __init__(self, scope):
            self.scope = scope

        async def __call__(self, receive, send):
            assert self.scope["type"] == "http"
            await respond(send)

    return App


@row("instance whose __call__ takes the scope", DOUBLE)
def double_instance():
    class Router:
        def __call__(self, scope):
            return partial(self.handle, scope)

        async def handle(self, scope, receive, send):
            await respond(send)

    return Router()


@row("bound method that takes the scope", DOUBLE)
def double_method():
    class Framework:
        def asgi(self, scope):
            async def instance(receive, send):
                await respond(send)

            return instance

    return Framework().asgi


@row("function that serves both calls", EITHER)
def either():
    def app(scope, receive=None, send=None):
        async def instance(receive, send):
            await respond(send)

        return instance if receive is None else instance(receive, send)

    return app


@row("WSGI function", WSGI, remedy="a2wsgi")
def wsgi():
    def app(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"specimen"]

    return app


PLAIN_FORMS = (
    (single, SINGLE),
    (plain_single, SINGLE),
    (single_instance, SINGLE),
    (plain_single_instance, SINGLE),
    (single_method, SINGLE),
    (awaitable_class, SINGLE),
    (double, DOUBLE),
    (double_class, DOUBLE),
    (double_instance, DOUBLE),
    (double_method, DOUBLE),
    (either, EITHER),
    (wsgi, WSGI),
)
