# mypy: ignore-errors
"""Functions, single."""

from __future__ import annotations

import asyncio
import inspect
import types
from typing import Any, Callable

from .plain_forms import single
from .specimen import DOUBLE, SINGLE, Awaitable, respond, row


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
