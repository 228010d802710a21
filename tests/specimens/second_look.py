# mypy: ignore-errors
"""A second look: shapes made after the detector knew the first ones."""

from __future__ import annotations

import functools
import typing
from functools import partial, partialmethod, wraps
from typing import Any, Callable
from unittest import mock

from .pass_through import through_proxy_app, through_slots_proxy, through_wraps
from .plain_forms import double, double_class, plain_single, single, single_method
from .specimen import _STAR, DOUBLE, FACTORY, NOT_AN_APP, SINGLE, UNKNOWN, WSGI, respond, row


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


@row("double that returns what an application returns, or None", DOUBLE)
def _():
    def inner(scope):
        return lambda receive, send: respond(send)

    def made(scope):
        return inner(scope) if scope["type"] == "http" else None

    return made


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
