"""One WebSocket."""

from __future__ import annotations

import asyncio

from .._errors import AppMessageError
from .._messages import specification
from .._messages.events import announced, split_accept
from .events import out_of_order, read_event, snapshot
from .lengths import NO_BODY, count_left, denial_length, without_length
from .loop import give_way, running_task, sleep_forever, was_our_cancellation
from .lost import swallow
from .server_gaps import CODES, DENIAL, crash_answer, websocket_gaps
from .states import DENYING, DONE, NEW, OPEN
from .turns import TAKEN, pass_turn, wait_turn
from .unknown import resolve_event

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .policy import Policy


#: The server refused an event because the client has gone; websocket.disconnect is still to come.
_LOST = "lost"


class WebSocketSession:
    """One WebSocket."""

    __slots__ = (
        "policy",
        "scope",
        "_receive",
        "_send",
        "state",
        "disconnect",
        "connect",
        "waiting",
        "denial",
        "server_gaps",
        "turn",
        "reading",
        "swallowed",
    )

    def __init__(self, policy: Policy, scope: Any, receive: Any, send: Any, server_scope: Any) -> None:
        self.policy = policy
        self.scope = scope
        self._receive = receive
        self._send = send
        self.state = NEW
        #: True once the application has been told that the client has gone, _LOST when only we know.
        self.disconnect: Any = False
        #: What was read before the application asked for it, usually websocket.connect (A49); False
        #: until anything has been read, None when there is nothing to hand out.
        self.connect: Any = False
        #: The task that waits on the server in receive, or what it waits for meanwhile (A46).
        self.waiting: Any = None
        self.denial: Any = None
        #: What the server cannot do: CODES, DENIAL or None. Each byte here counts: there may be ten thousand
        #: of these.
        self.server_gaps: Any = websocket_gaps(policy, server_scope)
        #: As in `Http`, for those that send and for those that receive.
        self.swallowed = 0
        self.turn: Any = None
        self.reading: Any = None

    async def receive(self) -> Any:
        """Give the next event of the client. Several tasks are served in the order of their calls."""
        if self.reading is None:
            self.reading = TAKEN
        else:
            await wait_turn(self, "reading")
        try:
            event = self.connect
            if event:
                self.connect = None
            elif self.disconnect is True and self.policy.repeats:
                await sleep_forever()
            elif (
                (self.state == OPEN or (event is None and self.state == NEW))
                and self.waiting is None
                and self.policy.cancels
            ):
                # Also before accept, once connect has been read: Quart 0.8 asks for the first message then.
                # In a way that a close from another task can interrupt (A46). It stands here and not in a
                # coroutine of its own because that would be 300 bytes for each WebSocket that is open.
                task = self.waiting = running_task()
                closing = None
                try:
                    event = await self._receive()
                except BaseException as error:
                    closing = self.waiting
                    if closing is task or not was_our_cancellation(task, error):
                        raise
                finally:
                    self.waiting = None
                if closing is not None:
                    # It was our own close: that goes out first, then the wait goes on.
                    await closing
                    event = await self._receive()
            else:
                event = await self._receive()
                if self.connect is False:
                    self.connect = None
            return self._received(event)
        finally:
            if self.reading is TAKEN:
                self.reading = None
            else:
                pass_turn(self, "reading")

    def _received(self, event: Any) -> Any:
        """Hand out an event of the server. Not in `receive`, whose frame stays while it waits."""
        if type(event) is not dict or type(event.get("type")) is not str:
            event = read_event(event)
        if event["type"] == "websocket.disconnect":
            self.disconnect = True
        function = self.policy.received.get(event["type"])
        return event if function is None else function(event)

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
            if kind == "websocket.send" and self.state == OPEN:
                event = function(event, self)
                await (give_way() if event is None else self._forward_one(event))
            else:
                await self._take(kind, function, event)
        finally:
            if self.turn is TAKEN:
                self.turn = None
            else:
                pass_turn(self)

    async def _take(self, kind: Any, function: Any, event: Any) -> None:
        """Take an event when it is our turn. One that is cancelled has not happened."""
        state, denial = self.state, self.denial
        try:
            if kind is None:
                await give_way()
            elif function is None:
                await self._forward_one(event)
            elif state == DONE:
                if not self.policy.own_close or kind not in ("websocket.send", "websocket.close"):
                    raise out_of_order(event, "comes after the application's own close")
                await give_way()
            elif kind == "websocket.send":
                await self._message(event, function)
            elif kind == "websocket.accept":
                await self._accept(event, function)
            elif kind == "websocket.close":
                await self._close(function(event, self) if state != NEW else self._rejection(event, function))
            else:
                await self._deny(kind, event, function)
        except Exception:
            raise
        except BaseException:
            self.state, self.denial = state, denial
            raise

    async def _message(self, event: Any, function: Any) -> None:
        """Take a message before accept, which `send` does not do itself."""
        if not self.policy.implicit or self.state == DENYING:
            raise out_of_order(event, "comes before websocket.accept", "A34")
        before, event = event, function(event, self)
        self.policy.plan.report(AppMessageError, self.policy.implicit, before, before, None, None)
        event = None if event is None else event.copy()
        await self._accept({"type": specification.ACCEPT}, self.policy.websocket[specification.ACCEPT])
        if event is not None:
            await self._forward_one(event)

    async def _accept(self, event: Any, function: Any) -> None:
        if self.state != NEW:
            raise out_of_order(event, "comes a second time, or after a denial response")
        first = None
        if self.policy.first_message:
            before = event
            event, first = split_accept(event)
            if event is not before:
                self.policy.plan.report(
                    AppMessageError, self.policy.first_message, before, event, "text", None
                )
        event = snapshot(function(event, self))
        if first is not None:
            first = self.policy.websocket[first["type"]](first, self)
        await self._read_connect()
        self.state = OPEN
        await self._forward_one(event)
        if first is not None:
            await self._forward_one(first)

    def _rejection(self, event: Any, function: Any) -> Any:
        """Read a close before accept: no frame goes out, so that the code may be any (2018 wrote 403)."""
        code = event.get("code")
        if type(code) is int and 0 <= code < 2**16:
            event = function({**event, "code": 1000}, self)
            event = {**event, "code": code}
        else:
            event = function(event, self)
        if self.policy.narrow_codes:
            # 403 it is, whatever the reason; only the type and the code are understood.
            event = {key: value for key, value in event.items() if key != "reason"}
        return event

    async def _close(self, event: Any) -> None:
        event = event.copy()
        if self.state == NEW:
            await self._read_connect()
        elif self.state == DENYING:
            raise out_of_order(event, "comes in the middle of a denial response")
        elif self.server_gaps == CODES and not any(
            low <= event["code"] <= high for low, high in specification.NARROW_CLOSE_CODES
        ):
            event = {**event, "code": 1000}
        self.state = DONE
        task = self.waiting
        if task is None or not self.policy.cancels:
            await self._forward_one(event)
            return
        if task is running_task():
            await self._forward_one(event)
            return
        sent = self.waiting = asyncio.get_running_loop().create_future()
        task.cancel()
        try:
            # Let the cancellation reach the server before the close does.
            await asyncio.sleep(0)
            await self._forward_one(event)
        finally:
            if not sent.done():
                sent.set_result(None)

    async def _deny(self, kind: str, event: Any, function: Any) -> None:
        """A denial response: whole in one part (A47), or a plain close where it is not offered (B37)."""
        start = kind.endswith(".start")
        if self.state != (NEW if start else DENYING):
            raise out_of_order(event, "cannot come now: start, then bodies, and never after accept")
        offered = self._is_offered(kind)
        if not offered and not self.policy.denies:
            raise out_of_order(event, "is for servers that announce websocket.http.response", "A38")
        event = snapshot(function(event, self))
        joins = bool(self.policy.joins_denial) or not offered
        if start:
            left = denial_length(event)
            if left == NO_BODY:
                event = without_length(event)
            await self._read_connect()
            self.state, self.denial = DENYING, [event if joins else None, [], left, offered]
            if not joins:
                await self._forward_one(event)
            return
        denial = self.denial
        held, parts, left, _ = denial
        event["body"] = body = b"" if left == NO_BODY else event["body"]
        more = event["more_body"]
        if left >= 0:
            left = count_left(left, event, len(body), more)
        if joins and more:
            self.denial = [held, parts, left, offered]
            parts.append(body)
            await give_way()
            return
        event["body"] = b"".join([*parts, body])
        out = [event] if held is None else [held, event]
        if not offered:
            out = [{"type": specification.CLOSE, "code": 1000}]
            self.policy.plan.report(AppMessageError, self.policy.denies, held, out[0], None, None)
        if more:
            self.denial = [None, parts, left, offered]
        else:
            self.state, self.denial = DONE, None
        for event in out:
            await self._forward_one(event)
            denial[0] = None  # the start is out, also when what follows it is cancelled

    def _is_offered(self, kind: str) -> bool:
        """Whether the server takes a denial response. Once begun it goes on as it began."""
        if self.state == DENYING:
            return bool(self.denial[3])
        return self.server_gaps != DENIAL and announced(kind, self.scope)

    async def _read_connect(self) -> None:
        """Read websocket.connect from the server when the application has not (A49)."""
        if not self.policy.connect_first or self.connect is not False:
            return
        if self.reading is None:
            self.reading = TAKEN
        else:
            await wait_turn(self, "reading")
        try:
            if self.connect is False:
                event = read_event(await self._receive())
                self.connect = (
                    self._received(event) if event["type"] == "websocket.disconnect" else event
                ).copy()
        finally:
            pass_turn(self, "reading")

    async def _forward_one(self, event: Any) -> None:
        gone = self.disconnect and self.policy.swallow
        if gone and not self.policy.patience:
            await swallow(self)
        try:
            await self._send(event)
        except Exception as error:
            await self._on_send_error(error)
        else:
            if gone:
                await swallow(self)

    async def _on_send_error(self, error: BaseException) -> None:
        library = (
            type(error).__name__ in specification.GONE_ERRORS
            and self.policy.plan.direction == specification.B
        )
        runtime = isinstance(error, RuntimeError) and (self.disconnect or self.state == DONE)
        if not self.policy.swallow or not (isinstance(error, OSError) or runtime or library):
            raise error
        if self.state != DONE:
            self.disconnect = self.disconnect or _LOST
        await swallow(self, error)

    async def close(self, returned: Any = None) -> None:
        """Close what the application left open when it returned (A44, A45), after whatever is being sent."""
        if self.disconnect:
            return
        if self.turn is None:
            self.turn = TAKEN
        else:
            await wait_turn(self)
        try:
            if self.disconnect or self.state == DONE:
                return
            if self.state == DENYING and self.denial[0] is None:
                # The start of the denial response is out: all that can follow is its body.
                end = specification.DENIAL + ".body"
                event = {"type": end, "body": b"", "more_body": False}
                await self._take(end, self.policy.websocket[end], event)
            elif self.policy.closes_after if self.state == OPEN else self.policy.closes_before:
                await self._end(1000)
        finally:
            pass_turn(self)

    async def _end(self, code: int) -> None:
        if self.state == DENYING:
            self.state, self.denial = NEW, None
        event = {"type": specification.CLOSE, "code": code}
        await self._take(specification.CLOSE, self.policy.websocket[specification.CLOSE], event)

    async def close_after_error(self, error: BaseException, server_scope: Any) -> None:
        """Answer before the error goes on: servers close with 1005, 1006 or 1011, or do not (A44, A45)."""
        if self.disconnect or self.state == DONE or not isinstance(error, Exception) or self.turn is not None:
            return
        self.turn = TAKEN
        try:
            if self.state == OPEN:
                # daphne does this one itself, and refuses the code from others.
                if self.policy.closes_after and self.server_gaps != CODES:
                    await self._end(1011)
            elif self.policy.closes_before and (self.state == NEW or self.denial[0] is not None):
                await self._answer_crash(server_scope)
        except Exception:
            pass  # the application's own error is the one to see
        finally:
            pass_turn(self)

    async def _answer_crash(self, server_scope: Any) -> None:
        """Answer a crash before accept where the server does not make it a 500 itself (A45)."""
        events = crash_answer(self.policy, server_scope)
        if events:
            await self._read_connect()
            self.state, self.denial = DONE, None
        for event in events:
            await self._forward_one(snapshot(event))
