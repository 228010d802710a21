"""How is it called? The adapters: ordinary objects, one and never two, and nothing is lost."""

from __future__ import annotations

import asyncio
import contextvars
import copy
import functools
import gc
import inspect
import pickle
import traceback
import types
import warnings
import weakref
from typing import Any, Callable, Dict, List
from unittest import mock

import pytest
from asgiref.testing import ApplicationCommunicator

from asgi_compat import (
    AdapterError,
    DetectionError,
    Style,
    classify,
    double_to_single_callable,
    guarantee_double_callable,
    guarantee_single_callable,
    single_to_double_callable,
)
from tests.drive import attempt, drive_double, drive_single, http_scope

START = {"type": "http.response.start", "status": 200, "headers": []}
BODY = {"type": "http.response.body", "body": b"hello"}


def double(scope: Any) -> Any:
    async def instance(receive: Any, send: Any) -> None:
        await send(START)
        await send(BODY)

    return instance


async def single(scope: Any, receive: Any, send: Any) -> None:
    await send(START)
    await send(BODY)


class DoubleApp:
    """An application object that is compared by value and can be copied."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, scope: Any) -> Any:
        return double(scope)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DoubleApp) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)


class SingleApp(DoubleApp):
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # type: ignore[override]
        await single(scope, receive, send)


class Opaque:
    """Tells nothing of its call and refuses a wrong number of arguments while binding.

    It stands in for a function compiled with Cython 0.29, which stands for itself in tests/frameworks:
    a property in place of ``__call__`` is not read by the detector, for its getter is somebody's code.
    """

    def __init__(self, app: Any) -> None:
        self.app = app

    @property
    def __call__(self) -> Any:
        return self.app

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Opaque) and self.app == other.app

    def __hash__(self) -> int:
        return hash(self.app)


anything = Opaque(double)


ADAPTERS = {
    "double to single": lambda app=None: double_to_single_callable(app or DoubleApp("x")),
    "single to double": lambda app=None: single_to_double_callable(app or SingleApp("x")),
    "undecided to single": lambda app=None: guarantee_single_callable(app or anything),
    "undecided to double": lambda app=None: guarantee_double_callable(app or anything),
}


def run(app: Any) -> List[Dict[str, Any]]:
    """Drive an adapted application in the style it now is."""
    return drive_double(app) if classify(app).style is Style.DOUBLE else drive_single(app)


@pytest.mark.parametrize("make", ADAPTERS.values(), ids=list(ADAPTERS))
class TestOrdinaryObject:
    def test_it_runs(self, make: Callable[..., Any]) -> None:
        """An adapter does what it is for."""
        assert run(make()) == [START, BODY]

    def test_it_holds_the_application(self, make: Callable[..., Any]) -> None:
        """`.app` is the application and the repr names it."""
        adapter = make()
        assert callable(adapter.app)
        assert repr(adapter.app) in repr(adapter)

    def test_it_is_compared_and_hashed_by_the_application(self, make: Callable[..., Any]) -> None:
        """Two adapters of equal applications are equal, and nothing else is."""
        first, second = make(), make()
        assert first == second and hash(first) == hash(second) and not first != second
        assert first != first.app and first != object()
        assert len({first, second}) == 1

    def test_it_survives_pickle_and_copies(self, make: Callable[..., Any]) -> None:
        """Spawned workers get one by pickle; it runs there."""
        adapter = make()
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
            again = pickle.loads(pickle.dumps(adapter, protocol))
            assert again == adapter and type(again) is type(adapter) and run(again) == [START, BODY]
        for again in (copy.copy(adapter), copy.deepcopy(adapter)):
            assert again == adapter and run(again) == [START, BODY]

    def test_a_deep_copy_holds_a_copied_application(self, make: Callable[..., Any]) -> None:
        """What is called is the copy and not the original."""
        adapter = make()
        if isinstance(adapter.app, types.FunctionType):
            assert copy.deepcopy(adapter).app is adapter.app
        else:
            assert copy.deepcopy(adapter).app is not adapter.app

    def test_it_can_be_referenced_weakly(self, make: Callable[..., Any]) -> None:
        """And goes when nobody holds it: no cycle keeps it."""
        adapter = make()
        reference = weakref.ref(adapter)
        assert reference() is adapter
        gc.disable()
        try:
            del adapter
            gone = reference() is None
        finally:
            gc.enable()
        if not gone:  # a cycle is allowed where the application's memory is in it, if it can be collected
            gc.collect()
        assert reference() is None

    def test_it_is_not_bound_as_a_class_attribute(self, make: Callable[..., Any]) -> None:
        """A framework that keeps its application in the class body gets the application."""
        adapter = make()
        holder = type("Holder", (), {"app": adapter})
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert holder().app is adapter and holder.app is adapter  # type: ignore[attr-defined]

    def test_it_takes_keywords(self, make: Callable[..., Any]) -> None:
        """daphne calls by the names of the specification: scope, receive, send."""
        adapter, sent = make(), []  # type: ignore[var-annotated]

        async def send(message: Any) -> None:
            sent.append(message)

        async def connection() -> None:
            if classify(adapter).style is Style.DOUBLE:
                await adapter(scope=http_scope())(receive=None, send=send)
            else:
                await adapter(scope=http_scope(), receive=None, send=send)

        asyncio.run(connection())
        assert sent == [START, BODY]

    def test_never_two(self, make: Callable[..., Any]) -> None:
        """Wrapping an adapter gives the same adapter, or takes it off."""
        adapter = make()
        guarantee = (
            guarantee_double_callable
            if classify(adapter).style is Style.DOUBLE
            else guarantee_single_callable
        )
        assert guarantee(adapter) is adapter
        there_and_back = guarantee(
            (
                guarantee_single_callable
                if guarantee is guarantee_double_callable
                else guarantee_double_callable
            )(adapter)
        )
        assert there_and_back == adapter and there_and_back.app is adapter.app


def test_round_trips_give_the_same_object() -> None:
    """The design's identity, in both directions."""
    assert double_to_single_callable(single_to_double_callable(single)) is single
    assert single_to_double_callable(double_to_single_callable(double)) is double
    assert guarantee_single_callable(guarantee_double_callable(single)) is single
    assert guarantee_double_callable(guarantee_single_callable(double)) is double


