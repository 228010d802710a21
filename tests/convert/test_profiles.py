"""Which profile is chosen for an application that nobody says one for."""

from __future__ import annotations

import asyncio
import functools
import sys
import types
from typing import Any, Callable, Dict, List

import pytest

from asgi_compat import PROFILES, profile_of, to_asgi2, to_asgi3

ARTICLES = PROFILES["articles-2018"]


async def read_body(receive: Any) -> bytes:
    """The body loop of "Working with ASGI and HTTP", October 2018."""
    body = b""
    more_body = True
    while more_body:
        message = await receive()
        assert message["type"] == "http.request.body"
        body += message.get("body", b"")
        more_body = message.get("more_body", False)
    return body


async def answer(send: Any, body: bytes) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


class EchoClass:
    def __init__(self, scope: Any) -> None:
        self.scope = scope

    async def __call__(self, receive: Any, send: Any) -> None:
        await answer(send, await read_body(receive))


def echo_closure(scope: Any) -> Any:
    async def instance(receive: Any, send: Any) -> None:
        body = b""
        while True:
            message = await receive()
            if message["type"] == "http.request.body":
                body += message["body"]
                if not message.get("more_body"):
                    break
        await answer(send, body)

    return instance


async def echo_of_partial(scope: Any, receive: Any, send: Any) -> None:
    await answer(send, await read_body(receive))


class EchoPartial:
    def __call__(self, scope: Any) -> Any:
        return functools.partial(self.asgi, scope=scope)

    async def asgi(self, receive: Any, send: Any, scope: Any) -> None:
        await answer(send, await read_body(receive))


class Middleware:
    def __init__(self, app: Any) -> None:
        self.app = app

    def __call__(self, scope: Any) -> Any:
        return self.app(scope)


@functools.wraps(echo_closure)
def decorated(*args: Any, **kwargs: Any) -> Any:
    return echo_closure(*args, **kwargs)


def with_factory(reader: Callable[..., Any]) -> Callable[..., Any]:
    def application(scope: Any) -> Any:
        async def instance(receive: Any, send: Any) -> None:
            await answer(send, await reader(receive))

        return instance

    return application


OF_ARTICLES: Dict[str, Any] = {
    "class": EchoClass,
    "closure": echo_closure,
    "partial": functools.partial(echo_closure),
    "partial of a method": EchoPartial(),
    "lambda": lambda scope: functools.partial(echo_of_partial, scope),
    "inside a middleware": Middleware(EchoClass),
    "decorated": decorated,
    "reader in a closure": with_factory(read_body),
}


def post(app: Any, *parts: bytes) -> bytes:
    """Post a body of several events, and return the answer."""
    events = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    events.append({"type": "http.request", "body": b"", "more_body": False})
    sent: List[Any] = []

    async def receive() -> Any:
        return events.pop(0)

    async def send(event: Any) -> None:
        sent.append(event)

    scope = {"type": "http", "method": "POST", "path": "/", "headers": [], "asgi": {"version": "3.0"}}
    asyncio.run(app(scope, receive, send))
    return b"".join(event.get("body", b"") for event in sent)


@pytest.mark.parametrize("name", OF_ARTICLES)
def test_profile_of_code_that_names_the_body_only_is_that_of_the_articles(name: str) -> None:
    app = OF_ARTICLES[name]
    assert profile_of(app) is ARTICLES
    assert post(to_asgi3(app), b"a", b"b") == b"ab"


async def read_content(receive: Any, expected: str) -> bytes:
    """The same loop by the keys of 2017."""
    content = b""
    more_content = True
    while more_content:
        message = await receive()
        assert message["type"] == expected
        content += message.get("content", b"")
        more_content = message.get("more_content", False)
    return content


def content_of_articles(scope: Any) -> Any:
    async def instance(receive: Any, send: Any) -> None:
        await answer(send, await read_content(receive, "http.request.body"))

    return instance


def content_of_draft(scope: Any) -> Any:
    async def instance(receive: Any, send: Any) -> None:
        await answer(send, await read_content(receive, "http.request"))

    return instance


def body_beside_content(scope: Any) -> Any:
    async def instance(receive: Any, send: Any) -> None:
        message = await receive()
        assert message["type"] == "http.request.body"
        await answer(send, b"content: " + message["body"])

    instance.content = "content"  # type: ignore[attr-defined]
    return instance


