# mypy: ignore-errors
"""Instances."""

from __future__ import annotations

import asyncio
import dataclasses
import enum
import types
from functools import partial, partialmethod
from typing import NamedTuple

from .plain_forms import (
    awaitable_class,
    double,
    double_class,
    double_instance,
    single,
    single_instance,
    single_method,
)
from .specimen import DOUBLE, NOT_AN_APP, SINGLE, SPECIMENS, UNKNOWN, add, respond, row


@row("instance, plain __call__ returning a Task", SINGLE)
def _():
    class App:
        def __call__(self, scope, receive, send):
            return asyncio.ensure_future(respond(send))

    return App()


@row("instance, static async __call__", SINGLE)
def _():
    class App:
        @staticmethod
        async def __call__(scope, receive, send):
            await respond(send)

    return App()


@row("instance, class-method async __call__", SINGLE)
def _():
    class App:
        @classmethod
        async def __call__(cls, scope, receive, send):
            await respond(send)

    return App()


@row("instance, static __call__(scope)", DOUBLE)
def _():
    class App:
        @staticmethod
        def __call__(scope):
            async def instance(receive, send):
                await respond(send)

            return instance

    return App()


@row("instance, class-method __call__(scope)", DOUBLE)
def _():
    class App:
        @classmethod
        def __call__(cls, scope):
            async def instance(receive, send):
                await respond(send)

            return instance

    return App()


@row("instance, partialmethod __call__", SINGLE)
def _():
    class App:
        async def handle(self, option, scope, receive, send):
            await respond(send)

        __call__ = partialmethod(handle, "option")

    return App()


@row("instance, partialmethod __call__ by keyword", SINGLE)
def _():
    class App:
        async def handle(self, scope, receive, send, *, option):
            await respond(send)

        __call__ = partialmethod(handle, option=1)

    return App()


@row("instance, partialmethod __call__, double", DOUBLE)
def _():
    class App:
        def handle(self, option, scope):
            async def instance(receive, send):
                await respond(send)

            return instance

        __call__ = partialmethod(handle, "option")

    return App()


@row("bound partialmethod", SINGLE)
def _():
    class App:
        async def handle(self, option, scope, receive, send):
            await respond(send)

        asgi = partialmethod(handle, "option")

    return App().asgi


@row("bound partialmethod, double", DOUBLE)
def _():
    class App:
        def handle(self, option, scope):
            async def instance(receive, send):
                await respond(send)

            return instance

        asgi = partialmethod(handle, "option")

    return App().asgi


@row("instance, __call__ is itself an instance", SINGLE)
def _():
    class App:
        __call__ = single_instance()

    return App()


@row("instance, __call__ is itself an instance, double", DOUBLE)
def _():
    class App:
        __call__ = double_instance()

    return App()


@row("instance, __call__ is a double class", DOUBLE)
def _():
    class App:
        __call__ = double_class()

    return App()


@row("instance, __call__ is an awaitable class", SINGLE)
def _():
    class App:
        __call__ = awaitable_class()

    return App()


@row("instance, __call__ is a partial", SINGLE, since=(3, 8))
def _():
    class App:
        __call__ = staticmethod(partial(single()))

    return App()


@row("instance, __call__ is a bound method of another object", SINGLE)
def _():
    class App:
        __call__ = single_method()

    return App()


@row("instance, property __call__ that returns a bound method", SINGLE)
def _():
    class App:
        @property
        def __call__(self):
            return self.asgi

        async def asgi(self, scope, receive, send):
            await respond(send)

    return App()


# A property's getter is code of the user: it cannot be run to see what it returns.
SPECIMENS[-1] = SPECIMENS[-1]._replace(style=UNKNOWN, why="only the property's getter knows what is called")


@row("instance, inherited __call__", SINGLE)
def _():
    class Base:
        async def __call__(self, scope, receive, send):
            await self.run(send)

    class App(Base):
        async def run(self, send):
            await respond(send)

    return App()


@row("instance, overridden __call__ of the other style", SINGLE)
def _():
    class Legacy:
        def __call__(self, scope):
            return None

    class App(Legacy):
        async def __call__(self, scope, receive, send):
            await respond(send)

    return App()


