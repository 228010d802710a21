"""The order of several tasks that send or receive on one connection."""

from __future__ import annotations

import asyncio
from collections import deque

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


#: Held in a slot while somebody sends (``turn``) or receives (``reading``), and nobody waits for it.
TAKEN = "taken"


class Ticket:
    """What one task waits for until it is its turn, on asyncio or trio."""

    __slots__ = ("event",)

    def __init__(self) -> None:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            import trio  # type: ignore[import-not-found,unused-ignore]

            self.event: Any = trio.Event()
        else:
            self.event = asyncio.Event()


async def take_turn(connection: Any, slot: str = "turn") -> None:
    """Take the turn, or wait for it."""
    if getattr(connection, slot) is None:
        setattr(connection, slot, TAKEN)
    else:
        await wait_turn(connection, slot)


async def wait_turn(connection: Any, slot: str = "turn") -> None:
    """Wait until everybody who came earlier is done. Called only when the slot is not None.

    The queue is made here, so that it costs nothing while nobody has to wait. A task that is cancelled
    leaves the queue, or hands the turn on when it has just been given.
    """
    queue = getattr(connection, slot)
    if queue is TAKEN:
        queue = deque()
        setattr(connection, slot, queue)
    ticket = Ticket()
    queue.append(ticket)
    try:
        await ticket.event.wait()
    except BaseException:
        if ticket.event.is_set():
            pass_turn(connection, slot)
        else:
            queue.remove(ticket)
        raise


def pass_turn(connection: Any, slot: str = "turn") -> None:
    """Give the turn to the task that has waited longest, or to nobody."""
    queue = getattr(connection, slot)
    if queue is TAKEN or not queue:
        setattr(connection, slot, None)
    else:
        queue.popleft().event.set()
