"""One HTTP request and its response: what is awaited. What happens in each state stands in `http_states`."""

from __future__ import annotations

from sys import modules

from .._errors import ClientDisconnected
from .._messages.events import end_of_body, is_head, read_event
from .._messages.lengths import ANY_LENGTH, NO_BODY, declares_no_body
from .._messages.specification import BODY, DISCONNECT, REQUEST
from .http_end import ENDINGS
from .http_receiving import receive_late
from .http_start import read_length
from .http_states import RESPONSE, find_handler, rows_of
from .listening import LISTEN_AFTER, end_listening
from .loop import bind_context, give_way
from .lost import is_of_a_closed_connection
from .server_gaps import must_be_finished
from .shell import Connection, forward, forward_one, recover
from .states import DONE, FAILED, GONE, HELD, NEW, OPEN, OTHERWISE, READ, STARTED, UNREAD
from .turns import TAKEN, pass_turn, take_turn
from .unknown import resolve_event

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contextvars import Context
    from typing import Any, List, Optional, Tuple

    from .._types import Event, Events, Receive, Repair, Scope, Send
    from .policy import Policy


class HttpExchange(Connection):
    """One request and its response."""

    __slots__ = (
        "policy", "scope", "_receive", "_send", "state", "end", "length", "pending", "heard", "swallowed",
        "turn", "held", "context", "parts",
    )  # fmt: skip

    #: Set while a start is held: the list of the sweep, and the context of the request.
    held: List[HttpExchange]
    context: Context
    #: The handlers of each state by event.
    rows = rows_of(RESPONSE)

    def __init__(
        self, policy: Policy, scope: Scope, receive: Receive, send: Send, server_scope: Scope
    ) -> None:
        self.policy = policy
        self.scope = scope
        self._receive = receive
        self._send = send
        #: NEW, HELD, STARTED, OPEN, TRAILING, DONE or FAILED.
        self.state = NEW
        #: The state after the last body: DONE, or TRAILING when the start has announced trailers.
        self.end = DONE
        #: The start that is held back; after it, in direction B, the chunk that is (B19). A copy. In FAILED
        #: the exception that the server raised.
        self.pending: Any = None
        #: UNREAD, READ or GONE.
        self.heard = UNREAD
        #: How many sends to a client that has gone have done nothing (A31, B22).
        self.swallowed = 0
        #: How many parts of a body have been sent, but for one that came with its start (`listening`).
        self.parts = 0
        #: None, TAKEN while a task sends, or the queue of tasks that wait until it is done.
        self.turn: Any = None
        #: How many bytes of body are still to come, ANY_LENGTH or NO_BODY.
        method = scope.get("method")
        self.length = NO_BODY if (method == "HEAD" if type(method) is str else is_head(scope)) else ANY_LENGTH
        if policy.keeps_context and "asgiref.sync" in modules:
            self._receive, self._send = bind_context(receive, send)

    async def receive(self) -> Event:
        """Give the next event of the client."""
        if self.heard or self.state == HELD:
            return await receive_late(self)
        event = await self._receive()
        if type(event) is not dict or type(event.get("type")) is not str:
            event = read_event(event)
        kind = event["type"]
        if kind == REQUEST:
            event = self.policy.request(event)
            more = event.get("more_body")
            if more is False or more is None:
                self.heard = READ
        elif kind == DISCONNECT:
            self.heard = GONE
        return event

    def has_no_more(self, heard: int, error: Exception) -> bool:
        """Return whether an error of the server's receive says that there is nothing more to be had."""
        return heard == GONE

    def is_lost(self) -> bool:
        """Whether the application knows that its client has gone."""
        return self.heard == GONE

    async def send(self, event: Any) -> None:
        """Take the next event of the response. Several tasks are served in the order of their calls."""
        if self.turn is not None or self.heard == GONE:
            await self._send_later(event)
            return
        state, length, pending = self.state, self.length, self.pending
        handler, function = self.policy.usual[state]
        out = handler(self, event, function)
        if out is OTHERWISE:
            out = self._take_other(event)
        if out is None:
            return  # kept: nothing is awaited, so that nobody has to wait
        self.turn = TAKEN
        try:
            for event in out:
                await self._send(event)
                if state == HELD:
                    state, pending = STARTED, None
            if not out:
                await give_way()
        except BaseException as error:
            await recover(self, error, (state, length, pending))
        finally:
            if self.turn is TAKEN:
                self.turn = None
            else:
                pass_turn(self)

    def _take_other(self, event: Any) -> Events:
        """Return what goes out for an event that is not the usual one of the state."""
        policy = self.policy
        try:
            kind = event["type"]
            function = policy.http[kind]
            handler = self.rows[self.state][kind]
            if type(kind) is not str or type(event) is not dict:
                raise TypeError
        except Exception:
            kind, function, event = resolve_event(policy, "http", event, self.scope)
            handler = find_handler(self, kind)
        return handler(self, event, function)

    def take(self, kind: Optional[str], event: Event, function: Optional[Repair]) -> Events:
        """Return what goes out for an event."""
        return find_handler(self, kind)(self, event, function)

    def restore(self, before: Tuple[Any, ...]) -> None:
        """Go back to an earlier state: what came after it has not happened."""
        self.state, self.length, self.pending = before

    def after_one(self, before: Tuple[Any, ...]) -> Tuple[Any, ...]:
        """Return the state to go back to once an event has gone out: a start comes first."""
        return max(before[0], STARTED), before[1], None

    def says_lost(self, error: Exception) -> bool:
        """Return whether an error of the server's send says that the client has gone."""
        return is_of_a_closed_connection(error) or (self.heard == GONE and isinstance(error, RuntimeError))

    async def _send_later(self, event: Any) -> None:
        """Take an event after everything that came before, or once the client has gone."""
        await take_turn(self)
        try:
            kind, function, event = resolve_event(self.policy, "http", event, self.scope)
            await self._take_and_forward(kind, event, function)
        finally:
            pass_turn(self)

    async def _take_and_forward(self, kind: Optional[str], event: Event, function: Optional[Repair]) -> None:
        before = self.state, self.length, self.pending
        await forward(self, self.take(kind, event, function), before)

    def take_start(self, start: Event) -> None:
        """Remember how long the body will be; `_messages` calls it for a start on the slow path."""
        read_length(self, start)

    async def finish_held(self) -> None:
        """Send the start that is held and the empty body that it has, unless another task has done so."""
        await take_turn(self)
        try:
            if self.state == HELD and declares_no_body(self.pending):
                await self._take_and_forward(BODY, end_of_body(), self.policy.http[BODY])
        finally:
            pass_turn(self)

    async def release(self) -> None:
        """Send the start that has been held long enough (A28, B19). A task of its own runs this."""
        await take_turn(self)
        try:
            if self.state == HELD:
                held, self.pending, self.state = self.pending, None, STARTED
                await forward_one(self, held)
        except Exception as error:
            # The next send of the application raises it.
            self.pending, self.state = error, FAILED
        finally:
            pass_turn(self)

    async def close(self, returned: object = None) -> None:
        """End what the application left open when it returned (A28), after whatever is being sent."""
        if self.parts >= LISTEN_AFTER:
            await end_listening(self)
        if self.turn is None and not self.policy.finish and (returned is None or self.state != NEW):
            return
        await take_turn(self)
        try:
            ending = ENDINGS.get(self.state)
            out = None if ending is None else ending(self, returned)
            if out:
                await forward(self, out, (self.state, self.length, self.pending))
        except ClientDisconnected:
            pass  # nobody is left to be told
        finally:
            pass_turn(self)

    async def close_after_error(self, error: BaseException, server_scope: Scope) -> None:
        """Finish what is on its way before the error goes on (A41, B40), and forget a start that is held."""
        state = self.state
        if self.parts >= LISTEN_AFTER:
            await end_listening(self)
        if state == HELD:
            self.state, self.pending = DONE, None
        if not STARTED <= state <= OPEN or not isinstance(error, Exception) or self.turn is not None:
            return
        if not must_be_finished(self.policy, server_scope):
            return
        self.state = DONE
        try:
            await forward_one(self, end_of_body())
        except Exception:
            pass  # the application's own error is the one to see
