"""What has to be remembered while a connection lasts: HTTP, WebSocket, lifespan.

Laws

1. One object a connection, with ``__slots__``. Its ``receive`` and ``send`` are what the application
   is given, and both are coroutine functions: old applications hand what they return to
   ``create_task`` (A42).
2. What an event may hold is none of its business (that is `_normalise`, by the rows of `_rules`). It
   knows the order of events, and in whose name it changes it.
3. A state that cannot happen raises `AppMessageError`, before anything reaches the server.
4. Nothing grows while a connection stays open. The exception is asked for by name: a joined body
   (A14) and a denial response in parts (A47), of which the first is the size of the request.
5. An exception of the application passes. The one that ends here is written to the log: that of an
   application that does not speak lifespan (A4, B33).

The states of a response: NEW until a start comes; HELD while it is kept back (A28, B19); OPEN when it
has gone out; DONE after the last body. Those of a WebSocket: NEW until it is answered; DENYING
between the start and the end of a denial response; OPEN; DONE after a close.
"""

from __future__ import annotations

import asyncio
from contextvars import copy_context

from . import _rules
from ._errors import AppMessageError, ServerMessageError
from ._normalise import (
    MISSING,
    Unfit,
    announced,
    blame_for,
    content_length,
    safe_type,
    split_accept,
    split_response,
)
from ._text import describe, printable, safe_repr, safe_str, type_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Awaitable, Callable, Optional, Tuple

    from ._normalise import Plan

_AFTER_THE_END = "comes after the end of the response"

NEW, HELD, OPEN, DONE, DENYING = range(5)
#: Instead of a length: none given, and no body allowed (A29, B20).
ANY_LENGTH, NO_BODY = -1, -2


class Policy:
    """Which of the rules that need memory are alive, read off a plan once an adapter.

    Each attribute is the id of the rule to report, or None when its row is not in the table or a
    quirk has switched it off.
    """

    __slots__ = (
        "bodiless", "closes_after", "closes_before", "cancels", "connect_first", "denies", "drops_unknown",
        "ended", "finish", "first_message", "hold", "hold_chunk", "joins", "joins_denial", "no_empty",
        "repeats", "request_type", "old_content", "own_close", "raises_gone", "swallow", "disconnects",
        "implicit", "keeps_context", "unknown", "quirks", "plan", "http", "request", "rewrites", "websocket",
        "received",
    )  # fmt: skip

    def __init__(self, plan: Plan) -> None:
        quirks: Any
        quirks, a = plan.quirks, plan.direction == _rules.A

        def alive(of_a: str, of_b: str = "") -> Optional[str]:
            id = of_a if a else of_b
            return id if id in plan.rules else None

        self.plan = plan
        self.http = plan.sent["http"]
        self.websocket = plan.sent["websocket"]
        self.received = plan.received
        self.request = plan.received["http.request"]
        self.quirks = quirks
        self.hold = (alive("A28") if quirks.defer_start else None) if a else alive("", "B19")
        self.finish = alive("A28", "B19")
        self.no_empty = alive("", "B19")
        self.hold_chunk = self.no_empty if quirks.hold_last_chunk else None
        self.bodiless = alive("A29", "B20")
        self.ended = alive("A30")
        self.swallow = alive("A31", "B22")
        self.raises_gone = self.swallow if quirks.raise_after_disconnect and not a else None
        self.joins = alive("A14") if quirks.join_body else None
        renamed = quirks.request_type != "http.request" and alive("A14")
        self.request_type = quirks.request_type if renamed else None
        self.old_content = alive("A14") if quirks.content_keys else None
        self.rewrites = self.joins or self.request_type or self.old_content
        self.repeats = alive("A18", "B15")
        self.disconnects = alive("", "B15")
        self.first_message = alive("A32")
        self.implicit = alive("A34") if quirks.implicit_accept else None
        self.own_close = alive("A37")
        self.unknown = alive("A38", "B24")
        self.drops_unknown = alive("A38") if quirks.drop_unknown else None
        self.closes_after = alive("A44")
        self.closes_before = alive("A45")
        self.cancels = alive("A46")
        self.joins_denial = alive("A47")
        self.denies = self.joins_denial if a else (alive("", "B30") and alive("", "B37"))
        self.connect_first = alive("A49")
        self.keeps_context = alive("A51")


