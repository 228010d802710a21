"""Order and state: several tasks that send, cancellation, copies of what is kept, bodies of extensions."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import types
from typing import ClassVar

import pytest
from messages.cases import (
    ACCEPT,
    BODY,
    CLOSE,
    CONNECT,
    EMPTY,
    GONE,
    PART,
    REQUEST,
    START,
    STARTED,
    STARTUP,
    http,
    websocket,
)

from asgi_compat import AppMessageError, ServerMessageError, to_asgi2, to_asgi3
from asgi_compat._connections import holding
from asgi_compat._convert import Quirks

ZERO_COPY = "http.response.zerocopysend"
PATH_SEND = "http.response.pathsend"
TRAILERS = "http.response.trailers"
DENIAL_START = {"type": "websocket.http.response.start", "status": 401, "headers": []}
DENIAL_BODY = {"type": "websocket.http.response.body", "body": b"hello", "more_body": False}
DENIES = {"extensions": {"websocket.http.response": {}}}
WORD = {"type": "websocket.send", "text": "x"}


def length(number):
    return {**START, "headers": [(b"content-length", b"%d" % number)]}


class SlowServer:
    """A server that suspends before it takes an event, and may be told to wait for ever."""

    def __init__(self, *events):
        self.events = list(events)
        self.sent = []
        self.blocked = None

    async def receive(self):
        await asyncio.sleep(0)
        if self.events:
            return self.events.pop(0)
        await asyncio.get_running_loop().create_future()

    async def send(self, event):
        if self.blocked == event["type"]:
            await asyncio.get_running_loop().create_future()
        # The later one is the faster one: only a server that is called in order has them in order.
        await asyncio.sleep(0.02 if not self.sent else 0)
        self.sent.append(event)

    @property
    def types(self):
        return [event["type"].rpartition(".")[2] for event in self.sent]


def run(function, scope, *events, direction="A", server=None, **options):
    """Run an application behind an adapter; give the server and the exception, if there was one."""
    server = SlowServer(*events) if server is None else server
    error = []

    async def single(scope, receive, send):
        await function(receive, send)

    def double(scope):
        async def instance(receive, send):
            await function(receive, send)

        return instance

    async def main():
        try:
            if direction == "A":
                call = to_asgi3(double, **options)(scope, server.receive, server.send)
            else:
                call = to_asgi2(single, **options)(scope)(server.receive, server.send)
            await asyncio.wait_for(call, 5)
        except Exception as raised:
            error.append(raised)

    asyncio.run(main())
    return server, error[0] if error else None


def tasks(*coroutines):
    return [asyncio.ensure_future(coroutine) for coroutine in coroutines]


# S2: what closing raises is treated as what the application raises.


@pytest.mark.parametrize("daphne", [True, False])
def test_finish_that_raises_is_treated_as_a_failure(daphne):
    scope = http(client=["127.0.0.1", 1], asgi={"version": "3.0"}) if daphne else http()

    async def app(receive, send):
        await send(length(30))
        await send({**PART, "body": b"abc"})

    server, error = run(app, scope, REQUEST)
    assert type(error) is AppMessageError and "27 bytes fewer" in str(error)
    assert server.types == ["start", "body", "body"][: 3 if daphne else 2]


def test_finish_of_a_websocket_that_raises_keeps_the_error():
    class Failing(SlowServer):
        async def send(self, event):
            if event["type"] == "websocket.close":
                raise ValueError("the server's own")
            await super().send(event)

    async def app(receive, send):
        await send(ACCEPT)

    server, error = run(app, websocket(), server=Failing(CONNECT))
    assert type(error) is ValueError and server.types == ["accept"]


def test_failed_that_raises_does_not_replace_the_error_of_the_application():
    class Failing(SlowServer):
        async def send(self, event):
            if self.sent:
                raise ValueError("the server's own")
            self.sent.append(event)

    async def app(receive, send):
        await send(START)
        raise KeyError("the application's")

    server, error = run(
        app, http(), server=Failing(REQUEST), quirks=Quirks(defer_start=False, finish_on_error=True)
    )
    assert type(error) is KeyError and server.types == ["start"]


# S3: what is kept beyond a call is a copy.


@pytest.mark.parametrize("direction", "AB")
@pytest.mark.parametrize(
    "change",
    [
        lambda start: start["headers"].append((b"x", b"1\r\nset-cookie: a=1")),
        lambda start: start["headers"].clear(),
        lambda start: start.update(status=204),
        lambda start: start.clear(),
        lambda start: start["headers"].__setitem__(0, (b"bad name", b"")),
    ],
)
def test_a_held_start_is_a_copy(direction, change):
    async def app(receive, send):
        start = {**START, "headers": [(b"x-a", b"1")]}
        await send(start)
        change(start)
        await send(dict(BODY))

    server, error = run(app, http(), REQUEST, direction=direction)
    assert error is None and server.sent == [{**START, "headers": [(b"x-a", b"1")]}, BODY]


@pytest.mark.parametrize("direction", "AB")
def test_a_held_start_with_other_keys_is_a_copy(direction):
    async def app(receive, send):
        start = {**START, "headers": [[b"x-a", b"1"]], "other": 1}
        pair = start["headers"][0]
        await send(start)
        pair[1] = b"1\r\nx-b: 2"
        start["headers"].clear()
        await send(BODY)

    server, _ = run(app, http(), REQUEST, direction=direction)
    assert server.sent[0] == {**START, "headers": [(b"x-a", b"1")], "other": 1}


def test_a_body_cannot_change_while_its_start_is_written():
    async def app(receive, send):
        body = dict(BODY)
        task = asyncio.ensure_future(send(body))
        await asyncio.sleep(0.01)
        body.update(body=5, more_body=True)
        await task

    async def main(receive, send):
        await send(START)
        await app(receive, send)

    server, error = run(main, http(), REQUEST)
    assert error is None and server.sent == [START, BODY]


def test_an_accept_cannot_change_while_connect_is_read():
    async def app(receive, send):
        accept = {**ACCEPT, "headers": [(b"x-a", b"1")]}
        task = asyncio.ensure_future(send(accept))
        await asyncio.sleep(0)
        accept["headers"].append((b"x", b"1\r\n2"))
        accept["subprotocol"] = "a\r\nb"
        await task
        await send(CLOSE)

    server, _error = run(app, websocket(), CONNECT)
    assert server.sent[0] == {**ACCEPT, "headers": [(b"x-a", b"1")]}


@pytest.mark.parametrize("direction", "AB")
def test_a_held_denial_is_a_copy(direction):
    async def app(receive, send):
        start = {**DENIAL_START, "headers": [(b"x-a", b"1")]}
        await send(start)
        start["headers"].append((b"x", b"1\r\n2"))
        start["status"] = 99
        part = {**DENIAL_BODY, "more_body": True}
        await send(part)
        part.clear()
        await send({**DENIAL_BODY, "body": b"!"})

    server, error = run(app, websocket(**DENIES), CONNECT)
    assert error is None
    assert server.sent == [{**DENIAL_START, "headers": [(b"x-a", b"1")]}, {**DENIAL_BODY, "body": b"hello!"}]


def test_a_held_chunk_is_a_copy():
    async def app(receive, send):
        await send(START)
        chunk = dict(PART)
        await send(chunk)
        chunk.update(body=b"other", more_body=5)
        await send(EMPTY)

    server, _ = run(app, http(), REQUEST, direction="B", quirks=Quirks(hold_last_chunk=True))
    assert server.sent == [START, {**PART, "more_body": False}]


def test_the_disconnect_that_the_server_repeats_is_handed_out_each_time():
    seen = []

    async def app(receive, send):
        await receive()
        first = await receive()
        first["type"] = "changed"
        second = await receive()
        second.clear()
        seen.append(await receive())
        await send(START)

    run(app, http(), REQUEST, *[dict(GONE) for _ in range(3)])
    assert seen == [GONE]


def test_connect_read_ahead_is_a_copy():
    connect, seen = dict(CONNECT), []

    async def app(receive, send):
        await send(ACCEPT)
        connect["type"] = "changed by the server"
        seen.append(await receive())

    run(app, websocket(), connect)
    assert seen == [CONNECT]


# S6: a denial response is counted.


@pytest.mark.parametrize("direction", "AB")
@pytest.mark.parametrize("offered", [True, False])
@pytest.mark.parametrize(
    "number, events, words",
    [
        (b"3", [DENIAL_BODY], "2 bytes more"),
        (b"9", [DENIAL_BODY], "4 bytes fewer"),
        (b"9", [{**DENIAL_BODY, "more_body": True}, DENIAL_BODY], "1 bytes more"),
        (b"x", [], "expected digits"),
        (b"5", [DENIAL_BODY, DENIAL_BODY], "after the application's own close"),
        (b"5", [DENIAL_BODY, DENIAL_START], "after the application's own close"),
        (b"5", [{**DENIAL_BODY, "more_body": True}, DENIAL_START], "start, then bodies"),
    ],
)
def test_a_denial_response_is_counted(direction, offered, number, events, words):
    async def app(receive, send):
        await send({**DENIAL_START, "headers": [(b"content-length", number)]})
        for event in events:
            await send(event)

    scope = websocket(**(DENIES if offered else {"extensions": {}}))
    _server, error = run(app, scope, CONNECT, direction=direction)
    assert type(error) is AppMessageError and words in str(error), error


def test_a_denial_body_before_its_start_is_refused():
    async def app(receive, send):
        await send(DENIAL_BODY)

    server, error = run(app, websocket(**DENIES), CONNECT)
    assert type(error) is AppMessageError and server.types == []


def test_a_denial_with_a_status_that_has_no_body_goes_out_without_one():
    async def app(receive, send):
        await send({**DENIAL_START, "status": 304, "headers": [(b"content-length", b"5")]})
        await send(DENIAL_BODY)

    server, error = run(app, websocket(**DENIES), CONNECT)
    assert error is None and server.sent == [{**DENIAL_START, "status": 304}, {**DENIAL_BODY, "body": b""}]


def test_a_denial_whose_listener_raises_can_be_sent_again():
    failing = [LookupError]

    def on_repair(*_):
        if failing:
            raise failing.pop()

    async def app(receive, send):
        await send(DENIAL_START)
        with pytest.raises(LookupError):
            await send(DENIAL_BODY)
        await send(DENIAL_BODY)

    server, error = run(app, websocket(extensions={}), CONNECT, direction="B", on_repair=on_repair)
    assert error is None and server.types == ["close"]


# S14: files are counted.


def file_of(content):
    file = tempfile.TemporaryFile(buffering=0)
    file.write(content)
    file.seek(0)
    return file


@pytest.mark.parametrize(
    "more, words",
    [
        ({}, None),
        ({"offset": 0, "count": 10}, None),
        ({"offset": 5, "count": 10}, "5 bytes fewer"),
        ({"count": 4}, "6 bytes fewer"),
        ({"count": 4, "more_body": True}, "6 bytes fewer"),
        ({"offset": 2}, "2 bytes fewer"),
    ],
)
def test_a_zero_copy_send_is_counted(more, words):
    async def app(receive, send):
        with file_of(b"0123456789") as file:
            await send(length(10))
            await send({"type": ZERO_COPY, "file": file, **more})

    server, error = run(app, http(extensions={ZERO_COPY: {}}), REQUEST)
    assert (
        (error is None and server.types == ["start", "zerocopysend"])
        if words is None
        else words in str(error)
    )


@pytest.mark.parametrize("file", [5000, object(), None, "name"])
def test_a_file_of_unknown_size_suspends_the_count(file):
    async def app(receive, send):
        await send(length(10))
        await send({"type": ZERO_COPY, "file": file, "more_body": True})
        await send({**BODY, "body": b"abc"})

    server, error = run(app, http(extensions={ZERO_COPY: {}}), REQUEST)
    assert error is None and server.types == ["start", "zerocopysend", "body"]


def test_files_and_bodies_are_counted_together():
    async def app(receive, send):
        with file_of(b"0123456789") as file:
            await send(length(13))
            await send({**PART, "body": b"abc"})
            await send({"type": ZERO_COPY, "file": file})

    server, error = run(app, http(extensions={ZERO_COPY: {}}), REQUEST)
    assert error is None and server.types == ["start", "body", "zerocopysend"]


def test_a_file_for_head_is_an_empty_body():
    async def app(receive, send):
        await send(length(10))
        await send({"type": PATH_SEND, "path": "/x"})

    server, error = run(app, http(method="HEAD", extensions={PATH_SEND: {}}), REQUEST)
    assert error is None and server.sent == [length(10), EMPTY]


# S15: the events of extensions have their places.

TRAILED = {**START, "trailers": True}
LAST = {"type": TRAILERS, "headers": []}
OFFERED = {name: {} for name in (ZERO_COPY, PATH_SEND, TRAILERS)}
OFFERED.update({f"http.response.{name}": {} for name in ("push", "early_hint", "debug")})
PATH = {"type": PATH_SEND, "path": "/x"}
PUSH = {"type": "http.response.push", "path": "/x", "headers": []}
HINT = {"type": "http.response.early_hint", "links": []}
DEBUG = {"type": "http.response.debug", "info": {}}


@pytest.mark.parametrize("hold", [True, False])
@pytest.mark.parametrize(
    "events, sent",
    [
        ([START, PATH], "start pathsend"),
        ([START, PATH, BODY], "start pathsend"),
        ([START, PATH, PATH], "start pathsend"),
        ([START, BODY, PATH], "start body"),
        ([START, PATH, {"type": ZERO_COPY, "file": 5}], "start pathsend"),
        ([TRAILED, BODY, LAST], "start body trailers"),
        ([TRAILED, BODY, {**LAST, "more_trailers": True}, LAST], "start body trailers trailers"),
        ([TRAILED, BODY, LAST, LAST], "start body trailers"),
        ([TRAILED, BODY], "start body trailers"),
        ([TRAILED], "start body trailers"),
        ([TRAILED, PATH, LAST], "start pathsend trailers"),
        ([DEBUG, START, BODY], "debug start body"),
        ([PUSH, HINT, START, BODY], "push early_hint start body"),
        ([START, PART, HINT, PUSH, EMPTY], "start body early_hint push body"),
        ([START, BODY, HINT, PUSH, DEBUG], "start body"),
    ],
)
def test_events_of_extensions_that_may_come(events, sent, hold):
    async def app(receive, send):
        for event in events:
            await send(event)

    server, error = run(app, http(extensions=OFFERED), REQUEST, quirks=Quirks(defer_start=hold))
    assert error is None and server.types == sent.split()


@pytest.mark.parametrize("hold", [True, False])
@pytest.mark.parametrize(
    "events, words",
    [
        ([PATH], "before http.response.start"),
        ([{"type": ZERO_COPY, "file": 5}], "before http.response.start"),
        ([LAST], "before http.response.start"),
        ([START, LAST], "has not been announced"),
        ([START, BODY, LAST], "has not been announced"),
        ([TRAILED, LAST], "before the end of the body"),
        ([TRAILED, PART, LAST], "before the end of the body"),
        ([START, PART, PATH], "cannot be mixed"),
        ([START, DEBUG], "after http.response.start"),
        ([START, PART, DEBUG], "after http.response.start"),
    ],
)
def test_events_of_extensions_that_may_not_come(events, words, hold):
    reached = []

    async def app(receive, send):
        for event in events[:-1]:
            await send(event)
        reached.append(len(server.sent))
        with pytest.raises(AppMessageError, match=words):
            await send(events[-1])
        reached.append(len(server.sent))

    server = SlowServer(REQUEST)
    run(app, http(extensions=OFFERED), server=server, quirks=Quirks(defer_start=hold))
    assert len(reached) == 2 and reached[0] == reached[1]


# S18: what is refused changes nothing.


@pytest.mark.parametrize("direction", "AB")
def test_a_second_start_that_is_refused_leaves_the_count(direction):
    async def app(receive, send):
        await send(length(5))
        with pytest.raises(AppMessageError):
            await send(length(99))
        await send(BODY)

    server, error = run(app, http(), REQUEST, direction=direction, strict=True)
    assert error is None and server.sent == [length(5), BODY]


def test_a_second_start_whose_listener_raises_leaves_the_count():
    def on_repair(*_):
        raise LookupError

    async def app(receive, send):
        await send(length(5))
        with pytest.raises(LookupError):
            await send(START)
        await send(BODY)

    server, error = run(app, http(), REQUEST, on_repair=on_repair)
    assert error is None and server.sent == [length(5), BODY]


# S19: several tasks that send or receive.


@pytest.mark.parametrize("direction", "AB")
@pytest.mark.parametrize("hold", [True, False])
def test_bodies_of_several_tasks_keep_their_order(direction, hold):
    chunks = [{**PART, "body": b"%d" % number} for number in range(5)]

    async def app(receive, send):
        await send(START)
        await asyncio.gather(*[send(chunk) for chunk in chunks], send(BODY))

    server, error = run(app, http(), REQUEST, direction=direction, quirks=Quirks(defer_start=hold))
    assert error is None and server.sent == [START, *chunks, BODY]


@pytest.mark.parametrize("direction", "AB")
def test_finish_waits_for_what_is_being_sent(direction):
    async def app(receive, send):
        await send(START)
        app.task = tasks(send(PART))
        await asyncio.sleep(0)

    server, error = run(app, http(), REQUEST, direction=direction)
    assert error is None and server.sent == [START, PART, EMPTY]


@pytest.mark.parametrize("direction", "AB")
def test_websocket_events_of_several_tasks_keep_their_order(direction):
    async def app(receive, send):
        await asyncio.gather(send(ACCEPT), send(WORD), send(WORD), send(CLOSE))

    server, error = run(app, websocket(), CONNECT, direction=direction)
    assert error is None and server.types == ["accept", "send", "send", "close"]


@pytest.mark.parametrize("taken", [0, 1, 2])
def test_a_cancelled_sender_does_not_lose_the_events_of_the_others(taken):
    chunks = [{**PART, "body": b"%d" % number} for number in range(4)]

    async def app(receive, send):
        await send(START)
        running = tasks(*[send(chunk) for chunk in chunks])
        await asyncio.sleep(0.005)
        running[taken].cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await send(BODY)

    server, error = run(app, http(), REQUEST)
    left = [chunk for number, chunk in enumerate(chunks) if number != taken]
    assert error is None and server.sent == [START, *left, BODY]


def test_a_cancelled_sender_hands_its_turn_on_when_it_has_just_got_it():
    async def app(receive, send):
        await send(ACCEPT)
        blocked, second, third = tasks(*[send({**WORD, "text": text}) for text in "abc"])
        await asyncio.sleep(0.001)
        server.blocked = None
        blocked.cancel()
        await asyncio.sleep(0)
        second.cancel()
        await asyncio.gather(blocked, second, third, return_exceptions=True)

    server = SlowServer(CONNECT)

    async def main(receive, send):
        server.blocked = "websocket.send"
        await app(receive, send)

    _, error = run(main, websocket(), server=server)
    assert error is None and server.types == ["accept", "send", "close"]
    assert server.sent[1]["text"] == "c"


def test_a_send_that_is_cancelled_can_be_sent_again():
    async def app(receive, send):
        await send(length(5))
        with pytest.raises(asyncio.TimeoutError):
            server.blocked = START["type"]
            await asyncio.wait_for(send(BODY), 0.01)
        server.blocked = None
        await send(BODY)

    server = SlowServer(REQUEST)
    _, error = run(app, http(), server=server)
    assert error is None and server.sent == [length(5), BODY]


def test_a_cancelled_accept_can_be_sent_again():
    async def app(receive, send):
        server.blocked = "websocket.accept"
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(send(ACCEPT), 0.01)
        server.blocked = None
        await send(ACCEPT)
        assert (await receive())["type"] == "websocket.connect"

    server = SlowServer(CONNECT)
    _, error = run(app, websocket(), server=server)
    assert error is None and server.types == ["accept", "close"]


def test_receive_waits_while_connect_is_read_for_accept():
    seen = []

    async def app(receive, send):
        accepting = asyncio.ensure_future(send(ACCEPT))
        await asyncio.sleep(0)
        seen.append(await receive())
        seen.append(await receive())
        await accepting

    run(app, websocket(), CONNECT, {"type": "websocket.receive", "text": "x"})
    assert [event["type"] for event in seen] == ["websocket.connect", "websocket.receive"]


def test_a_cancelled_first_receive_does_not_count_as_one():
    class Late(SlowServer):
        order: ClassVar[list] = []

        async def receive(self):
            if not self.order:
                self.order.append("cancelled")
                await asyncio.sleep(1)
            self.order.append("receive")
            return await super().receive()

        async def send(self, event):
            self.order.append(event["type"])
            await super().send(event)

    async def app(receive, send):
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(receive(), 0.01)
        await send(ACCEPT)

    server = Late(CONNECT)
    _, error = run(app, websocket(), server=server)
    assert error is None and server.order == ["cancelled", "receive", "websocket.accept", "websocket.close"]


def test_two_tasks_that_receive_a_joined_body_do_not_share_it():
    parts = [{"type": "http.request", "body": b"%d" % number, "more_body": number < 3} for number in range(4)]
    seen = []

    async def app(receive, send):
        running = tasks(receive(), receive())
        seen.append(await running[0])
        running[1].cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await send(START)

    run(app, http(), *parts, quirks=Quirks(join_body=True))
    assert seen == [{"type": "http.request", "body": b"0123", "more_body": False}]


class OtherEvent:
    """The event of an event loop that is not asyncio's, with the methods of trio.Event."""

    def __init__(self):
        self.set_ = False

    def set(self):
        self.set_ = True

    def is_set(self):
        return self.set_

    @types.coroutine
    def wait(self):
        while not self.set_:
            yield


