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

The states of a response: NEW until a start comes; HELD while it is kept back (A28, B19); STARTED when
it has gone out; OPEN when a part of the body has; TRAILING after the last body where the start has
announced trailers; DONE at the end. Those of a WebSocket: NEW until it is answered; DENYING
between the start and the end of a denial response; OPEN; DONE after a close.
"""

from __future__ import annotations

import asyncio
import os
import stat
from collections import deque
from contextvars import copy_context

from . import _rules
from ._errors import AppMessageError, ServerMessageError
from ._normalise import (
    MISSING,
    Unfit,
    announced,
    blame_for,
    content_length,
    is_a,
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

NEW, HELD, STARTED, OPEN, TRAILING, DONE, DENYING = range(7)
_START, _BODY = _rules.START, _rules.BODY
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
        "exchange", "implicit", "keeps_context", "unknown", "quirks", "plan", "http", "request", "rewrites",
        "websocket", "received",
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
        #: The class of the connection of an HTTP request in direction A.
        self.exchange = RewritingHttp if self.rewrites else Http


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
            # A task copies the context in which it is made, and begins later: nobody may change the event.
            event = tuple(map(snapshot, event))
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


async def give_way() -> None:
    """Let other tasks run, on asyncio or trio.

    For a call that is answered without the server: an application that makes it in a loop until something
    changes would never let anything change.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        import trio

        await trio.lowlevel.checkpoint()
    else:
        await asyncio.sleep(0)


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
    if is_a(kind, str) and type(kind) is not str:
        kind = str.__str__(kind)
        event = {**event, "type": kind}
    if type(kind) is not str:
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
        return kind, None, plan.extensions.get(kind, plan.unknown)(event)
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
    names = (
        sorted(str.__str__(key) for key in dict.keys(extensions) if is_a(key, str))
        if is_a(extensions, dict)
        else []
    )
    return safe_repr(names) if names else "nothing"


def is_head(scope: Any) -> bool:
    """Whether the request is one whose response has no body; a method of bytes is none (`python -bb`)."""
    method = scope.get("method")
    return type(method) is str and method == "HEAD"


def read_type(event: Any) -> str:
    """Read the type of what the server gave. Raises `ServerMessageError`."""
    try:
        kind = event["type"]
    except Exception:
        kind = None
    if not is_a(kind, str):
        raise ServerMessageError(
            f"receive() of the server gave {describe(event)}, which is no event",
            expected="dict with a type",
            got=event,
        )
    return str.__str__(kind)


def read_event(event: Any) -> Any:
    """Return what the server gave as a dict whose type is a str. Raises `ServerMessageError`."""
    if type(event) is dict and type(event.get("type")) is str:
        return event
    kind = read_type(event)
    try:
        return {**dict(event), "type": kind}
    except Exception:
        raise ServerMessageError(
            f"receive() of the server gave {describe(event)}, which cannot be read",
            expected="dict with a type",
            got=event,
        ) from None


#: Held in a slot while somebody sends (``turn``) or receives (``reading``), and nobody waits for it.
TAKEN = "taken"


class _Ticket:
    """What one task waits for until it is its turn, on asyncio or trio."""

    __slots__ = ("event",)

    def __init__(self) -> None:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            import trio

            self.event: Any = trio.Event()
        else:
            self.event = asyncio.Event()


async def wait_turn(connection: Any, slot: str = "turn") -> None:
    """Wait until everybody who came earlier is done. Called only when the slot is not None.

    The queue is made here, so that it costs nothing while nobody has to wait. Whoever is cancelled
    leaves the queue, or hands the turn on when it has just been given.
    """
    queue = getattr(connection, slot)
    if queue is TAKEN:
        queue = deque()
        setattr(connection, slot, queue)
    ticket = _Ticket()
    queue.append(ticket)
    try:
        await ticket.event.wait()
    except BaseException:
        if ticket.event.is_set():
            pass_turn(connection, slot)
        else:
            queue.remove(ticket)
        raise


def pass_turn(connection: Any, slot: str = "turn") -> None:
    """Give the turn to the task that has waited longest, or to nobody."""
    queue = getattr(connection, slot)
    if queue is TAKEN or not queue:
        setattr(connection, slot, None)
    else:
        queue.popleft().event.set()


