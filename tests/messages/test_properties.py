"""Fast paths equal the reference; nothing is changed in place; the results are valid messages."""

from __future__ import annotations

import asyncio
import copy
from types import MappingProxyType

import pytest
import validator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asgi_compat import AppMessageError, ASGICompatError, MessageError, to_asgi2, to_asgi3
from asgi_compat._convert import Quirks
from asgi_compat._messages.compile import CompiledRules, compile_rules
from asgi_compat._messages.events import announced
from asgi_compat._messages.operations.websocket import TextOrBytes
from asgi_compat._messages.table import OF_DOUBLES, OF_SINGLES, TABLE
from messages.cases import CASES, http, websocket

# Under -bb its own caches, which hold bytes and str and numbers side by side, raise.
pytestmark = pytest.mark.filterwarnings("ignore::BytesWarning:hypothesis.*")

QUIRKS = [
    Quirks(),
    Quirks(receive_keys="one"),
    Quirks(text_body=True, strip_root_path=False, placeholder_client=("h", 1)),
]


def plans(direction, quirks=None, current=False):
    heard = [], []

    def listener(to):
        return lambda blame, rule, before, after, field, row: to.append((blame, rule, before, after, field))

    quirks = quirks or Quirks()
    table = TABLE.without(OF_DOUBLES if current else OF_SINGLES) if direction == "A" else TABLE
    return (
        compile_rules(direction, quirks, listener(heard[0]), table),
        compile_rules(direction, quirks, listener(heard[1]), table, fast=False),
        heard,
    )


def functions(plan: CompiledRules):
    for kind, function in plan.scopes.items():
        yield ("scope", kind), function
    for kind, function in plan.received.items():
        yield ("received", kind), function
    for protocol, sent in plan.sent.items():
        for kind, function in sent.items():
            yield (protocol, kind), function


def outcome(function, event, scope):
    try:
        result = function(event, scope)
    except MessageError as error:
        return "error", type(error), str(error), error.rule, error.field
    if type(result) not in (dict, TextOrBytes, type(None)):
        raise AssertionError(f"{type(result)} came out")
    return "result", type(result), result, result is event