def run_in_turns(*coroutines):
    """Run coroutines without asyncio: each a step at a time, one after the other."""
    running = list(coroutines)
    while running:
        for coroutine in list(running):
            try:
                coroutine.send(None)
            except StopIteration:
                running.remove(coroutine)


def test_order_is_kept_on_an_event_loop_that_is_not_of_asyncio(monkeypatch):
    monkeypatch.setitem(sys.modules, "trio", types.SimpleNamespace(Event=OtherEvent))
    sent, parts = [], [{**PART, "body": b"%d" % number} for number in range(4)]

    @types.coroutine
    def slow(event):
        for _ in range(5 if not sent else 1):
            yield
        sent.append(event)

    async def receive():
        return REQUEST

    def double(scope):
        async def instance(receive, send):
            await send(START)
            sends.append(send)
            while len(sent) < 5:
                await pause()

        return instance

    @types.coroutine
    def pause():
        yield

    async def part(number):
        while not sends:
            await pause()
        await sends[0](parts[number])

    sends = []
    run_in_turns(to_asgi3(double)(http(), receive, slow), *map(part, range(4)))
    assert sent == [START, *parts, EMPTY]


# S20, S21.


@pytest.mark.parametrize("direction", "AB")
def test_start_up_is_answered_once_when_the_first_receive_was_cancelled(direction):
    class Late(SlowServer):
        async def receive(self):
            await asyncio.sleep(0.05)
            return await super().receive()

    async def app(receive, send):
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(receive(), 0.01)

    server = Late(STARTUP, {"type": "lifespan.shutdown"})
    _, error = run(app, {"type": "lifespan"}, server=server, direction=direction)
    assert error is None and server.sent == [STARTED, {"type": "lifespan.shutdown.complete"}]


