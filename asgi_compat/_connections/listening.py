"""Listen for the disconnect in place of an application that only sends (A31).

Most servers take what is sent to a client that has gone, and say nothing: uvicorn 0.54, hypercorn 0.18 and
granian 2.8. The disconnect is all that tells of it, and an application that never asks does not hear it.
"""

from __future__ import annotations

import asyncio
from collections import deque

from .events import DISCONNECT, read_event
from .states import GONE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: How many parts of a body an application sends before somebody listens for it.
LISTEN_AFTER = 100
#: Seconds.
PATIENCE = 1.0


class Listener:
    """Stands for the server's receive: asks ahead until the client has gone, and keeps what it is given.

    It keeps two events at most: of a request body that the application has not read, the first part only.
    """

    __slots__ = ("exchange", "_receive", "_kept", "_came", "_task")

    def __init__(self, exchange: Any) -> None:
        self.exchange = exchange
        self._receive = exchange._receive
        self._kept: Any = deque()
        self._came = asyncio.Event()
        self._task: Any = asyncio.ensure_future(self._listen())

    async def _listen(self) -> None:
        try:
            more = False
            while not more:
                event = read_event(await self._receive())
                self._kept.append(event)
                self._came.set()
                if event["type"] == DISCONNECT:
                    self.exchange.heard = GONE
                    return
                more = bool(event.get("more_body"))
        except Exception:
            pass  # the application gets the server's error when it asks itself
        finally:
            self._task = None
            self._came.set()

    async def __call__(self) -> Any:
        """Give what has been kept, or else the next event."""
        while self._task is not None and not self._kept:
            self._came.clear()
            await self._came.wait()
        return self._kept.popleft() if self._kept else await self._receive()

    def stop(self) -> None:
        """End the listening: the response is over."""
        if self._task is not None:
            self._task.cancel()


def listen(exchange: Any) -> None:
    """Begin to listen for an exchange, on asyncio only."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    exchange._receive = Listener(exchange)


def stop_listening(exchange: Any) -> None:
    """End the listening for an exchange, if there was any."""
    if type(exchange._receive) is Listener:
        exchange._receive.stop()


async def end_listening(exchange: Any) -> None:
    """End the listening, and wait until it has ended: no task outlives its connection."""
    if type(exchange._receive) is Listener:
        exchange._receive.stop()
        await wait_until_ended(exchange._receive._task)


async def wait_until_ended(task: Any) -> None:
    """Wait for a task that has been cancelled, as long as a server's receive may take to notice."""
    if task is not None and not task.done():
        await asyncio.wait([task], timeout=PATIENCE)
