"""Make conversations: one HTTP request, one WebSocket, or one lifespan."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Mapping, Optional, Tuple, Union
from urllib.parse import quote

from asgi_compat._harness.scopes import connection_scope, lifespan_scope
from asgi_compat._harness.script import Conversation, Wait

#: What stays as it is in a raw path (RFC 3986: pchar and "/").
_UNQUOTED = "/:@!$&'()*+,;=~"

_Pair = Tuple[bytes, bytes]
_Headers = Union[Mapping[Any, Any], Iterable[Tuple[Any, Any]]]
_Body = Union[bytes, Iterable[bytes]]


def http(
    method: str = "GET",
    path: str = "/",
    *,
    query: Union[str, bytes] = b"",
    headers: _Headers = (),
    body: _Body = b"",
    disconnect: Optional[int] = None,
    scope: Optional[Mapping[str, Any]] = None,
) -> Conversation:
    """Make the conversation of one HTTP request.

    ``path`` is decoded, as in the scope, and contains no query. ``headers`` is a mapping or pairs, of str or
    bytes; ``host`` and the length of the body are added where they are missing. ``body`` is bytes, or the
    chunks in which it arrives. The client leaves after ``disconnect`` events of the response (0: as soon as
    its request is sent), or stays until the response is complete; then the application receives
    ``http.disconnect``. ``scope`` has keys to add to the scope, or to replace.

    Raises ValueError or TypeError for arguments that no client can send.

    >>> http("POST", "/tasks", body=[b"a", b"b"]).events[0]
    {'type': 'http.request', 'body': b'a', 'more_body': True}
    """
    if method.startswith("/"):
        raise ValueError(f"the method comes first: http('GET', {method!r})")
    if disconnect is not None and disconnect < 0:
        raise ValueError(f"disconnect: got {disconnect}, expected a number of events of the response")
    chunks = _chunks(body)
    pairs = _pairs(headers)
    names = {name for name, _ in pairs}
    if not names & {b"content-length", b"transfer-encoding"}:
        if len(chunks) > 1:
            pairs.append((b"transfer-encoding", b"chunked"))
        elif chunks[0]:
            pairs.append((b"content-length", b"%d" % len(chunks[0])))
    events: List[Dict[str, Any]] = [
        {"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks
    ]
    events[-1]["more_body"] = False
    full = _scope("http", path, query, pairs, method=method.upper())
    full.update(scope or {})
    return Conversation(f"{method.upper()} {path}", full, tuple(events), disconnect=disconnect)


def websocket(
    path: str = "/",
    *,
    send: Iterable[Union[str, bytes, Wait]] = (),
    query: Union[str, bytes] = b"",
    headers: _Headers = (),
    subprotocols: Iterable[str] = (),
    close: Optional[int] = 1000,
    scope: Optional[Mapping[str, Any]] = None,
) -> Conversation:
    """Make the conversation of one WebSocket.

    Once it is accepted the client does what ``send`` lists: a str is a text message, bytes a binary one, and
    `REPLY` waits for one message of the application that was not waited for yet. Then it leaves with the code
    ``close``; with None it stays until the application closes. The rest is as in `http`.

    >>> from asgi_compat.testing import REPLY
    >>> websocket("/chat", send=["hello", REPLY, b"bye"])
    <Conversation websocket /chat>
    """
    if isinstance(send, (str, bytes)):
        raise TypeError(f"send: got {type(send).__name__}, expected a list of messages: send=[{send!r}]")
    then = tuple(send)
    for step in then:
        if not isinstance(step, (str, bytes, Wait)):
            raise TypeError(f"send: got {step!r}, expected str, bytes or REPLY")
    if isinstance(subprotocols, str):
        raise TypeError(f"subprotocols: got str, expected a list: subprotocols=[{subprotocols!r}]")
    offered = list(subprotocols)
    pairs = _pairs(headers)
    if offered:
        pairs.append((b"sec-websocket-protocol", ", ".join(offered).encode("ascii")))
    full = _scope("websocket", path, query, pairs, subprotocols=offered)
    full.update(scope or {})
    return Conversation(f"websocket {path}", full, ({"type": "websocket.connect"},), then=then, close=close)


def lifespan(*, scope: Optional[Mapping[str, Any]] = None) -> Conversation:
    """Make the conversation of one lifespan: startup and, if that is complete, shutdown.

    An application that does not support lifespan raises; its `Transcript` shows that.

    >>> lifespan()
    <Conversation lifespan>
    """
    full = lifespan_scope()
    full.update(scope or {})
    return Conversation("lifespan", full, ({"type": "lifespan.startup"},))


def _chunks(body: object) -> List[bytes]:
    """Return the chunks of a body, at least one."""
    if isinstance(body, str):
        raise TypeError("body: got str, expected bytes or chunks of bytes; encode it: body=text.encode()")
    chunks: List[Any] = (
        [bytes(body)] if isinstance(body, (bytes, bytearray, memoryview)) else list(body)  # type: ignore[call-overload]
    )
    if not all(isinstance(chunk, bytes) for chunk in chunks):
        raise TypeError(f"body: got chunks of {[type(chunk).__name__ for chunk in chunks]}, expected bytes")
    return chunks or [b""]


def _scope(
    protocol: str, path: str, query: Union[str, bytes], pairs: List[_Pair], **fields: Any
) -> Dict[str, Any]:
    if not path.startswith("/"):
        raise ValueError(f"path: got {path!r}, expected one that begins with '/'")
    if "?" in path:
        before, _, after = path.partition("?")
        raise ValueError(f"the query is an argument of its own: {before!r}, query={after!r}")
    if b"host" not in {name for name, _ in pairs}:
        pairs = [(b"host", b"testserver"), *pairs]
    query_string = query.encode("ascii") if isinstance(query, str) else query
    raw_path = quote(path, safe=_UNQUOTED).encode("ascii")
    return connection_scope(protocol, path, raw_path, query_string=query_string, headers=pairs, **fields)


def _pairs(headers: _Headers) -> List[_Pair]:
    items: Iterable[Any] = headers.items() if isinstance(headers, Mapping) else headers
    return [(_latin(name).lower(), _latin(value)) for name, value in items]


def _latin(text: object) -> bytes:
    if isinstance(text, str):
        return text.encode("latin-1")
    if isinstance(text, bytes):
        return text
    raise TypeError(f"headers: got {text!r}, expected str or bytes")
