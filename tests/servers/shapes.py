"""The odd shapes of eight years as data: what an application does, and the one thing that is seen of it.

A `Shape` is one connection. Its script is what the double-callable application in ``odd_application.py``
does with it; ``wire`` is what a client sees of that, and ``app`` what the application sees, each written
once for all servers. What a server does otherwise all the same is a row of ``deviations.py``.

Laws

1. Every row of the two tables of odd shapes that were measured on the servers without an adapter is here,
   in their words (`HTTP_ROWS`, `WEBSOCKET_ROWS`), and beside it the shapes it consists of. `FURTHER_ROWS`
   are those that the tables do not have. A shape belongs to exactly one row.
2. Every rule about what an application sends in HTTP and WebSocket is named by a shape; so is every rule
   about a scope or an event that a server gives, as far as a client can bring it about.
3. A script never looks at which server it runs on.

A script is a sequence of steps:

    event (a mapping)       await send(event); an error is noted, ends the script and goes up
    "receive"               await receive() and forget what it gives
    ("note", "receive")     await receive() and note it: its type, and what matters of it
    "blocked"               note that receive() gives nothing for a while
    "disconnects"           receive() until the client has gone, note that, and what else two more give
    "pending"               receive() in a task, as the frameworks did; noted when the script is through
    "scope"                 answer with what the scope says, as JSON
    "many"                  send twenty messages or pieces of a body, with a moment between them
    "wait"                  let a moment pass
    "raise"                 raise the application's own error
    ("return", value)       return it; a script that ends returns None
    a function              call it: it changes an event that was sent before

``wire`` of HTTP is the status, the headers that the application decides and the body; of 500 the status
only, because the page is the server's. Of a WebSocket it is the same for a refused handshake; else 101,
the subprotocol, the headers, each message as Python writes it, and the close.
"""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from types import MappingProxyType
from typing import Any, Callable, Dict, List, Mapping, NamedTuple, Sequence, Tuple, Union

#: What a shape sends as a file.
FILE = str(Path(__file__).with_name("sent.txt"))

Step = Any
Script = Union[Sequence[Step], Callable[[], Sequence[Step]]]


class Shape(NamedTuple):
    """One connection: what the application does, what the client does, and what both see."""

    id: str
    #: The rules of `asgi_compat.rules()` that it needs, separated by blanks.
    rules: str
    script: Script
    #: What the client sees.
    wire: str
    #: What the application sees.
    app: str = "returned"
    #: What the client does besides listening, see ``wire.py``.
    client: Tuple[Any, ...] = ()
    #: Which headers of the framing belong to what is compared; servers add these as they like.
    framing: Tuple[str, ...] = ()
    #: The error that is raised once the application has returned, and that only the log shows.
    after: str = ""
    #: The fields of `asgi_compat.Quirks` that are not at their default.
    quirks: Mapping[str, Any] = MappingProxyType({})


def start(**fields: Any) -> Dict[str, Any]:
    """A start with a header list, and what is odd about it."""
    return {"type": "http.response.start", "status": 200, "headers": [], **fields}


def body(data: Any = b"hello", **fields: Any) -> Dict[str, Any]:
    """A body, and what is odd about it."""
    return {"type": "http.response.body", "body": data, **fields}


def headers(*pairs: Any) -> List[Any]:
    """A whole response with these headers."""
    return [start(headers=list(pairs)), body()]


def without(event: Mapping[str, Any], *names: str) -> Dict[str, Any]:
    return {key: value for key, value in event.items() if key not in names}


def refused(rule: str, event: str, field: str = "-") -> str:
    """The documented error, as the application notes it: rule, event and field."""
    return f"AppMessageError {rule} {event} {field}"


START, BODY = "http.response.start", "http.response.body"
OK = "200 b'hello'"
X_A = "200 x-a=1 b'hello'"
ERROR = "500"
OWN = "raised ApplicationError"

