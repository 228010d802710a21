"""Every rule's cases as data: a conversation with something odd in it, and what comes out.

A case is one connection. The scope and the events are what the server gives, the script is what the
application does, the expectation is what the application saw and what reached the server. Directions:
an A case is a double-callable application behind `to_asgi3`, a B case a single-callable one behind
`to_asgi2`. ``tests/messages/test_cases.py`` runs each of them through the whole service, and a second time
with the row of its rule taken out of the table, when something else must come out.

A script is a list of steps:

    "receive"            await receive(), and note the event
    "blocked"            receive() gives nothing within a moment
    "coroutines"         note whether receive() and send() return coroutines
    ("send", event)      await send(event); an error of this library ends the script and is noted
    ("try", event)       the same, but the script goes on
    ("elsewhere", event) send it, or receive for None, from a task with a context of its own; note in which
                         context the server is called
    ("raise", error)     raise it out of the application
    ("return", value)    return it; a script that ends returns None

The expectation names what is compared: ``scope`` (these fields, ABSENT for none), ``received``,
``sent`` (events that reached the server, in full), ``error`` (the name of the error that send raised),
``raised`` (the name of what came out of the adapter), ``returned``, ``seen`` (whatever else was noted),
``repaired`` (the rules told to on_repair, in order), ``strict`` (the id in the error that strict mode
raises).
"""

from __future__ import annotations

from collections import UserDict, namedtuple
from enum import IntEnum
from http import HTTPStatus
from types import MappingProxyType

Case = namedtuple("Case", "rule name scope events script expect quirks options server")

#: Stands for a field that is not there.
ABSENT = "<absent>"


class Ending(str):
    """Equals every text that ends with it: a traceback comes before."""

    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and other.endswith(str(self))


class Code(IntEnum):
    """A close code as uvicorn gives it."""

    GONE = 1001


def http(**fields: object) -> dict:
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/",
        "raw_path": b"/",
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"example")],
        "client": ("127.0.0.1", 5000),
        "server": ("127.0.0.1", 8000),
    }
    return changed(scope, fields)


def websocket(**fields: object) -> dict:
    scope = http()
    del scope["method"]
    scope.update(type="websocket", scheme="ws", subprotocols=[])
    return changed(scope, fields)


def changed(scope: dict, fields: dict) -> dict:
    scope.update(fields)
    return {key: value for key, value in scope.items() if value is not ABSENT}


LIFESPAN = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}}
REQUEST = {"type": "http.request", "body": b"", "more_body": False}
GONE = {"type": "http.disconnect"}
CONNECT = {"type": "websocket.connect"}
STARTUP = {"type": "lifespan.startup"}
SHUTDOWN = {"type": "lifespan.shutdown"}
CLEANUP = {"type": "lifespan.cleanup"}
STARTED = {"type": "lifespan.startup.complete"}
STOPPED = {"type": "lifespan.shutdown.complete"}
ACCEPT = {"type": "websocket.accept"}
CLOSE = {"type": "websocket.close", "code": 1000}
TEXT = [(b"content-type", b"text/plain")]
START = {"type": "http.response.start", "status": 200, "headers": TEXT}
BODY = {"type": "http.response.body", "body": b"hello", "more_body": False}
PART = {"type": "http.response.body", "body": b"hel", "more_body": True}
EMPTY = {"type": "http.response.body", "body": b"", "more_body": False}
DENIAL = {"type": "websocket.http.response.start", "status": 401, "headers": TEXT}
DENIED = {"type": "websocket.http.response.body", "body": b"no", "more_body": False}
OFFERS = {"websocket.http.response": {}}
CRASHED = [
    {"type": "websocket.http.response.start", "status": 500, "headers": [(b"content-type", b"text/plain; charset=utf-8")]},
    {"type": "websocket.http.response.body", "body": b"Internal Server Error", "more_body": False},
]


def case(rule, name, given, script, /, *, events=None, quirks=None, options=None, server=None, **expect):  # type: ignore[no-untyped-def]
    if events is None:
        events = {"http": [REQUEST], "websocket": [CONNECT], "lifespan": [STARTUP, SHUTDOWN]}[given["type"]]
    return Case(rule, name, given, events, script, expect, quirks or {}, options or {}, server or {})


def start(**fields):  # type: ignore[no-untyped-def]
    return changed(dict(START), fields)


def body(**fields):  # type: ignore[no-untyped-def]
    return changed(dict(BODY), fields)


def answers(*events):  # type: ignore[no-untyped-def]
    return [("send", event) for event in events]


def a_start(rule, name, sent_start, came, **expect):  # type: ignore[no-untyped-def]
    """An odd start and an ordinary body; what reaches the server in place of the start."""
    return case(rule, name, http(), answers(sent_start, BODY), sent=[came, BODY], **expect)


def a_body(rule, name, sent_body, came, **more):  # type: ignore[no-untyped-def]
    return case(rule, name, http(), answers(START, sent_body), sent=[START, came], **more)


def refused(rule, name, *events, **more):  # type: ignore[no-untyped-def]
    """Events of which the last is refused, with nothing at all on the wire."""
    return case(rule, name, more.pop("scope", None) or http(), answers(*events), error="AppMessageError", sent=more.pop("sent", []), **more)


def opened(*script):  # type: ignore[no-untyped-def]
    return ["receive", ("send", ACCEPT), *script]


def ws(rule, name, event, *came, **more):  # type: ignore[no-untyped-def]
    """An event on an open WebSocket; what reaches the server after the accept."""
    closing = [] if came and came[-1]["type"] == "websocket.close" else [CLOSE]
    return case(rule, name, websocket(), opened(("send", event)), sent=[ACCEPT, *came, *closing], **more)


def header(name, value):  # type: ignore[no-untyped-def]
    return start(headers=[(name, value)])


PROXY = UserDict({"tls": {}})
#: The application of the case is a current one.
CURRENT = {"current": True}
PLAIN = [(b"x-a", b"1")]
LENGTH = (b"content-length", b"5")
EXTENSIONS = {"http.response.push": {}, "http.response.early_hint": {}, "http.response.trailers": {}, "x.headers": {}}
PUSH = {"type": "http.response.push", "path": "/x", "headers": []}
HINT = {"type": "http.response.early_hint", "links": [b"</a>"]}
TRAILERS = {"type": "http.response.trailers", "headers": [], "more_trailers": False}
TRAILED = {**START, "trailers": True}
BREAK = [(b"x-a", b"1\r\nset-cookie: x=1")]
NO_TOKENS = ["chat\r\nset-cookie: x=1", "a, b", "\xe9", "\u20ac", "", "a b", "\ud800"]
BROKEN = [
    {**PUSH, "headers": BREAK},
    {**PUSH, "path": "/x\r\nx: y"},
    {**HINT, "links": [b"</a>\r\nx: y"]},
    {"type": "x.headers", "headers": BREAK},
    {"type": "x.headers", "links": ["</a>\n"]},
]

