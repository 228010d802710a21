"""The calls themselves: exceptions, odd instances, awaitables, cancellation and context."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import traceback
import types
import warnings
from typing import Any, List

import pytest
from asgiref.testing import ApplicationCommunicator
from drive import attempt, drive_double, drive_single, http_scope

from adapt.applications import BODY, START, double, single
from asgi_compat import (
    AdapterError,
    double_to_single_callable,
    guarantee_double_callable,
    guarantee_single_callable,
    single_to_double_callable,
)


class Boom(Exception):
    pass


class ForgetsToReturn:
    def __call__(self, scope: Any) -> Any:
        async def inner(receive: Any, send: Any) -> None: ...


def test_constructor_exception_is_raised_where_awaited() -> None:
    """The call itself does not raise, as with an async def, and the traceback leads to the constructor."""

    def broken(scope: Any) -> Any:
        raise Boom("constructor")

    coroutine = double_to_single_callable(broken)({}, None, None)
    with pytest.raises(Boom) as caught:
        coroutine.send(None)
    frames = [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert frames[-1] == "broken" and "call_double" not in frames


def test_type_error_of_application_propagates_after_one_run() -> None:
    """And its body does not run twice, whichever half it comes from."""
    runs = []

    def in_constructor(scope: Any) -> Any:
        runs.append("constructor")
        return len(5)  # type: ignore[arg-type]

    def in_instance(scope: Any) -> Any:
        def instance(receive: Any, send: Any) -> Any:
            runs.append("instance")
            raise TypeError("instance() missing 1 required positional argument: 'send'")

        return instance

    def in_unknown(*args: Any) -> Any:
        runs.append("unknown")
        raise TypeError("takes 1 positional argument but 3 were given")

    for app, message in ((in_constructor, "len"), (in_instance, "missing 1"), (in_unknown, "takes 1")):
        runs.clear()
        outcome = attempt(drive_single, guarantee_single_callable(app))
        assert type(outcome.error) is TypeError and message in str(outcome.error)
        assert len(runs) == 1


def test_instance_of_three_arguments_is_called() -> None:
    """def app(scope): return JSONResponse(...), with a response of today's Starlette."""

    def returning_a_response(scope: Any) -> Any:
        return single

    class Construct:
        def __init__(self, scope: Any) -> None:
            self.scope = scope

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            assert scope is self.scope
            await single(scope, receive, send)

    for app in (returning_a_response, Construct):
        assert drive_single(double_to_single_callable(app)) == [START, BODY]
        assert drive_single(guarantee_single_callable(app)) == [START, BODY]
    assert drive_double(guarantee_double_callable(Construct)) == [START, BODY]


def test_coroutine_constructor_is_awaited_for_instance() -> None:
    """It is awaited for the instance, which may take two or three arguments."""

    async def constructor(scope: Any) -> Any:
        await asyncio.sleep(0)
        return double(scope)

    async def constructor_of_three(scope: Any) -> Any:
        return single

    for app in (constructor, constructor_of_three):
        assert drive_single(guarantee_single_callable(app)) == [START, BODY]
        assert drive_double(guarantee_double_callable(app)) == [START, BODY]


@pytest.mark.parametrize("got, seen", [(None, "None"), (5, "5"), ("text", "str of length 4")])
def test_first_call_without_instance_raises_adapter_error(got: Any, seen: str) -> None:
    """The error names the application, what it returned, and the likely mistake."""

    def application(scope: Any) -> Any:
        return got

    adapter = double_to_single_callable(application)
    with pytest.raises(AdapterError) as caught:
        drive_single(adapter)
    assert caught.value.application is application and caught.value.got is got
    assert f"returned {seen}, which" in str(caught.value) and "(receive, send)" in str(caught.value)


def test_first_call_without_return_raises_adapter_error_with_its_place() -> None:
    """The statement to add, and the file, line and function to add it to."""
    line = ForgetsToReturn.__call__.__code__.co_firstlineno
    for app in (ForgetsToReturn(), ForgetsToReturn().__call__):
        with pytest.raises(AdapterError) as caught:
            drive_single(double_to_single_callable(app))
        assert str(caught.value).endswith(
            f"did you forget `return`? add `return inner` to its end, at {__file__}:{line}, in __call__"
        )


