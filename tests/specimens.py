# mypy: ignore-errors
"""What people pass as "the application": every shape with its truth, as data.

A truth is a fact that can be run. ``test_detect.py`` drives every specimen by the labelled call, which must
send ``http.response.start``, and by the other, which must not; so no label here is an opinion. A specimen
is ``UNKNOWN`` only where two objects that look the same are called differently, and ``why`` says so.

The makers are unannotated on purpose (hence the line for mypy above): they are what people write. Every call
of a maker builds everything anew, so that no drive sees what another one left behind.
"""

from __future__ import annotations

import abc
import asyncio
import collections
import contextlib
import copy
import dataclasses
import enum
import functools
import inspect
import operator
import types
import typing
import weakref
from functools import partial, partialmethod, update_wrapper, wraps
from typing import Any, Callable, List, NamedTuple, Tuple
from unittest import mock

from asgi_compat import Style

SINGLE, DOUBLE, EITHER, FACTORY = Style.SINGLE, Style.DOUBLE, Style.EITHER, Style.FACTORY
WSGI, NOT_AN_APP, UNKNOWN = Style.WSGI, Style.NOT_AN_APP, Style.UNKNOWN


class Specimen(NamedTuple):
    """One object that somebody passes as the application."""

    #: Unique, in words.
    name: str
    #: Builds the object; everything it is made of is new.
    make: Callable[[], Any]
    #: What driving it proves, or UNKNOWN.
    style: Style
    #: For UNKNOWN: why no static answer exists. Empty otherwise.
    why: str = ""
    #: The oldest Python on which such an object can be made.
    since: Tuple[int, int] = (3, 8)
    #: The package it needs beside asgiref, or nothing.
    requires: str = ""
    #: It is DOUBLE in the way adapters tolerate: its first call returns a coroutine of the instance, or an
    #: instance that takes (scope, receive, send). A bare ``await app(scope)(receive, send)`` fails.
    tolerated: bool = False
    #: It is DOUBLE in truth and UNKNOWN in looks, and called as single it fails *inside*: its own frame had
    #: been entered, so the adapter must not call it again in the other style.
    forwards: bool = False
    #: A word that the remedy must contain.
    remedy: str = ""


SPECIMENS: List[Specimen] = []

_STAR = "the body alone says how many of *args it wants"


def add(name: str, style: Style, make: Callable[[], Any], why: str = "", **more: Any) -> None:
    SPECIMENS.append(Specimen(name, make, style, why, **more))


