"""Calls whose arguments do not fit: who called whom, and what to write."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from asgi_compat.check.arity import is_arity, mismatch

from .applications import checked, the_one


class Old:
    def __init__(self, scope: Any) -> None:
        self.scope = scope

    async def __call__(self, receive: Any, send: Any) -> None: ...


async def current(scope: Any, receive: Any, send: Any) -> None: ...


class OldMiddleware:
    def __init__(self, app: Any) -> None:
        self.app = app

    def __call__(self, scope: Any) -> Any:
        return self.app(scope)


class CurrentMiddleware:
    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


class CopyingMiddleware(CurrentMiddleware):
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(dict(scope), receive, send)


class Consumer:
    def __call__(self, scope: Any, receive: Any, send: Any) -> Any: ...

    @classmethod
    def as_asgi(cls) -> Any: ...


class Sleepy:
    def __init__(self, *args: Any) -> None: ...

    @classmethod
    def as_asgi(cls) -> Any: ...


def raised_by(app: Any) -> BaseException:
    """Call as a server does, and return what is raised."""

    async def call() -> None:
        await app({"type": "http"}, None, None)

    with pytest.raises(TypeError) as raised:
        app({}) if isinstance(app, OldMiddleware) else asyncio.run(call())
    return raised.value


@pytest.mark.parametrize(
    "app, caller, callee, remedy",
    [
        (OldMiddleware(current), "OldMiddleware.__call__ (", "current", "middleware_to_asgi3(OldMiddleware)"),
        (CurrentMiddleware(Old), "CurrentMiddleware.__call__ (", "Old", "write to_asgi3(Old) there"),
        (
            CurrentMiddleware(OldMiddleware(Old)),
            "CurrentMiddleware.__call__ (",
            "OldMiddleware",
            "write middleware_to_asgi3(OldMiddleware)",
        ),
        (CopyingMiddleware(Old), "CopyingMiddleware.__call__ (", "Old", "write to_asgi3(Old) there"),
        (CurrentMiddleware(Consumer), "CurrentMiddleware.__call__ (", "Consumer", "write Consumer.as_asgi()"),
        (CurrentMiddleware(Sleepy), "CurrentMiddleware.__call__ (", "Sleepy", "write Sleepy.as_asgi()"),
    ],
)
def test_mismatch_names_caller_callee_and_remedy(app: Any, caller: str, callee: str, remedy: str) -> None:
    """The caller with file and line, and the wrapper that fits the one that is wrong."""
    found = mismatch(raised_by(app))
    assert found is not None
    assert found.caller.startswith(caller) and "test_arity.py:" in found.caller
    assert found.callee == callee and remedy in found.remedy


@pytest.mark.parametrize("error", [TypeError("can only concatenate str"), ValueError("f() takes 1 argument")])
def test_is_arity_other_exceptions_are_not(error: Exception) -> None:
    """A TypeError about types, and an exception of another class."""
    assert not is_arity(error) and mismatch(error) is None


def test_mismatch_stands_in_the_findings() -> None:
    """One for lifespan and the connections, and no support is talked about."""
    report = checked(CurrentMiddleware(Old))
    finding = the_one(report)
    assert "write to_asgi3(Old) there" in finding.sent and "lifespan" in finding.conversations
    assert finding.sent.count("to_asgi3(Old)") == 1
    assert not any("support" in note.text for note in report.notes)


async def endpoint() -> None: ...


def area(width: int, height: int) -> int:
    return width * height


class Endpoint(CurrentMiddleware):
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app("a request")


class Misses(CurrentMiddleware):
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        area(2)  # type: ignore[call-arg]


class Sends(CurrentMiddleware):
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await send("http.response.start", 200)


class Awaits(CurrentMiddleware):
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await area(2, 3)  # type: ignore[misc]


@pytest.mark.parametrize("app", [Endpoint(endpoint), Misses(None), Sends(None), Awaits(None)])
def test_mismatch_of_any_function_advises_no_wrapper(app: Any) -> None:
    """Only what is called with a scope is an application of another generation."""

    async def send(event: Any) -> None: ...

    async def call() -> None:
        await app({"type": "http"}, None, send)

    with pytest.raises(TypeError) as raised:
        asyncio.run(call())
    found = mismatch(raised.value)
    assert found is not None
    assert "to_asgi3" not in found.text
    assert "does not fit" in found.remedy or "cannot be awaited" in found.remedy


async def log_requests(request: Any, call_next: Any) -> Any: ...


class Applies(CurrentMiddleware):
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await log_requests(self.app)  # type: ignore[call-arg]


def test_mismatch_of_function_with_call_next_advises_base_http_middleware() -> None:
    """Starlette's Middleware() takes classes; FastAPI's decorator takes such a function."""
    found = mismatch(raised_by(Applies(current)))
    assert found is not None and "dispatch=log_requests" in found.remedy


class Consumer:
    @classmethod
    def as_asgi(cls, **options: Any) -> Any:
        return current


class Made:
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None: ...


@pytest.mark.parametrize(
    "kept, remedy",
    [
        (Consumer.as_asgi, "as_asgi is not called, and makes the application; write .as_asgi() there"),
        (Made, "Made makes an application; write Made() there"),
    ],
)
def test_mismatch_of_what_makes_an_application_says_to_call_it(kept: Any, remedy: str) -> None:
    """Neither is an ASGI2 application, and `to_asgi3` would not help."""
    found = mismatch(raised_by(CurrentMiddleware(kept)))
    assert found is not None and found.remedy == remedy


class CallsTwo:
    """What an adapter for WSGI does with what it is given."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        environ, start_response = dict(scope), print
        await self.app(environ, start_response)