def snapshot(event: Any) -> Any:
    """Copy an event as deep as an application can change it: the dict, the list of headers, the pairs."""
    out = event.copy()
    headers = out.get("headers")
    if headers.__class__ is list:
        out["headers"] = list(map(tuple, headers))
    return out


def count_left(left: int, event: Any, sent: int, more: Any) -> int:
    """Return how many bytes of body are still to come after ``sent``. Raises `AppMessageError`."""
    if sent > left:
        raise mismatch(event, left, "more", sent - left)
    if sent < left and not more:
        raise mismatch(event, left, "fewer", left - sent)
    return left - sent


def mismatch(event: Any, expected: int, which: str, by: int) -> AppMessageError:
    """Make the error for a body that is longer or shorter than its start promised."""
    body = event.get("body")
    return AppMessageError(
        f"the body has {by} bytes {which} than the content-length of the start says: leave the header"
        " out, or count bytes and not characters",
        message_type=event["type"],
        field="file" if body is None else "body",
        expected=f"{expected} bytes",
        got=expected + (by if which == "more" else -by),
    )


def without_length(start: Any) -> Any:
    """Take content-length off a response that has no body by its status: servers count on it."""
    if start["status"] not in _rules.NO_BODY:
        return start
    headers = [pair for pair in start["headers"] if pair[0] != _rules.LENGTH_HEADER]
    return start if len(headers) == len(start["headers"]) else {**start, "headers": headers}


def file_size(event: Any) -> Optional[int]:
    """Return how many bytes a zero-copy send puts out, None where that cannot be known."""
    file, offset, count = event.get("file"), event.get("offset"), event.get("count")
    try:
        number = file if type(file) is int else file.fileno()
        found = os.fstat(number)
        if not stat.S_ISREG(found.st_mode):
            return None
        if offset is None:
            offset = os.lseek(number, 0, os.SEEK_CUR)
            if type(file) is not int and file.tell() != offset:
                return None  # buffered: which of the two a server takes is its own choice
        size = max(0, found.st_size - offset)
        if count is None:
            return int(size)
        return int(min(count, size)) if type(count) is int and count >= 0 else None
    except Exception:
        return None


def read_flag(event: Any, name: str) -> bool:
    """Return the truth of an optional flag of an extension's event. Raises `AppMessageError`."""
    try:
        return bool(event.get(name, False))
    except Exception:
        raise blame_for(AppMessageError, None, event, name, "bool", "") from None


#: Where in a response the events of extensions may come, as states. A push and an early hint also
#: before the start: frameworks send them there (Starlette), and servers take them (hypercorn).
_PLACES = {
    _rules.ZERO_COPY: (HELD, STARTED, OPEN),
    _rules.PATH_SEND: (HELD, STARTED),
    _rules.TRAILERS: (TRAILING,),
    _rules.PUSH: (NEW, HELD, STARTED, OPEN),
    _rules.EARLY_HINT: (NEW, HELD, STARTED, OPEN),
    _rules.DEBUG: (NEW,),
}
_ASIDE = (_rules.PUSH, _rules.EARLY_HINT, _rules.DEBUG)


