# mypy: ignore-errors
"""Classes, double."""

from __future__ import annotations

import abc
import collections
import dataclasses
import typing
from typing import Any, NamedTuple

from .pass_through import through_wraps
from .plain_forms import double_class
from .specimen import DOUBLE, FACTORY, SINGLE, respond, row


@row("double class with plain __call__", DOUBLE)
def _():
    class App:
        def __init__(self, scope):
            self.scope = scope

        def __call__(self, receive, send):
            return self.run(receive, send)

        async def run(self, receive, send):
            await respond(send)

    return App


@row("double class, odd names", DOUBLE)
def _():
    class App:
        def __init__(self, connection):
            self.connection = connection

        async def __call__(self, r, s):
            await respond(s)

    return App


@row("double class with options", DOUBLE)
def _():
    class App:
        def __init__(self, scope, debug=False, *, prefix=""):
            self.scope = scope

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("double class with two options, which makes three", DOUBLE)
def _():
    class App:
        def __init__(self, scope, debug=False, prefix=""):
            self.scope = scope

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("double class with __init__(*args, **kwargs)", DOUBLE)
def _():
    class App:
        def __init__(self, *args, **kwargs):
            self.args = args

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("double class that passes *args, **kwargs to its base", DOUBLE)
def _():
    class Base:
        def __init__(self, scope):
            self.scope = scope

    class App(Base):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.extra = True

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("double class with __call__(*args)", DOUBLE)
def _():
    class App:
        def __init__(self, scope):
            self.scope = scope

        async def __call__(self, *args):
            await respond(args[1])

    return App


@row("double class with an inherited __call__", DOUBLE)
def _():
    class Base:
        async def __call__(self, receive, send):
            await self.respond(send)

    class App(Base):
        def __init__(self, scope):
            self.scope = scope

        async def respond(self, send):
            await respond(send)

    return App


@row("double class with everything inherited", DOUBLE)
def _():
    class App(double_class()):
        pass

    return App


@row("double class with the constructor from a mixin", DOUBLE)
def _():
    class ScopeMixin:
        def __init__(self, scope):
            self.scope = scope

    class CallMixin:
        async def __call__(self, receive, send):
            await respond(send)

    class App(CallMixin, ScopeMixin):
        pass

    return App


@row("dataclass, double", DOUBLE)
def _():
    @dataclasses.dataclass
    class App:
        scope: dict

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("dataclass with an option, double", DOUBLE)
def _():
    @dataclasses.dataclass(frozen=True)
    class App:
        scope: dict
        debug: bool = False
        tags: list = dataclasses.field(default_factory=list)

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("dataclass, single", SINGLE)
def _():
    @dataclasses.dataclass
    class Endpoint:
        scope: dict
        receive: Any
        send: Any

        def __await__(self):
            return respond(self.send).__await__()

    return Endpoint


@row("NamedTuple, double", DOUBLE)
def _():
    class App(NamedTuple):
        scope: Any

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("NamedTuple, single", SINGLE)
def _():
    class Endpoint(NamedTuple):
        scope: Any
        receive: Any
        send: Any

        def __await__(self):
            return respond(self.send).__await__()

    return Endpoint


@row("subclass of collections.namedtuple, double", DOUBLE)
def _():
    class App(collections.namedtuple("Base", "scope")):
        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("double class with __slots__", DOUBLE)
def _():
    class App:
        __slots__ = ("scope",)

        def __init__(self, scope):
            self.scope = scope

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("double class, abstract base with an implementation", DOUBLE)
def _():
    class Base(abc.ABC):
        def __init__(self, scope):
            self.scope = scope

        @abc.abstractmethod
        async def __call__(self, receive, send): ...

    class App(Base):
        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("double class, Generic", DOUBLE)
def _():
    T = typing.TypeVar("T")

    class App(typing.Generic[T]):
        def __init__(self, scope: T):
            self.scope = scope

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("double class, Generic alias App[int]", DOUBLE)
def _():
    T = typing.TypeVar("T")

    class App(typing.Generic[T]):
        def __init__(self, scope: T):
            self.scope = scope

        async def __call__(self, receive, send):
            await respond(send)

    return App[int]


@row("awaitable class, Generic alias", SINGLE)
def _():
    T = typing.TypeVar("T")

    class Endpoint(typing.Generic[T]):
        def __init__(self, scope, receive, send):
            self.send = send

        def __await__(self):
            return respond(self.send).__await__()

    return Endpoint[int]


@row("double class, implements a Protocol", DOUBLE)
def _():
    class Instance(typing.Protocol):
        async def __call__(self, receive, send): ...

    class App(Instance):
        def __init__(self, scope):
            self.scope = scope

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("double class with __new__ alone", DOUBLE)
def _():
    class App:
        def __new__(cls, scope):
            self = super().__new__(cls)
            self.scope = scope
            return self

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("double class with pass-through __new__ and __init__(scope)", DOUBLE)
def _():
    class App:
        def __new__(cls, *args, **kwargs):
            return super().__new__(cls)

        def __init__(self, scope):
            self.scope = scope

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("class whose __new__(scope) returns a closure", DOUBLE)
def _():
    class App:
        def __new__(cls, scope):
            async def instance(receive, send):
                await respond(send)

            return instance

    return App


