"""A conversation from a seed: a scope, what the server does, and what the application does.

Everything is decided here and nothing while it is played, so that the same seed is the same conversation
and a step can be left out of it. A third of the conversations are proper: both sides keep to the
specification, and everything has to arrive.
"""

from __future__ import annotations

import os
from random import Random
from typing import Any, Dict, List, Optional, Tuple

from . import values
from .values import ANYTHING, MEGATEXT, SECRET, SECRET_BYTES, Make, container, pair, wrapped

#: What a conversation can be about, and how often.
KINDS = ("http", "http", "http", "http", "websocket", "websocket", "websocket", "denial", "lifespan")

#: Every quirk but `constructor_in_thread` (threads are not deterministic), and what it can be.
QUIRKS: Dict[str, Tuple[Any, ...]] = {
    "response_scope": (True,),
    "placeholder_client": (("127.0.0.1", 0),),
    "unix_server": ("none",),
    "strip_root_path": (False, True),
    "join_body": (True,),
    "request_type": ("http.request.body",),
    "content_keys": (True,),
    "receive_keys": ("one", "both"),
    "lifespan_cleanup": (True, False),
    "text_body": (True,),
    "defer_start": (False,),
    "unoffered_subprotocol": ("error", "keep"),
    "implicit_accept": (True,),
    "drop_unknown": (True,),
    "finish_on_error": (True, False),
    "swap_addresses": (True,),
    "unquote_path": (True,),
    "prepend_root_path": (True,),
    "hold_last_chunk": (True,),
    "raise_after_disconnect": (True,),
    "both_send_keys": (True,),
    "lazy_lifespan": (True,),
}

EXTENSIONS = (
    "http.response.push",
    "http.response.zerocopysend",
    "http.response.pathsend",
    "http.response.early_hint",
    "http.response.trailers",
    "http.response.debug",
    "websocket.http.response",
    "x.custom",
)


class AppError(Exception):
    """What an application raises of its own."""


class SilentError(Exception):
    """Raises when it is asked what it says."""

    def __str__(self) -> str:
        raise AppError("no words")


class ServerError(Exception):
    """What no server is expected to raise."""


class ConnectionClosedOK(Exception):
    """Called like what websockets raises once the client has gone."""


ERRORS = [
    Make("AppError", lambda: AppError("mine")),
    Make("RuntimeError", lambda: RuntimeError("mine")),
    Make("OSError", lambda: OSError(5, "mine")),
    Make("ValueError", lambda: ValueError("\x1b[31m\r\nforged " + "v" * 3000)),
    Make("KeyError", lambda: KeyError("lifespan.startup")),
    Make("SilentError", SilentError),
    Make("TypeError", lambda: TypeError("missing 1 required positional argument")),
    Make("StopAsyncIteration", StopAsyncIteration),
]
SERVER_ERRORS = [
    Make("OSError", lambda: OSError(104, "reset")),
    Make("ConnectionResetError", lambda: ConnectionResetError("reset")),
    Make("RuntimeError", lambda: RuntimeError("Unexpected ASGI message \x1b[31m " + "r" * 3000)),
    Make("ServerError", lambda: ServerError("the server")),
    Make("ConnectionClosedOK", lambda: ConnectionClosedOK("closed")),
    Make("KeyError", lambda: KeyError("body")),
    Make("SilentError", SilentError),
]
CONSUMED = Make("consumed", lambda: RuntimeError("Receive channel fully consumed."))


