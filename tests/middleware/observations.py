"""What a client asks of a mix, and which of it concerns which middleware."""

from __future__ import annotations

from typing import Dict, List

from tests.legacy.client import Http, Observation, Stop, WebSocket

HTTP: List[Observation] = [
    Observation("request", [Http("/hello", headers=[("X-One", "1")])]),
    Observation("HEAD", [Http("/hello", "HEAD")]),
    Observation("path and query", [Http("/items/7?q=%20x")]),
    Observation("body", [Http("/echo", "POST", content=b"one body")]),
    Observation("chunked body", [Http("/echo", "POST", chunks=[b"one ", b"two"])]),
    Observation("streamed answer", [Http("/stream")]),
    Observation("large answer", [Http("/large")]),
    Observation("404", [Http("/nowhere")]),
    Observation("exception", [Http("/boom"), Http("/hello")]),
]
SOCKETS: List[Observation] = [
    Observation(
        "ws echo",
        [WebSocket("/ws/echo", [("text", "a"), ("bytes", b"\x00\xff"), ("receive", 2), ("close", 1000)])],
    ),
    Observation(
        "ws subprotocol, path and close code",
        [WebSocket("/ws/protocol?q=1", [("receive", 1)], subprotocols=["one", "two"])],
    ),
    Observation("ws refused", [WebSocket("/ws/refuse")]),
    Observation("ws exception", [WebSocket("/ws/boom", [("text", "go")]), Http("/hello")], raises=True),
]
# Near the end, because of daphne: after it, it answers no failing request any more, and so long as nothing
# helps it no other exception of this table could be compared.
LATER = [
    Observation("exception in the middle of an answer", [Http("/boom-later"), Http("/hello"), Http("/boom")])
]
START = [Observation("start-up", [Http("/started")], lifespan=True)]
END = [Observation("shutdown", [Stop()], lifespan=True)]

COUNT = Http("/count")
LOOK = WebSocket("/ws/session", [("receive", 1)])
SESSIONS: List[Observation] = [
    Observation("session over three requests", [COUNT, COUNT, COUNT]),
    Observation("session seen by a WebSocket", [COUNT, COUNT, LOOK]),
    Observation("no session without its cookie", [LOOK]),
]
AUTH: List[Observation] = [
    Observation("nobody", [Http("/who")]),
    Observation("log in, and be known", [Http("/log-in"), Http("/who"), COUNT, Http("/who")]),
    Observation("log in, and be known to a WebSocket", [Http("/log-in"), COUNT, LOOK]),
    Observation("log out", [Http("/log-in"), Http("/log-out"), Http("/who"), LOOK]),
]
SQUEEZED = [("Accept-Encoding", "gzip")]
GZIP: List[Observation] = [
    Observation("gzip of a large answer", [Http("/large", headers=SQUEEZED)]),
    Observation("gzip of a streamed answer", [Http("/stream", headers=SQUEEZED)]),
    Observation("no gzip of a small one", [Http("/hello", headers=SQUEEZED)]),
]
PREFLIGHT = [("Origin", "https://shop.example"), ("Access-Control-Request-Method", "PUT")]
CORS: List[Observation] = [
    Observation("cors preflight", [Http("/hello", "OPTIONS", PREFLIGHT)]),
    Observation(
        "cors preflight with a header",
        [Http("/hello", "OPTIONS", PREFLIGHT + [("Access-Control-Request-Headers", "x-one")])],
    ),
    Observation(
        "cors preflight refused",
        [
            Http(
                "/hello",
                "OPTIONS",
                [("Origin", "https://evil.example"), ("Access-Control-Request-Method", "DELETE")],
            )
        ],
    ),
    Observation("cors answer", [Http("/hello", headers=[("Origin", "https://shop.example")])]),
    Observation("cors answer to a stranger", [Http("/hello", headers=[("Origin", "https://evil.example")])]),
    Observation("cors answer of 404", [Http("/nowhere", headers=[("Origin", "https://shop.example")])]),
]
CONSUMERS = [
    Observation("a Django view", [Http("/view")]),
    Observation("exception in handle of a consumer", [Http("/lost"), Http("/hello")]),
]

# What a middleware is for, beside what every application goes through.
FOR: Dict[str, List[Observation]] = {
    "sessions": SESSIONS,
    "gzip": GZIP,
    "cors": CORS,
    "channels.sessions": SESSIONS,
    "channels.auth": SESSIONS + AUTH,
    "channels, three apart": SESSIONS + AUTH,
}


def table(direction: str, middleware: str, application: str) -> List[Observation]:
    """All observations of one mix, in the order in which they are asked."""
    own = FOR.get(middleware, [])
    if (direction, middleware) == ("new", "three"):
        own = SESSIONS + GZIP
    if application == "channels":
        return HTTP + SOCKETS + CONSUMERS + own + LATER
    return START + HTTP + SOCKETS + own + LATER + END
