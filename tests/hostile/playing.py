"""Play a conversation on an adapter and write down what everybody saw.

The server and the application are scripts (`generator`). Nothing is judged here, that is `validator`'s.
"""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import Any, Callable, List, Optional, Tuple

from .generator import Conversation
from .loop import OutOfBudget, VirtualLoop
from .values import MUTATED, SPLIT, build, reprs

#: Callbacks that a conversation may need. The longest take a few hundred.
BUDGET = 20_000
#: How often a server gives the same event again.
REPEATS = 400
#: How deep `copy` looks.
DEPTH = 6


def copy(value: Any, depth: int = DEPTH) -> Any:
    """Copy what somebody could still change: dicts, lists, tuples and bytearrays of exactly these types."""
    kind = type(value)
    if depth and kind is dict:
        return {key: copy(item, depth - 1) for key, item in value.items()}
    if depth and kind is list and len(value) < 1000:
        return [copy(item, depth - 1) for item in value]
    if depth and kind is tuple and len(value) < 1000:
        return tuple([copy(item, depth - 1) for item in value])
    if kind is bytearray:
        return bytearray(value)
    return value


class Call:
    """One call of receive or send by the application."""

    __slots__ = ("name", "given", "before", "result", "seen", "error", "done", "cancelled", "mutated", "keys")

    def __init__(self, name: str, given: Any = None) -> None:
        self.name = name
        #: The event that was sent, and a copy of it as it was then.
        self.given = given
        self.before = copy(given)
        #: The event that was received, and a copy of it as it was then.
        self.result: Any = None
        self.seen: Any = None
        self.error: Optional[BaseException] = None
        self.done = False
        #: The application cancelled the task that waits for it.
        self.cancelled = False
        #: The application changed the event afterwards, or meanwhile.
        self.mutated = False
        self.keys = list(dict.keys(given)) if issubclass(type(given), dict) else None


class Written:
    """One event that reached the server."""

    __slots__ = ("event", "seen", "error", "reads", "done")

    def __init__(self, event: Any, reads: int) -> None:
        self.event = event
        #: A copy of it as it was when send was called.
        self.seen = copy(event)
        #: What send raised.
        self.error: Optional[BaseException] = None
        #: The types of what receive had given until then.
        self.reads = reads
        self.done = False


class Awaitable:
    """What granian's receive and send return: something to await that is not a coroutine."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __await__(self) -> Any:
        return self.inner.__await__()


async def _wait(delay: float) -> None:
    if delay >= 1:
        for _ in range(int(delay)):
            await asyncio.sleep(0)
    elif delay:
        await asyncio.sleep(delay)


class Server:
    """The server's side of a conversation."""

    def __init__(self, conversation: Conversation) -> None:
        self.conversation = conversation
        self.items = list(conversation.receives)
        self.written: List[Written] = []
        #: What receive has returned, with a copy of it as it was then.
        self.given: List[Tuple[Any, Any]] = []
        self.raised: List[BaseException] = []
        self.calls = 0
        #: Calls of receive and send that have not returned.
        self.receiving = 0
        self.sending = 0
        self._last: Any = None
        self._repeats = 0

    def receive(self) -> Any:
        inner = self._receive()
        return Awaitable(inner) if self.conversation.awaitable else inner

    def send(self, event: Any) -> Any:
        inner = self._send(event)
        return Awaitable(inner) if self.conversation.awaitable else inner

    async def _receive(self) -> Any:
        self.calls += 1
        self.receiving += 1
        try:
            return await self._next()
        finally:
            self.receiving -= 1

    async def _next(self) -> Any:
        if self.items:
            item = self.items.pop(0)
            self._last = item
        elif self._repeats == REPEATS:
            item = ("never",)
        elif self.conversation.after == "repeat" and self._last is not None:
            item = self._last
            self._repeats += 1
            await asyncio.sleep(0)
        elif self.conversation.after == "consumed":
            item = ("raise", _consumed, 0)
        elif self.conversation.after == "disconnect":
            item = ("event", {"type": "http.disconnect"}, 1)
            self._repeats += 1
        else:
            item = ("never",)
        if item[0] == "never":
            await asyncio.get_running_loop().create_future()
        await _wait(item[2])
        if item[0] == "raise":
            error = item[1]() if callable(item[1]) else build(item[1])
            self.raised.append(error)
            raise error
        event = build(item[1])
        self.given.append((event, copy(event)))
        return event

    async def _send(self, event: Any) -> None:
        self.calls += 1
        self.sending += 1
        number = len(self.written)
        written = Written(event, len(self.given))
        self.written.append(written)
        try:
            delays = self.conversation.send_delays
            if delays:
                await _wait(delays[number % len(delays)])
            self._fail(number)
        except BaseException as error:
            written.error = error
            raise
        finally:
            written.done = True
            self.sending -= 1

    def _fail(self, number: int) -> None:
        recipe = self.conversation.send_errors.get(number)
        later = self.conversation.send_fails_from
        if recipe is None and later is not None and number >= later[0]:
            recipe = later[1]
        if recipe is not None:
            error = build(recipe)
            self.raised.append(error)
            raise error


