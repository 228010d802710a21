"""THE TABLE: every scope field, every event, every rule of both directions, as rows.

Laws

Rule 1. Every fact about the protocol lives here. Who wants to know what a field may be, how an event
   was called in 2017 or what a server of 2019 forgets asks these rows and nobody else.
Rule 2. No logic. A row names an operation by a word (`Repair.op`); what the word means stands once,
   in ``_normalise.OPS``. What needs the memory of a connection is named here too, with the place
   that does it (`Rule.place`).
Rule 3. Defaults are immutable, or None: one row serves every connection of the process.
Rule 4. The table is closed about the fields that it names and silent about the rest: a key that has
   no row is never dropped, and an event that has no row passes when the scope's ``extensions``
   announce it (A38).
Rule 5. A rule is alive because its row is here. Take the row out and the repair is gone: the tests
   do exactly that with every one of them.

WARNING: ``docs/rules.md`` and the answers of ``python -m asgi_compat explain`` are made of these
rows, and ``tests/messages.py`` has at least one case for each rule. A change here is a change there.

How to read it

`EVENTS` says who may send what in which kind of scope. `FIELDS` has a line per field of every scope
and event, as the specification of today has it: its kind, its default (`REQUIRED` when there is
none), whether None means *missing* (three fields of the specification do, and a merge of defaults
gets those wrong), since which version, and which names it had before. `RULES` says what is repaired
and why. `REPAIRS` ties the two together: in this direction, on this event, do that operation on that
field, under the name of that rule, in this order. An event that comes through with nothing to do is
the same object that came in.

What does not fit a row of `FIELDS`, because it looks at two fields or at the past, is in
`CROSS_FIELD`, with the place that looks after it.

Versions: "2.0" to "2.5" are those of the HTTP and WebSocket specification, "1.0" and "2.0" of
``lifespan`` those of its own. Hashes are commits of django/asgiref unless another repository is
named (uv uvicorn, hc hypercorn, da daphne, ch channels, st starlette, qu quart).
"""

from __future__ import annotations

from collections import namedtuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NamedTuple, Tuple

#: Who sends it.
SERVER = "server"
APP = "application"

#: The directions: an old application on a new server, and a new application on an old server.
A = "A"
B = "B"


class _Required:
    """The default of a field that has none."""

    def __repr__(self) -> str:
        return "REQUIRED"

    def __reduce__(self) -> str:
        return "REQUIRED"


REQUIRED = _Required()

# Kinds. What each accepts is in `_normalise.KINDS`.
BYTES = "bytes"
TEXT = "str"
INT = "int"
BOOL = "bool"
STATUS = "int from 200 to 599"
CODE = "int that may stand in a close frame"
HEADERS = "list of (bytes, bytes), names in lower case"
ADDRESS = "(host, port) or None"
TEXTS = "list of str"
MAPPING = "dict"
BYTES_LIST = "iterable of bytes"
ANY = "anything"

#: A scope or an event. ``scope`` is the kind of scope it belongs to ("" for a scope itself),
#: ``extension`` the key of ``scope["extensions"]`` that announces it, ``was`` its earlier names.
Event = namedtuple("Event", "type sender scope extension since was where")

EVENTS = (
    # fmt: off
    Event("http",                      SERVER, "",          None, "2.0", (), "www: HTTP Connection Scope"),
    Event("websocket",                 SERVER, "",          None, "2.0", (), "www: Websocket Connection Scope"),
    Event("lifespan",                  SERVER, "",          None, "1.0", (), "lifespan: Scope"),

    Event("http.request",              SERVER, "http",      None, "2.0", ("http.request.body",), "www: Request - receive event"),
    Event("http.disconnect",           SERVER, "http",      None, "2.0", (), "www: Disconnect - receive event (HTTP)"),
    Event("http.response.start",       APP,    "http",      None, "2.0", ("http.request.start",), "www: Response Start - send event"),
    Event("http.response.body",        APP,    "http",      None, "2.0", ("http.response.chunk", "http.response.content", "http.request.body"), "www: Response Body - send event"),

    Event("websocket.connect",         SERVER, "websocket", None, "2.0", (), "www: Connect - receive event"),
    Event("websocket.receive",         SERVER, "websocket", None, "2.0", (), "www: Receive - receive event"),
    Event("websocket.disconnect",      SERVER, "websocket", None, "2.0", (), "www: Disconnect - receive event (WebSocket)"),
    Event("websocket.accept",          APP,    "websocket", None, "2.0", (), "www: Accept - send event"),
    Event("websocket.send",            APP,    "websocket", None, "2.0", (), "www: Send - send event"),
    Event("websocket.close",           APP,    "websocket", None, "2.0", (), "www: Close - send event"),

    Event("lifespan.startup",          SERVER, "lifespan",  None, "1.0", (), "lifespan: Startup - receive event"),
    Event("lifespan.shutdown",         SERVER, "lifespan",  None, "1.0", ("lifespan.cleanup",), "lifespan: Shutdown - receive event"),
    Event("lifespan.startup.complete", APP,    "lifespan",  None, "1.0", (), "lifespan: Startup Complete - send event"),
    Event("lifespan.startup.failed",   APP,    "lifespan",  None, "2.0", (), "lifespan: Startup Failed - send event"),
    Event("lifespan.shutdown.complete", APP,   "lifespan",  None, "1.0", ("lifespan.cleanup.complete",), "lifespan: Shutdown Complete - send event"),
    Event("lifespan.shutdown.failed",  APP,    "lifespan",  None, "2.0", (), "lifespan: Shutdown Failed - send event"),

    Event("websocket.http.response.start", APP, "websocket", "websocket.http.response", "2.0", (), "extensions: Websocket Denial Response"),
    Event("websocket.http.response.body",  APP, "websocket", "websocket.http.response", "2.0", (), "extensions: Websocket Denial Response"),
    Event("http.response.push",        APP,    "http", "http.response.push",         "2.0", (), "extensions: HTTP/2 Server Push"),
    Event("http.response.zerocopysend", APP,   "http", "http.response.zerocopysend", "2.1", (), "extensions: Zero Copy Send"),
    Event("http.response.pathsend",    APP,    "http", "http.response.pathsend",     "2.3", (), "extensions: Path Send"),
    Event("http.response.early_hint",  APP,    "http", "http.response.early_hint",   "2.3", (), "extensions: HTTP Early Hints"),
    Event("http.response.trailers",    APP,    "http", "http.response.trailers",     "2.3", (), "extensions: HTTP Trailers"),
    Event("http.response.debug",       APP,    "http", "http.response.debug",        "2.3", ("http.response.template",), "extensions: Debug"),
    # fmt: on
)

#: A field of a scope or an event. ``none`` says that None means missing; ``was`` has earlier names.
Field = namedtuple("Field", "type sender name kind default none since was where")

