"""Responses of current Starlette that are called with two arguments (the quirk `response_scope`)."""

from __future__ import annotations

import asyncio
import inspect
import logging
import sys
import types
from typing import Any, Callable, Dict, Iterator, List, Optional

import pytest

from asgi_compat import Quirks, to_asgi2, to_asgi3
from asgi_compat._convert import responses

SCOPED = Quirks(response_scope=True)


class Response:
    """Called like a response of Starlette 0.12 and later."""

    def __init__(self, status: int = 200) -> None:
        self.status = status

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"x-path", scope["path"].encode())]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


class Streaming(Response):
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await super().__call__(scope, receive, send)


class Inherits(Streaming):
    pass


class OfThen(Response):
    """A class of the program itself, which is of 2018 too."""

    async def __call__(self, receive: Any, send: Any) -> None:  # type: ignore[override]
        await super().__call__(receive, send)  # type: ignore[call-arg,arg-type]


ORIGINAL = {cls: cls.__dict__.get("__call__") for cls in (Response, Streaming, Inherits, OfThen)}


@pytest.fixture(autouse=True)
def library(monkeypatch: pytest.MonkeyPatch) -> Iterator[types.ModuleType]:
    """Stand in for `starlette.responses`, so that the tests need no Starlette."""
    module = types.ModuleType("starlette.responses")
    module.Response = Response  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "starlette.responses", module)
    monkeypatch.setitem(sys.modules, "starlette.websockets", None)
    yield module
    assert {cls: cls.__dict__.get("__call__") for cls in ORIGINAL} == ORIGINAL


def program(make: Callable[[], Any]) -> Any:
    class App:
        def __init__(self, scope: Any) -> None:
            self.scope = scope

        async def __call__(self, receive: Any, send: Any) -> None:
            response = make()
            await response(receive, send)

    return App


async def get(app: Any, path: str = "/", sent: Optional[List[Any]] = None) -> Any:
    """Hold one conversation; give the start of the response."""
    events: List[Any] = [] if sent is None else sent

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(event: Any) -> None:
        events.append(event)

    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "asgi": {"version": "3.0"}}
    await app(scope, receive, send)
    return events[0]


@pytest.mark.parametrize("make", [Response, Streaming, Inherits, OfThen])
def test_response_called_with_two_arguments_takes_scope_of_connection(make: Callable[[], Any]) -> None:
    start = asyncio.run(get(to_asgi3(program(make), quirks=SCOPED), "/here"))
    assert start["headers"] == [(b"x-path", b"/here")]


@pytest.mark.parametrize("call", ["named", "half named", "three", "three named"])
def test_response_called_otherwise_answers_too(call: str) -> None:
    def app(scope: Any) -> Any:
        async def instance(receive: Any, send: Any) -> None:
            response: Any = Response()
            if call == "named":
                await response(receive=receive, send=send)
            elif call == "half named":
                await response(receive, send=send)
            elif call == "three":
                await response(scope, receive, send)
            else:
                await response(scope=scope, receive=receive, send=send)

        return instance

    assert asyncio.run(get(to_asgi3(app, quirks=SCOPED)))["status"] == 200


def test_response_returned_from_outer_half_is_sent() -> None:
    def app(scope: Any) -> Any:
        return Response(404)

    assert asyncio.run(get(to_asgi3(app, quirks=SCOPED)))["status"] == 404


def test_response_in_concurrent_connections_takes_the_scope_of_its_own() -> None:
    inside: Dict[str, Any] = {}

    def app(scope: Any) -> Any:
        async def instance(receive: Any, send: Any) -> None:
            inside[scope["path"]] = True
            while len(inside) < 3:
                await asyncio.sleep(0)
            response: Any = Streaming()
            await response(receive, send)

        return instance

    async def main() -> List[Any]:
        served = to_asgi3(app, quirks=SCOPED)
        return await asyncio.gather(*[get(served, path) for path in ("/a", "/b", "/c")])

    starts = asyncio.run(main())
    assert [start["headers"][0][1] for start in starts] == [b"/a", b"/b", b"/c"]