A_CASES = [
    # Calling.
    case("A1", "the parameter may have any name", http(), answers(START, BODY), sent=[START, BODY]),
    case("A2", "the constructor in a thread", http(), ["thread", *answers(START, BODY)], quirks={"constructor_in_thread": True}, seen={"thread": "another"}),
    case("A3", "a return value", http(), [*answers(START, BODY), ("return", "x")], returned=None),
    case("A4", "fails before receive: answered for", LIFESPAN, [("raise", ValueError("no lifespan here"))], sent=[STARTED, STOPPED], raised=None),
    case("A4", "returns without an answer: answered for", LIFESPAN, [], sent=[STARTED, STOPPED], raised=None),
    case("A4", "fails after startup: has failed to start", LIFESPAN, ["receive", ("raise", ValueError("no database"))], sent=[{"type": "lifespan.startup.failed", "message": Ending("ValueError: no database")}], raised="ValueError"),
    case("A4", "answers startup with a response: answered for", LIFESPAN, ["receive", ("send", START)], sent=[STARTED, STOPPED], raised=None, error="AppMessageError"),
    # Scope.
    case("A55", "start-up first", http(), answers(START, BODY), quirks={"lazy_lifespan": True}, sent=[START, BODY], seen={"lifespans": 1}),
    case("A5", "version", http(), answers(START, BODY), scope={"asgi": {"version": "2.0", "spec_version": "2.1"}}),
    case("A5", "no asgi at all", http(asgi=ABSENT), answers(START, BODY), scope={"asgi": {"version": "2.0", "spec_version": "2.0"}}),
    case("A5", "websocket", websocket(), opened(), scope={"asgi": {"version": "2.0", "spec_version": "2.1"}}),
    case("A5", "lifespan", LIFESPAN, ["receive", ("send", STARTED), "receive", ("send", STOPPED)], scope={"asgi": {"version": "2.0", "spec_version": "2.0"}}),
    case("A6", "mixed case", http(headers=[(b"Host", b"E")]), answers(START, BODY), scope={"headers": [(b"host", b"E")]}),
    case("A6", "tuple of pairs", http(headers=((b"host", b"E"),)), answers(START, BODY), scope={"headers": [(b"host", b"E")]}),
    case("A6", "dict of str", http(headers={"Host": "E"}), answers(START, BODY), scope={"headers": [(b"host", b"E")]}, repaired=["A6"], strict="A6"),
    case("A7", "missing client", http(client=ABSENT), answers(START, BODY), scope={"client": None}),
    case("A7", "IPv6 socket name", http(client=("::1", 5, 0, 0)), answers(START, BODY), scope={"client": ("::1", 5)}, strict="A7"),
    case("A7", "unix server kept", http(server=("/run/x.sock", None), client=ABSENT), answers(START, BODY), scope={"server": ("/run/x.sock", None), "client": None}),
    case("A7", "unix server by quirk", http(server=("/run/x.sock", None)), answers(START, BODY), quirks={"unix_server": "none"}, scope={"server": None}),
    case("A7", "placeholder client", http(client=None), answers(START, BODY), quirks={"placeholder_client": ("127.0.0.1", 0)}, scope={"client": ("127.0.0.1", 0)}),
    case("A8", "under a root path", http(path="/pre/x", raw_path=b"/pre/x", root_path="/pre"), answers(START, BODY), scope={"path": "/x", "raw_path": b"/x", "root_path": "/pre"}),
    case("A8", "the root itself", http(path="/pre", raw_path=b"/pre", root_path="/pre"), answers(START, BODY), scope={"path": "/", "raw_path": b"/"}),
    case("A8", "escaped", http(path="/pr\xe9/x", raw_path=b"/pr%c3%a9/x?q", root_path="/pr\xe9"), answers(START, BODY), scope={"path": "/x", "raw_path": b"/x?q"}),
    case("A9", "daphne's websocket", websocket(scheme=ABSENT, http_version=ABSENT), opened(), scope={"scheme": "ws", "http_version": "1.1"}),
    case("A9", "daphne's with TLS", websocket(scheme=ABSENT, server=["h", 443]), opened(), scope={"scheme": "wss"}),
    case("A10", "None and bytes", http(query_string=None, root_path=b"/p"), answers(START, BODY), scope={"query_string": b"", "root_path": "/p"}, strict="A10"),
    case("A10", "str and missing", websocket(query_string="a=1", root_path=ABSENT), opened(), scope={"query_string": b"a=1", "root_path": ""}),
    case("A11", "from the header", websocket(subprotocols=ABSENT, headers=[(b"sec-websocket-protocol", b"chat, v2")]), opened(), scope={"subprotocols": ["chat", "v2"]}),
    case("A11", "to the header", websocket(subprotocols=["chat"]), opened(), scope={"headers": [(b"host", b"example"), (b"sec-websocket-protocol", b"chat")]}),
    case("A12", "whatever else", http(state={"a": 1}, extensions={"x": {}}, odd=5), answers(START, BODY), scope={"state": {"a": 1}, "extensions": {"x": {}}, "odd": 5, "raw_path": b"/"}),
    case("A6", "a value of None stays as it is", http(headers=[(b"X-A", None), (b"B", b"1")]), answers(START, BODY), scope={"headers": [(b"x-a", None), (b"b", b"1")]}, repaired=["A6"], strict="A6"),
    case("A6", "no headers at all", http(headers=5), answers(START, BODY), scope={"headers": []}, repaired=["A6"], strict="A6"),
    case("A7", "no address", http(client=7, server="unix"), answers(START, BODY), scope={"client": None, "server": None}, repaired=["A7", "A7"], strict="A7"),
    case("A48", "gunicorn on a unix socket", http(server=("/", "t")), answers(START, BODY), scope={"server": None}, repaired=["A48"], strict="A48"),
    case("A48", "a host of bytes", http(client=[b"::1", 5]), answers(START, BODY), scope={"client": ["::1", 5]}, repaired=["A48"], strict="A48"),
    case("A9", "bytes", websocket(scheme=b"ws", http_version=b"1.1"), opened(), scope={"scheme": "ws", "http_version": "1.1"}),
    case("A9", "http, bytes of https", http(scheme=b"https", http_version=1.1), answers(START, BODY), scope={"scheme": "https", "http_version": "1.1"}, strict="A9"),
    case("A9", "http, no scheme behind TLS", http(scheme=None, extensions={"tls": {}}), answers(START, BODY), scope={"scheme": "https"}),
    case("A9", "no scheme at all", websocket(scheme=5), opened(), scope={"scheme": "ws"}, repaired=["A9"], strict="A9"),
    case("A10", "nothing that can be read", http(query_string=5, root_path=5), answers(START, BODY), scope={"query_string": b"", "root_path": ""}, repaired=["A10", "A10"], strict="A10"),
    case("A11", "a set", websocket(subprotocols={"chat"}), opened(), scope={"subprotocols": ["chat"]}, repaired=[]),
    case("A11", "no list: from the header", websocket(subprotocols=5, headers=[(b"sec-websocket-protocol", b"chat")]), opened(), scope={"subprotocols": ["chat"]}, repaired=["A11"], strict="A11"),
    case("A11", "an item that is no text", websocket(subprotocols=["chat", 5]), opened(), scope={"subprotocols": ["chat"]}, strict="A11"),
    case("A52", "another mapping", http(extensions=PROXY), answers(START, BODY), scope={"extensions": {"tls": {}}}, exact=True, repaired=[]),
    case("A52", "no mapping", http(extensions=5), answers(START, BODY), scope={"extensions": {}}, repaired=["A52"], strict="A52"),
    case("A53", "asgi without a version", http(asgi={"spec_version": "2.1"}), answers(START, BODY), server=CURRENT, scope={"asgi": {"version": "3.0", "spec_version": "2.1"}}),
    case("A53", "no asgi", http(asgi=ABSENT), answers(START, BODY), server=CURRENT, scope={"asgi": {"version": "3.0", "spec_version": "2.0"}}),
    case("A53", "raw_path of str", http(raw_path="/a?b"), answers(START, BODY), server=CURRENT, scope={"raw_path": b"/a"}),
    case("A53", "raw_path of None", http(raw_path=None), answers(START, BODY), server=CURRENT, scope={"raw_path": ABSENT}),
    case("A53", "raw_path that is no text", http(raw_path="/\ud800"), answers(START, BODY), server=CURRENT, scope={"raw_path": ABSENT}, strict="A53"),
    case("A53", "asgi of another mapping", http(asgi=UserDict({"version": "3.0", "spec_version": "2.4"})), answers(START, BODY), server=CURRENT, scope={"asgi": {"version": "3.0", "spec_version": "2.4"}}),
    case("A53", "spec_version of None", http(asgi={"version": "3.0", "spec_version": None}), answers(START, BODY), server=CURRENT, scope={"asgi": {"version": "3.0"}}),
    case("A53", "lifespan without state or asgi", {"type": "lifespan"}, ["receive", ("send", STARTED), "receive", ("send", STOPPED)], server=CURRENT, scope={"state": {}, "asgi": {"version": "3.0", "spec_version": "2.0"}}),
    case("A53", "after start-up", http(), answers(START, BODY), server={**CURRENT, "start_up": True}, scope={"state": {"db": 1}}),
    case("A54", "none", http(), answers(START, BODY), server=CURRENT, scope={"extensions": {}}),
    case("A54", "None", websocket(extensions=None), opened(), server=CURRENT, scope={"extensions": {}}),
    # Receive.
    case("A13", "a str", http(), ["receive", *answers(START, BODY)], events=[{**REQUEST, "body": "\xe9"}], received=[{**REQUEST, "body": b"\xc3\xa9"}], repaired=["A13"], strict="A13"),
    case("A13", "nothing that can be read", http(), ["receive", *answers(START, BODY)], events=[{**REQUEST, "body": 5}], received=[REQUEST], repaired=["A13"], strict="A13"),
    case("A17", "a str", websocket(), opened("receive"), events=[CONNECT, {"type": "websocket.disconnect", "code": "1000"}], received=[CONNECT, {"type": "websocket.disconnect", "code": 1000}], repaired=["A17"], strict="A17"),
    case("A17", "nothing that can be read", websocket(), opened("receive"), events=[CONNECT, {"type": "websocket.disconnect", "code": "gone"}], received=[CONNECT, {"type": "websocket.disconnect", "code": 1005}], repaired=["A17"], strict="A17"),
    case("A13", "nothing there", http(), ["receive", *answers(START, BODY)], events=[{"type": "http.request"}], received=[REQUEST], repaired=[]),
    case("A13", "bytearray, None", http(), ["receive", *answers(START, BODY)], events=[{"type": "http.request", "body": bytearray(b"x"), "more_body": None}], received=[{"type": "http.request", "body": b"x", "more_body": False}], repaired=["A13", "A13"], strict="A13"),
    case("A14", "joined", http(), ["receive", *answers(START, BODY)], events=[{**REQUEST, "body": b"a", "more_body": True}, {**REQUEST, "body": b"b", "more_body": True}, REQUEST], quirks={"join_body": True}, received=[{**REQUEST, "body": b"ab"}]),
    case("A14", "joined, and then gone", http(), ["receive", ("return", None)], events=[{**REQUEST, "body": b"a", "more_body": True}, GONE], quirks={"join_body": True}, received=[GONE]),
    case("A14", "articles", http(), ["receive", *answers(START, BODY)], quirks={"request_type": "http.request.body"}, received=[{**REQUEST, "type": "http.request.body"}]),
    case("A14", "draft", http(), ["receive", *answers(START, BODY)], quirks={"content_keys": True}, received=[{"type": "http.request", "content": b"", "more_content": False}]),
    case("A15", "None dropped", websocket(), opened("receive"), events=[CONNECT, {"type": "websocket.receive", "bytes": b"x", "text": None}], received=[CONNECT, {"type": "websocket.receive", "bytes": b"x"}]),
    case("A16", "indexing the absent one", websocket(), opened("index"), events=[CONNECT, {"type": "websocket.receive", "bytes": b""}], seen={"index": (b"", None)}),
    case("A16", "both keys by quirk", websocket(), opened("receive"), quirks={"receive_keys": "both"}, events=[CONNECT, {"type": "websocket.receive", "bytes": b""}], received=[CONNECT, {"type": "websocket.receive", "bytes": b"", "text": None}]),
    case("A17", "None", websocket(), opened("receive"), events=[CONNECT, {"type": "websocket.disconnect", "code": None}], received=[CONNECT, {"type": "websocket.disconnect", "code": 1005}], strict="A17"),
    case("A17", "missing", websocket(), opened("receive"), events=[CONNECT, {"type": "websocket.disconnect"}], received=[CONNECT, {"type": "websocket.disconnect", "code": 1005}]),
    case("A17", "IntEnum", websocket(), opened("receive"), events=[CONNECT, {"type": "websocket.disconnect", "code": Code.GONE}], received=[CONNECT, {"type": "websocket.disconnect", "code": 1001}], exact=True),
    case("A18", "http asks the server again", http(), ["receive", "receive", "receive", "blocked"], events=[REQUEST, GONE, GONE], received=[REQUEST, GONE, GONE]),
    case("A18", "the request again", http(), ["receive", "receive"], events=[REQUEST, REQUEST, REQUEST, GONE], received=[REQUEST, GONE]),
    case("A18", "the request again after its last part", http(), ["receive", "receive", "receive"], events=[{**REQUEST, "more_body": True}, REQUEST, REQUEST, GONE], received=[{**REQUEST, "more_body": True}, REQUEST, GONE]),
    case("A18", "the request again after the response", http(), ["receive", *answers(START, BODY), "receive"], events=[REQUEST, REQUEST], received=[REQUEST, GONE]),
    case("A18", "websocket waits", websocket(), opened("receive", "blocked"), events=[CONNECT, {"type": "websocket.disconnect", "code": 1000}, {"type": "websocket.disconnect", "code": 1000}], received=[CONNECT, {"type": "websocket.disconnect", "code": 1000}]),
    case("A19", "unread body after the response", http(), [*answers(START, BODY), "receive", "receive"], events=[{**REQUEST, "body": b"late"}, GONE], received=[{**REQUEST, "body": b"late"}, GONE]),
    case("A20", "lets shutdown pass", LIFESPAN, ["receive", ("send", STARTED), "receive", "receive", ("send", {"type": "lifespan.cleanup.complete"})], received=[STARTUP, SHUTDOWN, CLEANUP], sent=[STARTED, STOPPED]),
    case("A20", "by quirk", LIFESPAN, ["receive", ("send", STARTED), "receive", ("send", {"type": "lifespan.cleanup.complete"})], quirks={"lifespan_cleanup": True}, received=[STARTUP, CLEANUP], sent=[STARTED, STOPPED]),
    # Send.
    a_body("A21", "http.response.content", {"type": "http.response.content", "body": b"hello"}, BODY, repaired=["A21"], strict="A21"),
    a_body("A21", "http.response.chunk", {"type": "http.response.chunk", "body": b"hello"}, BODY),
    a_body("A21", "uvicorn's documentation, body", {"type": "http.request.body", "body": b"hello"}, BODY),
    a_start("A21", "uvicorn's documentation, start", {**START, "type": "http.request.start"}, START),
    case("A21", "http.response", http(), answers({"type": "http.response", "status": 200, "headers": TEXT, "content": b"hello"}), sent=[START, BODY], strict="A21"),
    a_body("A22", "content", {"type": "http.response.body", "content": b"hello"}, BODY, repaired=["A22"], strict="A22"),
    case("A22", "more_content", http(), answers(START, {"type": "http.response.body", "content": b"hel", "more_content": True}, {"type": "http.response.body", "content": b"lo"}), sent=[START, PART, body(body=b"lo")]),
    a_body("A22", "the new key wins", {"type": "http.response.body", "content": b"old", "body": b"hello", "more_content": False}, {**BODY, "content": b"old"}),
    a_start("A23", "no headers", start(headers=ABSENT), start(headers=[]), repaired=[]),
    a_start("A23", "status str", start(status="200"), START, repaired=["A23"], strict="A23"),
    a_start("A23", "status HTTPStatus", start(status=HTTPStatus.OK), START, exact=True),
    a_start("A23", "status float", start(status=200.0), START, exact=True, strict="A23"),
    refused("A23", "status 700", start(status=700)),
    refused("A23", "status in words", start(status="200 OK")),
    refused("A23", "no status", start(status=ABSENT)),
    refused("A23", "status True", start(status=True)),
    a_start("A24", "str", start(headers=[("X-A", "1")]), start(headers=PLAIN), repaired=["A24"], strict="A24"),
    a_start("A24", "dict", start(headers={"x-a": "1"}), start(headers=PLAIN), strict="A24"),
    a_start("A24", "None", start(headers=None), start(headers=[]), strict="A24"),
    a_start("A24", "int value", header(b"x-a", 1), start(headers=PLAIN), strict="A24"),
    a_start("A24", "bytearray and memoryview", header(bytearray(b"x-a"), memoryview(b"1")), start(headers=PLAIN), strict="A24"),
    a_start("A24", "upper case", header(b"X-A", b"1"), start(headers=PLAIN), strict="A24"),
    a_start("A24", "lists in a list", start(headers=[[b"x-a", b"1"], [b"x-a", b"1"]]), start(headers=PLAIN * 2), repaired=[]),
    a_start("A24", "tuple", start(headers=((b"x-a", b"1"),)), start(headers=PLAIN), repaired=[]),
    a_start("A24", "dict items", start(headers={b"x-a": b"1"}.items()), start(headers=PLAIN), repaired=[]),
    refused("A24", "not latin-1", header("x-a", "\u20ac")),
    refused("A24", "a number", start(headers=5)),
    refused("A24", "a str", start(headers="x-a: 1")),
    refused("A24", "three items", start(headers=[(b"a", b"b", b"c")])),
    refused("A24", "None value", header(b"x-a", None)),
    refused("A25", "line break", header(b"x-a", b"1\r\nset-cookie: x=1"), strict="A25"),
    refused("A25", "line feed in str", header("x-a", "1\n2")),
    refused("A25", "NUL", header(b"x-a", b"1\x002")),
    refused("A25", "blank in a name", header(b"x a", b"1")),
    refused("A25", "empty name", header(b"", b"1")),
    refused("A25", "in accept", {**ACCEPT, "headers": [(b"x-a", b"1\r\n2")]}, scope=websocket(), sent=[], raised="AppMessageError"),
    a_start("A26", "transfer-encoding", start(headers=[(b"transfer-encoding", b"chunked"), *PLAIN]), start(headers=PLAIN), strict="A26"),
    a_start("A26", "pseudo header", start(headers=[(b":status", b"200"), *PLAIN]), start(headers=PLAIN)),
    a_start("A26", "content-length twice", start(headers=[LENGTH, *TEXT, (b"Content-Length", b"5")]), start(headers=[LENGTH, *TEXT]), repaired=["A24", "A26"]),
    a_start("A26", "the same content-length twice", start(headers=[LENGTH, LENGTH]), start(headers=[LENGTH]), repaired=["A26"], strict="A26"),
    refused("A26", "two content-lengths", start(headers=[LENGTH, (b"content-length", b"7")])),
    refused("A26", "two content-lengths, one as text", start(headers=[LENGTH, ("Content-Length", "7")])),
    case("A26", "two content-lengths of a denial", websocket(extensions=OFFERS), ["receive", ("try", {**DENIAL, "headers": [LENGTH, (b"content-length", b"7")]})], error="AppMessageError", sent=[CLOSE]),
    case("A26", "a denial's", websocket(extensions=OFFERS), ["receive", *answers({**DENIAL, "headers": [(b"content-length", b"2"), (b"content-length", b"2"), (b"transfer-encoding", b"chunked")]}, DENIED)], sent=[{**DENIAL, "headers": [(b"content-length", b"2")]}, DENIED]),
    case("A24", "in extensions", http(extensions=EXTENSIONS), answers({**PUSH, "headers": [("X-A", 1)]}, {**HINT, "links": ["</a>"]}, TRAILED, BODY, {**TRAILERS, "headers": {"x-a": "1"}}), sent=[{**PUSH, "headers": PLAIN}, HINT, TRAILED, BODY, {**TRAILERS, "headers": PLAIN}], repaired=["A24", "A24", "A24"]),
    case("A26", "in extensions", http(extensions=EXTENSIONS), answers({**PUSH, "headers": [(b":path", b"/x"), *PLAIN]}, TRAILED, BODY, {**TRAILERS, "headers": [(b"transfer-encoding", b"chunked")]}), sent=[{**PUSH, "headers": PLAIN}, TRAILED, BODY, TRAILERS], repaired=["A26", "A26"]),
    refused("A25", "a line break in trailers", TRAILED, BODY, {**TRAILERS, "headers": BREAK}, scope=http(extensions=EXTENSIONS), sent=[TRAILED, BODY]),
    *(refused("A25", f"a line break in {event['type']}", event, scope=http(extensions=EXTENSIONS)) for event in BROKEN),
    a_body("A27", "nothing there", {"type": "http.response.body"}, EMPTY, repaired=[]),
    a_body("A27", "None", body(body=None), EMPTY, repaired=["A27"], strict="A27"),
    a_body("A27", "bytearray", body(body=bytearray(b"hello")), BODY, exact=True, strict="A27"),
    a_body("A27", "memoryview", body(body=memoryview(b"hello")), BODY, strict="A27"),
    a_body("A27", "more_body None", body(more_body=None), BODY, strict="A27"),
    a_body("A27", "str by quirk", body(body="h\xe9"), body(body="h\xe9".encode()), quirks={"text_body": True}),
    refused("A27", "str", START, body(body="hello"), strict="A27"),
    refused("A27", "a number", START, body(body=5)),
    case("A28", "a second start replaces", http(), answers(start(status=500), START, BODY), sent=[START, BODY], repaired=["A28"], strict="A28"),
    case("A28", "start, then return", http(), answers(START), sent=[START, EMPTY]),
    case("A28", "unfinished", http(), answers(START, PART), sent=[START, PART, EMPTY]),
    case("A28", "start, then an error", http(), [("send", START), ("raise", ValueError("x"))], sent=[], raised="ValueError"),
    case("A28", "nothing at all", http(), [], sent=[], raised="AppMessageError"),
    case("A29", "204", http(), answers(start(status=204), BODY), sent=[start(status=204), EMPTY], repaired=["A29"], strict="A29"),
    case("A29", "304 and content-length", http(), answers(start(status=304, headers=[(b"content-length", b"5")]), BODY), sent=[start(status=304, headers=[]), EMPTY]),
    case("A29", "HEAD", http(method="HEAD"), answers(start(headers=[(b"content-length", b"5")]), BODY), sent=[start(headers=[(b"content-length", b"5")]), EMPTY]),
    case("A30", "body after the end", http(), answers(START, BODY, BODY, START), sent=[START, BODY], error=None),
    case("A31", "OSError", http(), answers(START, BODY), server={"http.response.body": OSError("gone")}, error=None, raised=None, sent=[START]),
    case("A31", "RuntimeError after a disconnect", websocket(), opened("receive", ("send", {"type": "websocket.send", "text": "x"})), events=[CONNECT, {"type": "websocket.disconnect", "code": 1000}], server={"websocket.send": RuntimeError("gone")}, error=None, raised=None),
    case("A32", "a first message", websocket(), ["receive", ("send", {**ACCEPT, "text": "hi", "bytes": None})], sent=[ACCEPT, {"type": "websocket.send", "text": "hi"}, CLOSE], strict="A32"),
    case("A32", "None headers, None subprotocol", websocket(), ["receive", ("send", {**ACCEPT, "headers": None, "subprotocol": None})], sent=[{**ACCEPT, "subprotocol": None}, CLOSE]),
    case("A32", "bytes", websocket(subprotocols=["chat"]), ["receive", ("send", {**ACCEPT, "subprotocol": b"chat"})], sent=[{**ACCEPT, "subprotocol": "chat"}, CLOSE], strict="A32"),
    case("A32", "as a header", websocket(subprotocols=["chat"]), ["receive", ("send", {**ACCEPT, "headers": [(b"Sec-WebSocket-Protocol", b"chat")]})], sent=[{**ACCEPT, "headers": [], "subprotocol": "chat"}, CLOSE]),
    case("A32", "not offered", websocket(subprotocols=["chat"]), ["receive", ("send", {**ACCEPT, "subprotocol": "v9"})], sent=[ACCEPT, CLOSE]),
    case("A32", "not offered, by quirk", websocket(subprotocols=["chat"]), ["receive", ("send", {**ACCEPT, "subprotocol": "v9"})], quirks={"unoffered_subprotocol": "error"}, sent=[], error="AppMessageError"),
    *(case("A32", f"a subprotocol of {name!r}, kept by quirk", websocket(subprotocols=[name]), ["receive", ("try", {**ACCEPT, "subprotocol": name})], quirks={"unoffered_subprotocol": "keep"}, error="AppMessageError", sent=[CLOSE]) for name in NO_TOKENS),
    case("A32", "not offered and kept by quirk", websocket(), ["receive", ("send", {**ACCEPT, "subprotocol": "v9"})], quirks={"unoffered_subprotocol": "keep"}, sent=[{**ACCEPT, "subprotocol": "v9"}, CLOSE]),
    ws("A33", "text and None", {"type": "websocket.send", "text": "x", "bytes": None}, {"type": "websocket.send", "text": "x"}, repaired=[]),
    ws("A33", "both", {"type": "websocket.send", "text": "x", "bytes": b"y"}, {"type": "websocket.send", "bytes": b"y"}, repaired=["A33"], strict="A33"),
    ws("A33", "both, empty bytes", {"type": "websocket.send", "text": "x", "bytes": b""}, {"type": "websocket.send", "bytes": b""}),
    ws("A33", "neither", {"type": "websocket.send"}, strict="A33"),
    ws("A33", "both None", {"type": "websocket.send", "text": None, "bytes": None}),
    ws("A33", "text is bytes", {"type": "websocket.send", "text": b"x"}, {"type": "websocket.send", "bytes": b"x"}, strict="A33"),
    ws("A33", "bytes is str", {"type": "websocket.send", "bytes": "x"}, {"type": "websocket.send", "text": "x"}),
    ws("A33", "bytearray", {"type": "websocket.send", "bytes": bytearray(b"x")}, {"type": "websocket.send", "bytes": b"x"}, exact=True),
    case("A33", "a number", websocket(), opened(("send", {"type": "websocket.send", "text": 5})), error="AppMessageError", sent=[ACCEPT, {**CLOSE, "code": 1011}]),
    case("A34", "accepts first by quirk", websocket(), ["receive", ("send", {"type": "websocket.send", "text": "x"})], quirks={"implicit_accept": True}, sent=[ACCEPT, {"type": "websocket.send", "text": "x"}, CLOSE]),
    ws("A35", "no code", {"type": "websocket.close"}, CLOSE, repaired=[]),
    ws("A35", "code None", {"type": "websocket.close", "code": None}, CLOSE, strict="A35"),
    ws("A35", "code str", {"type": "websocket.close", "code": "4000"}, {"type": "websocket.close", "code": 4000}),
    ws("A35", "code 1006", {"type": "websocket.close", "code": 1006}, CLOSE, strict="A35"),
    ws("A35", "code 99", {"type": "websocket.close", "code": 99}, CLOSE),
    ws("A35", "a long reason", {**CLOSE, "reason": "\u20ac" * 60}, {**CLOSE, "reason": "\u20ac" * 41}, strict="A35"),
    case("A35", "1001 on daphne", websocket(asgi={"version": "3.0"}, client=["127.0.0.1", 5]), opened(("send", {"type": "websocket.close", "code": 1001})), sent=[ACCEPT, CLOSE]),
    case("A35", "before accept without reason", websocket(), ["receive", ("send", {**CLOSE, "reason": "no"})], sent=[CLOSE]),
    case("A35", "code is no number", websocket(), opened(("send", {"type": "websocket.close", "code": "now"})), error="AppMessageError", sent=[ACCEPT, {**CLOSE, "code": 1011}]),
    ws("A36", "disconnect that is sent", {"type": "websocket.disconnect", "code": 1001}, {"type": "websocket.close", "code": 1001}, strict="A36"),
    case("A37", "close twice, send after close", websocket(), opened(("send", CLOSE), ("send", CLOSE), ("send", {"type": "websocket.send", "text": "x"})), sent=[ACCEPT, CLOSE], error=None),
    refused("A38", "unknown", {"type": "http.response.trailer"}, strict="A38"),
    refused("A38", "of the other protocol", {"type": "websocket.send", "text": "x"}),
    refused("A38", "an extension that nobody announces", {"type": "http.response.push", "path": "/x", "headers": []}),
    case("A38", "passed on by quirk", http(), answers({"type": "odd", "headers": [("A", 1)]}, START, BODY), quirks={"pass_unknown": True}, sent=[{"type": "odd", "headers": [(b"a", b"1")]}, START, BODY]),
    case("A38", "a known one is not passed on", http(), answers({"type": "http.response.pathsend", "path": "/x"}), quirks={"pass_unknown": True}, error="AppMessageError", sent=[]),
    case("A38", "dropped by quirk", http(), answers({"type": "odd"}, START, BODY), quirks={"drop_unknown": True}, sent=[START, BODY]),
    case("A39", "cleanup.complete", LIFESPAN, ["receive", ("send", STARTED), "receive", ("send", {"type": "lifespan.cleanup.complete"})], sent=[STARTED, STOPPED], strict="A39"),
    case("A40", "gone without an answer", LIFESPAN, ["receive", ("send", STARTED)], sent=[STARTED], raised=None),
    case("A41", "an error in the middle, on daphne", http(asgi={"version": "3.0"}, client=["127.0.0.1", 5]), [*answers(START, PART), ("raise", ValueError("x"))], sent=[START, PART, EMPTY], raised="ValueError"),
    case("A41", "by quirk", http(), [*answers(START, PART), ("raise", ValueError("x"))], quirks={"finish_on_error": True}, sent=[START, PART, EMPTY], raised="ValueError"),
    case("A42", "awaitables that are no coroutines", http(), ["coroutines", *answers(START, BODY)], server={"awaitable": True}, seen={"coroutines": (True, True)}),
    a_start("A43", "blanks", header(b"x-a", b" 1\t"), start(headers=PLAIN), repaired=["A43"], strict="A43"),
    case("A44", "returns after accept", websocket(), opened(), sent=[ACCEPT, CLOSE]),
    case("A44", "raises after accept", websocket(), opened(("raise", ValueError("x"))), sent=[ACCEPT, {**CLOSE, "code": 1011}], raised="ValueError"),
    case("A45", "returns before accept", websocket(), ["receive"], sent=[CLOSE]),
    case("A45", "raises before accept on granian", websocket(extensions={"http.response.pathsend": {}, **OFFERS}), ["receive", ("raise", ValueError("x"))], sent=CRASHED, raised="ValueError"),
    case("A45", "raises before accept on daphne", websocket(asgi={"version": "3.0"}, client=["127.0.0.1", 5]), ["receive", ("raise", ValueError("x"))], sent=[], raised="ValueError"),
    case("A46", "a receive that waits is cancelled first", websocket(), opened("pending", ("send", CLOSE), "settle"), server={"holds_close": True}, sent=[ACCEPT, CLOSE], seen={"closed_while_waiting": False}),
    case("A47", "several parts", websocket(extensions=OFFERS), ["receive", *answers(DENIAL, {**DENIED, "body": b"n", "more_body": True}, {**DENIED, "body": b"o"})], sent=[DENIAL, DENIED]),
    case("A47", "not offered", websocket(), ["receive", *answers(DENIAL, DENIED)], sent=[CLOSE]),
    case("A48", "str port", http(client=("127.0.0.1", "5000"), server=["h", "80"]), answers(START, BODY), scope={"client": ("127.0.0.1", 5000), "server": ["h", 80]}, strict="A48"),
    case("A49", "accept without reading connect", websocket(), [("send", ACCEPT), "receive", "receive"], events=[CONNECT, {"type": "websocket.receive", "text": "x"}], received=[CONNECT, {"type": "websocket.receive", "text": "x"}], seen={"read_before_accept": 1}),
    a_start("A50", "a generator", lambda: start(headers=(pair for pair in PLAIN)), start(headers=PLAIN), repaired=[]),
    case("A51", "a task sends the end", http(), [("send", START), ("elsewhere", BODY)], sent=[START, BODY], seen={"context": "the request's"}),
    case("A51", "a task receives", http(), [("elsewhere", None), *answers(START, BODY)], sent=[START, BODY], seen={"context": "the request's"}),
]