FIELDS = (
    # fmt: off
    Field("http", SERVER, "type",         TEXT,    REQUIRED, False, "2.0", (), "www: HTTP Connection Scope"),
    Field("http", SERVER, "asgi",         MAPPING, None,     False, "2.0", (), "www: HTTP Connection Scope; 3814f65"),
    Field("http", SERVER, "http_version", TEXT,    REQUIRED, False, "2.0", (), "www: HTTP Connection Scope"),
    Field("http", SERVER, "method",       TEXT,    REQUIRED, False, "2.0", (), "www: HTTP Connection Scope"),
    Field("http", SERVER, "scheme",       TEXT,    "http",   False, "2.0", (), "www: HTTP Connection Scope"),
    Field("http", SERVER, "path",         TEXT,    REQUIRED, False, "2.0", (), "www: HTTP Connection Scope"),
    Field("http", SERVER, "raw_path",     BYTES,   None,     True,  "2.1", (), "www: HTTP Connection Scope; 095ef69"),
    Field("http", SERVER, "query_string", BYTES,   b"",      False, "2.0", (), "www: HTTP Connection Scope"),
    Field("http", SERVER, "root_path",    TEXT,    "",       False, "2.0", (), "www: HTTP Connection Scope"),
    Field("http", SERVER, "headers",      HEADERS, REQUIRED, False, "2.0", (), "www: HTTP Connection Scope"),
    Field("http", SERVER, "client",       ADDRESS, None,     True,  "2.0", (), "www: HTTP Connection Scope"),
    Field("http", SERVER, "server",       ADDRESS, None,     True,  "2.0", (), "www: HTTP Connection Scope; unix socket e14932b"),
    Field("http", SERVER, "extensions",   MAPPING, None,     True,  "2.0", (), "main: Extensions; ad40690"),
    Field("http", SERVER, "state",        MAPPING, None,     True,  "2.3", (), "www: HTTP Connection Scope; ec63b10"),

    Field("websocket", SERVER, "type",         TEXT,    REQUIRED, False, "2.0", (), "www: Websocket Connection Scope"),
    Field("websocket", SERVER, "asgi",         MAPPING, None,     False, "2.0", (), "www: Websocket Connection Scope; 3814f65"),
    Field("websocket", SERVER, "http_version", TEXT,    "1.1",    False, "2.0", (), "www: Websocket Connection Scope; bf927f4"),
    Field("websocket", SERVER, "scheme",       TEXT,    "ws",     False, "2.0", (), "www: Websocket Connection Scope"),
    Field("websocket", SERVER, "path",         TEXT,    REQUIRED, False, "2.0", (), "www: Websocket Connection Scope"),
    Field("websocket", SERVER, "raw_path",     BYTES,   None,     True,  "2.1", (), "www: Websocket Connection Scope; 05ae3ee"),
    Field("websocket", SERVER, "query_string", BYTES,   b"",      True,  "2.0", (), "www: Websocket Connection Scope; 6469d0f"),
    Field("websocket", SERVER, "root_path",    TEXT,    "",       False, "2.0", (), "www: Websocket Connection Scope; 7794c2a"),
    Field("websocket", SERVER, "headers",      HEADERS, REQUIRED, False, "2.0", (), "www: Websocket Connection Scope"),
    Field("websocket", SERVER, "client",       ADDRESS, None,     True,  "2.0", (), "www: Websocket Connection Scope"),
    Field("websocket", SERVER, "server",       ADDRESS, None,     True,  "2.0", (), "www: Websocket Connection Scope; unix socket 5b86d96"),
    Field("websocket", SERVER, "subprotocols", TEXTS,   (),       False, "2.0", (), "www: Websocket Connection Scope; 90535f2"),
    Field("websocket", SERVER, "extensions",   MAPPING, None,     True,  "2.0", (), "main: Extensions; ad40690"),
    Field("websocket", SERVER, "state",        MAPPING, None,     True,  "2.3", (), "www: Websocket Connection Scope; 627e29b"),

    Field("lifespan", SERVER, "type",  TEXT,    REQUIRED, False, "1.0", (), "lifespan: Scope; c365b9b"),
    Field("lifespan", SERVER, "asgi",  MAPPING, None,     False, "1.0", (), "lifespan: Scope; 8ae25bd"),
    Field("lifespan", SERVER, "state", MAPPING, None,     True,  "2.0", (), "lifespan: Lifespan State; ec63b10"),

    Field("http.request",         SERVER, "body",      BYTES, b"",   False, "2.0", ("content",),      "www: Request - receive event"),
    Field("http.request",         SERVER, "more_body", BOOL,  False, False, "2.0", ("more_content",), "www: Request - receive event; optional 1eba5f6"),

    Field("http.response.start",  APP, "status",    INT,     REQUIRED, False, "2.0", (), "www: Response Start - send event"),
    Field("http.response.start",  APP, "headers",   HEADERS, (),       False, "2.0", (), "www: Response Start - send event"),
    Field("http.response.start",  APP, "trailers",  BOOL,    False,    False, "2.3", (), "www: Response Start - send event; 3b5aaff"),
    Field("http.response.body",   APP, "body",      BYTES,   b"",      False, "2.0", ("content",),      "www: Response Body - send event; f7d8f38"),
    Field("http.response.body",   APP, "more_body", BOOL,    False,    False, "2.0", ("more_content",), "www: Response Body - send event; f7d8f38"),

    Field("websocket.accept",     APP,    "subprotocol", TEXT,    None, True,  "2.0", (), "www: Accept - send event"),
    Field("websocket.accept",     APP,    "headers",     HEADERS, (),   False, "2.1", (), "www: Accept - send event; 7f89bd6"),
    Field("websocket.receive",    SERVER, "bytes",       BYTES,   None, True,  "2.0", (), "www: Receive - receive event; d25b326"),
    Field("websocket.receive",    SERVER, "text",        TEXT,    None, True,  "2.0", (), "www: Receive - receive event; d25b326"),
    Field("websocket.send",       APP,    "bytes",       BYTES,   None, True,  "2.0", (), "www: Send - send event; d25b326"),
    Field("websocket.send",       APP,    "text",        TEXT,    None, True,  "2.0", (), "www: Send - send event; d25b326"),
    Field("websocket.disconnect", SERVER, "code",        INT,     1005, False, "2.0", (), "www: Disconnect - receive event (WebSocket); 5118b70"),
    Field("websocket.disconnect", SERVER, "reason",      TEXT,    "",   True,  "2.5", (), "www: Disconnect - receive event (WebSocket); f86642b"),
    Field("websocket.close",      APP,    "code",        INT,     1000, False, "2.0", (), "www: Close - send event"),
    Field("websocket.close",      APP,    "reason",      TEXT,    "",   True,  "2.3", (), "www: Close - send event; 6469d0f"),

    Field("lifespan.startup.failed",  APP, "message", TEXT, "", False, "2.0", (), "lifespan: Startup Failed - send event"),
    Field("lifespan.shutdown.failed", APP, "message", TEXT, "", False, "2.0", (), "lifespan: Shutdown Failed - send event"),

    Field("websocket.http.response.start", APP, "status",    INT,     REQUIRED, False, "2.0", (), "extensions: Websocket Denial Response"),
    Field("websocket.http.response.start", APP, "headers",   HEADERS, (),       False, "2.0", (), "extensions: Websocket Denial Response"),
    Field("websocket.http.response.body",  APP, "body",      BYTES,   b"",      False, "2.0", (), "extensions: Websocket Denial Response"),
    Field("websocket.http.response.body",  APP, "more_body", BOOL,    False,    False, "2.0", (), "extensions: Websocket Denial Response"),
    Field("http.response.push",         APP, "path",      TEXT,       REQUIRED, False, "2.0", (), "extensions: HTTP/2 Server Push"),
    Field("http.response.push",         APP, "headers",   HEADERS,    REQUIRED, False, "2.0", (), "extensions: HTTP/2 Server Push"),
    Field("http.response.zerocopysend", APP, "file",      ANY,        REQUIRED, False, "2.1", (), "extensions: Zero Copy Send"),
    Field("http.response.zerocopysend", APP, "offset",    INT,        None,     True,  "2.1", (), "extensions: Zero Copy Send"),
    Field("http.response.zerocopysend", APP, "count",     INT,        None,     True,  "2.1", (), "extensions: Zero Copy Send"),
    Field("http.response.zerocopysend", APP, "more_body", BOOL,       False,    False, "2.1", (), "extensions: Zero Copy Send"),
    Field("http.response.pathsend",     APP, "path",      TEXT,       REQUIRED, False, "2.3", (), "extensions: Path Send"),
    Field("http.response.early_hint",   APP, "links",     BYTES_LIST, REQUIRED, False, "2.3", (), "extensions: HTTP Early Hints"),
    Field("http.response.trailers",     APP, "headers",   HEADERS,    REQUIRED, False, "2.3", (), "extensions: HTTP Trailers"),
    Field("http.response.trailers",     APP, "more_trailers", BOOL,   False,    False, "2.3", (), "extensions: HTTP Trailers"),
    Field("http.response.debug",        APP, "info",      MAPPING,    REQUIRED, False, "2.3", (), "extensions: Debug"),
    Field("tls", SERVER, "server_cert",       TEXT,   REQUIRED, True,  "0.2", (), "tls"),
    Field("tls", SERVER, "client_cert_chain", TEXTS,  (),       False, "0.2", (), "tls"),
    Field("tls", SERVER, "client_cert_name",  TEXT,   None,     True,  "0.2", (), "tls"),
    Field("tls", SERVER, "client_cert_error", TEXT,   None,     True,  "0.2", (), "tls"),
    Field("tls", SERVER, "tls_version",       INT,    REQUIRED, True,  "0.2", (), "tls"),
    Field("tls", SERVER, "cipher_suite",      INT,    REQUIRED, True,  "0.2", (), "tls"),
    # fmt: on
)