def running_task() -> Any:
    """Give the task that runs, None on an event loop that is not asyncio's."""
    try:
        return asyncio.current_task()
    except RuntimeError:
        return None


def interrupted(task: Any, error: BaseException) -> bool:
    """Take back a cancellation that was our own (A46); say no when somebody else wants it too."""
    if task is None or not isinstance(error, asyncio.CancelledError):
        return False
    uncancel = getattr(task, "uncancel", None)  # Python 3.11
    return uncancel is None or uncancel() == 0


def in_this_context(*functions: Any) -> Any:
    """Let the server's receive and send run in the context that is current now, whoever calls them (A51).

    asgiref's async_to_sync calls them from a task in whose context it keeps an executor of its own.
    """
    task = running_task()
    if task is None:
        return functions
    context = copy_context()

    def kept(function: Any) -> Any:
        async def awaited(*event: Any) -> Any:
            return await function(*event)

        async def call(*event: Any) -> Any:
            if running_task() is task:
                return await function(*event)
            # A task copies the context in which it is made.
            return await context.run(task.get_loop().create_task, awaited(*event))

        return call

    return [kept(function) for function in functions]


async def forever() -> None:
    """Wait until cancelled, on asyncio or trio."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        import trio  # type: ignore[import-not-found,unused-ignore]

        await trio.sleep_forever()
    else:
        await loop.create_future()


def misplaced(event: Any, why: str, rule: Optional[str] = None) -> AppMessageError:
    """Make the error for an event that cannot come now."""
    kind = event.get("type")
    return AppMessageError(
        f"{safe_type(kind)} {why}" + (f" [{rule}]" if rule else ""),
        rule=rule,
        message_type=kind,
        field=None,
        expected="an event that may come now",
        got=event,
    )


def resolve(policy: Policy, protocol: str, event: Any, scope: Any) -> Tuple[Optional[str], Any, Any]:
    """Find out what an event is that is not called as it should be: (type, function, event).

    The type is None for one that is to be dropped, the function None for one that goes on untouched
    because the scope announces it. Raises `AppMessageError` (A38).
    """
    plan = policy.plan
    if type(event) is not dict:
        try:
            event = dict(event)
        except Exception:
            raise AppMessageError(
                f"an event is a dict with a type, not {describe(event)}: what was send() called with?",
                rule="A38",
                expected="dict",
                got=event,
            ) from None
    kind = event.get("type")
    if isinstance(kind, str) and type(kind) is not str:
        kind = str.__str__(kind)
        event = {**event, "type": kind}
    if not isinstance(kind, str):
        raise AppMessageError(
            f"an event has a type, a str; this one has {describe(kind)}",
            rule="A38",
            field="type",
            expected="str",
            got=kind,
        ) from None
    functions = plan.sent[protocol]
    row = plan.renames.get(kind)
    if row is not None and kind not in functions and row.type in functions:
        after = {**event, "type": row.type}
        plan.note(AppMessageError, row.rule, event, after, "type", None)
        event, kind = after, row.type
    function = functions.get(kind)
    if function is not None:
        return kind, function, event
    if kind in plan.splits and protocol == "http":
        plan.note(AppMessageError, plan.splits[kind].rule, event, None, "type", None)
        return kind, None, event
    if announced(kind, scope):
        return kind, None, event
    if plan.direction == _rules.B:
        rule = _rules.DROPPED_EVENTS.get(kind)
        if rule in plan.rules:
            return None, None, event
        if kind in _rules.REFUSED_EVENTS and _rules.REFUSED_EVENTS[kind] not in plan.rules:
            return kind, None, event
    elif policy.unknown is None:
        return kind, None, event
    elif policy.drops_unknown:
        plan.note(AppMessageError, policy.drops_unknown, event, None, "type", None)
        return None, None, event
    rule = _rules.REFUSED_EVENTS.get(kind) if plan.direction == _rules.B else policy.unknown
    home = plan.known.get(kind)
    if home is not None and home != protocol:
        why = f"does not belong to a scope of type {protocol}"
    elif home is not None:
        why = f"is for servers that announce it in scope['extensions'], and this one announces {_keys(scope)}"
    else:
        why = "is not an event that an application sends: is the type spelled right?"
    # None: whoever asks does so because a look into a dict failed, and that is nobody's business.
    raise misplaced(event, why, rule) from None


def _keys(scope: Any) -> str:
    extensions = scope.get("extensions")
    return safe_repr(sorted(map(str, extensions))) if extensions else "nothing"


def read_type(event: Any) -> str:
    """Read the type of what the server gave. Raises `ServerMessageError`."""
    try:
        kind = event["type"]
    except Exception:
        kind = None
    if not isinstance(kind, str):
        raise ServerMessageError(
            f"receive() of the server gave {describe(event)}, which is no event",
            expected="dict with a type",
            got=event,
        )
    return kind


class Http:
    """One request and its response."""

    __slots__ = ("policy", "scope", "_receive", "_send", "state", "length", "held", "gone")

    # There is no __init__: whoever opens a connection (`_convert`) stores these one by one, which
    # takes two thirds of the time of a call of the class.
    policy: Policy
    scope: Any
    _receive: Any
    _send: Any
    #: NEW, HELD, OPEN or DONE.
    state: int
    #: How many bytes of body are still to come, or one of the two words above.
    length: int
    #: The start that is kept back; after it, in direction B, the chunk that is (B19).
    held: Any
    #: The disconnect, once it has been received.
    gone: Any

    async def receive(self) -> Any:
        """Give the next event of the client."""
        if self.gone is not None and self.policy.repeats:
            return dict(self.gone)
        if self.state == HELD and self._is_all():
            # bareASGI 1.4 to 3.0 sends no body where there is none, and waits for the client to leave, who
            # waits for the start (uvicorn of 2019 sent it at once).
            await self.send({"type": "http.response.body", "body": b"", "more_body": False})
        event = await self._receive()
        try:
            kind = event["type"]
        except Exception:
            kind = read_type(event)
        if kind == "http.request":
            policy = self.policy
            event = policy.request(event)
            return await self._old_request(event) if policy.rewrites else event
        if kind == "http.disconnect":
            self.gone = event
        elif kind.__class__ is not str:
            read_type(event)
        return event if event.__class__ is dict else dict(event)

    async def _old_request(self, event: Any) -> Any:
        """Give the body as the application of 2017 or of the articles wants it (A14)."""
        policy = self.policy
        if policy.joins and event["more_body"]:
            parts = [event["body"]]
            while event["more_body"]:
                after = await self._receive()
                kind = read_type(after)
                if kind != "http.request":
                    if kind == "http.disconnect":
                        self.gone = after
                    return dict(after)
                event = policy.request(after)
                parts.append(event["body"])
            event = {**event, "body": b"".join(parts)}
        if policy.old_content:
            rest = {key: value for key, value in event.items() if key not in ("body", "more_body")}
            event = {**rest, "content": event["body"], "more_content": event["more_body"]}
        if policy.request_type:
            event = {**event, "type": policy.request_type}
        return event

    async def send(self, event: Any) -> None:
        """Take the next event of the response."""
        policy = self.policy
        try:
            kind = event["type"]
            function = policy.http[kind]
        except (KeyError, TypeError, BytesWarning):
            kind, function, event = resolve(policy, "http", event, self.scope)
            if function is None:
                await self._other(kind, event)
                return
        state = self.state
        if kind == "http.response.body":
            if state == HELD or state == OPEN:
                event = function(event, self)
                if self.length != ANY_LENGTH:
                    event = self._measured(event)
                if policy.no_empty:
                    await self._old_body(event)
                    return
                self.state = OPEN if event["more_body"] else DONE
                try:
                    if state == HELD:
                        await self._send(self.held)
                        self.held = None
                    await self._send(event)
                except (OSError, RuntimeError) as error:
                    self._lost(error)
                return
            if state == DONE and policy.ended:
                return
            raise misplaced(event, "comes before http.response.start" if state == NEW else _AFTER_THE_END)
        if state == NEW or state == HELD:
            event = function(event, self)
            if self.length == NO_BODY:
                event = self._bare(event)
            if policy.hold:
                if state == HELD:
                    policy.plan.note(AppMessageError, policy.hold, self.held, event, None, None)
                self.state = HELD
                self.held = event
                return
            self.state = OPEN
            await self._pass(event)
        elif state == OPEN:
            second = "A28" if "A28" in policy.plan.rules else None
            raise misplaced(event, "comes a second time, and the first is already on its way", second)
        elif not policy.ended:
            raise misplaced(event, _AFTER_THE_END)

    def take_start(self, start: Any) -> None:
        """Remember how long the body of a start will be; `_normalise` calls it for what it had to walk.

        Raises `AppMessageError` for a content-length that is no number.
        """
        try:
            length = content_length(start.get("headers", ()))
        except Unfit as unfit:
            raise blame_for(AppMessageError, None, start, "headers", unfit.expected, "") from None
        bodiless = start["status"] in _rules.NO_BODY or self.scope.get("method") == "HEAD"
        self.length = NO_BODY if self.policy.bodiless and bodiless else length

    def _is_all(self) -> bool:
        """Whether the start that is held says itself that the response has no body."""
        start = self.held
        return start["status"] in _rules.NO_BODY or content_length(start.get("headers", ())) == 0

    def _bare(self, start: Any) -> Any:
        """Take content-length off a response that has none by its status: servers count on it."""
        if start["status"] not in _rules.NO_BODY:
            return start
        headers = [pair for pair in start["headers"] if pair[0] != _rules.LENGTH_HEADER]
        return start if len(headers) == len(start["headers"]) else {**start, "headers": headers}

    def _measured(self, event: Any) -> Any:
        """Hold the body against what the start promised. Raises before anything goes out."""
        body = event["body"]
        if self.length == NO_BODY:
            if not body:
                return event
            after = {**event, "body": b""}
            if self.scope.get("method") != "HEAD":
                self.policy.plan.note(AppMessageError, self.policy.bodiless, event, after, "body", None)
            return after
        left = self.length - len(body)
        if left < 0:
            raise self._mismatch(event, "more", -left)
        if left and not event["more_body"]:
            raise self._mismatch(event, "fewer", left)
        self.length = left
        return event

    def _mismatch(self, event: Any, which: str, by: int) -> AppMessageError:
        return AppMessageError(
            f"the body has {by} bytes {which} than the content-length of the start says: leave the header"
            " out, or count bytes and not characters",
            message_type=event["type"],
            field="body",
            expected=f"{self.length} bytes",
            got=len(event["body"]),
        )

    async def _old_body(self, event: Any) -> None:
        """Send a body to an old server: no empty chunk in the middle, no empty end if that can be (B19)."""
        body, more = event["body"], event["more_body"]
        state = self.state
        held, self.held = self.held, None
        self.state = OPEN if more else DONE
        if state == HELD:
            if not body and not more and self.length == ANY_LENGTH:
                held = {**held, "headers": [*held["headers"], (_rules.LENGTH_HEADER, b"0")]}
            await self._pass(held)
            held = None
        if more and not body:
            self.held = held
            return
        if self.policy.hold_chunk:
            if held is not None and not more and not body:
                event = {**held, "more_body": False}
            elif held is not None:
                await self._pass(held)
            if more:
                self.held = event
                return
        await self._pass(event)

    async def _other(self, kind: Optional[str], event: Any) -> None:
        """Take an event that is none of the two: an extension's, one to be split, one to be dropped."""
        if kind is None:
            return
        if kind in self.policy.plan.splits:
            start, body = split_response(event, self.policy.plan.splits[kind].becomes)
            await self.send(start)
            await self.send(body)
            return
        if self.state == HELD and kind not in (
            "http.response.debug",
            "http.response.early_hint",
            "http.response.push",
        ):
            # pathsend and zerocopysend are bodies: what was held goes out before them.
            start, self.held = self.held, None
            self.state = OPEN if event.get("more_body") else DONE
            await self._pass(start)
        elif self.state == OPEN and kind in ("http.response.pathsend", "http.response.zerocopysend"):
            self.state = OPEN if event.get("more_body") else DONE
        await self._pass(event)

    async def _pass(self, event: Any) -> None:
        if self.policy.raises_gone and self.gone is not None:
            raise OSError("the client has gone")
        try:
            await self._send(event)
        except (OSError, RuntimeError) as error:
            self._lost(error)

    def _lost(self, error: BaseException) -> None:
        """Decide about an error out of the server's send: the client has gone, or it is a real one."""
        if not self.policy.swallow or not (isinstance(error, OSError) or self.gone is not None):
            raise error
        if self.policy.raises_gone:
            raise OSError("the client has gone") from error

    async def finish(self) -> None:
        """End what the application left open when it returned (A28)."""
        state = self.state
        if state == DONE or not self.policy.finish:
            return
        if state == NEW:
            if self.gone is None and self.policy.plan.direction == _rules.A:
                raise AppMessageError(
                    "the application returned without a response: was send() awaited?",
                    rule=self.policy.finish,
                    message_type="http.response.start",
                    expected="a response",
                )
            return
        if self.length > 0 and self.gone is None:
            raise self._mismatch({"type": "http.response.body", "body": b""}, "fewer", self.length)
        if self.gone is None:
            self.policy.plan.note(
                AppMessageError,
                self.policy.finish,
                {"type": "http.response.body", "more_body": True},
                {"type": "http.response.body", "body": b"", "more_body": False},
                "more_body",
                None,
            )
        self.length = ANY_LENGTH if self.length == 0 else self.length
        await self.send({"type": "http.response.body", "body": b"", "more_body": False})

    async def failed(self, error: BaseException, on_daphne: bool) -> None:
        """Finish what is on its way before the error goes on (A41). A start that is held is forgotten."""
        self.held = None
        if self.state != OPEN or not isinstance(error, Exception) or "A41" not in self.policy.plan.rules:
            return
        choice = self.policy.quirks.finish_on_error
        if not (on_daphne if choice is None else choice) or self.policy.plan.direction != _rules.A:
            return
        self.state = DONE
        await self._pass({"type": "http.response.body", "body": b"", "more_body": False})


