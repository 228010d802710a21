# mypy: ignore-errors
"""Functions, either."""

from __future__ import annotations

from functools import partial

from .plain_forms import double, single
from .specimen import _STAR, EITHER, UNKNOWN, respond, row


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
