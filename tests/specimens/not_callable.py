# mypy: ignore-errors
"""Not applications: what cannot be called."""

from __future__ import annotations

import enum
import inspect
import types
import typing
from functools import partialmethod

from .plain_forms import double, single, single_instance
from .specimen import DOUBLE, NOT_AN_APP, SINGLE, add, row

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