#: What no single row can say: (events, what holds, the rules, the place that looks after it).
CrossField = namedtuple("CrossField", "events what rules place")

CROSS_FIELD = (
    CrossField(("websocket.receive", "websocket.send"), "exactly one of bytes and text is there and not None", ("A15", "A16", "A33", "B27", "B38"), "_normalise: one_key, either_key, send_key"),
    CrossField(("http", "websocket"), "path begins with root_path since 2022 (6b1222a), and did not before", ("A8", "B11"), "_normalise: strip_root, prepend_root"),
    CrossField(("websocket",), "subprotocols and the sec-websocket-protocol header say the same", ("A11", "B8"), "_normalise: subprotocols"),
    CrossField(("websocket",), "a scheme that is missing follows from the port and from TLS", ("A9", "B7"), "_normalise: ws_scheme"),
    CrossField(("http.response.start", "http.response.body"), "start, then bodies, the last with more_body False; as many bytes as content-length promises; none for 204, 304 and HEAD", ("A28", "A29", "A30", "B19", "B20"), "_connections: Http"),
    CrossField(("websocket.accept", "websocket.send", "websocket.close"), "accept or close answers connect; nothing follows a close", ("A34", "A35", "A37", "A44", "A45", "A49"), "_connections: WebSocket"),
    CrossField(("lifespan.startup", "lifespan.shutdown"), "each is answered once, with complete or failed", ("A4", "A20", "A39", "B31", "B33", "B34"), "_connections: Lifespan"),
)

#: A rule. ``fault`` is what strict mode does about the shape that it mends: True raises, because
#: the specification does not allow it; False tidies in silence, because it does. ``quirk`` is the
#: field of `Quirks` that chooses, ``place`` where it is done.
Rule = namedtuple("Rule", "id direction event field makes why loses evidence quirk fault place")


def _a(id: str, event: str, field: str, makes: str, why: str, loses: str = "", evidence: str = "", quirk: str = "", fault: bool = False, place: str = "_normalise") -> Rule:
    return Rule(id, A, event, field, makes, why, loses, evidence, quirk, fault, place)


def _b(id: str, event: str, field: str, makes: str, why: str, loses: str = "", evidence: str = "", quirk: str = "", fault: bool = False, place: str = "_normalise") -> Rule:
    return Rule(id, B, event, field, makes, why, loses, evidence, quirk, fault, place)


#: The events of an application that have headers, or a field that becomes one.
_WITH_HEADERS = "http.response.start, websocket.accept, websocket.http.response.start, http.response.push, http.response.early_hint, http.response.trailers"
_FRAMED = "transfer-encoding and pseudo headers are dropped; of content-lengths that are equal one stays, and ones that differ are refused"
_WHY_FRAMED = "framing is the server's; after two lengths the next answer on the connection is out of step"