@row("instance, __call__(*args, **kwargs) that calls super's", SINGLE)
def _():
    class Base:
        async def __call__(self, scope, receive, send):
            await respond(send)

    class App(Base):
        def __call__(self, *args, **kwargs):
            return super().__call__(*args, **kwargs)

    return App()


@row("instance, __call__(*args, **kwargs) that calls super's, double", DOUBLE)
def _():
    class Base:
        def __call__(self, scope):
            async def instance(receive, send):
                await respond(send)

            return instance

    class App(Base):
        def __call__(self, *args, **kwargs):
            return super().__call__(*args, **kwargs)

    return App()


@row("instance, async __call__(*args)", SINGLE)
def _():
    class App:
        async def __call__(self, *args):
            await respond(args[2])

    return App()


@row("instance, __call__(*args) swallowing self", SINGLE)
def _():
    class App:
        async def __call__(*args):
            self, scope, receive, send = args
            await respond(send)

    return App()


@row("instance, odd names and no self", SINGLE)
def _():
    class App:
        async def __call__(this, s, r, w):
            await respond(w)

    return App()


@row("instance with __slots__", SINGLE)
def _():
    class App:
        __slots__ = ()

        async def __call__(self, scope, receive, send):
            await respond(send)

    return App()


@row("instance attribute __call__ that Python ignores", DOUBLE)
def _():
    class App:
        def __init__(self):
            self.__call__ = single()

        def __call__(self, scope):
            async def instance(receive, send):
                await respond(send)

            return instance

    return App()


@row("instance attribute __call__ of the other kind that Python ignores", SINGLE)
def _():
    class App:
        def __init__(self):
            self.__call__ = double()

        async def __call__(self, scope, receive, send):
            await respond(send)

    return App()


@row("instance attribute __call__ without one on the type", NOT_AN_APP)
def _():
    class App:
        def __init__(self):
            self.__call__ = single()

    return App()


def _slot_call(chosen):
    class SentryAsgiMiddleware:
        __slots__ = ("app", "__call__")

        def __init__(self, app):
            self.app = app
            self.__call__ = chosen(self)

        def run2(self, scope):
            return partial(self.run, scope)

        async def run(self, scope, receive, send):
            await respond(send)

        async def run3(self, scope, receive, send):
            await respond(send)

    return SentryAsgiMiddleware


add("slot __call__ as sentry-sdk, single", SINGLE, lambda: _slot_call(lambda self: self.run3)(single()))
add("slot __call__ as sentry-sdk, double", DOUBLE, lambda: _slot_call(lambda self: self.run2)(double()))


@row("slot __call__ that was never filled", NOT_AN_APP)
def _():
    class App:
        __slots__ = ("__call__",)

    return App()


@row("__call__ = None takes the inherited one back", NOT_AN_APP)
def _():
    class Base:
        async def __call__(self, scope, receive, send):
            await respond(send)

    class App(Base):
        __call__ = None

    return App()


@row("instance of an ASGI3 middleware", SINGLE)
def _():
    class Middleware:
        def __init__(self, app, option=None):
            self.app = app

        async def __call__(self, scope, receive, send):
            await self.app(scope, receive, send)

    return Middleware(single())


@row("instance of an ASGI2 middleware", DOUBLE)
def _():
    class Middleware:
        def __init__(self, inner):
            self.inner = inner

        def __call__(self, scope):
            return self.inner(scope)

    return Middleware(double())


@row("instance of an ASGI2 middleware with an instance class of its own", DOUBLE)
def _():
    class Instance:
        def __init__(self, scope, middleware):
            self.scope, self.inner = scope, middleware.inner(scope)

        async def __call__(self, receive, send):
            await self.inner(receive, send)

    class Middleware:
        def __init__(self, inner):
            self.inner = inner

        def __call__(self, scope):
            return Instance(scope, self)

    return Middleware(double())


@row("instance of a middleware that turns a double into a single", SINGLE)
def _():
    class Adapter:
        def __init__(self, app):
            self.app = app

        async def __call__(self, scope, receive, send):
            await self.app(scope)(receive, send)

    return Adapter(double())


