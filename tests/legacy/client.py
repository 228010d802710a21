"""Ask a server over a real socket and write down what a client can see.

An observation is a name and a list of steps; `observe()` walks them with one cookie jar and gives
one readable JSON value a step. Nothing here knows which framework or server is asked, and what
legitimately differs from run to run (port, date, signature of a session) is replaced by a word.
"""

from __future__ import annotations

import hashlib
import json
import re
import socket
import ssl
import time
from dataclasses import dataclass, field
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple, Union

import httpx
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, WebSocketException
from websockets.sync.client import ClientConnection

from tests.websocket_client import connect

# Long enough for two busy cores, short enough that a hung answer does not hold up the run.
PATIENCE = 5.0

# Reading certifi's certificates takes 30 ms, and a client that is told nothing does so each time.
WITHOUT_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

# A body longer than this is written down by length and digest.
READABLE = 1500

# Of a response's headers only what the application decides. `server`, `date`, `connection` and
# `transfer-encoding` are the server's; `etag` and `last-modified` depend on the checkout.
SELECTED = {
    "access-control-allow-credentials",
    "access-control-allow-methods",
    "access-control-allow-origin",
    "allow",
    "content-disposition",
    "content-encoding",
    "content-type",
    "location",
    "set-cookie",
    "www-authenticate",
}


_DROPPED = {"nothing": "connection dropped"}


@dataclass(frozen=True)
class Http:
    """One request; `chunks` sends the body chunked, `content`, `json`, `data`, `files` as httpx does."""

    path: str
    method: str = "GET"
    headers: Sequence[Tuple[str, str]] = ()
    content: Optional[bytes] = None
    chunks: Optional[Sequence[bytes]] = None
    json: Any = None
    data: Optional[Dict[str, Any]] = None
    files: Optional[List[Tuple[str, Tuple[str, bytes, str]]]] = None


@dataclass(frozen=True)
class WebSocket:
    """A conversation: ("text", str), ("bytes", bytes), ("receive", how many), ("close", code, reason).

    Beside these ("close without code",): a close frame with an empty body.
    """

    path: str
    script: Sequence[Tuple[Any, ...]] = ()
    headers: Sequence[Tuple[str, str]] = ()
    subprotocols: Sequence[str] = ()


@dataclass(frozen=True)
class Raw:
    """Bytes on a bare socket; `vanish_after` closes it as soon as so many bytes have come back."""

    data: bytes
    vanish_after: Optional[int] = None


@dataclass(frozen=True)
class Wait:
    """Let the application's background work happen."""

    seconds: float


@dataclass(frozen=True)
class Stop:
    """Ask the server to end; seen is what the application's shutdown wrote. Always the last of a table."""


Step = Union[Http, WebSocket, Raw, Wait, Stop]


@dataclass(frozen=True)
class Observation:
    name: str
    steps: Sequence[Step] = field(default_factory=tuple)
    # The answer depends on start-up or shutdown having run; a server that speaks no lifespan is
    # held to the answer of a server without lifespan, every other to those with.
    lifespan: bool = False
    # The application raises in the middle of a WebSocket. How that ends is the server's choice.
    raises: bool = False


def observe(observation: Observation, port: int) -> List[Any]:
    """What a client sees of `observation` at 127.0.0.1:`port`: one JSON value for each step but `Wait`.

    Never raises for anything the server does: no answer is the answer {"nothing": why}.
    """
    seen: List[Any] = []
    headers = {"user-agent": "observer", "accept": "*/*", "accept-encoding": "identity"}
    base = f"http://127.0.0.1:{port}"
    with httpx.Client(
        base_url=base, headers=headers, timeout=PATIENCE, trust_env=False, verify=WITHOUT_CERTIFICATES
    ) as client:
        for step in observation.steps:
            if isinstance(step, Wait):
                time.sleep(step.seconds)
            elif isinstance(step, Http):
                answer = _ask_http(step, client, port)
                if answer == _DROPPED and seen and step.method == "GET":
                    # A server may close a kept connection at the moment it is used again; every
                    # client asks once more then. A fresh connection that is dropped stays dropped.
                    answer = _ask_http(step, client, port)
                seen.append(answer)
            elif isinstance(step, WebSocket):
                seen.append(_ask_websocket(step, client, port))
            elif isinstance(step, Raw):
                seen.append(_ask_raw(step, port))
    return seen


def _ask_http(step: Http, client: httpx.Client, port: int) -> Any:
    content: Any = step.content
    if step.chunks is not None:
        content = _pieces(step.chunks)
    options = {"json": step.json, "data": step.data, "files": step.files}
    options = {key: value for key, value in options.items() if value is not None}
    if content is not None:
        options["content"] = content
    body = bytearray()
    deadline = time.monotonic() + PATIENCE
    try:
        with client.stream(step.method, step.path, headers=list(step.headers), **options) as response:
            answer: Dict[str, Any] = {
                "status": response.status_code,
                "headers": _selected(response.headers, port),
            }
            try:
                for piece in response.iter_bytes():
                    body += piece
                    if time.monotonic() > deadline:
                        raise httpx.ReadTimeout("too long")
            except httpx.TransportError:
                # A body that is cut short and one that never ends are both "not finished".
                answer["unfinished"] = True
            if response.status_code == 500:
                # Which page comes with it is the server's own choice, or the framework's.
                return {"status": 500}
            answer["body"] = _readable(bytes(body), port)
            return answer
    except httpx.TimeoutException:
        return {"nothing": "timeout"}
    except httpx.TransportError:
        return dict(_DROPPED)