def test_what_is_right_comes_back_as_it_is() -> None:
    """All six names leave alone what already has the shape."""
    for adapt in (double_to_single_callable, guarantee_single_callable):
        assert adapt(single) is single
    for adapt in (single_to_double_callable, guarantee_double_callable):
        assert adapt(double) is double

    def either(scope: Any, receive: Any = None, send: Any = None) -> Any:
        return functools.partial(single, scope) if receive is None else single(scope, receive, send)

    for adapt in (
        double_to_single_callable,
        guarantee_single_callable,
        single_to_double_callable,
        guarantee_double_callable,
    ):
        assert adapt(either) is either


def test_adapters_read_as_coroutine_functions() -> None:
    """`inspect` sees a coroutine function with the three names, as every detector wants it."""
    adapter = double_to_single_callable(double)
    assert inspect.iscoroutinefunction(adapter)
    assert inspect.iscoroutinefunction(adapter.__call__)
    assert list(inspect.signature(adapter).parameters) == ["scope", "receive", "send"]
    assert drive_single(adapter.__call__) == drive_single(adapter.func) == [START, BODY]
    mirror = single_to_double_callable(single)
    assert not inspect.iscoroutinefunction(mirror) and not inspect.iscoroutinefunction(mirror.__call__)
    assert list(inspect.signature(mirror).parameters) == ["scope"]


@pytest.mark.parametrize("thing", [None, 1, "module:app", asyncio, (double,)], ids=repr)
@pytest.mark.parametrize(
    "adapt",
    [
        double_to_single_callable,
        single_to_double_callable,
        guarantee_single_callable,
        guarantee_double_callable,
    ],
)
def test_what_cannot_be_called_is_refused_at_once(adapt: Any, thing: Any) -> None:
    """With the object, what was seen and what to do, and as a TypeError."""
    with pytest.raises(DetectionError) as caught:
        adapt(thing)
    error = caught.value
    assert isinstance(error, TypeError)
    assert error.application is thing and error.reason and error.remedy
    assert error.reason in str(error) and error.remedy in str(error)
    again = pickle.loads(pickle.dumps(DetectionError("x", application=1, reason="r", remedy="m")))
    assert (str(again), again.application, again.reason, again.remedy) == ("x", 1, "r", "m")


class Boom(Exception):
    pass


