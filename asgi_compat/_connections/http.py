"""One HTTP request and its response."""

from __future__ import annotations

from sys import modules

from .._errors import AppMessageError, ClientDisconnected
from .._messages import specification
from .._messages.errors import message_error
from .._messages.events import announced, split_response
from .._messages.operations.headers import content_length
from .._messages.schema import Unrepairable
from .events import (
    AFTER_THE_END,
    BODY,
    START,
    end_of_body,
    is_head,
    out_of_order,
    read_event,
    read_flag,
    snapshot,
)
from .lengths import ANY_LENGTH, NO_BODY, count_left, file_size, mismatch, without_length
from .loop import bind_context, give_way
from .lost import swallow
from .server_gaps import is_of_daphne
from .states import DONE, HELD, NEW, OPEN, STARTED, TRAILING
from .turns import TAKEN, pass_turn, wait_turn
from .unknown import resolve_event

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

    from .policy import Policy


#: Where in a response the events of extensions may come, as states. A push and an early hint also
#: before the start: frameworks send them there (Starlette), and servers take them (hypercorn).
PLACES = {
    specification.ZERO_COPY: (HELD, STARTED, OPEN),
    specification.PATH_SEND: (HELD, STARTED),
    specification.TRAILERS: (TRAILING,),
    specification.PUSH: (NEW, HELD, STARTED, OPEN),
    specification.EARLY_HINT: (NEW, HELD, STARTED, OPEN),
    specification.DEBUG: (NEW,),
}

ASIDE = (specification.PUSH, specification.EARLY_HINT, specification.DEBUG)


