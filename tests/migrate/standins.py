"""Stand-ins for Channels, Django and Starlette, in the style of ASGI2 and in that of ASGI3.

Channels 2 and Starlette 0.11 do not run on the Pythons of most environments, and cannot be installed beside
their successors. Each class here does what the real one does for the calls of the cases: who calls whom, with
what, and when. tests/migrated drives the real releases.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import re
import sys
import types
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from typing import Any, Callable, ClassVar, Dict, Iterator, List, Optional, Type

#: The package of a case, for its relative imports.
PACKAGE = "standin_project"


async def reply(send: Any, text: str, status: int = 200) -> None:
    """Answer a request."""
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": text.encode()})


def shown(scope: Any) -> str:
    """Return the parts of a scope that routers and middleware set."""
    names = ("path", "path_remaining", "url_route", "user", "room", "session")
    return repr({name: scope[name] for name in names if name in scope})


async def describe(scope: Any, receive: Any, send: Any) -> None:
    """Answer any connection with its scope; other connections have a chance to get in between."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        await asyncio.sleep(0)
        await send({"type": "websocket.send", "text": shown(scope)})
        await send({"type": "websocket.close", "code": 1000})
        return
    await receive()
    await asyncio.sleep(0)
    await reply(send, shown(scope))


def both(single: Callable[..., Any]) -> Dict[int, Any]:
    """Return a coroutine function of three arguments as an application of each generation."""
    return {2: lambda scope: partial(single, scope), 3: single}


class Consumer2:
    """A consumer of Channels 2: an instance of it has a scope, and is called with receive and send."""

    def __init__(self, scope: Any) -> None:
        self.scope = scope

    async def __call__(self, receive: Any, send: Any) -> None:
        await run(self, receive, send)


class Consumer3:
    """A consumer of Channels 3: `as_asgi` makes an instance for each connection."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scope = scope
        await run(self, receive, send)

    @classmethod
    def as_asgi(cls, **arguments: Any) -> Any:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            await cls(**arguments)(scope, receive, send)

        return app


async def run(consumer: Any, receive: Any, send: Any) -> None:
    """Do what both generations of consumers do."""
    if consumer.scope["type"] == "http":
        await describe(consumer.scope, receive, send)
        return
    await receive()
    answers: List[Dict[str, Any]] = []
    consumer.accept = lambda: answers.append({"type": "websocket.accept"})
    consumer.close = lambda: answers.append({"type": "websocket.close", "code": 1000})
    getattr(consumer, "connect", consumer.accept)()
    for answer in answers:
        await send(answer)
    if answers[-1]["type"] == "websocket.close":
        return
    await asyncio.sleep(0)
    own = {name: value for name, value in vars(consumer).items() if name in ("count", "seen")}
    event = await receive()
    text = f"{type(consumer).__name__} {shown(consumer.scope)} {own} {event.get('text')}"
    await send({"type": "websocket.send", "text": text})
    await send({"type": "websocket.close", "code": 1000})


class Route:
    """A route of Django, by a regular expression."""

    def __init__(
        self, route: str, view: Any, kwargs: Optional[Dict[str, Any]] = None, name: str = ""
    ) -> None:
        self.pattern = re.compile(route)
        self.callback = view
        self.default_args = kwargs or {}


def path(route: str, view: Any, kwargs: Optional[Dict[str, Any]] = None, name: str = "") -> Route:
    """Return a route for a literal path."""
    return Route(f"^{re.escape(route)}$", view, kwargs, name)


class _Router:
    """Has a way to choose the application for a scope."""

    def choose(self, scope: Any) -> Any:
        raise NotImplementedError


class URLRouter(_Router):
    """Chooses an application by the path."""

    def __init__(self, routes: List[Route]) -> None:
        self.routes = routes

    def choose(self, scope: Any) -> Any:
        for route in self.routes:
            match = route.pattern.search(scope["path"].lstrip("/"))
            if match:
                named = {**route.default_args, **match.groupdict()}
                args = () if match.groupdict() else match.groups()
                return route.callback, dict(scope, url_route={"args": args, "kwargs": named})
        raise ValueError("No route found for path")


class ProtocolTypeRouter(_Router):
    """Chooses an application by the type. Channels 2 adds Django's own for HTTP."""

    default: ClassVar[Dict[str, Any]] = {}

    def __init__(self, mapping: Dict[str, Any]) -> None:
        self.mapping = {**self.default, **mapping}

    def choose(self, scope: Any) -> Any:
        if scope["type"] not in self.mapping:
            raise ValueError(f"No application configured for scope type {scope['type']!r}")
        return self.mapping[scope["type"]], scope


class ChannelNameRouter(_Router):
    """Chooses an application by the name of a channel."""

    def __init__(self, mapping: Dict[str, Any]) -> None:
        self.mapping = mapping

    def choose(self, scope: Any) -> Any:
        return self.mapping[scope["channel"]], scope