def row(
    name: str, style: Style, why: str = "", **more: Any
) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Make the decorated function the maker of a row."""

    def decorate(make: Callable[[], Any]) -> Callable[[], Any]:
        add(name, style, make, why, **more)
        return make

    return decorate


async def respond(send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"specimen"})


class Awaitable:
    """Something that can be awaited and is neither a coroutine nor a Future."""

    def __init__(self, send):
        self.send = send

    def __await__(self):
        return respond(self.send).__await__()


# ---------------------------------------------------------------------------------------------
# The plain forms. They are rows, and they are what the wrappers further down are put around.


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


# ---------------------------------------------------------------------------------------------
# Wrappers that pass through what they get: the style is that of what is inside.


def through_partial(app):
    return partial(app)


def through_two_partials(app):
    return partial(partial(app))


def through_wraps(app):
    @wraps(app)
    def wrapper(*args, **kwargs):
        return app(*args, **kwargs)

    return wrapper


def through_args_alone(app):
    @wraps(app)
    def wrapper(*args):
        return app(*args)

    return wrapper


def through_two_wraps(app):
    return through_wraps(through_wraps(app))


def through_bare_closure(app):
    def wrapper(*args, **kwargs):
        return app(*args, **kwargs)

    return wrapper


def through_decorator_object(app):
    class Timed:
        def __init__(self, function):
            update_wrapper(self, function)
            self.function = function

        def __call__(self, *args, **kwargs):
            return self.function(*args, **kwargs)

    return Timed(app)


def through_proxy_app(app):
    class Traced:
        def __init__(self, app):
            self.app = app

        def __call__(self, *args, **kwargs):
            return self.app(*args, **kwargs)

    return Traced(app)


def through_proxy_private_app(app):
    class Traced:
        def __init__(self, app):
            self._app = app

        def __call__(self, *args, **kwargs):
            return self._app(*args, **kwargs)

    return Traced(app)


def through_slots_proxy(app):
    class Traced:
        __slots__ = ("wrapped",)

        def __init__(self, app):
            self.wrapped = app

        def __call__(self, *args, **kwargs):
            return self.wrapped(*args, **kwargs)

    return Traced(app)


def through_getattr_proxy(app):
    class Proxy:
        def __init__(self, target):
            self._target = target

        def __getattr__(self, name):
            return getattr(self.__dict__["_target"], name)

        def __call__(self, *args, **kwargs):
            return self._target(*args, **kwargs)

    return Proxy(app)


def through_bound_pass_through(app):
    class Agent:
        def __init__(self, application):
            self.application = application

        def trace(self, *args, **kwargs):
            return self.application(*args, **kwargs)

    return Agent(app).trace


def through_static_call(app):
    class Holder:
        __call__ = staticmethod(app)

    return Holder()


def through_singledispatch(app):
    return functools.singledispatch(app)


def through_context_decorator(app):
    class Timer(contextlib.ContextDecorator):
        def __enter__(self):
            return self

        def __exit__(self, *exc):
            return False

    return Timer()(app)


def through_partial_of_wraps(app):
    return partial(through_wraps(app))


PASS_THROUGH = (
    through_partial,
    through_two_partials,
    through_wraps,
    through_args_alone,
    through_two_wraps,
    through_bare_closure,
    through_decorator_object,
    through_proxy_app,
    through_proxy_private_app,
    through_slots_proxy,
    through_getattr_proxy,
    through_bound_pass_through,
    through_static_call,
    through_singledispatch,
    through_context_decorator,
    through_partial_of_wraps,
)

for _wrap in PASS_THROUGH:
    for _form, _style in PLAIN_FORMS:
        add(
            f"{_wrap.__name__[8:].replace('_', ' ')} over {_form.__name__.replace('_', ' ')}",
            _style,
            partial(lambda wrap, form: wrap(form()), _wrap, _form),
        )


def through_async_wraps(app):
    @wraps(app)
    async def wrapper(*args, **kwargs):
        return await app(*args, **kwargs)

    return wrapper


def through_async_closure(app):
    async def wrapper(*args, **kwargs):
        return await app(*args, **kwargs)

    return wrapper


def through_async_proxy(app):
    class Traced:
        def __init__(self, app):
            self.app = app

        async def __call__(self, *args, **kwargs):
            await self.app(*args, **kwargs)

    return Traced(app)


for _wrap in (through_async_wraps, through_async_closure, through_async_proxy):
    for _form, _style in PLAIN_FORMS:
        if _style is SINGLE:
            add(
                f"{_wrap.__name__[8:].replace('_', ' ')} over {_form.__name__.replace('_', ' ')}",
                SINGLE,
                partial(lambda wrap, form: wrap(form()), _wrap, _form),
            )


# ---------------------------------------------------------------------------------------------
# Functions, single.


@row("async function, parameters a, b, c", SINGLE)
def _():
    async def app(a, b, c):
        await respond(c)

    return app


@row("async function, parameters s, r, w", SINGLE)
def _():
    async def app(s, r, w):
        await respond(w)

    return app


@row("async function, parameters request, receive, send", SINGLE)
def _():
    async def app(request, receive, send):
        await respond(send)

    return app


@row("async function, parameters _scope, _receive, _send", SINGLE)
def _():
    async def app(_scope, _receive, _send):
        await respond(_send)

    return app


@row("async function, positional-only", SINGLE)
def _():
    async def app(scope, receive, send, /):
        await respond(send)

    return app


@row("async function, everything has a default", SINGLE)
def _():
    async def app(scope=None, receive=None, send=None):
        await respond(send)

    return app


@row("async function, receive and send have defaults", SINGLE)
def _():
    async def app(scope, receive=None, send=None):
        await respond(send)

    return app


@row("async function, send has a default", SINGLE)
def _():
    async def app(scope, receive, send=None):
        await respond(send)

    return app


@row("async function, a fourth parameter with a default", SINGLE)
def _():
    async def app(scope, receive, send, database=None):
        await respond(send)

    return app


@row("async function, optional keyword-only", SINGLE)
def _():
    async def app(scope, receive, send, *, debug=False):
        await respond(send)

    return app


@row("async function, **extra", SINGLE)
def _():
    async def app(scope, receive, send, **extra):
        await respond(send)

    return app


@row("async function, *args", SINGLE)
def _():
    async def app(*args):
        await respond(args[2])

    return app


@row("async function, *args and **kwargs", SINGLE)
def _():
    async def app(*args, **kwargs):
        await respond(args[2])

    return app


@row("async function, scope and *rest", SINGLE)
def _():
    async def app(scope, *rest):
        await respond(rest[1])

    return app


@row("async function, scope, receive and *rest", SINGLE)
def _():
    async def app(scope, receive, *rest):
        await respond(rest[0])

    return app


@row("async function, the three and *more", SINGLE)
def _():
    async def app(scope, receive, send, *more):
        await respond(send)

    return app


@row("async function, annotated", SINGLE)
def _():
    async def app(scope: dict, receive: Callable[[], Any], send: Callable[[dict], Any]) -> None:
        await respond(send)

    return app


@row("async function with a lying __signature__", SINGLE)
def _():
    async def app(scope, receive, send):
        await respond(send)

    app.__signature__ = inspect.Signature([inspect.Parameter("scope", inspect.Parameter.POSITIONAL_ONLY)])
    return app


@row("lambda of three", SINGLE)
def _():
    return lambda scope, receive, send: respond(send)


@row("lambda of three odd names", SINGLE)
def _():
    return lambda s, r, w: respond(w)


@row("lambda of three that calls another application", SINGLE)
def _():
    inner = single()
    return lambda scope, receive, send: inner(scope, receive, send)


@row("plain function, odd names, returns a coroutine", SINGLE)
def _():
    def app(a, b, c):
        return respond(c)

    return app


@row("plain function, positional-only, returns a coroutine", SINGLE)
def _():
    def app(scope, receive, send, /):
        return respond(send)

    return app


@row("plain function that returns a coroutine of its own inner function", SINGLE)
def _():
    def app(scope, receive, send):
        async def run():
            await respond(send)

        return run()

    return app


@row("plain function of three that returns the instance's coroutine", SINGLE)
def _():
    def app(scope, receive, send):
        async def instance(receive, send):
            await respond(send)

        return instance(receive, send)

    return app


@row("plain function that returns a Task", SINGLE)
def _():
    def app(scope, receive, send):
        return asyncio.ensure_future(respond(send))

    return app


@row("plain function that returns a Future", SINGLE)
def _():
    def app(scope, receive, send):
        return asyncio.gather(respond(send))

    return app


@row("plain function that returns an awaitable object", SINGLE)
def _():
    def app(scope, receive, send):
        return Awaitable(send)

    return app


@row("plain function, scope required, the others with defaults in front of an option", SINGLE)
def _():
    def app(scope, receive, send, timeout=30):
        return respond(send)

    return app


@row("plain function of three with **options", SINGLE)
def _():
    def app(scope, receive, send, **options):
        return respond(send)

    return app


@row("generator-based coroutine", SINGLE)
def _():
    @types.coroutine
    def app(scope, receive, send):
        yield from respond(send).__await__()

    return app


@row("generator-based coroutine, *args", SINGLE)
def _():
    @types.coroutine
    def app(*args):
        yield from respond(args[2]).__await__()

    return app


@row("types.coroutine over a plain function", SINGLE)
def _():
    @types.coroutine
    def app(scope, receive, send):
        return respond(send).__await__()

    return app


@row("types.coroutine over a plain function that returns a generator", SINGLE)
def _():
    def steps(send):
        yield from respond(send).__await__()

    @types.coroutine
    def app(scope, receive, send):
        return steps(send)

    return app


@row("plain *args with asyncio's _is_coroutine mark", SINGLE)
def _():
    def app(*args):
        return respond(args[2])

    app._is_coroutine = asyncio.coroutines._is_coroutine
    return app


@row("plain function of three with asyncio's _is_coroutine mark", SINGLE)
def _():
    def app(scope, receive, send):
        return respond(send)

    app._is_coroutine = asyncio.coroutines._is_coroutine
    return app


@row("inspect.markcoroutinefunction, three parameters", SINGLE, since=(3, 12))
def _():
    def app(scope, receive, send):
        return respond(send)

    return inspect.markcoroutinefunction(app)


@row("inspect.markcoroutinefunction, *args", SINGLE, since=(3, 12))
def _():
    def app(*args):
        return respond(args[2])

    return inspect.markcoroutinefunction(app)


@row("inspect.markcoroutinefunction on an instance with __call__(*args)", SINGLE, since=(3, 12))
def _():
    class App:
        def __init__(self):
            inspect.markcoroutinefunction(self)

        def __call__(self, *args):
            return respond(args[2])

    return App()


@row("asyncio's _is_coroutine mark on an instance with __call__(*args)", SINGLE)
def _():
    class App:
        _is_coroutine = asyncio.coroutines._is_coroutine

        def __call__(self, *args):
            return respond(args[2])

    return App()


@row("_is_coroutine = True is not asyncio's mark", DOUBLE)
def _():
    def app(scope, *args):
        async def instance(receive, send):
            await respond(send)

        return instance

    app._is_coroutine = True
    return app


@row("async function copied with types.FunctionType", SINGLE)
def _():
    app = single()
    return types.FunctionType(app.__code__, app.__globals__, "copy", None, app.__closure__)


@row("decorated by contextlib's callback-like identity", SINGLE)
def _():
    def route(path):
        def decorate(function):
            return function

        return decorate

    @route("/")
    async def app(scope, receive, send):
        await respond(send)

    return app


# ---------------------------------------------------------------------------------------------
# Functions, double.


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


# ---------------------------------------------------------------------------------------------
# Functions, either.


@row("either, positional-only", EITHER)
def _():
    def app(scope, receive=None, send=None, /):
        def instance(receive, send):
            return respond(send)

        return instance if receive is None else respond(send)

    return app


@row("either, recursing on itself", EITHER)
def _():
    def app(scope, receive=None, send=None):
        if receive is None or send is None:
            return partial(app, scope)
        return respond(send)

    return app


@row("either, odd names of the two", EITHER)
def _():
    def app(scope, rx=None, tx=None):
        if rx is None:
            return partial(app, scope)
        return respond(tx)

    return app


@row("either, instance", EITHER)
def _():
    class App:
        def __call__(self, scope, receive=None, send=None):
            if receive is None:
                return partial(self.run, scope)
            return self.run(scope, receive, send)

        async def run(self, scope, receive, send):
            await respond(send)

    return App()


@row("either, bound method", EITHER)
def _():
    class App:
        def asgi(self, scope, receive=None, send=None):
            if receive is None:
                return partial(self.run, scope)
            return self.run(scope, receive, send)

        async def run(self, scope, receive, send):
            await respond(send)

    return App().asgi


@row("either, class", EITHER)
def _():
    class App:
        def __init__(self, scope, receive=None, send=None):
            self.scope, self.receive, self.send = scope, receive, send

        def __await__(self):
            return self(self.receive, self.send).__await__()

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("either, with a fourth option", EITHER)
def _():
    def app(scope, receive=None, send=None, debug=False):
        if receive is None:
            return partial(app, scope)
        return respond(send)

    return app


@row("either, partial with an option bound by keyword", EITHER)
def _():
    def app(scope, receive=None, send=None, debug=False):
        if receive is None:
            return partial(app, scope)
        return respond(send)

    return partial(app, debug=True)


@row("plain *args, in truth single", UNKNOWN, _STAR)
def _():
    def app(*args):
        return respond(args[2])

    return app


@row("plain *args, in truth double", UNKNOWN, _STAR)
def _():
    table = {"http": double()}

    def app(*args):
        return table["http"](args[0])

    return app


@row("plain *args, in truth either", UNKNOWN, _STAR)
def _():
    def app(*args):
        if len(args) == 1:
            return partial(app, *args)
        return respond(args[2])

    return app


@row("scope and *rest, in truth single", UNKNOWN, _STAR)
def _():
    def app(scope, *rest):
        return respond(rest[1])

    return app


@row("instance with __call__(*args) that decides by the scope", UNKNOWN, _STAR, forwards=True)
def _():
    class Switch:
        def __init__(self, table):
            self.table = table

        def __call__(self, *args, **kwargs):
            return self.table[args[0]["type"]](*args, **kwargs)

    return Switch({"http": double(), "websocket": single()})


# ---------------------------------------------------------------------------------------------
# Marks.


def marked(app, name, value=True):
    setattr(app, name, value)
    return app


def stars_single():
    def app(*args):
        return respond(args[2])

    return app


def stars_double():
    table = {"http": double()}

    def app(*args):
        return table["http"](args[0])

    return app


add("mark single on a plain *args function", SINGLE, lambda: marked(stars_single(), "_asgi_single_callable"))
add("mark double on a plain *args function", DOUBLE, lambda: marked(stars_double(), "_asgi_double_callable"))
add("mark single = 1", SINGLE, lambda: marked(stars_single(), "_asgi_single_callable", 1))
add("mark double on a double function", DOUBLE, lambda: marked(double(), "_asgi_double_callable"))
add("mark single on a single function", SINGLE, lambda: marked(single(), "_asgi_single_callable"))
add("mark double on a double class", DOUBLE, lambda: marked(double_class(), "_asgi_double_callable"))
add("mark single on an awaitable class", SINGLE, lambda: marked(awaitable_class(), "_asgi_single_callable"))
add("mark single = False on a double", DOUBLE, lambda: marked(double(), "_asgi_single_callable", False))
add("mark single = False on a single", SINGLE, lambda: marked(single(), "_asgi_single_callable", False))
add("mark double = False on a double", DOUBLE, lambda: marked(double(), "_asgi_double_callable", False))
add("mark double = False on a single", SINGLE, lambda: marked(single(), "_asgi_double_callable", False))
add("mark double = None on a single", SINGLE, lambda: marked(single(), "_asgi_double_callable", None))
add("mark single that cannot be true on a closure", DOUBLE, lambda: marked(double(), "_asgi_single_callable"))
add(
    "mark double that cannot be true on an async function",
    SINGLE,
    lambda: marked(single(), "_asgi_double_callable"),
)
add(
    "mark double that cannot be true on a plain function of three",
    SINGLE,
    lambda: marked(plain_single(), "_asgi_double_callable"),
)
add("mark single on a partial", SINGLE, lambda: marked(partial(stars_single()), "_asgi_single_callable"))
add("mark double on a partial", DOUBLE, lambda: marked(partial(stars_double()), "_asgi_double_callable"))
add("mark inside a partial", SINGLE, lambda: partial(marked(stars_single(), "_asgi_single_callable")))
add("mark double inside a partial", DOUBLE, lambda: partial(marked(stars_double(), "_asgi_double_callable")))
add(
    "mark single on a WSGI function",
    WSGI,
    lambda: marked(wsgi(), "_asgi_single_callable"),
)


@row("mark single as a class attribute, as Sanic's, seen from an instance", SINGLE)
def _():
    class Sanic:
        _asgi_single_callable = True

        async def __call__(self, scope, receive, send):
            await respond(send)

    return Sanic()


@row("mark single as a class attribute, __call__(*args)", SINGLE)
def _():
    class App:
        _asgi_single_callable = True

        def __call__(self, *args):
            return respond(args[2])

    return App()


@row("mark double as a class attribute, __call__(*args)", DOUBLE)
def _():
    class App:
        _asgi_double_callable = True

        def __call__(self, *args):
            return partial(self.run, *args)

        async def run(self, scope, receive, send):
            await respond(send)

    return App()


@row("mark single on an instance attribute, __call__(*args)", SINGLE)
def _():
    class App:
        def __init__(self):
            self._asgi_single_callable = True

        def __call__(self, *args):
            return respond(args[2])

    return App()


@row("mark single in a base class", SINGLE)
def _():
    class Base:
        _asgi_single_callable = True

    class App(Base):
        def __call__(self, *args):
            return respond(args[2])

    return App()


@row("mark single in a base class, taken back by the subclass", UNKNOWN, _STAR, forwards=True)
def _():
    class Base:
        _asgi_single_callable = True

    class App(Base):
        _asgi_single_callable = False

        def __init__(self):
            self.table = [double()]

        def __call__(self, *args):
            return self.table[0](*args)

    return App()


@row("mark single for the instances says nothing about the class", FACTORY)
def _():
    class Sanic:
        _asgi_single_callable = True

        def __init__(self, name=None):
            self.name = name

        async def __call__(self, scope, receive, send):
            await respond(send)

    return Sanic


@row("mark double in a slot", DOUBLE)
def _():
    class App:
        __slots__ = ("_asgi_double_callable",)

        def __init__(self):
            self._asgi_double_callable = True

        def __call__(self, *args):
            async def instance(receive, send):
                await respond(send)

            return instance

    return App()


@row("mark single in a slot, __call__(*args)", SINGLE)
def _():
    class App:
        __slots__ = ("_asgi_single_callable",)

        def __init__(self):
            self._asgi_single_callable = True

        def __call__(self, *args):
            return respond(args[2])

    return App()


@row("mark as a property of the class, on a single", SINGLE)
def _():
    class App:
        @property
        def _asgi_double_callable(self):
            return True

        async def __call__(self, scope, receive, send):
            await respond(send)

    return App()


@row("mark answered by __getattr__", SINGLE)
def _():
    class App:
        def __getattr__(self, name):
            return True

        async def __call__(self, scope, receive, send):
            await respond(send)

    return App()


@row("mark answered by __getattr__, on a double", DOUBLE)
def _():
    class App:
        def __getattr__(self, name):
            return True

        def __call__(self, scope):
            async def instance(receive, send):
                await respond(send)

            return instance

    return App()


@row("mark single copied by wraps onto a wrapper of the other style", DOUBLE)
def _():
    inner = marked(single(), "_asgi_single_callable")

    @wraps(inner)
    def wrapper(scope):
        return partial(inner, scope)

    return wrapper


@row("mark double copied by wraps onto a wrapper of the other style", SINGLE)
def _():
    inner = marked(double(), "_asgi_double_callable")

    @wraps(inner)
    async def wrapper(scope, receive, send):
        await inner(scope)(receive, send)

    return wrapper


@row("mark double copied by wraps onto an async pass-through of the other style", SINGLE)
def _():
    inner = marked(double(), "_asgi_double_callable")

    @wraps(inner)
    async def wrapper(*args, **kwargs):
        await inner(args[0])(*args[1:])

    return wrapper


@row("mark single copied by wraps onto a plain pass-through", SINGLE)
def _():
    inner = marked(stars_single(), "_asgi_single_callable")

    @wraps(inner)
    def wrapper(*args, **kwargs):
        return inner(*args, **kwargs)

    return wrapper


@row("mark single copied by update_wrapper onto an instance of the other style", DOUBLE)
def _():
    inner = marked(single(), "_asgi_single_callable")

    class Legacy:
        def __init__(self, function):
            update_wrapper(self, function)
            self.function = function

        def __call__(self, scope):
            return partial(self.function, scope)

    return Legacy(inner)


@row("mark double of a class copied by wraps onto a single wrapper", SINGLE)
def _():
    inner = marked(double_class(), "_asgi_double_callable")

    @wraps(inner)
    async def wrapper(scope, receive, send):
        await inner(scope)(receive, send)

    return wrapper


@row("mark_single of ours on *args", SINGLE)
def _():
    from asgi_compat import mark_single

    return mark_single(stars_single())


@row("mark_double of ours on *args", DOUBLE)
def _():
    from asgi_compat import mark_double

    return mark_double(stars_double())


@row("both marks of ours, the last one counts", SINGLE)
def _():
    from asgi_compat import mark_double, mark_single

    return mark_single(mark_double(stars_single()))


@row("double_callable of asgiref's decorator", DOUBLE)
def _():
    from asgiref.compatibility import is_double_callable  # noqa: F401

    app = stars_double()
    app._asgi_double_callable = True
    return app


@row("bound method of a function that carries the mark", SINGLE)
def _():
    class App:
        def asgi(self, *args):
            return respond(args[2])

        asgi._asgi_single_callable = True

    return App().asgi


@row("__call__ carries the mark", DOUBLE)
def _():
    class App:
        def __call__(self, *args):
            return partial(self.run, *args)

        __call__._asgi_double_callable = True

        async def run(self, scope, receive, send):
            await respond(send)

    return App()


# ---------------------------------------------------------------------------------------------
# functools.partial.


@row("partial of an async function with an option by keyword", SINGLE)
def _():
    async def app(scope, receive, send, *, database):
        await respond(send)

    return partial(app, database="db")


@row("partial of an async function with an option by position", SINGLE)
def _():
    async def app(database, scope, receive, send):
        await respond(send)

    return partial(app, "db")


@row("partial of a partial with two options by position", SINGLE)
def _():
    async def app(database, cache, scope, receive, send):
        await respond(send)

    return partial(partial(app, "db"), "cache")


@row("partial with an option that has a default", SINGLE)
def _():
    async def app(scope, receive, send, debug=False):
        await respond(send)

    return partial(app, debug=True)


@row("partial of a plain function of four", SINGLE)
def _():
    def app(config, scope, receive, send):
        return respond(send)

    return partial(app, {})


@row("partial of a lambda", SINGLE)
def _():
    return partial(lambda option, scope, receive, send: respond(send), 1)


@row("partial of async *args", SINGLE)
def _():
    async def app(*args):
        await respond(args[3])

    return partial(app, "option")


@row("partial of a method of the class with the instance bound by hand", SINGLE)
def _():
    class App:
        async def asgi(self, scope, receive, send):
            await respond(send)

    return partial(App.asgi, App())


@row("partial of a bound method with an option", SINGLE)
def _():
    class App:
        async def asgi(self, option, scope, receive, send):
            await respond(send)

    return partial(App().asgi, 1)


@row("partial of an instance with an option", SINGLE)
def _():
    class App:
        async def __call__(self, scope, receive, send, *, debug):
            await respond(send)

    return partial(App(), debug=True)


@row("partial of an awaitable class with an option", SINGLE)
def _():
    class Endpoint:
        def __init__(self, template, scope, receive, send):
            self.send = send

        def __await__(self):
            return respond(self.send).__await__()

    return partial(Endpoint, "index.html")


@row("partial of an awaitable class with an option by keyword", SINGLE)
def _():
    class Endpoint:
        def __init__(self, scope, receive, send, *, template):
            self.send = send

        def __await__(self):
            return respond(self.send).__await__()

    return partial(Endpoint, template="index.html")


@row("partial of a closure with an option by keyword", DOUBLE)
def _():
    def app(scope, debug):
        async def instance(receive, send):
            await respond(send)

        return instance

    return partial(app, debug=True)


@row("partial of a closure with the configuration bound first", DOUBLE)
def _():
    def app(config, scope):
        async def instance(receive, send):
            await respond(send)

        return instance

    return partial(app, {})


@row("partial of a double class with an option by keyword", DOUBLE)
def _():
    class App:
        def __init__(self, scope, database):
            self.scope = scope

        async def __call__(self, receive, send):
            await respond(send)

    return partial(App, database="db")


@row("partial of a double class with an option first", DOUBLE)
def _():
    class App:
        def __init__(self, database, scope):
            self.scope = scope

        async def __call__(self, receive, send):
            await respond(send)

    return partial(App, "db")


@row("partial of an ASGI2 middleware class's __call__-like function", DOUBLE)
def _():
    def middleware(app, scope):
        return app(scope)

    return partial(middleware, double())


@row("partial of a function (app, scope, receive, send)", SINGLE)
def _():
    async def middleware(app, scope, receive, send):
        await app(scope, receive, send)

    return partial(middleware, single())


@row("partial that binds receive and send of an either to None again", DOUBLE)
def _():
    def app(debug, scope):
        return partial(run, scope)

    async def run(scope, receive, send):
        await respond(send)

    return partial(app, True)


@row("subclass of partial", SINGLE)
def _():
    class Bound(partial):
        pass

    async def app(database, scope, receive, send):
        await respond(send)

    return Bound(app, "db")


@row("partial of a WSGI function of three", WSGI)
def _():
    def app(config, environ, start_response):
        start_response("200 OK", [])
        return [b""]

    return partial(app, {})


@row("partial of a factory", FACTORY)
def _():
    def create_app(config):
        return single()

    return partial(create_app, {})


@row("partial of a factory by keyword", FACTORY)
def _():
    def create_app(*, config):
        return single()

    return partial(create_app, config={})


@row("partial(single, scope) is an ASGI2 instance", NOT_AN_APP)
def _():
    return partial(single(), {"type": "http"})


@row("partial(plain single, scope)", NOT_AN_APP)
def _():
    return partial(plain_single(), {"type": "http"})


@row("partial(single instance, scope)", NOT_AN_APP)
def _():
    return partial(single_instance(), {"type": "http"})


@row("partial(double, scope)", NOT_AN_APP)
def _():
    return partial(double(), {"type": "http"})


@row("partial(double class, scope)", NOT_AN_APP)
def _():
    return partial(double_class(), {"type": "http"})


@row("partial(single, scope, receive, send)", NOT_AN_APP)
def _():
    return partial(single(), {"type": "http"}, None, None)


@row("partial with one argument too many", NOT_AN_APP)
def _():
    return partial(single(), 1, 2, 3, 4)


@row("partial of a double with two arguments too many", NOT_AN_APP)
def _():
    return partial(double(), 1, 2)


@row("partial with an unknown keyword", NOT_AN_APP)
def _():
    return partial(single(), nonsense=1)


@row("partial that binds send by keyword", NOT_AN_APP)
def _():
    return partial(single(), send=None)


@row("partial that binds the scope by keyword", NOT_AN_APP)
def _():
    return partial(double(), scope={})


# ---------------------------------------------------------------------------------------------
# Classes, double.


@row("double class with plain __call__", DOUBLE)
def _():
    class App:
        def __init__(self, scope):
            self.scope = scope

        def __call__(self, receive, send):
            return self.run(receive, send)

        async def run(self, receive, send):
            await respond(send)

    return App


@row("double class, odd names", DOUBLE)
def _():
    class App:
        def __init__(self, connection):
            self.connection = connection

        async def __call__(self, r, s):
            await respond(s)

    return App


@row("double class with options", DOUBLE)
def _():
    class App:
        def __init__(self, scope, debug=False, *, prefix=""):
            self.scope = scope

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("double class with two options, which makes three", DOUBLE)
def _():
    class App:
        def __init__(self, scope, debug=False, prefix=""):
            self.scope = scope

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("double class with __init__(*args, **kwargs)", DOUBLE)
def _():
    class App:
        def __init__(self, *args, **kwargs):
            self.args = args

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("double class that passes *args, **kwargs to its base", DOUBLE)
def _():
    class Base:
        def __init__(self, scope):
            self.scope = scope

    class App(Base):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.extra = True

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("double class with __call__(*args)", DOUBLE)
def _():
    class App:
        def __init__(self, scope):
            self.scope = scope

        async def __call__(self, *args):
            await respond(args[1])

    return App


@row("double class with an inherited __call__", DOUBLE)
def _():
    class Base:
        async def __call__(self, receive, send):
            await self.respond(send)

    class App(Base):
        def __init__(self, scope):
            self.scope = scope

        async def respond(self, send):
            await respond(send)

    return App


@row("double class with everything inherited", DOUBLE)
def _():
    class App(double_class()):
        pass

    return App


@row("double class with the constructor from a mixin", DOUBLE)
def _():
    class ScopeMixin:
        def __init__(self, scope):
            self.scope = scope

    class CallMixin:
        async def __call__(self, receive, send):
            await respond(send)

    class App(CallMixin, ScopeMixin):
        pass

    return App


@row("dataclass, double", DOUBLE)
def _():
    @dataclasses.dataclass
    class App:
        scope: dict

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("dataclass with an option, double", DOUBLE)
def _():
    @dataclasses.dataclass(frozen=True)
    class App:
        scope: dict
        debug: bool = False
        tags: list = dataclasses.field(default_factory=list)

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("dataclass, single", SINGLE)
def _():
    @dataclasses.dataclass
    class Endpoint:
        scope: dict
        receive: Any
        send: Any

        def __await__(self):
            return respond(self.send).__await__()

    return Endpoint


@row("NamedTuple, double", DOUBLE)
def _():
    class App(NamedTuple):
        scope: Any

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("NamedTuple, single", SINGLE)
def _():
    class Endpoint(NamedTuple):
        scope: Any
        receive: Any
        send: Any

        def __await__(self):
            return respond(self.send).__await__()

    return Endpoint


@row("subclass of collections.namedtuple, double", DOUBLE)
def _():
    class App(collections.namedtuple("Base", "scope")):
        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("double class with __slots__", DOUBLE)
def _():
    class App:
        __slots__ = ("scope",)

        def __init__(self, scope):
            self.scope = scope

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("double class, abstract base with an implementation", DOUBLE)
def _():
    class Base(abc.ABC):
        def __init__(self, scope):
            self.scope = scope

        @abc.abstractmethod
        async def __call__(self, receive, send): ...

    class App(Base):
        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("double class, Generic", DOUBLE)
def _():
    T = typing.TypeVar("T")

    class App(typing.Generic[T]):
        def __init__(self, scope: T):
            self.scope = scope

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("double class, Generic alias App[int]", DOUBLE)
def _():
    T = typing.TypeVar("T")

    class App(typing.Generic[T]):
        def __init__(self, scope: T):
            self.scope = scope

        async def __call__(self, receive, send):
            await respond(send)

    return App[int]


@row("awaitable class, Generic alias", SINGLE)
def _():
    T = typing.TypeVar("T")

    class Endpoint(typing.Generic[T]):
        def __init__(self, scope, receive, send):
            self.send = send

        def __await__(self):
            return respond(self.send).__await__()

    return Endpoint[int]


@row("double class, implements a Protocol", DOUBLE)
def _():
    class Instance(typing.Protocol):
        async def __call__(self, receive, send): ...

    class App(Instance):
        def __init__(self, scope):
            self.scope = scope

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("double class with __new__ alone", DOUBLE)
def _():
    class App:
        def __new__(cls, scope):
            self = super().__new__(cls)
            self.scope = scope
            return self

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("double class with pass-through __new__ and __init__(scope)", DOUBLE)
def _():
    class App:
        def __new__(cls, *args, **kwargs):
            return super().__new__(cls)

        def __init__(self, scope):
            self.scope = scope

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("class whose __new__(scope) returns a closure", DOUBLE)
def _():
    class App:
        def __new__(cls, scope):
            async def instance(receive, send):
                await respond(send)

            return instance

    return App


@row("class whose __new__(scope, receive, send) returns a coroutine", SINGLE)
def _():
    class App:
        def __new__(cls, scope, receive, send):
            return respond(send)

    return App


@row("class with async __new__(scope, receive, send)", SINGLE)
def _():
    class App:
        async def __new__(cls, scope, receive, send):
            await respond(send)

    return App


@row("metaclass __call__ that passes through", DOUBLE)
def _():
    class Meta(type):
        def __call__(cls, *args, **kwargs):
            return super().__call__(*args, **kwargs)

    class App(metaclass=Meta):
        def __init__(self, scope):
            self.scope = scope

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("metaclass async __call__ of three", SINGLE)
def _():
    class Meta(type):
        async def __call__(cls, scope, receive, send):
            await respond(send)

    class App(metaclass=Meta):
        pass

    return App


@row("metaclass plain __call__ of three", SINGLE)
def _():
    class Meta(type):
        def __call__(cls, scope, receive, send):
            return super().__call__(scope).run(receive, send)

    class App(metaclass=Meta):
        def __init__(self, scope):
            self.scope = scope

        async def run(self, receive, send):
            await respond(send)

    return App


@row("metaclass __call__(scope)", DOUBLE)
def _():
    class Meta(type):
        def __call__(cls, scope):
            return super().__call__(scope, debug=True)

    class App(metaclass=Meta):
        def __init__(self, scope, debug):
            self.scope = scope

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("metaclass without __call__", DOUBLE)
def _():
    class Meta(type):
        pass

    class App(metaclass=Meta):
        def __init__(self, scope):
            self.scope = scope

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("singleton metaclass over a single class", FACTORY)
def _():
    class Singleton(type):
        instances = {}

        def __call__(cls, *args, **kwargs):
            if cls not in cls.instances:
                cls.instances[cls] = super().__call__(*args, **kwargs)
            return cls.instances[cls]

    class App(metaclass=Singleton):
        async def __call__(self, scope, receive, send):
            await respond(send)

    return App


@row("double class that is awaitable too", DOUBLE)
def _():
    class App:
        def __init__(self, scope):
            self.scope = scope

        def __await__(self):
            return self.start().__await__()

        async def start(self):
            return self

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("double class made by type()", DOUBLE)
def _():
    def __init__(self, scope):
        self.scope = scope

    async def __call__(self, receive, send):
        await respond(send)

    return type("App", (), {"__init__": __init__, "__call__": __call__})


@row("double class with class-level state and other methods", DOUBLE)
def _():
    class Consumer:
        http_method = "GET"

        def __init__(self, scope):
            self.scope = scope

        async def dispatch(self, message):
            await respond(self.send)

        async def __call__(self, receive, send):
            self.send = send
            await self.dispatch(await receive())

    return Consumer


@row("class decorated with an identity", DOUBLE)
def _():
    def register(cls):
        return cls

    return register(double_class())


@row("nested class", DOUBLE)
def _():
    class Outer:
        class App:
            def __init__(self, scope):
                self.scope = scope

            async def __call__(self, receive, send):
                await respond(send)

    return Outer.App


@row("classmethod constructor", DOUBLE)
def _():
    class App:
        def __init__(self, scope, debug):
            self.scope = scope

        @classmethod
        def create(cls, scope):
            return cls(scope, debug=True)

        async def __call__(self, receive, send):
            await respond(send)

    return App.create


@row("staticmethod that returns a closure", DOUBLE)
def _():
    class Apps:
        @staticmethod
        def legacy(scope):
            async def instance(receive, send):
                await respond(send)

            return instance

    return Apps.legacy


@row("subclass of dict, double", DOUBLE)
def _():
    class App(dict):
        def __init__(self, scope):
            super().__init__(scope)

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("subclass of dict with inherited constructor", DOUBLE)
def _():
    class App(dict):
        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("class whose __call__ is a static method (receive, send)", DOUBLE)
def _():
    class App:
        def __init__(self, scope):
            self.scope = scope

        @staticmethod
        async def __call__(receive, send):
            await respond(send)

    return App


@row("class whose __call__ is a lambda", DOUBLE)
def _():
    class App:
        def __init__(self, scope):
            self.scope = scope

        __call__ = lambda self, receive, send: respond(send)  # noqa: E731

    return App


@row("class whose __call__ is decorated by wraps", DOUBLE)
def _():
    class App:
        def __init__(self, scope):
            self.scope = scope

        @through_wraps
        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("class whose __init__ is decorated by wraps", DOUBLE)
def _():
    class App:
        @through_wraps
        def __init__(self, scope):
            self.scope = scope

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("Exception subclass that is a double application", DOUBLE)
def _():
    class NotFound(Exception):
        def __init__(self, scope):
            super().__init__(scope)

        async def __call__(self, receive, send):
            await respond(send)

    return NotFound


# ---------------------------------------------------------------------------------------------
# Classes, single.


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


# ---------------------------------------------------------------------------------------------
# Instances.


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


# ---------------------------------------------------------------------------------------------
# Bound methods.


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


# ---------------------------------------------------------------------------------------------
# Wrappers whose own parameters decide, and wrappers of the library.


@row("wraps over a double by a single wrapper", SINGLE)
def _():
    inner = double()

    @wraps(inner)
    async def wrapper(scope, receive, send):
        await inner(scope)(receive, send)

    return wrapper


@row("wraps over a double class by a single wrapper", SINGLE)
def _():
    inner = double_class()

    @wraps(inner)
    async def wrapper(scope, receive, send):
        await inner(scope)(receive, send)

    return wrapper


@row("wraps over a single by a double wrapper", DOUBLE)
def _():
    inner = single()

    @wraps(inner)
    def wrapper(scope):
        async def instance(receive, send):
            await inner(scope, receive, send)

        return instance

    return wrapper


@row("wraps over a single by a plain single wrapper", SINGLE)
def _():
    inner = single()

    @wraps(inner)
    def wrapper(scope, receive, send):
        return inner(scope, receive, send)

    return wrapper


@row("wraps over a double by a double wrapper", DOUBLE)
def _():
    inner = double()

    @wraps(inner)
    def wrapper(scope):
        return inner(scope)

    return wrapper


@row("wraps over a double by an async *args wrapper that converts", SINGLE)
def _():
    inner = double()

    @wraps(inner)
    async def wrapper(*args):
        await inner(args[0])(*args[1:])

    return wrapper


@row("wraps over a view by a single wrapper", SINGLE)
def _():
    async def view(request):
        return "hello"

    @wraps(view)
    async def app(scope, receive, send):
        await view(scope)
        await respond(send)

    return app


@row("wraps over a view by a plain pass-through", NOT_AN_APP)
def _():
    async def view(request):
        return "hello"

    return through_wraps(view)


@row("wraps over a factory by a plain pass-through", FACTORY)
def _():
    def create_app():
        return single()

    return through_wraps(create_app)


@row("wrapper (scope, *args, **kwargs) over a single", SINGLE)
def _():
    inner = single()

    @wraps(inner)
    def wrapper(scope, *args, **kwargs):
        return inner(dict(scope), *args, **kwargs)

    return wrapper


@row("wrapper (scope, *args, **kwargs) over a double", DOUBLE)
def _():
    inner = double()

    @wraps(inner)
    def wrapper(scope, *args, **kwargs):
        return inner(dict(scope), *args, **kwargs)

    return wrapper


@row("wrapper that adds an argument and passes the rest", SINGLE)
def _():
    async def handle(database, scope, receive, send):
        await respond(send)

    @wraps(handle)
    def wrapper(*args, **kwargs):
        return handle("db", *args, **kwargs)

    return wrapper


SPECIMENS[-1] = SPECIMENS[-1]._replace(
    style=UNKNOWN,
    why="the wrapper adds an argument of its own to those it passes on, which only its body says",
)


@row("wraps with a __wrapped__ that was deleted", SINGLE)
def _():
    wrapper = through_wraps(single())
    del wrapper.__wrapped__
    return wrapper


@row("pass-through method of a tracer around the application in a closure", DOUBLE)
def _():
    class Tracer:
        def wrap(self, app):
            def traced(*args, **kwargs):
                self.count = 1
                return app(*args, **kwargs)

            return traced

    return Tracer().wrap(double())


@row("proxy class with __wrapped__ set by hand", DOUBLE)
def _():
    class Proxy:
        def __init__(self, wrapped):
            self.__wrapped__ = wrapped

        def __call__(self, *args, **kwargs):
            return self.__wrapped__(*args, **kwargs)

    return Proxy(double())


@row("update_wrapper onto an instance with its own style", SINGLE)
def _():
    class Middleware:
        def __init__(self, app):
            update_wrapper(self, app)
            self.app = app

        async def __call__(self, scope, receive, send):
            await self.app(scope)(receive, send)

    return Middleware(double())


@row("decorator object as a method's wrapper", SINGLE)
def _():
    class Bound:
        def __init__(self, function, owner=None):
            self.function, self.owner = function, owner

        def __get__(self, instance, owner):
            return Bound(self.function, instance)

        def __call__(self, *args, **kwargs):
            return self.function(self.owner, *args, **kwargs)

    class App:
        @Bound
        async def asgi(self, scope, receive, send):
            await respond(send)

    return App().asgi


SPECIMENS[-1] = SPECIMENS[-1]._replace(
    style=UNKNOWN,
    why="the decorator object adds the owner to the arguments it passes on, which only its body says",
)


@row("lru_cache over an application cannot take a scope", NOT_AN_APP)
def _():
    return functools.lru_cache()(double())


@row("lru_cache over a single application cannot take a scope", NOT_AN_APP)
def _():
    return functools.lru_cache(maxsize=None)(single())


@row("lru_cache over a factory", FACTORY)
def _():
    @functools.lru_cache(maxsize=None)
    def get_app():
        return single()

    return get_app


@row("contextmanager over a generator of the scope", NOT_AN_APP)
def _():
    @contextlib.contextmanager
    def app(scope):
        yield scope

    return app


@row("asynccontextmanager for lifespan", NOT_AN_APP)
def _():
    @contextlib.asynccontextmanager
    async def lifespan(app):
        yield

    return lifespan


@row("asynccontextmanager of three", NOT_AN_APP)
def _():
    @contextlib.asynccontextmanager
    async def connection(scope, receive, send):
        yield

    return connection


@row("asgiref double_to_single_callable", SINGLE)
def _():
    from asgiref.compatibility import double_to_single_callable

    return double_to_single_callable(double())


@row("asgiref double_to_single_callable of a class", SINGLE)
def _():
    from asgiref.compatibility import double_to_single_callable

    return double_to_single_callable(double_class())


@row("asgiref guarantee_single_callable of a single", SINGLE)
def _():
    from asgiref.compatibility import guarantee_single_callable

    return guarantee_single_callable(single())


@row("asgiref WsgiToAsgi", SINGLE)
def _():
    from asgiref.wsgi import WsgiToAsgi

    return WsgiToAsgi(wsgi())


@row("asgiref sync_to_async over a function that sends in its thread", SINGLE)
def _():
    from asgiref.sync import async_to_sync, sync_to_async

    def app(scope, receive, send):
        async_to_sync(send)({"type": "http.response.start", "status": 200, "headers": []})
        async_to_sync(send)({"type": "http.response.body", "body": b""})

    return sync_to_async(app)


@row("asgiref sync_to_async over a closure is an async constructor", DOUBLE, tolerated=True)
def _():
    from asgiref.sync import sync_to_async

    return sync_to_async(double())


@row("asgiref async_to_sync over an application", NOT_AN_APP)
def _():
    from asgiref.sync import async_to_sync

    return async_to_sync(single())


@row("asgiref async_to_sync over a view", NOT_AN_APP)
def _():
    from asgiref.sync import async_to_sync

    async def view(request):
        return "hello"

    return async_to_sync(view)


@row("asgiref sync_to_async over a view", NOT_AN_APP)
def _():
    from asgiref.sync import sync_to_async

    def view(request):
        return "hello"

    return sync_to_async(view)


@row("uvicorn's ASGI2Middleware", SINGLE, requires="uvicorn")
def _():
    from uvicorn.middleware.asgi2 import ASGI2Middleware

    return ASGI2Middleware(double())


@row("our double_to_single_callable", SINGLE)
def _():
    from asgi_compat import double_to_single_callable

    return double_to_single_callable(double())


@row("our double_to_single_callable over a class", SINGLE)
def _():
    from asgi_compat import double_to_single_callable

    return double_to_single_callable(double_class())


@row("our single_to_double_callable", DOUBLE)
def _():
    from asgi_compat import single_to_double_callable

    return single_to_double_callable(single())


@row("our single_to_double_callable over an instance", DOUBLE)
def _():
    from asgi_compat import single_to_double_callable

    return single_to_double_callable(single_instance())


@row("our guarantee_single_callable over an unknown", SINGLE)
def _():
    from asgi_compat import guarantee_single_callable

    return guarantee_single_callable(stars_double())


@row("our guarantee_double_callable over an unknown", DOUBLE)
def _():
    from asgi_compat import guarantee_double_callable

    return guarantee_double_callable(stars_single())


@row("partial of our adapter", SINGLE)
def _():
    from asgi_compat import double_to_single_callable

    return partial(double_to_single_callable(double()))


@row("partial of our adapter to double", DOUBLE)
def _():
    from asgi_compat import single_to_double_callable

    return partial(single_to_double_callable(single()))


@row("wraps over our adapter", DOUBLE)
def _():
    from asgi_compat import single_to_double_callable

    return through_wraps(single_to_double_callable(single()))


_KEPT = []


def _proxy(app):
    _KEPT.append(app)
    return weakref.proxy(app)


add("weakref.proxy of a single instance", SINGLE, lambda: _proxy(single_instance()))
add("weakref.proxy of a double instance", DOUBLE, lambda: _proxy(double_instance()))
add("weakref.proxy of a double function", DOUBLE, lambda: _proxy(double()))


@row("weakref.ref gives the application when it is called", FACTORY)
def _():
    app = single_instance()
    _KEPT.append(app)
    return weakref.ref(app)


@row("weakref.WeakMethod", FACTORY)
def _():
    app = single_method()
    _KEPT.append(app)
    return weakref.WeakMethod(app)


@row("pass-through that takes the application out of a list", UNKNOWN, _STAR)
def _():
    apps = [single()]

    def app(*args, **kwargs):
        return apps[0](*args, **kwargs)

    return app


@row(
    "lazy wrapper that imports the application when it is called", UNKNOWN, "what it calls does not exist yet"
)
def _():
    class Lazy:
        def __init__(self, load):
            self._load, self._loaded = load, None

        def __call__(self, *args, **kwargs):
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded(*args, **kwargs)

    return Lazy(single)


# ---------------------------------------------------------------------------------------------
# Mocks.


add("AsyncMock(side_effect=single)", SINGLE, lambda: mock.AsyncMock(side_effect=single()))
add("AsyncMock(wraps=single)", SINGLE, lambda: mock.AsyncMock(wraps=single()))
add("Mock(side_effect=single)", SINGLE, lambda: mock.Mock(side_effect=single()))
add("Mock(side_effect=plain single)", SINGLE, lambda: mock.Mock(side_effect=plain_single()))
add("MagicMock(side_effect=single)", SINGLE, lambda: mock.MagicMock(side_effect=single()))
add("Mock(side_effect=closure)", DOUBLE, lambda: mock.Mock(side_effect=double()))
add("MagicMock(side_effect=closure)", DOUBLE, lambda: mock.MagicMock(side_effect=double()))
add("Mock(side_effect=double class)", DOUBLE, lambda: mock.Mock(side_effect=double_class()))
add("Mock(side_effect=double instance)", DOUBLE, lambda: mock.Mock(side_effect=double_instance()))
add("Mock(side_effect=awaitable class)", SINGLE, lambda: mock.Mock(side_effect=awaitable_class()))
add("Mock(side_effect=partial)", SINGLE, lambda: mock.Mock(side_effect=partial(single())))
add("Mock(wraps=closure)", DOUBLE, lambda: mock.Mock(wraps=double()))
add("Mock(wraps=single)", SINGLE, lambda: mock.Mock(wraps=single()))
add("MagicMock(wraps=single instance)", SINGLE, lambda: mock.MagicMock(wraps=single_instance()))
add("Mock(spec=closure, side_effect=closure)", DOUBLE, lambda: mock.Mock(spec=double(), side_effect=double()))
add(
    "Mock(side_effect=single, wraps=closure): the side effect is what runs",
    SINGLE,
    lambda: mock.Mock(side_effect=single(), wraps=double()),
)
add(
    "autospec of a double with side_effect",
    DOUBLE,
    lambda: mock.create_autospec(double(), side_effect=double()),
)


@row("autospec of a single with side_effect", SINGLE)
def _():
    return mock.create_autospec(single(), side_effect=single())


@row("autospec of an instance with side_effect", SINGLE)
def _():
    spec = mock.create_autospec(single_instance(), instance=True)
    spec.side_effect = single()
    return spec


@row("Mock(return_value=instance)", DOUBLE)
def _():
    async def instance(receive, send):
        await respond(send)

    return mock.Mock(return_value=instance)


SPECIMENS[-1] = SPECIMENS[-1]._replace(
    style=UNKNOWN,
    why="a mock that returns takes any arguments, and its return value may be meant for one or three",
)

_MOCK = "a mock takes every call and says nothing of which is meant"
add("bare MagicMock", UNKNOWN, lambda: mock.MagicMock(), _MOCK)
add("bare Mock", UNKNOWN, lambda: mock.Mock(), _MOCK)
add("bare AsyncMock", UNKNOWN, lambda: mock.AsyncMock(), _MOCK)
add("NonCallableMock", NOT_AN_APP, lambda: mock.NonCallableMock())
add("mock.sentinel", NOT_AN_APP, lambda: mock.sentinel.app)
add("mock.call", UNKNOWN, lambda: mock.call, _STAR)
add("mock.ANY", NOT_AN_APP, lambda: mock.ANY)


# ---------------------------------------------------------------------------------------------
# Factories.


@row("create_app()", FACTORY)
def _():
    def create_app():
        async def app(scope, receive, send):
            await respond(send)

        return app

    return create_app


@row("create_app() that returns a framework object", FACTORY)
def _():
    class Framework:
        async def __call__(self, scope, receive, send):
            await respond(send)

    def create_app():
        app = Framework()
        app.debug = True
        return app

    return create_app


@row("create_app() that returns a double", FACTORY)
def _():
    def create_app():
        return double_class()

    return create_app


@row("create_app() with a double closure inside", FACTORY)
def _():
    def create_app():
        def app(scope):
            async def instance(receive, send):
                await respond(send)

            return instance

        return app

    return create_app


@row("create_app(config=None)", FACTORY)
def _():
    def create_app(config=None):
        async def app(scope, receive, send):
            await respond(send)

        return app

    return create_app


@row("create_app(config=None) that returns a framework object", FACTORY)
def _():
    Framework = type(single_instance())

    def create_app(config=None):
        return Framework()

    return create_app


@row("create_app(settings_module='x', debug=False)", FACTORY)
def _():
    def create_app(settings_module="settings", debug=False):
        return single()

    return create_app


@row("create_app(config=None, debug=False, testing=False)", FACTORY)
def _():
    def create_app(config=None, debug=False, testing=False):
        return single()

    return create_app


@row("create_app(*, config=None)", FACTORY)
def _():
    def create_app(*, config=None):
        return single()

    return create_app


@row("create_app(**settings)", FACTORY)
def _():
    def create_app(**settings):
        return single()

    return create_app


@row("lambda factory", FACTORY)
def _():
    app = single()
    return lambda: app


@row("lambda factory that makes one", FACTORY)
def _():
    return lambda: single_instance()


@row("factory method", FACTORY)
def _():
    class Builder:
        def build(self):
            return single()

    return Builder().build


@row("factory class method", FACTORY)
def _():
    class App:
        @classmethod
        def create(cls):
            return cls()

        async def __call__(self, scope, receive, send):
            await respond(send)

    return App.create


@row("factory static method", FACTORY)
def _():
    class Factories:
        @staticmethod
        def create_app():
            return double()

    return Factories.create_app


@row("async factory", FACTORY)
def _():
    async def create_app():
        return single()

    return create_app


@row("async factory with an optional config", FACTORY)
def _():
    async def create_app(config=None):
        async def app(scope, receive, send):
            await respond(send)

        return app

    return create_app


@row("factory instance", FACTORY)
def _():
    class Factory:
        def __call__(self):
            return single()

    return Factory()


@row("get_asgi_application uncalled", FACTORY)
def _():
    def get_asgi_application():
        return single_instance()

    return get_asgi_application


@row("framework class itself", FACTORY)
def _():
    class FastAPI:
        def __init__(self, *, debug=False, title="FastAPI", routes=None, **extra):
            self.debug = debug

        async def __call__(self, scope, receive, send):
            await respond(send)

    return FastAPI


@row("framework class itself, positional options", FACTORY)
def _():
    class Starlette:
        def __init__(self, debug=False, routes=None, middleware=None):
            self.debug = debug

        async def __call__(self, scope, receive, send):
            await respond(send)

    return Starlette


@row("framework class itself, no constructor", FACTORY)
def _():
    return type(single_instance())


@row("framework class itself, __init__(*args, **kwargs)", FACTORY)
def _():
    class App:
        def __init__(self, *args, **kwargs):
            self.kwargs = kwargs

        async def __call__(self, scope, receive, send):
            await respond(send)

    return App


@row("framework class itself, plain __call__", FACTORY)
def _():
    return type(plain_single_instance())


@row("framework class itself, of the first generation", FACTORY)
def _():
    class Router:
        def __init__(self, routes=()):
            self.routes = routes

        def __call__(self, scope):
            async def instance(receive, send):
                await respond(send)

            return instance

    return Router


@row("framework dataclass itself", FACTORY)
def _():
    @dataclasses.dataclass
    class App:
        debug: bool = False

        async def __call__(self, scope, receive, send):
            await respond(send)

    return App


@row("partial of a framework class", FACTORY)
def _():
    class App:
        def __init__(self, debug):
            self.debug = debug

        async def __call__(self, scope, receive, send):
            await respond(send)

    return partial(App, debug=True)


def _consumer():
    class AsyncConsumer:
        def __init__(self, *args, **kwargs):
            pass

        async def __call__(self, scope, receive, send):
            self.scope, self.base_send = scope, send
            await self.dispatch(await receive())

        async def dispatch(self, message):
            await respond(self.base_send)

        @classmethod
        def as_asgi(cls, **initkwargs):
            async def app(scope, receive, send):
                await cls(**initkwargs)(scope, receive, send)

            return app

    return AsyncConsumer


@row("Channels 3 consumer class without as_asgi()", FACTORY, remedy=".as_asgi()")
def _():
    class ChatConsumer(_consumer()):
        async def chat(self, event):
            pass

    return ChatConsumer


@row("Channels 3 consumer class without constructor", FACTORY, remedy=".as_asgi()")
def _():
    class Consumer:
        async def __call__(self, scope, receive, send):
            await respond(send)

        @classmethod
        def as_asgi(cls, **initkwargs):
            async def app(scope, receive, send):
                await cls(**initkwargs)(scope, receive, send)

            return app

    return Consumer


@row("Channels 3 consumer's as_asgi, uncalled", FACTORY)
def _():
    return _consumer().as_asgi


@row("Channels 3 consumer's as_asgi()", SINGLE)
def _():
    return _consumer().as_asgi()


@row("Channels 2 consumer class", DOUBLE)
def _():
    class AsyncConsumer:
        def __init__(self, scope):
            self.scope = scope

        async def __call__(self, receive, send):
            self.base_send = send
            await self.dispatch(await receive())

        async def dispatch(self, message):
            await respond(self.base_send)

    class ChatConsumer(AsyncConsumer):
        pass

    return ChatConsumer


@row("contextmanager-free generator of an app is no factory", NOT_AN_APP)
def _():
    def make():
        yield single()

    return make


# ---------------------------------------------------------------------------------------------
# WSGI.


@row("WSGI function, env and sr", WSGI)
def _():
    def app(env, sr):
        sr("200 OK", [])
        return [b""]

    return app


@row("WSGI function, e and start_response", WSGI)
def _():
    def app(e, start_response):
        start_response("200 OK", [])
        return [b""]

    return app


@row("WSGI function, environ and start", WSGI)
def _():
    def app(environ, start):
        start("200 OK", [])
        return [b""]

    return app


@row("WSGI function, _environ and _start_response", WSGI)
def _():
    def app(_environ, _start_response):
        _start_response("200 OK", [])
        return [b""]

    return app


@row("WSGI function, request and start_response", WSGI)
def _():
    def app(request, start_response):
        start_response("200 OK", [])
        return [b""]

    return app


@row("WSGI function with an option", WSGI)
def _():
    def app(environ, start_response, debug=False):
        start_response("200 OK", [])
        return [b""]

    return app


@row("WSGI function, start_response has a default", WSGI)
def _():
    def app(environ, start_response=None):
        start_response("200 OK", [])
        return [b""]

    return app


@row("WSGI function with a keyword-only option", WSGI)
def _():
    def app(environ, start_response, *, debug=False):
        start_response("200 OK", [])
        return [b""]

    return app


@row("WSGI function with **kwargs", WSGI)
def _():
    def app(environ, start_response, **kwargs):
        start_response("200 OK", [])
        return [b""]

    return app


@row("WSGI function, positional-only", WSGI)
def _():
    def app(environ, start_response, /):
        start_response("200 OK", [])
        return [b""]

    return app


@row("WSGI generator function", WSGI)
def _():
    def app(environ, start_response):
        start_response("200 OK", [])
        yield b"specimen"

    return app


@row("WSGI lambda", WSGI)
def _():
    return lambda environ, start_response: (start_response("200 OK", []), [b""])[1]


@row("WSGI instance", WSGI)
def _():
    class Flask:
        def wsgi_app(self, environ, start_response):
            start_response("200 OK", [])
            return [b""]

        def __call__(self, environ, start_response):
            return self.wsgi_app(environ, start_response)

    return Flask()


@row("WSGI bound method", WSGI)
def _():
    class Flask:
        def wsgi_app(self, environ, start_response):
            start_response("200 OK", [])
            return [b""]

    return Flask().wsgi_app


@row("WSGI static method", WSGI)
def _():
    class App:
        @staticmethod
        def wsgi(environ, start_response):
            start_response("200 OK", [])
            return [b""]

    return App.wsgi


@row("WSGI class with __iter__", WSGI)
def _():
    class App:
        def __init__(self, environ, start_response):
            self.start = start_response

        def __iter__(self):
            self.start("200 OK", [])
            yield b""

    return App


@row("WSGI class with __iter__, inherited", WSGI)
def _():
    class Base:
        def __init__(self, environ, start_response):
            self.start = start_response

    class App(Base):
        def __iter__(self):
            self.start("200 OK", [])
            return iter([b""])

    return App


@row("WSGI class with odd names and __iter__", WSGI)
def _():
    class App:
        def __init__(self, e, s):
            self.s = s

        def __iter__(self):
            self.s("200 OK", [])
            yield b""

    return App


@row("WSGI class with __iter__ and __next__", WSGI)
def _():
    class App:
        def __init__(self, environ, start_response):
            start_response("200 OK", [])
            self.chunks = [b"a"]

        def __iter__(self):
            return self

        def __next__(self):
            if not self.chunks:
                raise StopIteration
            return self.chunks.pop()

    return App


@row("WSGI middleware instance", WSGI)
def _():
    class Middleware:
        def __init__(self, app):
            self.app = app

        def __call__(self, environ, start_response):
            return self.app(environ, start_response)

    return Middleware(wsgi())


@row("WSGI middleware closure", WSGI)
def _():
    def middleware(app):
        def wrapped(environ, start_response):
            def started(status, headers, exc_info=None):
                return start_response(status, headers)

            return app(environ, started)

        return wrapped

    return middleware(wsgi())


@row("WSGI generator method", WSGI)
def _():
    class App:
        def __call__(self, environ, start_response):
            start_response("200 OK", [])
            yield b""

    return App()


@row("wsgiref's demo_app", WSGI)
def _():
    from wsgiref.simple_server import demo_app

    return demo_app


@row("wsgiref's validator, which takes *args", UNKNOWN, _STAR)
def _():
    from wsgiref.validate import validator

    return validator(wsgi())


# ---------------------------------------------------------------------------------------------
# Not applications: what cannot be called.

add("None", NOT_AN_APP, lambda: None)
add("0", NOT_AN_APP, lambda: 0)
add("1.5", NOT_AN_APP, lambda: 1.5)
add("True", NOT_AN_APP, lambda: True)
add("complex", NOT_AN_APP, lambda: 1j)
add("import string", NOT_AN_APP, lambda: "main:app", remedy="main:app")
add("empty string", NOT_AN_APP, lambda: "")
add("bytes", NOT_AN_APP, lambda: b"main:app")
add("Ellipsis", NOT_AN_APP, lambda: ...)
add("NotImplemented", NOT_AN_APP, lambda: NotImplemented)
add("dict of applications", NOT_AN_APP, lambda: {"http": single()})
add("empty dict", NOT_AN_APP, lambda: {})
add("list of applications", NOT_AN_APP, lambda: [single()])
add("set", NOT_AN_APP, lambda: {single()})
add("tuple of a trailing comma", NOT_AN_APP, lambda: (single(),), remedy="comma")
add("tuple of a trailing comma, double", NOT_AN_APP, lambda: (double(),), remedy="comma")
add("tuple of two", NOT_AN_APP, lambda: (single(), double()))
add("empty tuple", NOT_AN_APP, lambda: ())
add("range", NOT_AN_APP, lambda: range(3))
add("plain object", NOT_AN_APP, lambda: object())
add("slice", NOT_AN_APP, lambda: slice(3))
add("property object", NOT_AN_APP, lambda: property(single))
add("types.SimpleNamespace with .app", NOT_AN_APP, lambda: types.SimpleNamespace(app=single()))
add("exception instance", NOT_AN_APP, lambda: ValueError("x"))
add("coroutine object", NOT_AN_APP, lambda: single()({"type": "http"}, None, None))
add("coroutine object of an async factory", NOT_AN_APP, lambda: _async_factory()())
add("generator object", NOT_AN_APP, lambda: (x for x in ()))
add("iterator", NOT_AN_APP, lambda: iter([]))
add("code object", NOT_AN_APP, lambda: single().__code__)
add("classmethod object", NOT_AN_APP, lambda: classmethod(single()))
add("Enum member", NOT_AN_APP, lambda: enum.Enum("Colour", "RED").RED)
add("TypeVar", NOT_AN_APP, lambda: typing.TypeVar("T"))
add("compiled pattern", NOT_AN_APP, lambda: __import__("re").compile("x"))
add("contextvar", NOT_AN_APP, lambda: __import__("contextvars").ContextVar("app"))
add("partialmethod object", NOT_AN_APP, lambda: partialmethod(single()))


def _async_factory():
    async def create_app():
        return single()

    return create_app


@row("async generator object", NOT_AN_APP)
def _():
    async def stream():
        yield 1

    return stream()


@row("staticmethod object over a double", DOUBLE, since=(3, 10))
def _():
    return staticmethod(double())


@row("staticmethod object over a single", SINGLE, since=(3, 10))
def _():
    return staticmethod(single())


@row("module", NOT_AN_APP)
def _():
    return types.ModuleType("main")


@row("module with an app", NOT_AN_APP, remedy="main.app")
def _():
    module = types.ModuleType("main")
    module.app = single()
    return module


@row("module with an application", NOT_AN_APP, remedy="main.application")
def _():
    module = types.ModuleType("main")
    module.application = double()
    return module


@row("module with an asgi", NOT_AN_APP)
def _():
    module = types.ModuleType("project.asgi")
    module.api = single_instance()
    return module


@row("server object that merely has .app", NOT_AN_APP)
def _():
    class Server:
        def __init__(self, app):
            self.app = app

        def run(self):
            pass

        async def serve(self):
            pass

    return Server(single())


def _quiet(config):
    """uvicorn has had log_config since 0.8; without it None would be no value of anything."""
    return {"log_config": None} if "log_config" in inspect.signature(config).parameters else {}


@row("uvicorn.Server", NOT_AN_APP, requires="uvicorn")
def _():
    import uvicorn

    return uvicorn.Server(uvicorn.Config(single(), **_quiet(uvicorn.Config)))


@row("uvicorn.Config", NOT_AN_APP, requires="uvicorn")
def _():
    import uvicorn

    return uvicorn.Config(single(), **_quiet(uvicorn.Config))


@row("class of (application, scope), as asgiref's ApplicationCommunicator", NOT_AN_APP)
def _():
    class ApplicationCommunicator:
        def __init__(self, application, scope):
            self.application, self.scope = application, scope

        async def send_input(self, message):
            pass

    return ApplicationCommunicator


# ---------------------------------------------------------------------------------------------
# Not applications: what can be called, but not so.


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


# ---------------------------------------------------------------------------------------------
# A second look: shapes made after the detector knew the first ones.


@row("closure over a closure over an application", DOUBLE)
def _():
    def outer(app):
        def middle():
            def wrapper(*args, **kwargs):
                return app(*args, **kwargs)

            return wrapper

        return middle()

    return outer(double())


@row("pass-through that logs before and after", DOUBLE)
def _():
    def logged(function, logger):
        @wraps(function)
        def wrapper(*args, **kwargs):
            logger("before")
            try:
                return function(*args, **kwargs)
            finally:
                logger("after")

        return wrapper

    return logged(double_class(), repr)


@row("pass-through with a callback beside the application in its closure", SINGLE)
def _():
    def logged(callback, app):
        def wrapper(*args, **kwargs):
            callback("called")
            return app(*args, **kwargs)

        return wrapper

    return logged(lambda text: None, single())


@row("pass-through with two applications, of which one is called", SINGLE)
def _():
    def choose(app, fallback):
        def wrapper(*args, **kwargs):
            if app is None:
                return fallback(*args, **kwargs)
            return app(*args, **kwargs)

        return wrapper

    return choose(single(), plain_single())


@row(
    "pass-through with two applications of unlike styles", UNKNOWN, "the body picks one of two", forwards=True
)
def _():
    def choose(legacy, modern):
        def wrapper(*args, **kwargs):
            return (legacy if legacy else modern)(*args, **kwargs)

        return wrapper

    return choose(double(), single())


@row("pass-through method with the arguments renamed", DOUBLE)
def _():
    class Traced:
        def __init__(self, app):
            self.app = app

        def __call__(self, *a, **k):
            return self.app(*a, **k)

    return Traced(double_class())


@row("pass-through over a router that is a dict subclass", DOUBLE)
def _():
    class Router(dict):
        def __call__(self, scope):
            return self[scope["type"]](scope)

    return through_wraps(Router(http=double()))


@row("instance whose __call__ is made by a decorator in the class body", SINGLE)
def _():
    def traced(function):
        @wraps(function)
        async def wrapper(self, *args, **kwargs):
            return await function(self, *args, **kwargs)

        return wrapper

    class App:
        @traced
        async def __call__(self, scope, receive, send):
            await respond(send)

    return App()


@row("instance whose __call__ is made by a plain decorator in the class body", DOUBLE)
def _():
    def traced(function):
        @wraps(function)
        def wrapper(self, *args, **kwargs):
            return function(self, *args, **kwargs)

        return wrapper

    class App:
        @traced
        def __call__(self, scope):
            async def instance(receive, send):
                await respond(send)

            return instance

    return App()


@row("method whose decorator passes self and the rest", SINGLE)
def _():
    def traced(function):
        @wraps(function)
        def wrapper(self, *args, **kwargs):
            return function(self, *args, **kwargs)

        return wrapper

    class App:
        @traced
        async def asgi(self, scope, receive, send):
            await respond(send)

    return App().asgi


@row("class decorated by a class that keeps it", DOUBLE)
def _():
    class Registered:
        def __init__(self, cls):
            self.cls = cls

        def __call__(self, *args, **kwargs):
            return self.cls(*args, **kwargs)

    @Registered
    class App:
        def __init__(self, scope):
            self.scope = scope

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("double class whose instances are made by a decorated __new__", DOUBLE)
def _():
    class App:
        @through_wraps
        def __new__(cls, scope):
            return object.__new__(cls)

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("double class, __init__ is a partialmethod", DOUBLE)
def _():
    class App:
        def setup(self, database, scope):
            self.scope = scope

        __init__ = partialmethod(setup, "db")

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("double class, __call__ is a partialmethod", DOUBLE)
def _():
    class App:
        def __init__(self, scope):
            self.scope = scope

        async def run(self, option, receive, send):
            await respond(send)

        __call__ = partialmethod(run, 1)

    return App


@row("double class, __call__ assigned after the fact", DOUBLE)
def _():
    class App:
        def __init__(self, scope):
            self.scope = scope

    async def __call__(self, receive, send):
        await respond(send)

    App.__call__ = __call__
    return App


@row("double class, __call__ is an instance attribute that Python ignores", NOT_AN_APP)
def _():
    class App:
        def __init__(self, scope):
            async def instance(receive, send):
                await respond(send)

            self.__call__ = instance

    return App


@row("double class whose __call__ takes (self, receive, send, extra)", NOT_AN_APP)
def _():
    class App:
        def __init__(self, scope):
            self.scope = scope

        async def __call__(self, receive, send, extra):
            await respond(send)

    return App


@row("three generations of super().__init__(*args, **kwargs)", DOUBLE)
def _():
    class A:
        def __init__(self, scope):
            self.scope = scope

        async def __call__(self, receive, send):
            await respond(send)

    class B(A):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)

    class C(B):
        def __init__(self, *args, **kwargs):
            self.ready = True
            super().__init__(*args, **kwargs)

    return C


@row("diamond of cooperative constructors", SINGLE)
def _():
    class Base:
        def __init__(self, scope, receive, send):
            self.send = send

        def __await__(self):
            return respond(self.send).__await__()

    class Left(Base):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)

    class Right(Base):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)

    class Endpoint(Left, Right):
        pass

    return Endpoint


@row("instance, three generations of super().__call__(*args)", SINGLE)
def _():
    class A:
        def __call__(self, scope, receive, send):
            return respond(send)

    class B(A):
        def __call__(self, *args):
            return super().__call__(*args)

    class C(B):
        def __call__(self, *args):
            return super().__call__(*args)

    return C()


@row("partial of an instance of a pass-through proxy", DOUBLE)
def _():
    return partial(through_proxy_app(partial(double_class())))


@row("proxy over a proxy over our adapter", SINGLE)
def _():
    from asgi_compat import double_to_single_callable

    return through_proxy_app(through_slots_proxy(double_to_single_callable(double())))


@row(
    "bound method of a proxy that takes the application by property",
    UNKNOWN,
    "what it calls comes out of a property",
)
def _():
    class Lazy:
        @property
        def target(self):
            return single()

        def asgi(self, *args, **kwargs):
            return self.target(*args, **kwargs)

    return Lazy().asgi


@row("middleware with .app whose own __call__ takes the scope", DOUBLE)
def _():
    class Legacy:
        def __init__(self, app):
            self.app = app

        def __call__(self, scope, *, quiet=False):
            inner = self.app

            async def instance(receive, send):
                await inner(scope, receive, send)

            return instance

    return Legacy(single())


@row("server whose async __call__ takes (reader, writer)", NOT_AN_APP)
def _():
    class Protocol:
        def __init__(self, app):
            self.app = app

        async def __call__(self, reader, writer):
            pass

    return Protocol(single())


@row("object with .app and __call__() that runs it", NOT_AN_APP)
def _():
    class Runner:
        def __init__(self, app):
            self.app = app

        def __call__(self):
            len("running")

    return Runner(single())


@row("async function with * between", NOT_AN_APP)
def _():
    async def app(scope, *, receive, send):
        await respond(send)

    return app


@row("all three keyword-only", NOT_AN_APP)
def _():
    async def app(*, scope, receive, send):
        await respond(send)

    return app


@row("async function of five, two of them optional", SINGLE)
def _():
    async def app(scope, receive, send, database=None, cache=None):
        await respond(send)

    return app


@row("async function of two required and *rest", SINGLE)
def _():
    async def app(scope, receive, *args, **kwargs):
        await respond(args[0])

    return app


@row("plain function of two required and *rest", SINGLE)
def _():
    def app(scope, receive, *args):
        return respond(args[0])

    return app


@row("double that returns a conditional lambda", DOUBLE)
def _():
    return lambda scope: (lambda receive, send: respond(send)) if scope["type"] == "http" else None


@row("double whose instance is a generator expression's neighbour", DOUBLE)
def _():
    def app(scope):
        names = [name for name, value in scope["headers"]]
        table = {name: len(name) for name in names}
        total = sum(len(name) for name in names)

        async def instance(receive, send):
            assert table and total
            await respond(send)

        return instance

    return app


@row("single whose body has comprehensions and inner functions of two", SINGLE)
def _():
    def app(scope, receive, send):
        async def timed(receive, send):
            await respond(send)

        names = [name for name, value in scope["headers"]]
        assert names
        return timed(receive, send)

    return app


@row("factory whose inner application is hidden behind an import", FACTORY)
def _():
    def create_app():
        import types as module

        return module.MethodType(single_method().__func__, object())

    return create_app


@row("factory with *args", UNKNOWN, _STAR)
def _():
    def create_app(*args, **kwargs):
        async def app(scope, receive, send):
            await respond(send)

        return app

    return create_app


@row("factory that is decorated by lru_cache and wraps", FACTORY)
def _():
    @through_wraps
    @functools.lru_cache()
    def create_app():
        return single()

    return create_app


@row("awaitable class without receive and send", NOT_AN_APP)
def _():
    class Task:
        def __init__(self, scope):
            self.scope = scope

        def __await__(self):
            return iter(())

    return Task


@row("WSGI class with __call__ instead of __iter__, instance", WSGI)
def _():
    class App:
        def __call__(self, env, start_response, exc_info=None):
            start_response("200 OK", [])
            return [b""]

    return App()


@row("WSGI framework class itself, not instantiated", NOT_AN_APP)
def _():
    class Flask:
        def __init__(self, import_name):
            self.import_name = import_name

        def __call__(self, environ, start_response):
            start_response("200 OK", [])
            return [b""]

    return Flask


@row("partial of a WSGI framework's method", WSGI)
def _():
    class Flask:
        def wsgi_app(self, environ, start_response):
            start_response("200 OK", [])
            return [b""]

    return partial(Flask().wsgi_app)


@row("WSGI over an __init__ with start_response that is iterated by __getitem__", WSGI)
def _():
    class App:
        def __init__(self, environ, start_response):
            start_response("200 OK", [])

        def __getitem__(self, index):
            if index:
                raise IndexError
            return b"x"

    return App


@row("typing.cast and type aliases change nothing", SINGLE)
def _():
    return typing.cast(Callable[..., Any], single())


@row("functools.total_ordering class that is double", DOUBLE)
def _():
    @functools.total_ordering
    class App:
        def __init__(self, scope):
            self.scope = scope

        def __lt__(self, other):
            return False

        def __eq__(self, other):
            return self is other

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("instance with __call__ from a __getattr__ of its metaclass", NOT_AN_APP)
def _():
    class Meta(type):
        def __getattr__(cls, name):
            async def app(*args):
                await respond(args[-1])

            return app

    class App(metaclass=Meta):
        pass

    return App()


@row("double class whose metaclass has __getattr__", DOUBLE)
def _():
    class Meta(type):
        def __getattr__(cls, name):
            return True

    class App(metaclass=Meta):
        def __init__(self, scope):
            self.scope = scope

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("asyncio.coroutine-like object with send and throw", NOT_AN_APP)
def _():
    class Coroutine:
        def send(self, value):
            raise StopIteration

        def throw(self, *args):
            raise StopIteration

        def close(self):
            pass

    return Coroutine()


@row(
    "Mock(side_effect=[instance]), a list of results",
    UNKNOWN,
    "what a mock returns may be meant for one or three",
)
def _():
    async def instance(receive, send):
        await respond(send)

    return mock.Mock(side_effect=[instance, instance, instance])


@row(
    "Mock(side_effect=exception)", UNKNOWN, "a mock that raises says nothing of how it is meant to be called"
)
def _():
    return mock.Mock(side_effect=RuntimeError("boom"))


@row("patched attribute: Mock with spec of a class and side_effect", DOUBLE)
def _():
    return mock.create_autospec(double_class(), side_effect=double_class())


# One argument of a name that says nothing: what the body names decides, and else nothing does.

_ODD = "a function of one argument may do anything with it: neither its name nor its body says what"


@row("one oddly named argument, partial of a function of (scope, receive, send)", DOUBLE)
def _():
    async def handler(scope, receive, send):
        await respond(send)

    def app(connection):
        return functools.partial(handler, connection)

    return app


@row("one oddly named argument, lambda that makes an instance", DOUBLE)
def _():
    made = double_class()
    return lambda conn: made(conn)


@row("one oddly named argument, delegates to a function of the scope", DOUBLE)
def _():
    inner = double()

    def app(c):
        return inner(c)

    return app


@row("one oddly named argument, method that delegates to an attribute", DOUBLE)
def _():
    class Router:
        def __init__(self, inner):
            self.inner = inner

        def __call__(self, connection):
            return self.inner(connection)

    return Router(double())


@row("one oddly named argument, looked up in a dict: in truth double", UNKNOWN, _ODD)
def _():
    routes = {"http": double()}

    def app(connection):
        return routes[connection["type"]](connection)

    return app


@row("one oddly named argument, counts", UNKNOWN, _ODD)
def _():
    return lambda x: len(x)


@row("copy.copy", UNKNOWN, _ODD)
def _():
    return copy.copy


@row("copy.deepcopy, which has two options", UNKNOWN, _ODD)
def _():
    return copy.deepcopy