def _pieces(chunks: Sequence[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        yield chunk
        # So that the pieces travel, and arrive, apart.
        time.sleep(0.01)


def _ask_websocket(step: WebSocket, client: httpx.Client, port: int) -> Any:
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in client.cookies.jar)
    headers = list(step.headers) + ([("Cookie", cookies)] if cookies else [])
    try:
        with connect(
            f"ws://127.0.0.1:{port}{step.path}",
            additional_headers=headers,
            subprotocols=list(step.subprotocols) or None,  # type: ignore[arg-type]
            compression=None,
            open_timeout=PATIENCE,
            close_timeout=1,
            user_agent_header="observer",
            max_size=None,
            ping_interval=None,
            proxy=None,
        ) as connection:
            try:
                return _converse(step, connection, port)
            finally:
                connection.socket.close()
    except InvalidStatus as refused:
        return {"refused": refused.response.status_code}
    except TimeoutError:
        return {"nothing": "timeout"}
    except (InvalidHandshake, WebSocketException, OSError, EOFError):
        return dict(_DROPPED)


def _converse(step: WebSocket, connection: ClientConnection, port: int) -> Any:
    frames: List[Any] = []
    answer: Dict[str, Any] = {"subprotocol": connection.subprotocol, "frames": frames}
    expected = 0
    try:
        for kind, *details in step.script:
            if kind in ("text", "bytes"):
                connection.send(details[0])
            elif kind == "receive":
                expected += details[0]
                while len(frames) < expected:
                    frames.append(_frame(connection.recv(timeout=PATIENCE), port))
            elif kind == "close":
                connection.close(*details)
            elif kind == "close without code":
                with connection.send_context():
                    connection.protocol.send_close()
        while True:
            frames.append(_frame(connection.recv(timeout=PATIENCE), port))
    except TimeoutError:
        answer["end"] = "still open"
    except ConnectionClosed as closed:
        if closed.rcvd is None:
            answer["end"] = "dropped without a close frame"
        elif closed.rcvd_then_sent:
            answer["end"] = {"closed by server": closed.rcvd.code}
        else:
            # The server answers a close with the same code or without one; both are right.
            answer["end"] = "closed by client"
    if len(frames) < expected:
        answer["cut short"] = True
    return answer


def _frame(data: Union[str, bytes], port: int) -> Any:
    if isinstance(data, str):
        return {"text": _readable(data.encode(), port)}
    return {"bytes": data.hex() if len(data) <= 64 else _readable(data, port)}


def _ask_raw(step: Raw, port: int) -> Any:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
            connection.sendall(step.data)
            received = b""
            while step.vanish_after is None or len(received) < step.vanish_after:
                piece = connection.recv(65536)
                if not piece:
                    break
                received += piece
    except socket.timeout:
        return {"nothing": "timeout"}
    except OSError:
        return dict(_DROPPED)
    if step.vanish_after is not None:
        return {
            "status": received.split(b"\r\n", 1)[0].split(b" ", 2)[1:2] == [b"200"] and 200,
            "end": "vanished",
        }
    answers = []
    while received.startswith(b"HTTP/"):
        head, _, rest = received.partition(b"\r\n\r\n")
        status = int(head.split(b" ", 2)[1])
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        if status < 200:
            received = rest
            answers.append({"status": status})
            continue
        if length:
            body, received = rest[: int(length[1])], rest[int(length[1]) :]
        elif re.search(rb"(?i)\r\ntransfer-encoding: *chunked", head):
            body, received = _unchunk(rest)
        else:
            body, received = rest, b""
        answers.append({"status": status, "body": _readable(body, port)})
    return answers


def _unchunk(data: bytes) -> Tuple[bytes, bytes]:
    body = b""
    while data:
        size, _, data = data.partition(b"\r\n")
        count = int(size, 16)
        body += data[:count]
        data = data[count + 2 :]
        if count == 0:
            break
    return body, data


def _selected(headers: httpx.Headers, port: int) -> Dict[str, Any]:
    chosen: Dict[str, Any] = {}
    for name, value in headers.multi_items():
        name = name.lower()
        if name not in SELECTED and not name.startswith("x-"):
            continue
        value = _steady(value, port)
        if name == "allow":
            # Quart keeps its methods in a set.
            value = ", ".join(sorted(value.split(", ")))
        if name == "set-cookie":
            pair, *attributes = [part.strip() for part in value.split(";")]
            # http.cookies orders the attributes differently from Python to Python.
            value = "; ".join([pair] + sorted(attributes, key=str.lower))
        if name in chosen:
            if not isinstance(chosen[name], list):
                chosen[name] = [chosen[name]]
            chosen[name] = sorted(chosen[name] + [value])
        else:
            chosen[name] = value
    return dict(sorted(chosen.items()))


def _steady(text: str, port: int) -> str:
    text = re.sub(rf"\b(127\.0\.0\.1|localhost):{port}\b", "HOST", text)
    text = re.sub(r"(?i)(expires=)\w{3}, \d\d[- ]\w{3}[- ]\d{4} \d\d:\d\d:\d\d GMT", r"\1DATE", text)
    text = re.sub(r'\bmessages="(?:\\.|[^"\\])+"', "messages=SIGNED", text)
    return re.sub(r"\b(session|sessionid|csrftoken|messages)=(?!null|\"\")[\w.$:=-]{16,}", r"\1=SIGNED", text)


def _readable(body: bytes, port: int) -> Any:
    if len(body) > READABLE:
        if body.startswith(b"{"):
            # The order of FastAPI's schema differs from process to process.
            try:
                body = json.dumps(json.loads(body), sort_keys=True).encode()
            except ValueError:
                pass
        return {"length": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    try:
        return _steady(body.decode("utf-8"), port)
    except UnicodeDecodeError:
        return {"hex": body.hex()}