HTTP: Tuple[Shape, ...] = (
    # -- the headers of a start
    Shape("header-value-str", "A24", headers((b"x-a", "1")), X_A),
    Shape("header-name-str", "A24", headers(("X-A", b"1")), X_A),
    Shape("header-value-int", "A24", headers((b"x-a", 5)), "200 x-a=5 b'hello'"),
    Shape("headers-dict", "A24", [start(headers={"x-a": "1"}), body()], X_A),
    Shape("headers-tuple", "A24", [start(headers=((b"x-a", b"1"),)), body()], X_A),
    Shape(
        "headers-generator",
        "A24 A50",
        lambda: [start(headers=(pair for pair in [(b"x-a", b"1")])), body()],
        X_A,
    ),
    Shape("headers-items", "A24", [start(headers={b"x-a": b"1"}.items()), body()], X_A),
    Shape("headers-lists", "A24", headers([b"x-a", b"1"]), X_A),
    Shape("headers-missing", "A23", [without(start(), "headers"), body()], OK),
    Shape("headers-none", "A24", [start(headers=None), body()], OK),
    Shape("header-upper-case", "A24", headers((b"X-A", b"1")), X_A),
    Shape("header-bytearray", "A24", headers((bytearray(b"x-a"), bytearray(b"1"))), X_A),
    Shape("header-memoryview", "A24", headers((memoryview(b"x-a"), memoryview(b"1"))), X_A),
    Shape("header-blanks", "A43", headers((b"x-a", b"  1 ")), X_A),
    Shape("header-crlf", "A25", headers((b"x-a", b"1\r\nx-b: 2")), ERROR, refused("A25", START, "headers")),
    Shape("header-pseudo", "A26", headers((b":status", b"404"), (b"x-a", b"1")), X_A),
    # -- its status
    Shape("status-httpstatus", "A23", [start(status=HTTPStatus.CREATED), body()], "201 b'hello'"),
    Shape("status-str", "A23", [start(status="201"), body()], "201 b'hello'"),
    Shape("status-float", "A23", [start(status=201.0), body()], "201 b'hello'"),
    Shape(
        "status-missing", "A23", [without(start(), "status"), body()], ERROR, refused("A23", START, "status")
    ),
    Shape("status-299", "A23", [start(status=299), body()], "299 b'hello'"),
    Shape("status-700", "A23", [start(status=700), body()], ERROR, refused("A23", START, "status")),
    Shape("204-with-a-body", "A29", [start(status=204), body()], "204 b''"),
    # -- the body
    Shape("body-missing", "A27", [start(), {"type": BODY}], "200 b''"),
    Shape("body-none", "A27", [start(), body(None)], "200 b''"),
    Shape("body-str", "A27", [start(), body("hello")], ERROR, refused("A27", BODY, "body")),
    Shape("body-bytearray", "A27", [start(), body(bytearray(b"hello"))], OK),
    Shape("body-memoryview", "A27", [start(), body(memoryview(b"hello"))], OK),
    Shape("more-body-none", "A27", [start(), body(more_body=None)], OK),
    Shape("body-called-content", "A22", [start(), {"type": BODY, "content": b"hello"}], OK),
    Shape(
        "more-called-more-content",
        "A22",
        [start(), {"type": BODY, "content": b"he", "more_content": True}, {"type": BODY, "content": b"llo"}],
        OK,
    ),
    # -- the types of other days
    Shape(
        "type-content",
        "A21",
        [start(), {"type": "http.response.content", "content": b"hello"}],
        OK,
    ),
    Shape(
        "type-chunk",
        "A21",
        [
            start(),
            {"type": "http.response.chunk", "content": b"he", "more_content": True},
            {"type": "http.response.chunk", "content": b"llo"},
        ],
        OK,
    ),
    Shape(
        "type-response",
        "A21",
        [{"type": "http.response", "status": 200, "headers": [(b"x-a", b"1")], "content": b"hello"}],
        X_A,
    ),
    Shape(
        "type-request",
        "A21",
        [{**start(), "type": "http.request.start"}, {**body(), "type": "http.request.body"}],
        OK,
    ),
    # -- what comes when
    Shape("second-start", "A28", [start(status=500), start(), body()], OK),
    Shape(
        "second-start-late",
        "A28 A41",
        [start(), body(b"he", more_body=True), start(), body(b"llo")],
        "200 b'he' cut off",
        refused("A28", START),
    ),
    Shape("body-after-the-end", "A30", [start(), body(), body(b"more")], OK),
    Shape("start-after-the-end", "A30", [start(), body(), start(status=500), body(b"more")], OK),
    Shape("start-only", "A28", [start(headers=[(b"x-a", b"1")])], "200 x-a=1 b''"),
    Shape("unfinished", "A28", [start(), body(more_body=True)], OK),
    Shape("keys-unknown", "A23 A27", [{**start(), "odd": 1}, {**body(), "odd": 2}], OK),
    Shape("event-mapping", "A23", [MappingProxyType(start()), MappingProxyType(body())], OK),
    # -- events of extensions that nothing announces
    Shape(
        "trailers",
        "A38",
        [start(), body(), {"type": "http.response.trailers", "headers": []}],
        OK,
        refused("A38", "http.response.trailers"),
    ),
    Shape(
        "pathsend",
        "A38",
        [start(), {"type": "http.response.pathsend", "path": FILE}],
        ERROR,
        refused("A38", "http.response.pathsend"),
    ),
    Shape(
        "zerocopysend",
        "A38",
        [start(), {"type": "http.response.zerocopysend", "file": 0}],
        ERROR,
        refused("A38", "http.response.zerocopysend"),
    ),
    Shape(
        "push",
        "A38",
        [{"type": "http.response.push", "path": "/", "headers": []}, start(), body()],
        ERROR,
        refused("A38", "http.response.push"),
    ),
    Shape(
        "early-hint",
        "A38",
        [{"type": "http.response.early_hint", "links": []}, start(), body()],
        ERROR,
        refused("A38", "http.response.early_hint"),
    ),
    Shape(
        "debug",
        "A38",
        [{"type": "http.response.debug", "info": {}}, start(), body()],
        ERROR,
        refused("A38", "http.response.debug"),
    ),
    # -- lengths, and what comes back
    Shape("length-too-big", "A28", headers((b"content-length", b"9")), ERROR, refused("-", BODY, "body")),
    Shape("length-too-small", "A28", headers((b"content-length", b"2")), ERROR, refused("-", BODY, "body")),
    Shape("returns-a-value", "A3", [start(), body(), ("return", "x")], OK),
    Shape("receive-before-the-response", "A19", ["receive", "blocked", start(), body()], OK, "blocked"),
    Shape(
        "receive-after-the-response",
        "A18",
        ["receive", start(), body(), "disconnects"],
        OK,
        "http.disconnect",
        ("close",),
    ),
    # -- further
    Shape("header-several", "A24", headers((b"x-a", b"1"), (b"x-a", b"2")), "200 x-a=1 x-a=2 b'hello'"),
    Shape("header-control", "A25", headers((b"x-a", b"a\x01b")), ERROR, refused("A25", START, "headers")),
    Shape("header-name-no-token", "A25", headers((b"x a", b"1")), ERROR, refused("A25", START, "headers")),
    Shape("header-name-int", "A24", headers((5, b"1")), ERROR, refused("A24", START, "headers")),
    Shape("header-transfer-encoding", "A26", headers((b"transfer-encoding", b"chunked")), OK),
    Shape(
        "304-with-a-length",
        "A29",
        [start(status=304, headers=[(b"content-length", b"5")]), body()],
        "304 b''",
    ),
    Shape(
        "length",
        "A23",
        headers((b"content-length", b"5")),
        "200 content-length=5 b'hello'",
        framing=("content-length",),
    ),
    Shape(
        "length-no-number",
        "A26",
        headers((b"content-length", b"five")),
        ERROR,
        refused("A26", START, "headers"),
    ),
    Shape(
        "length-never-reached",
        "A41",
        [start(headers=[(b"content-length", b"9")]), body(b"he", more_body=True), body(b"llo")],
        "200 b'he' cut off",
        refused("-", BODY, "body"),
    ),
    Shape(
        "head",
        "A29",
        headers((b"content-length", b"5")),
        "200 content-length=5 b''",
        client=("HEAD",),
        framing=("content-length",),
    ),
    Shape("head-in-pieces", "A29", [start(), body(more_body=True), body()], "200 b''", client=("HEAD",)),
    Shape(
        "pieces-empty",
        "A27",
        [
            start(),
            body(b"", more_body=True),
            body(),
        ],
        OK,
    ),
    Shape("event-no-mapping", "A38", [None], ERROR, refused("A38", "None")),
    Shape("event-without-a-type", "A38", [{"status": 200}], ERROR, refused("A38", "None", "type")),
    Shape("event-unknown", "A38", [start(), {"type": "http.odd"}], ERROR, refused("A38", "http.odd")),
    Shape(
        "event-of-a-websocket",
        "A38",
        [{"type": "websocket.accept"}],
        ERROR,
        refused("A38", "websocket.accept"),
    ),
    Shape("body-first", "A28", [body()], ERROR, refused("-", BODY)),
    Shape("nothing", "A28", [], ERROR, after="AppMessageError"),
    Shape("raises-at-once", "A41", ["raise"], ERROR, OWN),
    Shape("raises-after-the-start", "A28 A41", [start(), "raise"], ERROR, OWN),
    Shape(
        "raises-in-the-middle", "A41", [start(), body(more_body=True), "raise"], "200 b'hello' cut off", OWN
    ),
    Shape("raises-after-the-end", "A41", [start(), body(), "raise"], OK, OWN),
    Shape(
        "receive-in-a-task",
        "A42",
        ["pending", "wait", start(), body()],
        OK,
        "http.request 0 more_body=False",
    ),
    Shape("body-from-a-thread", "A51", [start(), "body_from_a_thread"], OK),
    Shape(
        "request-body",
        "A13",
        [("note", "body"), start(), body()],
        OK,
        "http.request 5 in all",
        ("POST", b"hello"),
    ),
    Shape(
        "request-body-unread",
        "A19",
        [start(), body(), "disconnects"],
        OK,
        "http.disconnect",
        ("POST", b"hello", "close"),
    ),
    Shape(
        "client-gone",
        "A18 A31",
        [start(), body(more_body=True), "disconnects", "many", body()],
        "200 b'hello' and gone",
        "http.disconnect",
        ("vanish",),
    ),
    Shape(
        "client-gone-unseen",
        "A31",
        [start(), body(more_body=True), "many", body()],
        "200 b'hello' and gone",
        client=("vanish",),
    ),
    Shape(
        "pipelined", "A28", [start(headers=[(b"x-a", b"1")]), body()], f"{X_A}, {X_A}", client=("pipelined",)
    ),
    Shape("http-1.0-without-host", "A24", headers((b"x-a", b"1")), X_A, client=("HTTP/1.0",)),
    Shape(
        "scope",
        "A1 A5 A6 A7 A10 A12 A48",
        ["scope"],
        "200 b'asgi=2.0 spec_version=True http_version=1.1 method=GET scheme=http root_path=- path=/scope"
        " query=bytes x-odd=Yes client=127.0.0.1:int server=127.0.0.1:int'",
    ),
)