class OldHttp(Http):
    """One request and its response, on an old server: the end of it is the adapter's to tell (B15)."""

    __slots__ = ()

    async def receive(self) -> Any:
        """Give the next event of the client."""
        tells = self.policy.disconnects
        if tells and self.state == DONE:
            return {"type": "http.disconnect"}
        try:
            return await super().receive()
        except RuntimeError:
            # uvicorn 0.2.0 to 0.2.7 says that the channel is fully consumed when the body has been read.
            if not tells:
                raise
        await forever()


#: The server refused an event because the client has gone; websocket.disconnect is still to come.
_LOST = "lost"


class WebSocket:
    """One WebSocket."""

    __slots__ = (
        "policy",
        "scope",
        "_receive",
        "_send",
        "state",
        "gone",
        "connect",
        "waiting",
        "denial",
        "lacks",
    )

    def __init__(self, policy: Policy, scope: Any, receive: Any, send: Any) -> None:
        self.policy = policy
        self.scope = scope
        self._receive = receive
        self._send = send
        self.state = NEW
        #: True once the application has been told that the client has gone, _LOST when only we know.
        self.gone: Any = False
        #: What was read before the application asked for it, usually websocket.connect (A49); False
        #: until anything has been read, None when there is nothing to hand out.
        self.connect: Any = False
        #: The task that waits on the server in receive, or what it waits for meanwhile (A46).
        self.waiting: Any = None
        self.denial: Any = None
        #: What the server cannot do: "codes", close codes below 3000 but for 1000 (A35, on daphne), or
        #: "denial", a denial response, whatever the scope announces (B37). Each byte here counts: there
        #: may be ten thousand of these.
        self.lacks: Any = None

    async def receive(self) -> Any:
        """Give the next event of the client."""
        event = self.connect
        self.connect = None
        if event:
            pass
        elif self.gone is True and self.policy.repeats:
            await forever()
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
                if closing is task or not interrupted(task, error):
                    raise
            finally:
                self.waiting = None
            if closing is not None:
                # It was our own close: that goes out first, then the wait goes on.
                await closing
                event = await self._receive()
        else:
            event = await self._receive()
        try:
            kind = event["type"]
            function = self.policy.received[kind]
        except Exception:
            read_type(event)
            return event if type(event) is dict else dict(event)
        if kind == "websocket.disconnect":
            self.gone = True
        return function(event)

    async def send(self, event: Any) -> None:
        """Take the next event of the application."""
        try:
            kind = event["type"]
            function = self.policy.websocket[kind]
        except (KeyError, TypeError, BytesWarning):
            kind, function, event = resolve(self.policy, "websocket", event, self.scope)
            if function is None:
                if kind is not None:
                    await self._pass(event)
                return
        if self.state == DONE:
            if self.policy.own_close and kind in ("websocket.send", "websocket.close"):
                return
            raise misplaced(event, "comes after the application's own close")
        if kind == "websocket.send":
            await self._message(event, function)
        elif kind == "websocket.accept":
            await self._accept(event, function)
        elif kind == "websocket.close":
            await self._close(
                function(event, self) if self.state != NEW else self._rejection(event, function)
            )
        else:
            await self._deny(kind, event, function)

    async def _message(self, event: Any, function: Any) -> None:
        if self.state != OPEN:
            if not self.policy.implicit or self.state == DENYING:
                raise misplaced(event, "comes before websocket.accept", "A34")
            self.policy.plan.note(AppMessageError, self.policy.implicit, event, event, None, None)
            await self.send({"type": "websocket.accept"})
        event = function(event, self)
        if event is not None:
            await self._pass(event)

    async def _accept(self, event: Any, function: Any) -> None:
        if self.state != NEW:
            raise misplaced(event, "comes a second time, or after a denial response")
        first = None
        if self.policy.first_message:
            before = event
            event, first = split_accept(event)
            if event is not before:
                self.policy.plan.note(AppMessageError, self.policy.first_message, before, event, "text", None)
        event = function(event, self)
        await self._read_connect()
        self.state = OPEN
        await self._pass(event)
        if first is not None:
            await self.send(first)

    def _rejection(self, event: Any, function: Any) -> Any:
        """Read a close before accept: no frame goes out, so that the code may be any (2018 wrote 403)."""
        code = event.get("code")
        if type(code) is int and 0 <= code < 2**16:
            event = function({**event, "code": 1000}, self)
            event = {**event, "code": code}
        else:
            event = function(event, self)
        if self.policy.plan.direction == _rules.A and "A35" in self.policy.plan.rules:
            # 403 it is, whatever the reason; only the type and the code are understood.
            event = {key: value for key, value in event.items() if key != "reason"}
        return event

    async def _close(self, event: Any) -> None:
        if self.state == NEW:
            await self._read_connect()
        elif self.state == DENYING:
            raise misplaced(event, "comes in the middle of a denial response")
        elif self.lacks == "codes" and not any(
            low <= event["code"] <= high for low, high in _rules.NARROW_CLOSE_CODES
        ):
            event = {**event, "code": 1000}
        self.state = DONE
        task = self.waiting
        if task is None or not self.policy.cancels:
            await self._pass(event)
            return
        if task is running_task():
            await self._pass(event)
            return
        sent = self.waiting = asyncio.get_running_loop().create_future()
        task.cancel()
        try:
            # Let the cancellation reach the server before the close does.
            await asyncio.sleep(0)
            await self._pass(event)
        finally:
            if not sent.done():
                sent.set_result(None)

    async def _deny(self, kind: str, event: Any, function: Any) -> None:
        """A denial response: whole in one part (A47), or a plain close where it is not offered (B37)."""
        start = kind.endswith(".start")
        if self.state != (NEW if start else DENYING):
            raise misplaced(event, "cannot come now: start, then bodies, and never after accept")
        offered = self.lacks != "denial" and announced(kind, self.scope)
        if not offered and not self.policy.denies:
            raise misplaced(event, "is for servers that announce websocket.http.response", "A38")
        event = function(event, self)
        if start:
            await self._read_connect()
            self.state = DENYING
            self.denial = (event, [])
            if not self.policy.joins_denial and offered:
                self.denial = (None, [])
                await self._pass(event)
            return
        held, parts = self.denial
        if self.policy.joins_denial or not offered:
            parts.append(event["body"])
            if event["more_body"]:
                return
            event = {**event, "body": b"".join(parts)}
        if not event["more_body"]:
            self.state, self.denial = DONE, None
        if not offered:
            self.policy.plan.note(
                AppMessageError,
                self.policy.denies,
                held,
                {"type": "websocket.close", "code": 1000},
                None,
                None,
            )
            await self._pass({"type": "websocket.close", "code": 1000})
            return
        if held is not None:
            await self._pass(held)
        await self._pass(event)

    async def _read_connect(self) -> None:
        """Read websocket.connect from the server when the application has not (A49)."""
        if self.policy.connect_first and self.connect is False:
            self.connect = None
            event = await self._receive()
            if read_type(event) == "websocket.disconnect":
                self.gone = True
                event = self.policy.plan.received["websocket.disconnect"](event)
            self.connect = event

    async def _pass(self, event: Any) -> None:
        if self.policy.raises_gone and self.gone:
            raise OSError("the client has gone")
        try:
            await self._send(event)
        except Exception as error:
            self._lost(error)

    def _lost(self, error: BaseException) -> None:
        library = type(error).__name__ in _rules.GONE_ERRORS and self.policy.plan.direction == _rules.B
        runtime = isinstance(error, RuntimeError) and (self.gone or self.state == DONE)
        if not self.policy.swallow or not (isinstance(error, OSError) or runtime or library):
            raise error
        if self.state != DONE:
            self.gone = self.gone or _LOST
        if self.policy.raises_gone:
            raise OSError("the client has gone") from error

    async def finish(self) -> None:
        """Close what the application left open when it returned (A44, A45)."""
        if self.gone or self.state == DONE:
            return
        if self.state == OPEN:
            if self.policy.closes_after:
                await self.send({"type": "websocket.close", "code": 1000})
        elif self.policy.closes_before:
            self.state, self.denial = NEW, None
            await self.send({"type": "websocket.close", "code": 1000})

    async def failed(self, error: BaseException, on_daphne: bool) -> None:
        """Close before the error goes on: servers do it with 1005, 1006 or 1011, or not at all (A44, A45)."""
        if self.gone or self.state == DONE or not isinstance(error, Exception):
            return
        if self.state == OPEN:
            # daphne does this one itself, and refuses the code from others.
            closes, code = bool(self.policy.closes_after) and self.lacks != "codes", 1011
        else:
            closes, code = bool(self.policy.closes_before), 1000
            self.state, self.denial = NEW, None
        if closes:
            try:
                await self.send({"type": "websocket.close", "code": code})
            except Exception:
                pass  # the application's own error is the one to see