RULES = (
    # A: an old application (double callable) on a new server.
    # Calling.
    _a("A1", "*", "", "app(scope), then await instance(receive, send), both by position", "a partial that bound a name clashes with keywords", evidence="8ae25bd", place="_convert: serve_old"),
    _a("A2", "*", "", "the constructor runs in a thread", "for five weeks of 2018 the specification said so", evidence="2e92fe2 to 1aad0d1; da 2.1.1 to 2.2.1", quirk="constructor_in_thread", place="_convert: call_in_thread"),
    _a("A3", "*", "", "the return value is dropped", "uvicorn logs it and closes the socket", evidence="uvicorn 0.54 on the wire", place="_convert: serve_old"),
    _a("A4", "lifespan", "", "an application that does not speak lifespan is answered for; one that failed to start says so", "old applications raise on a scope they do not know, and servers differ about it", evidence="8ae25bd", place="_connections: Lifespan"),
    # Scope.
    _a("A5", "http, websocket, lifespan", "asgi", 'version "2.0", spec_version at most "2.1"', "the application is of that version and may look", evidence="3814f65; uvicorn's ASGI2Middleware does it"),
    _a("A6", "http, websocket", "headers", "any iterable becomes a list of (bytes, bytes) with lower-case names", "Channels and Quart index by lower case; the specification only says should", loses="the case of names", evidence="c1d3d97", fault=True),
    _a("A7", "http, websocket", "client, server", "two items; missing becomes None", "Quart 0.6 indexes client; a server of today gives a unix path with None", loses="a unix path, if the quirk says so", evidence="e14932b; qu 0.6.0", quirk="placeholder_client, unix_server", fault=True),
    _a("A8", "http, websocket", "path, raw_path", "root_path is taken off the front, at a segment's border", "uvicorn since 0.26 and Starlette since 0.33 leave it on; old applications route on path", loses="a route that itself repeats the prefix is ambiguous", evidence="uv 4af46c93; st e8f0dcd5", quirk="strip_root_path"),
    _a("A9", "websocket", "scheme, http_version", '"ws" or "wss", "1.1"', "daphne gives neither, Quart indexes both", evidence="daphne 4.2.3 on the wire"),
    _a("A10", "http, websocket", "query_string, root_path", "None, the other string type or missing becomes bytes and str", "root_path of WebSocket was a byte string by the text until 2022", evidence="6469d0f; 7794c2a", fault=True),
    _a("A11", "websocket", "subprotocols, headers", "each is restored from the other", "uvicorn's wsproto drops the header", evidence="uvicorn 0.54 wsproto on the wire"),
    _a("A12", "http, websocket, lifespan", "state, raw_path, extensions", "whatever else the scope has is passed through", "extra keys never were an error", evidence="2962a47, 935ebc1"),
    # Receive.
    _a("A13", "http.request", "body, more_body", "both are there, bytes and bool", "Quart and Starlette index them", evidence="da 2.x has no more_body", fault=True),
    _a("A14", "http.request", "type, body, more_body", "the body in one message, or under its names of 2017 and of the articles", "hypercorn and granian always split; the articles of 2018 assert http.request.body", loses="memory for the joined body", evidence="ch 28ab011; encode.github.io 43e56e4", quirk="join_body, request_type, content_keys", place="_connections: Http.receive"),
    _a("A15", "websocket.receive", "bytes, text", "only the key that is not None", 'Channels 2 asks "text" in message', evidence="ch 2.4.0 generic/websocket.py"),
    _a("A16", "websocket.receive", "bytes, text", "a dict that answers None for the absent one of the two when it is indexed", 'Quart 0.6 and bareASGI index text when bytes is b""', evidence="qu 0.6.0 asgi.py", quirk="receive_keys"),
    _a("A17", "websocket.disconnect", "code", "an int; missing or None becomes 1005", "daphne gives None, uvicorn an IntEnum", evidence="5118b70; daphne 4.2.3 on the wire", fault=True),
    _a("A18", "http.disconnect, websocket.disconnect", "", "delivered once; after it HTTP repeats it, WebSocket waits until it is cancelled", "Quart 0.6.0 spins when a server repeats it", evidence="qu 0.6.0; uvicorn websockets and granian repeat", place="_connections: Http.receive, WebSocket.receive"),
    _a("A19", "http.request", "", "unread body after the response comes as the server gives it", "servers differ, and both orders are allowed", evidence="message order on the wire", place="_connections: Http.receive"),
    _a("A20", "lifespan.shutdown", "type", "an application that lets shutdown pass without an answer is given lifespan.cleanup", "the name of 2018; without it every server of today hangs", evidence="164207b", quirk="lifespan_cleanup", fault=True, place="_connections: Lifespan.receive"),
    # Send.
    _a("A21", "http.response.start, http.response.body", "type", "the names of 2017 and of uvicorn's documentation become those of today; http.response becomes both", "every server refuses the old ones", evidence="3abaaed, 64a12bb, f7d8f38; uv 60f29fa2; ch 8d4a0ff", fault=True, place="_connections: resolve, Http._take"),
    _a("A22", "http.response.body", "body, more_body", "content and more_content, unless the new key is there", "every server answers with a silent, empty 200", evidence="f7d8f38", fault=True),
    _a("A23", "http.response.start", "status, headers", "headers always there; status a plain int from 200 to 599", "granian refuses a start without headers, others an HTTPStatus or a str", evidence="uvicorn 0.54, hypercorn 0.18, daphne 4.2.3, granian 2.8.7 on the wire", fault=True),
    _a("A24", _WITH_HEADERS, "headers, links, path", "a list of (bytes, bytes), names in lower case; None, dict, str, int and bytes-like are converted", "each server refuses others of these", loses="the case of names", evidence="uvicorn 0.54, hypercorn 0.18, daphne 4.2.3, granian 2.8.7 on the wire", fault=True),
    _a("A25", _WITH_HEADERS, "headers, links, path", "a control character in a value, or a name that is no token, is refused before anything is sent", "daphne writes a blank instead, old servers let it through: response splitting", evidence="servers of 2018 and of 2026, on the wire", fault=True),
    _a("A26", _WITH_HEADERS, "headers", _FRAMED, _WHY_FRAMED, loses="the header", evidence="e47947e, 36c3e8d; two content-lengths behind daphne 4.2.3 and granian 2.8.7 on the wire", fault=True),
    _a("A27", "http.response.body", "body, more_body", "both are there, bytes and bool; bytes-like and None are converted, str only by quirk", "daphne hangs, granian silently sends nothing", evidence="uvicorn 0.54, hypercorn 0.18, daphne 4.2.3, granian 2.8.7 on the wire", quirk="text_body", fault=True),
    _a("A28", "http.response.start", "", "held until the first body, so that a second start replaces it; one that says itself that no body follows goes out when the application listens again; what the application leaves unfinished is finished when it returns", "the specification demanded it from 2018 to 2023, hypercorn did it until 0.16", loses="time, for an application that wants its headers out first", evidence="6cdeff1 to c3d70c3", quirk="defer_start", fault=True, place="_connections: Http.send, Http.receive, Http.finish"),
    _a("A29", "http.response.body", "body", "dropped for 204, 304 and HEAD", "uvicorn raises, hypercorn drops", evidence="uvicorn 0.54, hypercorn 0.18, daphne 4.2.3, granian 2.8.7 on the wire", fault=True, place="_connections: Http.send"),
    _a("A30", "http.response.start, http.response.body", "", "after the end of the response: nothing", "any further messages will be ignored, said the specification until 2024", evidence="ba908f0", place="_connections: Http.send"),
    _a("A31", "*", "", "an OSError out of send, or a RuntimeError after the client has gone, is no error", "before 2024 a send on a closed connection was a no-op", evidence="ba908f0 against 6f62c16", place="_connections: Http.send, WebSocket.send"),
    _a("A32", "websocket.accept", "text, bytes, headers, subprotocol", "a first message goes out as websocket.send; None headers are left out; subprotocol is a token that was offered, also when it came as a header", "uvicorn 0.1 and 0.2 sent the first message with accept; hypercorn, wsproto and daphne break on the rest", loses="a subprotocol that was not offered", evidence="7f89bd6; uv 0.2.22", quirk="unoffered_subprotocol", fault=True, place="_normalise; _connections: WebSocket.send"),
    _a("A33", "websocket.send", "bytes, text", "one key, str or bytes; swapped types change places; of two bytes wins; none at all is dropped", "servers ignore, refuse or send something else", loses="the text, when both are set", evidence="uvicorn 0.54, hypercorn 0.18, daphne 4.2.3, granian 2.8.7 on the wire", fault=True),
    _a("A34", "websocket.send", "", "before accept: accept first, by quirk; else refused", "a habit from before ASGI 2.0", evidence="uvicorn 0.54, hypercorn 0.18, daphne 4.2.3, granian 2.8.7 on the wire", quirk="implicit_accept", fault=True, place="_connections: WebSocket.send"),
    _a("A35", "websocket.close", "code, reason", "a code that may be sent, 1000 for the others (on daphne also for 1001 to 2999); reason at most 123 bytes; before accept any code and no reason", "two servers put 1006 on the wire, others raise", loses="the code, the end of the reason", evidence="uvicorn 0.54, hypercorn 0.18, daphne 4.2.3, granian 2.8.7 on the wire", fault=True),
    _a("A36", "websocket.close", "type", "websocket.disconnect that is sent is websocket.close", "uvicorn 0.1.1 took it so", evidence="uv 0.1.1 websocket.py", fault=True),
    _a("A37", "websocket.close, websocket.send", "", "after the application's own close: nothing", "hypercorn and daphne ignored it, uvicorn raises", evidence="uvicorn 0.54, hypercorn 0.18, daphne 4.2.3, granian 2.8.7 on the wire", place="_connections: WebSocket.send"),
    _a("A38", "*", "type", "an event that nothing announces is refused; dropped by quirk", "uvicorn 0.2 and daphne ignored it", loses="the event, by quirk", evidence="uvicorn 0.2 and 0.6, hypercorn 0.4, daphne 2 on the wire", quirk="drop_unknown", fault=True, place="_connections: resolve"),
    _a("A39", "lifespan.shutdown.complete", "type", "lifespan.cleanup.complete is lifespan.shutdown.complete", "the name of 2018", evidence="164207b", fault=True),
    _a("A40", "lifespan.shutdown", "", "an application that has gone without an answer is not answered for", "servers cope", evidence="servers of both times, on the wire", place="_connections: Lifespan.run"),
    _a("A41", "http.response.body", "", "on daphne the response is finished before an exception in the middle of it goes on", "one such exception stops daphne's error handling for the whole process", loses="the client takes the response for complete, or waits for what content-length promised", evidence="daphne 4.2.3 server.py application_checker", quirk="finish_on_error", place="_connections: Http.failed"),
    # Found by running unmodified old frameworks.
    _a("A42", "*", "", "what receive() and send() return is a coroutine", "granian's is an awaitable only, and old frameworks call create_task on it", evidence="granian 2.8.7", place="_connections: Http, WebSocket, Lifespan"),
    _a("A43", _WITH_HEADERS, "headers", "blanks around a value are stripped", "SimpleCookie.output in Quart 0.8 and Channels 2.4 leaves one, h11 drops the connection", evidence="qu 0.8.1; ch 2.4.0", fault=True),
    _a("A44", "websocket.close", "", "an application that returns after accept closes with 1000, one that raises with 1011", "servers of the day did; today 1006, 1005 or nothing", evidence="uvicorn 0.54, hypercorn 0.18, daphne 4.2.3, granian 2.8.7 on the wire; uv 0.6.1", place="_connections: WebSocket.finish, WebSocket.failed"),
    _a("A45", "websocket.close", "", "an application that ends before accept closes: 403", "daphne hangs", evidence="uvicorn 0.54, hypercorn 0.18, daphne 4.2.3, granian 2.8.7 on the wire", place="_connections: WebSocket.finish, WebSocket.failed"),
    _a("A46", "websocket.close", "", "a receive that still waits on the server is cancelled first", "granian holds the close back for as long as one waits", evidence="granian 2.8.7", place="_connections: WebSocket._close"),
    _a("A47", "websocket.http.response.body", "body, more_body", "several parts become one; where the server does not offer the extension, websocket.close", "granian takes one part only", loses="the body, where it is not offered", evidence="granian 2.8.7 io.rs", place="_connections: WebSocket.send"),
    _a("A48", "http, websocket", "client, server", "the port is an int", "granian gives a str", evidence="granian 2.8.7 on the wire", fault=True),
    _a("A49", "websocket.accept, websocket.close", "", "websocket.connect is read from the server first and handed out later", "granian's process exits otherwise", evidence="granian 2.8.7", place="_connections: WebSocket.send"),
    _a("A50", _WITH_HEADERS, "headers", "a one-shot iterator becomes a list", "daphne sends no headers at all", evidence="daphne 4.2.3", fault=False),
    _a("A51", "*", "", "what another task of the application sends and receives goes to the server in the context of the request, once asgiref.sync is imported", "asyncio registers a connection's reader in the context of whoever resumes it; after async_to_sync(send) the next request on the connection runs in one whose executor is dead", evidence="uvicorn 0.54 with Channels 2.4: 24 of 30 requests after a body of 5 MB", place="_convert: serve_old; _connections: in_this_context"),
    # B: a new application (single callable) on an old server.
    # Calling.
    _b("B1", "*", "", "app(scope) is synchronous; the parameters are called scope, receive and send", "daphne calls by keyword", evidence="da 2.0.0 server.py", place="_convert: open_new"),
    _b("B2", "*", "", "the first call does nothing that needs undoing", "daphne makes it in a thread, uvicorn 0.4 to 0.6 makes one and throws it away", evidence="uv lifespan/auto.py", place="_convert: open_new"),
    _b("B3", "*", "", "the return value is dropped", "uvicorn closes the socket", evidence="uv 0.2.22", place="_convert: serve_new"),
    # Scope.
    _b("B4", "http, websocket, lifespan", "asgi", 'version "3.0", spec_version "2.0"', 'uvicorn gave none until 0.11.6; "2.4" would make Starlette rely on an OSError that no old server raises', evidence="uv ae0fd316; st responses.py"),
    _b("B5", "http, websocket", "headers", "a list of tuples of bytes, lower case", "Channels hands on dicts, uvicorn 0.1 lists", loses="the case of names", evidence="ch http.py; uv 0.1.0"),
    _b("B6", "http, websocket", "client, server", "two items; a unix path is (path, None); swapped back by quirk", "raw socket names of uvicorn; hypercorn 0.1.0 swaps the two", evidence="uv 583a652f; hc 0f81039", quirk="swap_addresses"),
    _b("B7", "websocket", "scheme, method, http_version", '"ws" or "wss"; no method; "1.1"', "uvicorn until 0.2 hands on the HTTP scope", evidence="uv ad73bcd4 to 896052db"),
    _b("B8", "websocket", "subprotocols", "a list of str; restored from the header", "None or bytes in uvicorn 0.2, always empty in hypercorn 0.4", evidence="uv 24bf63f5; hc 3e19e83"),
    _b("B9", "http, websocket", "query_string, root_path, raw_path", "bytes, str and bytes; raw_path without the query", "hypercorn 0.1 and uvicorn 0.8 to 0.17 mix them up", evidence="hc 334adf5; uv 184fb41c"),
    _b("B10", "http, websocket", "path", "percent-decoded, by quirk", "uvicorn below 0.3.18 with httptools does not; nobody can see it", loses="a path that really has a % in it", evidence="uv ae17436a", quirk="unquote_path"),
    _b("B11", "http, websocket", "path", "root_path is put in front, by quirk", "today's meaning of path", loses="a path that itself repeats it", evidence="6b1222a", quirk="prepend_root_path"),
    _b("B12", "http, websocket", "extensions", "a dict, with nothing in it that the server cannot do; hypercorn 0.1's keys become the real one", "it announced the two events instead of the extension", evidence="hc 80110fe"),
    _b("B13", "http, websocket", "state", "a shallow copy of what start-up left", "no server of the day knows it", evidence="ec63b10", place="_convert: serve_new"),
    # Receive.
    _b("B14", "http.request", "body, more_body", "bytes and bool, both there", "a bytearray from hypercorn, no more_body from daphne", evidence="hc e166198; da e1b77e9"),
    _b("B15", "http.disconnect", "", "given by the adapter once the response is complete", "old servers block, or raise that the channel is fully consumed", evidence="uv 4e48e1b8", place="_connections: Http.receive"),
    _b("B16", "websocket.connect, websocket.receive, websocket.disconnect", "order, path, code, reason", "order and path go; code is an int, 1005 if it is missing; reason is there", "uvicorn until 0.2, hypercorn until 0.7, daphne", evidence="uv 896052db; hc f471b2e"),
    _b("B17", "lifespan.shutdown", "type", "lifespan.cleanup is lifespan.shutdown", "uvicorn 0.3.10 to 0.3.14", evidence="uv 7a1722c2"),
    # Send.
    _b("B18", _WITH_HEADERS, "status, headers, links", "a plain int; a real list of (bytes, bytes), always there", "uvicorn below 0.7.2 refuses other iterables, and writes HTTPStatus.OK on the wire", evidence="uv 471666c3; hc 821ac36", fault=True),
    _b("B19", "http.response.body", "body, more_body", "both there; no empty chunk in the middle; content-length 0 for an empty response; one chunk held back by quirk", "uvicorn below 0.3.25 ends the response at an empty chunk", loses="time, by quirk", evidence="uv 85e753cb", quirk="hold_last_chunk", fault=True, place="_normalise; _connections: Http.send"),
    _b("B20", "http.response.body", "body", "dropped for 204, 304 and HEAD", "uvicorn 0.2 writes it", evidence="uvicorn 0.2 and 0.6, hypercorn 0.4, daphne 2 on the wire", place="_connections: Http.send"),
    _b("B21", _WITH_HEADERS, "headers, links, path", "refused as in A25", "old servers let it through: response splitting", evidence="uvicorn 0.2 and 0.6, hypercorn 0.4, daphne 2 on the wire", fault=True),
    _b("B22", "*", "", "send after the client has gone: nothing, or an OSError by quirk; errors of the server's libraries become that", "the OSError is of 2024", loses="it comes late", evidence="6f62c16", quirk="raise_after_disconnect", place="_connections: Http.send, WebSocket.send"),
    _b("B23", "http.response.start, http.response.trailers", "trailers", "the flag and the event are dropped", "of 2022", loses="the trailers", evidence="3b5aaff", place="_normalise; _connections: resolve"),
    _b("B24", "http.response.pathsend, http.response.zerocopysend", "", "never offered; refused when it comes all the same", "of 2020 and 2023", evidence="e1e0dd9, 2ddc82c", fault=True, place="_connections: resolve"),
    _b("B25", "http.response.early_hint, http.response.push, http.response.debug", "", "dropped", "never offered", loses="the hint", evidence="85d87d5, 85b4706, 3602263", place="_connections: resolve"),
    _b("B26", "websocket.accept", "headers, subprotocol", "no headers, no subprotocol of None; a subprotocol that is no token is refused", "no server of the day sends the headers; a line break in a subprotocol ends its header", loses="the headers", evidence="uvicorn 0.2 and 0.6, hypercorn 0.4, daphne 2 on the wire", fault=True),
    _b("B27", "websocket.send", "bytes, text", "exactly one key, str or bytes; both by quirk; none at all is dropped", "Channels asserts it; uvicorn 0.2 to 0.6 refuses a bytearray", evidence="ch testing/websocket.py; hc df7684c", quirk="both_send_keys", fault=True),
    _b("B28", "websocket.close", "code, reason", "code always, reason never", "hypercorn until 0.5 indexes code", loses="the reason", evidence="hc 0.5.4", fault=True),
    _b("B29", "websocket.close", "", "before accept it is forwarded as it is", "uvicorn until 0.2 accepts and closes; nothing can be done about it", evidence="uvicorn 0.2 and 0.6, hypercorn 0.4, daphne 2 on the wire", place="_connections: WebSocket._close"),
    _b("B30", "websocket.http.response.start", "", "taken where the server does not announce it, and never handed to that server", "of 2018, and hypercorn only", evidence="85b4706", place="_connections: WebSocket._deny"),
    _b("B31", "lifespan.startup.failed", "", "a RuntimeError out of the instance", "uvicorn below 0.8.6 and hypercorn below 0.6 do not know the event", evidence="uv 224bbcb8", place="_connections: Lifespan.send"),
    _b("B32", "lifespan.shutdown.failed", "", "logged, and lifespan.shutdown.complete", "not known either", loses="the message, but for the log", evidence="8ae25bd", place="_connections: Lifespan.send"),
    _b("B33", "lifespan.startup.complete", "", "an application that does not speak lifespan is answered for", "uvicorn 0.3.23 to 0.6 exits, hypercorn 0.4 to 0.5 never serves", evidence="servers of both times, on the wire", place="_connections: Lifespan.run"),
    _b("B34", "lifespan.shutdown.complete", "type", "lifespan.cleanup.complete, if the server said cleanup", "uvicorn 0.3.10 to 0.3.14", evidence="uv 3ab4b150", place="_connections: Lifespan.send"),
    _b("B35", "lifespan", "", "start-up before the first connection of a loop, by quirk, where the server speaks no lifespan", "daphne never does", loses="shutdown happens at the end of the process, if at all", evidence="30ecdef", quirk="lazy_lifespan", place="_convert: wait_until_started"),
    _b("B36", "lifespan", "state", "a dict, also where the server gives none", "Starlette raises without it", evidence="uvicorn 0.5.2, hypercorn 0.5.4: 78 of 97 failures", place="_convert: serve_new"),
    _b("B37", "websocket.http.response.start", "", "announced on every WebSocket; where the server does not offer it, websocket.close before accept: 403", "unannounced, Starlette and FastAPI raise and the client gets 500", loses="the body", evidence="Starlette and FastAPI", place="_connections: WebSocket.send"),
    _b("B38", "websocket.receive", "bytes, text", "only the key that is not None", "uvicorn 0.3 to 0.6 and hypercorn give both", evidence="uv 896052db"),
    _b("B39", _WITH_HEADERS, "headers", _FRAMED, _WHY_FRAMED, loses="the header", evidence="e47947e, 36c3e8d; uvicorn 0.2 and 0.6, hypercorn 0.4, daphne 2 on the wire", fault=True),
)

