# mypy: ignore-errors
"""Classes, single."""

from __future__ import annotations

import collections

from .plain_forms import awaitable_class
from .specimen import SINGLE, respond, row


@row("awaitable class with options", SINGLE)
def _():
    class Endpoint:
        def __init__(self, scope, receive, send, debug=False):
            self.send = send

        def __await__(self):
            return respond(self.send).__await__()

    return Endpoint


@row("awaitable class, odd names", SINGLE)
def _():
    class Endpoint:
        def __init__(self, a, b, c):
            self.c = c

        def __await__(self):
            return respond(self.c).__await__()

    return Endpoint


@row("awaitable class, inherited", SINGLE)
def _():
    class Endpoint(awaitable_class()):
        async def dispatch(self):
            await respond(self.send)

    return Endpoint


@row("awaitable class, pass-through constructor to the base", SINGLE)
def _():
    class Endpoint(awaitable_class()):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)

    return Endpoint


@row("awaitable class with *args", SINGLE)
def _():
    class Endpoint:
        def __init__(self, *args):
            self.send = args[2]

        def __await__(self):
            return respond(self.send).__await__()

    return Endpoint


@row("awaitable class with __slots__", SINGLE)
def _():
    class Endpoint:
        __slots__ = ("send",)

        def __init__(self, scope, receive, send):
            self.send = send

        def __await__(self):
            yield from respond(self.send).__await__()

    return Endpoint


@row("awaitable class, __await__ from a mixin", SINGLE)
def _():
    class Dispatching:
        def __await__(self):
            return self.run().__await__()

    class Endpoint(Dispatching):
        def __init__(self, scope, receive, send):
            self.send = send

        async def run(self):
            await respond(self.send)

    return Endpoint


@row("subclass of collections.abc.Awaitable", SINGLE)
def _():
    class Endpoint(collections.abc.Awaitable):
        def __init__(self, scope, receive, send):
            self.send = send

        def __await__(self):
            return respond(self.send).__await__()

    return Endpoint


@row("awaitable class that can be called as well", SINGLE)
def _():
    class Endpoint:
        def __init__(self, scope, receive, send):
            self.send = send

        def __call__(self, other):
            return other

        def __await__(self):
            return respond(self.send).__await__()

    return Endpoint


@row("async classmethod", SINGLE)
def _():
    class App:
        @classmethod
        async def asgi(cls, scope, receive, send):
            await respond(send)

    return App.asgi


@row("async static method", SINGLE)
def _():
    class App:
        @staticmethod
        async def asgi(scope, receive, send):
            await respond(send)

    return App.asgi


@row("plain classmethod of three", SINGLE)
def _():
    class App:
        @classmethod
        def asgi(cls, scope, receive, send):
            return respond(send)

    return App.asgi