@pytest.mark.parametrize(
    "text, whole, waits",
    [
        ("Receive channel fully consumed.", True, True),
        ("Receive channel fully consumed.", False, False),
        ("Event loop is closed", True, False),
    ],
)
def test_only_the_known_error_of_an_old_server_makes_receive_wait(text, whole, waits):
    class Old(SlowServer):
        async def receive(self):
            if self.events:
                return self.events.pop(0)
            raise RuntimeError(text)

    seen = []

    async def app(receive, send):
        await receive()
        try:
            await asyncio.wait_for(receive(), 0.02)
        except Exception as error:
            seen.append(type(error))
        await send(START)

    run(app, http(), server=Old({**REQUEST, "more_body": not whole}), direction="B")
    assert seen == [asyncio.TimeoutError if waits else RuntimeError]


# Threads: each may run a loop, and what is kept of one is not seen by another.


def test_lazy_start_up_keeps_the_state_of_each_loop_apart():
    seen = []

    async def app(scope, receive, send):
        if scope["type"] == "lifespan":
            await receive()
            scope["state"]["loop"] = id(asyncio.get_running_loop())
            await send(STARTED)
            await receive()
            return
        seen.append((scope["state"]["loop"], id(asyncio.get_running_loop())))
        await send(START)
        await send(BODY)

    adapter = to_asgi2(app, quirks=Quirks(lazy_lifespan=True))

    async def connect():
        server = SlowServer(REQUEST)
        await adapter(http())(server.receive, server.send)

    one, two = asyncio.new_event_loop(), asyncio.new_event_loop()
    for loop in (one, two, one):
        loop.run_until_complete(connect())
    for loop in (one, two):
        running = asyncio.all_tasks(loop)
        for task in running:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*running, return_exceptions=True))
        loop.close()
    assert [told for told, _ in seen] == [loop for _, loop in seen] and len(set(seen)) == 2


