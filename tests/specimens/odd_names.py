# mypy: ignore-errors
"""One argument of a name that says nothing: what the body names decides, and else nothing does."""

from __future__ import annotations

import copy
import functools

from .plain_forms import double, double_class
from .specimen import DOUBLE, UNKNOWN, respond, row

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