#: What to do: in ``direction``, on ``event``, on ``field`` ("" for the whole event), the operation
#: ``op`` of `_normalise.OPS`, in the name of ``rule``. The order is the order of the table.
Repair = namedtuple("Repair", "rule event field op")

REPAIRS = (
    # fmt: off
    # A, scopes.
    Repair("A6",  "http", "headers", "headers_in"),
    Repair("A7",  "http", "client", "address"),
    Repair("A7",  "http", "server", "address"),
    Repair("A48", "http", "client", "port"),
    Repair("A48", "http", "server", "port"),
    Repair("A7",  "http", "client", "placeholder"),
    Repair("A7",  "http", "server", "unix"),
    Repair("A10", "http", "query_string", "encode"),
    Repair("A10", "http", "root_path", "decode"),
    Repair("A8",  "http", "path", "strip_root"),
    Repair("A5",  "http", "asgi", "asgi2"),
    Repair("A6",  "websocket", "headers", "headers_in"),
    Repair("A7",  "websocket", "client", "address"),
    Repair("A7",  "websocket", "server", "address"),
    Repair("A48", "websocket", "client", "port"),
    Repair("A48", "websocket", "server", "port"),
    Repair("A7",  "websocket", "client", "placeholder"),
    Repair("A7",  "websocket", "server", "unix"),
    Repair("A9",  "websocket", "scheme", "ws_scheme"),
    Repair("A9",  "websocket", "http_version", "missing"),
    Repair("A10", "websocket", "query_string", "encode"),
    Repair("A10", "websocket", "root_path", "decode"),
    Repair("A8",  "websocket", "path", "strip_root"),
    Repair("A11", "websocket", "subprotocols", "subprotocols"),
    Repair("A5",  "websocket", "asgi", "asgi2"),
    Repair("A5",  "lifespan", "asgi", "asgi2"),
    # A, receive.
    Repair("A13", "http.request", "body", "bytes"),
    Repair("A13", "http.request", "more_body", "bool"),
    Repair("A15", "websocket.receive", "", "one_key"),
    Repair("A16", "websocket.receive", "", "either_key"),
    Repair("A17", "websocket.disconnect", "code", "int"),
    # A, send.
    Repair("A22", "http.response.body", "", "old_keys"),
    Repair("A27", "http.response.body", "body", "body"),
    Repair("A27", "http.response.body", "more_body", "bool"),
    Repair("A23", "http.response.start", "status", "status"),
    Repair("A23", "http.response.start", "headers", "missing"),
    Repair("A50", "http.response.start", "headers", "listed"),
    Repair("A24", "http.response.start", "headers", "headers_out"),
    Repair("A43", "http.response.start", "headers", "stripped"),
    Repair("A26", "http.response.start", "headers", "framing"),
    Repair("A25", "http.response.start", "headers", "clean"),
    Repair("A26", "http.response.start", "headers", "one_length"),
    Repair("A32", "websocket.accept", "headers", "none_absent"),
    Repair("A50", "websocket.accept", "headers", "listed"),
    Repair("A24", "websocket.accept", "headers", "headers_out"),
    Repair("A43", "websocket.accept", "headers", "stripped"),
    Repair("A26", "websocket.accept", "headers", "framing"),
    Repair("A25", "websocket.accept", "headers", "clean"),
    Repair("A26", "websocket.accept", "headers", "one_length"),
    Repair("A32", "websocket.accept", "subprotocol", "subprotocol"),
    Repair("A33", "websocket.send", "", "send_key"),
    Repair("A35", "websocket.close", "code", "code"),
    Repair("A35", "websocket.close", "reason", "reason"),
    Repair("A23", "websocket.http.response.start", "status", "status"),
    Repair("A23", "websocket.http.response.start", "headers", "missing"),
    Repair("A50", "websocket.http.response.start", "headers", "listed"),
    Repair("A24", "websocket.http.response.start", "headers", "headers_out"),
    Repair("A43", "websocket.http.response.start", "headers", "stripped"),
    Repair("A26", "websocket.http.response.start", "headers", "framing"),
    Repair("A25", "websocket.http.response.start", "headers", "clean"),
    Repair("A26", "websocket.http.response.start", "headers", "one_length"),
    Repair("A27", "websocket.http.response.body", "body", "body"),
    Repair("A27", "websocket.http.response.body", "more_body", "bool"),
    # Extensions, where they are announced.
    Repair("A50", "http.response.push", "headers", "listed"),
    Repair("A24", "http.response.push", "headers", "headers_out"),
    Repair("A43", "http.response.push", "headers", "stripped"),
    Repair("A26", "http.response.push", "headers", "framing"),
    Repair("A25", "http.response.push", "headers", "clean"),
    Repair("A26", "http.response.push", "headers", "one_length"),
    Repair("A50", "http.response.trailers", "headers", "listed"),
    Repair("A24", "http.response.trailers", "headers", "headers_out"),
    Repair("A43", "http.response.trailers", "headers", "stripped"),
    Repair("A26", "http.response.trailers", "headers", "trailer_framing"),
    Repair("A25", "http.response.trailers", "headers", "clean"),
    Repair("A25", "http.response.push", "path", "clean_path"),
    Repair("A24", "http.response.early_hint", "links", "links"),
    Repair("A25", "http.response.early_hint", "links", "clean_links"),
    # B, scopes.
    Repair("B5",  "http", "headers", "header_tuples"),
    Repair("B6",  "http", "", "swap"),
    Repair("B6",  "http", "client", "old_client"),
    Repair("B6",  "http", "server", "old_server"),
    Repair("B9",  "http", "query_string", "encode"),
    Repair("B9",  "http", "root_path", "decode"),
    Repair("B9",  "http", "raw_path", "raw_path"),
    Repair("B10", "http", "path", "unquote"),
    Repair("B11", "http", "path", "prepend_root"),
    Repair("B12", "http", "extensions", "offered"),
    Repair("B4",  "http", "asgi", "asgi3"),
    Repair("B5",  "websocket", "headers", "header_tuples"),
    Repair("B6",  "websocket", "", "swap"),
    Repair("B6",  "websocket", "client", "old_client"),
    Repair("B6",  "websocket", "server", "old_server"),
    Repair("B7",  "websocket", "scheme", "ws_scheme"),
    Repair("B7",  "websocket", "method", "dropped"),
    Repair("B7",  "websocket", "http_version", "missing"),
    Repair("B8",  "websocket", "subprotocols", "subprotocols"),
    Repair("B9",  "websocket", "query_string", "encode"),
    Repair("B9",  "websocket", "root_path", "decode"),
    Repair("B9",  "websocket", "raw_path", "raw_path"),
    Repair("B10", "websocket", "path", "unquote"),
    Repair("B11", "websocket", "path", "prepend_root"),
    Repair("B12", "websocket", "extensions", "offered"),
    Repair("B37", "websocket", "extensions", "denial"),
    Repair("B4",  "websocket", "asgi", "asgi3"),
    Repair("B4",  "lifespan", "asgi", "asgi3"),
    # B, receive.
    Repair("B14", "http.request", "body", "bytes"),
    Repair("B14", "http.request", "more_body", "bool"),
    Repair("B16", "websocket.connect", "order", "dropped"),
    Repair("B16", "websocket.connect", "path", "dropped"),
    Repair("B16", "websocket.receive", "order", "dropped"),
    Repair("B16", "websocket.receive", "path", "dropped"),
    Repair("B38", "websocket.receive", "", "one_key"),
    Repair("B16", "websocket.disconnect", "order", "dropped"),
    Repair("B16", "websocket.disconnect", "path", "dropped"),
    Repair("B16", "websocket.disconnect", "code", "int"),
    Repair("B16", "websocket.disconnect", "reason", "missing"),
    # B, send.
    Repair("B18", "http.response.start", "status", "status"),
    Repair("B18", "http.response.start", "headers", "missing"),
    Repair("B18", "http.response.start", "headers", "listed"),
    Repair("B18", "http.response.start", "headers", "headers_out"),
    Repair("B18", "http.response.start", "headers", "stripped"),
    Repair("B39", "http.response.start", "headers", "framing"),
    Repair("B21", "http.response.start", "headers", "clean"),
    Repair("B39", "http.response.start", "headers", "one_length"),
    Repair("B23", "http.response.start", "trailers", "dropped"),
    Repair("B19", "http.response.body", "body", "body"),
    Repair("B19", "http.response.body", "more_body", "bool"),
    Repair("B21", "websocket.accept", "headers", "clean"),
    Repair("B26", "websocket.accept", "headers", "dropped"),
    Repair("B26", "websocket.accept", "subprotocol", "none_absent"),
    Repair("B26", "websocket.accept", "subprotocol", "token"),
    Repair("B27", "websocket.send", "", "send_key"),
    Repair("B27", "websocket.send", "", "both_keys"),
    Repair("B28", "websocket.close", "code", "code"),
    Repair("B28", "websocket.close", "reason", "dropped"),
    Repair("B18", "websocket.http.response.start", "status", "status"),
    Repair("B18", "websocket.http.response.start", "headers", "missing"),
    Repair("B18", "websocket.http.response.start", "headers", "listed"),
    Repair("B18", "websocket.http.response.start", "headers", "headers_out"),
    Repair("B18", "websocket.http.response.start", "headers", "stripped"),
    Repair("B39", "websocket.http.response.start", "headers", "framing"),
    Repair("B21", "websocket.http.response.start", "headers", "clean"),
    Repair("B39", "websocket.http.response.start", "headers", "one_length"),
    Repair("B19", "websocket.http.response.body", "body", "body"),
    Repair("B19", "websocket.http.response.body", "more_body", "bool"),
    # Extensions, where they are announced.
    Repair("B18", "http.response.push", "headers", "listed"),
    Repair("B18", "http.response.push", "headers", "headers_out"),
    Repair("B18", "http.response.push", "headers", "stripped"),
    Repair("B39", "http.response.push", "headers", "framing"),
    Repair("B21", "http.response.push", "headers", "clean"),
    Repair("B39", "http.response.push", "headers", "one_length"),
    Repair("B18", "http.response.trailers", "headers", "listed"),
    Repair("B18", "http.response.trailers", "headers", "headers_out"),
    Repair("B18", "http.response.trailers", "headers", "stripped"),
    Repair("B39", "http.response.trailers", "headers", "trailer_framing"),
    Repair("B21", "http.response.trailers", "headers", "clean"),
    Repair("B21", "http.response.push", "path", "clean_path"),
    Repair("B18", "http.response.early_hint", "links", "links"),
    Repair("B21", "http.response.early_hint", "links", "clean_links"),
    # fmt: on
)

