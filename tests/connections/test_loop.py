"""Threads, pauses and waits on asyncio and on another event loop."""

from __future__ import annotations

import asyncio
import sys
import threading
import types
from contextvars import ContextVar
from typing import Any, List

import pytest

from asgi_compat._connections.loop import give_way, pause, run_in_thread, running_task, sleep_forever

NAME = ContextVar("NAME", default="nobody")


def drive(coroutine: Any) -> Any:
    """Run a coroutine without an event loop of asyncio, as trio does."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    raise AssertionError("it waits")


@pytest.fixture
def trio(monkeypatch: pytest.MonkeyPatch) -> List[Any]:
    """Stand for trio, and note what is asked of it."""
    asked: List[Any] = []

    def noting(name: str) -> Any:
        async def asked_for(*arguments: Any) -> Any:
            asked.append((name, *arguments))
            return name

        return asked_for

    fake = types.SimpleNamespace(
        sleep=noting("sleep"),
        sleep_forever=noting("sleep_forever"),
        to_thread=types.SimpleNamespace(run_sync=noting("run_sync")),
        lowlevel=types.SimpleNamespace(checkpoint=noting("checkpoint")),
    )
    monkeypatch.setitem(sys.modules, "trio", fake)
    return asked


def test_run_in_thread_on_asyncio_is_another_thread_in_the_same_context() -> None:
    async def main() -> Any:
        NAME.set("somebody")
        return await run_in_thread(lambda: (threading.get_ident(), NAME.get()))

    pytest.importorskip("asgiref")
    thread, name = asyncio.run(main())
    assert thread != threading.get_ident() and name == "somebody"


def test_run_in_thread_passes_what_the_function_raises() -> None:
    def fails() -> None:
        raise KeyError("mine")

    pytest.importorskip("asgiref")
    with pytest.raises(KeyError, match="mine"):
        asyncio.run(run_in_thread(fails))


def test_loop_of_trio_is_asked_where_asyncio_does_not_run(trio: List[Any]) -> None:
    assert running_task() is None
    assert drive(run_in_thread(print)) == "run_sync"
    drive(sleep_forever())
    drive(pause(0.5))
    drive(give_way())
    assert trio == [("run_sync", print), ("sleep_forever",), ("sleep", 0.5), ("checkpoint",)]


def test_sleep_forever_on_asyncio_ends_with_its_cancellation() -> None:
    async def main() -> None:
        task = asyncio.ensure_future(sleep_forever())
        await pause(0)
        await give_way()
        assert not task.done()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
