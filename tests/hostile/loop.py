"""An event loop with a virtual clock: deterministic, without a selector, and bounded.

It does what asyncio's loops do with callbacks, timers, futures and tasks, and nothing else. Callbacks run
in the order in which they were scheduled, as they do there. When nothing is ready the clock jumps to the
next timer, so that a wait of ten seconds costs nothing.
"""

from __future__ import annotations

import asyncio
import heapq
from collections import deque
from typing import Any, Deque, Dict, List, Set, Tuple


class OutOfBudget(Exception):
    """More callbacks ran than a conversation may need: something never comes to rest."""


class VirtualLoop(asyncio.AbstractEventLoop):
    """The loop of one example."""

    def __init__(self) -> None:
        self.now = 0.0
        #: Callbacks that have run.
        self.steps = 0
        #: Passes over the ready callbacks.
        self.ticks = 0
        #: What asyncio reported to the loop: exceptions that nobody retrieved.
        self.reports: List[Dict[str, Any]] = []
        #: Every task that somebody else than `spawn` made.
        self.foreign: List[Any] = []
        #: Tasks of the driver and of the applications.
        self.own: Set[Any] = set()
        self._ready: Deque[Any] = deque()
        self._timers: List[Tuple[float, int, Any]] = []
        self._count = 0

    def time(self) -> float:
        return self.now

    def call_soon(self, callback: Any, *args: Any, context: Any = None) -> Any:
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    call_soon_threadsafe = call_soon

    def call_later(self, delay: float, callback: Any, *args: Any, context: Any = None) -> Any:
        return self.call_at(self.now + delay, callback, *args, context=context)

    def call_at(self, when: float, callback: Any, *args: Any, context: Any = None) -> Any:
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        self._count += 1
        heapq.heappush(self._timers, (when, self._count, handle))
        return handle

    def _timer_handle_cancelled(self, handle: Any) -> None:
        pass

    def create_future(self) -> Any:
        return asyncio.Future(loop=self)

    def create_task(self, coro: Any, **options: Any) -> Any:
        options = {key: value for key, value in options.items() if value is not None}
        task = asyncio.Task(coro, loop=self, **options)
        self.foreign.append(task)
        return task

    def spawn(self, coro: Any) -> Any:
        """Make a task of the driver or of an application, which is not one of the library's."""
        task = asyncio.Task(coro, loop=self)
        self.own.add(task)
        return task

    def get_debug(self) -> bool:
        return False

    def is_running(self) -> bool:
        return True

    def is_closed(self) -> bool:
        return False

    def call_exception_handler(self, context: Dict[str, Any]) -> None:
        self.reports.append(context)

    def run(self, budget: int) -> None:
        """Run until nothing is ready and no timer is left. Raises `OutOfBudget`."""
        last = self.steps + budget
        before = asyncio._get_running_loop()
        asyncio._set_running_loop(self)
        try:
            while self._ready or self._timers:
                if not self._ready:
                    when, _, handle = heapq.heappop(self._timers)
                    if handle._cancelled:
                        continue
                    self.now = max(self.now, when)
                    self._ready.append(handle)
                self.ticks += 1
                for _ in range(len(self._ready)):
                    handle = self._ready.popleft()
                    self.steps += 1
                    if not handle._cancelled:
                        handle._run()
                if self.steps > last:
                    raise OutOfBudget(f"{budget} callbacks and no end")
        finally:
            asyncio._set_running_loop(before)