# What turns up where: right, odd, hostile.
SMALL = st.text(max_size=6)
BYTES = st.binary(max_size=8)
BYTES_LIKE = st.one_of(BYTES, BYTES.map(bytearray), BYTES.map(memoryview))
HOSTILE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    SMALL,
    BYTES_LIKE,
    st.lists(st.integers(), max_size=3),
    st.dictionaries(SMALL, SMALL, max_size=2),
    st.just(object),
    st.tuples(),
    st.sets(st.integers(), max_size=2),
)
NAME = st.one_of(
    st.sampled_from(
        [b"content-type", b"content-length", b"transfer-encoding", b"X-A", b"x-a", b":status", b"set-cookie"]
    ),
    BYTES,
    SMALL,
    st.sampled_from([b"Host", "host"]),
)
VALUE = st.one_of(
    st.sampled_from([b"text/plain", b" a", b"5", b"a\r\nb", b"\x00", b"chunked"]),
    BYTES_LIKE,
    SMALL,
    st.integers(),
    st.none(),
)
PAIR = st.one_of(st.tuples(NAME, VALUE), st.tuples(NAME, VALUE).map(list), st.tuples(NAME), SMALL)
GOOD_PAIR = st.tuples(st.sampled_from([b"content-type", b"x-a"]), st.sampled_from([b"text/plain", b"5"]))
PAIRS = st.one_of(st.lists(GOOD_PAIR, max_size=3), st.lists(PAIR, max_size=3))
HEADERS = st.one_of(PAIRS, PAIRS.map(tuple), st.dictionaries(SMALL, VALUE, max_size=2), HOSTILE)
ADDRESS = st.one_of(
    st.none(),
    st.tuples(SMALL, st.integers(0, 65535)),
    st.tuples(SMALL, st.integers(0, 65535)).map(list),
    st.tuples(SMALL, st.sampled_from(["80", "x"])),
    st.tuples(SMALL, st.none()),
    st.tuples(SMALL, st.just(1), st.just(0), st.just(0)),
    HOSTILE,
)
STATUS = st.one_of(st.integers(90, 610), st.sampled_from(["200", 200.0, "x", b"200"]), HOSTILE)
FIELD = {
    "headers": HEADERS,
    "client": ADDRESS,
    "server": ADDRESS,
    "status": STATUS,
    "body": st.one_of(BYTES_LIKE, SMALL, HOSTILE),
    "content": BYTES_LIKE,
    "more_body": st.one_of(st.booleans(), HOSTILE),
    "more_content": st.booleans(),
    "bytes": st.one_of(BYTES_LIKE, SMALL, HOSTILE),
    "text": st.one_of(SMALL, BYTES, HOSTILE),
    "code": st.one_of(st.integers(900, 5000), st.sampled_from(["4000", None]), HOSTILE),
    "reason": st.one_of(st.text(max_size=150), HOSTILE),
    "asgi": st.one_of(
        st.fixed_dictionaries(
            {
                "version": st.sampled_from(["2.0", "3.0"]),
                "spec_version": st.sampled_from(["2.0", "2.1", "2.3", "9.9", "x"]),
            }
        ),
        HOSTILE,
    ),
    "path": st.one_of(st.sampled_from(["/", "/p", "/p/x", "/px", "/%41"]), HOSTILE),
    "raw_path": st.one_of(st.sampled_from([b"/", b"/p/x", b"/p/x?q", "/p", None]), HOSTILE),
    "root_path": st.one_of(st.sampled_from(["", "/p", b"/p", None]), HOSTILE),
    "query_string": st.one_of(BYTES, SMALL, st.none(), HOSTILE),
    "subprotocols": st.one_of(st.lists(SMALL, max_size=2), st.lists(BYTES, max_size=2), HOSTILE),
    "subprotocol": st.one_of(st.sampled_from(["chat", b"chat", None, "other"]), HOSTILE),
    "extensions": st.one_of(
        st.none(),
        st.dictionaries(st.sampled_from(["tls", "websocket.http.response.start"]), st.just({}), max_size=2),
        HOSTILE,
    ),
    "scheme": st.one_of(st.sampled_from(["ws", "wss", "http", "https"]), HOSTILE),
    "order": st.integers(),
    "odd": HOSTILE,
}


def events(kind):
    names = [row.name for row in TABLE.fields if row.type == kind and row.name != "type"]
    names += {"http.response.body": ["content", "more_content"], "websocket.receive": ["order"]}.get(kind, [])
    return st.fixed_dictionaries(
        {}, optional={name: FIELD.get(name, HOSTILE) for name in [*names, "odd"]}
    ).map(lambda fields: {"type": kind, **fields})


def well_formed(kind):
    base = {"http": http(), "websocket": websocket()}.get(kind)
    if base is not None:
        names = [
            "headers", "client", "server", "query_string", "root_path", "path", "asgi", "state", "scheme",
            "http_version", "extensions", "raw_path",
        ]  # fmt: skip
        return st.fixed_dictionaries({}, optional={name: FIELD.get(name, HOSTILE) for name in names}).map(
            lambda fields: {**base, **fields}
        )
    return events(kind)


class Offering:
    """What a function for an event that is sent sees of its connection."""

    def __init__(self):
        self.scope = {"type": "websocket", "subprotocols": ["chat"]}
        self.length = -1

    def take_start(self, start):
        self.length = max(
            [int(value) for name, value in start["headers"] if name == b"content-length" and value.isdigit()],
            default=-1,
        )


@pytest.mark.parametrize(("direction", "current"), [("A", False), ("A", True), ("B", True)])
@pytest.mark.parametrize("kind", [row.type for row in TABLE.events])
def test_closures_do_what_the_walk_does(direction, current, kind):
    fast, slow, heard = plans(direction, current=current)
    quick, reference = dict(functions(fast)), dict(functions(slow))
    mine = [key for key in quick if key[1] == kind]
    if not mine:
        return  # an extension's event, which has no row of repairs and passes as it is

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.one_of(events(kind), well_formed(kind)))
    def compare(event):
        for key in mine:
            heard[0].clear(), heard[1].clear()
            before = repr(event)
            one, two = Offering(), Offering()
            a, b = outcome(quick[key], event, one), outcome(reference[key], event, two)
            assert repr(event) == before, "changed in place"
            # The reference copies nothing either: same object or not, both say the same.
            assert repr(a) == repr(b)
            assert one.length == two.length
            assert repr(heard[0]) == repr(heard[1])

    compare()