# Calls that are answered without the server let other tasks run.


async def _start(send):
    await send(START)


async def _whole(send):
    await send(START)
    await send(BODY)


async def _accept(send):
    await send(ACCEPT)


async def _closed(send):
    await send(ACCEPT)
    await send(CLOSE)


async def _denying(send):
    await send(DENIAL_START)


UNKNOWN = {"type": "x.unknown"}
ANSWERED_BY_US = {
    "start that replaces another": ("A", http(), _start, START, {}),
    "body after the end": ("A", http(), _whole, BODY, {}),
    "start after the end": ("A", http(), _whole, START, {}),
    "dropped event": ("A", http(), _start, UNKNOWN, {"quirks": Quirks(drop_unknown=True)}),
    "dropped extension": ("B", http(), _start, {"type": TRAILERS, "headers": []}, {}),
    "file after the end": (
        "A",
        http(extensions={PATH_SEND: {}}),
        _whole,
        {"type": PATH_SEND, "path": "/x"},
        {},
    ),
    "empty chunk of an old server": ("B", http(), _start, {**PART, "body": b""}, {}),
    "message after the close": ("A", websocket(), _closed, WORD, {}),
    "close after the close": ("A", websocket(), _closed, CLOSE, {}),
    "empty message": ("A", websocket(), _accept, {"type": "websocket.send"}, {}),
    "dropped event of a websocket": (
        "A",
        websocket(),
        _accept,
        UNKNOWN,
        {"quirks": Quirks(drop_unknown=True)},
    ),
    "part of a joined denial": ("A", websocket(**DENIES), _denying, {**DENIAL_BODY, "more_body": True}, {}),
    "dropped answer": ("A", {"type": "lifespan"}, None, UNKNOWN, {"quirks": Quirks(drop_unknown=True)}),
}