class Conversation:
    """All that is decided about one example."""

    __slots__ = (
        "seed", "direction", "style", "told", "kind", "quirks", "strict", "mode", "scope", "proper",
        "neighbour", "receives", "after", "send_errors", "send_fails_from", "send_delays", "awaitable",
        "steps",
    )  # fmt: skip

    seed: int
    #: "A" for to_asgi3, "B" for to_asgi2.
    direction: str
    #: Of the application: "double" or "single".
    style: str
    #: Whether the adapter is told the style or has to find it out.
    told: bool
    #: "http", "websocket", "denial" (a WebSocket that is refused with a response) or "lifespan".
    kind: str
    quirks: Dict[str, Any]
    strict: bool
    #: The option ``lifespan``.
    mode: str
    #: Recipe.
    scope: Any
    #: Both sides keep to the specification: everything arrives, nothing is raised.
    proper: bool
    #: An unrelated request on the same adapter: None, "before" or "beside".
    neighbour: Optional[str]
    #: What receive of the server does: ("event", recipe, delay), ("raise", recipe, delay), ("never",).
    receives: List[Any]
    #: What it does then: "never", "repeat", "consumed" or "disconnect".
    after: str
    #: By the number of the call of send.
    send_errors: Dict[int, Any]
    send_fails_from: Optional[Tuple[int, Any]]
    send_delays: List[float]
    #: The server's receive and send return awaitables that are no coroutines.
    awaitable: bool
    #: What the application does.
    steps: List[Any]

    def __init__(self, **fields: Any) -> None:
        for name, value in fields.items():
            setattr(self, name, value)

    def replace(self, **fields: Any) -> Conversation:
        """Give a copy with these fields changed."""
        return Conversation(**{**{name: getattr(self, name) for name in self.__slots__}, **fields})

    def lines(self) -> List[str]:
        """Say what the conversation is, a line for each thing."""
        out = [
            f"{'to_asgi3' if self.direction == 'A' else 'to_asgi2'} of a {self.style} callable"
            f"{' (told)' if self.told else ''}, {self.kind}, proper={self.proper}, strict={self.strict},"
            f" lifespan={self.mode!r}, quirks={self.quirks}, neighbour={self.neighbour}",
            f"scope {self.scope!r:.1500}",
        ]
        out += [f"server receive {item!r:.600}" for item in self.receives] + [f"server then {self.after}"]
        out += [f"server send {n} raises {error!r}" for n, error in self.send_errors.items()]
        if self.send_fails_from is not None:
            out.append(f"server send from {self.send_fails_from}")
        if any(self.send_delays):
            out.append(f"server send delays {self.send_delays}")
        return out + [f"application {step!r:.800}" for step in self.steps]


def generate(seed: int, direction: Optional[str] = None) -> Conversation:
    """Give the conversation of a seed."""
    random = Random(seed)
    chosen = random.choice("AB")
    kind = random.choice(KINDS)
    proper = random.random() < 0.3
    c = Conversation(
        seed=seed,
        direction=direction or chosen,
        style=random.choice(("double", "single")),
        told=random.random() < 0.3,
        kind=kind,
        quirks={} if random.random() < 0.5 else _quirks(random),
        strict=random.random() < 0.15,
        mode="auto",
        proper=proper,
        neighbour=random.choice((None, None, None, "before", "beside")),
        awaitable=random.random() < 0.1,
        send_errors={},
        send_fails_from=None,
        send_delays=[random.choice((0, 0, 1, 2, 0.01, 0.2)) for _ in range(random.choice((0, 0, 1, 3)))],
        after="never",
        receives=[],
        steps=[],
        scope=None,
    )
    if kind == "lifespan":
        # The unrelated request would start the application before the server does.
        c.quirks.pop("lazy_lifespan", None)
        c.mode = random.choice(("auto", "auto", "auto", "on", "off"))
    c.scope = _scope(random, c)
    _server(random, c)
    if proper:
        _PROPER[kind](random, c)
    else:
        _HOSTILE[kind](random, c)
        _disturb(random, c)
    return c


def _quirks(random: Random) -> Dict[str, Any]:
    return {name: random.choice(options) for name, options in QUIRKS.items() if random.random() < 0.12}


# Scopes.


def _scope(random: Random, c: Conversation) -> Any:
    if c.kind == "lifespan":
        scope: Dict[str, Any] = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}}
        if random.random() < 0.5:
            scope["state"] = {}
        if c.direction == "B" and random.random() < 0.5:
            del scope["asgi"]
    else:
        http = c.kind == "http"
        path = random.choice(("/", "/a/b", "/shop/x", "/caf\u00e9", "/shop"))
        scope = {
            "type": "http" if http else "websocket",
            "asgi": {"version": "3.0", "spec_version": random.choice(("2.0", "2.1", "2.3", "2.4"))},
            "http_version": random.choice(("1.1", "1.0", "2")),
            "scheme": "http" if http else "ws",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"token=" + SECRET_BYTES,
            "root_path": random.choice(("", "", "", "/shop", "/a")),
            "headers": [(b"host", b"example.com"), (b"cookie", b"session=" + SECRET_BYTES)],
            "client": ("127.0.0.1", 50000),
            "server": ("127.0.0.1", 8000),
            "extensions": {name: {} for name in EXTENSIONS if random.random() < 0.5},
        }
        if c.kind == "denial" and random.random() < 0.8:
            scope["extensions"]["websocket.http.response"] = {}
        if http:
            scope["method"] = random.choice(("GET", "GET", "POST", "HEAD", "OPTIONS"))
        else:
            scope["subprotocols"] = random.choice(([], ["chat"], ["chat", "superchat"]))
            if scope["subprotocols"]:
                line = ", ".join(scope["subprotocols"]).encode()
                scope["headers"].append((b"sec-websocket-protocol", line))
    if not c.proper and random.random() < 0.35:
        return _odd_scope(random, scope)
    return scope


