"""The loop ends, and what blocks it is stopped."""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from typing import Any, List

import pytest

from asgi_compat._harness import loop
from asgi_compat._harness.ending import Blocked
from asgi_compat._harness.loop import LoopMonitor, interrupting, run_to_end


@pytest.fixture(autouse=True)
def frequent_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "TICK", 0.01)
    monkeypatch.setattr(loop, "ALARM", 0.03)


async def monitored(block: float) -> LoopMonitor:
    monitor = LoopMonitor()
    task = asyncio.ensure_future(monitor.run())
    await asyncio.sleep(0.02)
    time.sleep(block)
    await asyncio.sleep(0.02)
    task.cancel()
    return monitor


def test_monitor_measures_how_long_the_loop_was_blocked() -> None:
    """Until it is reset."""
    monitor = asyncio.run(monitored(0.1))
    assert 0.05 < monitor.lag < 5
    monitor.reset()
    assert monitor.lag == 0.0


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs signal.setitimer")
def test_interrupting_blocked_loop_raises_into_it() -> None:
    """And the signal's handler is what it was before."""
    before = signal.getsignal(signal.SIGALRM)
    monitor = LoopMonitor()
    stopped: List[str] = []

    async def main() -> None:
        task = asyncio.ensure_future(monitor.run())
        await asyncio.sleep(0.02)
        try:
            while True:
                pass
        except Blocked as error:
            stopped.append(str(error))
        task.cancel()

    with interrupting(monitor, 0.1):
        asyncio.run(main())
    assert stopped == ["it blocked the event loop"]
    assert signal.getsignal(signal.SIGALRM) is before and signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_interrupting_in_a_thread_does_nothing() -> None:
    """There are no signals."""
    entered: List[bool] = []

    def run() -> None:
        with interrupting(LoopMonitor(), 0.1):
            entered.append(True)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(10)
    assert entered == [True]


def test_run_to_end_exit_in_another_task_does_not_stop_it() -> None:
    """It is handed on."""
    error = SystemExit(3)
    escaped: List[BaseException] = []
    done: List[bool] = []

    async def fails() -> None:
        raise error

    async def main() -> None:
        task = asyncio.ensure_future(fails())
        await asyncio.wait({task})
        task.exception()
        done.append(True)

    run_to_end(main(), escaped.append)
    assert escaped == [error] and done == [True]


def test_run_to_end_does_not_wait_for_other_tasks() -> None:
    """asyncio.run would wait for one that ignores its cancellation."""
    tasks: List[Any] = []

    async def goes_on() -> None:
        await asyncio.sleep(60)

    async def main() -> None:
        tasks.append(asyncio.ensure_future(goes_on()))
        await asyncio.sleep(0)

    run_to_end(main(), print)
    assert not tasks[0].done()
    tasks[0].get_coro().close()
