"""The server's side of one conversation: ``receive`` and ``send``, and a record of every event."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any, Callable, Coroutine, Dict, List, NamedTuple, Optional, Tuple, TypeVar, cast

from asgi_compat import Message

from .client import Client
from .events import current_type, size_of, snapshot, type_of

#: How often a disconnect is repeated. Servers repeat it for as long as they are asked; an application that
#: asks this often will never stop, and blocks from then on.
DISCONNECTS = 100
#: How many late events are kept, and how many calls may wait to be awaited.
KEPT_LATE = 8
KEPT_CALLS = 512


AnyCoroutine = Coroutine[Any, Any, Any]
_Function = TypeVar("_Function", bound=Callable[..., Any])


class Limits(NamedTuple):
    """How much of a conversation is kept, and how much the client reads before it has seen enough."""

    kept_events: float = float("inf")
    kept_bytes: float = float("inf")
    seen_events: float = float("inf")
    seen_bytes: float = float("inf")


UNLIMITED = Limits()


class Step(NamedTuple):
    """One event of a conversation."""

    #: ``"receive"`` or ``"send"``: what the application called.
    call: str
    event: Any


def marked_as_coroutine_function(function: _Function) -> _Function:
    """Mark a function that returns a coroutine as asgiref does: its `async_to_sync` warns about others."""
    mark = getattr(inspect, "markcoroutinefunction", None)  # from 3.12 on
    if mark is not None:
        return cast(_Function, mark(function))
    function._is_coroutine = asyncio.coroutines._is_coroutine  # type: ignore[attr-defined]
    return function


class ScriptedServer:
    """Serve one conversation: give what the client has to say, record what the application sends.

    ``copy`` makes the copy of an event that is kept. ``pause`` is the time that the client takes to read an
    event, in seconds; ``patience`` how long it waits for a response before it leaves, None for ever.
    """

    def __init__(
        self,
        client: Client,
        *,
        copy: Callable[[object], object] = snapshot,
        limits: Limits = UNLIMITED,
        pause: float = 0.0,
        patience: Optional[float] = None,
        raising: bool = False,
    ) -> None:
        self.client = client
        self.copy = copy
        self.limits = limits
        self.pause = pause
        self.patience = patience
        #: Whether ``send`` raises OSError after the client has left, as from spec_version 2.4 on.
        self.raising = raising
        #: Every event in order, as far as the limits allow; whether that is all of them.
        self.steps: List[Step] = []
        self.has_all_steps: bool = True
        self.received: int = 0
        self.sent: int = 0
        #: How many events were sent before ``receive`` was called, None if it never was.
        self.sent_unasked: Optional[int] = None
        self.last_received: Any = None
        #: How many tasks wait in ``receive``.
        self.waiting: int = 0
        #: The client has seen more than enough.
        self.flooded: asyncio.Event = asyncio.Event()
        #: How many events were sent after the client had left.
        self.sent_after_leaving: int = 0
        #: The application has ended; what it sends from now on is late.
        self.ended = False
        self.late: List[object] = []
        self._bytes = self._kept_bytes = self._disconnects = 0
        #: An ordered set: who waited first asks the client first.
        self._waiters: Dict[asyncio.Future[None], None] = {}
        self._unawaited: Dict[object, Tuple[Step, AnyCoroutine]] = {}

    # Plain functions that return a coroutine, so that a call that is never awaited is seen.
    @marked_as_coroutine_function
    def receive(self) -> AnyCoroutine:
        """Return the next event when awaited."""
        token = object()
        return self._register(token, Step("receive", None), self._receive(token))

    @marked_as_coroutine_function
    def send(self, event: object) -> AnyCoroutine:
        """Record an event when awaited."""
        token = object()
        return self._register(token, Step("send", event), self._send(token, event))

    def _register(self, token: object, step: Step, coroutine: AnyCoroutine) -> AnyCoroutine:
        if len(self._unawaited) >= KEPT_CALLS:
            coroutine.close()
            raise RuntimeError(f"{step.call}() was called {KEPT_CALLS} times and not awaited")
        self._unawaited[token] = step, coroutine
        return coroutine

    async def _receive(self, token: object) -> Message:
        self._unawaited.pop(token, None)
        if self.sent_unasked is None:
            self.sent_unasked = self.sent
        self.waiting += 1
        try:
            await self._sleep(0)
            event = await self._next()
        finally:
            self.waiting -= 1
        self.received += 1
        self.last_received = event
        self._keep("receive", self.copy(event))
        return event

    async def _sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def _next(self) -> Message:
        while True:
            event = self.client.next() if self._disconnects < DISCONNECTS else None
            if event is not None:
                self._disconnects += self.client.told
                return event
            await self._changed()

    async def _changed(self) -> None:
        """Wait until something was sent or the client has left."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters[future] = None
        try:
            await asyncio.wait_for(future, None if self.sent else self.patience)
        except asyncio.TimeoutError:
            self.leave()
        finally:
            self._waiters.pop(future, None)

    async def _send(self, token: object, event: object) -> None:
        self._unawaited.pop(token, None)
        self.sent += 1
        if self.ended and len(self.late) < KEPT_LATE:
            self.late.append(event)
        left = self.client.left
        self.sent_after_leaving += left
        copy = self.copy(event)
        self._bytes += size_of(copy)
        self._keep("send", copy)
        self.client.take(current_type(type_of(copy), self.client.conversation.protocol), copy)
        self.wake()
        if self._has_seen_enough():
            self.flooded.set()
        await self._sleep(self.pause)
        if self.raising and left:
            raise OSError("the client has left")

    def _has_seen_enough(self) -> bool:
        if self.client.left:
            return self.sent_after_leaving > self.limits.seen_events
        return self.sent > self.limits.seen_events or self._bytes > self.limits.seen_bytes

    def _keep(self, call: str, event: object) -> None:
        size = size_of(event)
        room = len(self.steps) < self.limits.kept_events and self._kept_bytes + size <= self.limits.kept_bytes
        if self.has_all_steps and room:
            self._kept_bytes += size
            self.steps.append(Step(call, event))
        else:
            self.has_all_steps = False

    def wake(self) -> None:
        """Let every task that waits in ``receive`` ask the client again."""
        for future in self._waiters:
            if not future.done():
                future.set_result(None)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until a condition holds that something sent can make true."""
        while not condition():
            await self._changed()

    def leave(self) -> None:
        """Let the client leave."""
        self.client.leave()
        self.wake()

    def take_unawaited(self) -> List[Step]:
        """Return the calls that were never awaited, and close them so that Python does not warn."""
        found = []
        for step, coroutine in self._unawaited.values():
            if inspect.getcoroutinestate(coroutine) == inspect.CORO_CREATED:
                coroutine.close()
                found.append(step)
        self._unawaited.clear()
        return found

    def release_unawaited(self) -> None:
        """Let Python warn about the calls that were never awaited."""
        self._unawaited.clear()