def _holds_secret(recipe: Any) -> bool:
    value = values.build(recipe)
    if issubclass(type(value), str):
        return SECRET in str.__str__(value)
    return type(value) in (bytes, bytearray) and SECRET_BYTES in value


#: Fields of a scope that no text may quote, and what the others can be: nobody keeps a secret in a scheme.
_PRIVATE = ("headers", "query_string", "path", "raw_path")
_HARMLESS = [one for one in ANYTHING if not _holds_secret(one)]


def _odd_scope(random: Random, scope: Dict[str, Any]) -> Any:
    for _ in range(random.choice((1, 1, 2, 4))):
        key = random.choice(list(scope))
        turn = random.random()
        if turn < 0.2 and key != "type":
            del scope[key]
        elif turn < 0.45 and (key != "type" or random.random() < 0.1):
            scope[key] = random.choice(ANYTHING if key in _PRIVATE else _HARMLESS)
        else:
            key = random.choice(list(_ODD_FIELDS))
            scope[key] = _ODD_FIELDS[key](random)
    if random.random() < 0.08:
        return wrapped(random, scope)
    if random.random() < 0.02:
        return random.choice(ANYTHING)
    return scope


def _odd_headers(random: Random) -> Any:
    pairs = [
        pair(random, random.choice(values.NAMES), random.choice(values.CONTENTS))
        for _ in range(random.randrange(4))
    ]
    return container(random, pairs)


_ODD_FIELDS: Dict[str, Any] = {
    "headers": _odd_headers,
    "asgi": lambda random: random.choice(
        (
            {"version": "3.0", "spec_version": "2.\u00b2"},
            {"version": "3.0", "spec_version": "9" * 5000},
            {"version": "3.0", "spec_version": "."},
            {"version": "3.0", "spec_version": None},
            {"version": "3.0"},
            {"version": 3, "spec_version": 2.1},
            {"version": "3.0", "spec_version": "2.3", "more": {"a": []}},
            Make("LyingDict", values.LyingDict),
            {},
            None,
            "3.0",
            {"version": "2.0", "spec_version": Make("LyingStr", lambda: values.LyingStr("2.0"))},
        )
    ),
    "root_path": lambda random: random.choice(
        ("/shop", "/shop/", "shop", "//", "/%", b"/shop", None, "/caf\u00e9")
    ),
    "raw_path": lambda random: random.choice(
        (b"/shop%2F/%41", b"/sh%6fp/x", b"/%73hop?x=1", "/shop/x", None, b"", b"\xff%", bytearray(b"/shop"))
    ),
    "path": lambda random: random.choice(
        ("/shop//x", "/shop/shop/x", "", "shop", "/\ud800", "/\r\nx", "/" * 3000)
    ),
    "client": lambda random: random.choice(
        (
            None,
            ["127.0.0.1", 1],
            ("::1", 1, 0, 0),
            ("h", "80"),
            ("h", "\u00b2"),
            ("h",),
            (),
            "h",
            ("h", None),
            b"h",
            5,
        )
    ),
    "server": lambda random: random.choice(
        (None, ("/tmp/socket", None), "/tmp/socket", ["h", "80"], ("h", "x"), "")
    ),
    "extensions": lambda random: random.choice(
        (
            {},
            None,
            ["http.response.push"],
            "http.response.push",
            {5: {}},
            {None: None},
            {name: {} for name in EXTENSIONS},
            {"websocket.http.response.start": {}, "websocket.http.response.body": {}},
            {"": {}, "x" * 5000: {}, "\x1b[31m": {}},
            Make("LyingDict", values.LyingDict),
            Make("BrokenDict", values.BrokenDict),
        )
    ),
    "subprotocols": lambda random: random.choice(
        (
            (),
            ("chat",),
            None,
            [b"chat"],
            [" chat "],
            "chat",
            [5],
            ["a\r\nb"],
            ["\u20ac"],
            ["\ud800"],
            {"chat": 1},
        )
    ),
    "query_string": lambda random: random.choice(
        (None, "a=1", "\ud800", bytearray(b"a"), memoryview(b"a"), 5)
    ),
    "method": lambda random: random.choice(
        ("get", b"GET", None, "HEAD", Make("s", lambda: values.PlainStr("HEAD")))
    ),
    "state": lambda random: random.choice((None, {}, {"a": 1}, "state", [])),
    "scheme": lambda random: random.choice((None, "https", b"ws", 5, "x\r\n")),
    "http_version": lambda random: random.choice((None, "3", 1.1)),
}

