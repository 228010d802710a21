# mypy: ignore-errors
"""WSGI."""

from __future__ import annotations

from .plain_forms import wsgi
from .specimen import _STAR, UNKNOWN, WSGI, row


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