def test_first_call_that_returns_now_and_then_is_named_by_its_place_alone() -> None:
    """What it has to return elsewhere is its own."""

    def application(scope: Any) -> Any:
        async def inner(receive: Any, send: Any) -> None: ...

        return inner if scope["type"] == "lifespan" else None

    with pytest.raises(AdapterError) as caught:
        drive_single(double_to_single_callable(application))
    assert f"did you forget `return`? at {__file__}:" in str(caught.value)


def test_instance_of_other_arguments_raises_adapter_error() -> None:
    def application(scope: Any) -> Any:
        return lambda one: None

    with pytest.raises(AdapterError, match="takes neither"):
        drive_single(double_to_single_callable(application))


def test_instance_without_async_raises_adapter_error() -> None:
    def application(scope: Any) -> Any:
        return lambda receive, send: None

    with pytest.raises(AdapterError, match="did you forget `async`"):
        drive_single(double_to_single_callable(application))


def test_application_of_wrong_style_raises_adapter_error() -> None:
    """Told to be double and callable with three arguments only."""
    wrong = types.SimpleNamespace(call=lambda one, two, three, four: None).call
    with pytest.raises(AdapterError, match="was wrapped as a double-callable application"):
        drive_single(double_to_single_callable(wrong))


def test_awaitable_of_any_kind_becomes_coroutine() -> None:
    """create_task takes coroutines only, and asgiref's ApplicationCommunicator uses it."""

    def application(scope: Any) -> Any:
        def instance(receive: Any, send: Any) -> Any:
            return asyncio.ensure_future(single(scope, receive, send))

        return instance

    @types.coroutine
    def generator_based(receive: Any, send: Any) -> Any:
        yield from single({}, receive, send).__await__()

    async def communicate(app: Any) -> List[Any]:
        communicator = ApplicationCommunicator(app, http_scope())
        await communicator.send_input({"type": "http.request"})
        sent = [await communicator.receive_output(), await communicator.receive_output()]
        await communicator.wait()
        return sent

    for app in (application, lambda scope: generator_based, double):
        assert asyncio.run(communicate(double_to_single_callable(app))) == [START, BODY]
        assert asyncio.run(communicate(guarantee_single_callable(app))) == [START, BODY]


def test_cancellation_reaches_instance() -> None:
    """And its cleanup runs before the cancelled task is done."""
    log = []

    def application(scope: Any) -> Any:
        async def instance(receive: Any, send: Any) -> None:
            log.append("started")
            try:
                await asyncio.sleep(60)
            finally:
                log.append("cancelled")

        return instance

    async def cancel(app: Any) -> None:
        task = asyncio.ensure_future(app({}, None, None))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    for adapter in (
        double_to_single_callable(application),
        guarantee_single_callable(lambda *a: application(*a)),
    ):
        log.clear()
        asyncio.run(cancel(adapter))
        assert log == ["started", "cancelled"]


def test_context_variables_are_seen_in_both_halves() -> None:
    """What the server sets before its call is there in the constructor and in the instance."""
    variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="unset")
    seen = []

    def application(scope: Any) -> Any:
        seen.append(variable.get())

        async def instance(receive: Any, send: Any) -> None:
            seen.append(variable.get())
            variable.set("by the application")

        return instance

    async def server(adapter: Any) -> None:
        variable.set("by the server")
        await adapter({}, None, None)
        seen.append(variable.get())

    for adapter in (double_to_single_callable(application), guarantee_single_callable(application)):
        seen.clear()
        asyncio.run(server(adapter))
        assert seen == ["by the server", "by the server", "by the application"]


def test_instance_of_mirror_calls_nothing_before_awaited() -> None:
    """Old servers probe: an instance of the mirror may be made in a thread and never awaited (B2)."""
    calls = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        calls.append(scope)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        single_to_double_callable(application)({"type": "lifespan"})
        gc.collect()
    assert calls == []
