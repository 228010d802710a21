"""The rows of the specification: every scope, event and field, and the constants of the protocol.

1. All protocol facts live in this package: types and defaults of fields, earlier names, known bugs of
   servers. Other packages ask these rows.
2. There is no logic here. A rule names an operation by a word (`schema.Step.op`); `operations` has the
   function. A rule that needs the state of a connection names its code (`schema.Rule.place`).
3. Defaults are immutable or None: one row serves every connection of the process.
4. The table is closed about the fields that it names and open about all others: a key without a row is
   never dropped, and an event without a row passes when ``scope["extensions"]`` announces it (A38).
5. A rule applies because its row is in the table. The tests remove every row once, and see that the
   repair is gone.

`EVENTS` has a row for each scope and event: who sends it, and in which kind of scope. `FIELDS` has a row
for each field, as in the current specification: its kind, its default (`REQUIRED` if there is none),
whether None means *missing* (three fields of the specification say so, and merging defaults gets those
wrong), the version that added it, and its earlier names. `CROSS_FIELD` has the requirements on several
fields or on the order of events, and the code that looks after each. The rules are in `rules`.

``docs/rules.md`` and ``python -m asgi_compat explain`` are generated from these rows. Regenerate the page
with ``python -m asgi_compat explain --all --markdown > docs/rules.md``.

Versions: "2.0" to "2.5" are those of the HTTP and WebSocket specification, "1.0" and "2.0" of ``lifespan``
those of its own. Hashes are commits of django/asgiref unless another repository is named (uv uvicorn, hc
hypercorn, da daphne, ch channels, st starlette, qu quart).
"""

from __future__ import annotations

from .schema import (
    ADDRESS,
    ANY,
    BOOL,
    BYTES,
    BYTES_LIST,
    HEADERS,
    INT,
    MAPPING,
    REQUIRED,
    TEXT,
    TEXTS,
    CrossField,
    Event,
    Field,
)

#: Who sends it.
SERVER = "server"
APP = "application"

#: The directions: an old application on a new server, and a new application on an old server.
A = "A"
B = "B"

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

CROSS_FIELD = (
    CrossField(("websocket.receive", "websocket.send"), "exactly one of bytes and text is there and not None", ("A15", "A16", "A33", "B27", "B38"), "_messages: one_key, either_key, send_key"),
    CrossField(("http", "websocket"), "path begins with root_path since 2022 (6b1222a), and did not before", ("A8", "B11"), "_messages: strip_root, prepend_root"),
    CrossField(("websocket",), "subprotocols and the sec-websocket-protocol header say the same", ("A11", "B8"), "_messages: subprotocols"),
    CrossField(("websocket",), "a scheme that is missing follows from the port and from TLS", ("A9", "B7"), "_messages: ws_scheme"),
    CrossField(("http.response.start", "http.response.body"), "start, then bodies, the last with more_body False; as many bytes as content-length promises; none for 204, 304 and HEAD", ("A28", "A29", "A30", "B19", "B20"), "_connections: HttpExchange"),
    CrossField(("websocket.accept", "websocket.send", "websocket.close"), "accept or close answers connect; nothing follows a close", ("A34", "A35", "A37", "A44", "A45", "A49"), "_connections: WebSocketSession"),
    CrossField(("lifespan.startup", "lifespan.shutdown"), "each is answered once, with complete or failed", ("A4", "A20", "A39", "B31", "B33", "B34"), "_connections: LifespanSession"),
)

#: Scopes of which thousands may be open at once, for days.
LONG_LIVED = frozenset({"websocket"})

#: The version where a server says none that can be read.
HTTP_VERSION = "1.1"

#: What a server asks for in a lifespan, by its names of both times, and the answers.
LIFESPAN = "lifespan."
STARTUP, SHUTDOWN, CLEANUP = "lifespan.startup", "lifespan.shutdown", "lifespan.cleanup"
STARTED, START_FAILED = "lifespan.startup.complete", "lifespan.startup.failed"
STOPPED, STOP_FAILED = "lifespan.shutdown.complete", "lifespan.shutdown.failed"
CLEANED = "lifespan.cleanup.complete"

#: The request, and that its client has gone.
REQUEST, DISCONNECT = "http.request", "http.disconnect"
#: The request in the articles of October 2018 (A14).
REQUEST_OF_2018 = "http.request.body"
#: The keys of its body in 2017, and the current key that those who read them do not know.
CONTENT, MORE_CONTENT, MORE_BODY = "content", "more_content", "more_body"

#: The event that begins a response, and says how long it is.
START = "http.response.start"

#: The event that carries the body, those that carry it as a file, and what may come beside it.
BODY = "http.response.body"
ZERO_COPY, PATH_SEND = "http.response.zerocopysend", "http.response.pathsend"
TRAILERS = "http.response.trailers"
PUSH, EARLY_HINT, DEBUG = "http.response.push", "http.response.early_hint", "http.response.debug"

#: The extension of a denial response (A47, B37).
DENIAL = "websocket.http.response"
DENY, DENY_BODY = "websocket.http.response.start", "websocket.http.response.body"
ACCEPT, MESSAGE, CLOSE = "websocket.accept", "websocket.send", "websocket.close"
CONNECT, LEFT = "websocket.connect", "websocket.disconnect"
#: The close that refuses, and the denial response that answers a crash before accept (A45, granian).
REFUSED = ({"type": CLOSE, "code": 1000},)
CRASHED = (
    {"type": DENY, "status": 500, "headers": [(b"content-type", b"text/plain; charset=utf-8")]},
    {"type": DENY_BODY, "body": b"Internal Server Error", "more_body": False},
)

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

#: The code of an ordinary end, of a crash, and of a frame without one.
NORMAL, CRASH_CODE, NO_CODE = 1000, 1011, 1005

#: Those that daphne's autobahn takes: RFC 6455 leaves the others to the protocol, it says.
NARROW_CLOSE_CODES = ((1000, 1000), (3000, 4999))

#: The longest reason of a close frame, in bytes: 125 less two of the code.
REASON_BYTES = 123

#: What direction A says of itself, at most; what direction B says.
SPEC_VERSION_OF_DOUBLES = "2.1"
SPEC_VERSION_OF_SINGLES = "2.0"

#: The key with which a Mount of Starlette says that it has set root_path (since 0.33; A8).
MOUNTED = "app_root_path"

#: The extension names that hypercorn 0.1.0 used, and the real one (B12).
OLD_EXTENSIONS = {
    "websocket.http.response.start": "websocket.http.response",
    "websocket.http.response.body": "websocket.http.response",
}

#: How the names of extensions begin whose events no server and no middleware of ASGI 2 can pass on (B12).
CURRENT_EXTENSIONS = "http.response."

#: What the RuntimeError of uvicorn 0.2 says out of receive once the body of the request has been read (B15).
CONSUMED = "channel fully consumed"

#: What a server's libraries raise out of send once the client has gone, by class name (B22).
GONE_ERRORS = frozenset({"ConnectionClosed", "ConnectionClosedOK", "ConnectionClosedError", "Disconnected", "ClosedResourceError"})
#: How the RuntimeError ends that uvloop 0.23 raises out of a write to a closed connection: gunicorn 27 lets it through (A31).
CLOSED = "the handler is closed"

#: Extension events that no old server knows: dropped (B23, B25) or refused (B24).
DROPPED_EVENTS = {
    "http.response.trailers": "B23",
    "http.response.early_hint": "B25",
    "http.response.push": "B25",
    "http.response.debug": "B25",
}
REFUSED_EVENTS = {"http.response.pathsend": "B24", "http.response.zerocopysend": "B24"}