@pytest.mark.parametrize(
    ("app", "profile", "expected"),
    [
        (content_of_articles, "articles-2018-content", b"ab"),
        (body_beside_content, "articles-2018-content", b"content: a"),
        (content_of_draft, "draft-2017", b"ab"),
    ],
    ids=["content of the articles", "body beside a text content", "content of the draft"],
)
def test_profile_of_code_that_reads_content_has_it(app: Any, profile: str, expected: bytes) -> None:
    assert profile_of(app) is PROFILES[profile]
    assert post(to_asgi3(app), b"a", b"b") == expected


def sends_more_content(scope: Any) -> Any:
    async def instance(receive: Any, send: Any) -> None:
        message = await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send(
            {"type": "http.response.body", "content": message["body"], "more_content": message["more_body"]}
        )

    return instance


def test_profile_of_code_that_reads_more_body_is_none() -> None:
    assert profile_of(sends_more_content) is None
    assert post(to_asgi3(sends_more_content), b"a") == b"a"


@pytest.mark.parametrize("given", ["articles-2018", ARTICLES, ARTICLES.quirks], ids=["name", "row", "quirks"])
def test_profile_of_the_articles_leaves_the_request_to_starlette(given: Any) -> None:
    """Its Request waits for http.request, and would wait for ever."""
    pytest.importorskip("starlette")

    def reads_with_starlette(scope: Any) -> Any:
        async def instance(receive: Any, send: Any) -> None:
            from starlette.requests import Request

            await answer(send, await Request(scope, receive).body())

        return instance

    assert post(to_asgi3(reads_with_starlette, quirks=given), b"a", b"b") == b"ab"
    assert post(to_asgi3(echo_closure, quirks=given), b"a", b"b") == b"ab"


def either_name(scope: Any) -> Any:
    async def instance(receive: Any, send: Any) -> None:
        message = await receive()
        assert message["type"] in ("http.request", "http.request.body")

    return instance


def says_type(message: Any) -> bool:
    return bool(message["type"] == "http.request")


def name_in_called_function(scope: Any) -> Any:
    async def instance(receive: Any, send: Any) -> None:
        message = await receive()
        assert says_type(message) or message["type"] == "http.request.body"

    return instance


async def current(scope: Any, receive: Any, send: Any) -> None:
    message = await receive()
    if message["type"] == "http.request.body":
        raise AssertionError("dead code of a current middleware")
    await answer(send, b"current")


class MiddlewareOfArticles(Middleware):
    def __call__(self, scope: Any) -> Any:
        async def instance(receive: Any, send: Any) -> None:
            async def listen() -> Any:
                message = await receive()
                assert message["type"] != "http.request.body"
                return message

            await self.app(scope, listen, send)

        return instance


@pytest.mark.parametrize(
    "app",
    [either_name, name_in_called_function, current, MiddlewareOfArticles(current)],
    ids=["either name", "name in a called function", "current", "around a current one"],
)
def test_profile_of_code_that_reads_current_events_is_none(app: Any) -> None:
    assert profile_of(app) is None


def test_service_current_application_keeps_type_of_request() -> None:
    assert post(to_asgi3(current), b"a") == b"current"
    assert profile_of(to_asgi2(current)) is None


@pytest.fixture
def consumer(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A class as Channels 2.4 has them."""
    package = types.ModuleType("channels")
    package.__version__ = "2.4.0"  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "channels", package)
    monkeypatch.setattr("importlib.metadata.version", lambda name: package.__version__)
    return type("Consumer", (EchoClass,), {"__module__": "channels.consumer"})


PROXIES = {
    "wrapt.CallableObjectProxy": lambda app: pytest.importorskip("wrapt").CallableObjectProxy(app),
    "wrapt.ObjectProxy": lambda app: pytest.importorskip("wrapt").ObjectProxy(app),
    "wrapt.FunctionWrapper": lambda app: pytest.importorskip("wrapt").FunctionWrapper(
        app, lambda call, _, args, more: call(*args, **more)
    ),
    "LocalProxy": lambda app: pytest.importorskip("werkzeug.local").LocalProxy(lambda: app),
    "lazy_object_proxy": lambda app: pytest.importorskip("lazy_object_proxy").Proxy(lambda: app),
    "middleware": Middleware,
    "partial of a middleware": lambda app: functools.partial(Middleware(app)),
    "function": lambda app: functools.wraps(app)(lambda *args: app(*args)),
}


@pytest.mark.parametrize("kind", PROXIES)
def test_profile_of_class_behind_a_proxy_is_that_of_the_class(kind: str, consumer: Any) -> None:
    row = profile_of(PROXIES[kind](consumer))
    assert row is not None and row.name == "channels-2"
