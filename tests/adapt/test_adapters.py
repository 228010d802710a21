"""The adapters are ordinary objects, which other detectors read as what they are."""

from __future__ import annotations

import asyncio
import copy
import gc
import inspect
import pickle
import types
import warnings
import weakref
from typing import Any, Callable

import pytest
from drive import drive_single, http_scope

from adapt.applications import (
    ADAPTERS,
    BODY,
    START,
    DoubleApp,
    SingleApp,
    anything,
    double,
    run,
    single,
)
from asgi_compat import (
    Style,
    classify,
    double_to_single_callable,
    guarantee_double_callable,
    guarantee_single_callable,
    single_to_double_callable,
    to_asgi3,
)


@pytest.mark.parametrize("make", ADAPTERS.values(), ids=list(ADAPTERS))
class TestOrdinaryObject:
    def test_adapter_runs_application(self, make: Callable[..., Any]) -> None:
        """An adapter does what it is for."""
        assert run(make()) == [START, BODY]

    def test_adapter_holds_application(self, make: Callable[..., Any]) -> None:
        """`.app` is the application and the repr names it."""
        adapter = make()
        assert callable(adapter.app)
        assert repr(adapter.app) in repr(adapter)

    def test_adapter_compares_and_hashes_by_application(self, make: Callable[..., Any]) -> None:
        """Two adapters of equal applications are equal, and nothing else is."""
        first, second = make(), make()
        assert first == second and hash(first) == hash(second) and not first != second
        assert first != first.app and first != object()
        assert len({first, second}) == 1

    def test_adapter_survives_pickle_and_copies(self, make: Callable[..., Any]) -> None:
        """Spawned workers get one by pickle; it runs there."""
        adapter = make()
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
            again = pickle.loads(pickle.dumps(adapter, protocol))
            assert again == adapter and type(again) is type(adapter) and run(again) == [START, BODY]
        for again in (copy.copy(adapter), copy.deepcopy(adapter)):
            assert again == adapter and run(again) == [START, BODY]

    def test_deep_copy_holds_copied_application(self, make: Callable[..., Any]) -> None:
        """What is called is the copy and not the original."""
        adapter = make()
        if isinstance(adapter.app, types.FunctionType):
            assert copy.deepcopy(adapter).app is adapter.app
        else:
            assert copy.deepcopy(adapter).app is not adapter.app

    def test_adapter_can_be_referenced_weakly(self, make: Callable[..., Any]) -> None:
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

    def test_adapter_is_not_bound_as_class_attribute(self, make: Callable[..., Any]) -> None:
        """A framework that keeps its application in the class body gets the application."""
        adapter = make()
        holder = type("Holder", (), {"app": adapter})
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert holder().app is adapter and holder.app is adapter  # type: ignore[attr-defined]

    def test_adapter_takes_keywords(self, make: Callable[..., Any]) -> None:
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

    def test_adapter_is_never_wrapped_twice(self, make: Callable[..., Any]) -> None:
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


def test_adapter_is_read_as_coroutine_function() -> None:
    """`inspect` sees a coroutine function with the three names, as every detector wants it."""
    adapter = double_to_single_callable(double)
    assert inspect.iscoroutinefunction(adapter)
    assert inspect.iscoroutinefunction(adapter.__call__)
    assert list(inspect.signature(adapter).parameters) == ["scope", "receive", "send"]
    assert drive_single(adapter.__call__) == drive_single(adapter.func) == [START, BODY]
    mirror = single_to_double_callable(single)
    assert not inspect.iscoroutinefunction(mirror) and not inspect.iscoroutinefunction(mirror.__call__)
    assert list(inspect.signature(mirror).parameters) == ["scope"]


@pytest.mark.parametrize(
    "name, app",
    [
        ("SingleCallable", DoubleApp("x")),
        ("DoubleCallable", SingleApp("x")),
        ("UndecidedSingleCallable", anything),
        ("UndecidedDoubleCallable", anything),
    ],
)
def test_pickle_of_version_0_1_is_read(name: str, app: Any) -> None:
    """A worker of another release finds the class where it was when `_adapt` was one module."""
    written = pickle.dumps(app, 0)[:-1]
    adapter = pickle.loads(b"casgi_compat._adapt\n%s\n(" % name.encode() + written + b"tR.")
    assert type(adapter).__name__ == name and adapter.app == app
    assert run(adapter) == [START, BODY]


async def keywords_only(*, scope: Any, receive: Any, send: Any) -> Any:
    await send({"type": "http.response.start", "status": 204, "headers": []})
    return scope


@pytest.mark.parametrize("adapt", [guarantee_single_callable, double_to_single_callable, to_asgi3])
def test_single_callable_of_keywords_is_called_by_position(adapt: Any) -> None:
    """daphne calls by keyword; everything else by position."""
    adapted, sent = adapt(keywords_only), []

    async def send(event: Any) -> None:
        sent.append(event)

    async def receive() -> Any: ...

    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    asyncio.run(adapted(scope, receive, send))
    assert sent[0]["status"] == 204
    assert adapted.app is keywords_only and classify(adapted).style is Style.SINGLE
    assert adapt(adapted) is adapted
    asyncio.run(adapted(scope=scope, receive=receive, send=send))
    asyncio.run(guarantee_double_callable(adapted)(scope)(receive, send))
    assert len([event for event in sent if event["type"] == "http.response.start"]) == 3
    assert pickle.loads(pickle.dumps(adapted)) == adapted
