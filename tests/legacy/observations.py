"""What is asked of every application: one table a framework, a row an observation.

What must be seen stands in truth/<framework>.json, captured by capture.py on servers of the
framework's own day and never written by hand.
"""

from __future__ import annotations

from typing import Dict, List, Sequence, Tuple

from .client import Http, Observation, Raw, Stop, Wait, WebSocket

LARGE = bytes(range(256)) * 4096  # 1 MiB, every byte value

_FORM = (("content-type", "application/x-www-form-urlencoded"),)


def _get(
    name: str, *paths: str, headers: Sequence[Tuple[str, str]] = (), lifespan: bool = False
) -> Observation:
    return Observation(name, [Http(path, headers=headers) for path in paths], lifespan)


def _socket(
    name: str, path: str, *script: Tuple[object, ...], headers: Sequence[Tuple[str, str]] = ()
) -> Observation:
    return Observation(name, [WebSocket(path, script, headers)])


def _raw(*lines: str, body: bytes = b"") -> bytes:
    return "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + body


_MULTIPART = [
    b'--frontier\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n',
    b'--frontier\r\nContent-Disposition: form-data; name="f"; filename="n.txt"\r\n',
    b"Content-Type: text/plain\r\n\r\n" + b"content" * 9 + b"\r\n--frontier--\r\n",
]

_HTTP_1_0 = _raw("GET / HTTP/1.0", "User-Agent: observer")
_PIPELINE = _raw("GET / HTTP/1.1", "Host: here") + _raw("GET / HTTP/1.1", "Host: here", "Connection: close")


def _post_then_close(path: str) -> bytes:
    return _raw(
        f"POST {path} HTTP/1.1",
        "Host: here",
        "Content-Length: 11",
        "Expect: 100-continue",
        "Connection: close",
        body=b"hello there",
    )