# Servers.


def _delay(random: Random) -> float:
    return random.choice((0, 0, 0, 1, 2, 0.01, 0.3))


def _server(random: Random, c: Conversation) -> None:
    """What the server gives when it is right."""
    if c.kind == "http":
        parts = random.choice(([b""], [b"abc"], [b"a", b"b", b""], [b"abc", b"def"]))
        c.receives = [
            ("event", {"type": "http.request", "body": part, "more_body": n < len(parts) - 1}, _delay(random))
            for n, part in enumerate(parts)
        ]
        c.after = random.choice(("never", "disconnect", "consumed" if c.direction == "B" else "never"))
    elif c.kind == "lifespan":
        c.receives = [("event", {"type": "lifespan.startup"}, _delay(random))]
        if random.random() < 0.8:
            c.receives.append(("event", {"type": "lifespan.shutdown"}, random.choice((0, 1, 0.5))))
    else:
        c.receives = [("event", {"type": "websocket.connect"}, _delay(random))]
        for _ in range(random.randrange(4)):
            event: Dict[str, Any] = {"type": "websocket.receive"}
            event.update(random.choice(({"text": "hello"}, {"bytes": b"\x00"}, {"text": "", "bytes": None})))
            c.receives.append(("event", event, _delay(random)))
        if random.random() < 0.6:
            c.receives.append(
                ("event", {"type": "websocket.disconnect", "code": 1001, "reason": ""}, _delay(random))
            )
        c.after = random.choice(("never", "repeat"))


def _disturb(random: Random, c: Conversation) -> None:
    """Let the server go wrong."""
    if random.random() < 0.3:
        for _ in range(random.choice((1, 2))):
            at = random.randrange(len(c.receives) + 1)
            turn = random.random()
            if turn < 0.3:
                item: Any = ("raise", random.choice([*SERVER_ERRORS, CONSUMED]), _delay(random))
            elif turn < 0.4:
                item = ("never",)
            elif turn < 0.7:
                item = ("event", {"type": "%s.disconnect" % ("http" if c.kind == "http" else "websocket")}, 0)
            else:
                item = ("event", _odd_received(random, c), _delay(random))
            c.receives.insert(at, item)
        c.after = random.choice(("never", "repeat", "consumed", "disconnect"))
    if random.random() < 0.2:
        for _ in range(random.choice((1, 1, 2))):
            c.send_errors[random.randrange(4)] = random.choice(SERVER_ERRORS)
    if random.random() < 0.1:
        c.send_fails_from = (random.randrange(4), random.choice(SERVER_ERRORS))


def _odd_received(random: Random, c: Conversation) -> Any:
    right = [item[1] for item in c.receives if item[0] == "event" and type(item[1]) is dict]
    event: Dict[str, Any] = dict(random.choice(right))
    turn = random.random()
    if turn < 0.15:
        return random.choice(ANYTHING)
    if turn < 0.3:
        return wrapped(random, event)
    if turn < 0.45:
        event["type"] = random.choice(values.TYPES)
    elif turn < 0.6:
        key = random.choice(list(event))
        event[key] = random.choice(ANYTHING if key in ("body", "bytes", "text") else _HARMLESS)
    else:
        field = random.choice(("body", "more_body", "bytes", "text", "code", "reason", "order", "extra"))
        choices = {
            "body": values.BODIES,
            "more_body": values.TRUTHS,
            "bytes": values.BODIES,
            "text": values.REASONS,
        }
        event[field] = random.choice(choices.get(field, values.CODES))
    return event


# Applications that keep to the specification.

_GOOD_HEADERS = [
    (b"content-type", b"text/plain"),
    (b"set-cookie", b"session=" + SECRET_BYTES),
    (b"x-a", b"\xe9"),
    (b"vary", b"accept"),
    (b"set-cookie", b"b=2; Path=/"),
    (b"x-empty", b""),
]