def count_turns(app, scope, server, direction, **options):
    """Run an application beside a task that counts its turns; give the count and the error."""
    turns = []

    async def main():
        async def count():
            while True:
                turns.append(1)
                await asyncio.sleep(0)

        counting = asyncio.ensure_future(count())
        try:
            await call(app, scope, server, direction, **options)
        except AppMessageError:
            pass  # a denial that is not finished and the like
        finally:
            counting.cancel()

    asyncio.run(main())
    return len(turns)


def call(app, scope, server, direction, **options):
    async def single(scope, receive, send):
        await app(receive, send)

    def double(scope):
        async def instance(receive, send):
            await app(receive, send)

        return instance

    if direction == "A":
        return to_asgi3(double, **options)(scope, server.receive, server.send)
    return to_asgi2(single, **options)(scope)(server.receive, server.send)


@pytest.mark.parametrize("name", ANSWERED_BY_US)
def test_send_that_never_reaches_the_server_lets_other_tasks_run(name, monkeypatch):
    # A start that is held goes out after 20 to 40 ms, and the next one is then an error.
    monkeypatch.setattr(holding, "INTERVAL", 60)
    direction, scope, before, event, options = ANSWERED_BY_US[name]

    async def app(receive, send):
        if before is not None:
            await before(send)
        for _ in range(100):
            await send(event)

    events = {"http": [REQUEST], "websocket": [CONNECT], "lifespan": [STARTUP, {"type": "lifespan.shutdown"}]}
    server = InstantServer(*events[scope["type"]])
    assert count_turns(app, scope, server, direction, **options) >= 90