STARLETTE = [
    _get("home", "/"),
    _get("start-up ran", "/started", lifespan=True),
    _get("json", "/json"),
    _get("html with a header", "/html"),
    _get("204", "/empty"),
    _get("status 201 and 299", "/status/201", "/status/299"),
    _get("status 304", "/status/304"),
    Observation("HEAD", [Http("/json", "HEAD")]),
    Observation("method not allowed", [Http("/json", "DELETE")]),
    _get("query", "/query?a=1&a=2&b=%20x+y&c="),
    _get("path parameters", "/item/caf%C3%A9/7/a/b%20c"),
    _get("request headers", "/headers", headers=[("X-One", "1"), ("x-two", "a"), ("X-Two", "b")]),
    _get("scope", "/scope?q=%41"),
    Observation(
        "echo a body", [Http("/echo", "POST", content=b"\x00\xffbody", headers=[("content-type", "x/y")])]
    ),
    Observation("echo an empty body", [Http("/echo", "PUT", content=b"")]),
    Observation("echo a chunked body", [Http("/echo", "POST", chunks=[b"one ", b"two ", b"three"])]),
    Observation("echo a large body", [Http("/echo", "POST", content=LARGE)]),
    Observation("stream a large chunked body in", [Http("/length", "POST", chunks=[LARGE[:100000]] * 9)]),
    Observation("json body", [Http("/post-json", "POST", json={"z": 1, "a": ["\u00fc"]})]),
    Observation("bad json body is an error", [Http("/post-json", "POST", content=b"{"), Http("/")]),
    Observation("form", [Http("/form", "POST", data={"a": "1", "b": "\u00fc &"})]),
    Observation(
        "multipart form with a file",
        [Http("/form", "POST", data={"a": "1"}, files=[("f", ("n.txt", b"file content" * 3, "text/plain"))])],
    ),
    Observation(
        "two files, one large",
        [
            Http(
                "/form",
                "POST",
                files=[
                    ("one", ("1.bin", b"1" * 10, "application/octet-stream")),
                    ("two", ("2.bin", b"2" * 700000, "application/octet-stream")),
                ],
            )
        ],
    ),
    _get("stream", "/stream"),
    _get("stream bytes", "/stream-bytes"),
    _get("stream with empty pieces", "/stream-with-gaps"),
    _get("large response", "/large"),
    _get("gzip", "/gzip", headers=[("accept-encoding", "gzip")]),
    _get("redirect", "/redirect"),
    _get("url_for", "/url-for?x=1"),
    _get("set cookies", "/set-cookie"),
    _get("cookies come back", "/set-cookie", "/cookies"),
    _get("session", "/session/set/one", "/session/get", "/session/clear", "/session/get"),
    _get("tampered session", "/session/get", headers=[("cookie", "session=eyJ2YWx1ZSI6ICJ4In0=.abc.def")]),
    _get("exception is 500, the server goes on", "/error", "/"),
    _get("HTTPException", "/teapot"),
    _get("exception handler", "/sour"),
    _get("404 handler", "/nowhere"),
    Observation("background task", [Http("/background/b1"), Wait(0.3), Http("/background")]),
    _get("file response", "/file"),
    _get("static file", "/static/note.txt"),
    _get("static css", "/static/style.css"),
    _get("static file missing", "/static/none.txt"),
    _get("no way out of the static folder", "/static/..%2Fstarlette_app.py"),
    _get("CORS simple", "/json", headers=[("origin", "https://shop.example")]),
    Observation(
        "CORS preflight",
        [
            Http(
                "/json",
                "OPTIONS",
                [("origin", "https://shop.example"), ("access-control-request-method", "PUT")],
            )
        ],
    ),
    Observation(
        "class endpoint", [Http("/class"), Http("/class", "POST", content=b"x"), Http("/class", "PATCH")]
    ),
    _get("raw endpoint in a mount", "/raw/x/y"),
    Observation("closure in a mount", [Http("/closure/z", "POST", content=b"the body")]),
    _get("mounted router", "/sub/", "/sub/where"),
    _get("BaseHTTPMiddleware in a mount", "/stamped/hello"),
    Observation(
        "client leaves a stream",
        [
            Raw(_raw("GET /waits-for-disconnect HTTP/1.1", "Host: here"), vanish_after=20),
            Wait(0.5),
            Http("/disconnects"),
        ],
    ),
    Observation("HTTP/1.0", [Raw(_HTTP_1_0)]),
    Observation("two requests in one packet", [Raw(_PIPELINE)]),
    Observation("expect 100-continue", [Raw(_post_then_close("/echo"))]),
    _socket(
        "ws echo text",
        "/ws/echo",
        ("text", "hello"),
        ("receive", 1),
        ("text", "\u00fc\u20ac"),
        ("receive", 1),
        ("close",),
    ),
    _socket("ws echo bytes", "/ws/echo", ("bytes", b"\x00\xff"), ("receive", 1), ("close", 1000)),
    _socket("ws echo empty text", "/ws/echo", ("text", ""), ("text", "after"), ("receive", 2), ("close",)),
    _socket("ws echo empty bytes", "/ws/echo", ("bytes", b""), ("text", "after"), ("receive", 2), ("close",)),
    _socket(
        "ws echo large",
        "/ws/echo",
        ("bytes", LARGE),
        ("receive", 1),
        ("text", "x" * 100000),
        ("receive", 1),
        ("close",),
    ),
    _socket("ws text, json, close", "/ws/text", ("text", "one"), ("receive", 2)),
    _socket("ws bytes, close 4001", "/ws/bytes", ("bytes", b"abc"), ("receive", 1)),
    Observation("ws subprotocol", [WebSocket("/ws/protocol", subprotocols=["a", "b"])]),
    _socket("ws no subprotocol", "/ws/protocol"),
    _socket("ws rejected", "/ws/reject"),
    _socket("ws unknown route", "/ws/nowhere"),
    Observation("ws cookies", [Http("/set-cookie"), WebSocket("/ws/cookies")]),
    _socket("ws scope", "/ws/query/n?q=a%20b", headers=[("X-One", "one")]),
    _socket("ws return without close", "/ws/return"),
    Observation("ws exception", raises=True, steps=[WebSocket("/ws/error", [("text", "go")]), Http("/")]),
    Observation(
        "ws class endpoint and close code",
        [
            WebSocket("/ws/class", [("receive", 1), ("text", '{"a": 1}'), ("receive", 1), ("close", 4321)]),
            Wait(0.3),
            Http("/ws-last-code"),
        ],
    ),
    Observation(
        "ws closed without a code",
        [WebSocket("/ws/class", [("receive", 1), ("close without code",)]), Wait(0.3), Http("/ws-last-code")],
    ),
    # Late in the table, because it disturbs daphne for the rest of the process (see A41).
    _get("exception in the middle of a response", "/error-late", "/"),
    Observation("shutdown ran", [Stop()], lifespan=True),
]

