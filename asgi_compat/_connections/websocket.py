"""One WebSocket: what is awaited. What happens in each state stands in `websocket_states`."""

from __future__ import annotations

import asyncio

from .._messages import specification
from .._messages.events import read_event, snapshot
from .._messages.specification import CLOSE, CONNECT, LEFT, MESSAGE
from .listening import LISTEN_AFTER, end_websocket_listening, listen_to_websocket
from .loop import give_way, running_task
from .lost import is_of_a_closed_connection
from .server_gaps import CODES, crash_answer, websocket_gaps
from .shell import Connection, forward, pass_over
from .states import DONE, NEW, OPEN
from .turns import TAKEN, pass_turn, take_turn, wait_turn
from .unknown import resolve_event
from .websocket_receiving import receive_again, receive_late
from .websocket_states import END, WEBSOCKET, ended

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional, Sequence

    from .._types import Event
    from .policy import Policy
    from .shell import Memory

#: The server refused an event because the client has gone; websocket.disconnect is still to come.
LOST = "lost"


class WebSocketSession(Connection):
    """One WebSocket."""

    # Each byte here counts: there may be ten thousand of these.
    __slots__ = (
        "policy", "scope", "_receive", "_send", "state", "disconnect", "connect", "waiting", "denial",
        "server_gaps", "swallowed", "turn", "reading", "sends",
    )  # fmt: skip

    def __init__(self, policy: Policy, scope: Any, receive: Any, send: Any, server_scope: Any) -> None:
        self.policy = policy
        self.scope = scope
        self._receive = receive
        self._send = send
        self.state = NEW
        #: True once the application has been told that the client has gone, LOST when only we know.
        self.disconnect: Any = False
        #: What was read before the application asked for it, usually websocket.connect (A49); False
        #: until anything has been read, None when there is nothing to hand out.
        self.connect: Any = False
        #: The task that waits on the server in receive, or what it waits for meanwhile (A46).
        self.waiting: Any = None
        #: The denial response that is on its way.
        self.denial: Any = None
        #: What the server cannot do.
        self.server_gaps = websocket_gaps(policy, server_scope)
        #: How many sends to a client that has gone have done nothing.
        self.swallowed = 0
        #: As in `HttpExchange`, for those that send and for those that receive.
        self.turn: Any = None
        self.reading: Any = None
        #: How many messages have been sent since the application last got an event.
        self.sends = 0

    # What the client says.

    async def receive(self) -> Any:
        """Give the next event of the client. Several tasks are served in the order of their calls."""
        if self.reading is not None or self.connect is not None or self.disconnect or self.state == DONE:
            return await receive_late(self)
        # In a way that a close from another task can interrupt (A46), also before accept: Quart 0.8 asks for
        # the first message then. It stands here and not in a coroutine of its own because that would be 300
        # bytes for each WebSocket that is open.
        self.reading = TAKEN
        task = self.waiting = running_task()
        try:
            try:
                event = await self._receive()
            except BaseException as error:
                event = await receive_again(self, task, error)
            finally:
                self.waiting = None
            return self.hear(event)
        finally:
            if self.reading is TAKEN:
                self.reading = None
            else:
                pass_turn(self, "reading")

    def hear(self, event: Any, known: bool = True) -> Any:
        """Hand out an event of the server; ``known``: connect has come. `receive` has a frame that waits."""
        if type(event) is not dict or type(event.get("type")) is not str:
            event = read_event(event)
        self.sends = 0
        kind = event["type"]
        if kind == CONNECT and known and self.state == DONE and self.policy.connects_once:
            # granian 1.6.4 gives it again after a refusal, and one that answers it keeps a worker busy.
            event, kind = {"type": LEFT, "code": specification.NO_CODE, "reason": ""}, LEFT
        if kind == LEFT:
            self.disconnect = True
        function = self.policy.received.get(kind)
        return event if function is None else function(event)

    def keep(self, event: Any) -> None:
        """Keep an event that was read ahead. Of a client that has gone the application is not told yet."""
        self.connect = event.copy()
        if event["type"] == LEFT:
            self.disconnect = LOST

    async def make_ready(self) -> None:
        """Read websocket.connect from the server when the application has not (A49)."""
        if not self.policy.connect_first or self.connect is not False:
            return
        await take_turn(self, "reading")
        try:
            if self.connect is False:
                event = read_event(await self._receive())
                self.connect = (self.hear(event) if event["type"] == LEFT else event).copy()
        finally:
            pass_turn(self, "reading")

    # What the application says.

    async def send(self, event: Any) -> None:
        """Take the next event of the application. Several tasks are served in the order of their calls."""
        if self.turn is None:
            self.turn = TAKEN
        else:
            await wait_turn(self)
        try:
            try:
                kind = event["type"]
                function = self.policy.websocket[kind]
                if type(kind) is not str or type(event) is not dict:
                    raise TypeError
            except Exception:
                kind, function, event = resolve_event(self.policy, "websocket", event, self.scope)
            if kind == MESSAGE and self.state == OPEN and not self.disconnect:
                event = function(event, self)
                if event is None:
                    await give_way()
                    return
                self.sends += 1
                if self.sends == LISTEN_AFTER:
                    listen_to_websocket(self)
                try:
                    await self._send(event)
                except Exception as error:
                    await pass_over(self, error)
            else:
                await self._take(kind, event, function)
        finally:
            if self.turn is TAKEN:
                self.turn = None
            else:
                pass_turn(self)

    async def _take(self, kind: Any, event: Any, function: Any) -> None:
        """Take an event when it is our turn."""
        before = self.state, self.denial
        if function is None and kind != END:
            out: Sequence[Any] = () if kind is None else (event,)  # dropped, or known to the scope only
        else:
            handler = WEBSOCKET.get((self.state, kind))
            out = () if handler is None else handler(self, event, function)
        await forward(self, out, before)

    # What the shell asks.

    def is_lost(self) -> bool:
        """Return whether the client has gone."""
        return bool(self.disconnect)

    def says_lost(self, error: Exception) -> bool:
        """Return whether an error of the server's send says that the client has gone."""
        library = (
            type(error).__name__ in specification.GONE_ERRORS
            and self.policy.plan.direction == specification.B
        )
        runtime = isinstance(error, RuntimeError) and (self.is_lost() or self.state == DONE)
        return is_of_a_closed_connection(error) or runtime or library

    def lose(self) -> None:
        """Remember that the client has gone; websocket.disconnect is still to come."""
        if self.state != DONE:
            self.disconnect = self.disconnect or LOST

    def restore(self, before: Memory) -> None:
        """Go back to an earlier state: what came after it has not happened."""
        self.state, self.denial = before

    def after_one(self, before: Memory) -> Memory:
        """Return the state to go back to once an event has gone out: what answers comes first."""
        state, denial = before
        if state == NEW:
            return self.state, denial
        return state, denial and denial._replace(start=None)

    def interrupt(self, event: Event) -> Optional[asyncio.Future[None]]:
        """Cancel a receive that waits on the server: granian holds a close back for it (A46)."""
        task = self.waiting
        if event["type"] != CLOSE or task is None or not self.policy.cancels or task is running_task():
            return None
        sent: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.waiting = sent
        task.cancel()
        return sent

    # The end.

    async def close(self, returned: Any = None) -> None:
        """Close what the application left open when it returned (A44, A45), after whatever is being sent."""
        await end_websocket_listening(self)
        if self.disconnect:
            return
        await take_turn(self)
        try:
            if not self.disconnect and self.state != DONE:
                await self._take(END, returned, None)
        finally:
            pass_turn(self)

    async def close_after_error(self, error: BaseException, server_scope: Any) -> None:
        """Answer before the error goes on: servers close with 1005, 1006 or 1011, or do not (A44, A45)."""
        await end_websocket_listening(self)
        if self.disconnect or self.state == DONE or not isinstance(error, Exception) or self.turn is not None:
            return
        self.turn = TAKEN
        before = self.state, self.denial
        try:
            events = self._answer_crash(server_scope)
            if events:
                self.state, self.denial = DONE, None
                await forward(self, events, before)
        except Exception:
            pass  # the application's own error is the one to see
        finally:
            pass_turn(self)

    def _answer_crash(self, server_scope: Any) -> Sequence[Any]:
        """Return what goes out for an exception of the application."""
        if self.state == OPEN:
            # daphne does this one itself, and refuses the code from others.
            closes = self.policy.closes_after and CODES not in self.server_gaps
            return ended(self, specification.CRASH_CODE) if closes else ()
        if not self.policy.closes_before or (self.denial is not None and self.denial.start is None):
            return ()  # of a denial response whose start is out the end is the server's
        return [snapshot(event) for event in crash_answer(self.policy, server_scope)]
