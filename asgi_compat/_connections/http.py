"""One HTTP request and its response: what is awaited. What happens in each state stands in `http_states`."""

from __future__ import annotations

from sys import modules

from .._errors import AppMessageError, ClientDisconnected
from .._messages import specification
from .._messages.errors import message_error
from .._messages.events import split_response
from .._messages.operations.headers import content_length
from .._messages.schema import Unrepairable
from .events import BODY, DISCONNECT, REQUEST, end_of_body, is_head, read_event
from .http_states import END, RESPONSE, other, rows_of
from .lengths import ANY_LENGTH, NO_BODY, has_no_body
from .listening import LISTEN_AFTER, end_listening
from .loop import bind_context, give_way, pause, sleep_forever
from .lost import swallow
from .server_gaps import must_be_finished
from .states import DONE, FAILED, GONE, HELD, NEW, OPEN, READ, STARTED, UNREAD
from .turns import TAKEN, pass_turn, wait_turn
from .unknown import resolve_event

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Optional, Sequence, Tuple

    from .policy import Policy

#: Seconds before a server that gives the same request again is asked the next time: at first, at most.
FIRST_PAUSE, LAST_PAUSE = 0.001, 0.5


class HttpExchange:
    """One request and its response."""

    __slots__ = (
        "policy", "scope", "_receive", "_send", "state", "end", "length", "pending", "heard", "swallowed",
        "turn", "held", "context", "parts",
    )  # fmt: skip

    #: The handlers of each state by event.
    rows = rows_of(RESPONSE)

    def __init__(self, policy: Policy, scope: Any, receive: Any, send: Any, server_scope: Any) -> None:
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
        # `held` and `context` are set while a start is: the list of the sweep, the context of the request.
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

    async def receive(self) -> Any:
        """Give the next event of the client."""
        if self.heard or self.state == HELD:
            return await self._receive_late()
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

    async def _receive_late(self) -> Any:
        """Give an event while a start is held, after the request, or after the disconnect (A18, B15)."""
        if self.state == HELD and self._declares_no_body():
            # bareASGI 1.4 to 3.0 sends no body where there is none, and waits for the client to leave, who
            # waits for the start (uvicorn of 2019 sent it at once).
            await self._finish_held()
        seconds = FIRST_PAUSE
        while True:
            heard = self.heard
            event = await self._ask(heard)
            kind = event["type"]
            if kind == DISCONNECT:
                self.heard = GONE
            if kind != REQUEST:
                return event
            if heard == UNREAD or not self.policy.repeats:
                return self._heard_request(event)
            # The request again, after its last part: nginx unit, connectors, early uvicorn.
            if self.state == DONE:
                self.heard = GONE
                return {"type": DISCONNECT}
            await pause(seconds)
            seconds = min(2 * seconds, LAST_PAUSE)

    async def _ask(self, heard: int) -> Any:
        """Ask the server for an event. Wait until cancelled where it has no more and says so by an error."""
        if heard == GONE:
            # A server that repeats the disconnect at once would let nobody else run.
            await give_way()
        try:
            return read_event(await self._receive())
        except Exception as error:
            if not self.policy.repeats or not self._has_no_more(heard, error):
                raise
        await sleep_forever()

    def _heard_request(self, event: Any) -> Any:
        event = self.policy.request(event)
        more = event.get("more_body")
        if more is False or more is None:
            self.heard = max(self.heard, READ)
        return event

    def _has_no_more(self, heard: int, error: Exception) -> bool:
        """Whether an error of the server's receive says that there is nothing more to be had."""
        return heard == GONE

    def is_lost(self) -> bool:
        """Whether the application knows that its client has gone."""
        return self.heard == GONE

    async def send(self, event: Any) -> None:
        """Take the next event of the response. Several tasks are served in the order of their calls."""
        if self.turn is not None or self.heard == GONE:
            await self._send_later(event)
            return
        policy = self.policy
        try:
            kind = event["type"]
            function = policy.http[kind]
            handler: Any = self.rows[self.state][kind]
            if type(kind) is not str or type(event) is not dict:
                raise TypeError
        except Exception:
            kind, function, event = resolve_event(policy, "http", event, self.scope)
            handler = self.rows[self.state].get(kind)
        state, length, pending = self.state, self.length, self.pending
        out = self._take_other(kind, event) if handler is None else handler(self, event, function)
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
        except (OSError, RuntimeError) as error:
            await self._on_send_error(error)
        except BaseException as error:
            if not isinstance(error, Exception):
                # Cancelled: what is not yet sent has not happened, and the application may try again.
                self.state, self.length, self.pending = state, length, pending
            raise
        finally:
            if self.turn is TAKEN:
                self.turn = None
            else:
                pass_turn(self)

    def take(self, kind: Optional[str], event: Any, function: Any) -> Optional[Sequence[Any]]:
        """Return what goes out for an event."""
        handler = self.rows[self.state].get(kind)
        return self._take_other(kind, event) if handler is None else handler(self, event, function)

    def _take_other(self, kind: Optional[str], event: Any) -> Optional[Sequence[Any]]:
        """Take an event that is dropped, that is two by an earlier name, or that only the scope knows."""
        if kind is None:
            return ()
        return self._take_parts(kind, event) if kind in self.policy.plan.splits else other(self, event, None)

    def _take_parts(self, kind: str, event: Any) -> Sequence[Any]:
        """Take an event that was two (A21)."""
        policy = self.policy
        out: List[Any] = []
        for part in split_response(event, policy.plan.splits[kind].becomes):
            out += self.take(part["type"], part, policy.http[part["type"]]) or ()
        return out

    async def _send_later(self, event: Any) -> None:
        """Take an event after everything that came before, or once the client has gone."""
        await self._wait()
        try:
            kind, function, event = resolve_event(self.policy, "http", event, self.scope)
            await self._take_and_forward(kind, event, function)
        finally:
            pass_turn(self)

    async def _wait(self) -> None:
        """Wait until it is our turn."""
        if self.turn is None:
            self.turn = TAKEN
        else:
            await wait_turn(self)

    async def _take_and_forward(self, kind: Optional[str], event: Any, function: Any) -> None:
        before = self.state, self.length, self.pending
        await self.forward(self.take(kind, event, function), before)

    async def forward(self, events: Optional[Sequence[Any]], before: Tuple[int, int, Any]) -> None:
        """Send on what one event has become. If that is cancelled, what is not yet sent has not happened."""
        state, length, held = before
        if not events:
            await give_way()
            return
        for event in events:
            try:
                await self._forward_one(event)
            except Exception:
                raise
            except BaseException:
                self.state, self.length, self.pending = state, length, held
                raise
            state, held = max(state, STARTED), None

    async def _forward_one(self, event: Any) -> None:
        gone = self.heard == GONE and self.policy.swallow
        if gone and not self.policy.patience:
            await swallow(self)
        try:
            await self._send(event)
        except (OSError, RuntimeError) as error:
            await self._on_send_error(error)
        else:
            if gone:
                await swallow(self)

    async def _on_send_error(self, error: BaseException) -> None:
        """Decide about an error out of the server's send: the client has gone, or it is a real one."""
        if not self.policy.swallow or not (isinstance(error, OSError) or self.heard == GONE):
            raise error
        await swallow(self, error)

    def take_start(self, start: Any) -> None:
        """Remember how long the body of a start will be; `_messages` calls it for a start on the slow path.

        Raises `AppMessageError` for a content-length that is no number.
        """
        try:
            length = content_length(start.get("headers", ()))
        except Unrepairable as unfit:
            raise message_error(
                AppMessageError,
                None,
                start,
                "headers",
                unfit.expected,
                unfit.remedy,
                unfit.header,
                unfit.found,
            ) from None
        # Before the first start the length says it, whatever the application has done to its scope.
        head = self.length == NO_BODY if self.state == NEW else is_head(self.scope)
        self.length = NO_BODY if head or has_no_body(start["status"]) else length

    def _declares_no_body(self) -> bool:
        """Whether the start that is held says itself that the response has no body."""
        start = self.pending
        return start["status"] in specification.NO_BODY or content_length(start.get("headers", ())) == 0

    async def _finish_held(self) -> None:
        """Send the start that is held and the empty body that it has, unless another task has done so."""
        await self._wait()
        try:
            if self.state == HELD and self._declares_no_body():
                await self._take_and_forward(BODY, end_of_body(), self.policy.http[BODY])
        finally:
            pass_turn(self)

    async def release(self) -> None:
        """Send the start that has been held long enough (A28, B19). A task of its own runs this."""
        await self._wait()
        try:
            if self.state == HELD:
                held, self.pending, self.state = self.pending, None, STARTED
                await self._forward_one(held)
        except Exception as error:
            # The next send of the application raises it.
            self.pending, self.state = error, FAILED
        finally:
            pass_turn(self)

    async def close(self, returned: Any = None) -> None:
        """End what the application left open when it returned (A28), after whatever is being sent."""
        if self.parts >= LISTEN_AFTER:
            await end_listening(self)
        if self.turn is None and not self.policy.finish and (returned is None or self.state != NEW):
            return
        await self._wait()
        try:
            handler = self.rows[self.state].get(END)
            if handler is not None:
                out = handler(self, returned, None)
                if out:
                    await self.forward(out, (self.state, self.length, self.pending))
        except ClientDisconnected:
            pass  # nobody is left to be told
        finally:
            pass_turn(self)

    async def close_after_error(self, error: BaseException, server_scope: Any) -> None:
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
            await self._forward_one(end_of_body())
        except Exception:
            pass  # the application's own error is the one to see
