"""The conversations that `check` holds: what the client does in each."""

from __future__ import annotations

import copy
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Sequence, Tuple
from urllib.parse import unquote

from asgi_compat._harness.scopes import (
    DEPLOYED_SPEC_VERSION,
    connection_scope,
    lifespan_scope,
    versions,
)
from asgi_compat._harness.script import Conversation

#: Seconds that a slow client takes to read one event.
SLOW = 0.005
#: Seconds that a client who is about to leave waits for a response that does not come.
PATIENCE = 0.2
#: The path of the WebSocket that is meant to be refused.
UNKNOWN_PATH = "/asgi-compat-check/there-is-nothing-here"

_HEADERS = ((b"host", b"localhost"), (b"user-agent", b"asgi_compat check"), (b"accept", b"*/*"))
_HANDSHAKE = (
    *_HEADERS[:2],
    (b"origin", b"http://localhost"),
    (b"connection", b"Upgrade"),
    (b"upgrade", b"websocket"),
    (b"sec-websocket-version", b"13"),
    (b"sec-websocket-key", b"MDEyMzQ1Njc4OWFiY2RlZg=="),
)
_CHUNKS = (b'{"hello": ', b"", b'"wor', b'ld"}')
_BODY_METHODS = ("POST", "PUT", "PATCH")


class Script(NamedTuple):
    """One conversation to hold, and when there is a point in it."""

    conversation: Conversation
    #: Seconds for each event of the application, and for a response before the client leaves.
    pause: float = 0.0
    patience: Optional[float] = None
    #: Whether ``send`` raises when the client has left.
    raising: bool = False
    #: A variation: left out when the plain conversation shows that it would tell nothing new.
    varies: bool = False
    #: The application may well not expect these messages.
    surprises: bool = False
    #: Held only to find out more: an exception there is not a finding by itself.
    probe: bool = False
    #: The answer to the same body in one piece, where that is what counts.
    whole: Optional[Tuple[Optional[int], bytes]] = None

    @property
    def name(self) -> str:
        """The name of the conversation."""
        return self.conversation.name

    @property
    def protocol(self) -> str:
        """The type of the scope."""
        return self.conversation.protocol

    @property
    def path(self) -> str:
        """The path of the scope, "" for lifespan."""
        return str(self.conversation.scope.get("path", ""))


def fresh_scope(script: Script) -> Dict[str, Any]:
    """Return a deep copy of the scope of a conversation. The state is the same object."""
    scope = script.conversation.scope
    return {key: value if key == "state" else copy.deepcopy(value) for key, value in scope.items()}


def with_state(script: Script, state: Dict[str, Any]) -> Script:
    """Return a conversation whose scope has the state that start-up has left."""
    scope = {**script.conversation.scope, "state": state}
    return script._replace(conversation=script.conversation._replace(scope=scope))


class Asked(NamedTuple):
    """What all scripts have in common."""

    paths: Sequence[str]
    methods: Sequence[str]
    subprotocols: Sequence[str]
    #: Whether the scope says that the application is called twice.
    doubled: bool


def scripts(asked: Asked) -> Iterator[Script]:
    """Return every HTTP and WebSocket conversation, in order."""
    for path in asked.paths:
        for number, method in enumerate(asked.methods):
            yield from _requests(asked, path, method, vary=number == 0)
    for path in asked.paths:
        yield from _websockets(asked, path)
    events = ({"type": "websocket.connect"},)
    scope = _websocket_scope(asked, UNKNOWN_PATH)
    yield Script(Conversation("WebSocket (path that is not there)", scope, events, close=1000), varies=True)


def lifespan_script(state: Dict[str, Any], *, doubled: bool) -> Script:
    """Return the lifespan around all other conversations."""
    asgi = versions("2.0", doubled=doubled)
    scope = lifespan_scope(asgi=asgi, state=state)
    return Script(Conversation("lifespan", scope, ({"type": "lifespan.startup"},)))


def _scope(asked: Asked, protocol: str, target: str, **fields: Any) -> Dict[str, Any]:
    path, _, query = target.partition("?")
    return connection_scope(
        protocol,
        unquote(path),
        path.encode("utf-8"),
        query_string=query.encode("utf-8"),
        asgi=versions(DEPLOYED_SPEC_VERSION, doubled=asked.doubled),
        server=("127.0.0.1", 80),
        **fields,
    )


def _http_scope(asked: Asked, path: str, method: str) -> Dict[str, Any]:
    headers = list(_HEADERS)
    if method in _BODY_METHODS:
        length = sum(map(len, _CHUNKS))
        headers += [(b"content-type", b"application/json"), (b"content-length", b"%d" % length)]
    return _scope(asked, "http", path, headers=headers, extensions={}, method=method)


def _websocket_scope(asked: Asked, path: str) -> Dict[str, Any]:
    headers = list(_HANDSHAKE)
    if asked.subprotocols:
        headers.append((b"sec-websocket-protocol", ", ".join(asked.subprotocols).encode("latin-1")))
    # What uvicorn and hypercorn announce.
    extensions: Dict[str, Any] = {"websocket.http.response": {}}
    subprotocols = list(asked.subprotocols)
    return _scope(asked, "websocket", path, headers=headers, extensions=extensions, subprotocols=subprotocols)


def _request_events(method: str) -> Tuple[Dict[str, Any], ...]:
    chunks = _CHUNKS if method in _BODY_METHODS else (b"",)
    events: List[Dict[str, Any]] = [
        {"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks
    ]
    events[-1]["more_body"] = False
    return tuple(events)


def _requests(asked: Asked, path: str, method: str, *, vary: bool) -> Iterator[Script]:
    plain = f"{method} {path}"
    events = _request_events(method)
    has_body = method in _BODY_METHODS

    def conversation(what: str, events: Tuple[Dict[str, Any], ...], leaves: Optional[int]) -> Conversation:
        name = f"{plain} ({what})" if what else plain
        return Conversation(name, _http_scope(asked, path, method), events, disconnect=leaves)

    yield Script(conversation("in chunks" if has_body else "", events, None))
    if has_body:
        yield Script(conversation("client leaves before its end", events[:1], 0), varies=True)
    if vary:
        yield Script(conversation("read slowly", events, None), pause=SLOW, varies=True)
        leaves = conversation("client leaves in the response", events, 1)
        yield Script(leaves, patience=PATIENCE, varies=True)


#: What each WebSocket says after connect, and its close code. One key or both, the other None: each is
#: right, and some servers do the one and some the other.
_WEBSOCKETS: Tuple[Tuple[str, Tuple[Dict[str, Any], ...], int], ...] = (
    ("text", ({"text": "hello"}, {"bytes": None, "text": "hello again"}), 1000),
    ("binary", ({"bytes": b"\x00\xff"}, {"bytes": b"hello", "text": None}), 1000),
    ("empty messages", ({"text": ""}, {"bytes": b""}), 1000),
    ("closed at once", (), 1001),
)


def _websockets(asked: Asked, path: str) -> Iterator[Script]:
    connect = ({"type": "websocket.connect"},)
    for number, (what, messages, code) in enumerate(_WEBSOCKETS):
        scope = _websocket_scope(asked, path)
        name = f"WebSocket {path} ({what})"
        varies = number > 0
        yield Script(
            Conversation(name, scope, connect, then=messages, close=code),
            varies=varies,
            surprises=varies and bool(messages),
        )
