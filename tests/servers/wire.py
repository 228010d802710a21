"""The client: what is seen of one shape on a real socket, in one line.

HTTP is read by h11, which believes nothing: a response that is cut off, or that goes on after its end,
is seen. WebSockets are spoken by websockets.
"""

from __future__ import annotations

import json
import socket
import struct
from typing import Any, List, NamedTuple, Optional, Sequence, Tuple

import h11
from shapes import Shape
from websocket_client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.sync.client import ClientConnection

HOST = "127.0.0.1"
#: Seconds until an answer that does not come is called none.
PATIENCE = 6.0
#: The same where none is expected.
SHORT_PATIENCE = 2.0

#: Of the headers, those that are the server's, as it likes.
SERVERS_OWN = {
    "connection",
    "content-length",
    "content-type",
    "date",
    "keep-alive",
    "sec-websocket-accept",
    "sec-websocket-extensions",
    "sec-websocket-protocol",
    "server",
    "transfer-encoding",
    "upgrade",
}

CLOSED = "closed without an answer"


class Response(NamedTuple):
    """What came for one request."""

    status: int  # 0 for none
    headers: Sequence[Tuple[str, str]]
    body: bytes
    #: How it ended: "" as it should, else in words.
    end: str

    def described(self, framing: Tuple[str, ...] = ()) -> str:
        """One line: status, the headers that the application decides, and the body."""
        if not self.status:
            return self.end
        said = [head(self.status, self.headers, framing)]
        # The page of an error is the server's own.
        if self.status != 500:
            said.append(repr(self.body))
        return " ".join(said + [self.end] * bool(self.end))


def head(status: int, headers: Sequence[Tuple[str, str]], framing: Tuple[str, ...] = ()) -> str:
    """A status, and the headers that the application decides, in the order of their names."""
    ours = [
        (name.lower(), value)
        for name, value in headers
        if name.lower() not in SERVERS_OWN or name.lower() in framing
    ]
    # Servers differ in what they put on a refusal that is theirs, daphne a content-security-policy.
    ours = [] if status in (403, 500) else sorted(ours, key=lambda pair: pair[0])
    return " ".join([str(status), *(f"{name}={value}" for name, value in ours)])


class Line:
    """One connection, and what has come over it and was not read yet."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection((HOST, port), PATIENCE)
        #: Whether another request may be sent on it.
        self.open = True
        self._rest = b""

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *error: Any) -> None:
        self.socket.close()

    def vanish(self) -> None:
        """End the connection as a client does that is no more: without a word, by a reset."""
        linger_not(self.socket)
        self.socket.close()

    def read(self, method: str = "GET", enough: Optional[int] = None) -> Response:
        """Read one response; not further than `enough` bytes of its body."""
        parser = h11.Connection(h11.CLIENT)
        # What h11 would send is thrown away: it has to know which request it reads the response to.
        parser.send(h11.Request(method=method, target="/", headers=[("host", "x")]))
        parser.send(h11.EndOfMessage())
        if self._rest:
            parser.receive_data(self._rest)
        response, ended = Response(0, (), b"", "no answer"), False
        while True:
            try:
                event = parser.next_event()
                if event is h11.NEED_DATA:
                    if enough is not None and len(response.body) >= enough:
                        return response._replace(body=response.body[:enough], end="")
                    data = self.socket.recv(65536)
                    ended = not data
                    parser.receive_data(data)
                    continue
            except socket.timeout:
                self.open = False
                return response
            except OSError:
                ended, event = True, None
            except h11.RemoteProtocolError as error:
                self.open = False
                if not ended:
                    return response._replace(end=f"is not HTTP: {error}")
                event = None
            if isinstance(event, h11.Response):
                pairs = [(name.decode(), value.decode("latin-1")) for name, value in event.headers]
                response = Response(event.status_code, pairs, b"", "without an end")
            elif isinstance(event, h11.Data):
                response = response._replace(body=response.body + bytes(event.data))
            elif isinstance(event, h11.EndOfMessage):
                self.open = parser.their_state is h11.DONE
                self._rest = parser.trailing_data[0]
                return response._replace(end="")
            else:
                self.open = False
                return response._replace(end="cut off" if response.status else CLOSED)


def linger_not(connection: socket.socket) -> None:
    """Make the close of a connection a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def request(
    target: str,
    method: str = "GET",
    body: bytes = b"",
    version: str = "HTTP/1.1",
    headers: Sequence[str] = (),
) -> bytes:
    """The bytes of a request; without a Host in HTTP/1.0, which did not know it."""
    lines = [f"{method} {target} {version}", "X-Odd: Yes", *headers]
    if version == "HTTP/1.1":
        lines.append(f"Host: {HOST}")
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def ask(port: int, shape: Shape, run: str, patience: float = PATIENCE) -> Tuple[str, str]:
    """Make one request and give what came for it, and what the application saw.

    The words of ``shape.client``: HEAD, POST, HTTP/1.0; bytes are the request's body; "pipelined" sends it
    twice at once; "close" ends the connection after the response, "vanish" in the middle of it.

    The application is asked on the same connection where the server leaves that open: one byte too many
    or too few in the first response, and the second cannot be read.
    """
    words = [word for word in shape.client if isinstance(word, str)]
    content = b"".join(word for word in shape.client if isinstance(word, bytes))
    method = next((word for word in words if word in ("HEAD", "POST")), "GET")
    version = "HTTP/1.0" if "HTTP/1.0" in words else "HTTP/1.1"
    times = 2 if "pipelined" in words else 1
    with Line(port) as line:
        line.socket.settimeout(patience)
        line.socket.sendall(times * request(f"/{shape.id}?run={run}", method, content, version))
        if "vanish" in words:
            wire = f"{line.read(method, enough=5).described()} and gone"
            line.vanish()
        else:
            wire = ", ".join(line.read(method).described(shape.framing) for _ in range(times))
            if line.open and "close" not in words:
                again = told(line, run)
                # A server may close what it said to leave open, if it does so before the next request.
                if again != CLOSED:
                    return wire, again
    return wire, ask_what_was_seen(port, run)


