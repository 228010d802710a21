# mypy: ignore-errors
"""Functions, double."""

from __future__ import annotations

import asyncio
import types
from functools import partial

from .plain_forms import double, double_class, single
from .specimen import _STAR, DOUBLE, SINGLE, UNKNOWN, respond, row


@row("closure, parameter x", DOUBLE)
def _():
    def app(x):
        async def instance(receive, send):
            await respond(send)

        return instance

    return app


@row("closure, parameter connection, inner (r, s)", DOUBLE)
def _():
    def app(connection):
        async def inner(r, s):
            await respond(s)

        return inner

    return app


@row("closure, parameter request", DOUBLE)
def _():
    def app(request):
        async def instance(receive, send):
            await respond(send)

        return instance

    return app


@row("closure, parameter environ", DOUBLE)
def _():
    def app(environ):
        async def instance(receive, send):
            await respond(send)

        return instance

    return app


@row("closure, positional-only", DOUBLE)
def _():
    def app(scope, /):
        async def instance(receive, send):
            await respond(send)

        return instance

    return app


@row("closure, scope has a default", DOUBLE)
def _():
    def app(scope=None):
        async def instance(receive, send):
            await respond(send)

        return instance

    return app


@row("closure with an option", DOUBLE)
def _():
    def app(scope, debug=False):
        async def instance(receive, send):
            await respond(send)

        return instance

    return app


@row("closure with two options, which makes three", DOUBLE)
def _():
    def app(scope, debug=False, prefix=""):
        async def instance(receive, send):
            await respond(send)

        return instance

    return app


@row("closure with three options", DOUBLE)
def _():
    def app(scope, debug=False, prefix="", limit=10):
        async def instance(receive, send):
            await respond(send)

        return instance

    return app


@row("closure with a keyword-only option", DOUBLE)
def _():
    def app(scope, *, debug=False):
        async def instance(receive, send):
            await respond(send)

        return instance

    return app


@row("closure with **options", DOUBLE)
def _():
    def app(scope, **options):
        async def instance(receive, send):
            await respond(send)

        return instance

    return app


@row("closure with scope and *args", DOUBLE)
def _():
    def app(scope, *args):
        async def instance(receive, send):
            await respond(send)

        return instance

    return app


@row("closure with scope, *args and **kwargs", DOUBLE)
def _():
    def app(scope, *args, **kwargs):
        async def instance(receive, send):
            await respond(send)

        return instance

    return app


@row("closure, *args alone, inner (receive, send), returned", UNKNOWN, _STAR)
def _():
    def app(*args):
        scope = args[0]

        async def instance(receive, send):
            assert scope
            await respond(send)

        return instance

    return app


@row("closure, *args alone, inner (receive, send), called", UNKNOWN, _STAR)
def _():
    def app(*args):
        async def instance(receive, send):
            await respond(send)

        return instance(*args[1:])

    return app


@row("closure whose inner half is a plain function", DOUBLE)
def _():
    def app(scope):
        def instance(receive, send):
            return respond(send)

        return instance

    return app


@row("closure whose inner half is a lambda", DOUBLE)
def _():
    def app(scope):
        return lambda receive, send: respond(send)

    return app


@row("lambda of a lambda", DOUBLE)
def _():
    return lambda scope: lambda receive, send: respond(send)


@row("lambda of a lambda, odd names", DOUBLE)
def _():
    return lambda x: lambda r, s: respond(s)


@row("closure whose inner half takes *args", DOUBLE)
def _():
    def app(scope):
        async def instance(*args):
            await respond(args[1])

        return instance

    return app


@row("closure whose inner half has an option", DOUBLE)
def _():
    def app(scope):
        async def instance(receive, send, timeout=None):
            await respond(send)

        return instance

    return app


@row("closure with other inner functions beside the instance", DOUBLE)
def _():
    def app(scope):
        def clean(value):
            return value

        async def instance(receive, send):
            clean(scope)
            await respond(send)

        return instance

    return app


@row("closure two levels deep", DOUBLE)
def _():
    def app(scope):
        def build():
            async def instance(receive, send):
                await respond(send)

            return instance

        return build()

    return app


@row("closure that chooses between two instances", DOUBLE)
def _():
    def app(scope):
        if scope["type"] == "lifespan":

            async def lifespan(receive, send):
                await receive()

            return lifespan

        async def instance(receive, send):
            await respond(send)

        return instance

    return app


@row("returns a partial of an async function", DOUBLE)
def _():
    async def handle(scope, receive, send):
        await respond(send)

    def app(scope):
        return partial(handle, scope)

    return app


@row("returns a partial by keyword", DOUBLE)
def _():
    async def handle(receive, send, scope):
        await respond(send)

    def app(scope):
        return partial(handle, scope=scope)

    return app


@row("lambda that returns a partial", DOUBLE)
def _():
    async def handle(scope, receive, send):
        await respond(send)

    return lambda scope: partial(handle, scope)


@row("returns a bound method", DOUBLE)
def _():
    class Handler:
        def __init__(self, scope):
            self.scope = scope

        async def run(self, receive, send):
            await respond(send)

    def app(scope):
        return Handler(scope).run

    return app


@row("returns an instance of a class", DOUBLE)
def _():
    App = double_class()

    def app(scope):
        return App(scope)

    return app


@row("lambda that returns an instance of a class", DOUBLE)
def _():
    App = double_class()
    return lambda scope: App(scope)


@row("returns what another double returns", DOUBLE)
def _():
    inner = double()

    def app(scope):
        return inner(scope)

    return app


@row("middleware closure of the first generation", DOUBLE)
def _():
    def middleware(app):
        def wrapped(scope):
            instance = app(dict(scope, seen=True))

            async def call(receive, send):
                await instance(receive, send)

            return call

        return wrapped

    return middleware(double())


@row("middleware closure of the second generation", SINGLE)
def _():
    def middleware(app):
        async def wrapped(scope, receive, send):
            await app(scope, receive, send)

        return wrapped

    return middleware(single())


@row("router by path", DOUBLE)
def _():
    routes = {"/": double()}

    def app(scope):
        return routes[scope["path"]](scope)

    return app


@row("instance half returns a Task", DOUBLE)
def _():
    def app(scope):
        def instance(receive, send):
            return asyncio.ensure_future(respond(send))

        return instance

    return app


@row("instance half is a generator-based coroutine", DOUBLE)
def _():
    def app(scope):
        @types.coroutine
        def instance(receive, send):
            yield from respond(send).__await__()

        return instance

    return app


@row("returns a class's instance with __call__(receive, send), defined inside", DOUBLE)
def _():
    def app(scope):
        class Instance:
            async def __call__(self, receive, send):
                await respond(send)

        return Instance()

    return app


@row("async constructor with its instance inside", DOUBLE, tolerated=True)
def _():
    async def app(scope):
        async def instance(receive, send):
            await respond(send)

        return instance

    return app


@row("returns a response that takes all three", DOUBLE, tolerated=True)
def _():
    class JSONResponse:
        async def __call__(self, scope, receive, send):
            await respond(send)

    def app(scope):
        return JSONResponse()

    return app


@row("functools.partial as a decorator's closure", DOUBLE)
def _():
    def configured(option):
        def app(scope):
            async def instance(receive, send):
                assert option
                await respond(send)

            return instance

        return app

    return configured("x")