#: An event type that is sent or received under another name: (rule, sender, from, to). In direction B
#: ``lifespan.cleanup`` comes from the server, in A its answer comes from the application.
Rename = namedtuple("Rename", "rule sender was type")

RENAMES = (
    Rename("A21", APP, "http.response.chunk", "http.response.body"),
    Rename("A21", APP, "http.response.content", "http.response.body"),
    Rename("A21", APP, "http.request.body", "http.response.body"),
    Rename("A21", APP, "http.request.start", "http.response.start"),
    Rename("A36", APP, "websocket.disconnect", "websocket.close"),
    Rename("A39", APP, "lifespan.cleanup.complete", "lifespan.shutdown.complete"),
    Rename("B17", SERVER, "lifespan.cleanup", "lifespan.shutdown"),
)

#: The single response event of the draft of October 2017, which is two today: (rule, was, becomes).
Split = namedtuple("Split", "rule was becomes")
SPLITS = (Split("A21", "http.response", ("http.response.start", "http.response.body")),)

#: Rules about the age of the application, not about its messages: an application that is already of
#: the other generation's style keeps its own version in ``scope["asgi"]`` and today's path.
OF_DOUBLES = frozenset({"A2", "A5", "A8", "A16", "A20"})
OF_SINGLES = frozenset({"B4", "B11", "B38"})

