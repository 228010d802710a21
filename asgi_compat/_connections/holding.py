"""Starts that are held back go out when no body follows them soon (A28, B19).

One sweep a loop, which runs only while something is held. There is no timer for each request: that would be
1.2 us for each of them, and nearly all are followed by their body at once.
"""

from __future__ import annotations

import asyncio
from contextvars import copy_context

from .states import HELD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List

#: Seconds between two sweeps. What is held waits for the second that comes: 20 to 40 ms.
INTERVAL = 0.02

#: What has been held on each loop since its last sweep. A loop on which nothing is held is not here.
SWEEPS: Dict[Any, List[Any]] = {}


class Sweep:
    """What is held on one loop: since the last round, and since the one before it."""

    __slots__ = ("loop", "fresh", "old")

    def __init__(self, loop: Any) -> None:
        self.loop = loop
        self.fresh: List[Any] = []
        self.old: List[Any] = []
        loop.call_later(INTERVAL, self.run)

    def run(self) -> None:
        """Release what was already held in the last round."""
        due, self.old = self.old, self.fresh
        SWEEPS[self.loop] = self.fresh = []
        for exchange in due:
            if exchange.state == HELD:
                # In the context of the request (A51). A task copies the one in which it is made.
                exchange.context.run(self._release, exchange)
        if self.old:
            self.loop.call_later(INTERVAL, self.run)
        else:
            SWEEPS.pop(self.loop, None)

    def _release(self, exchange: Any) -> None:
        task = self.loop.create_task(exchange.release())
        RELEASING.add(task)
        task.add_done_callback(RELEASING.discard)


#: Tasks that write a start: a loop keeps weak references only.
RELEASING: Any = set()


def watch(exchange: Any) -> bool:
    """Let the start of an exchange go out soon. Return False where that cannot be: on trio."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return False
    fresh = SWEEPS.get(loop)
    if fresh is None:
        fresh = make_sweep(loop)
    fresh.append(exchange)
    exchange.held = fresh
    exchange.context = copy_context()
    return True


def make_sweep(loop: Any) -> List[Any]:
    """Start the sweep of a loop, and forget those of loops that were closed before their last round."""
    for other in list(SWEEPS):
        if other.is_closed():
            SWEEPS.pop(other, None)
    fresh = SWEEPS[loop] = Sweep(loop).fresh
    return fresh