def _good_start(random: Random, prefix: str, body: bytes) -> Dict[str, Any]:
    headers = random.sample(_GOOD_HEADERS, random.randrange(4))
    status = random.choice((200, 200, 201, 404, 500, 204, 304))
    if random.random() < 0.3 and status not in (204, 304):
        headers.append((b"content-length", str(len(body)).encode()))
    start: Dict[str, Any] = {"type": prefix + ".start", "status": status, "headers": headers}
    if not headers and random.random() < 0.5:
        del start["headers"]
    return start


def _good_response(random: Random, prefix: str) -> List[Any]:
    parts = random.choice(([b""], [b"abc"], [b"abc", b"de"], [b"abc", b"", b"de", b""]))
    start = _good_start(random, prefix, b"".join(parts))
    if start["status"] in (204, 304):
        parts = [b""]
    steps: List[Any] = [("send", start, False)]
    for n, part in enumerate(parts):
        event: Dict[str, Any] = {"type": prefix + ".body", "body": part}
        if n < len(parts) - 1:
            event["more_body"] = True
        elif random.random() < 0.5:
            event["more_body"] = False
        steps.append(("send", event, False))
        if random.random() < 0.3:
            steps.append(("pause", random.choice((1, 2, 0.2))))
    return steps


def _proper_http(random: Random, c: Conversation) -> None:
    reads = random.randrange(len(c.receives) + 1)
    if "join_body" in c.quirks:
        reads = min(reads, 1)
    c.steps = [("receive", False)] * reads + _good_response(random, "http.response")
    if random.random() < 0.2:
        c.steps.insert(0, ("scope", "write"))


def _proper_websocket(random: Random, c: Conversation) -> None:
    accept: Dict[str, Any] = {"type": "websocket.accept"}
    if c.scope["subprotocols"] and random.random() < 0.5:
        accept["subprotocol"] = c.scope["subprotocols"][0]
    if random.random() < 0.3:
        accept["headers"] = random.sample(_GOOD_HEADERS, random.randrange(3))
    c.receives = [item for item in c.receives if item[1]["type"] != "websocket.disconnect"]
    c.after = "never"
    steps: List[Any] = [("receive", False), ("send", accept, False)]
    messages = len(c.receives) - 1
    for _ in range(random.randrange(5)):
        if messages and random.random() < 0.5:
            messages -= 1
            steps.append(("receive", False))
        else:
            body = random.choice(
                ({"text": "hi"}, {"bytes": b"\x01"}, {"text": "", "bytes": None}, {"bytes": b""})
            )
            steps.append(("send", {"type": "websocket.send", **body}, False))
    if random.random() < 0.6:
        close: Dict[str, Any] = {"type": "websocket.close"}
        close.update(random.choice(({}, {"code": 1000}, {"code": 3001, "reason": "bye"}, {"code": 4999})))
        steps.append(("send", close, False))
    c.steps = steps


def _proper_denial(random: Random, c: Conversation) -> None:
    c.receives, c.after = c.receives[:1], "never"
    c.steps = [("receive", False)]
    offered = "websocket.http.response" in c.scope["extensions"] or (c.direction == "B" and not c.strict)
    if not offered:
        c.steps.append(("send", {"type": "websocket.close"}, False))
    else:
        c.steps += _good_response(random, "websocket.http.response")


def _proper_lifespan(random: Random, c: Conversation) -> None:
    c.mode = "auto"
    c.quirks.pop("lifespan_cleanup", None)
    c.steps = [("receive", False), ("send", {"type": "lifespan.startup.complete"}, False)]
    if len(c.receives) > 1:
        c.steps += [("receive", False), ("send", {"type": "lifespan.shutdown.complete"}, False)]
    else:
        c.steps.append(("receive", False))


_PROPER = {
    "http": _proper_http,
    "websocket": _proper_websocket,
    "denial": _proper_denial,
    "lifespan": _proper_lifespan,
}

# Applications that do not.


def _headers(random: Random) -> Any:
    pairs: List[Any] = []
    if random.random() < 0.05:
        lengths = (b"3", b"5", "5", 5, b"05")
        pairs = [
            (random.choice((b"content-length", b"Content-Length")), random.choice(lengths)) for _ in range(2)
        ]
    for _ in range(random.choice((0, 1, 1, 2, 3))):
        turn = random.random()
        if turn < 0.4:
            pairs.append(random.choice(_GOOD_HEADERS))
        elif turn < 0.6:
            name = random.choice((b"content-length", b"content-length", b"Content-Length", "content-length"))
            pairs.append(pair(random, name, random.choice(values.LENGTHS)))
        else:
            name = random.choice(values.NAMES) if random.random() < 0.5 else random.choice(values.NAMES[:7])
            pairs.append(pair(random, name, random.choice(values.CONTENTS)))
    return container(random, pairs)


