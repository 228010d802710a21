"""An event loop that ends, and a watchdog for what blocks it."""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, Callable, Coroutine, Iterator, Optional

from .ending import GRACE, Blocked

#: Seconds between two looks at the loop: from inside, and by the signal.
TICK = 0.05
ALARM = 0.25


class LoopMonitor:
    """Measure how long an event loop was blocked."""

    def __init__(self) -> None:
        #: When the loop was last seen to run, 0.0 before it was.
        self.tick: float = 0.0
        #: The longest time that it was blocked since `reset`, in seconds.
        self.lag: float = 0.0

    async def run(self) -> None:
        """Look at the loop until cancelled."""
        while True:
            self.tick = time.monotonic()
            await asyncio.sleep(TICK)
            self.lag = max(self.lag, time.monotonic() - self.tick - TICK)

    def reset(self) -> None:
        """Forget what was measured."""
        self.lag = 0.0


@contextmanager
def interrupting(monitor: LoopMonitor, seconds: float) -> Iterator[None]:
    """Raise `Blocked` into whatever blocks the loop for longer than ``seconds``.

    By SIGALRM, so only in the main thread and on Unix. Elsewhere nothing can be done about it.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    stuck = 0.0

    def on_alarm(number: int, frame: Optional[FrameType]) -> None:
        nonlocal stuck
        tick = monitor.tick
        if not tick or time.monotonic() - tick < seconds:
            stuck = 0.0
        elif stuck != tick:
            # Look once more: a machine that was suspended is not an application that blocks.
            stuck = tick
        else:
            raise Blocked

    before = signal.signal(signal.SIGALRM, on_alarm)
    signal.setitimer(signal.ITIMER_REAL, ALARM, ALARM)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def run_to_end(main: Coroutine[Any, Any, None], on_escaped: Callable[[BaseException], None]) -> None:
    """Run a coroutine on an event loop of its own.

    Other than `asyncio.run` this does not wait for a task that ignores cancellation. ``on_escaped`` gets each
    SystemExit or `Blocked` that left a task of the application: the loop stops for it, and goes on.
    """
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    task = loop.create_task(main)
    try:
        while not task.done():
            try:
                loop.run_until_complete(task)
            except (SystemExit, Blocked) as error:
                if task.done():
                    raise
                on_escaped(error)
        loop.run_until_complete(asyncio.wait_for(loop.shutdown_asyncgens(), GRACE))
    finally:
        if not task.done():  # Ctrl-C
            task.cancel()
            with suppress(asyncio.CancelledError):
                loop.run_until_complete(task)
        # Silence "Task was destroyed but it is pending" for tasks that could not be cancelled.
        loop.set_exception_handler(lambda loop, context: None)
        asyncio.set_event_loop(None)
        loop.close()