class Middleware2:
    """`BaseMiddleware` of Channels 2.1 to 2.4."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __call__(self, scope: Any) -> Any:
        scope = dict(scope)
        self.populate_scope(scope)
        return partial(self.coroutine_call, self.inner(scope), scope)

    async def coroutine_call(self, inner: Any, scope: Any, receive: Any, send: Any) -> None:
        await self.resolve_scope(scope)
        await inner(receive, send)

    def populate_scope(self, scope: Any) -> None: ...

    async def resolve_scope(self, scope: Any) -> None: ...


class Middleware3:
    """`BaseMiddleware` of Channels 3."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    async def __call__(self, scope: Any, receive: Any, send: Any) -> Any:
        return await self.inner(scope, receive, send)


def sets(middleware: Type[Any], **fields: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a middleware of a generation that puts fields into a copy of the scope."""

    def wrap(inner: Any) -> Any:
        def changed(scope: Any) -> Any:
            return dict(scope, **{name: make(scope) for name, make in fields.items()})

        if middleware is Middleware2:
            return lambda scope: inner(changed(scope))

        async def single(scope: Any, receive: Any, send: Any) -> None:
            await inner(changed(scope), receive, send)

        return single

    return wrap


def _header(scope: Any, name: bytes) -> str:
    return dict(scope["headers"]).get(name, b"").decode()


class Response2:
    """A response of Starlette before 0.12."""

    def __init__(self, content: Any = b"", status_code: int = 200) -> None:
        self.text = content if isinstance(content, str) else json.dumps(content)
        self.status = status_code

    async def __call__(self, receive: Any, send: Any) -> None:
        await asyncio.sleep(0)
        await reply(send, self.text, self.status)


class Response3(Response2):
    """A response of Starlette since 0.12."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # type: ignore[override]
        await super().__call__(receive, send)


class Request:
    """A request of Starlette."""

    def __init__(self, scope: Any, receive: Any = None) -> None:
        self.method = scope["method"]


class Communicator:
    """A communicator of `channels.testing`, which takes applications of its own generation."""

    def __init__(self, application: Any, *more: Any) -> None:
        path = more[-1] if isinstance(more[-1], str) else "/"
        kind = "http" if len(more) == 2 else "websocket"
        self.scope: Dict[str, Any] = {"type": kind, "path": path, "headers": []}
        self.instance = self.begin(application)

    def begin(self, application: Any) -> Any:
        raise NotImplementedError

    async def connect(self) -> Any:
        events = [{"type": "websocket.connect"}, {"type": "websocket.receive", "text": "hello"}]
        sent: List[Any] = []

        async def receive() -> Any:
            return events.pop(0)

        async def send(event: Any) -> None:
            sent.append(event)

        await self.instance(receive, send)
        return sent[0]["type"] == "websocket.accept", None


class Communicator2(Communicator):
    """A communicator of Channels 2."""

    def begin(self, application: Any) -> Any:
        return application(self.scope)


class Communicator3(Communicator):
    """A communicator of Channels 3."""

    def begin(self, application: Any) -> Any:
        assert inspect.iscoroutinefunction(application)
        return partial(application, self.scope)


class Token:
    """A token of the REST framework."""

    class DoesNotExist(Exception):
        """There is no such token."""

    class objects:
        """The tokens of the database."""

        @staticmethod
        def get(key: str) -> Any:
            if key.startswith("no"):
                raise Token.DoesNotExist(key)
            return types.SimpleNamespace(user=f"user of {key}")


class AnonymousUser:
    """Nobody."""

    def __repr__(self) -> str:
        return "AnonymousUser"


def database_sync_to_async(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a coroutine function."""

    async def called(*args: Any) -> Any:
        await asyncio.sleep(0)
        return function(*args)

    return called


class Consumers(types.ModuleType):
    """A module of a project, which has every consumer that is asked for."""

    def __init__(self, name: str, base: Type[Any]) -> None:
        super().__init__(name)
        self.base = base

    def __getattr__(self, name: str) -> Any:
        if not name.endswith("Consumer"):
            raise AttributeError(name)
        made = type(name, (self.base,), {})
        setattr(self, name, made)
        return made


def _router(chosen: Type[_Router], generation: int) -> Type[Any]:
    if generation == 2:

        def double(self: Any, scope: Any) -> Any:
            app, given = self.choose(scope)
            return app(given)

        return type(chosen.__name__, (chosen,), {"__call__": double})

    async def single(self: Any, scope: Any, receive: Any, send: Any) -> Any:
        app, given = self.choose(scope)
        return await app(given, receive, send)

    return type(chosen.__name__, (chosen,), {"__call__": single})


def modules(generation: int) -> Dict[str, types.ModuleType]:
    """Return the modules of one generation by their names."""
    consumer: Any = {2: Consumer2, 3: Consumer3}[generation]
    middleware: Any = {2: Middleware2, 3: Middleware3}[generation]
    response: Any = {2: Response2, 3: Response3}[generation]
    communicator = {2: Communicator2, 3: Communicator3}[generation]
    routers = {
        kind.__name__: _router(kind, generation)
        for kind in (URLRouter, ProtocolTypeRouter, ChannelNameRouter)
    }
    django = both(describe)[generation]
    if generation == 2:
        routers["ProtocolTypeRouter"].default = {"http": django}
    user = sets(middleware, user=lambda scope: _header(scope, b"x-name") or "nobody")
    session = sets(middleware, session=lambda scope: _header(scope, b"cookie"))
    room = sets(middleware, room=lambda scope: types.SimpleNamespace(of=scope["path"]))
    allowed = sets(middleware, origin=lambda scope: _header(scope, b"origin"))
    contents: Dict[str, Dict[str, Any]] = {
        "channels": {},
        "channels.auth": {"AuthMiddlewareStack": user},
        "channels.db": {"database_sync_to_async": database_sync_to_async},
        "channels.generic": {},
        "channels.generic.websocket": dict.fromkeys(
            ("WebsocketConsumer", "AsyncJsonWebsocketConsumer"), consumer
        ),
        "channels.middleware": {"BaseMiddleware": middleware},
        "channels.routing": {**routers, "get_default_application": None},
        "channels.security": {},
        "channels.security.websocket": dict.fromkeys(
            ("AllowedHostsOriginValidator", "OriginValidator"), allowed
        ),
        "channels.sessions": {"CookieMiddleware": room, "SessionMiddleware": session},
        "channels.testing": dict.fromkeys(
            ("WebsocketCommunicator", "HttpCommunicator", "ApplicationCommunicator"), communicator
        ),
        "django": {"setup": lambda: None},
        "django.conf": {},
        "django.conf.urls": {"url": Route},
        "django.contrib": {},
        "django.contrib.auth": {},
        "django.contrib.auth.models": {"AnonymousUser": AnonymousUser},
        "django.core": {},
        "django.db": {"close_old_connections": lambda: None},
        "django.urls": {"path": path, "re_path": Route},
        "pytest": {"mark": types.SimpleNamespace(asyncio=lambda function: function)},
        "rest_framework": {},
        "rest_framework.authtoken": {},
        "rest_framework.authtoken.models": {"Token": Token},
        "starlette": {},
        "starlette.requests": {"Request": Request},
        "starlette.responses": dict.fromkeys(("JSONResponse", "PlainTextResponse", "Response"), response),
        "starlette.types": dict.fromkeys(("ASGIApp", "Receive", "Scope", "Send"), Any),
        PACKAGE: {},
        f"{PACKAGE}.views": {"index": None},
    }
    if find_spec("typing_extensions") is None:
        contents["typing_extensions"] = {"Protocol": object}
    if generation == 2:
        contents["channels.http"] = {"AsgiHandler": django}
        contents["starlette.types"]["ASGIInstance"] = Any
    else:
        contents["django.core.asgi"] = {"get_asgi_application": lambda: django}
    made: Dict[str, types.ModuleType] = {name: types.ModuleType(name) for name in contents}
    for name, values in contents.items():
        vars(made[name]).update(values)
    for name in ("app", "chat", "x", PACKAGE):
        made.setdefault(name, types.ModuleType(name))
        for part in ("consumers", "workers"):
            made[f"{name}.{part}"] = Consumers(f"{name}.{part}", consumer)
    made["uvicorn"] = _uvicorn(generation)
    for name, module in made.items():
        parent, _, last = name.rpartition(".")
        if parent:
            setattr(made[parent], last, module)
    return made


def _uvicorn(generation: int) -> types.ModuleType:
    """Return a server that keeps the application, and believes what it is told about it."""
    module: Any = types.ModuleType("uvicorn")

    def run_(app: Any, interface: str, **_: Any) -> None:
        assert interface == f"asgi{generation}"
        module.ran = app

    module.run = run_
    return module  # type: ignore[no-any-return]


@contextmanager
def imported(generation: int) -> Iterator[Dict[str, types.ModuleType]]:
    """Let imports find the stand-ins of one generation, and nothing else of these packages."""
    made = modules(generation)
    tops = {name.split(".")[0] for name in made}
    kept = {name: module for name, module in sys.modules.items() if name.split(".")[0] in tops}
    for name in kept:
        del sys.modules[name]
    sys.modules.update(made)
    try:
        yield made
    finally:
        for name in [name for name in sys.modules if name.split(".")[0] in tops]:
            del sys.modules[name]
        sys.modules.update(kept)
