"""The rules of direction A: an old application (double-callable) on a new server."""

from __future__ import annotations

from ..schema import Rename, Rule, Split, Step
from ..specification import APP
from .shared import (
    BODIES,
    CURRENT_SERVERS,
    FINISHED_RESPONSE,
    FRAMED,
    LAZY_STARTUP,
    LOSES_FINISHED_RESPONSE,
    LOSES_LAZY_STARTUP,
    OLD_SERVERS,
    ONE_FRAMING,
    STARTS,
    WHY_FINISHED_RESPONSE,
    WHY_ONE_FRAMING,
    WITH_HEADERS,
    WITH_HEADERS_OR_LINKS,
)

RULES = (
    # Calling.
    Rule(
        "A1",
        "*",
        "",
        makes="app(scope), then await instance(receive, send), both by position",
        why="a partial that bound a name clashes with keywords",
        evidence="8ae25bd",
        quirk="response_scope",
        place="_convert: serve",
    ),
    Rule(
        "A2",
        "*",
        "",
        makes="the constructor runs in a thread",
        why="for five weeks of 2018 the specification said so",
        evidence="2e92fe2 to 1aad0d1; da 2.1.1 to 2.2.1",
        quirk="constructor_in_thread",
        place="_convert: call_in_thread",
    ),
    Rule(
        "A3",
        "*",
        "",
        makes="the return value is dropped",
        why="uvicorn logs it and closes the socket",
        evidence="uvicorn 0.54 on the wire",
        place="_convert: serve",
    ),
    Rule(
        "A4",
        "lifespan",
        "",
        makes=(
            "an application without lifespan support is answered for, also one that asks for a second event "
            "without an answer to startup; a failed start, and a call that cannot succeed, are reported with "
            "the traceback"
        ),
        why="old applications raise on an unknown scope, and servers treat that differently",
        evidence="8ae25bd",
        place="_connections: LifespanSession",
    ),
    # Scopes.
    Rule(
        "A5",
        "http, websocket, lifespan",
        "asgi",
        makes='version "2.0", spec_version at most "2.1"',
        why="the application is of that version and may read it",
        evidence="3814f65; uvicorn's ASGI2Middleware does it",
        steps=(Step("asgi", "asgi2"),),
    ),
    Rule(
        "A6",
        "http, websocket",
        "headers",
        makes="any iterable becomes a list of (bytes, bytes) with lower-case names",
        why="Channels and Quart index by lower case; the specification only says should",
        loses="the case of names",
        evidence="c1d3d97",
        fault=True,
        steps=(Step("headers", "headers_in"),),
    ),
    Rule(
        "A7",
        "http, websocket",
        "client, server",
        makes="two items of any iterable; missing and whatever is no address becomes None",
        why=(
            "Quart 0.6 indexes client; current servers give a unix path with None; Falcon's test client "
            "gives iterators"
        ),
        loses="a unix path, if the quirk says so",
        evidence="e14932b; qu 0.6.0",
        quirk="placeholder_client, unix_server",
        fault=True,
        steps=(
            Step("client", "address"),
            Step("server", "address"),
            Step("client", "placeholder"),
            Step("server", "unix"),
        ),
    ),
    Rule(
        "A8",
        "http, websocket",
        "path, raw_path",
        makes="root_path is taken off the front, at a segment's border",
        why="uvicorn since 0.26 and Starlette since 0.33 leave it on; old applications route on path",
        loses="a route that itself repeats the prefix is ambiguous",
        evidence="uv 4af46c93; st e8f0dcd5",
        quirk="strip_root_path",
        steps=(Step("path", "strip_root"),),
    ),
    Rule(
        "A9",
        "http, websocket",
        "scheme, http_version",
        makes='both are there, as str: "ws" or "wss", "http" or "https", and "1.1"',
        why="daphne's WebSockets have neither, Quart indexes both; tremolo gives bytes",
        evidence="daphne 4.2.3 and tremolo on the wire",
        steps=(
            Step("scheme", "ws_scheme", "websocket"),
            Step("scheme", "http_scheme", "http"),
            Step("http_version", "http_version"),
        ),
    ),
    Rule(
        "A10",
        "http, websocket",
        "query_string, root_path",
        makes="None, the other string type or missing becomes bytes and str",
        why="the specification said bytes for root_path of WebSocket until 2022",
        evidence="6469d0f; 7794c2a",
        fault=True,
        steps=(
            Step("query_string", "encode"),
            Step("root_path", "decode"),
        ),
    ),
    Rule(
        "A11",
        "websocket",
        "subprotocols, headers",
        makes="each is restored from the other",
        why="uvicorn's wsproto drops the header",
        evidence="uvicorn 0.54 wsproto on the wire",
        steps=(Step("subprotocols", "subprotocols"),),
    ),
    Rule(
        "A12",
        "http, websocket, lifespan",
        "state, raw_path, extensions",
        makes="all other keys of the scope are passed through",
        why="extra keys never were an error",
        evidence="2962a47, 935ebc1",
    ),
    # Received events.
    Rule(
        "A13",
        "http.request",
        "body, more_body",
        makes="both are there, bytes and bool",
        why="Quart and Starlette index them",
        evidence="da 2.x has no more_body",
        fault=True,
        steps=(
            Step("body", "bytes"),
            Step("more_body", "bool"),
        ),
    ),
    Rule(
        "A14",
        "http.request",
        "type, body, more_body",
        makes="the body in one message, or under its names of 2017 and of the articles",
        why="hypercorn and granian always split; the articles of 2018 assert http.request.body",
        loses="memory for the joined body",
        evidence="ch 28ab011; encode.github.io 43e56e4",
        quirk="join_body, request_type, content_keys",
        place="_connections: HttpExchange.receive",
    ),
    Rule(
        "A15",
        "websocket.receive",
        "bytes, text",
        makes="only the key that is not None",
        why='Channels 2 asks "text" in message',
        evidence="ch 2.4.0 generic/websocket.py",
        steps=(Step("", "one_key"),),
    ),
    Rule(
        "A16",
        "websocket.receive",
        "bytes, text",
        makes="a dict that answers None for the absent one of the two when it is indexed",
        why='Quart 0.6 and bareASGI index text when bytes is b""',
        evidence="qu 0.6.0 asgi.py",
        quirk="receive_keys",
        steps=(Step("", "either_key"),),
    ),
    Rule(
        "A17",
        "websocket.disconnect",
        "code",
        makes="an int; missing or None becomes 1005",
        why="daphne gives None, uvicorn an IntEnum",
        evidence="5118b70; daphne 4.2.3 on the wire",
        fault=True,
        steps=(Step("code", "int"),),
    ),
    Rule(
        "A18",
        "http.request, http.disconnect, websocket.disconnect",
        "",
        makes=(
            "after it HTTP asks the server again, and waits where that raises; WebSocket waits until it is "
            "cancelled; http.request that comes again after its last part is held back"
        ),
        why=(
            "Quart 0.6.0 spins when a server repeats it; an answer without the server stopped daphne; "
            "nginx unit and connectors give the request again, where Starlette raises"
        ),
        evidence="qu 0.6.0; uvicorn websockets and granian repeat; daphne 4.2.3",
        place="_connections: HttpExchange.receive, WebSocketSession.receive",
    ),
    Rule(
        "A19",
        "http.request",
        "",
        makes="unread body after the response comes as the server gives it",
        why="servers differ, and both orders are allowed",
        evidence="message order on the wire",
        place="_connections: HttpExchange.receive",
    ),
    Rule(
        "A20",
        "lifespan.shutdown",
        "type",
        makes="an application that lets shutdown pass without an answer is given lifespan.cleanup",
        why="the name of 2018; without it every current server hangs",
        evidence="164207b",
        quirk="lifespan_cleanup",
        fault=True,
        place="_connections: LifespanSession.receive",
    ),
    # Sent events.
    Rule(
        "A21",
        "http.response.start, http.response.body",
        "type",
        makes=(
            "the names of 2017 and of uvicorn's documentation become the current ones; "
            "http.response becomes both"
        ),
        why="every server refuses the old ones",
        evidence="3abaaed, 64a12bb, f7d8f38; uv 60f29fa2; ch 8d4a0ff",
        fault=True,
        place="_connections: resolve_event, HttpExchange.take",
        renames=(
            Rename("http.response.chunk", "http.response.body", APP),
            Rename("http.response.content", "http.response.body", APP),
            Rename("http.request.body", "http.response.body", APP),
            Rename("http.request.start", "http.response.start", APP),
        ),
        splits=(Split("http.response", ("http.response.start", "http.response.body")),),
    ),
    Rule(
        "A22",
        "http.response.body",
        "body, more_body",
        makes="content and more_content, unless the new key is there",
        why="every server answers with a silent, empty 200",
        evidence="f7d8f38",
        fault=True,
        steps=(Step("", "old_keys"),),
    ),
    Rule(
        "A23",
        "http.response.start",
        "status, headers",
        makes="headers always there; status a plain int from 200 to 599",
        why="granian refuses a start without headers, others an HTTPStatus or a str",
        evidence=CURRENT_SERVERS,
        fault=True,
        steps=(
            Step("status", "status", STARTS),
            Step("headers", "missing", STARTS),
        ),
    ),
    Rule(
        "A24",
        WITH_HEADERS_OR_LINKS,
        "headers, links, path",
        makes=(
            "a list of (bytes, bytes), names in lower case; None, dict, str, int and bytes-like are converted"
        ),
        why="each server refuses others of these",
        loses="the case of names",
        evidence=CURRENT_SERVERS,
        fault=True,
        steps=(
            Step("headers", "headers_out", WITH_HEADERS),
            Step("links", "links", "http.response.early_hint"),
        ),
    ),
    Rule(
        "A25",
        WITH_HEADERS_OR_LINKS,
        "headers, links, path",
        makes=(
            "a control character in a value, or a name that is no token, is refused before anything is sent"
        ),
        why="daphne writes a blank instead, old servers let it through: response splitting",
        evidence="servers of 2018 and of 2026, on the wire",
        fault=True,
        steps=(
            Step("headers", "clean", WITH_HEADERS),
            Step("path", "clean_path", "http.response.push"),
            Step("links", "clean_links", "http.response.early_hint"),
        ),
    ),
    Rule(
        "A26",
        WITH_HEADERS_OR_LINKS,
        "headers",
        makes=ONE_FRAMING,
        why=WHY_ONE_FRAMING,
        loses="the header",
        evidence="e47947e, 36c3e8d; two content-lengths behind daphne 4.2.3 and granian 2.8.7 on the wire",
        fault=True,
        steps=(
            Step("headers", "framing", FRAMED),
            Step("headers", "one_length", FRAMED),
            Step("headers", "trailer_framing", "http.response.trailers"),
        ),
    ),
    Rule(
        "A27",
        "http.response.body",
        "body, more_body",
        makes="both are there, bytes and bool; bytes-like and None are converted, str only by quirk",
        why="daphne hangs, granian silently sends nothing",
        evidence=CURRENT_SERVERS,
        quirk="text_body",
        fault=True,
        steps=(
            Step("body", "body", BODIES),
            Step("more_body", "bool", BODIES),
        ),
    ),
    Rule(
        "A28",
        "http.response.start",
        "",
        makes=(
            "held until the first body, for at most 50 ms, so that a second start replaces it; one that says "
            "itself that no body follows goes out when the application listens again; what the "
            "application leaves unfinished is finished when it returns"
        ),
        why="the specification demanded it from 2018 to 2023, hypercorn did it until 0.16",
        loses="up to 50 ms, for an application that wants its headers out first",
        evidence="6cdeff1 to c3d70c3",
        quirk="defer_start",
        fault=True,
        place="_connections: HttpExchange.send, HttpExchange.receive, HttpExchange.close",
    ),
    Rule(
        "A29",
        "http.response.body",
        "body",
        makes="dropped for 204, 304 and HEAD",
        why="uvicorn raises, hypercorn drops",
        evidence=CURRENT_SERVERS,
        fault=True,
        place="_connections: HttpExchange.send",
    ),
    Rule(
        "A30",
        "http.response.start, http.response.body",
        "",
        makes="after the end of the response: nothing",
        why="any further messages will be ignored, said the specification until 2024",
        evidence="ba908f0",
        place="_connections: HttpExchange.send",
    ),
    Rule(
        "A31",
        "*",
        "",
        makes=(
            "an OSError out of send, or a RuntimeError after the client has gone, is no error; after "
            "128 such sends ClientDisconnected, by quirk at once or never; after 100 parts of a response "
            "the disconnect is listened for"
        ),
        why="before 2024 a send on a closed connection was a no-op",
        loses="an application that only sends would never end, by quirk",
        evidence="ba908f0 against 6f62c16; uvicorn 0.54, hypercorn 0.18, granian 2.8.7 swallow what is sent",
        quirk="raise_after_disconnect",
        place="_connections: HttpExchange.send, WebSocketSession.send",
    ),
    Rule(
        "A32",
        "websocket.accept",
        "text, bytes, headers, subprotocol",
        makes=(
            "a first message goes out as websocket.send; None headers are left out; subprotocol "
            "is a token that was offered, also when it came as a header"
        ),
        why=(
            "uvicorn 0.1 and 0.2 sent the first message with accept; hypercorn, wsproto and "
            "daphne break on the rest"
        ),
        loses="a subprotocol that was not offered",
        evidence="7f89bd6; uv 0.2.22",
        quirk="unoffered_subprotocol",
        fault=True,
        place="_messages; _connections: WebSocketSession.send",
        steps=(
            Step("headers", "none_absent"),
            Step("subprotocol", "subprotocol"),
        ),
    ),
    Rule(
        "A33",
        "websocket.send",
        "bytes, text",
        makes=(
            "one key, str or bytes; swapped types change places; of two bytes wins; none at all is dropped"
        ),
        why="servers ignore, refuse or send something else",
        loses="the text, when both are set",
        evidence=CURRENT_SERVERS,
        fault=True,
        steps=(Step("", "send_key"),),
    ),
    Rule(
        "A34",
        "websocket.send",
        "",
        makes="before accept: accept first, by quirk; else refused",
        why="a habit from before ASGI 2.0",
        evidence=CURRENT_SERVERS,
        quirk="implicit_accept",
        fault=True,
        place="_connections: WebSocketSession.send",
    ),
    Rule(
        "A35",
        "websocket.close",
        "code, reason",
        makes=(
            "a code that may be sent, 1000 for the others (on daphne also for 1001 to 2999); "
            "reason at most 123 bytes; before accept no reason, and any code in a test client"
        ),
        why="two servers put 1006 on the wire, others raise",
        loses="the code, the end of the reason",
        evidence=CURRENT_SERVERS,
        fault=True,
        steps=(
            Step("code", "code"),
            Step("reason", "reason"),
        ),
    ),
    Rule(
        "A36",
        "websocket.close",
        "type",
        makes="websocket.disconnect that is sent is websocket.close",
        why="uvicorn 0.1.1 accepted it",
        evidence="uv 0.1.1 websocket.py",
        fault=True,
        renames=(Rename("websocket.disconnect", "websocket.close", APP),),
    ),
    Rule(
        "A37",
        "websocket.close, websocket.send",
        "",
        makes="after the application's own close: nothing",
        why="hypercorn and daphne ignored it, uvicorn raises",
        evidence=CURRENT_SERVERS,
        place="_connections: WebSocketSession.send",
    ),
    Rule(
        "A38",
        "*",
        "type",
        makes="an event that nothing announces is refused; dropped or passed on by quirk",
        why="uvicorn 0.2 and daphne ignored it; gunicorn takes http.response.informational",
        loses="the event, by quirk",
        evidence=OLD_SERVERS,
        quirk="drop_unknown, pass_unknown",
        fault=True,
        place="_connections: resolve_event",
    ),
    Rule(
        "A39",
        "lifespan.shutdown.complete",
        "type",
        makes="lifespan.cleanup.complete is lifespan.shutdown.complete",
        why="the name of 2018",
        evidence="164207b",
        fault=True,
        renames=(Rename("lifespan.cleanup.complete", "lifespan.shutdown.complete", APP),),
    ),
    Rule(
        "A40",
        "lifespan.shutdown",
        "",
        makes="an application that ended without an answer is not answered for",
        why="servers cope",
        evidence="servers of both times, on the wire",
        place="_connections: run_lifespan",
    ),
    # Servers and frameworks.
    Rule(
        "A41",
        "http.response.body",
        "",
        makes=FINISHED_RESPONSE,
        why=WHY_FINISHED_RESPONSE,
        loses=LOSES_FINISHED_RESPONSE,
        evidence="daphne 4.2.3 server.py application_checker",
        quirk="finish_on_error",
        place="_connections: HttpExchange.close_after_error",
    ),
    Rule(
        "A42",
        "*",
        "",
        makes="what receive() and send() return is a coroutine",
        why="granian's is an awaitable only, and old frameworks call create_task on it",
        evidence="granian 2.8.7",
        place="_connections: HttpExchange, WebSocketSession, LifespanSession",
    ),
    Rule(
        "A43",
        WITH_HEADERS_OR_LINKS,
        "headers",
        makes="blanks around a value are stripped",
        why="SimpleCookie.output in Quart 0.8 and Channels 2.4 leaves one, h11 drops the connection",
        evidence="qu 0.8.1; ch 2.4.0",
        fault=True,
        steps=(Step("headers", "stripped", WITH_HEADERS),),
    ),
    Rule(
        "A44",
        "websocket.close",
        "",
        makes="an application that returns after accept closes with 1000, one that raises with 1011",
        why="servers of that era did; current ones send 1006, 1005 or nothing",
        evidence="uvicorn 0.54, hypercorn 0.18, daphne 4.2.3, granian 2.8.7 on the wire; uv 0.6.1",
        place="_connections: WebSocketSession.close, WebSocketSession.close_after_error",
    ),
    Rule(
        "A45",
        "websocket.close",
        "",
        makes=(
            "an application that returns before accept closes: 403; one that raises is answered 500, by the "
            "server itself or by a denial response (granian), on daphne by a close"
        ),
        why="daphne hangs; current servers answer a return with 500 or 403; a crash is not a refusal",
        evidence=CURRENT_SERVERS,
        place="_connections: WebSocketSession.close, WebSocketSession.close_after_error",
    ),
    Rule(
        "A46",
        "websocket.close",
        "",
        makes="a receive that still waits on the server is cancelled first",
        why="granian holds the close back for as long as one waits",
        evidence="granian 2.8.7",
        place="_connections: WebSocketSession",
    ),
    Rule(
        "A47",
        "websocket.http.response.body",
        "body, more_body",
        makes="several parts become one; where the server does not offer the extension, websocket.close",
        why="granian takes one part only",
        loses="the body, where it is not offered",
        evidence="granian 2.8.7 io.rs",
        place="_connections: WebSocketSession.send",
    ),
    Rule(
        "A48",
        "http, websocket",
        "client, server",
        makes="the host is a str and the port an int, or None; anything else is no address and becomes None",
        why='granian gives a str for the port, gunicorn on a unix socket ("/", "t")',
        evidence="granian 2.8.7 and gunicorn 27.0.1 on the wire",
        fault=True,
        steps=(
            Step("client", "port"),
            Step("server", "port"),
        ),
    ),
    Rule(
        "A49",
        "websocket.accept, websocket.close",
        "",
        makes=(
            "websocket.connect is read from the server first and handed out later; one that comes again "
            "after the application's close is a disconnect"
        ),
        why="granian's process exits otherwise; in 1.6.4 a refused client keeps a worker busy",
        evidence="granian 2.8.7, 1.6.4",
        place="_connections: WebSocketSession.send",
    ),
    Rule(
        "A50",
        WITH_HEADERS_OR_LINKS,
        "headers",
        makes="a one-shot iterator becomes a list",
        why="daphne sends no headers at all",
        evidence="daphne 4.2.3",
        steps=(Step("headers", "listed", WITH_HEADERS),),
    ),
    Rule(
        "A51",
        "*",
        "",
        makes=(
            "what another task of the application sends and receives goes to the server in the "
            "context of the request, once asgiref.sync is imported"
        ),
        why=(
            "asyncio registers a connection's reader in the context of whoever resumes it; after "
            "async_to_sync(send) the next request on the connection runs in one whose executor is "
            "dead"
        ),
        evidence="uvicorn 0.54 with Channels 2.4: 24 of 30 requests after a body of 5 MB",
        place="_convert: serve; _connections: bind_context",
    ),
    Rule(
        "A52",
        "http, websocket",
        "extensions",
        makes="a dict of any mapping, an empty one of anything else",
        why="an extension that cannot be looked up is one that is not offered",
        evidence="a MappingProxy of a test client",
        steps=(Step("extensions", "mapping"),),
    ),
    Rule(
        "A53",
        "http, websocket, lifespan",
        "asgi, raw_path, state",
        makes=(
            "for current applications: asgi with its version; raw_path as bytes or absent; a state in "
            "lifespan, and a shallow copy of it in the scopes after it"
        ),
        why="Starlette refuses to start without a state; test clients and an early hypercorn give no asgi",
        evidence="st routing.py; hc d47b203",
        place="_messages; _convert: prepare_lifespan, prepare_connection",
        steps=(
            Step("asgi", "complete_asgi"),
            Step("raw_path", "raw_path", "http, websocket"),
        ),
    ),
    Rule(
        "A54",
        "http, websocket",
        "extensions",
        makes="for current applications: a dict where there is none",
        why="they index it, and uvicorn's HTTP scope has none",
        evidence="uvicorn 0.54",
        steps=(Step("extensions", "present_mapping"),),
    ),
    Rule(
        "A55",
        "lifespan",
        "",
        makes=LAZY_STARTUP,
        why=(
            "a Mount of Starlette, Socket.IO, httpx.ASGITransport, Mangum with lifespan off, a TestClient "
            "without `with` and daphne send none"
        ),
        loses=LOSES_LAZY_STARTUP,
        evidence="Starlette 1.10, httpx 0.28, daphne 4.2.3",
        quirk="lazy_lifespan",
        place="_convert: wait_until_started",
    ),
)
