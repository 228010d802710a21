"""Listen for the disconnect in place of an application that only sends to a WebSocket (A31).

hypercorn 0.18, granian 2.8.7 and daphne 4.2.3 take what is sent to a client that has gone, and say nothing.
"""

from __future__ import annotations

import asyncio

from .events import read_event
from .listening import LISTEN_AFTER as LISTEN_AFTER
from .listening import wait_until_ended
from .loop import running_task

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Set

#: The tasks that listen: a loop keeps weak references only.
LISTENING: Set[Any] = set()


def listen(session: Any) -> None:
    """Begin to listen (A31), on asyncio only, unless the application does, or an event is kept."""
    if (
        not session.policy.listens
        or running_task() is None
        or session.reading is not None
        or session.connect is not None
    ):
        return
    task = asyncio.ensure_future(_listen(session))
    LISTENING.add(task)
    task.add_done_callback(LISTENING.discard)


async def _listen(session: Any) -> None:
    """Read one event ahead, and keep it for the application. Who asks meanwhile waits for it."""
    await session.wait_turn("reading")
    session.waiting = running_task()  # a close interrupts it (A46)
    try:
        if session.connect is None:
            session.keep(read_event(await session.read()))
    except Exception:
        pass  # the application gets the server's error when it asks itself
    finally:
        session.waiting = None
        session.pass_turn("reading")


async def end_listening(session: Any) -> None:
    """End the listening, and wait until it has ended: the application has."""
    task = session.waiting
    if task in LISTENING:
        task.cancel()
        await wait_until_ended(task)