def _start(random: Random, prefix: str) -> Any:
    event: Dict[str, Any] = {"type": prefix + ".start"}
    event["status"] = random.choice((200, 200, 200, 204, random.choice(values.STATUSES)))
    if random.random() < 0.9:
        event["headers"] = _headers(random)
    if random.random() < 0.1:
        event["trailers"] = random.choice((True, True, *values.TRUTHS))
    return event


def _body(random: Random, prefix: str) -> Any:
    old = random.random() < 0.06
    event: Dict[str, Any] = {"type": prefix + ".body"}
    if random.random() < 0.9:
        event["content" if old else "body"] = random.choice((b"abc", b"abcde", b"", *values.BODIES))
    if random.random() < 0.7:
        event["more_content" if old else "more_body"] = random.choice((True, True, False, *values.TRUTHS))
    return event


def _links(random: Random) -> Any:
    links = [
        random.choice(
            (b"</a.css>; rel=preload", SPLIT_LINK, "text", None, SECRET_BYTES, b"", b"\x00", bytearray(b"a"))
        )
        for _ in range(random.randrange(3))
    ]
    return random.choice(
        (links, tuple(links), Make(("iterator of", links), lambda: iter(links)), None, "link", b"x")
    )


SPLIT_LINK = b"</a>\r\nset-cookie: split=1"


def _trailing(random: Random) -> List[Any]:
    """A response with trailers."""
    start = _good_start(random, "http.response", b"abc")
    events: List[Any] = [{**start, "trailers": True}, {"type": "http.response.body", "body": b"abc"}]
    for more in random.choice(((False,), (True, False), (None,), (False, False))):
        events.append(
            {
                "type": "http.response.trailers",
                "headers": random.choice(([(b"x-sum", b"1")], _headers(random))),
            }
        )
        if more is not None:
            events[-1]["more_trailers"] = more
    return events


def _extension(random: Random, kind: Optional[str] = None) -> Any:
    kind = kind or random.choice(EXTENSIONS[:6])
    event: Dict[str, Any] = {"type": kind}
    if kind == "http.response.push":
        event["path"] = random.choice(("/a.css", "/a\r\nb: c", b"/a", None, "", "/\ud800", "a b", "/a\x00"))
        event["headers"] = _headers(random)
    elif kind == "http.response.zerocopysend":
        event["file"] = random.choice((Make("file", _File), Make("file", _File), None, "name"))
        if random.random() < 0.7:
            event["count"] = random.choice((3, 5, 0, -1, None, "3", True, Make("10**5000", lambda: 10**5000)))
        if random.random() < 0.4:
            event["offset"] = random.choice((0, 1, -1, None, "1", 1.5))
        if random.random() < 0.6:
            event["more_body"] = random.choice(values.TRUTHS)
    elif kind == "http.response.pathsend":
        event["path"] = random.choice(("/etc/hosts", "/tmp/x", b"/tmp/x", None, 5, "relative", "/a\x00"))
    elif kind == "http.response.early_hint":
        event["links"] = _links(random)
    elif kind == "http.response.trailers":
        event["headers"] = _headers(random)
        if random.random() < 0.4:
            event["more_trailers"] = random.choice(values.TRUTHS)
    else:
        event["info"] = random.choice(({"template": "x"}, None, 5))
    if random.random() < 0.1:
        event.pop(random.choice(list(event)[1:]), None)
    return event


#: Longer than any count.
_DESCRIPTOR = os.open(__file__, os.O_RDONLY)


class _File:
    def fileno(self) -> int:
        return _DESCRIPTOR

    def tell(self) -> int:
        return os.lseek(_DESCRIPTOR, 0, os.SEEK_CUR)


def _maybe_odd(random: Random, event: Any) -> Any:
    """Change something about an event, now and then."""
    turn = random.random()
    if turn < 0.86:
        return event
    if turn < 0.90:
        return {**event, "type": random.choice(values.TYPES)}
    if turn < 0.94:
        return wrapped(random, event)
    if turn < 0.96:
        return random.choice(ANYTHING)
    if turn < 0.98:
        extra = random.choice(("extra", 5, None, ("a",)))
        return {**event, extra: random.choice((1, SECRET, None))}
    return {key: value for key, value in event.items() if key != random.choice(list(event))}


