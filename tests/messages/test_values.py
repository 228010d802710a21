"""What may stand in scopes, events and the texts about them, through the whole service in both directions."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import re
import time
from typing import Any, Dict, List, Tuple

import pytest

from asgi_compat import AppMessageError, MessageError, Quirks, to_asgi2, to_asgi3
from asgi_compat._messages.compile import compile_rules
from messages.cases import ACCEPT, BODY, CONNECT, EXTENSIONS, REQUEST, START, http, start, websocket

SECRET = "sesame-7f3a"
RAW = SECRET.encode()


Said = Tuple[List[Any], List[Any], Dict[str, Any]]


class Speaker:
    """An application and its service, which takes ten times as long to make as one conversation."""

    def __init__(self, direction: str, **options: Any) -> None:
        self.events: List[Any] = []
        self.raised: List[Any] = []
        self.seen: Dict[str, Any] = {}

        async def application(scope: Any, receive: Any, send: Any) -> None:
            self.seen.update(scope)
            await receive()
            for event in self.events:
                try:
                    await send(event)
                except Exception as error:
                    self.raised.append(error)

        def double(scope: Any) -> Any:
            async def instance(receive: Any, send: Any) -> None:
                await application(scope, receive, send)

            return instance

        self.single = to_asgi3(double, **options) if direction == "A" else None
        self.double = to_asgi2(application, **options) if direction == "B" else None

    def converse(self, scope: Any, events: List[Any], received: Tuple[Any, ...] = ()) -> Said:
        """Return what reached the server, what was raised, and the scope that came."""
        self.events, self.raised, self.seen = events, [], {}
        sent: List[Any] = []
        given = list(received) or [CONNECT if "subprotocols" in scope else REQUEST]

        async def receive() -> Any:
            return given.pop(0)

        async def send(event: Any) -> None:
            sent.append(event)

        async def run() -> None:
            try:
                if self.single is not None:
                    await self.single(scope, receive, send)
                elif self.double is not None:
                    await self.double(scope)(receive, send)
            except Exception as error:
                self.raised.append(error)

        asyncio.run(run())
        return sent, self.raised, self.seen


def converse(
    direction: str, scope: Any, events: List[Any], received: Tuple[Any, ...] = (), **options: Any
) -> Said:
    """Have one conversation with a service of its own."""
    return Speaker(direction, **options).converse(scope, events, received)


BAD_EVENTS = {
    "line break in a secret header": start(headers=[(b"set-cookie", RAW + b"\r\nx: y")]),
    "good secrets beside a bad header": start(headers=[(b"authorization", RAW), (b"x a", b"1")]),
    "secret that is no latin-1": start(headers=[("set-cookie", SECRET + "\u20ac")]),
    "secret as a number": start(headers=[(b"set-cookie", RAW), (b"x-a", None)]),
    "headers in a str": start(headers=SECRET),
    "headers in a dict with a bad value": start(headers={"cookie": SECRET, "x": None}),
    "three items": start(headers=[(b"set-cookie", RAW, b"x")]),
    "the event is a list": [SECRET],
    "the event is a str": SECRET,
    "no type": {"body": RAW, "headers": [(b"cookie", RAW)]},
    "the type is a list": {"type": [SECRET], "body": RAW},
}
BAD_BODIES = {
    "text for a body": {"type": "http.response.body", "body": SECRET},
    "a list for a body": {"type": "http.response.body", "body": [SECRET]},
}


@pytest.mark.parametrize("direction", "AB")
@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("name", [*BAD_EVENTS, *BAD_BODIES])
def test_error_event_with_secrets_shows_none(direction, strict, name, caplog):
    caplog.set_level(logging.DEBUG)
    events = [START, BAD_BODIES[name]] if name in BAD_BODIES else [BAD_EVENTS[name]]
    _, raised, _ = converse(direction, http(), events, strict=strict)
    assert raised
    for error in raised:
        assert SECRET not in f"{error} {error!r}"
    assert SECRET not in caplog.text


@pytest.mark.parametrize("direction", "AB")
@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize(
    "fields",
    [
        {"headers": [(b"cookie", RAW), (b"authorization", RAW, b"x")]},
        {"headers": {"Cookie": SECRET, "x": None}},
        {"headers": SECRET},
        {"query_string": [SECRET]},
        {"client": [SECRET]},
        {"root_path": 5, "path": SECRET},
        {"subprotocols": {"a": SECRET}, "type": "websocket"},
        {"type": [SECRET]},
    ],
)
def test_error_scope_with_secrets_shows_none(direction, strict, fields, caplog):
    caplog.set_level(logging.DEBUG)
    scope = http(**fields) if fields.get("type") != "websocket" else websocket(**fields)
    _, raised, _ = converse(direction, scope, [], strict=strict)
    assert SECRET not in f"{[(str(error), repr(error)) for error in raised]} {caplog.text}"


@pytest.mark.parametrize("direction", "AB")
def test_error_bad_header_is_named_and_kept_in_got(direction):
    headers = [(b"set-cookie", RAW), (b"x-bad", RAW + b"\n")]
    _, (error, *_), _ = converse(direction, http(), [start(headers=headers)])
    assert "header b'x-bad'" in str(error) and "length 12" in str(error)
    assert error.got == headers


@pytest.mark.parametrize("direction", "AB")
def test_error_subprotocol_offered_is_not_shown(direction):
    scope = websocket(subprotocols=[SECRET])
    _, raised, _ = converse(
        direction,
        scope,
        [{**ACCEPT, "subprotocol": "v9\r\n"}],
        quirks=None if direction == "B" else _quirks(unoffered_subprotocol="error"),
    )
    assert SECRET not in str(raised)


def _quirks(**fields: Any) -> Any:
    from asgi_compat import Quirks

    return Quirks(**fields)


FORGED = "x\r\n2026 ERROR forged \x1b[31m\u202e\u2028\ud800"


@pytest.mark.parametrize("direction", "AB")
@pytest.mark.parametrize(
    "event",
    [
        {"type": FORGED},
        {"type": FORGED * 10**5},
        {"type": "websocket.send", FORGED: 1},
        start(headers=[(FORGED[:20], "1")]),
        start(headers=[(b"\r\n" * 10**6, b"1")]),
        start(status=FORGED),
        start(status="9" * 10**6),
        start(headers=[["x", "y"]] * 300_000 + [FORGED]),
        {"type": "http.response.start", "status": 200, "headers": [("x", type(FORGED[:-1], (), {})())]},
        [FORGED] * 10**6,
        {FORGED: 1},
    ],
    ids=range(11),
)
def test_error_hostile_content_text_is_short_printable_ascii(direction, event, caplog):
    caplog.set_level(logging.DEBUG)
    _, raised, _ = converse(direction, http(extensions={FORGED * 100: {}}), [event])
    assert isinstance(raised[0], AppMessageError)
    for text in (str(raised[0]), repr(raised[0]), *(record.getMessage() for record in caplog.records)):
        assert text.isascii() and text.isprintable() and len(text) < 2200


class Loud(str):
    """A str that equals another and says something else."""

    def __str__(self):
        return FORGED

    __repr__ = __str__

    def __format__(self, spec):
        return FORGED


def test_log_repair_of_a_scope_whose_type_lies_is_one_line(caplog):
    caplog.set_level(logging.INFO)
    converse("A", {**http(client=("h", "80")), "type": Loud("http")}, [START, BODY])
    lines = [record.getMessage() for record in caplog.records if "repaired" in record.getMessage()]
    assert lines and all(line.isascii() and line.isprintable() for line in lines)
    assert "forged" not in caplog.text


# Time.

SCALE = 4


def _seconds(make, size):
    best = float("inf")
    # Time of the processor: on a busy machine only what is long is interrupted, and looks longer still.
    # The collector looks at every object of the test run each time that many new ones are there.
    gc.disable()
    try:
        for _ in range(3):
            work = make(size)
            start = time.process_time()
            work()
            best = min(best, time.process_time() - start)
    finally:
        gc.enable()
    return best


def _scope_work(direction, fields, quirks=None):
    plan = compile_rules(direction, quirks or Quirks(), lambda *told: None)

    def make(size):
        scope = fields(size)
        return lambda: plan.scopes[scope["type"]](scope)

    return make


def _event_work(kind, fields):
    plan = compile_rules("A", Quirks(), lambda *told: None)
    functions = {**plan.extensions, **plan.sent["http"], **plan.sent["websocket"], **plan.received}

    def make(size):
        event = {"type": kind, **fields(size)}
        return lambda: functions[kind](event, Connection())

    return make


class Connection:
    """What a function for an event sees of its connection."""

    def __init__(self):
        self.scope, self.length = {"subprotocols": ["x"]}, -1

    def take_start(self, start):
        pass


ROOT = {"root_path": "/shop"}
SLOW = {
    "escaped path": lambda n: http(**ROOT, path="/shop/" + "/A" * n, raw_path=b"/shop%2F" + b"/%41" * n),
    "escaped root": lambda n: http(**ROOT, path="/shop" + "/A" * n, raw_path=b"/%73hop" + b"/%41" * n),
    "long root": lambda n: http(root_path="/A" * n, path="/A" * n + "/x", raw_path=b"/%41" * n + b"/x"),
    "root of slashes": lambda n: http(root_path="/" * n, path="/" * n, raw_path=b"/" * n),
    "query": lambda n: http(raw_path=b"/?" + b"a?" * n, query_string=b"a=%41&" * n),
    "headers": lambda n: http(headers=[(b"X-%d" % i, b"1") for i in range(n)]),
    "header dict": lambda n: http(headers={f"X-{i}": "1" for i in range(n)}),
    "subprotocol lines": lambda n: websocket(
        subprotocols=[], headers=[(b"sec-websocket-protocol", b"a, b,")] * n
    ),
    "one subprotocol line": lambda n: websocket(headers=[(b"sec-websocket-protocol", b"a, " * n)]),
    "subprotocols": lambda n: websocket(subprotocols=["a"] * n),
    "version": lambda n: http(asgi={"version": "3.0", "spec_version": "2." * n}),
    "extensions": lambda n: websocket(extensions={f"x{i}": {} for i in range(n)}),
}
SLOW_EVENTS = {
    "lengths": ("http.response.start", lambda n: {"status": 200, "headers": [(b"content-length", b"5")] * n}),
    "header list": ("http.response.start", lambda n: {"status": 200, "headers": [("X-A", " 1 ")] * n}),
    "links": ("http.response.early_hint", lambda n: {"links": [" </a> "] * n}),
    "trailers": ("http.response.trailers", lambda n: {"headers": [(b":x", b"1")] * n}),
    "protocol headers": ("websocket.accept", lambda n: {"headers": [(b"sec-websocket-protocol", b"x")] * n}),
    "reason": ("websocket.close", lambda n: {"code": 1000, "reason": "\u20ac" * n}),
    "text": ("websocket.send", lambda n: {"text": "\u20ac" * n}),
    "body": ("http.request", lambda n: {"body": bytearray(b"x" * n), "more_body": None}),
}


@pytest.mark.parametrize(
    "make",
    [
        *(_scope_work(direction, fields) for fields in SLOW.values() for direction in "AB"),
        *(_event_work(kind, fields) for kind, fields in SLOW_EVENTS.values()),
        _scope_work("B", lambda n: http(path="/%41" * n), Quirks(unquote_path=True)),
    ],
    ids=[*(f"{name}-{direction}" for name in SLOW for direction in "AB"), *SLOW_EVENTS, "unquoted path"],
)
def test_normalise_larger_data_takes_linear_time(make):
    # Linear is 4, quadratic 16: what is small is too fast to tell, so that the size doubles until it is not.
    size = 4000
    while _seconds(make, size) < 0.0005 and size < 64_000:
        size *= 2
    # What disturbs one measurement does not disturb all of three.
    assert any(_seconds(make, SCALE * size) / max(_seconds(make, size), 0.0001) < 10 for _ in range(3))


# Root paths.


@pytest.mark.parametrize(
    "root, path, raw, comes, comes_raw",
    [
        ("/shop", "/shop/x", b"/shop/x", "/x", b"/x"),
        ("/shop/", "/shop//x", b"/shop//x", "/x", b"/x"),
        ("/shop/", "/shop///x", b"/shop///x", "//x", b"//x"),
        ("/shop/", "/shop/x", b"/shop/x", "/x", b"/x"),
        ("/shop/", "/shop", b"/shop", "/", b"/"),
        ("/shop", "/shopx", b"/shopx", "/shopx", b"/shopx"),
        ("/sh\xe9p", "/sh\xe9p/x", b"/sh%C3%a9p/x?q", "/x", b"/x?q"),
        ("/a%41", "/a%41/x", b"/a%2541/x", "/x", b"/x"),
        ("/\ud800", "/\ud800/x", b"/x", "/x", b"/x"),
        ("/", "/x", b"/x", "/x", b"/x"),
    ],
)
def test_strip_root_path_takes_the_prefix_once(root, path, raw, comes, comes_raw):
    _, _, seen = converse("A", http(root_path=root, path=path, raw_path=raw), [START, BODY])
    assert (seen["path"], seen["raw_path"]) == (comes, comes_raw)


@pytest.mark.parametrize("client", [["127.0.0.1", 5], None, ("127.0.0.1", 5)])
@pytest.mark.parametrize("make", [http, websocket])
def test_strip_root_path_on_daphne_leaves_the_path(make, client):
    scope = make(asgi={"version": "3.0"}, client=client, root_path="/public", path="/public/admin")
    _, _, seen = converse("A", scope, [])
    assert seen["path"] == "/public/admin"


# What connections share.


@pytest.mark.parametrize("direction", "AB")
@pytest.mark.parametrize("make", [http, websocket])
def test_connections_share_nothing_that_an_application_can_write_to(direction, make):
    found = []

    async def single(scope, receive, send):
        found.append(scope)
        for value in list(scope.values()):
            if type(value) is dict:
                assert "written" not in value
                value["written"] = True
            elif type(value) is list:
                assert (b"written", b"") not in value
                value.append((b"written", b""))

    def double(scope):
        async def instance(receive, send):
            await single(scope, receive, send)

        return instance

    app = to_asgi3(double, lifespan="off") if direction == "A" else to_asgi2(single)
    for _ in range(4):
        given = make(extensions={}, client=None, subprotocols=[])

        async def run(given=given):
            async def receive():
                return CONNECT

            async def send(event):
                pass

            with contextlib.suppress(AppMessageError):
                await (app(given, receive, send) if direction == "A" else app(given)(receive, send))

        asyncio.run(run())
    assert len({id(scope["asgi"]) for scope in found}) == 4


# Types that lie.


class LyingBytes(bytes):
    """Bytes that say something else when they are converted."""

    def __bytes__(self):
        return b"x\r\nset-cookie: a=1"


class LyingTuple(tuple):
    """A pair that says something else each time."""

    def __iter__(self):
        return iter((b"x-a", b"1\r\nset-cookie: a=1"))


class LyingClass:
    """An object that says it is a pair."""

    __class__ = tuple

    def __len__(self):
        return 2

    def __iter__(self):
        return iter((b"content-type", b"1\r\n"))

    def __hash__(self):
        return hash((b"content-type", b"text/plain"))

    def __eq__(self, other):
        return True


class LyingList(list):
    """A list that has other items when it is looped over."""

    def __iter__(self):
        return iter([(b"x-a", b"1\r\n")])


class LyingStr(str):
    """A str whose methods are somebody else's."""

    def encode(self, *args):
        return b"1\r\nset-cookie: a=1"

    def strip(self, *args):
        return b"1\r\n"