@row("class whose __new__(scope, receive, send) returns a coroutine", SINGLE)
def _():
    class App:
        def __new__(cls, scope, receive, send):
            return respond(send)

    return App


@row("class with async __new__(scope, receive, send)", SINGLE)
def _():
    class App:
        async def __new__(cls, scope, receive, send):
            await respond(send)

    return App


@row("metaclass __call__ that passes through", DOUBLE)
def _():
    class Meta(type):
        def __call__(cls, *args, **kwargs):
            return super().__call__(*args, **kwargs)

    class App(metaclass=Meta):
        def __init__(self, scope):
            self.scope = scope

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("metaclass async __call__ of three", SINGLE)
def _():
    class Meta(type):
        async def __call__(cls, scope, receive, send):
            await respond(send)

    class App(metaclass=Meta):
        pass

    return App


@row("metaclass plain __call__ of three", SINGLE)
def _():
    class Meta(type):
        def __call__(cls, scope, receive, send):
            return super().__call__(scope).run(receive, send)

    class App(metaclass=Meta):
        def __init__(self, scope):
            self.scope = scope

        async def run(self, receive, send):
            await respond(send)

    return App


@row("metaclass __call__(scope)", DOUBLE)
def _():
    class Meta(type):
        def __call__(cls, scope):
            return super().__call__(scope, debug=True)

    class App(metaclass=Meta):
        def __init__(self, scope, debug):
            self.scope = scope

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("metaclass __call__(scope) that returns the instance written inside it", DOUBLE)
def _():
    class Meta(type):
        def __call__(cls, scope):
            async def instance(receive, send):
                await respond(send)

            return instance

    class App(metaclass=Meta):
        pass

    return App


@row("metaclass without __call__", DOUBLE)
def _():
    class Meta(type):
        pass

    class App(metaclass=Meta):
        def __init__(self, scope):
            self.scope = scope

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("singleton metaclass over a single class", FACTORY)
def _():
    class Singleton(type):
        instances = {}

        def __call__(cls, *args, **kwargs):
            if cls not in cls.instances:
                cls.instances[cls] = super().__call__(*args, **kwargs)
            return cls.instances[cls]

    class App(metaclass=Singleton):
        async def __call__(self, scope, receive, send):
            await respond(send)

    return App


@row("double class that is awaitable too", DOUBLE)
def _():
    class App:
        def __init__(self, scope):
            self.scope = scope

        def __await__(self):
            return self.start().__await__()

        async def start(self):
            return self

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("double class made by type()", DOUBLE)
def _():
    def __init__(self, scope):
        self.scope = scope

    async def __call__(self, receive, send):
        await respond(send)

    return type("App", (), {"__init__": __init__, "__call__": __call__})


@row("double class with class-level state and other methods", DOUBLE)
def _():
    class Consumer:
        http_method = "GET"

        def __init__(self, scope):
            self.scope = scope

        async def dispatch(self, message):
            await respond(self.send)

        async def __call__(self, receive, send):
            self.send = send
            await self.dispatch(await receive())

    return Consumer


@row("class decorated with an identity", DOUBLE)
def _():
    def register(cls):
        return cls

    return register(double_class())


@row("nested class", DOUBLE)
def _():
    class Outer:
        class App:
            def __init__(self, scope):
                self.scope = scope

            async def __call__(self, receive, send):
                await respond(send)

    return Outer.App


@row("classmethod constructor", DOUBLE)
def _():
    class App:
        def __init__(self, scope, debug):
            self.scope = scope

        @classmethod
        def create(cls, scope):
            return cls(scope, debug=True)

        async def __call__(self, receive, send):
            await respond(send)

    return App.create


@row("staticmethod that returns a closure", DOUBLE)
def _():
    class Apps:
        @staticmethod
        def legacy(scope):
            async def instance(receive, send):
                await respond(send)

            return instance

    return Apps.legacy


@row("subclass of dict, double", DOUBLE)
def _():
    class App(dict):
        def __init__(self, scope):
            super().__init__(scope)

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("subclass of dict with inherited constructor", DOUBLE)
def _():
    class App(dict):
        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("class whose __call__ is a static method (receive, send)", DOUBLE)
def _():
    class App:
        def __init__(self, scope):
            self.scope = scope

        @staticmethod
        async def __call__(receive, send):
            await respond(send)

    return App


@row("class whose __call__ is a lambda", DOUBLE)
def _():
    class App:
        def __init__(self, scope):
            self.scope = scope

        __call__ = lambda self, receive, send: respond(send)  # noqa: E731

    return App


@row("class whose __call__ is decorated by wraps", DOUBLE)
def _():
    class App:
        def __init__(self, scope):
            self.scope = scope

        @through_wraps
        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("class whose __init__ is decorated by wraps", DOUBLE)
def _():
    class App:
        @through_wraps
        def __init__(self, scope):
            self.scope = scope

        async def __call__(self, receive, send):
            await respond(send)

    return App


@row("Exception subclass that is a double application", DOUBLE)
def _():
    class NotFound(Exception):
        def __init__(self, scope):
            super().__init__(scope)

        async def __call__(self, receive, send):
            await respond(send)

    return NotFound