class HttpExchange:
    """One request and its response."""

    __slots__ = (
        "policy",
        "scope",
        "_receive",
        "_send",
        "state",
        "end",
        "length",
        "pending",
        "disconnect",
        "swallowed",
        "turn",
    )

    def __init__(self, policy: Policy, scope: Any, receive: Any, send: Any, server_scope: Any) -> None:
        self.policy = policy
        self.scope = scope
        self._receive = receive
        self._send = send
        #: NEW, HELD, STARTED, OPEN, TRAILING or DONE.
        self.state = NEW
        #: The state after the last body: DONE, or TRAILING when the start has announced trailers.
        self.end = DONE
        #: How many bytes of body are still to come, ANY_LENGTH or NO_BODY.
        self.length = ANY_LENGTH
        #: The start that is held back; after it, in direction B, the chunk that is (B19). A copy.
        #: `disconnect` is a copy of the disconnect, once it has been received. `turn` is None, TAKEN while a
        #: task sends, or the queue of tasks that wait until it is done.
        self.pending: Any = None
        self.disconnect: Any = None
        self.turn: Any = None
        #: How many sends to a client that has gone have done nothing (A31, B22).
        self.swallowed = 0
        method = scope.get("method")
        if (method == "HEAD" if type(method) is str else is_head(scope)) and policy.bodiless:
            self.length = NO_BODY
        if policy.keeps_context and "asgiref.sync" in modules:
            self._receive, self._send = bind_context(receive, send)

    async def receive(self) -> Any:
        """Give the next event of the client."""
        policy = self.policy
        if self.disconnect is not None and policy.repeats:
            await give_way()
            return self.disconnect.copy()
        if self.state == HELD and self._declares_no_body():
            # bareASGI 1.4 to 3.0 sends no body where there is none, and waits for the client to leave, who
            # waits for the start (uvicorn of 2019 sent it at once).
            await self._release()
        event = await self._receive()
        if type(event) is not dict or type(event.get("type")) is not str:
            event = read_event(event)
        kind = event["type"]
        if kind == "http.request":
            return policy.request(event)
        if kind == "http.disconnect":
            self.disconnect = event.copy()
        return event

    async def send(self, event: Any) -> None:
        """Take the next event of the response. Several tasks are served in the order of their calls."""
        if self.turn is not None or self.disconnect is not None:
            await self._send_later(event)
            return
        policy = self.policy
        try:
            kind = event["type"]
            function = policy.http[kind]
            if type(kind) is not str or type(event) is not dict:
                raise TypeError
        except Exception:
            kind, function, event = resolve_event(policy, "http", event, self.scope)
        state = self.state
        if kind == BODY and HELD <= state <= OPEN and not policy.no_empty:
            event = function(event, self)
            length, held = self.length, self.pending
            more = event["more_body"]
            if length != ANY_LENGTH:
                if length == len(event["body"]) and not more:
                    self.length = 0
                else:
                    event = self._check_length(event)
            self.state = OPEN if more else self.end
            self.turn = TAKEN
            try:
                if state == HELD:
                    # The application can change its own while the start is being written.
                    event = event.copy()
                    self.pending = None
                    await self._send(held)
                    state, held = STARTED, None
                await self._send(event)
            except (OSError, RuntimeError) as error:
                await self._on_send_error(error)
            except BaseException as error:
                if not isinstance(error, Exception):
                    # Cancelled: this one has not happened, and the application may try again.
                    self.state, self.length, self.pending = state, length, held
                raise
            finally:
                if self.turn is TAKEN:
                    self.turn = None
                else:
                    pass_turn(self)
        elif kind == START and state == NEW and policy.hold:
            # Nothing is awaited, so that nobody has to wait.
            event = function(event, self)
            if self.length == NO_BODY:
                event = without_length(event)
            if len(event) == 3 and type(event["headers"]) is list:
                self.pending = held = event.copy()
                held["headers"] = held["headers"][:]
            else:
                self._expect_trailers(event)
                self.pending = snapshot(event)
            self.state = HELD
        else:
            self.turn = TAKEN
            try:
                await self._take(kind, function, event)
            finally:
                pass_turn(self)

    async def _send_later(self, event: Any) -> None:
        """Take an event after everything that came before, or once the client has gone."""
        if self.turn is None:
            self.turn = TAKEN
        else:
            await wait_turn(self)
        try:
            policy = self.policy
            kind, function, event = resolve_event(policy, "http", event, self.scope)
            await self._take(kind, function, event)
        finally:
            pass_turn(self)

    async def _take(self, kind: Optional[str], function: Any, event: Any) -> None:
        """Take an event when it is our turn: whatever `send` does not do itself because it is usual."""
        policy = self.policy
        if kind is None:
            await give_way()
        elif kind == START:
            await self._start(event, function)
        elif kind == BODY:
            await self._body(event, function)
        elif kind in policy.plan.splits:
            for part in split_response(event, policy.plan.splits[kind].becomes):
                await self._take(part["type"], policy.http[part["type"]], part)
        else:
            await self._extension(kind, event, function)

    async def _start(self, event: Any, function: Any) -> None:
        policy, before = self.policy, (self.state, self.length, self.pending)
        state = self.state
        if state >= TRAILING and policy.ended:
            await give_way()
            return
        if state >= TRAILING:
            raise out_of_order(event, AFTER_THE_END)
        if state > HELD:
            second = "A28" if "A28" in policy.plan.rules else None
            raise out_of_order(event, "comes a second time, and the first is already on its way", second)
        try:
            event = function(event, self)
            if self.length == NO_BODY:
                event = without_length(event)
            if state == HELD:
                policy.plan.report(AppMessageError, policy.hold, self.pending, event, None, None)
        except BaseException:
            self.length = before[1]
            raise
        event = snapshot(event)
        self._expect_trailers(event)
        if policy.hold:
            self.state, self.pending = HELD, event
            await give_way()
            return
        self.state = STARTED
        await self._forward([event], before)

    async def _body(self, event: Any, function: Any) -> None:
        policy, state = self.policy, self.state
        if state >= TRAILING and policy.ended:
            await give_way()
            return
        if not HELD <= state <= OPEN:
            raise out_of_order(event, "comes before http.response.start" if state == NEW else AFTER_THE_END)
        event = function(event, self)
        before = (state, self.length, self.pending)
        if self.length != ANY_LENGTH:
            event = self._check_length(event)
        if policy.no_empty:
            out = self._old_body(event)
        else:
            out = [event] if state != HELD else [self.pending, event.copy()]
            self.pending = None
        self.state = OPEN if event["more_body"] else self.end
        await self._forward(out, before)

    async def _forward(self, events: Any, before: Any) -> None:
        """Send on what one event has become. If that is cancelled, what is not yet sent has not happened."""
        state, length, held = before
        if not events:
            await give_way()
        for event in events:
            try:
                await self._forward_one(event)
            except Exception:
                raise
            except BaseException:
                self.state, self.length, self.pending = state, length, held
                raise
            state, held = max(state, STARTED), None

    def take_start(self, start: Any) -> None:
        """Remember how long the body of a start will be; `_messages` calls it for a start on the slow path.

        Raises `AppMessageError` for a content-length that is no number.
        """
        try:
            length = content_length(start.get("headers", ()))
        except Unrepairable as unfit:
            raise message_error(
                AppMessageError, None, start, "headers", unfit.expected, unfit.why, unfit.header
            ) from None
        # Before the first start the length says it, whatever the application has done to its scope.
        head = self.length == NO_BODY if self.state == NEW else is_head(self.scope)
        bodiless = head or start["status"] in specification.NO_BODY
        self.length = NO_BODY if self.policy.bodiless and bodiless else length

    def _expect_trailers(self, start: Any) -> None:
        """Remember whether the response ends with its trailers: the start says so, and the server can."""
        expected = start.get("trailers") and announced(specification.TRAILERS, self.scope)
        self.end = TRAILING if expected else DONE

    def _declares_no_body(self) -> bool:
        """Whether the start that is held says itself that the response has no body."""
        start = self.pending
        return start["status"] in specification.NO_BODY or content_length(start.get("headers", ())) == 0

    async def _release(self) -> None:
        """Send the start that is held and the empty body that it has, unless another task has done so."""
        if self.turn is None:
            self.turn = TAKEN
        else:
            await wait_turn(self)
        try:
            if self.state == HELD and self._declares_no_body():
                await self._take(BODY, self.policy.http[BODY], end_of_body())
        finally:
            pass_turn(self)

    def _check_length(self, event: Any) -> Any:
        """Hold the body against what the start promised. Raises before anything goes out."""
        body, more = event["body"], event["more_body"]
        if self.length == NO_BODY:
            return self._without_body(event, more) if body else event
        left = self.length - len(body)
        if left < 0 or (left and not more):
            count_left(self.length, event, len(body), more)  # raises
        self.length = left
        return event

    def _without_body(self, event: Any, more: bool) -> Any:
        """Make the empty body that goes out in place of one that may not be (A29, B20)."""
        after = {**end_of_body(), "more_body": more} if event["type"] != BODY else {**event, "body": b""}
        if not is_head(self.scope):
            self.policy.plan.report(AppMessageError, self.policy.bodiless, event, after, "body", None)
        return after

    def _old_body(self, event: Any) -> Any:
        """Give what an old server gets: no empty chunk in the middle, no empty end if that can be (B19)."""
        body, more = event["body"], event["more_body"]
        out, held = [], self.pending
        self.pending = None
        if self.state == HELD:
            if not body and not more and self.length == ANY_LENGTH:
                held = {**held, "headers": [*held["headers"], (specification.LENGTH_HEADER, b"0")]}
            out.append(held)
            held = None
        if more and not body:
            self.pending = held
            return out
        if self.policy.hold_chunk:
            if held is not None and not more and not body:
                event = {**held, "more_body": False}
            elif held is not None:
                out.append(held)
            if more:
                self.pending = event.copy()
                return out
        out.append(event.copy() if out else event)
        return out

    async def _extension(self, kind: str, event: Any, function: Any) -> None:
        """Take an event of an extension: only where it may come, and files are bodies."""
        _policy, state = self.policy, self.state
        places = PLACES.get(kind)
        if places is not None and state not in places:
            self._refuse_extension(kind, event)
            await give_way()
            return
        if function is not None:
            event = function(event, self)
        event = snapshot(event) if type(event) is dict else snapshot(dict(event))
        if kind in ASIDE:
            await self._forward_one(event)
            return
        before, after = (state, self.length, self.pending), state
        if kind in (specification.ZERO_COPY, specification.PATH_SEND):
            event, after = self._file(kind, event)
        elif kind == specification.TRAILERS:
            after = TRAILING if read_flag(event, "more_trailers") else DONE
        elif state == HELD:
            after = STARTED
        out = [event] if self.pending is None else [self.pending, event]
        self.state, self.pending = after, None
        await self._forward(out, before)

    def _file(self, kind: str, event: Any) -> Any:
        """Count a file that is the body or a part of it; give (what goes out, the state after it)."""
        more = kind == specification.ZERO_COPY and read_flag(event, "more_body")
        if self.length == NO_BODY:
            event = self._without_body(event, more)
        elif self.length != ANY_LENGTH:
            size = file_size(event) if kind == specification.ZERO_COPY else None
            # Where the size cannot be known, the rest is not counted: nothing right may be refused.
            self.length = ANY_LENGTH if size is None else count_left(self.length, event, size, more)
        return event, OPEN if more else self.end

    def _refuse_extension(self, kind: str, event: Any) -> None:
        """Say why an event of an extension cannot come now; say nothing after the end (A30)."""
        state = self.state
        if kind == specification.TRAILERS and self.end != TRAILING:
            if state == NEW:
                raise out_of_order(event, "comes before http.response.start")
            raise out_of_order(event, "has not been announced: http.response.start needs trailers=True")
        if state >= TRAILING and self.policy.ended:
            return
        if state >= TRAILING:
            raise out_of_order(event, AFTER_THE_END)
        if state == NEW:
            raise out_of_order(event, "comes before http.response.start")
        if kind == specification.TRAILERS:
            raise out_of_order(event, "comes before the end of the body")
        if kind == specification.DEBUG:
            raise out_of_order(event, "comes after http.response.start")
        raise out_of_order(event, "cannot be mixed with other bodies")

    async def _forward_one(self, event: Any) -> None:
        gone = self.disconnect is not None and self.policy.swallow
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
        if not self.policy.swallow or not (isinstance(error, OSError) or self.disconnect is not None):
            raise error
        await swallow(self, error)

    async def close(self) -> None:
        """End what the application left open when it returned (A28), after whatever is being sent."""
        if not self.policy.finish:
            return
        if self.turn is None:
            self.turn = TAKEN
        else:
            await wait_turn(self)
        try:
            if HELD <= self.state <= OPEN:
                try:
                    await self._finish_body()
                except ClientDisconnected:
                    pass  # nobody is left to be told
            elif (
                self.state == NEW
                and self.disconnect is None
                and self.policy.plan.direction == specification.A
            ):
                raise AppMessageError(
                    "the application returned without a response: was send() awaited?",
                    rule=self.policy.finish,
                    message_type=START,
                    expected="a response",
                )
            if self.state == TRAILING:
                self.state = DONE
                await self._forward_one(
                    {"type": specification.TRAILERS, "headers": [], "more_trailers": False}
                )
        finally:
            pass_turn(self)

    async def _finish_body(self) -> None:
        if self.disconnect is None:
            if self.length > 0:
                raise mismatch(end_of_body(), self.length, "fewer", self.length)
            self.policy.plan.report(
                AppMessageError,
                self.policy.finish,
                {**end_of_body(), "more_body": True},
                end_of_body(),
                "more_body",
                None,
            )
        # A client that has gone gets no rest; not ANY_LENGTH: there is a content-length already (B19).
        self.length = NO_BODY if self.length > 0 else self.length
        await self._take(BODY, self.policy.http[BODY], end_of_body())

    async def close_after_error(self, error: BaseException, server_scope: Any) -> None:
        """Finish what is on its way before the error goes on (A41, B40), and forget a start that is held."""
        state = self.state
        if state == HELD:
            self.state, self.pending = DONE, None
        if not STARTED <= state <= OPEN or not isinstance(error, Exception) or self.turn is not None:
            return
        choice = self.policy.quirks.finish_on_error
        wanted = is_of_daphne(server_scope) if choice is None else choice
        if not wanted or not self.policy.finishes_after_error:
            return
        self.state = DONE
        try:
            await self._forward_one(end_of_body())
        except Exception:
            pass  # the application's own error is the one to see