FASTAPI = [
    _get("home", "/"),
    _get("plain function", "/sync"),
    _get("start-up ran", "/started", lifespan=True),
    _get("path and query", "/items/3?q=x&many=a&many=b"),
    _get("validation of a path", "/items/zero", "/items/0"),
    Observation("model", [Http("/items", "POST", json={"name": "n", "price": 1.5, "tags": ["t"]})]),
    Observation(
        "model refused",
        [Http("/items", "POST", json={"name": "n", "price": -1}), Http("/items", "POST", json={})],
    ),
    Observation(
        "body that is no json",
        [Http("/items", "POST", content=b"{no", headers=[("content-type", "application/json")])],
    ),
    Observation(
        "two bodies", [Http("/items/4", "PUT", json={"item": {"name": "n", "price": 2}, "importance": 5})]
    ),
    _get("header and cookie", "/header", headers=[("x-one", "1"), ("cookie", "flavour=oat; other=x")]),
    Observation(
        "form", [Http("/form", "POST", data={"name": "ada", "size": "5"}), Http("/form", "POST", data={})]
    ),
    Observation(
        "upload",
        [Http("/upload", "POST", data={"note": "n"}, files=[("file", ("a.txt", b"x" * 5000, "text/plain"))])],
    ),
    Observation(
        "upload as bytes", [Http("/upload-bytes", "POST", files=[("file", ("b", b"y" * 300000, "a/b"))])]
    ),
    Observation("raw chunked body", [Http("/raw", "POST", chunks=[b"x" * 70000, b"y" * 3, b"z" * 70000])]),
    Observation("echo a large body", [Http("/echo", "POST", content=b"0123456789" * 60000)]),
    Observation("echo an empty body", [Http("/echo", "POST", content=b"")]),
    _get("dependency", "/page?skip=5", "/page?skip=x"),
    _get("basic authentication", "/basic", headers=[("authorization", "Basic YWRhOmxvdmVsYWNl")]),
    _get("basic authentication missing", "/basic"),
    _get("bearer token", "/bearer", headers=[("authorization", "Bearer abc")]),
    _get("bearer token missing", "/bearer"),
    _get("stream", "/stream"),
    _get("large response", "/large"),
    _get("html", "/html"),
    _get("redirect", "/redirect"),
    _get("cookie comes back", "/set-cookie", "/header"),
    _get("session", "/session/kept", "/session"),
    _get("HTTPException", "/missing"),
    _get("exception is 500, the server goes on", "/error", "/"),
    _get("exception handler", "/sour"),
    _get("404", "/nowhere"),
    Observation("405", [Http("/sync", "DELETE")]),
    Observation("background task", [Http("/background/b1", "POST"), Wait(0.3), Http("/background")]),
    _get("url_for", "/url-for?x=1"),
    _get("included router", "/branch/leaf/green"),
    _get("static file", "/static/note.txt"),
    _get("openapi", "/openapi.json"),
    _get("docs page", "/docs"),
    Observation("HTTP/1.0", [Raw(_HTTP_1_0)]),
    _socket("ws echo", "/ws/echo", ("text", "a"), ("receive", 1), ("text", ""), ("receive", 1), ("close",)),
    Observation(
        "ws close code arrives", [WebSocket("/ws/echo", [("close", 4444)]), Wait(0.3), Http("/left")]
    ),
    _socket(
        "ws bytes, close 4002",
        "/ws/bytes",
        ("bytes", b"\x00"),
        ("receive", 1),
        ("bytes", b""),
        ("receive", 1),
        ("bytes", b"end"),
    ),
    Observation("ws dependency", [Http("/set-cookie"), WebSocket("/ws/token/n?token=right")]),
    _socket("ws dependency refuses", "/ws/token/n?token=wrong"),
    _socket("ws path parameter", "/ws/validated/12"),
    _socket("ws path parameter refused", "/ws/validated/twelve"),
    Observation("ws subprotocol", [WebSocket("/ws/protocol", subprotocols=["first", "second"])]),
    _socket("ws in a router", "/branch/ws"),
    Observation("ws exception", raises=True, steps=[WebSocket("/ws/error", [("text", "go")]), Http("/")]),
    _socket("ws unknown route", "/ws/nowhere"),
    Observation("shutdown ran", [Stop()], lifespan=True),
]