def _consumed() -> Exception:
    return RuntimeError("Receive channel fully consumed.")


class Application:
    """The application's side of a conversation."""

    def __init__(self, conversation: Conversation, loop: VirtualLoop, server: Server) -> None:
        self.conversation = conversation
        self.loop = loop
        self.server = server
        self.calls: List[Call] = []
        self.scope: Any = None
        self.scope_seen: Any = None
        self.entered = False
        #: What left the application.
        self.error: Optional[BaseException] = None
        self.ended = False
        #: What it raised of its own.
        self.raised: List[BaseException] = []
        #: Keys that it wrote into its scope.
        self.wrote: List[str] = []
        #: It changed what was in its scope, too.
        self.changed_scope = False
        #: How often in a row a call was completed without the loop or the server having had a turn.
        self.spin = 0
        self.longest_spin = 0
        self._turn: Any = None
        self._tasks: List[Tuple[Any, Call]] = []
        self._last: Optional[Call] = None

    async def run(self, scope: Any, receive: Any, send: Any) -> Any:
        self.entered = True
        self.scope, self.scope_seen = scope, copy(scope)
        self.receive, self.send = receive, send
        try:
            for step in self.conversation.steps:
                done = await getattr(self, "do_" + step[0].replace("-", "_"))(*step[1:])
                if done is not None:
                    return done[0]
            return None
        except BaseException as error:
            self.error = error
            raise
        finally:
            self.ended = True
            await self._end()

    async def _end(self) -> None:
        for task, call in self._tasks:
            if not task.done():
                call.cancelled = True
                task.cancel()
        for task, _ in self._tasks:
            try:
                await task
            except BaseException:
                if not task.done():
                    raise

    async def call(self, call: Call) -> Any:
        self.calls.append(call)
        try:
            if call.name == "send":
                self._last = call
                await self.send(call.given)
            else:
                call.result = await self.receive()
                call.seen = copy(call.result)
            return call.result
        except BaseException as error:
            call.error = error
            raise
        finally:
            call.done = True
            turn = (self.loop.ticks, self.server.calls)
            self.spin = self.spin + 1 if turn == self._turn else 0
            self._turn = turn
            self.longest_spin = max(self.longest_spin, self.spin)

    async def _caught(self, call: Call) -> None:
        try:
            await self.call(call)
        except Exception:
            pass

    async def do_send(self, recipe: Any, catch: bool) -> None:
        call = Call("send", build(recipe))
        await (self._caught(call) if catch else self.call(call))

    async def do_receive(self, catch: bool) -> None:
        call = Call("receive")
        await (self._caught(call) if catch else self.call(call))

    async def do_spawn(self, recipe: Any) -> None:
        call = Call("receive") if recipe is None else Call("send", build(recipe))
        self._tasks.append((self.loop.spawn(self._caught(call)), call))

    async def do_cancel(self, number: int) -> None:
        waiting = [(task, call) for task, call in self._tasks if not task.done()]
        if waiting:
            task, call = waiting[number % len(waiting)]
            call.cancelled = True
            task.cancel()

    async def do_timeout(self) -> None:
        call = Call("receive")
        task = self.loop.spawn(self._caught(call))
        self._tasks.append((task, call))
        await asyncio.sleep(0)
        call.cancelled = not task.done()
        task.cancel()
        await asyncio.sleep(0)

    async def do_pause(self, delay: float) -> None:
        await _wait(delay)

    async def do_join(self) -> None:
        # Not longer than any delay of a server: a receive may wait for ever.
        await asyncio.sleep(2)

    async def do_drain(self, count: int) -> None:
        for _ in range(count):
            await self.call(Call("receive"))

    async def do_flood(self, recipe: Any, count: int) -> None:
        for _ in range(count):
            call = Call("send", build(recipe))
            await self._caught(call)
            if call.error is not None:
                break
            self.calls.remove(call)

    async def do_scope(self, how: str) -> None:
        scope = self.scope
        if type(scope) is not dict:
            return
        self.changed_scope = self.changed_scope or how != "write"
        if how == "write":
            scope["written by the application"] = 1
            self.wrote.append("written by the application")
        elif how == "asgi" and type(scope.get("asgi")) is dict:
            scope["asgi"]["written"] = []
        elif how == "headers" and type(scope.get("headers")) is list:
            scope["headers"].append((b"x-written", b"1"))
        elif how == "extensions" and type(scope.get("extensions")) is dict:
            scope["extensions"]["written"] = {}
        elif how == "remove":
            scope.pop("method", None)
            scope.pop("headers", None)
            scope.pop("subprotocols", None)
        elif how == "replace":
            scope["extensions"] = 5
            scope["method"] = None
            scope["type"] = b"x"

    async def do_raise(self, recipe: Any) -> None:
        error = build(recipe)
        self.raised.append(error)
        raise error

    async def do_return(self, value: Any) -> Any:
        return (value,)

    async def do_mutate(self, how: str) -> None:
        """Change the event that was sent last, in place, as whoever reuses it does."""
        call = self._last
        event = call.given if call is not None else None
        if call is None or type(event) is not dict:
            return
        call.mutated = True
        headers = event.get("headers")
        if how in ("append", "clear", "pair", "array") and type(headers) is list and len(headers) < 1000:
            self._mutate_headers(headers, how)
        elif how == "status":
            event["status"] = 999
        elif how == "body" and type(event.get("body")) is bytearray:
            event["body"][:] = MUTATED
        elif how == "type":
            event["type"] = "x\r\nforged"
        elif how == "empty":
            event.clear()
        elif how == "pop":
            event.pop("headers", None)
            event.pop("status", None)

    def _mutate_headers(self, headers: List[Any], how: str) -> None:
        if how == "append":
            headers.append((MUTATED, SPLIT))
        elif how == "clear":
            del headers[:]
        for one in headers:
            if how == "pair" and type(one) is list and len(one) == 2:
                one[1] = MUTATED + SPLIT
            elif how == "array" and type(one) in (list, tuple):
                for item in one:
                    if type(item) is bytearray:
                        try:
                            item[:] = MUTATED
                        except BufferError:
                            pass


