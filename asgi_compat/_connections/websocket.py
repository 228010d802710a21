"""One WebSocket: what is awaited. What happens in each state stands in `websocket_states`."""

from __future__ import annotations

from .._messages import specification
from .._messages.events import read_event, snapshot
from .._messages.specification import CONNECT, LEFT, MESSAGE
from .listening import LISTEN_AFTER, end_websocket_listening, listen_to_websocket
from .loop import give_way, running_task, sleep_forever, was_our_cancellation
from .server_gaps import CODES, crash_answer, websocket_gaps
from .states import DONE, NEW, OPEN
from .turns import TAKEN, pass_turn
from .turns import wait_turn as wait_for_turn
from .unknown import resolve_event
from .websocket_forwarding import LOST, forward, on_send_error
from .websocket_states import END, WEBSOCKET, ended

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Sequence

    from .policy import Policy


class WebSocketSession:
    """One WebSocket."""

    # Each byte here counts: there may be ten thousand of these.
    __slots__ = (
        "policy", "scope", "_receive", "answer", "state", "disconnect", "connect", "waiting", "denial",
        "server_gaps", "swallowed", "turn", "reading", "sends",
    )  # fmt: skip

    def __init__(self, policy: Policy, scope: Any, receive: Any, send: Any, server_scope: Any) -> None:
        self.policy = policy
        self.scope = scope
        self._receive = receive
        self.answer = send
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
            return await self._receive_otherwise()
        # In a way that a close from another task can interrupt (A46), also before accept: Quart 0.8 asks for
        # the first message then. It stands here and not in a coroutine of its own because that would be 300
        # bytes for each WebSocket that is open.
        self.reading = TAKEN
        task = self.waiting = running_task()
        try:
            try:
                event = await self._receive()
            except BaseException as error:
                event = await self._after_our_close(task, error)
            finally:
                self.waiting = None
            return self._received(event)
        finally:
            if self.reading is TAKEN:
                self.reading = None
            else:
                pass_turn(self, "reading")

    async def _after_our_close(self, task: Any, error: BaseException) -> Any:
        """Let the close out that has cancelled the wait, and wait on; raise any other error."""
        closing = self.waiting
        if closing is task or not was_our_cancellation(task, error):
            raise error
        self.waiting = None
        await closing
        return await self._receive()

    async def _receive_otherwise(self) -> Any:
        """Give an event when it is our turn: the first, one that was read ahead, one after the end."""
        await self.wait_turn("reading")
        try:
            event, known = self.connect, self.connect is not False
            if event:
                self.connect = None
                return self._received(event, known=False)
            if self.disconnect is True:
                if self.policy.repeats:
                    await sleep_forever()
                await give_way()
            event = await self._receive()
            if self.connect is False:
                self.connect = None
            return self._received(event, known)
        finally:
            pass_turn(self, "reading")

    def _received(self, event: Any, known: bool = True) -> Any:
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

    def read(self) -> Any:
        """Ask the server for its next event."""
        return self._receive()

    def keep(self, event: Any) -> None:
        """Keep an event that was read ahead. Of a client that has gone the application is not told yet."""
        self.connect = event.copy()
        if event["type"] == LEFT:
            self.disconnect = LOST

    async def read_connect(self) -> None:
        """Read websocket.connect from the server when the application has not (A49)."""
        if not self.policy.connect_first or self.connect is not False:
            return
        await self.wait_turn("reading")
        try:
            if self.connect is False:
                event = read_event(await self._receive())
                self.connect = (self._received(event) if event["type"] == LEFT else event).copy()
        finally:
            pass_turn(self, "reading")

    # What the application says.

    async def send(self, event: Any) -> None:
        """Take the next event of the application. Several tasks are served in the order of their calls."""
        if self.turn is None:
            self.turn = TAKEN
        else:
            await wait_for_turn(self)
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
                    await self.answer(event)
                except Exception as error:
                    await on_send_error(self, error)
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

    async def wait_turn(self, slot: str = "turn") -> None:
        """Wait until it is our turn."""
        if getattr(self, slot) is None:
            setattr(self, slot, TAKEN)
        else:
            await wait_for_turn(self, slot)

    # The end.

    def pass_turn(self, slot: str) -> None:
        """Give the turn to the task that has waited longest."""
        pass_turn(self, slot)

    async def close(self, returned: Any = None) -> None:
        """Close what the application left open when it returned (A44, A45), after whatever is being sent."""
        await end_websocket_listening(self)
        if self.disconnect:
            return
        await self.wait_turn()
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