CONTENT = (b"content-type", b"text/plain")
ODD_HEADERS = [
    [(b"content-type", memoryview(b"text/plain"))],
    [(memoryview(b"content-type"), b"text/plain")],
    [(LyingBytes(b"content-type"), LyingBytes(b"text/plain"))],
    [LyingTuple(CONTENT)],
    [LyingClass()],
    LyingList([CONTENT]),
    [(LyingStr("content-type"), LyingStr("text/plain"))],
    [list(CONTENT)],
    (CONTENT,),
    [(bytearray(b"content-type"), bytearray(b"text/plain"))],
]


@pytest.mark.parametrize("direction", "AB")
@pytest.mark.parametrize("number", range(len(ODD_HEADERS)))
def test_start_odd_types_after_the_same_line_come_out_exact(direction, number):
    converse(direction, http(), [start(headers=[CONTENT]), BODY])
    sent, raised, _ = converse(direction, http(), [start(headers=ODD_HEADERS[number]), BODY])
    assert sent or raised
    for event in sent[:1]:
        assert type(event["headers"]) is list
        for pair in event["headers"]:
            assert type(pair) is tuple and [type(item) for item in pair] == [bytes, bytes]
            assert pair == CONTENT


# Errors that are documented.


def released():
    view = memoryview(b"x")
    view.release()
    return view