ACCEPT: Dict[str, Any] = {"type": "websocket.accept"}


def say(**fields: Any) -> Dict[str, Any]:
    return {"type": "websocket.send", **fields}


def close(**fields: Any) -> Dict[str, Any]:
    return {"type": "websocket.close", **fields}


def accept(**fields: Any) -> Dict[str, Any]:
    return {"type": "websocket.accept", **fields}


def denial(*parts: bytes) -> List[Any]:
    """A denial response in these parts."""
    bodies = [
        {"type": "websocket.http.response.body", "body": part, "more_body": part is not parts[-1]}
        for part in parts
    ]
    return [
        {"type": "websocket.http.response.start", "status": 401, "headers": [(b"x-a", b"1")]},
        *bodies,
    ]


SEND = "websocket.send"
CLOSED = "101 close 1000 ''"
REFUSED = "403"

WEBSOCKET: Tuple[Shape, ...] = (
    # -- messages
    Shape(
        "text-and-none",
        "A33",
        ["receive", ACCEPT, say(text="x", bytes=None), close()],
        "101 'x' close 1000 ''",
    ),
    Shape(
        "bytes-and-none",
        "A33",
        ["receive", ACCEPT, say(text=None, bytes=b"x"), close()],
        "101 b'x' close 1000 ''",
    ),
    Shape(
        "both-none",
        "A33",
        ["receive", ACCEPT, say(text=None, bytes=None), say(text="y"), close()],
        "101 'y' close 1000 ''",
    ),
    Shape("neither", "A33", ["receive", ACCEPT, say(), say(text="y"), close()], "101 'y' close 1000 ''"),
    Shape("both", "A33", ["receive", ACCEPT, say(text="x", bytes=b"y"), close()], "101 b'y' close 1000 ''"),
    Shape(
        "both-bytes-empty",
        "A33",
        ["receive", ACCEPT, say(text="x", bytes=b""), close()],
        "101 b'' close 1000 ''",
    ),
    Shape("text-is-bytes", "A33", ["receive", ACCEPT, say(text=b"x"), close()], "101 b'x' close 1000 ''"),
    Shape("bytes-is-str", "A33", ["receive", ACCEPT, say(bytes="x"), close()], "101 'x' close 1000 ''"),
    Shape(
        "message-bytearray",
        "A33",
        ["receive", ACCEPT, say(bytes=bytearray(b"x")), close()],
        "101 b'x' close 1000 ''",
    ),
    Shape(
        "message-memoryview",
        "A33",
        ["receive", ACCEPT, say(bytes=memoryview(b"x")), close()],
        "101 b'x' close 1000 ''",
    ),
    Shape("text-empty", "A33", ["receive", ACCEPT, say(text=""), close()], "101 '' close 1000 ''"),
    Shape("bytes-empty", "A33", ["receive", ACCEPT, say(bytes=b""), close()], "101 b'' close 1000 ''"),
    # -- closes
    Shape("close-before-accept-403", "A35", ["receive", close(code=403)], REFUSED),
    Shape("close-before-accept-reason-list", "A35", ["receive", close(code=1008, reason=[1])], REFUSED),
    Shape("close-before-accept", "A35", ["receive", close(code=4000, reason="x")], REFUSED),
    Shape("code-none", "A35", ["receive", ACCEPT, close(code=None)], CLOSED),
    Shape("code-str", "A35", ["receive", ACCEPT, close(code="4000")], "101 close 4000 ''"),
    Shape("code-1005", "A35", ["receive", ACCEPT, close(code=1005)], CLOSED),
    Shape("code-1006", "A35", ["receive", ACCEPT, close(code=1006)], CLOSED),
    Shape("code-1001", "A35", ["receive", ACCEPT, close(code=1001)], "101 close 1001 ''"),
    Shape("code-1011", "A35", ["receive", ACCEPT, close(code=1011)], "101 close 1011 ''"),
    Shape("reason", "A35", ["receive", ACCEPT, close(code=4001, reason="bye")], "101 close 4001 'bye'"),
    Shape(
        "reason-too-long",
        "A35",
        ["receive", ACCEPT, close(code=4001, reason="\u20ac" * 60)],
        f"101 close 4001 {chr(8364) * 41!r}",
    ),
    # -- accepts
    Shape(
        "accept-headers-list",
        "A24",
        ["receive", accept(headers=[(b"x-a", b"1")]), close()],
        "101 x-a=1 close 1000 ''",
    ),
    Shape(
        "accept-headers-lists",
        "A24",
        ["receive", accept(headers=[[b"x-a", b"1"]]), close()],
        "101 x-a=1 close 1000 ''",
    ),
    Shape(
        "accept-headers-items",
        "A24",
        ["receive", accept(headers={b"x-a": b"1"}.items()), close()],
        "101 x-a=1 close 1000 ''",
    ),
    Shape(
        "accept-headers-str",
        "A24",
        ["receive", accept(headers=[("X-A", "1")]), close()],
        "101 x-a=1 close 1000 ''",
    ),
    Shape("accept-headers-none", "A32", ["receive", accept(headers=None), close()], CLOSED),
    Shape(
        "accept-header-subprotocol",
        "A32",
        ["receive", accept(headers=[(b"sec-websocket-protocol", b"chat")]), close()],
        "101 chat close 1000 ''",
    ),
    Shape("subprotocol-not-offered", "A32", ["receive", accept(subprotocol="v9"), close()], CLOSED),
    Shape(
        "subprotocol-bytes",
        "A32",
        ["receive", accept(subprotocol=b"chat"), close()],
        "101 chat close 1000 ''",
    ),
    Shape("accept-with-text", "A32", ["receive", accept(text="hi"), close()], "101 'hi' close 1000 ''"),
    Shape("accept-with-bytes", "A32", ["receive", accept(bytes=b"hi"), close()], "101 b'hi' close 1000 ''"),
    # -- what comes when
    Shape("send-before-accept", "A34 A45", ["receive", say(text="x")], ERROR, refused("A34", SEND)),
    Shape(
        "accept-twice",
        "A44",
        ["receive", ACCEPT, ACCEPT, close()],
        "101 close 1011 ''",
        refused("-", "websocket.accept"),
    ),
    Shape("send-after-close", "A37", ["receive", ACCEPT, close(), say(text="x")], CLOSED),
    Shape("close-twice", "A37", ["receive", ACCEPT, close(code=4001), close(code=4002)], "101 close 4001 ''"),
    Shape(
        "unknown-type",
        "A38 A44",
        ["receive", ACCEPT, {"type": "websocket.odd"}],
        "101 close 1011 ''",
        refused("A38", "websocket.odd"),
    ),
    Shape("returns-before-accept", "A45", ["receive"], REFUSED),
    Shape("returns-after-accept", "A44", ["receive", ACCEPT], CLOSED),
    # -- denial responses
    Shape("denial", "A24", ["receive", *denial(b"no")], "401 x-a=1 b'no'"),
    Shape("denial-in-parts", "A47", ["receive", *denial(b"n", b"", b"o")], "401 x-a=1 b'no'"),
    Shape(
        "denial-without-headers",
        "A23",
        ["receive", without(denial(b"")[0], "headers"), denial(b"no")[1]],
        "401 b'no'",
    ),
    Shape(
        "denial-without-a-body",
        "A27",
        ["receive", denial(b"")[0], {"type": "websocket.http.response.body"}],
        "401 x-a=1 b''",
    ),
    # -- further
    Shape(
        "message-int",
        "A33 A44",
        ["receive", ACCEPT, say(text=5)],
        "101 close 1011 ''",
        refused("A33", SEND, "text"),
    ),
    Shape(
        "accept-header-crlf",
        "A25 A45",
        ["receive", accept(headers=[(b"x-a", b"1\r\nx-b: 2")])],
        ERROR,
        refused("A25", "websocket.accept", "headers"),
    ),
    Shape(
        "accept-header-pseudo",
        "A26",
        ["receive", accept(headers=[(b":status", b"404"), (b"transfer-encoding", b"chunked")]), close()],
        CLOSED,
    ),
    Shape(
        "accept-header-blanks",
        "A43",
        ["receive", accept(headers=[(b"x-a", b"  1 ")]), close()],
        "101 x-a=1 close 1000 ''",
    ),
    Shape(
        "accept-headers-generator",
        "A50",
        lambda: ["receive", accept(headers=(pair for pair in [(b"x-a", b"1")])), close()],
        "101 x-a=1 close 1000 ''",
    ),
    Shape("denial-unfinished", "A45", ["receive", denial(b"")[0]], REFUSED),
    Shape(
        "sends-a-disconnect",
        "A36",
        ["receive", ACCEPT, {"type": "websocket.disconnect", "code": 4001}],
        "101 close 4001 ''",
    ),
    Shape("raises-before-accept", "A45", ["receive", "raise"], ERROR, OWN),
    Shape("raises-after-accept", "A44", ["receive", ACCEPT, "raise"], "101 close 1011 ''", OWN),
    Shape(
        "accepts-without-connect",
        "A49",
        [
            ACCEPT,
            say(text="x"),
            close(),
        ],
        "101 'x' close 1000 ''",
    ),
    Shape(
        "connect-read-late",
        "A49",
        [ACCEPT, say(text="x"), ("note", "receive"), close()],
        "101 'x' close 1000 ''",
        "websocket.connect",
    ),
    Shape(
        "connect-read-after-close",
        "A49",
        [ACCEPT, close(), ("note", "receive")],
        CLOSED,
        "websocket.connect",
    ),
    Shape("closes-without-connect", "A49", [close()], REFUSED),
    Shape(
        "receive-pending-at-close",
        "A42 A46",
        ["receive", ACCEPT, "pending", "wait", close(code=4002)],
        "101 close 4002 ''",
        "websocket.disconnect",
    ),
    Shape("returns-a-value-after-accept", "A3", ["receive", ACCEPT, close(), ("return", "x")], CLOSED),
    Shape(
        "message-received",
        "A15 A16",
        ["receive", ACCEPT, ("note", "receive"), ("note", "receive"), close()],
        CLOSED,
        "websocket.receive text='x' bytes=None, websocket.receive text=None bytes=b'y'",
        (("say", "x"), ("say", b"y")),
    ),
    Shape(
        "messages-received-empty",
        "A15 A16",
        ["receive", ACCEPT, ("note", "receive"), ("note", "receive"), close()],
        CLOSED,
        "websocket.receive text='' bytes=None, websocket.receive text=None bytes=b''",
        (("say", ""), ("say", b"")),
    ),
    Shape(
        "disconnect-code",
        "A17",
        ["receive", ACCEPT, ("note", "code")],
        "101 and closed",
        "websocket.disconnect 4005",
        (("close", 4005),),
    ),
    Shape(
        "disconnect-without-a-code",
        "A17",
        ["receive", ACCEPT, ("note", "code")],
        "101 and closed",
        "websocket.disconnect 1005",
        (("close", None),),
    ),
    Shape(
        "client-gone",
        "A18 A31",
        ["receive", ACCEPT, ("note", "receive"), say(text="x"), "blocked", "many", close()],
        "101 and gone",
        "websocket.disconnect, blocked",
        ("vanish",),
    ),
    Shape(
        "client-gone-unseen", "A31", ["receive", ACCEPT, "many", close()], "101 and gone", client=("vanish",)
    ),
    Shape(
        "scope",
        "A1 A5 A6 A7 A9 A10 A11 A12 A48",
        ["receive", ACCEPT, "scope", close()],
        "101 'asgi=2.0 spec_version=True http_version=1.1 scheme=ws root_path=- path=/scope query=bytes"
        " x-odd=Yes client=127.0.0.1:int server=127.0.0.1:int subprotocols=chat,superchat"
        " protocol=chat, superchat' close 1000 ''",
        client=("superchat",),
    ),
)

