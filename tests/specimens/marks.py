# mypy: ignore-errors
"""Marks."""

from __future__ import annotations

from functools import partial, update_wrapper, wraps

from .plain_forms import awaitable_class, double, double_class, plain_single, single, wsgi
from .specimen import _STAR, DOUBLE, FACTORY, SINGLE, UNKNOWN, WSGI, add, respond, row


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