QUART = [
    _get("home", "/"),
    _get("start-up ran", "/started", lifespan=True),
    _get("path parameters", "/item/n/3/a/b"),
    _get("query", "/query?one=1&many=a&many=b%20c"),
    _get("request", "/scope?x=1"),
    _get("request headers", "/headers", headers=[("X-One", "1"), ("X-One", "2")]),
    Observation("HEAD", [Http("/", "HEAD")]),
    Observation("OPTIONS", [Http("/echo", "OPTIONS")]),
    Observation("echo a body", [Http("/echo", "POST", content=b"\x00\xffbody")]),
    Observation("echo an empty body", [Http("/echo", "PUT", content=b"")]),
    Observation("echo a chunked body", [Http("/echo", "POST", chunks=[b"one ", b"two"])]),
    Observation("echo a large body", [Http("/echo", "POST", content=LARGE)]),
    Observation("stream a chunked body in", [Http("/length", "POST", chunks=[b"x" * 50000] * 5)]),
    Observation("json", [Http("/json", "POST", json={"a": "\u00fc", "b": None})]),
    Observation(
        "bad json", [Http("/json", "POST", content=b"{", headers=[("content-type", "application/json")])]
    ),
    Observation("form", [Http("/form", "POST", data={"a": ["1", "2"], "b": "x y"})]),
    Observation(
        "multipart form with a file",
        # Chunked: with a content-length both fail in today's `cgi`. Quart 0.8.1 fails (500) either way.
        [
            Http(
                "/form",
                "POST",
                chunks=_MULTIPART,
                headers=[("content-type", "multipart/form-data; boundary=frontier")],
            )
        ],
    ),
    _get("stream", "/stream"),
    _get("stream with context", "/stream-with-context"),
    _get("large response", "/large"),
    _get("204", "/empty"),
    _get("redirect", "/redirect"),
    _get("external url", "/external"),
    _get("set cookies", "/set-cookie"),
    _get("cookies come back", "/set-cookie", "/cookies"),
    _get("session", "/session/kept", "/session"),
    _get("flash", "/flash", "/flashed", "/flashed"),
    _get("template", "/template"),
    _get("exception is 500, the server goes on", "/error", "/"),
    _get("abort 410 and 403", "/gone", "/forbidden"),
    _get("404 handler", "/nowhere"),
    _get("exception handler", "/sour"),
    Observation("405", [Http("/", "DELETE")]),
    Observation("background work", [Http("/background/b1"), Wait(0.3), Http("/background")]),
    _get("blueprint", "/branch/leaf"),
    _get("static file", "/static/note.txt"),
    _get("static file missing", "/static/none.txt"),
    Observation("HTTP/1.0", [Raw(_HTTP_1_0)]),
    _socket(
        "ws echo text",
        "/ws/echo",
        ("text", "a"),
        ("receive", 1),
        ("text", "\u00fc"),
        ("receive", 1),
        ("close",),
    ),
    _socket("ws echo bytes", "/ws/echo", ("bytes", b"\x00\xff"), ("receive", 1), ("close", 1000)),
    _socket("ws echo large", "/ws/echo", ("bytes", LARGE[:200000]), ("receive", 1), ("close",)),
    _socket("ws echo empty text", "/ws/echo", ("text", ""), ("receive", 1), ("close",)),
    _socket("ws server speaks first", "/ws/first", ("receive", 1), ("text", "abc"), ("receive", 1)),
    _socket("ws accept and bytes", "/ws/accept"),
    Observation(
        "ws scope, cookie and session",
        [
            Http("/set-cookie"),
            Http("/session/socket"),
            WebSocket("/ws/where/n?q=1", headers=[("X-One", "one")]),
        ],
    ),
    _socket("ws refused", "/ws/refused"),
    _socket("ws unknown route", "/ws/nowhere"),
    Observation("ws exception", raises=True, steps=[WebSocket("/ws/error", [("text", "go")]), Http("/")]),
    _socket("ws gathered work", "/ws/both", ("receive", 3), ("text", "last"), ("receive", 1)),
    Observation("shutdown ran", [Stop()], lifespan=True),
]