def _disorder(random: Random, steps: List[Any], next_event: Any) -> None:
    """Put pauses, receives, tasks, mutations and the like between the sends."""
    turn = random.random()
    if turn < 0.2:
        steps.append(("pause", random.choice((1, 1, 2, 5, 0.02, 0.3))))
    elif turn < 0.45:
        steps.append(("receive", random.random() < 0.7))
    elif turn < 0.55:
        steps.append(("spawn", None))
    elif turn < 0.7:
        steps.append(("spawn", next_event()))
    elif turn < 0.8:
        steps.append(("cancel", random.randrange(3)))
    elif turn < 0.85:
        steps.append(
            ("scope", random.choice(("write", "asgi", "headers", "extensions", "remove", "replace")))
        )
    elif turn < 0.9:
        steps.append(("join",))
    elif turn < 0.93:
        steps.append(("drain", 300))
    elif turn < 0.95:
        steps.append(("flood", next_event(), 400))
    elif turn < 0.98:
        steps.append(("raise", random.choice(ERRORS)))
    else:
        steps.append(("return", random.choice((None, 5, "x"))))


_MUTATIONS = (
    "append", "append", "clear", "pair", "status", "body", "type", "empty", "array", "pop",
)  # fmt: skip


def _script(random: Random, c: Conversation, events: List[Any], next_event: Any) -> None:
    steps: List[Any] = []
    if random.random() < 0.12 and c.kind in ("http", "websocket"):
        _burst(random, c, steps)
        if random.random() < 0.7:
            events = []
    for event in events:
        if random.random() < 0.3:
            _disorder(random, steps, next_event)
        if random.random() < 0.12:
            steps.append(("spawn", _maybe_odd(random, event)))
        else:
            steps.append(("send", _maybe_odd(random, event), random.random() < 0.7))
        if random.random() < 0.25:
            steps.append(("mutate", random.choice(_MUTATIONS)))
    if random.random() < 0.3:
        _disorder(random, steps, next_event)
    c.steps = steps


def _burst(random: Random, c: Conversation, steps: List[Any]) -> None:
    """Send from several tasks at once: what arrives has to be in the order of the calls."""
    if c.kind == "http":
        events: List[Any] = [{"type": "http.response.start", "status": 200, "headers": [(b"x-a", b"1")]}]
        events += [{"type": "http.response.body", "body": b"<%d>" % n, "more_body": n < 3} for n in range(4)]
    else:
        events = [{"type": "websocket.accept"}]
        events += [{"type": "websocket.send", "text": f"<{n}>"} for n in range(3)]
        events.append({"type": "websocket.close", "code": 1000})
    if random.random() < 0.4:
        del events[random.randrange(len(events))]
    for event in events:
        spawned = random.random() < 0.8
        steps.append(("spawn", event) if spawned else ("send", event, True))
        if random.random() < 0.2:
            steps.append(random.choice((("pause", 1), ("spawn", None), ("cancel", 0), ("cancel", 1))))
    if random.random() < 0.6:
        steps.append(("join",))


def _hostile_http(random: Random, c: Conversation) -> None:
    def next_event() -> Any:
        turn = random.random()
        if turn < 0.35:
            return _start(random, "http.response")
        if turn < 0.8:
            return _body(random, "http.response")
        if turn < 0.83:
            return {"type": "http.response", "status": 200, "content": b"x", "headers": _headers(random)}
        if turn < 0.85:
            return {"type": random.choice(("x.custom", "x.custom.go")), "a": 1}
        return _extension(random)

    events = [_start(random, "http.response")]
    turn = random.random()
    if turn < 0.05:
        _script(random, c, _trailing(random), next_event)
        return
    if turn < 0.1:
        _script(random, c, events + [_extension(random, random.choice(EXTENSIONS[1:3]))], next_event)
        return
    events += [_body(random, "http.response") for _ in range(random.randrange(4))]
    if random.random() < 0.5:
        events = events if random.random() < 0.5 else []
        for _ in range(random.randrange(5)):
            events.insert(random.randrange(len(events) + 1), next_event())
    _script(random, c, events, next_event)


def _accept(random: Random) -> Any:
    event: Dict[str, Any] = {"type": "websocket.accept"}
    if random.random() < 0.4:
        event["subprotocol"] = random.choice(values.SUBPROTOCOLS)
    if random.random() < 0.4:
        event["headers"] = _headers(random)
    if random.random() < 0.06:
        event[random.choice(("text", "bytes"))] = random.choice(("first", b"first", None))
    return event


