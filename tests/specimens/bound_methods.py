# mypy: ignore-errors
"""Bound methods."""

from __future__ import annotations

import functools
import types
from functools import partial

from .pass_through import through_wraps
from .plain_forms import double, double_class, single, single_instance
from .specimen import DOUBLE, NOT_AN_APP, SINGLE, SPECIMENS, UNKNOWN, respond, row


@row("method bound to a class by types.MethodType", SINGLE)
def _():
    async def handle(owner, scope, receive, send):
        await respond(send)

    return types.MethodType(handle, object())


@row("types.MethodType over a callable instance", SINGLE)
def _():
    class Handler:
        async def __call__(self, owner, scope, receive, send):
            await respond(send)

    return types.MethodType(Handler(), object())


@row("types.MethodType over a partial", SINGLE)
def _():
    async def handle(option, owner, scope, receive, send):
        await respond(send)

    return types.MethodType(partial(handle, 1), object())


@row("types.MethodType over a class", DOUBLE)
def _():
    class App:
        def __init__(self, owner, scope):
            self.scope = scope

        async def __call__(self, receive, send):
            await respond(send)

    return types.MethodType(App, object())


@row("types.MethodType over a double function", DOUBLE)
def _():
    def handle(owner, scope):
        async def instance(receive, send):
            await respond(send)

        return instance

    return types.MethodType(handle, object())


@row("__call__ of an instance, taken by name", SINGLE)
def _():
    return single_instance().__call__


@row("__call__ of a function, taken by name", SINGLE)
def _():
    return single().__call__


@row("__call__ of a double function, taken by name", DOUBLE)
def _():
    return double().__call__


@row("__call__ of a class, taken by name from its metaclass", DOUBLE)
def _():
    return types.MethodType(type.__call__, double_class())


@row("__get__ of a function over an object", SINGLE)
def _():
    async def handle(owner, scope, receive, send):
        await respond(send)

    return handle.__get__(object())


@row("bound method decorated by wraps", SINGLE)
def _():
    class App:
        @through_wraps
        async def asgi(self, scope, receive, send):
            await respond(send)

    return App().asgi


@row("bound method decorated by wraps, double", DOUBLE)
def _():
    class App:
        @through_wraps
        def asgi(self, scope):
            async def instance(receive, send):
                await respond(send)

            return instance

    return App().asgi


@row("bound async *args method", SINGLE)
def _():
    class App:
        async def asgi(self, *args):
            await respond(args[2])

    return App().asgi


@row("bound plain method of three", SINGLE)
def _():
    class App:
        def asgi(self, scope, receive, send):
            return respond(send)

    return App().asgi


@row("method of a dict that looks an application up", NOT_AN_APP)
def _():
    return {"http": double()}.get


@row("__get__ descriptor that returns an async function", SINGLE)
def _():
    class Descriptor:
        def __get__(self, instance, owner):
            async def app(scope, receive, send):
                await respond(send)

            return app

    class App:
        asgi = Descriptor()

    return App().asgi


@row("singledispatchmethod", SINGLE)
def _():
    class App:
        @functools.singledispatchmethod
        async def asgi(self, scope, receive, send):
            await respond(send)

    return App().asgi


SPECIMENS[-1] = SPECIMENS[-1]._replace(
    style=UNKNOWN, why="the function that is dispatched to is picked by the type of the scope"
)


@row("cached_property that holds an application", DOUBLE)
def _():
    class Framework:
        @functools.cached_property
        def asgi(self):
            return double()

    return Framework().asgi
