# mypy: ignore-errors
"""Not applications: what can be called, but not so."""

from __future__ import annotations

import abc
import asyncio
import collections
import dataclasses
import enum
import operator
import types
import typing
from functools import partial, wraps

from .plain_forms import double, double_class, double_instance, single, single_instance
from .specimen import NOT_AN_APP, SINGLE, add, respond, row


@row("async view(request)", NOT_AN_APP)
def _():
    async def view(request):
        return "hello"

    return view


@row("async view(request, name)", NOT_AN_APP)
def _():
    async def view(request, name):
        return "hello"

    return view


@row("plain view(request)", NOT_AN_APP)
def _():
    def view(request):
        return "hello"

    return view


@row("view method", NOT_AN_APP)
def _():
    class View:
        async def get(self, request):
            return "hello"

    return View().get


@row("view (request, *args, **kwargs)", NOT_AN_APP)
def _():
    def view(request, *args, **kwargs):
        return "hello"

    return view


@row("inner half", NOT_AN_APP)
def _():
    async def instance(receive, send):
        await respond(send)

    return instance


@row("inner half, plain", NOT_AN_APP)
def _():
    def instance(receive, send):
        return respond(send)

    return instance


@row("ASGI2 instance: double(scope)", NOT_AN_APP)
def _():
    return double()({"type": "http"})


@row("ASGI2 instance of a class", NOT_AN_APP)
def _():
    return double_class()({"type": "http"})


@row("ASGI2 instance of a double instance", NOT_AN_APP)
def _():
    return double_instance()({"type": "http"})


@row("async function of four", NOT_AN_APP)
def _():
    async def app(app, scope, receive, send):
        await respond(send)

    return app


@row("async function with a required keyword", NOT_AN_APP)
def _():
    async def app(scope, receive, send, *, database):
        await respond(send)

    return app


@row("closure with a required keyword", NOT_AN_APP)
def _():
    def app(scope, *, database):
        async def instance(receive, send):
            await respond(send)

        return instance

    return app


@row("closure with two required", NOT_AN_APP)
def _():
    def app(config, scope):
        async def instance(receive, send):
            await respond(send)

        return instance

    return app


@row("unbound async method", NOT_AN_APP)
def _():
    class App:
        async def asgi(self, scope, receive, send):
            await respond(send)

    return App.asgi


@row("unbound plain method (self, scope)", NOT_AN_APP)
def _():
    class App:
        def asgi(self, scope):
            async def instance(receive, send):
                await respond(send)

            return instance

    return App.asgi


@row("unbound __call__", NOT_AN_APP)
def _():
    return type(single_instance()).__call__


@row("unbound method (self, receive, send) of a double class", NOT_AN_APP)
def _():
    return double_class().__call__


@row("generator function of three", NOT_AN_APP)
def _():
    def app(scope, receive, send):
        yield

    return app


@row("generator function of the scope", NOT_AN_APP)
def _():
    def app(scope):
        yield

    return app


@row("async generator function of three", NOT_AN_APP)
def _():
    async def app(scope, receive, send):
        await respond(send)
        yield

    return app


@row("async generator function for lifespan", NOT_AN_APP)
def _():
    async def lifespan(app):
        yield

    return lifespan


@row("async function (app) for start-up", NOT_AN_APP)
def _():
    async def startup(app):
        return None

    return startup


@row("def middleware(app)", NOT_AN_APP)
def _():
    def middleware(app):
        async def wrapped(scope, receive, send):
            await app(scope, receive, send)

        return wrapped

    return middleware


@row("def middleware(app) of the first generation", NOT_AN_APP)
def _():
    def middleware(app):
        def wrapped(scope):
            return app(scope)

        return wrapped

    return middleware


@row("def middleware(get_response)", NOT_AN_APP)
def _():
    def middleware(get_response):
        def handle(request):
            return get_response(request)

        return handle

    return middleware


@row("def middleware(handler), odd name, with a single inside", NOT_AN_APP)
def _():
    def logged(handler):
        async def wrapped(scope, receive, send):
            await handler(scope, receive, send)

        return wrapped

    return logged


@row("decorator factory with an option", NOT_AN_APP)
def _():
    def middleware(option):
        def decorate(app):
            async def wrapped(scope, receive, send):
                await app(scope, receive, send)

            return wrapped

        return decorate

    return middleware


@row("middleware class not applied", NOT_AN_APP)
def _():
    class Middleware:
        def __init__(self, app):
            self.app = app

        async def __call__(self, scope, receive, send):
            await self.app(scope, receive, send)

    return Middleware


@row("middleware class not applied, with options", NOT_AN_APP)
def _():
    class GZip:
        def __init__(self, app, minimum_size=500, compresslevel=9):
            self.app = app

        async def __call__(self, scope, receive, send):
            await self.app(scope, receive, send)

    return GZip


@row("middleware class of the first generation not applied", NOT_AN_APP)
def _():
    class Middleware:
        def __init__(self, inner):
            self.inner = inner

        def __call__(self, scope):
            return self.inner(scope)

    return Middleware


@row("pure BaseHTTPMiddleware-like class", NOT_AN_APP)
def _():
    class Middleware:
        def __init__(self, app, dispatch=None):
            self.app = app
            self.dispatch_func = dispatch

        async def __call__(self, scope, receive, send):
            await self.app(scope, receive, send)

        async def dispatch(self, request, call_next):
            return await call_next(request)

    return Middleware


@row("dispatch(request, call_next)", NOT_AN_APP)
def _():
    async def dispatch(request, call_next):
        return await call_next(request)

    return dispatch