class CallsNone(CallsTwo):
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def instance(receive: Any, send: Any) -> None: ...

        await instance()  # type: ignore[call-arg]


def test_mismatch_of_a_call_for_wsgi_says_to_leave_the_adapter_out() -> None:
    """a2wsgi.WSGIMiddleware and asgiref's WsgiToAsgi around an application that is ASGI already."""
    found = mismatch(raised_by(CallsTwo(current)))
    assert found is not None and found.remedy.endswith("current is called as ASGI: leave the adapter out")


def test_mismatch_of_an_instance_that_is_called_says_to_return_it() -> None:
    """``return inner()`` in a double-callable, for ``return inner``."""
    found = mismatch(raised_by(CallsNone(current)))
    assert found is not None and "instance itself, without the parentheses" in found.remedy


class WithoutApp:
    def __init__(self) -> None: ...


class WithLevel:
    def __init__(self, app: Any, *, level: int) -> None: ...


def build_middleware_stack(cls: Any, kwargs: Any) -> None:
    """As Starlette's: the application is passed by position, before 0.35 by its name."""
    cls(object(), **kwargs)


def build_by_name(cls: Any, kwargs: Any) -> None:
    cls(app=object(), **kwargs)


@pytest.mark.parametrize(
    "build, cls, kwargs, remedy",
    [
        (
            "position",
            WithoutApp,
            {},
            "write def __init__(self, app) in WithoutApp, other arguments after it",
        ),
        ("name", WithoutApp, {}, "write def __init__(self, app) in WithoutApp, other arguments after it"),
        (
            "position",
            WithLevel,
            {},
            "write the arguments that it needs behind the class: Middleware(WithLevel, ...)",
        ),
        ("name", WithLevel, {"level": 1, "depth": 2}, "correct the arguments in Middleware(WithLevel, ...)"),
    ],
)
def test_mismatch_middleware_of_starlette_names_the_class(
    build: str, cls: Any, kwargs: Any, remedy: str
) -> None:
    """What is wrong is in the list of the user, and not in the code that calls it."""
    call = build_middleware_stack
    if build == "name":
        call = type(call)(build_by_name.__code__.replace(co_name="build_middleware_stack"), globals())
    try:
        call(cls, kwargs)
    except TypeError as error:
        found = mismatch(error)
    assert found is not None and found.callee == cls.__name__
    assert found.remedy.endswith(remedy)