class Http:
    """One request and its response."""

    __slots__ = ("policy", "scope", "_receive", "_send", "state", "end", "length", "held", "gone", "turn")

    # There is no __init__: whoever opens a connection (`_convert`) stores these one by one, which
    # takes two thirds of the time of a call of the class.
    policy: Policy
    scope: Any
    _receive: Any
    _send: Any
    #: NEW, HELD, STARTED, OPEN, TRAILING or DONE.
    state: int
    #: The state after the last body: DONE, or TRAILING when the start has announced trailers.
    end: int
    #: How many bytes of body are still to come, or one of the two words above.
    length: int
    #: The start that is kept back; after it, in direction B, the chunk that is (B19). A copy.
    held: Any
    #: A copy of the disconnect, once it has been received.
    gone: Any
    #: None, TAKEN while a task sends, or the queue of those that wait until it is done.
    turn: Any

    async def receive(self) -> Any:
        """Give the next event of the client."""
        if self.gone is not None and self.policy.repeats:
            await give_way()
            return self.gone.copy()
        if self.state == HELD and self._is_all():
            # bareASGI 1.4 to 3.0 sends no body where there is none, and waits for the client to leave, who
            # waits for the start (uvicorn of 2019 sent it at once).
            await self._release()
        event = await self._receive()
        if event.__class__ is not dict or event.get("type").__class__ is not str:
            event = read_event(event)
        kind = event["type"]
        if kind == "http.request":
            return self.policy.request(event)
        if kind == "http.disconnect":
            self.gone = event.copy()
        return event

    async def send(self, event: Any) -> None:
        """Take the next event of the response. Several tasks are served in the order of their calls."""
        if self.turn is not None:
            await self._send_later(event)
            return
        policy = self.policy
        try:
            kind = event["type"]
            function = policy.http[kind]
            if kind.__class__ is not str or event.__class__ is not dict:
                raise TypeError
        except Exception:
            kind, function, event = resolve(policy, "http", event, self.scope)
        state = self.state
        if kind == _BODY and HELD <= state <= OPEN and not policy.no_empty:
            event = function(event, self)
            length, held = self.length, self.held
            more = event["more_body"]
            if length != ANY_LENGTH:
                if length == len(event["body"]) and not more:
                    self.length = 0
                else:
                    event = self._measured(event)
            self.state = OPEN if more else self.end
            self.turn = TAKEN
            try:
                if state == HELD:
                    # The application can change its own while the start is being written.
                    event = event.copy()
                    self.held = None
                    await self._send(held)
                    state, held = STARTED, None
                await self._send(event)
            except (OSError, RuntimeError) as error:
                await self._lost(error)
            except BaseException as error:
                if not isinstance(error, Exception):
                    # Cancelled: this one has not happened, and the application may try again.
                    self.state, self.length, self.held = state, length, held
                raise
            finally:
                if self.turn is TAKEN:
                    self.turn = None
                else:
                    pass_turn(self)
        elif kind == _START and state == NEW and policy.hold:
            # Nothing is awaited, so that nobody has to wait.
            event = function(event, self)
            if self.length == NO_BODY:
                event = without_length(event)
            if len(event) == 3 and event["headers"].__class__ is list:
                self.held = held = event.copy()
                held["headers"] = held["headers"][:]
            else:
                self._expect_trailers(event)
                self.held = snapshot(event)
            self.state = HELD
        else:
            self.turn = TAKEN
            try:
                await self._take(kind, function, event)
            finally:
                pass_turn(self)

    async def _send_later(self, event: Any) -> None:
        """Take an event while another task sends: after everything that came before."""
        await wait_turn(self)
        try:
            policy = self.policy
            kind, function, event = resolve(policy, "http", event, self.scope)
            await self._take(kind, function, event)
        finally:
            pass_turn(self)

    async def _take(self, kind: Optional[str], function: Any, event: Any) -> None:
        """Take an event when it is our turn: whatever `send` does not do itself because it is usual."""
        policy = self.policy
        if kind is None:
            await give_way()
        elif kind == _START:
            await self._start(event, function)
        elif kind == _BODY:
            await self._body(event, function)
        elif kind in policy.plan.splits:
            for part in split_response(event, policy.plan.splits[kind].becomes):
                await self._take(part["type"], policy.http[part["type"]], part)
        else:
            await self._extension(kind, event, function)

    async def _start(self, event: Any, function: Any) -> None:
        policy, before = self.policy, (self.state, self.length, self.held)
        state = self.state
        if state >= TRAILING and policy.ended:
            await give_way()
            return
        if state >= TRAILING:
            raise misplaced(event, _AFTER_THE_END)
        if state > HELD:
            second = "A28" if "A28" in policy.plan.rules else None
            raise misplaced(event, "comes a second time, and the first is already on its way", second)
        try:
            event = function(event, self)
            if self.length == NO_BODY:
                event = without_length(event)
            if state == HELD:
                policy.plan.note(AppMessageError, policy.hold, self.held, event, None, None)
        except BaseException:
            self.length = before[1]
            raise
        event = snapshot(event)
        self._expect_trailers(event)
        if policy.hold:
            self.state, self.held = HELD, event
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
            raise misplaced(event, "comes before http.response.start" if state == NEW else _AFTER_THE_END)
        event = function(event, self)
        before = (state, self.length, self.held)
        if self.length != ANY_LENGTH:
            event = self._measured(event)
        if policy.no_empty:
            out = self._old_body(event)
        else:
            out = [event] if state != HELD else [self.held, event.copy()]
            self.held = None
        self.state = OPEN if event["more_body"] else self.end
        await self._forward(out, before)

    async def _forward(self, events: Any, before: Any) -> None:
        """Send on what one event has become. If that is cancelled, what is not yet sent has not happened."""
        state, length, held = before
        if not events:
            await give_way()
        for event in events:
            try:
                await self._pass(event)
            except Exception:
                raise
            except BaseException:
                self.state, self.length, self.held = state, length, held
                raise
            state, held = max(state, STARTED), None

    def take_start(self, start: Any) -> None:
        """Remember how long the body of a start will be; `_normalise` calls it for what it had to walk.

        Raises `AppMessageError` for a content-length that is no number.
        """
        try:
            length = content_length(start.get("headers", ()))
        except Unfit as unfit:
            raise blame_for(
                AppMessageError, None, start, "headers", unfit.expected, unfit.why, unfit.header
            ) from None
        bodiless = start["status"] in _rules.NO_BODY or is_head(self.scope)
        self.length = NO_BODY if self.policy.bodiless and bodiless else length

    def _expect_trailers(self, start: Any) -> None:
        """Remember whether the response ends with its trailers: the start says so, and the server can."""
        expected = start.get("trailers") and announced(_rules.TRAILERS, self.scope)
        self.end = TRAILING if expected else DONE

    def _is_all(self) -> bool:
        """Whether the start that is held says itself that the response has no body."""
        start = self.held
        return start["status"] in _rules.NO_BODY or content_length(start.get("headers", ())) == 0

    async def _release(self) -> None:
        """Send the start that is held and the empty body that it has, unless another task has done so."""
        if self.turn is None:
            self.turn = TAKEN
        else:
            await wait_turn(self)
        try:
            if self.state == HELD and self._is_all():
                await self._take(_BODY, self.policy.http[_BODY], _end())
        finally:
            pass_turn(self)

    def _measured(self, event: Any) -> Any:
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
        after = {**_end(), "more_body": more} if event["type"] != _BODY else {**event, "body": b""}
        if not is_head(self.scope):
            self.policy.plan.note(AppMessageError, self.policy.bodiless, event, after, "body", None)
        return after

    def _old_body(self, event: Any) -> Any:
        """Give what an old server gets: no empty chunk in the middle, no empty end if that can be (B19)."""
        body, more = event["body"], event["more_body"]
        out, held = [], self.held
        self.held = None
        if self.state == HELD:
            if not body and not more and self.length == ANY_LENGTH:
                held = {**held, "headers": [*held["headers"], (_rules.LENGTH_HEADER, b"0")]}
            out.append(held)
            held = None
        if more and not body:
            self.held = held
            return out
        if self.policy.hold_chunk:
            if held is not None and not more and not body:
                event = {**held, "more_body": False}
            elif held is not None:
                out.append(held)
            if more:
                self.held = event.copy()
                return out
        out.append(event.copy() if out else event)
        return out

    async def _extension(self, kind: str, event: Any, function: Any) -> None:
        """Take an event of an extension: only where it may come, and files are bodies."""
        _policy, state = self.policy, self.state
        places = _PLACES.get(kind)
        if places is not None and state not in places:
            self._refuse_extension(kind, event)
            await give_way()
            return
        if function is not None:
            event = function(event, self)
        event = snapshot(event) if event.__class__ is dict else snapshot(dict(event))
        if kind in _ASIDE:
            await self._pass(event)
            return
        before, after = (state, self.length, self.held), state
        if kind in (_rules.ZERO_COPY, _rules.PATH_SEND):
            event, after = self._file(kind, event)
        elif kind == _rules.TRAILERS:
            after = TRAILING if read_flag(event, "more_trailers") else DONE
        elif state == HELD:
            after = STARTED
        out = [event] if self.held is None else [self.held, event]
        self.state, self.held = after, None
        await self._forward(out, before)

    def _file(self, kind: str, event: Any) -> Any:
        """Count a file that is the body or a part of it; give (what goes out, the state after it)."""
        more = kind == _rules.ZERO_COPY and read_flag(event, "more_body")
        if self.length == NO_BODY:
            event = self._without_body(event, more)
        elif self.length != ANY_LENGTH:
            size = file_size(event) if kind == _rules.ZERO_COPY else None
            # Where the size cannot be known, the rest is not counted: nothing right may be refused.
            self.length = ANY_LENGTH if size is None else count_left(self.length, event, size, more)
        return event, OPEN if more else self.end

    def _refuse_extension(self, kind: str, event: Any) -> None:
        """Say why an event of an extension cannot come now; say nothing after the end (A30)."""
        state = self.state
        if kind == _rules.TRAILERS and self.end != TRAILING:
            if state == NEW:
                raise misplaced(event, "comes before http.response.start")
            raise misplaced(event, "has not been announced: http.response.start needs trailers=True")
        if state >= TRAILING and self.policy.ended:
            return
        if state >= TRAILING:
            raise misplaced(event, _AFTER_THE_END)
        if state == NEW:
            raise misplaced(event, "comes before http.response.start")
        if kind == _rules.TRAILERS:
            raise misplaced(event, "comes before the end of the body")
        if kind == _rules.DEBUG:
            raise misplaced(event, "comes after http.response.start")
        raise misplaced(event, "cannot be mixed with other bodies")

    async def _pass(self, event: Any) -> None:
        if self.policy.raises_gone and self.gone is not None:
            raise OSError("the client has gone")
        try:
            await self._send(event)
        except (OSError, RuntimeError) as error:
            await self._lost(error)

    async def _lost(self, error: BaseException) -> None:
        """Decide about an error out of the server's send: the client has gone, or it is a real one."""
        if not self.policy.swallow or not (isinstance(error, OSError) or self.gone is not None):
            raise error
        if self.policy.raises_gone:
            raise OSError("the client has gone") from error
        await give_way()

    async def finish(self) -> None:
        """End what the application left open when it returned (A28), after whatever is being sent."""
        if not self.policy.finish:
            return
        if self.turn is None:
            self.turn = TAKEN
        else:
            await wait_turn(self)
        try:
            if HELD <= self.state <= OPEN:
                await self._finish_body()
            elif self.state == NEW and self.gone is None and self.policy.plan.direction == _rules.A:
                raise AppMessageError(
                    "the application returned without a response: was send() awaited?",
                    rule=self.policy.finish,
                    message_type="http.response.start",
                    expected="a response",
                )
            if self.state == TRAILING:
                self.state = DONE
                await self._pass({"type": _rules.TRAILERS, "headers": [], "more_trailers": False})
        finally:
            pass_turn(self)

    async def _finish_body(self) -> None:
        if self.gone is None:
            if self.length > 0:
                raise mismatch(_end(), self.length, "fewer", self.length)
            self.policy.plan.note(
                AppMessageError, self.policy.finish, {**_end(), "more_body": True}, _end(), "more_body", None
            )
        # A client that has gone gets no rest; not ANY_LENGTH: there is a content-length already (B19).
        self.length = NO_BODY if self.length > 0 else self.length
        await self._take(_BODY, self.policy.http[_BODY], _end())

    async def failed(self, error: BaseException, on_daphne: bool) -> None:
        """Finish what is on its way before the error goes on (A41). A start that is held is forgotten."""
        state = self.state
        if state == HELD:
            self.state, self.held = DONE, None
        if not STARTED <= state <= OPEN or not isinstance(error, Exception) or self.turn is not None:
            return
        choice = self.policy.quirks.finish_on_error
        if not (on_daphne if choice is None else choice) or "A41" not in self.policy.plan.rules:
            return
        self.state = DONE
        try:
            await self._pass(_end())
        except Exception:
            pass  # the application's own error is the one to see


