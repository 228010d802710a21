"""What well-known exceptions mean."""

from __future__ import annotations

import traceback
from typing import Any

import pytest

from asgi_compat.check.hints import HINTS, hint, of_traceback

from .applications import checked, the_one

#: What frameworks said, word for word, and a word of the advice.
SAID = [
    ("TypeError: 'coroutine' object does not support the asynchronous context manager protocol", "one yield"),
    ("AttributeError: __aenter__: 'function' object has no attribute '__aenter__'", "asynccontextmanager"),
    ("AssertionError: fastapi_middleware_astack not found in request scope", "include_router"),
    ("ValueError: No route found for path 'ws/'.", "without its first slash"),
    ("TypeError: 'coroutine' object is not callable", "await is missing"),
    ("TypeError: 'NoneType' object is not callable", "ends without return"),
    ("KeyError: 'body'", "whether a middleware has read the body"),
    ("AttributeError: 'coroutine' object has no attribute 'get'", "await is missing"),
    ("django.core.exceptions.SynchronousOnlyOperation: You cannot call this from an async", "database_sync"),
    ("RuntimeError: You cannot use AsyncToSync in the same thread as an async event loop", "await the func"),
    ("django.core.exceptions.AppRegistryNotReady: Apps aren't loaded yet.", "get_asgi_application()"),
    ("RuntimeError: Task <...> got Future <...> attached to a different loop", "at startup, in lifespan"),
    ("RuntimeError: <asyncio.locks.Event> is bound to a different event loop", "at startup, in lifespan"),
    ("RuntimeError: There is no current event loop in thread 'MainThread'.", "not at import"),
    ("RuntimeError: Expected ASGI message 'websocket.accept', but got 'http.response.start'.", "order of"),
    ("RuntimeError: No response returned.", "return a response"),
    ("RuntimeWarning: coroutine 'run' was never awaited", "await is missing"),
]


@pytest.mark.parametrize("said, words", SAID)
def test_hint_known_exception_says_what_to_write(said: str, words: str) -> None:
    assert words in hint(said)


def test_hint_every_row_is_needed() -> None:
    """Each advice is that of one of the texts above, and an unknown text has none."""
    assert {hint(said) for said, _ in SAID} == {advice for _, advice in HINTS}
    assert hint("KeyError: 'pool'") == ""


def test_hint_stands_behind_the_exception() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise NotImplementedError(scope["type"])
        raise RuntimeError("No response returned.")

    sent = the_one(checked(app)).sent
    assert sent.startswith("RuntimeError: No response returned.") and sent.endswith("return a response")


def test_of_traceback_is_its_last_line_and_place() -> None:
    """Starlette sends the whole traceback with lifespan.startup.failed."""
    try:
        {}["pool"]
    except KeyError:
        text = of_traceback(traceback.format_exc())
    assert text.startswith("KeyError: 'pool' (at ") and "test_hints.py:" in text and "\n" not in text
    assert of_traceback("no database") == "no database" and of_traceback("") == ""


@pytest.mark.parametrize(
    "error, advice", [(OSError("no database"), ""), (RuntimeError("No response returned."), "; a")]
)
def test_startup_that_failed_with_a_traceback_is_one_line(error: Exception, advice: str) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            raise NotImplementedError(scope["type"])
        await receive()
        try:
            raise error
        except Exception:
            await send({"type": "lifespan.startup.failed", "message": traceback.format_exc()})

    sent = the_one(checked(app)).sent
    assert sent.startswith(f"startup failed: {type(error).__name__}: {error} (at ")
    assert sent.endswith(", in app)") if not advice else f"in app){advice}" in sent


def test_hint_is_found_behind_a_long_text() -> None:
    """An exception about a future names tasks and callbacks first."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise NotImplementedError(scope["type"])
        raise RuntimeError(f"Task {'x' * 500} got Future <Future pending> attached to a different loop")

    assert the_one(checked(app)).sent.endswith("make it at startup, in lifespan")