@row("instance of a middleware that turns a single into a double", DOUBLE)
def _():
    class Adapter:
        def __init__(self, app):
            self.app = app

        def __call__(self, scope):
            return partial(self.app, scope)

    return Adapter(single())


@row("dataclass instance", SINGLE)
def _():
    @dataclasses.dataclass
    class App:
        name: str = "app"

        async def __call__(self, scope, receive, send):
            await respond(send)

    return App()


@row("Enum member with __call__", SINGLE)
def _():
    class Apps(enum.Enum):
        MAIN = 1

        async def __call__(self, scope, receive, send):
            await respond(send)

    return Apps.MAIN


@row("NamedTuple instance with __call__", SINGLE)
def _():
    class App(NamedTuple):
        name: str

        async def __call__(self, scope, receive, send):
            await respond(send)

    return App("x")


@row("dict subclass instance with __call__(scope), as a router", DOUBLE)
def _():
    class Router(dict):
        def __call__(self, scope):
            return self[scope["type"]](scope)

    return Router(http=double())


@row("list subclass instance with async __call__", SINGLE)
def _():
    class Stack(list):
        async def __call__(self, scope, receive, send):
            await self[0](scope, receive, send)

    return Stack([single()])


@row("tuple subclass instance with async __call__", SINGLE)
def _():
    class Pair(tuple):
        async def __call__(self, scope, receive, send):
            await respond(send)

    return Pair()


@row("str subclass instance with async __call__", SINGLE)
def _():
    class Named(str):
        async def __call__(self, scope, receive, send):
            await respond(send)

    return Named("app")


@row("module subclass with __call__", SINGLE)
def _():
    class CallableModule(types.ModuleType):
        async def __call__(self, scope, receive, send):
            await respond(send)

    return CallableModule("app")


@row("instance with __call__ that has options", DOUBLE)
def _():
    class App:
        def __call__(self, scope, debug=False, **options):
            async def instance(receive, send):
                await respond(send)

            return instance

    return App()


@row("instance with WSGI and ASGI in one: async __call__ and a wsgi method", SINGLE)
def _():
    class App:
        def wsgi(self, environ, start_response):
            return []

        async def __call__(self, scope, receive, send):
            await respond(send)

    return App()


@row("instance that is iterable and awaitable too", SINGLE)
def _():
    class App:
        def __iter__(self):
            return iter(())

        def __await__(self):
            return iter(())

        async def __call__(self, scope, receive, send):
            await respond(send)

    return App()


@row("instance with a raising __getattr__", SINGLE)
def _():
    class App:
        def __getattr__(self, name):
            raise RuntimeError("working outside of request context")

        async def __call__(self, scope, receive, send):
            await respond(send)

    return App()


@row("instance with a raising __getattr__, pass-through", DOUBLE)
def _():
    class Proxy:
        def __init__(self, app):
            self.app = app

        def __getattr__(self, name):
            raise RuntimeError("working outside of request context")

        def __call__(self, *args, **kwargs):
            return self.app(*args, **kwargs)

    return Proxy(double())


@row("instance with a raising __getattribute__", SINGLE)
def _():
    class App:
        def __getattribute__(self, name):
            raise RuntimeError("do not touch")

        async def __call__(self, scope, receive, send):
            await respond(send)

    return App()


@row("instance whose __class__ lies", DOUBLE)
def _():
    class Lie:
        __class__ = types.FunctionType

        def __call__(self, scope):
            async def instance(receive, send):
                await respond(send)

            return instance

    return Lie()


@row("instance whose __eq__ and __bool__ raise", SINGLE)
def _():
    class App:
        def __eq__(self, other):
            raise ValueError("ambiguous")

        def __bool__(self):
            raise ValueError("ambiguous")

        def __len__(self):
            raise ValueError("no length")

        __hash__ = None

        async def __call__(self, scope, receive, send):
            await respond(send)

    return App()


@row("instance whose __repr__ raises", SINGLE)
def _():
    class App:
        def __repr__(self):
            raise ValueError("no repr")

        async def __call__(self, scope, receive, send):
            await respond(send)

    return App()