def _end() -> Any:
    return {"type": _BODY, "body": b"", "more_body": False}


class RewritingHttp(Http):
    """One request whose body is joined or renamed (A14): one task at a time puts it together."""

    __slots__ = ("reading",)

    def __init__(self) -> None:
        self.reading: Any = None

    async def receive(self) -> Any:
        """Give the next event of the client. Several tasks are served in the order of their calls."""
        if self.reading is None:
            self.reading = TAKEN
        else:
            await wait_turn(self, "reading")
        try:
            event = await super().receive()
            return await self._old_request(event) if event["type"] == "http.request" else event
        finally:
            pass_turn(self, "reading")

    async def _old_request(self, event: Any) -> Any:
        """Give the body as the application of 2017 or of the articles wants it (A14)."""
        policy = self.policy
        if policy.joins and event["more_body"]:
            parts = [event["body"]]
            while event["more_body"]:
                after = read_event(await self._receive())
                if after["type"] != "http.request":
                    if after["type"] == "http.disconnect":
                        self.gone = after.copy()
                    return after
                event = policy.request(after)
                parts.append(event["body"])
            event = {**event, "body": b"".join(parts)}
        if policy.old_content:
            rest = {key: value for key, value in event.items() if key not in ("body", "more_body")}
            event = {**rest, "content": event["body"], "more_content": event["more_body"]}
        if policy.request_type:
            event = {**event, "type": policy.request_type}
        return event