def test_the_constructors_exception_is_raised_where_it_is_awaited() -> None:
    """The call itself does not raise, as with an async def, and the traceback leads to the constructor."""

    def broken(scope: Any) -> Any:
        raise Boom("constructor")

    coroutine = double_to_single_callable(broken)({}, None, None)
    with pytest.raises(Boom) as caught:
        coroutine.send(None)
    frames = [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert frames[-1] == "broken" and "call_double" not in frames


def test_a_type_error_of_the_application_passes_through() -> None:
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


def test_an_instance_may_take_three_arguments() -> None:
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


def test_the_constructor_may_be_a_coroutine_function() -> None:
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
def test_a_first_call_without_an_instance(got: Any, seen: str) -> None:
    """The error names the application, what it returned, and the likely mistake."""

    def application(scope: Any) -> Any:
        return got

    adapter = double_to_single_callable(application)
    with pytest.raises(AdapterError) as caught:
        drive_single(adapter)
    assert caught.value.application is application and caught.value.got is got
    assert f"returned {seen}, which" in str(caught.value) and "(receive, send)" in str(caught.value)


def test_an_instance_that_takes_neither() -> None:
    def application(scope: Any) -> Any:
        return lambda one: None

    with pytest.raises(AdapterError, match="takes neither"):
        drive_single(double_to_single_callable(application))


def test_an_instance_that_lacks_its_async() -> None:
    def application(scope: Any) -> Any:
        return lambda receive, send: None

    with pytest.raises(AdapterError, match="lacks its async"):
        drive_single(double_to_single_callable(application))


def test_an_application_of_the_wrong_style_is_named() -> None:
    """Told to be double and callable with three arguments only."""
    wrong = types.SimpleNamespace(call=lambda one, two, three, four: None).call
    with pytest.raises(AdapterError, match="was wrapped as a double-callable application"):
        drive_single(double_to_single_callable(wrong))


def test_any_awaitable_becomes_a_coroutine() -> None:
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


def test_cancellation_reaches_the_instance() -> None:
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


def test_context_variables_of_the_server_are_seen_in_both_halves() -> None:
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


@pytest.mark.parametrize("app", [double, single], ids=["double", "single"])
def test_a_hundred_first_connections(app: Any) -> None:
    """All of them are answered, each with one run of the body, and the style is remembered."""
    runs: List[str] = []

    def counted_double(scope: Any) -> Any:
        runs.append(scope["path"])
        return double(scope)

    async def counted_single(scope: Any, receive: Any, send: Any) -> None:
        runs.append(scope["path"])
        await single(scope, receive, send)

    opaque = Opaque(counted_double if app is double else counted_single)
    assert classify(opaque).style is Style.UNKNOWN
    adapter = guarantee_single_callable(opaque)

    async def connect(number: int) -> List[Any]:
        sent: List[Any] = []

        async def send(message: Any) -> None:
            await asyncio.sleep(0)
            sent.append(message)

        await asyncio.sleep(0)
        await adapter(http_scope(path=f"/{number}"), None, send)
        return sent

    async def connections() -> List[List[Any]]:
        return list(await asyncio.gather(*map(connect, range(100))))

    assert asyncio.run(connections()) == [[START, BODY]] * 100
    assert sorted(runs) == sorted(f"/{number}" for number in range(100))
    assert drive_single(adapter) == [START, BODY] and len(runs) == 101


def test_an_unknown_that_takes_neither_call_is_refused_at_the_first_connection() -> None:
    neither = Opaque(lambda one, two: None)
    adapter = guarantee_single_callable(neither)
    with pytest.raises(DetectionError) as caught:
        drive_single(adapter)
    assert caught.value.reason and caught.value.remedy
    with pytest.raises(DetectionError):
        drive_double(guarantee_double_callable(neither))
    with pytest.raises(DetectionError):
        drive_single(guarantee_single_callable(mock.MagicMock(return_value=5)))


def test_nothing_is_left_unawaited() -> None:
    """Every mistake above, once more, with the garbage collector looking for coroutines."""

    async def view(request: Any) -> None: ...

    async def inner(receive: Any, send: Any) -> None: ...

    mistakes = [view, inner, lambda scope: None, lambda scope: view(scope), lambda *args: None]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for mistake in mistakes:
            for adapt, drive in (
                (double_to_single_callable, drive_single),
                (single_to_double_callable, drive_double),
            ):
                try:
                    adapted = adapt(mistake)
                except DetectionError:
                    continue
                attempt(drive, adapted)
        gc.collect()


def test_making_an_instance_does_nothing() -> None:
    """Old servers probe: an instance of the mirror may be made in a thread and never awaited (B2)."""
    calls = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        calls.append(scope)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        single_to_double_callable(application)({"type": "lifespan"})
        gc.collect()
    assert calls == []