#: Events of lifespan that an adapter sends on the application's behalf.
_STARTED = {"type": "lifespan.startup.complete"}
_STOPPED = {"type": "lifespan.shutdown.complete"}


#: The types of events that an application knows which was made for HTTP or WebSockets.
_OTHER_TYPES = frozenset(row.type for row in _rules.EVENTS if row.scope != "lifespan")


def is_about_its_type(error: BaseException) -> bool:
    """Whether what was raised after lifespan.startup is about that event's type, and no failed start-up.

    Applications of one protocol read the first event before they look at its type: a consumer of Channels 2
    ("No handler for message type lifespan.startup"), WsgiToAsgi of asgiref up to 3.1, whoever asserts
    http.request. The function that raises names an event of another protocol then, or its message names
    the type. Whoever starts something up names lifespan in the function that takes the event.
    """
    code = None
    traceback = error.__traceback__
    while traceback is not None:
        if not str(traceback.tb_frame.f_globals.get("__name__", "")).startswith("asgi_compat."):
            code = traceback.tb_frame.f_code
        traceback = traceback.tb_next
    if code is None:
        return False
    words = {code.co_name, *code.co_names}
    for constant in code.co_consts:
        several = constant if isinstance(constant, (tuple, frozenset)) else (constant,)
        words.update(word for word in several if type(word) is str)
    if any("lifespan" in word for word in words):
        return False
    text = safe_str(error)
    return not words.isdisjoint(_OTHER_TYPES) or "lifespan.startup" in text or "lifespan_startup" in text