class OldHttp(Http):
    """One request and its response, on an old server: the end of it is the adapter's to tell (B15)."""

    __slots__ = ("read",)

    def __init__(self) -> None:
        #: Whether the whole body of the request has been received.
        self.read = False

    async def receive(self) -> Any:
        """Give the next event of the client."""
        tells = self.policy.disconnects
        if tells and self.state == DONE:
            await give_way()
            return {"type": "http.disconnect"}
        try:
            event = await super().receive()
        except RuntimeError as error:
            # uvicorn 0.2.0 to 0.2.7 says "Receive channel fully consumed." when the body has been read.
            if not tells or not self.read or _rules.CONSUMED not in safe_str(error):
                raise
        else:
            if not self.read and event["type"] == "http.request" and not event.get("more_body"):
                self.read = True
            return event
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
        "turn",
        "reading",
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
        #: As in `Http`, for those that send and for those that receive.
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
        if event.__class__ is not dict or event.get("type").__class__ is not str:
            event = read_event(event)
        if event["type"] == "websocket.disconnect":
            self.gone = True
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
                if kind.__class__ is not str or event.__class__ is not dict:
                    raise TypeError
            except Exception:
                kind, function, event = resolve(self.policy, "websocket", event, self.scope)
            if kind == "websocket.send" and self.state == OPEN:
                event = function(event, self)
                await (give_way() if event is None else self._pass(event))
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
                await self._pass(event)
            elif state == DONE:
                if not self.policy.own_close or kind not in ("websocket.send", "websocket.close"):
                    raise misplaced(event, "comes after the application's own close")
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
            raise misplaced(event, "comes before websocket.accept", "A34")
        before, event = event, function(event, self)
        self.policy.plan.note(AppMessageError, self.policy.implicit, before, before, None, None)
        event = None if event is None else event.copy()
        await self._accept({"type": _rules.ACCEPT}, self.policy.websocket[_rules.ACCEPT])
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
        event = snapshot(function(event, self))
        if first is not None:
            first = self.policy.websocket[first["type"]](first, self)
        await self._read_connect()
        self.state = OPEN
        await self._pass(event)
        if first is not None:
            await self._pass(first)

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
        event = event.copy()
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
        offered = self._is_offered(kind)
        if not offered and not self.policy.denies:
            raise misplaced(event, "is for servers that announce websocket.http.response", "A38")
        event = snapshot(function(event, self))
        joins = bool(self.policy.joins_denial) or not offered
        if start:
            left = _body_length(event)
            if left == NO_BODY:
                event = without_length(event)
            await self._read_connect()
            self.state, self.denial = DENYING, (event if joins else None, [], left, offered)
            if not joins:
                await self._pass(event)
            return
        held, parts, left, _ = self.denial
        event["body"] = body = b"" if left == NO_BODY else event["body"]
        more = event["more_body"]
        if left >= 0:
            left = count_left(left, event, len(body), more)
        if joins and more:
            self.denial = held, parts, left, offered
            parts.append(body)
            await give_way()
            return
        event["body"] = b"".join([*parts, body])
        out = [event] if held is None else [held, event]
        if not offered:
            out = [{"type": _rules.CLOSE, "code": 1000}]
            self.policy.plan.note(AppMessageError, self.policy.denies, held, out[0], None, None)
        if more:
            self.denial = None, parts, left, offered
        else:
            self.state, self.denial = DONE, None
        for event in out:
            await self._pass(event)

    def _is_offered(self, kind: str) -> bool:
        """Whether the server takes a denial response. Once begun it goes on as it began."""
        if self.state == DENYING:
            return bool(self.denial[3])
        return self.lacks != "denial" and announced(kind, self.scope)

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

    async def _pass(self, event: Any) -> None:
        if self.policy.raises_gone and self.gone:
            raise OSError("the client has gone")
        try:
            await self._send(event)
        except Exception as error:
            await self._lost(error)

    async def _lost(self, error: BaseException) -> None:
        library = type(error).__name__ in _rules.GONE_ERRORS and self.policy.plan.direction == _rules.B
        runtime = isinstance(error, RuntimeError) and (self.gone or self.state == DONE)
        if not self.policy.swallow or not (isinstance(error, OSError) or runtime or library):
            raise error
        if self.state != DONE:
            self.gone = self.gone or _LOST
        if self.policy.raises_gone:
            raise OSError("the client has gone") from error
        await give_way()

    async def finish(self) -> None:
        """Close what the application left open when it returned (A44, A45), after whatever is being sent."""
        if self.gone:
            return
        if self.turn is None:
            self.turn = TAKEN
        else:
            await wait_turn(self)
        try:
            if self.gone or self.state == DONE:
                return
            if self.state == DENYING and self.denial[0] is None:
                # The start of the denial response is out: all that can follow is its body.
                end = _rules.DENIAL + ".body"
                event = {"type": end, "body": b"", "more_body": False}
                await self._take(end, self.policy.websocket[end], event)
            elif self.policy.closes_after if self.state == OPEN else self.policy.closes_before:
                await self._end(1000)
        finally:
            pass_turn(self)

    async def _end(self, code: int) -> None:
        if self.state == DENYING:
            self.state, self.denial = NEW, None
        event = {"type": _rules.CLOSE, "code": code}
        await self._take(_rules.CLOSE, self.policy.websocket[_rules.CLOSE], event)

    async def failed(self, error: BaseException, on_daphne: bool) -> None:
        """Close before the error goes on: servers do it with 1005, 1006 or 1011, or not at all (A44, A45)."""
        if self.gone or self.state == DONE or not isinstance(error, Exception) or self.turn is not None:
            return
        if self.state == OPEN:
            # daphne does this one itself, and refuses the code from others.
            closes, code = bool(self.policy.closes_after) and self.lacks != "codes", 1011
        else:
            closes, code = bool(self.policy.closes_before), 1000
            if self.state == DENYING and self.denial[0] is None:
                closes = False  # the start of a denial response is out, and its end is the server's
        if closes:
            self.turn = TAKEN
            try:
                await self._end(code)
            except Exception:
                pass  # the application's own error is the one to see
            finally:
                pass_turn(self)