#: The table of HTTP, row by row.
HTTP_ROWS: Dict[str, str] = {
    "header name/value str": "header-value-str header-name-str",
    "value int 5": "header-value-int",
    "headers dict": "headers-dict",
    "tuple / generator / dict.items() / list of lists": (
        "headers-tuple headers-generator headers-items headers-lists"
    ),
    "headers missing": "headers-missing",
    "headers=None": "headers-none",
    "upper-case names": "header-upper-case",
    "bytearray": "header-bytearray",
    "memoryview": "header-memoryview",
    'value b"  b "': "header-blanks",
    "CRLF in value": "header-crlf",
    ":status pseudo": "header-pseudo",
    "status HTTPStatus": "status-httpstatus",
    'status "200"': "status-str",
    "status 200.0": "status-float",
    "status missing": "status-missing",
    "status 299": "status-299",
    "status 700": "status-700",
    "204 + body": "204-with-a-body",
    "body missing": "body-missing",
    "body=None": "body-none",
    "body str": "body-str",
    "bytearray / memoryview body": "body-bytearray body-memoryview",
    "more_body=None": "more-body-none",
    "content/more_content keys": "body-called-content more-called-more-content",
    "http.response.content / .chunk / http.response / http.request.*": (
        "type-content type-chunk type-response type-request"
    ),
    "second start": "second-start second-start-late",
    "body after complete": "body-after-the-end start-after-the-end",
    "start then return (no body)": "start-only",
    "unfinished (more_body then return)": "unfinished",
    "extra keys": "keys-unknown",
    "non-dict mapping": "event-mapping",
    "trailers without extension": "trailers",
    "pathsend / zerocopysend / push / early_hint / debug without extension": (
        "pathsend zerocopysend push early-hint debug"
    ),
    "content-length too big / too small": "length-too-big length-too-small",
    "return value not None": "returns-a-value",
    "receive() after body, before response": "receive-before-the-response",
    "receive() after response": "receive-after-the-response request-body-unread",
}