def test_a_server_that_says_2_0_keeps_its_scope():
    """Nothing to change is the same object, also after a scope has taught the closure what to expect."""
    fast, _, _ = plans("A")
    given = {
        "type": "http",
        "asgi": {"version": "2.0", "spec_version": "2.1"},
        "method": "GET",
        "scheme": "http",
        "path": "/",
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"example")],
        "client": None,
        "server": ("127.0.0.1", 8000),
        "http_version": "1.1",
    }
    for _ in range(3):
        assert fast.scopes["http"](given) is given


@pytest.mark.parametrize("quirks", QUIRKS[1:])
def test_closures_do_what_the_walk_does_with_quirks(quirks):
    fast, slow, _ = plans("A", quirks)
    reference = dict(functions(slow))
    for case in CASES:
        if case.rule[0] == "A" and case.scope["type"] in ("http", "websocket"):
            one = outcome(fast.scopes[case.scope["type"]], case.scope, None)
            assert repr(one) == repr(outcome(reference["scope", case.scope["type"]], case.scope, None))
        for event in case.events:
            key = "received", event["type"]
            if key in reference:
                assert repr(outcome(fast.received[key[1]], event, None)) == repr(
                    outcome(reference[key], event, None)
                )


def test_right_events_are_the_same_objects():
    plan, _, heard = plans("A")
    right = [
        (
            "http",
            {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]},
        ),
        ("http", {"type": "http.response.body", "body": b"x", "more_body": False}),
        ("websocket", {"type": "websocket.send", "text": "x"}),
        ("websocket", {"type": "websocket.send", "bytes": b"x", "odd": 1}),
        ("websocket", {"type": "websocket.accept"}),
        ("websocket", {"type": "websocket.close", "code": 4000, "reason": "bye"}),
        ("lifespan", {"type": "lifespan.startup.complete"}),
    ]
    for protocol, event in right:
        assert plan.sent[protocol][event["type"]](event, Offering()) is event
    request = {"type": "http.request", "body": b"", "more_body": False}
    assert plan.received["http.request"](request) is request
    scope = http(asgi={"version": "2.0", "spec_version": "2.1"})
    slow = plans("A")[1]
    assert slow.scopes["http"](scope) is scope
    assert heard == ([], [])


def test_either_key():
    event = TextOrBytes({"type": "websocket.receive", "bytes": b""})
    assert event["text"] is None and "text" not in event and event.get("text", 5) == 5
    assert event == {"type": "websocket.receive", "bytes": b""}
    with pytest.raises(KeyError):
        event["other"]
    assert type(copy.copy(event)) is TextOrBytes and copy.deepcopy(event)["text"] is None


def test_announced():
    scope = {"extensions": {"http.response.push": {}, "websocket.http.response": {}}}
    assert announced("http.response.push", scope) and announced("websocket.http.response.start", scope)
    assert not announced("http.response.pushed", scope) and not announced("x", {}) and not announced(5, scope)


def test_mappings_in_dicts_out():
    sent = []

    def app(scope):
        assert type(scope) is dict

        async def instance(receive, send):
            assert type(await receive()) is dict
            await send(MappingProxyType({"type": "http.response.start", "status": 200, "headers": []}))
            await send(MappingProxyType({"type": "http.response.body", "body": b"x", "more_body": False}))

        return instance

    async def receive():
        return MappingProxyType({"type": "http.request", "body": b"", "more_body": False})

    async def send(event):
        sent.append(event)

    asyncio.run(to_asgi3(app)(MappingProxyType(http()), receive, send))
    assert [type(event) for event in sent] == [dict, dict]


# Whatever an application may have sent since 2017: it comes out right, or it is refused.


