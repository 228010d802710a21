# mypy: ignore-errors
"""Wrappers whose own parameters decide, and wrappers of the library."""

from __future__ import annotations

import contextlib
import functools
import weakref
from functools import partial, update_wrapper, wraps

from .marks import stars_double, stars_single
from .pass_through import through_wraps
from .plain_forms import double, double_class, double_instance, single, single_instance, single_method, wsgi
from .specimen import _STAR, DOUBLE, FACTORY, NOT_AN_APP, SINGLE, SPECIMENS, UNKNOWN, add, respond, row


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
add("weakref.proxy of a double class", DOUBLE, lambda: _proxy(double_class()))


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