#: The table of WebSockets, row by row.
WEBSOCKET_ROWS: Dict[str, str] = {
    "text + bytes=None (or reverse)": "text-and-none bytes-and-none",
    "both None / neither": "both-none neither",
    "both set": "both",
    'both set, bytes=b""': "both-bytes-empty",
    "text is bytes": "text-is-bytes",
    "bytes is str": "bytes-is-str",
    "bytearray / memoryview": "message-bytearray message-memoryview",
    '"" / b""': "text-empty bytes-empty",
    "close before accept": "close-before-accept",
    "code None": "code-none",
    'code "4000"': "code-str",
    "code 1005 / 1006": "code-1005 code-1006",
    "code 1001/1011 etc.": "code-1001 code-1011",
    "reason": "reason",
    "reason > 123 bytes": "reason-too-long",
    "accept headers list/lists/items": "accept-headers-list accept-headers-lists accept-headers-items",
    "accept headers str": "accept-headers-str",
    "accept headers None": "accept-headers-none",
    "accept header sec-websocket-protocol": "accept-header-subprotocol",
    "subprotocol not offered": "subprotocol-not-offered",
    "subprotocol bytes": "subprotocol-bytes",
    "accept with text (uvicorn 0.1/0.2 habit)": "accept-with-text accept-with-bytes",
    "send before accept": "send-before-accept",
    "accept twice": "accept-twice",
    "send after own close": "send-after-close",
    "close twice": "close-twice",
    "unknown type": "unknown-type",
    "return without accept": "returns-before-accept",
    "return after accept, open": "returns-after-accept",
    "denial response": "denial denial-in-parts",
    "denial start without headers": "denial-without-headers",
    "denial body without body": "denial-without-a-body",
}