#: Scopes of which thousands may be open at once, for days.
LONG_LIVED = frozenset({"websocket"})
#: The event that begins a response, and says how long it is.
START = "http.response.start"
#: The event that carries the body, those that carry it as a file, and what may come beside it.
BODY = "http.response.body"
ZERO_COPY, PATH_SEND = "http.response.zerocopysend", "http.response.pathsend"
TRAILERS = "http.response.trailers"
PUSH, EARLY_HINT, DEBUG = "http.response.push", "http.response.early_hint", "http.response.debug"
#: The extension of a denial response (A47, B37).
DENIAL = "websocket.http.response"
ACCEPT, CLOSE = "websocket.accept", "websocket.close"
#: The events whose repairs hold for an event of an extension that has no row: it may have headers or links.
WITH_ANY_HEADERS = (TRAILERS, EARLY_HINT)
#: Header names that frame a message and belong to the server (A26).
FRAMING = frozenset({b"transfer-encoding"})
#: Statuses whose response has no body (A29, B20).
NO_BODY = frozenset({204, 304})
#: The header that carries subprotocols (A11, A32, B8).
SUBPROTOCOL_HEADER = b"sec-websocket-protocol"
LENGTH_HEADER = b"content-length"
#: Header names that may not be in trailers, which come when the message has been framed (RFC 9110, 6.5.1).
TRAILER_FRAMING = FRAMING | {LENGTH_HEADER}
#: Fields whose value may stand in the text of an error: those that are never secret.
HARMLESS_FIELDS = frozenset({
    "type", "status", "code", "more_body", "more_content", "more_trailers", "trailers", "http_version", "scheme"
})  # fmt: skip
#: Close codes that may never stand in a frame (RFC 6455, 7.4.1), and the ranges that may.
CLOSE_CODES = ((1000, 1003), (1007, 1014), (3000, 4999))
#: Those that daphne's autobahn takes: RFC 6455 leaves the others to the protocol, it says.
NARROW_CLOSE_CODES = ((1000, 1000), (3000, 4999))
#: The longest reason of a close frame, in bytes: 125 less two of the code.
REASON_BYTES = 123
#: What direction A says of itself, at most; what direction B says.
SPEC_VERSION_OF_DOUBLES = "2.1"
SPEC_VERSION_OF_SINGLES = "2.0"
#: The extension names that hypercorn 0.1.0 used, and the real one (B12).
OLD_EXTENSIONS = {
    "websocket.http.response.start": "websocket.http.response",
    "websocket.http.response.body": "websocket.http.response",
}

