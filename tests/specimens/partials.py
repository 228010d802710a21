# mypy: ignore-errors
"""functools.partial."""

from __future__ import annotations

from functools import partial

from .plain_forms import double, double_class, plain_single, single, single_instance
from .specimen import DOUBLE, FACTORY, NOT_AN_APP, SINGLE, WSGI, respond, row


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