BAREASGI = [
    _get("home", "/"),
    _get("start-up ran", "/started", lifespan=True),
    _get("a status and nothing else", "/bare-status"),
    _get("headers without a body", "/no-body"),
    _get("body without headers", "/no-headers"),
    _get("path parameters", "/item/n/3/a/b"),
    _get("scope", "/scope?q=%20"),
    _get("request headers", "/headers", headers=[("X-One", "1"), ("X-Two", "2")]),
    Observation("echo a body", [Http("/echo", "POST", content=b"\x00\xffbody")]),
    Observation("echo an empty body", [Http("/echo", "PUT", content=b"")]),
    Observation("echo a chunked body", [Http("/echo", "POST", chunks=[b"one ", b"two"])]),
    Observation("echo a large body", [Http("/echo", "POST", content=LARGE)]),
    Observation("echo in pieces", [Http("/echo-in-pieces", "POST", content=LARGE[:10240])]),
    Observation("json", [Http("/json", "POST", json={"a": 1})]),
    Observation("stream a chunked body in", [Http("/length", "POST", chunks=[b"x" * 50000] * 5)]),
    _get("stream", "/stream"),
    _get("stream with empty pieces", "/stream-with-gaps"),
    _get("large response", "/large"),
    _get("redirect", "/redirect"),
    _get("set cookies", "/set-cookie"),
    _get("cookies come back", "/set-cookie", "/cookies"),
    _get("exception is 500, the server goes on", "/error", "/"),
    _get("404", "/nowhere"),
    Observation("background work", [Http("/background/b1"), Wait(0.3), Http("/background")]),
    Observation(
        "client leaves a stream",
        [Raw(_raw("GET /endless HTTP/1.1", "Host: here"), vanish_after=60), Wait(0.5), Http("/disconnected")],
    ),
    Observation("HTTP/1.0", [Raw(_HTTP_1_0)]),
    _socket(
        "ws echo text",
        "/ws/echo",
        ("text", "a"),
        ("receive", 1),
        ("text", "\u00fc"),
        ("receive", 1),
        ("close",),
    ),
    _socket("ws echo bytes", "/ws/echo", ("bytes", b"\x00\xff"), ("receive", 1), ("close", 1000)),
    _socket("ws close code", "/ws/close/4004", ("receive", 1)),
    _socket("ws close code 1001", "/ws/close/1001", ("receive", 1)),
    _socket("ws rejected", "/ws/reject"),
    _socket("ws return without close", "/ws/return"),
    Observation("ws exception", raises=True, steps=[WebSocket("/ws/error", [("text", "go")]), Http("/")]),
    Observation("ws subprotocol", [WebSocket("/ws/protocol", subprotocols=["a", "b"])]),
    _socket("ws path and query", "/ws/where?q=1"),
    Observation("shutdown ran", [Stop()], lifespan=True),
]

