"""Old middleware in current stacks: what is handed in, and the thread for those that query Django."""

from __future__ import annotations

import asyncio
import pickle
import sys
import threading
import types
from typing import Any, Dict, List

import pytest

from asgi_compat import Quirks, middleware_to_asgi3
from asgi_compat._adapt import EitherCallable

SCOPE: Dict[str, Any] = {
    "type": "http", "method": "GET", "path": "/", "headers": [], "asgi": {"version": "3.0"},
}  # fmt: skip


async def application(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": scope.get("user", "nobody").encode()})


def old_application(scope: Any) -> Any:
    async def instance(receive: Any, send: Any) -> None:
        await application(scope, receive, send)

    return instance


def get(app: Any) -> bytes:
    sent: List[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(event: Any) -> None:
        sent.append(event)

    asyncio.run(app(dict(SCOPE), receive, send))
    return b"".join(event.get("body", b"") for event in sent)


class HalfMigrated:
    """Called with the scope, it calls what it wraps with three arguments."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __call__(self, scope: Any) -> Any:
        async def instance(receive: Any, send: Any) -> None:
            await self.inner(dict(scope, user="half"), receive, send)

        return instance


class Instance:
    def __init__(self, scope: Any, middleware: Any) -> None:
        self.middleware = middleware
        self.scope = dict(scope, user="instance")

    async def __call__(self, receive: Any, send: Any) -> Any:
        return await self.middleware.inner(self.scope, receive, send)


class HalfMigratedInstance:
    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __call__(self, scope: Any) -> Any:
        return Instance(scope, self)


class Old:
    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __call__(self, scope: Any) -> Any:
        return self.inner(dict(scope, user=scope.get("user", "old")))


class Unreadable:
    """One that calls what it wraps in a way that its code does not show."""

    def __init__(self, inner: Any) -> None:
        self.call = inner

    def __call__(self, scope: Any) -> Any:
        async def instance(*events: Any) -> None:
            await self.call(scope, *events)

        return instance


@pytest.mark.parametrize("app", [application, old_application])
@pytest.mark.parametrize("middleware", [HalfMigrated, HalfMigratedInstance, Unreadable])
def test_half_migrated_middleware_is_handed_an_application_that_answers_both_calls(
    middleware: Any, app: Any
) -> None:
    stack = middleware_to_asgi3(middleware)(app)
    assert get(stack) == {HalfMigrated: b"half", HalfMigratedInstance: b"instance"}.get(middleware, b"nobody")


@pytest.mark.parametrize("outer", [HalfMigrated, Old])
@pytest.mark.parametrize("inner", [HalfMigrated, Old])
def test_half_migrated_middleware_inside_each_other_answer(outer: Any, inner: Any) -> None:
    stack = middleware_to_asgi3(outer)(middleware_to_asgi3(inner)(application))
    assert get(stack) == (b"half" if HalfMigrated in (outer, inner) else b"old")
    assert type(stack.app) is outer  # type: ignore[attr-defined]


def test_old_middleware_is_handed_the_old_application_itself() -> None:
    assert middleware_to_asgi3(Old)(old_application).app.inner is old_application  # type: ignore[attr-defined]
    handed = middleware_to_asgi3(HalfMigrated)(old_application).app.inner  # type: ignore[attr-defined]
    assert type(handed) is EitherCallable and handed.app is old_application


class Blocks(Old):
    """Where it is constructed: as a middleware that queries the database in its first half."""

    def __call__(self, scope: Any) -> Any:
        here = threading.current_thread() is threading.main_thread()
        return self.inner(dict(scope, user="loop" if here else "thread"))


def test_middleware_quirks_run_the_first_half_in_a_thread() -> None:
    threaded = middleware_to_asgi3(Blocks, quirks=Quirks(constructor_in_thread=True))
    assert get(threaded(application)) == b"thread"
    assert get(middleware_to_asgi3(Blocks)(application)) == b"loop"
    assert get(pickle.loads(pickle.dumps(threaded))(application)) == b"thread"
    assert get(pickle.loads(pickle.dumps(threaded(application)))) == b"thread"
    assert threaded != middleware_to_asgi3(Blocks)
    assert threaded == middleware_to_asgi3(Blocks, quirks=Quirks(constructor_in_thread=True))
    assert middleware_to_asgi3(threaded) is threaded
    assert get(middleware_to_asgi3(threaded, quirks=Quirks())(application)) == b"loop"


@pytest.mark.parametrize("quirks", ["nothing", 5])
def test_middleware_quirks_that_are_none_are_refused(quirks: Any) -> None:
    with pytest.raises((ValueError, TypeError), match="quirks"):
        middleware_to_asgi3(Blocks, quirks=quirks)


SOURCES = {
    "model": "from shop.models import Token",
    "function of Django": "from django.contrib.auth import get_user",
    "class of Channels": "from channels.auth import AuthMiddlewareStack as get_user",
    "nothing": "get_user = Token = print",
}
CODE = """
import threading
{source}

class TokenAuth:
    def __init__(self, inner):
        self.inner = inner

    def __call__(self, scope):
        {imported}
        here = threading.current_thread() is threading.main_thread()
        user = "loop" if here else "thread"
        {named}
        return self.inner(dict(scope, user=user))
"""


@pytest.fixture
def django(monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """Stand in for Django, so that the tests need none."""

    def add(name: str, **names: Any) -> types.ModuleType:
        module = types.ModuleType(name)
        for key, value in names.items():
            value.__module__ = name
            setattr(module, key, value)
        monkeypatch.setitem(sys.modules, name, module)
        return module

    package = add("django")
    package.__version__ = "4.2"  # type: ignore[attr-defined]
    monkeypatch.setattr("importlib.metadata.version", lambda name: package.__version__)
    add("django.contrib")
    add("django.contrib.auth", get_user=lambda: None)
    add("channels")
    add("channels.auth", AuthMiddlewareStack=lambda inner: inner)
    add("shop")
    models = add("shop.models")
    base = type("ModelBase", (type,), {"__module__": "django.db.models.base"})
    models.Token = base("Token", (), {"__module__": "shop.models"})  # type: ignore[attr-defined]
    return package


def token_auth(source: str, imported: str = "pass", named: str = "Token, get_user") -> Any:
    names: Dict[str, Any] = {"__name__": "shop.auth", "Token": 1, "get_user": 1}
    exec(CODE.format(source=source, imported=imported, named=named), names)
    return names["TokenAuth"]


@pytest.mark.parametrize(
    "name, version, expected",
    [
        ("model", "4.2", b"thread"),
        ("function of Django", "3.0", b"thread"),
        ("class of Channels", "6.1", b"thread"),
        ("nothing", "4.2", b"loop"),
        ("model", "2.2.28", b"loop"),
    ],
)
def test_middleware_of_channels_beside_django_3_runs_in_a_thread(
    django: Any, name: str, version: str, expected: bytes
) -> None:
    django.__version__ = version
    assert get(middleware_to_asgi3(token_auth(SOURCES[name]))(application)) == expected


def test_middleware_that_imports_django_in_its_call_runs_in_a_thread(django: Any) -> None:
    middleware = token_auth("", "from django.contrib.auth import get_user", "get_user")
    assert get(middleware_to_asgi3(middleware)(application)) == b"thread"
    assert get(middleware_to_asgi3(middleware, quirks=Quirks())(application)) == b"loop"


def test_middleware_of_the_articles_leaves_the_request_of_the_application_inside() -> None:
    """A current application would pass over the event and wait for the next one for ever."""
    seen = []

    async def reads(scope, receive, send):
        seen.append(await receive())

    class HandsOn:
        def __init__(self, app):
            self.app = app

        def __call__(self, scope):
            return self.app(scope)

    request = {"type": "http.request", "body": b"a", "more_body": False}

    async def receive():
        return request

    for name in ("articles-2018", "articles-2018-content", "draft-2017"):
        app = middleware_to_asgi3(HandsOn, quirks=name)(reads)
        asyncio.run(app({"type": "http", "method": "POST", "path": "/", "headers": []}, receive, None))
    assert seen == [request] * 3
