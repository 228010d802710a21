"""The rules of direction B: a new application (single callable) on an old server."""

from __future__ import annotations

from ..schema import Rename, Repair, Rule
from ..specification import SERVER, B
from .to_asgi3 import _FRAMED, _WHY_FRAMED, _WITH_HEADERS


def _b(id: str, event: str, field: str, makes: str, why: str, loses: str = "", evidence: str = "", quirk: str = "", fault: bool = False, place: str = "_messages") -> Rule:
    return Rule(id, B, event, field, makes, why, loses, evidence, quirk, fault, place)

RULES = (
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
    _b("B19", "http.response.body", "body, more_body", "both there; no empty chunk in the middle; content-length 0 for an empty response; one chunk held back by quirk", "uvicorn below 0.3.25 ends the response at an empty chunk", loses="time, by quirk", evidence="uv 85e753cb", quirk="hold_last_chunk", fault=True, place="_messages; _connections: Http.send"),
    _b("B20", "http.response.body", "body", "dropped for 204, 304 and HEAD", "uvicorn 0.2 writes it", evidence="uvicorn 0.2 and 0.6, hypercorn 0.4, daphne 2 on the wire", place="_connections: Http.send"),
    _b("B21", _WITH_HEADERS, "headers, links, path", "refused as in A25", "old servers let it through: response splitting", evidence="uvicorn 0.2 and 0.6, hypercorn 0.4, daphne 2 on the wire", fault=True),
    _b("B22", "*", "", "send after the client has gone: nothing, or an OSError by quirk; errors of the server's libraries become that", "the OSError is of 2024", loses="it comes late", evidence="6f62c16", quirk="raise_after_disconnect", place="_connections: Http.send, WebSocket.send"),
    _b("B23", "http.response.start, http.response.trailers", "trailers", "the flag and the event are dropped", "of 2022", loses="the trailers", evidence="3b5aaff", place="_messages; _connections: resolve"),
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

REPAIRS = (
    # fmt: off
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

RENAMES = (
    Rename("B17", SERVER, "lifespan.cleanup", "lifespan.shutdown"),
)
SPLITS = ()