class InstantServer:
    """A server that never suspends: its send raises once the client has gone."""

    def __init__(self, *events, gone=False):
        self.events, self.gone = list(events), gone

    async def receive(self):
        return self.events.pop(0) if self.events else {"type": "http.disconnect"}

    async def send(self, event):
        if self.gone:
            raise OSError("the client has gone")


@pytest.mark.parametrize("direction", "AB")
@pytest.mark.parametrize("scope, event", [(http(), PART), (websocket(), WORD)])
def test_send_to_a_client_that_has_gone_lets_other_tasks_run(direction, scope, event):
    async def app(receive, send):
        await send(START if scope["type"] == "http" else ACCEPT)
        server.gone = True
        for _ in range(100):
            await send({**event, "body": b"x"} if event is PART else event)

    server = InstantServer(CONNECT)
    assert count_turns(app, scope, server, direction) >= 90


@pytest.mark.parametrize("direction", "AB")
def test_receive_after_the_client_has_gone_lets_other_tasks_run(direction):
    async def app(receive, send):
        await _whole(send)
        for _ in range(100):
            await receive()

    assert count_turns(app, http(), InstantServer(REQUEST, GONE), direction) >= 90


# What random conversations found (tests/hostile).


def test_empty_response_with_a_content_length_keeps_one():
    async def app(receive, send):
        await send(length(0))

    server, error = run(app, http(), REQUEST, direction="B")
    assert error is None and server.sent == [length(0), EMPTY]