def ask_what_was_seen(port: int, run: str) -> str:
    """Ask on a connection of its own what the application saw."""
    with Line(port) as line:
        return told(line, run)


def told(line: Line, run: str) -> str:
    """Ask what the application saw: the next request, which shows that the server still serves."""
    # The application has time of its own to come to its end.
    line.socket.settimeout(2 * PATIENCE)
    try:
        line.socket.sendall(request(f"/seen?run={run}"))
    except OSError:
        return CLOSED
    answer = line.read()
    if answer.status != 200 or answer.end:
        return answer.described()
    return ", ".join(json.loads(answer.body)) or "returned"


def talk(port: int, shape: Shape, run: str, leaves: bool = False) -> Tuple[str, str]:
    """Open one WebSocket and give what came over it, and what the application saw.

    What is in ``shape.client``: ("say", message), text or bytes; ("close", code), None for without;
    "vanish" goes away in the middle; "superchat" offers a second subprotocol; "raw" writes the request of
    the handshake itself, reads the refusal byte by byte and, unless it leaves, goes on with the connection.
    """
    if "raw" in shape.client:
        return knock(port, shape, run, leaves)
    offers = ["chat"] + ["superchat"] * ("superchat" in shape.client)
    try:
        connection = connect(
            f"ws://{HOST}:{port}/{shape.id}?run={run}",
            subprotocols=offers,  # type: ignore[arg-type]
            additional_headers={"X-Odd": "Yes"},
            open_timeout=PATIENCE,
            close_timeout=PATIENCE,
            proxy=None,
        )
    except InvalidStatus as error:
        refusal = error.response
        said = Response(
            refusal.status_code, list(refusal.headers.raw_items()), bytes(refusal.body or b""), ""
        )
        wire = said.described() if refusal.status_code != 403 else "403"
    except (InvalidHandshake, OSError, EOFError) as error:
        wire = f"no handshake: {type(error).__name__}"
    else:
        with connection:
            wire = " ".join(conversation(connection, shape))
    return wire, ask_what_was_seen(port, run)


#: The request of a WebSocket handshake, with a key of its own.
UPGRADE = (
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Protocol: chat",
)


def knock(port: int, shape: Shape, run: str, leaves: bool) -> Tuple[str, str]:
    """Ask for a WebSocket that is refused, and make another request where the server leaves it open."""
    with Line(port) as line:
        line.socket.sendall(request(f"/{shape.id}?run={run}", headers=UPGRADE))
        answer = line.read()
        wire = answer.described(shape.framing) if answer.status != 403 or answer.end else "403"
        if line.open and not leaves:
            again = told(line, run)
            if again != CLOSED:
                return wire, again
    return wire, ask_what_was_seen(port, run)


def conversation(connection: ClientConnection, shape: Shape) -> List[str]:
    """Speak on an open WebSocket, and listen until it ends."""
    answer = connection.response
    assert answer is not None
    said = [head(101, list(answer.headers.raw_items()))]
    if connection.subprotocol:
        said.insert(1, connection.subprotocol)
    try:
        for step in shape.client:
            if step == "superchat":
                continue
            if step == "vanish":
                linger_not(connection.socket)
                connection.close_socket()
                return said + ["and gone"]
            if step[0] == "say":
                connection.send(step[1])
            else:
                # `connection.close()` has no way to leave the code out.
                with connection.send_context():
                    connection.protocol.send_close(step[1])
                # What the server answers to it is the server's.
                return said + ["and closed"]
        while True:
            said.append(repr(connection.recv(PATIENCE)))
    except TimeoutError:
        return said + ["without an end"]
    except ConnectionClosed:
        received = connection.protocol.close_rcvd
        if received is None:
            return said + ["cut off"]
        return said + [f"close {int(received.code)} {received.reason!r}"]