def _body_length(start: Any) -> int:
    """Return the content-length of a denial response, or one of the two words for it."""
    try:
        length = content_length(start.get("headers", ()))
    except Unfit as unfit:
        raise blame_for(AppMessageError, None, start, "headers", unfit.expected, "") from None
    return NO_BODY if start["status"] in _rules.NO_BODY else length


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
        "begun",
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
        #: Whether the application has called receive, and whether the server has asked for start-up.
        self.asked = False
        self.begun = False
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
        event = read_event(await self._receive())
        kind = event["type"]
        row = self.plan.received_as.get(kind)
        if row is not None:
            self.old_names = True
            event, kind = {**event, "type": row.type}, row.type
        if kind == "lifespan.startup":
            self.begun = True
        elif kind == "lifespan.shutdown":
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
            await (give_way() if kind is None else self._send(event))
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
            self.failure = printable(event.get("message") or "the application failed to start")
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
        if not self.begun:
            await self._event()  # its own receive was cancelled
        await self._send({"type": "lifespan.startup.failed", "message": message})

    async def _answer(self) -> None:
        """Answer the server on behalf of an application that does not."""
        if self.begun and not self.started:
            self.started = True
            await self._send(dict(_STARTED))
        while True:
            event = await self._event()
            if event["type"] == "lifespan.startup" and not self.started:
                self.started = True
                await self._send(dict(_STARTED))
            elif event["type"] == "lifespan.shutdown" and not self.stopped:
                self.stopped = True
                answer = dict(_STOPPED)
                if self.plan.direction == _rules.B:
                    answer = self._of_old(answer)
                await self._send(answer)
                return


__all__ = ["ANY_LENGTH", "DONE", "HELD", "Http", "Lifespan", "MISSING", "NEW", "OPEN", "Policy", "WebSocket"]