def test_denial_goes_on_as_it_began_when_the_scope_is_changed():
    async def single(scope, receive, send):
        await send(DENIAL_START)
        scope["extensions"] = {}
        await send(DENIAL_BODY)

    server = SlowServer(CONNECT)
    asyncio.run(to_asgi2(single)(websocket(**DENIES))(server.receive, server.send))
    assert server.sent == [DENIAL_START, DENIAL_BODY]


def test_shutdown_is_answered_once_when_an_application_without_start_up_answers_it():
    async def app(receive, send):
        await receive()
        await send({"type": "lifespan.shutdown.complete"})

    class Ending(SlowServer):
        async def receive(self):
            if not self.events:
                raise asyncio.CancelledError
            return await super().receive()

    server = Ending({"type": "lifespan.shutdown"}, {"type": "lifespan.shutdown"})
    with pytest.raises(asyncio.CancelledError):
        run(app, {"type": "lifespan"}, server=server, direction="B")
    assert server.sent == [{"type": "lifespan.shutdown.complete"}]


def test_failed_start_up_on_an_old_server_is_escaped_and_bounded():
    async def app(receive, send):
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no \x1b[31m\r\n" + "x" * 5000})

    _, error = run(app, {"type": "lifespan"}, STARTUP, direction="B")
    assert type(error) is RuntimeError and str(error).startswith("no \\x1b[31m\\r\\nxxx")
    assert len(str(error)) <= 1000


class Text(str):
    """A str that is equal to every other."""

    def __eq__(self, other):
        return True

    def __hash__(self):
        return hash(START["type"])


class Unreadable:
    def __getitem__(self, key):
        raise LookupError("no")


@pytest.mark.parametrize("scope", [http(), websocket(), {"type": "lifespan"}])
@pytest.mark.parametrize("event", [{"type": Text("x")}, Unreadable(), None, [1], {"type": [1]}, {}])
def test_event_that_cannot_be_read_is_refused(scope, event):
    async def app(receive, send):
        await receive()
        with pytest.raises(AppMessageError):
            await send(event)
        raise LookupError

    server, error = run(app, scope, CONNECT, lifespan="on")
    assert type(error) is LookupError and server.types in ([], ["close"], ["failed"])


class Halved(dict):
    """A dict that cannot be read as one."""

    def keys(self):
        raise LookupError("no")

    __iter__ = keys


@pytest.mark.parametrize("direction", "AB")
@pytest.mark.parametrize("scope", [http(), websocket(), {"type": "lifespan"}])
@pytest.mark.parametrize("event", [Halved(type="x"), Unreadable(), None, {"type": 1}, {}])
def test_received_event_that_cannot_be_read_is_the_servers_error(direction, scope, event):
    async def app(receive, send):
        with pytest.raises(ServerMessageError):
            await receive()
        raise LookupError

    _, error = run(app, scope, event, direction=direction, lifespan="on")
    assert type(error) is LookupError


@pytest.mark.parametrize(
    "event",
    [
        {"type": ZERO_COPY, "file": None, "offset": 1.5},
        {"type": ZERO_COPY, "file": None, "count": "3"},
        {"type": ZERO_COPY, "file": None, "count": True},
        {"type": ZERO_COPY, "file": None, "more_body": [1]},
        {"type": ZERO_COPY},
        {"type": PATH_SEND, "path": None},
        {"type": PATH_SEND, "path": b"/x"},
        {"type": PATH_SEND},
        {"type": "http.response.debug", "info": 5},
        {"type": "http.response.debug"},
    ],
)
def test_event_of_an_extension_with_a_wrong_field_is_refused(event):
    async def app(receive, send):
        if event["type"] != "http.response.debug":
            await send(START)
        with pytest.raises(AppMessageError):
            await send(event)
        if event["type"] == "http.response.debug":
            await send(START)
        await send(BODY)

    offered = {ZERO_COPY: {}, PATH_SEND: {}, "http.response.debug": {}}
    server, error = run(app, http(extensions=offered), REQUEST)
    assert error is None and server.sent == [START, BODY]


def test_trailers_do_not_frame_the_message():
    start = {**START, "trailers": True}
    trailers = {
        "type": TRAILERS,
        "headers": [(b"content-length", b"5"), (b"x-sum", b"1")],
        "more_trailers": False,
    }

    async def app(receive, send):
        await send(start)
        await send(BODY)
        await send(trailers)

    server, error = run(app, http(extensions={TRAILERS: {}}), REQUEST)
    assert error is None and server.sent == [start, BODY, {**trailers, "headers": [(b"x-sum", b"1")]}]


def test_push_of_a_path_with_a_lone_surrogate_is_refused():
    async def app(receive, send):
        with pytest.raises(AppMessageError):
            await send({"type": "http.response.push", "path": "/\ud800", "headers": []})
        await send(START)
        await send(BODY)

    server, error = run(app, http(extensions={"http.response.push": {}}), REQUEST)
    assert error is None and server.sent == [START, BODY]


class Method(str):
    __slots__ = ()


@pytest.mark.parametrize("direction", "AB")
def test_head_that_is_a_subclass_of_str_has_no_body(direction):
    async def app(receive, send):
        await send(START)
        await send({**BODY, "body": b"x"})

    server, error = run(app, {**http(), "method": Method("HEAD")}, REQUEST, direction=direction)
    assert error is None and server.sent == [START, EMPTY]


class Nothing:
    def __getattribute__(self, name):
        raise LookupError(name)


def test_state_that_raises_when_asked_for_its_class_is_not_one():
    async def app(receive, send):
        await receive()
        await send(STARTED)

    server, error = run(app, {"type": "lifespan", "state": Nothing()}, STARTUP, direction="B")
    assert error is None and server.sent == [STARTED]


def test_denial_whose_body_is_cancelled_ends_with_a_body():
    async def app(receive, send):
        await send(DENIAL_START)
        server.blocked = DENIAL_BODY["type"]
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(send(DENIAL_BODY), 0.05)
        server.blocked = None

    server = SlowServer(CONNECT)
    _, error = run(app, websocket(**DENIES), server=server)
    assert error is None and server.sent == [DENIAL_START, {**DENIAL_BODY, "body": b""}]


@pytest.mark.parametrize("direction", "AB")
def test_head_whose_method_the_application_removes_has_no_body(direction):
    async def single(scope, receive, send):
        del scope["method"]
        await send(START)
        await send({**BODY, "body": b"x"})

    server = SlowServer(REQUEST)
    scope = {**http(), "method": "HEAD"}
    if direction == "A":
        asyncio.run(to_asgi3(single)(scope, server.receive, server.send))
    else:
        asyncio.run(to_asgi2(single)(scope)(server.receive, server.send))
    assert server.sent == [START, EMPTY]


@pytest.mark.parametrize("direction", "AB")
@pytest.mark.parametrize("scope", [http(), websocket()])
def test_event_that_raises_when_asked_for_its_class_is_the_servers_error(scope, direction):
    async def app(receive, send):
        with pytest.raises(ServerMessageError):
            await receive()
        raise LookupError

    _, error = run(app, scope, Nothing(), direction=direction)
    assert type(error) is LookupError


class Extensions(dict):
    def __iter__(self):
        raise LookupError("no")

    __bool__ = __len__ = __iter__


def test_extensions_that_cannot_be_iterated_announce_what_they_hold():
    async def app(receive, send):
        await send({"type": "x.custom"})
        await send(START)
        await send(BODY)

    server, error = run(app, {**http(), "extensions": Extensions({"x.custom": {}})}, REQUEST)
    assert error is None and server.sent == [{"type": "x.custom"}, START, BODY]