def test_response_of_another_task_changes_nothing() -> None:
    """While the application serves a connection, another one in the process is refused as ever."""
    entered, leave = asyncio.Event, asyncio.Event

    async def main() -> None:
        started, done = entered(), leave()

        def app(scope: Any) -> Any:
            async def instance(receive: Any, send: Any) -> None:
                started.set()
                await done.wait()
                response: Any = Response()
                await response(receive, send)

            return instance

        async def other(scope: Any, receive: Any, send: Any) -> None:
            assert inspect.iscoroutinefunction(Response.__call__)
            response: Any = Response()
            with pytest.raises(TypeError, match="missing 1 required positional argument: 'send'"):
                await response(receive, send)
            await response(scope, receive, send)

        task = asyncio.ensure_future(get(to_asgi3(app, quirks=SCOPED), "/mine"))
        await started.wait()
        assert (await get(other, "/other"))["headers"] == [(b"x-path", b"/other")]
        done.set()
        assert (await task)["headers"] == [(b"x-path", b"/mine")]

    asyncio.run(main())


def test_response_methods_are_restored_after_an_error() -> None:
    def fail() -> Any:
        assert Response.__call__ is not ORIGINAL[Response]
        raise ValueError("of the application")

    with pytest.raises(ValueError, match="of the application"):
        asyncio.run(get(to_asgi3(program(fail), quirks=SCOPED)))


def test_response_method_replaced_meanwhile_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Something that instruments the class while a connection is open keeps its method."""

    async def instrumented(self: Any, *args: Any) -> None:
        await ORIGINAL[Streaming](self, *args)  # type: ignore[misc]

    def replace() -> Any:
        type.__setattr__(Streaming, "__call__", instrumented)
        return Response()

    asyncio.run(get(to_asgi3(program(replace), quirks=SCOPED)))
    assert Streaming.__dict__["__call__"] is instrumented
    type.__setattr__(Streaming, "__call__", ORIGINAL[Streaming])


def test_response_scope_imports_the_library_that_the_code_imports_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    imported: List[str] = []
    monkeypatch.setattr("importlib.import_module", lambda name, *_: imported.append(name))

    def app(scope: Any) -> Any:
        async def instance(receive: Any, send: Any) -> None:
            from starlette.responses import Response

            await Response()(receive, send)

        return instance

    def other(scope: Any) -> Any:
        return lambda receive, send: None

    to_asgi3(other, quirks=SCOPED)
    assert imported == []
    to_asgi3(app, quirks=SCOPED)
    assert imported == [module for module, _ in responses.RESPONSES]


def test_response_without_the_quirk_has_its_remedy_on_the_log_once(caplog: pytest.LogCaptureFixture) -> None:
    app = to_asgi3(program(Response))
    with caplog.at_level(logging.INFO, "asgi_compat"):
        for _ in range(2):
            with pytest.raises(TypeError, match="'send'"):
                asyncio.run(get(app))
    (line,) = [record.getMessage() for record in caplog.records if "response_scope" in record.getMessage()]
    assert "await response(scope, receive, send)" in line and "App" in line


@pytest.mark.parametrize("error", [TypeError("x"), ValueError("__call__() missing 1")])
def test_response_remedy_for_another_error_is_empty(error: Exception) -> None:
    assert responses.remedy_for(None, error) == ""


def test_response_remedy_for_another_class_is_empty() -> None:
    """Python 3.8 and 3.9 do not name the class of the method, and the remedy is given."""

    class Other:
        def __call__(self, scope: Any, receive: Any, send: Any) -> None: ...

    with pytest.raises(TypeError) as caught:
        Other()(1, 2)  # type: ignore[call-arg]
    assert bool(responses.remedy_for(None, caught.value)) is (sys.version_info < (3, 10))


def test_response_scope_of_the_other_direction_does_nothing() -> None:
    async def main() -> None:
        sent: List[Any] = []
        instance = to_asgi2(program(Response), quirks=SCOPED)({"type": "http", "path": "/", "headers": []})
        with pytest.raises(TypeError, match="'send'"):
            await instance(None, sent.append)

    asyncio.run(main())
