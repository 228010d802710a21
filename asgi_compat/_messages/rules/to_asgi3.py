"""The rules of direction A: an old application (double callable) on a new server."""

from __future__ import annotations

from ..schema import Rename, Repair, Rule, Split
from ..specification import APP, A


def _a(id: str, event: str, field: str, makes: str, why: str, loses: str = "", evidence: str = "", quirk: str = "", fault: bool = False, place: str = "_messages") -> Rule:
    return Rule(id, A, event, field, makes, why, loses, evidence, quirk, fault, place)

#: The events of an application that have headers, or a field that becomes one.
_WITH_HEADERS = "http.response.start, websocket.accept, websocket.http.response.start, http.response.push, http.response.early_hint, http.response.trailers"
_FRAMED = "transfer-encoding and pseudo headers are dropped; of content-lengths that are equal one stays, and ones that differ are refused"
_WHY_FRAMED = "framing is the server's; after two lengths the next answer on the connection is out of step"

RULES = (
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
    _a("A32", "websocket.accept", "text, bytes, headers, subprotocol", "a first message goes out as websocket.send; None headers are left out; subprotocol is a token that was offered, also when it came as a header", "uvicorn 0.1 and 0.2 sent the first message with accept; hypercorn, wsproto and daphne break on the rest", loses="a subprotocol that was not offered", evidence="7f89bd6; uv 0.2.22", quirk="unoffered_subprotocol", fault=True, place="_messages; _connections: WebSocket.send"),
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
)

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
    # fmt: on
)

RENAMES = (
    Rename("A21", APP, "http.response.chunk", "http.response.body"),
    Rename("A21", APP, "http.response.content", "http.response.body"),
    Rename("A21", APP, "http.request.body", "http.response.body"),
    Rename("A21", APP, "http.request.start", "http.response.start"),
    Rename("A36", APP, "websocket.disconnect", "websocket.close"),
    Rename("A39", APP, "lifespan.cleanup.complete", "lifespan.shutdown.complete"),
)

SPLITS = (
    Split("A21", "http.response", ("http.response.start", "http.response.body")),
)