#: What the tables do not have, by what it is about.
FURTHER_HTTP_ROWS: Dict[str, str] = {
    "other headers": (
        "header-several header-control header-name-no-token header-name-int header-transfer-encoding"
    ),
    "lengths, 304, HEAD": (
        "304-with-a-length length length-no-number length-never-reached head head-in-pieces pieces-empty"
    ),
    "no event, or another's": (
        "event-no-mapping event-without-a-type event-unknown event-of-a-websocket body-first nothing"
    ),
    "the application raises": (
        "raises-at-once raises-after-the-start raises-in-the-middle raises-after-the-end"
    ),
    "what the server gives": "receive-in-a-task request-body scope",
    "another thread": "body-from-a-thread",
    "the client": "client-gone client-gone-unseen pipelined http-1.0-without-host",
}
FURTHER_WEBSOCKET_ROWS: Dict[str, str] = {
    "other events": (
        "message-int accept-header-crlf accept-header-pseudo accept-header-blanks accept-headers-generator"
        " denial-unfinished sends-a-disconnect returns-a-value-after-accept"
        " close-before-accept-403 close-before-accept-reason-list"
    ),
    "the application raises": "raises-before-accept raises-after-accept",
    "receive() and connect": (
        "accepts-without-connect connect-read-late connect-read-after-close closes-without-connect"
        " receive-pending-at-close"
    ),
    "what the server gives": (
        "message-received messages-received-empty disconnect-code disconnect-without-a-code scope"
    ),
    "the client": "client-gone client-gone-unseen",
}