OLD = {"asgi": ABSENT}


def old_http(**fields):  # type: ignore[no-untyped-def]
    return http(**{**OLD, **fields})


def old_ws(**fields):  # type: ignore[no-untyped-def]
    return websocket(**{**OLD, **fields})


B_CASES = [
    case("B1", "by keyword", old_http(), answers(START, BODY), server={"keywords": True}, sent=[START, BODY]),
    case("B2", "the first call does nothing", old_http(), answers(START, BODY), server={"probe": True}, sent=[START, BODY], seen={"probed": []}),
    case("B3", "a return value", old_http(), [*answers(START, BODY), ("return", "x")], returned=None),
    case("B4", "no asgi", old_http(), answers(START, BODY), scope={"asgi": {"version": "3.0", "spec_version": "2.0"}}),
    case("B4", "lifespan", {"type": "lifespan", "asgi": {"version": "2.0"}}, ["receive", ("send", STARTED), "receive", ("send", STOPPED)], scope={"asgi": {"version": "3.0", "spec_version": "2.0"}}),
    case("B5", "a dict of str", old_http(headers={"Host": "E"}), answers(START, BODY), scope={"headers": [(b"host", b"E")]}),
    case("B5", "lists", old_http(headers=[[b"Host", b"E"]]), answers(START, BODY), scope={"headers": [(b"host", b"E")]}, exact=True),
    case("B6", "socket names", old_http(client=("::1", 5, 0, 0), server="/run/x"), answers(START, BODY), scope={"client": ("::1", 5), "server": ("/run/x", None)}),
    case("B6", "unix client", old_http(client="", server=["h", 1]), answers(START, BODY), scope={"client": None, "server": ("h", 1)}, exact=True),
    case("B6", "swapped", old_http(client=("s", 1), server=("c", 2)), answers(START, BODY), quirks={"swap_addresses": True}, scope={"client": ("c", 2), "server": ("s", 1)}),
    case("B7", "uvicorn 0.2", old_ws(scheme="https", method="GET", http_version=ABSENT), opened(), scope={"scheme": "wss", "method": ABSENT, "http_version": "1.1"}),
    case("B7", "daphne", old_ws(scheme=ABSENT), opened(), scope={"scheme": "ws"}),
    case("B8", "None", old_ws(subprotocols=None), opened(), scope={"subprotocols": []}),
    case("B8", "bytes", old_ws(subprotocols=[b" chat", b"v2 "]), opened(), scope={"subprotocols": ["chat", "v2"]}),
    case("B8", "from the header", old_ws(headers=[(b"sec-websocket-protocol", b"chat")]), opened(), scope={"subprotocols": ["chat"]}),
    case("B9", "str and bytes", old_http(query_string="a=1", root_path=b"/p", raw_path="/x?q"), answers(START, BODY), scope={"query_string": b"a=1", "root_path": "/p", "raw_path": b"/x"}),
    case("B9", "missing", old_http(root_path=ABSENT, raw_path=ABSENT), answers(START, BODY), scope={"root_path": "", "raw_path": ABSENT}),
    case("B10", "by quirk", old_http(path="/a%20b"), answers(START, BODY), quirks={"unquote_path": True}, scope={"path": "/a b"}),
    case("B11", "by quirk", old_http(path="/x", root_path="/p"), answers(START, BODY), quirks={"prepend_root_path": True}, scope={"path": "/p/x"}),
    case("B37", "announced all the same", old_ws(), opened(), scope={"extensions": OFFERS}),
    case("B12", "none", old_http(), answers(START, BODY), scope={"extensions": {}}),
    case("B12", "hypercorn 0.1", old_ws(extensions={"websocket.http.response.start": {}, "websocket.http.response.body": {}}), opened(), scope={"extensions": {"websocket.http.response": {}}}),
    case("B5", "a value of None stays as it is", old_http(headers=[[b"X-A", None]]), answers(START, BODY), scope={"headers": [(b"x-a", None)]}, strict="B5"),
    case("B6", "no address", old_http(client=7, server=("/", "t")), answers(START, BODY), scope={"client": None, "server": None}, strict="B6"),
    case("B7", "http, bytes", old_http(scheme=b"https", http_version=b"1.0"), answers(START, BODY), scope={"scheme": "https", "http_version": "1.0"}),
    case("B8", "no list", old_ws(subprotocols=5), opened(), scope={"subprotocols": []}, strict="B8"),
    case("B9", "nothing that can be read", old_http(query_string=5, root_path=5, raw_path=5), answers(START, BODY), scope={"query_string": b"", "root_path": "", "raw_path": ABSENT}, strict="B9"),
    case("B12", "another mapping", old_http(extensions=PROXY), answers(START, BODY), scope={"extensions": {"tls": {}}}),
    case("B12", "nothing that came after ASGI 2", old_http(extensions={**EXTENSIONS, "http.response.pathsend": {}, "tls": {}}), answers(START, BODY), scope={"extensions": {"x.headers": {}, "tls": {}}}),
    case("B12", "no mapping", old_http(extensions=5), answers(START, BODY), scope={"extensions": {}}, strict="B12"),
    case("B16", "nothing that can be read", old_ws(), opened("receive"), events=[CONNECT, {"type": "websocket.disconnect", "code": "gone", "reason": 5}], received=[CONNECT, {"type": "websocket.disconnect", "code": 1005, "reason": ""}], strict="B16"),
    case("B13", "after start-up", old_http(), answers(START, BODY), server={"start_up": True}, scope={"state": {"db": 1}}),
    case("B14", "hypercorn and daphne", old_http(), ["receive", *answers(START, BODY)], events=[{"type": "http.request", "body": bytearray(b"x")}], received=[{**REQUEST, "body": b"x"}], exact=True),
    case("B15", "blocks after the response", old_http(), ["receive", *answers(START, BODY), "receive", "blocked"], received=[REQUEST, GONE]),
    case("B15", "the request again", old_http(), ["receive", "receive"], events=[REQUEST, REQUEST, GONE], received=[REQUEST, GONE]),
    case("B15", "fully consumed", old_http(), ["receive", "blocked", *answers(START, BODY), "receive"], server={"consumed": True}, received=[REQUEST, GONE]),
    case("B16", "uvicorn 0.2", old_ws(), opened("receive", "receive"), events=[{**CONNECT, "order": 0}, {"type": "websocket.receive", "text": "x", "bytes": None, "order": 1, "path": "/"}, {"type": "websocket.disconnect", "order": 2, "path": "/"}], received=[CONNECT, {"type": "websocket.receive", "text": "x"}, {"type": "websocket.disconnect", "code": 1005, "reason": ""}]),
    case("B17", "cleanup", {"type": "lifespan"}, ["receive", ("send", STARTED), "receive", ("send", STOPPED)], events=[STARTUP, CLEANUP], received=[STARTUP, SHUTDOWN]),
    case("B18", "HTTPStatus, tuple", old_http(), answers(start(status=HTTPStatus.OK, headers=((b"X-A", b"1"),)), BODY), sent=[start(headers=PLAIN), BODY], exact=True),
    case("B18", "no headers", old_http(), answers(start(headers=ABSENT), BODY), sent=[start(headers=[]), BODY]),
    case("B19", "both there", old_http(), answers(START, {"type": "http.response.body", "body": b"hello"}), sent=[START, BODY]),
    case("B19", "no empty chunk in the middle", old_http(), answers(START, {**EMPTY, "more_body": True}, BODY), sent=[START, BODY]),
    case("B19", "an empty response", old_http(), answers(START, {"type": "http.response.body"}), sent=[start(headers=[*TEXT, (b"content-length", b"0")]), EMPTY]),
    case("B19", "one chunk held back", old_http(), answers(START, PART, body(body=b"lo", more_body=True), EMPTY), quirks={"hold_last_chunk": True}, sent=[START, PART, body(body=b"lo")]),
    case("B20", "204", old_http(), answers(start(status=204), BODY), sent=[start(status=204), EMPTY]),
    refused("B21", "line break", header(b"x-a", b"1\r\n2"), scope=old_http()),
    case("B22", "nothing", old_ws(), opened("receive", ("send", {"type": "websocket.send", "text": "x"})), events=[CONNECT, {"type": "websocket.disconnect", "code": 1000}], server={"websocket.send": type("ConnectionClosed", (Exception,), {})()}, error=None, raised=None),
    case("B22", "OSError by quirk", old_ws(), opened("receive", ("send", {"type": "websocket.send", "text": "x"})), events=[CONNECT, {"type": "websocket.disconnect", "code": 1000}], quirks={"raise_after_disconnect": True}, server={"websocket.send": RuntimeError("x")}, error="ClientDisconnected"),
    case("B23", "trailers", old_http(), answers(start(trailers=True), BODY, {"type": "http.response.trailers", "headers": []}), sent=[START, BODY], error=None),
    refused("B24", "pathsend", START, {"type": "http.response.pathsend", "path": "/x"}, scope=old_http()),
    case("B25", "hints", old_http(), answers({"type": "http.response.early_hint", "links": []}, START, BODY), sent=[START, BODY], error=None),
    case("B26", "headers", old_ws(), ["receive", ("send", {**ACCEPT, "headers": PLAIN, "subprotocol": None})], sent=[ACCEPT, CLOSE]),
    case("B26", "not offered", old_ws(subprotocols=["chat"]), ["receive", ("send", {**ACCEPT, "subprotocol": "v9"})], sent=[ACCEPT, CLOSE], repaired=["B26"], strict="B26"),
    case("B26", "not offered, by quirk", old_ws(subprotocols=["chat"]), ["receive", ("send", {**ACCEPT, "subprotocol": "v9"})], quirks={"unoffered_subprotocol": "error"}, sent=[], error="AppMessageError"),
    case("B26", "offered, as bytes", old_ws(subprotocols=["chat"]), ["receive", ("send", {**ACCEPT, "subprotocol": b"chat"})], sent=[{**ACCEPT, "subprotocol": "chat"}, CLOSE]),
    case("B26", "offered, as a header", old_ws(headers=[(b"sec-websocket-protocol", b"chat")]), ["receive", ("send", {**ACCEPT, "headers": [("x", "y"), [b"Sec-WebSocket-Protocol", b"chat"]]})], sent=[{**ACCEPT, "subprotocol": "chat"}, CLOSE]),
    *(case("B26", f"a subprotocol of {name!r}", old_ws(subprotocols=[name]), ["receive", ("try", {**ACCEPT, "subprotocol": name})], error="AppMessageError", sent=[CLOSE]) for name in NO_TOKENS),
    case("B27", "one key", old_ws(), opened(("send", {"type": "websocket.send", "bytes": bytearray(b"x"), "text": None}), ("send", {"type": "websocket.send", "text": None})), sent=[ACCEPT, {"type": "websocket.send", "bytes": b"x"}, CLOSE], exact=True),
    case("B27", "both by quirk", old_ws(), opened(("send", {"type": "websocket.send", "text": "x"})), quirks={"both_send_keys": True}, sent=[ACCEPT, {"type": "websocket.send", "text": "x", "bytes": None}, CLOSE]),
    case("B28", "code and no reason", old_ws(), opened(("send", {"type": "websocket.close", "reason": "bye"})), sent=[ACCEPT, CLOSE]),
    case("B29", "before accept", old_ws(), ["receive", ("send", CLOSE)], sent=[CLOSE]),
    case("B30", "not announced", old_ws(), ["receive", *answers(DENIAL, DENIED)], sent=[CLOSE], error=None),
    case("B31", "failed", {"type": "lifespan"}, ["receive", ("send", {"type": "lifespan.startup.failed", "message": "no database"})], sent=[], raised="RuntimeError"),
    case("B32", "failed", {"type": "lifespan"}, ["receive", ("send", STARTED), "receive", ("send", {"type": "lifespan.shutdown.failed", "message": "x"})], sent=[STARTED, STOPPED]),
    case("B33", "does not speak lifespan", {"type": "lifespan"}, [("raise", ValueError("x"))], sent=[STARTED, STOPPED], raised=None),
    case("B34", "cleanup", {"type": "lifespan"}, ["receive", ("send", STARTED), "receive", ("send", STOPPED)], events=[STARTUP, CLEANUP], sent=[STARTED, {"type": "lifespan.cleanup.complete"}]),
    case("B35", "start-up first", old_http(), answers(START, BODY), quirks={"lazy_lifespan": True}, sent=[START, BODY], seen={"lifespans": 1}),
    case("B36", "a dict", {"type": "lifespan"}, ["receive", ("send", STARTED), "receive", ("send", STOPPED)], scope={"state": {}}),
    case("B37", "close instead", old_ws(), ["receive", *answers(DENIAL, DENIED)], sent=[CLOSE]),
    case("B40", "an error in the middle, on daphne", old_http(asgi={"version": "3.0"}, client=["127.0.0.1", 5]), [*answers(START, PART), ("raise", ValueError("x"))], sent=[START, PART, EMPTY], raised="ValueError"),
    case("B40", "by quirk", old_http(), [*answers(START, PART), ("raise", ValueError("x"))], quirks={"finish_on_error": True}, sent=[START, PART, EMPTY], raised="ValueError"),
    case("B40", "not by quirk", old_http(asgi={"version": "3.0"}, client=["127.0.0.1", 5]), [*answers(START, PART), ("raise", ValueError("x"))], quirks={"finish_on_error": False}, sent=[START, PART], raised="ValueError"),
    case("B41", "returns after accept", old_ws(), opened(), sent=[ACCEPT, CLOSE]),
    case("B41", "raises after accept", old_ws(), opened(("raise", ValueError("x"))), sent=[ACCEPT, {"type": "websocket.close", "code": 1011}], raised="ValueError"),
    case("B42", "returns before accept", old_ws(), ["receive"], sent=[CLOSE]),
    case("B42", "raises before accept", old_ws(), ["receive", ("raise", ValueError("x"))], sent=[], raised="ValueError"),
    case("B39", "transfer-encoding", old_http(), answers(start(headers=[(b"Transfer-Encoding", b"chunked"), *PLAIN]), BODY), sent=[start(headers=PLAIN), BODY], repaired=["B18", "B39"], strict="B18"),
    case("B39", "pseudo header", old_http(), answers(start(headers=[(b":status", b"200"), *PLAIN]), BODY), sent=[start(headers=PLAIN), BODY], strict="B39"),
    case("B39", "the same content-length twice", old_http(), answers(start(headers=[LENGTH, LENGTH]), BODY), sent=[start(headers=[LENGTH]), BODY], repaired=["B39"], strict="B39"),
    refused("B39", "two content-lengths", start(headers=[LENGTH, (b"CONTENT-LENGTH", b"7")]), scope=old_http()),
    case("B39", "a denial's", old_ws(extensions=OFFERS), ["receive", *answers({**DENIAL, "headers": [(b"content-length", b"2"), (b"content-length", b"2"), (b"transfer-encoding", b"chunked")]}, DENIED)], sent=[{**DENIAL, "headers": [(b"content-length", b"2")]}, DENIED]),
    case("B39", "two content-lengths of a denial", old_ws(extensions=OFFERS), ["receive", ("try", {**DENIAL, "headers": [LENGTH, (b"content-length", b"7")]})], error="AppMessageError", sent=[CLOSE]),
    case("B18", "in extensions", old_http(extensions=EXTENSIONS), answers({"type": "x.headers", "headers": [("X-A", 1)]}, {**HINT, "type": "x.headers", "links": ["</a>"]}, START, BODY), sent=[{"type": "x.headers", "headers": PLAIN}, {**HINT, "type": "x.headers"}, START, BODY], repaired=["B18", "B18"]),
    *(refused("B21", f"a line break in {event['type']}", event, scope=old_http(extensions=EXTENSIONS)) for event in BROKEN if event["type"] == "x.headers"),
    case("B38", "one key", old_ws(), opened("receive"), events=[CONNECT, {"type": "websocket.receive", "bytes": b"", "text": None}], received=[CONNECT, {"type": "websocket.receive", "bytes": b""}]),
]

CASES = A_CASES + B_CASES

#: Events that are not dicts are dicts after the adapter (granian takes nothing else).
NOT_DICTS = [MappingProxyType(START), MappingProxyType(BODY)]
