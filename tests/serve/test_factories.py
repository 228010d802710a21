"""What a factory returned."""

from __future__ import annotations

import contextlib
from typing import Any, AsyncIterator, Iterator

import pytest

from asgi_compat import DetectionError, serve
from asgi_compat.serve import factories


async def app(scope: Any, receive: Any, send: Any) -> None: ...


class App:
    def __init__(self, scope: Any) -> None: ...

    async def __call__(self, receive: Any, send: Any) -> None: ...


async def later() -> Any:
    return app


def yielding() -> Iterator[Any]:
    yield app


async def yielding_later() -> AsyncIterator[Any]:
    yield app


def make() -> Any:
    return app


def failing() -> Any:
    raise ValueError("no settings")


def test_call_factory_returns_what_it_made() -> None:
    """And quotes what it raised."""
    assert factories.call_factory(make, "m:make") is app
    with pytest.raises(serve.LoadError, match="was called and failed: ValueError: no settings"):
        factories.call_factory(failing, "m:failing")


@pytest.mark.parametrize(
    "factory, says",
    [
        (later, "m:x is an asynchronous factory, and no server calls one: make it an ordinary"),
        (yielding, "m:x is a generator function"),
        (yielding_later, "m:x is an asynchronous generator function"),
        (contextlib.asynccontextmanager(yielding_later), "m:x is an asynccontextmanager"),
        (contextlib.contextmanager(yielding), "m:x is a contextmanager"),
        (App, "m:x is the application itself"),
        (app, "leave out --factory"),
        (42, "cannot be called, so it is not a factory: leave out --factory"),
    ],
)
def test_call_factory_result_is_named_as_what_it_is(factory: Any, says: str) -> None:
    """A coroutine is closed: warnings are errors here."""
    with pytest.raises(DetectionError) as caught:
        factories.call_factory(factory, "m:x")
    assert says in str(caught.value) and caught.value.reason and caught.value.remedy
