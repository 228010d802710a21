# mypy: ignore-errors
"""Factories."""

from __future__ import annotations

import dataclasses
from functools import partial

from .plain_forms import double, double_class, plain_single_instance, single, single_instance
from .specimen import DOUBLE, FACTORY, NOT_AN_APP, SINGLE, respond, row


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