@row("WSGI middleware class not applied", NOT_AN_APP)
def _():
    class Middleware:
        def __init__(self, app):
            self.app = app

        def __call__(self, environ, start_response):
            return self.app(environ, start_response)

    return Middleware


@row("plain class", NOT_AN_APP)
def _():
    class Settings:
        debug = True

    return Settings


@row("plain class with a constructor", NOT_AN_APP)
def _():
    class User:
        def __init__(self, name):
            self.name = name

    return User


@row("plain class with a constructor of three", NOT_AN_APP)
def _():
    class Point:
        def __init__(self, x, y, z):
            self.x = x

    return Point


@row("class with __init__(scope) that cannot be called", NOT_AN_APP)
def _():
    class Connection:
        def __init__(self, scope):
            self.scope = scope

    return Connection


@row("class with __init__(scope, receive, send) that cannot be awaited", NOT_AN_APP)
def _():
    class Request:
        def __init__(self, scope, receive=None, send=None):
            self.scope = scope

        def __iter__(self):
            return iter(())

    return Request


@row("abstract class that cannot be instantiated", NOT_AN_APP)
def _():
    class Base(abc.ABC):
        def __init__(self, scope):
            self.scope = scope

        @abc.abstractmethod
        async def __call__(self, receive, send): ...

    return Base


@row("Protocol class that cannot be instantiated", NOT_AN_APP)
def _():
    class ASGI3(typing.Protocol):
        async def __call__(self, scope, receive, send): ...

    return ASGI3


@row("plain dataclass", NOT_AN_APP)
def _():
    @dataclasses.dataclass
    class Config:
        host: str
        port: int

    return Config


@row("Enum class", NOT_AN_APP)
def _():
    return enum.Enum("Colour", "RED GREEN")


@row("exception class", NOT_AN_APP)
def _():
    class NotFound(Exception):
        pass

    return NotFound


@row("exception class with __init__(scope)", NOT_AN_APP)
def _():
    class NotFound(Exception):
        def __init__(self, scope):
            super().__init__(scope)

    return NotFound


@row("response class", NOT_AN_APP)
def _():
    class Response:
        def __init__(self, content, status=200, headers=None):
            self.content = content

        async def __call__(self, scope, receive, send):
            await respond(send)

    return Response


@row("response instance is an application", SINGLE)
def _():
    class Response:
        def __init__(self, content=None, status=200, headers=None):
            self.content = content

        async def __call__(self, scope, receive, send):
            await respond(send)

    return Response()


@row("operator.attrgetter", NOT_AN_APP)
def _():
    return operator.attrgetter("app")


@row("operator.itemgetter", NOT_AN_APP)
def _():
    return operator.itemgetter("app")


@row("operator.methodcaller", NOT_AN_APP)
def _():
    return operator.methodcaller("get")


for _builtin in (
    print, len, dict, list, int, str, object, type, sorted, isinstance, min, iter, map, zip, tuple, Exception,
    ValueError, BaseException, property, super, slice, partial, callable, getattr, repr, hash, sum, vars,
):  # fmt: skip
    add(f"builtin {_builtin.__name__}", NOT_AN_APP, partial(lambda value: value, _builtin))

add("typing.NamedTuple class of two", NOT_AN_APP, lambda: collections.namedtuple("Pair", "left right"))
add("types.FunctionType", NOT_AN_APP, lambda: types.FunctionType)
add("types.SimpleNamespace", NOT_AN_APP, lambda: types.SimpleNamespace)
add("asyncio.sleep", NOT_AN_APP, lambda: asyncio.sleep)
add("asyncio.run", NOT_AN_APP, lambda: asyncio.run)
add("asyncio.Event", NOT_AN_APP, lambda: asyncio.Event)
add("functools.wraps(app)", NOT_AN_APP, lambda: wraps(single()))
add("typing.List[int]", NOT_AN_APP, lambda: typing.List[int])
add("typing.Callable", NOT_AN_APP, lambda: typing.Callable[[int], int])
add("typing.Any", NOT_AN_APP, lambda: typing.Any)
add("list[int]", NOT_AN_APP, lambda: list[int], since=(3, 9))
add("Union", NOT_AN_APP, lambda: typing.Union[int, str])
add("str.join bound", NOT_AN_APP, lambda: ",".join)
add("dict.get unbound", NOT_AN_APP, lambda: dict.get)
add("list.append bound", NOT_AN_APP, lambda: [].append)


@row("NewType", NOT_AN_APP)
def _():
    return typing.NewType("AppId", int)


@row("async function without parameters and a None", NOT_AN_APP)
def _():
    async def main():
        await asyncio.sleep(0)

    return main


@row("def main() that returns nothing", NOT_AN_APP)
def _():
    def main():
        len("serving")

    return main


@row("class with an async __call__ of two, no scope", NOT_AN_APP)
def _():
    class Handler:
        async def __call__(self, receive, send):
            await respond(send)

    return Handler()


@row("class without constructor whose instances take (receive, send)", NOT_AN_APP)
def _():
    class Handler:
        async def __call__(self, receive, send):
            await respond(send)

    return Handler


@row("classmethod that wants more", NOT_AN_APP)
def _():
    class App:
        @classmethod
        def build(cls, config, debug):
            return single()

    return App.build


@row("callback (loop, context)", NOT_AN_APP)
def _():
    def handler(loop, context):
        return None

    return handler


@row("websockets handler (websocket, path)", NOT_AN_APP)
def _():
    async def handler(websocket, path):
        await websocket.recv()

    return handler


@row("aiohttp handler(request) with options", NOT_AN_APP)
def _():
    async def handler(request, name="x"):
        return name

    return handler