class Empty:
    """A mapping that fails for everything."""

    def keys(self):
        raise ZeroDivisionError

    __getitem__ = __iter__ = __len__ = keys


class Truthless:
    """A value without a truth."""

    def __bool__(self, *other):
        raise ZeroDivisionError

    __eq__ = __bool__
    __hash__ = None


def row():
    import sqlite3

    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    try:
        return connection.execute("select 1 as a").fetchone()
    finally:
        connection.close()


class TwoFaced(dict):
    """A dict subclass that gives another type at each look."""

    def __getitem__(self, name):
        return "http.response.body" if name == "type" else super().__getitem__(name)


ODD = [
    released(),
    10**5000,
    -(10**5000),
    float("nan"),
    float("inf"),
    re.match("(?P<type>x)", "x"),
    re.match("x", "x"),
    row(),
    Empty(),
    Truthless(),
    object(),
    Empty,
    [Truthless()],
    {Truthless: Truthless()},
    "\ud800",
    b"\xff",
    TwoFaced(type="x"),
    LyingClass(),
]
WRAPPED = [
    lambda odd: odd,
    lambda odd: {"type": odd},
    lambda odd: start(status=odd),
    lambda odd: start(headers=odd),
    lambda odd: start(headers=[odd]),
    lambda odd: start(headers=[(b"x-a", odd)]),
    lambda odd: start(headers=[(odd, b"1")]),
    lambda odd: start(headers={"x-a": odd}),
    lambda odd: {**BODY, "body": odd},
    lambda odd: {**BODY, "more_body": odd},
    lambda odd: {**ACCEPT, "subprotocol": odd},
    lambda odd: {**ACCEPT, "headers": odd},
    lambda odd: {"type": "websocket.send", "text": odd},
    lambda odd: {"type": "websocket.send", "bytes": odd},
    lambda odd: {"type": "websocket.close", "code": odd},
    lambda odd: {"type": "websocket.close", "reason": odd},
    lambda odd: {"type": "http.response.early_hint", "links": odd},
    lambda odd: {"type": "http.response.early_hint", "links": [odd]},
    lambda odd: {"type": "http.response.push", "path": odd, "headers": [odd]},
    lambda odd: {"type": "http.response.trailers", "headers": odd, "more_trailers": odd},
    lambda odd: {"type": "x.headers", "headers": odd, "links": odd},
]