CHANNELS = [
    _get("home", "/"),
    _get("request", "/meta?q=%20", headers=[("X-One", "one")]),
    _get("path and query", "/item/n/5?many=a&many=b"),
    _get("append slash", "/slash"),
    Observation("HEAD", [Http("/", "HEAD")]),
    Observation(
        "echo a body", [Http("/echo", "POST", content=b"\x00\xffbody", headers=[("content-type", "x/y")])]
    ),
    Observation("echo an empty body", [Http("/echo", "PUT", content=b"")]),
    Observation("echo a chunked body", [Http("/echo", "POST", chunks=[b"one ", b"two"])]),
    Observation("echo a large body", [Http("/echo", "POST", content=LARGE)]),
    Observation("read a body in pieces", [Http("/length", "POST", content=b"x" * 123456)]),
    Observation("body too large", [Http("/echo", "POST", content=b"x" * 5000001), Http("/")]),
    Observation("form", [Http("/form", "POST", data={"a": ["1", "2"], "b": "\u00fc"})]),
    Observation(
        "upload, small and to disk",
        [
            Http(
                "/form",
                "POST",
                data={"a": "1"},
                files=[
                    ("small", ("s.txt", b"small", "text/plain")),
                    ("large", ("l.bin", b"x" * 50000, "application/octet-stream")),
                ],
            )
        ],
    ),
    Observation("CSRF", [Http("/guarded", "POST", content=b"", headers=_FORM)]),
    _get("stream", "/stream"),
    _get("large response", "/large"),
    _get("gzip", "/squeeze", headers=[("accept-encoding", "gzip")]),
    _get("redirect", "/redirect"),
    _get("set cookies", "/set-cookie"),
    _get("cookies come back", "/set-cookie", "/cookies"),
    _get("session", "/session/kept", "/session"),
    _get("log in", "/who", "/log-in", "/who"),
    _get("messages", "/say", "/said", "/said"),
    _get("template", "/template"),
    _get("exception is 500, the server goes on", "/error", "/"),
    _get("404, 403, 204", "/missing", "/forbidden", "/empty", "/nowhere"),
    _get("static file", "/static/note.txt", "/static/none.txt"),
    Observation("HTTP/1.0", [Raw(_HTTP_1_0)]),
    Observation("http consumer", [Http("/consumer/hello", "POST", chunks=[b"12345", b"678"])]),
    _get("http consumer with dict headers", "/consumer/dict"),
    _get("server-sent events", "/consumer/events"),
    _get("http consumer with a session", "/consumer/session", "/consumer/session"),
    _get("channel layer behind an http request", "/consumer/worker"),
    _get("exception in an http consumer", "/consumer/broken", "/"),
    _socket(
        "ws echo text",
        "/ws/echo",
        ("text", "a"),
        ("receive", 1),
        ("text", "\u00fc"),
        ("receive", 1),
        ("close",),
    ),
    _socket("ws echo bytes", "/ws/echo", ("bytes", b"\x00\xff"), ("receive", 1), ("close",)),
    _socket("ws echo large", "/ws/echo", ("bytes", LARGE[:200000]), ("receive", 1), ("close",)),
    _socket(
        "ws async consumer",
        "/ws/async",
        ("receive", 1),
        ("text", "up"),
        ("receive", 1),
        ("bytes", b"ab"),
        ("receive", 1),
        ("close",),
    ),
    _socket("ws closed by consumer", "/ws/async", ("receive", 1), ("text", "leave")),
    Observation(
        "ws disconnect code",
        [
            WebSocket("/ws/echo", [("text", "x"), ("receive", 1), ("close", 4567)]),
            Wait(0.3),
            Http("/disconnects"),
        ],
    ),
    Observation("ws json and route", [WebSocket("/ws/json/n/3", [("text", '{"a": 1}'), ("receive", 1)])]),
    Observation(
        "ws subprotocol",
        [WebSocket("/ws/json/n/3", [("text", "[]"), ("receive", 1)], subprotocols=["a", "b"])],
    ),
    _socket("ws refused", "/ws/refuse"),
    _socket("ws denied", "/ws/deny"),
    _socket(
        "ws group", "/ws/chat", ("text", "one"), ("receive", 1), ("text", "two"), ("receive", 1), ("close",)
    ),
    _socket("ws nobody", "/ws/me?q=1"),
    Observation(
        "ws user and session",
        [Http("/log-in"), Http("/session/socket"), WebSocket("/ws/me"), Http("/session")],
    ),
    _socket("ws log in", "/ws/log-in", ("text", "ada"), ("receive", 1)),
    _socket("ws token of a middleware", "/ws/token?token=right"),
    _socket("ws refused by a middleware", "/ws/token?token=wrong"),
    Observation("ws exception", raises=True, steps=[WebSocket("/ws/broken", [("text", "go")]), Http("/")]),
    _socket("ws unknown route", "/ws/nowhere"),
]

TABLES: Dict[str, List[Observation]] = {
    "starlette": STARLETTE,
    "fastapi": FASTAPI,
    "quart08": QUART,
    "quart06": QUART,
    "bareasgi": BAREASGI,
    "channels-django22": CHANNELS,
    "channels-django30": CHANNELS,
}