# An unrelated request.

#: Tells the scope of the unrelated request.
MARK = "hostile.neighbour"
NEIGHBOUR_SCOPE = {
    "type": "http",
    "asgi": {"version": "3.0", "spec_version": "2.3"},
    "http_version": "1.1",
    "method": "POST",
    "scheme": "http",
    "path": "/neighbour",
    "raw_path": b"/neighbour",
    "query_string": b"",
    "root_path": "",
    "headers": [(b"host", b"example.com"), (b"x-b", b"1")],
    "client": ("127.0.0.1", 4000),
    "server": ("127.0.0.1", 8000),
    "extensions": {},
    MARK: True,
}
NEIGHBOUR_HEADERS = [
    (b"content-type", b"text/plain"),
    (b"x-a", b"1"),
    (b"vary", b"1"),
    (b"set-cookie", b"n=1"),
]


class Neighbour:
    """A short and correct request beside the conversation, or before it."""

    def __init__(self) -> None:
        self.written: List[Any] = []
        self.error: Optional[BaseException] = None
        self.done = False
        self.scope: Any = None
        self.scope_seen: Any = None
        self.received: Any = None
        self.given_scope = copy(NEIGHBOUR_SCOPE)

    async def receive(self) -> Any:
        await asyncio.sleep(0)
        if self.received is None:
            return {"type": "http.request", "body": b"question", "more_body": False}
        return await asyncio.get_running_loop().create_future()

    async def send(self, event: Any) -> None:
        self.written.append(copy(event))
        await asyncio.sleep(0)

    async def application(self, scope: Any, receive: Any, send: Any) -> None:
        self.scope, self.scope_seen = scope, copy(scope)
        self.received = await receive()
        await send({"type": "http.response.start", "status": 201, "headers": list(NEIGHBOUR_HEADERS)})
        for _ in range(3):
            await asyncio.sleep(0)
        await send({"type": "http.response.body", "body": b"ans", "more_body": True})
        await asyncio.sleep(0.05)
        await send({"type": "http.response.body", "body": b"wer", "more_body": False})