class Lifespan:
    """One lifespan of an application, and the answers that are given for it."""

    __slots__ = (
        "policy",
        "plan",
        "scope",
        "_receive",
        "_send",
        "mode",
        "asked",
        "started",
        "stopping",
        "stopped",
        "old_names",
        "failure",
        "offered_cleanup",
        "foreign",
    )

    def __init__(self, policy: Policy, scope: Any, receive: Any, send: Any, mode: str) -> None:
        self.plan = policy.plan
        self.policy = policy
        self.scope = scope
        self._receive = receive
        self._send = send
        self.mode = mode
        #: Whether the application has called receive.
        self.asked = False
        self.started = False
        self.stopping = False
        self.stopped = False
        #: Whether the server said lifespan.cleanup (B17, B34).
        self.old_names = False
        self.failure: Optional[str] = None
        self.offered_cleanup = False
        #: Whether it sent what does not belong here: an application of the time before lifespan, that
        #: does not look at the type of its scope and answers startup with a response.
        self.foreign = False

    async def receive(self) -> Any:
        """Give lifespan.startup, then lifespan.shutdown (or lifespan.cleanup, A20)."""
        self.asked = True
        if self.failure is not None:
            raise RuntimeError(self.failure)
        rules, choice = self.plan.rules, self.plan.quirks.lifespan_cleanup
        if self.stopping and not self.stopped and "A20" in rules and choice is not False:
            if not self.offered_cleanup:
                # It let shutdown pass without an answer: it may know the name of 2018 only.
                self.offered_cleanup = True
                after = {"type": "lifespan.cleanup"}
                self.plan.note(
                    ServerMessageError, "A20", {"type": "lifespan.shutdown"}, after, "type", "quiet"
                )
                return after
            await forever()
        event = await self._event()
        if event["type"] == "lifespan.shutdown" and "A20" in rules and choice is True:
            self.offered_cleanup = True
            after = {**event, "type": "lifespan.cleanup"}
            self.plan.note(ServerMessageError, "A20", event, after, "type", "quiet")
            return after
        return event

    async def _event(self) -> Any:
        event = await self._receive()
        kind = read_type(event)
        event = event if type(event) is dict else dict(event)
        row = self.plan.received_as.get(kind)
        if row is not None:
            self.old_names = True
            event, kind = {**event, "type": row.type}, row.type
        if kind == "lifespan.shutdown":
            self.stopping = True
        return event

    async def send(self, event: Any) -> None:
        """Take an answer of the application."""
        try:
            kind, function, event = resolve(self.policy, "lifespan", event, self.scope)
        except AppMessageError:
            self.foreign = True
            raise
        if function is None:
            if kind is not None:
                await self._send(event)
            return
        event = function(event, self)
        if kind.startswith("lifespan.startup"):  # type: ignore[union-attr]
            if self.started:
                raise misplaced(event, "comes a second time: start-up has been answered")
            self.started = True
        else:
            if self.stopped:
                raise misplaced(event, "comes a second time: shutdown has been answered")
            if not self.stopping:
                raise misplaced(event, "comes before lifespan.shutdown has been received")
            self.stopped = True
        if self.plan.direction == _rules.B:
            event = self._of_old(event)
            if event is None:
                return
        await self._send(event)

    def _of_old(self, event: Any) -> Any:
        """Put an answer in the words of an old server (B31, B32, B34)."""
        rules, kind = self.plan.rules, event["type"]
        if kind == "lifespan.startup.failed" and "B31" in rules:
            self.failure = event.get("message") or "the application failed to start"
            return None
        if kind == "lifespan.shutdown.failed" and "B32" in rules:
            from logging import getLogger

            getLogger("asgi_compat").error("shutdown failed: %s", printable(event.get("message", "")))
            event, kind = dict(_STOPPED), _STOPPED["type"]
        if kind == _STOPPED["type"] and self.old_names and "B34" in rules:
            event = {**event, "type": "lifespan.cleanup.complete"}
        return event

    async def run(self, call: Callable[..., Awaitable[Any]]) -> None:
        """Run the application's lifespan, in the way that ``mode`` says."""
        if self.mode == "off":
            await self._answer()
            return
        answers = (
            self.mode == "auto" and ("A4" if self.plan.direction == _rules.A else "B33") in self.plan.rules
        )
        try:
            await call(self.scope, self.receive, self.send)
        except Exception as error:
            if self.failure is not None:
                raise RuntimeError(self.failure) from error
            if not answers or self.started or self.failure is not None:
                raise
            if self.asked and not self.foreign and not is_about_its_type(error):
                await self._fail(error)
                raise
            from logging import getLogger

            getLogger("asgi_compat").info(
                "the application does not speak lifespan (it raised %s); answering for it", safe_repr(error)
            )
        if self.failure is not None:
            raise RuntimeError(self.failure)
        if answers and not self.started:
            await self._answer()

    async def _fail(self, error: BaseException) -> None:
        """Tell the server that start-up failed: an application that asked for startup speaks lifespan."""
        message = f"{type_name(error)}: {safe_str(error)}"
        self.started = True
        if self.plan.direction == _rules.B and "B31" in self.plan.rules:
            return  # the exception itself is what an old server understands
        await self._send({"type": "lifespan.startup.failed", "message": message})

    async def _answer(self) -> None:
        """Answer the server on behalf of an application that does not."""
        if self.asked:
            self.started = True
            await self._send(dict(_STARTED))
        while True:
            event = await self._event()
            if event["type"] == "lifespan.startup":
                self.started = True
                await self._send(dict(_STARTED))
            elif event["type"] == "lifespan.shutdown":
                self.stopped = True
                answer = dict(_STOPPED)
                if self.plan.direction == _rules.B:
                    answer = self._of_old(answer)
                await self._send(answer)
                return


__all__ = ["ANY_LENGTH", "DONE", "HELD", "Http", "Lifespan", "MISSING", "NEW", "OPEN", "Policy", "WebSocket"]