def legacy(protocol):
    kinds = [
        row.type
        for row in TABLE.events
        if row.sender == "application" and row.scope == protocol and not row.extension
    ]
    one = st.sampled_from(kinds).flatmap(events)
    renamed = st.sampled_from(TABLE.renames + TABLE.splits).flatmap(
        lambda row: events(getattr(row, "type", None) or row.becomes[1]).map(
            lambda event: {**event, "type": row.was}
        )
    )
    start = st.fixed_dictionaries(
        {"headers": HEADERS, "status": st.sampled_from([200, "200", 204, 304, 404])}
    )
    body = events("http.response.body")
    usual = {
        "http": st.tuples(start.map(lambda f: {"type": "http.response.start", **f}), body, body).map(list),
        "websocket": events("websocket.send").map(lambda event: [{"type": "websocket.accept"}, event]),
        "lifespan": st.just([]),
    }[protocol]
    return st.one_of(st.lists(st.one_of(one, one, renamed, HOSTILE), max_size=5), usual)


@pytest.mark.parametrize("protocol", ["http", "websocket", "lifespan"])
def test_what_reaches_the_server_is_right_or_refused(protocol):
    @settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
    @given(legacy(protocol), st.sampled_from(["GET", "HEAD"]), st.sampled_from(QUIRKS), st.booleans())
    def check(script, method, quirks, stops):
        sent = []
        first = {"http": "http.request", "websocket": "websocket.connect", "lifespan": "lifespan.startup"}[
            protocol
        ]
        given_events = [{"type": first}, {"type": "lifespan.shutdown"}]

        async def receive():
            return given_events.pop(0)

        async def send(event):
            sent.append(event)

        def app(scope):
            async def instance(receive, send):
                await receive()
                for event in script:
                    try:
                        await send(event)
                    except ASGICompatError:
                        if stops:
                            raise

            return instance

        scope = {
            "http": http(method=method),
            "websocket": websocket(subprotocols=["chat"]),
            "lifespan": {"type": "lifespan"},
        }[protocol]
        try:
            asyncio.run(to_asgi3(app, quirks=quirks)(scope, receive, send))
        except MessageError:
            pass
        if protocol == "http":
            validator.response(sent, method)
        elif protocol == "websocket":
            validator.websocket(sent, ["chat"])
        else:
            validator.lifespan(sent)

    check()


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.one_of(
        HOSTILE,
        events("http"),
        events("websocket"),
        events("lifespan"),
        st.just({"type": []}),
        st.just({"type": "odd"}),
    )
)
def test_hostile_scopes_raise_documented_errors_only(scope):
    def app(scope):
        async def instance(receive, send):
            raise KeyboardInterrupt  # the application was reached: nothing of ours after this

        return instance

    async def never():
        return {"type": "lifespan.shutdown"}

    async def send(event):
        pass

    async def drive():
        try:
            await to_asgi3(app)(scope, never, send)
        except (MessageError, KeyboardInterrupt):
            pass

    loop = asyncio.new_event_loop()
    try:
        coroutine = drive()
        try:
            while True:
                coroutine.send(None)
        except StopIteration:
            pass
    finally:
        loop.close()


@pytest.mark.parametrize("convert", [to_asgi3, to_asgi2])
def test_text_in_the_place_of_bytes_is_repaired_under_bb_too(convert):
    """It has the same hash as the bytes that are remembered from the response before it."""
    sent = []

    async def receive():
        return {"type": "http.request"}

    async def send(event):
        sent.append(event)

    def answer(start):
        async def app(scope, receive, send):
            await send(start)
            await send({"type": "http.response.body", "body": b"x"})

        converted = convert(app)
        call = converted if convert is to_asgi3 else lambda scope, *both: converted(scope)(*both)
        asyncio.run(call({"type": "http", "method": "GET", "path": "/", "headers": []}, receive, send))

    start = {"type": "http.response.start", "status": 200}
    for pair in (
        (b"content-type", b"text/plain"),
        ("content-type", "text/plain"),
        (b"content-type", "text/plain"),
    ):
        answer({**start, "headers": [pair]})
        assert sent[-2]["headers"] == [(b"content-type", b"text/plain")]
    with pytest.raises(AppMessageError, match="type: got bytes of length 19, expected str"):
        answer({**start, "type": b"http.response.start"})