#: Rules that are how the thing is built, not a step that can be left out. A table without one of
#: them cannot be compiled.
STRUCTURE = frozenset({"A1", "A12", "A19", "A40", "A42", "B1", "B2", "B29"})
#: What the RuntimeError of uvicorn 0.2 says out of receive once the body of the request has been read (B15).
CONSUMED = "channel fully consumed"
#: What a server's libraries raise out of send once the client has gone, by class name (B22).
GONE_ERRORS = frozenset({"ConnectionClosed", "ConnectionClosedOK", "ConnectionClosedError", "Disconnected", "ClosedResourceError"})
#: Extension events that no old server knows: dropped (B23, B25) or refused (B24).
DROPPED_EVENTS = {
    "http.response.trailers": "B23",
    "http.response.early_hint": "B25",
    "http.response.push": "B25",
    "http.response.debug": "B25",
}
REFUSED_EVENTS = {"http.response.pathsend": "B24", "http.response.zerocopysend": "B24"}

#: The whole table, in the form that `_normalise.compile_table` takes.
if TYPE_CHECKING:

    class Table(NamedTuple):
        """The rows of this module."""

        events: Tuple[Any, ...]
        fields: Tuple[Any, ...]
        rules: Tuple[Any, ...]
        repairs: Tuple[Any, ...]
        renames: Tuple[Any, ...]
        splits: Tuple[Any, ...]
        cross_fields: Tuple[Any, ...]
else:
    Table = namedtuple("Table", "events fields rules repairs renames splits cross_fields")

TABLE = Table(EVENTS, FIELDS, RULES, REPAIRS, RENAMES, SPLITS, CROSS_FIELD)


def sent_only() -> Table:
    """Give the table of what is made of single events that are sent: no scope, no receive, no memory.

    >>> [id for id in ("A8", "A14", "A24", "A28") if id in {row.id for row in sent_only().rules}]
    ['A24']
    """
    sent = {row.type for row in EVENTS if row.sender == APP}
    repairs = tuple(row for row in REPAIRS if row.event in sent)
    alive = STRUCTURE.union(row.rule for row in repairs + RENAMES + SPLITS)
    return TABLE._replace(repairs=repairs, rules=tuple(row for row in RULES if row.id in alive))


def without(*ids: str) -> Table:
    """Give the table without the rules of these ids: what the tests compile to see a rule missed.

    >>> len(TABLE.rules) - len(without("A22", "A27").rules)
    2
    """
    return TABLE._replace(
        rules=tuple(row for row in RULES if row.id not in ids),
        repairs=tuple(row for row in REPAIRS if row.rule not in ids),
        renames=tuple(row for row in RENAMES if row.rule not in ids),
        splits=tuple(row for row in SPLITS if row.rule not in ids),
    )


def rules() -> Tuple[Rule, ...]:
    """Give every rule of both directions, A1 to A51 and B1 to B39, as rows.

    Each row has ``id``, ``direction`` ("A" an old application on a new server, "B" the reverse),
    ``event``, ``field``, ``makes`` (what comes out), ``why``, ``loses`` ("" for nothing),
    ``evidence``, ``quirk`` (the field or fields of `Quirks` that choose, "" for none), ``fault``
    (whether strict mode raises) and ``place``. Raises nothing.

    >>> [row.makes for row in rules() if row.id == "A39"]
    ['lifespan.cleanup.complete is lifespan.shutdown.complete']
    """
    return RULES