def _message(random: Random) -> Any:
    event: Dict[str, Any] = {"type": "websocket.send"}
    if random.random() < 0.6:
        event["text"] = random.choice(("hello", "hello", *values.REASONS, *values.BODIES))
    if random.random() < 0.5:
        event["bytes"] = random.choice((b"raw", b"raw", *values.BODIES))
    return event


def _close(random: Random) -> Any:
    event: Dict[str, Any] = {"type": "websocket.close"}
    if random.random() < 0.7:
        event["code"] = random.choice(values.CODES)
    if random.random() < 0.5:
        event["reason"] = random.choice(values.REASONS)
    return event


def _hostile_websocket(random: Random, c: Conversation) -> None:
    def next_event() -> Any:
        turn = random.random()
        if turn < 0.25:
            return _accept(random)
        if turn < 0.6:
            return _message(random)
        if turn < 0.85:
            return _close(random)
        if turn < 0.9:
            return {"type": random.choice(("x.custom", "websocket.disconnect")), "code": 1000}
        prefix = "websocket.http.response"
        return _start(random, prefix) if turn < 0.95 else _body(random, prefix)

    events = [_accept(random)] + [_message(random) for _ in range(random.randrange(3))]
    if random.random() < 0.6:
        events.append(_close(random))
    if random.random() < 0.5:
        for _ in range(random.randrange(4)):
            events.insert(random.randrange(len(events) + 1), next_event())
    if random.random() < 0.1:
        events = [_close(random)]
    _script(random, c, events, next_event)
    if random.random() < 0.5:
        c.steps.insert(0, ("receive", True))


def _hostile_denial(random: Random, c: Conversation) -> None:
    prefix = "websocket.http.response"

    def next_event() -> Any:
        turn = random.random()
        if turn < 0.4:
            return _start(random, prefix)
        if turn < 0.7:
            return _body(random, prefix)
        return random.choice((_accept, _close, _message))(random)

    events = [_start(random, prefix)] + [_body(random, prefix) for _ in range(random.randrange(4))]
    if random.random() < 0.4:
        events.insert(random.randrange(len(events) + 1), next_event())
    _script(random, c, events, next_event)
    if random.random() < 0.5:
        c.steps.insert(0, ("receive", True))


_ANSWERS = (
    "lifespan.startup.complete", "lifespan.startup.complete", "lifespan.startup.failed",
    "lifespan.shutdown.complete", "lifespan.shutdown.failed", "lifespan.cleanup.complete",
)  # fmt: skip


def _hostile_lifespan(random: Random, c: Conversation) -> None:
    def answer(kind: Optional[str] = None) -> Any:
        event: Dict[str, Any] = {"type": kind or random.choice(_ANSWERS)}
        if "failed" in event["type"] and random.random() < 0.8:
            event["message"] = random.choice(
                ("no database", "\x1b[31m\r\nforged", "m" * 5000, b"x", None, 5, "\ud800", MEGATEXT)
            )
        return event

    steps: List[Any] = []
    for kind in random.choice((_ANSWERS[:1], _ANSWERS[:1] + _ANSWERS[3:4], _ANSWERS[2:3], (), _ANSWERS[3:5])):
        if random.random() < 0.8:
            steps.append(("receive", random.random() < 0.5))
        if random.random() < 0.3:
            _disorder(random, steps, answer)
        steps.append(("send", _maybe_odd(random, answer(kind)), random.random() < 0.5))
        if random.random() < 0.1:
            steps.append(("mutate", random.choice(_MUTATIONS)))
    if random.random() < 0.2:
        steps.insert(random.randrange(len(steps) + 1), ("send", _start(random, "http.response"), True))
    if random.random() < 0.3:
        steps.insert(random.randrange(len(steps) + 1), ("raise", random.choice(ERRORS)))
    if random.random() < 0.3:
        steps.insert(0, ("timeout",))
    if c.direction == "B" and random.random() < 0.2:
        c.receives = [
            (how, {"type": event["type"].replace("shutdown", "cleanup")}, delay)
            for how, event, delay in c.receives
        ]
    c.steps = steps


_HOSTILE = {
    "http": _hostile_http,
    "websocket": _hostile_websocket,
    "denial": _hostile_denial,
    "lifespan": _hostile_lifespan,
}
