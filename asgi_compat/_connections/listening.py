"""Listen for the disconnect in place of an application that only sends (A31).

Most servers take what is sent to a client that has gone, and say nothing: uvicorn 0.54, hypercorn 0.18,
granian 2.8.7, and daphne 4.2.3 on a WebSocket. The disconnect is all that tells of it, and an application
that never asks does not hear it.

A request gets a `Listener` in place of the server's receive. A WebSocket keeps one event itself, which costs
no object for each that is open.
"""

from __future__ import annotations

import asyncio
from collections import deque

from .._messages.events import read_event
from .._messages.specification import DISCONNECT
from .loop import running_task
from .states import GONE
from .turns import pass_turn, take_turn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Deque, Optional, Set

    from .._types import Event
    from .http import HttpExchange
    from .websocket import WebSocketSession

    Task = asyncio.Task[None]

#: How many parts of a body, or messages, an application sends before somebody listens for it.
LISTEN_AFTER = 100
#: Seconds.
PATIENCE = 1.0

#: The tasks that listen to a WebSocket: a loop keeps weak references only.
LISTENING: Set[Task] = set()


class Listener:
    """Stands for the server's receive: asks ahead until the client has gone, and keeps what it is given.

    It keeps two events at most: of a request body that the application has not read, the first part only.
    """

    __slots__ = ("exchange", "_receive", "_kept", "_came", "_task")

    def __init__(self, exchange: HttpExchange) -> None:
        self.exchange = exchange
        self._receive = exchange._receive
        self._kept: Deque[Event] = deque()
        self._came = asyncio.Event()
        self._task: Optional[Task] = asyncio.ensure_future(self._listen())

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

    async def __call__(self) -> Event:
        """Give what has been kept, or else the next event."""
        while self._task is not None and not self._kept:
            self._came.clear()
            await self._came.wait()
        return self._kept.popleft() if self._kept else read_event(await self._receive())

    def stop(self) -> Optional[Task]:
        """End the listening, because the response is over, and return its task."""
        task = self._task
        if task is not None:
            task.cancel()
        return task


def listen(exchange: HttpExchange) -> None:
    """Begin to listen for an exchange, on asyncio only."""
    if running_task() is not None:
        exchange._receive = Listener(exchange)


def stop_listening(exchange: HttpExchange) -> Optional[Task]:
    """End the listening for an exchange, if there was any, and return its task."""
    listener = exchange._receive
    if type(listener) is not Listener:
        return None
    return listener.stop()


async def end_listening(exchange: HttpExchange) -> None:
    """End the listening, and wait until it has ended: no task outlives its connection."""
    await wait_until_ended(stop_listening(exchange))


def listen_to_websocket(session: WebSocketSession) -> None:
    """Begin to listen, on asyncio only, unless the application does, or an event is kept."""
    if (
        not session.policy.listens
        or running_task() is None
        or session.reading is not None
        or session.connect is not None
    ):
        return
    task = asyncio.ensure_future(_read_ahead(session))
    LISTENING.add(task)
    task.add_done_callback(LISTENING.discard)


async def _read_ahead(session: WebSocketSession) -> None:
    """Read one event ahead, and keep it for the application. Who asks meanwhile waits for it."""
    await take_turn(session, "reading")
    session.waiting = running_task()  # a close interrupts it (A46)
    try:
        if session.connect is None:
            session.keep(read_event(await session._receive()))
    except Exception:
        pass  # the application gets the server's error when it asks itself
    finally:
        session.waiting = None
        pass_turn(session, "reading")


async def end_websocket_listening(session: WebSocketSession) -> None:
    """End the listening, and wait until it has ended: the application has."""
    task = session.waiting
    if task in LISTENING:
        task.cancel()
        await wait_until_ended(task)


async def wait_until_ended(task: Optional[Task]) -> None:
    """Wait for a task that has been cancelled, as long as a server's receive may take to notice."""
    if task is not None and not task.done():
        await asyncio.wait([task], timeout=PATIENCE)