class Record:
    """All that there is to judge about one conversation."""

    def __init__(self, conversation: Conversation) -> None:
        self.conversation = conversation
        self.loop = VirtualLoop()
        self.server = Server(conversation)
        self.application = Application(conversation, self.loop, self.server)
        self.neighbour: Optional[Neighbour] = None
        self.scope = build(conversation.scope)
        self.scope_before = copy(self.scope)
        self.result: Any = None
        self.error: Optional[BaseException] = None
        self.done = False
        #: It had to be cancelled, because everybody waited.
        self.cancelled = False
        #: Calls that waited then: (the call, receives of the server that waited, sends that did).
        self.waiting: List[Call] = []
        self.receiving = self.sending = 0
        self.out_of_budget = False
        self.still_running = False
        self.left_tasks: List[Any] = []
        self.repairs = 0
        self.logged: List[str] = []
        self.wrapping_error: Optional[BaseException] = None
        #: How often the items of an endless list were asked for their repr.
        self.reprs = 0


class _Log(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: List[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self.lines.append(record.getMessage())
        except Exception as error:
            self.lines.append(f"\x00cannot be formatted: {type(error).__name__}")


_log = _Log()


def listen() -> Callable[[], None]:
    """Collect what the library logs, from now on; give the function that ends it."""
    logger = logging.getLogger("asgi_compat")
    before = logger.level, logger.propagate
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    logger.addHandler(_log)

    def end() -> None:
        logger.removeHandler(_log)
        logger.setLevel(before[0])
        logger.propagate = before[1]

    return end


def adapt(conversation: Conversation, app: Any, on_repair: Any) -> Any:
    """Wrap the application as the conversation says."""
    import asgi_compat

    wrap = asgi_compat.to_asgi3 if conversation.direction == "A" else asgi_compat.to_asgi2
    return wrap(
        app,
        style=conversation.style if conversation.told else None,
        lifespan=conversation.mode,
        quirks=asgi_compat.Quirks(**conversation.quirks),
        strict=conversation.strict,
        on_repair=on_repair,
    )


def play(conversation: Conversation, adapt: Any = adapt) -> Record:
    """Play a conversation. Raises nothing that the adapter raises."""
    record = Record(conversation)
    del _log.lines[:]
    reprs[0] = 0
    try:
        _play(record, adapt)
    finally:
        record.reprs = reprs[0]
        record.logged = list(_log.lines)
    return record


def _play(record: Record, adapt: Any) -> None:
    conversation, loop = record.conversation, record.loop
    neighbour = record.neighbour = Neighbour() if conversation.neighbour else None

    def on_repair(rule: str, before: Any, after: Any) -> None:
        record.repairs += 1

    try:
        app = adapt(conversation, _in_style(conversation.style, partial(_answer, record)), on_repair)
    except Exception as error:
        record.wrapping_error = error
        return

    tasks: List[Any] = []
    try:
        if neighbour is not None and conversation.neighbour == "before":
            tasks.append(loop.spawn(_request(conversation, app, neighbour)))
            loop.run(BUDGET)
        tasks.append(loop.spawn(_converse(record, app)))
        if neighbour is not None and conversation.neighbour == "beside":
            tasks.append(loop.spawn(_request(conversation, app, neighbour)))
        loop.run(BUDGET)
        _look_at_what_waits(record)
        for _ in range(3):
            for task in tasks:
                task.cancel()
            loop.run(BUDGET)
    except OutOfBudget:
        record.out_of_budget = True
    record.still_running = not all(task.done() for task in tasks)
    _end_of_loop(record)


async def _answer(record: Record, scope: Any, receive: Any, send: Any) -> Any:
    """Be the application: of the conversation, of the unrelated request, or of a start-up of our own."""
    if type(scope) is dict and MARK in scope and record.neighbour is not None:
        return await record.neighbour.application(scope, receive, send)
    if type(scope) is dict and scope.get("type") == "lifespan" and record.conversation.kind != "lifespan":
        return await _start_up(receive, send)
    return await record.application.run(scope, receive, send)


def _begin(conversation: Conversation, app: Any, scope: Any, receive: Any, send: Any) -> Any:
    return app(scope, receive, send) if conversation.direction == "A" else app(scope)(receive, send)


async def _converse(record: Record, app: Any) -> None:
    server = record.server
    try:
        record.result = await _begin(record.conversation, app, record.scope, server.receive, server.send)
    except BaseException as error:
        record.error = error
    finally:
        record.done = True


async def _request(conversation: Conversation, app: Any, one: Neighbour) -> None:
    try:
        await _begin(conversation, app, one.given_scope, one.receive, one.send)
    except BaseException as error:
        one.error = error
    finally:
        one.done = True


def _look_at_what_waits(record: Record) -> None:
    if record.done:
        return
    record.cancelled = True
    record.waiting = [call for call in record.application.calls if not call.done]
    record.receiving, record.sending = record.server.receiving, record.server.sending


def _end_of_loop(record: Record) -> None:
    """Cancel what is left, as `asyncio.run` does, and see what does not end."""
    loop = record.loop
    record.left_tasks = [task for task in loop.foreign if not task.done()]
    try:
        for task in [*record.left_tasks, *loop.own]:
            if not task.done():
                task.cancel()
        loop.run(BUDGET)
    except OutOfBudget:
        record.out_of_budget = True
    for task in [*loop.foreign, *loop.own]:
        if task.done() and not task.cancelled():
            task.exception()
        elif not task.done():
            # Nothing will run it again: asyncio shall not complain about it later.
            task._log_destroy_pending = False
            record.still_running = True


async def _start_up(receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})


def _in_style(style: str, answer: Any) -> Any:
    if style == "single":

        async def single(scope: Any, receive: Any, send: Any) -> Any:
            return await answer(scope, receive, send)

        return single

    def double(scope: Any) -> Any:
        async def instance(receive: Any, send: Any) -> Any:
            return await answer(scope, receive, send)

        return instance

    return double