@pytest.mark.parametrize("direction", "AB")
@pytest.mark.parametrize("make", [http, websocket])
@pytest.mark.parametrize("number", range(len(ODD)))
def test_send_odd_values_raise_documented_errors_only(direction, make, number):
    speaker = Speaker(direction)
    for wrap in WRAPPED:
        event = wrap(ODD[number])
        for before in ([], [START] if make is http else [ACCEPT]):
            scope = make(extensions=EXTENSIONS)
            _, raised, _ = speaker.converse(scope, [*before, event])
            assert all(isinstance(error, MessageError) for error in raised), (event, raised)


ODD_FIELDS = ["asgi", "headers", "client", "server", "path", "raw_path", "root_path", "query_string"]
ODD_FIELDS += ["subprotocols", "extensions", "scheme", "http_version", "method", "type", "state"]


@pytest.mark.parametrize("direction", "AB")
@pytest.mark.parametrize("make", [http, websocket])
@pytest.mark.parametrize("number", range(len(ODD)))
def test_scope_odd_values_raise_documented_errors_only(direction, make, number):
    odd = ODD[number]
    versions = {"version": odd, "spec_version": odd}
    pairs = {"client": ("h", odd), "server": [odd, odd], "headers": [(b"x", odd)], "asgi": versions}
    scopes = [make(**{name: odd}) for name in ODD_FIELDS]
    scopes += [make(**{name: value}) for name, value in pairs.items()]
    scopes += [odd, make(asgi={"version": "3.0", "spec_version": "2.\u00b2"})]
    speaker = Speaker(direction)
    for scope in scopes:
        _, raised, _ = speaker.converse(scope, []) if isinstance(scope, dict) else ([], [], {})
        assert all(isinstance(error, MessageError) for error in raised), (scope, raised)
