"""The client of ``wire.py`` over HTTP/2 without TLS: requests by h2, WebSockets by RFC 8441 and wsproto.

What is seen is put into the words of HTTP/1: a stream that is reset is "cut off", a WebSocket whose CONNECT
is answered with 200 is a 101.
"""

from __future__ import annotations

import json
import socket
import time
from typing import Any, Dict, List, Optional, Sequence, Tuple

import h2.config
import h2.connection
import h2.events
import h2.exceptions
import h2.settings
from live_server import HOST
from shapes import Shape
from wire import CLOSED, PATIENCE, Response, head, linger_not
from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, Event, TextMessage

#: Shapes whose close the client answers: their application waits for that. When an application has ended,
#: hypercorn 0.18 raises a KeyError for the answer and ends the connection with all of its streams.
ANSWERED = ("receive-pending-at-close",)
GONE = (OSError, h2.exceptions.ProtocolError)


class Stream:
    """What has come for one request."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: List[Tuple[str, str]] = []
        self.body = b""
        #: "" for its end, None while there is none.
        self.end: Optional[str] = None

    def response(self, missing: str = "") -> Response:
        """Give it as a response of HTTP/1."""
        if not self.status:
            return Response(0, (), b"", CLOSED if missing or self.end is not None else "no answer")
        end = (missing or "without an end") if self.end is None else self.end
        return Response(self.status, self.headers, self.body, end)


class Client:
    """One connection."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection((HOST, port), PATIENCE)
        self.connection = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="latin-1"))
        # What is pushed would be a request of its own, which no shape is.
        self.connection.local_settings = h2.settings.Settings(
            client=True, initial_values={h2.settings.SettingCodes.ENABLE_PUSH: 0}
        )
        self.connection.initiate_connection()
        self.authority = f"{HOST}:{port}"
        self.streams: Dict[int, Stream] = {}
        self.open = True
        # What the server allows: a WebSocket may not be asked for before it says so.
        self.flush()
        self.receive(time.monotonic() + PATIENCE)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *error: Any) -> None:
        self.socket.close()

    def ask(
        self,
        path: str,
        method: str = "GET",
        body: Optional[bytes] = b"",
        more: Sequence[Tuple[str, str]] = (),
    ) -> int:
        """Begin a request; without its end where the body is None."""
        number = self.connection.get_next_available_stream_id()
        pseudo = [(":method", method), (":path", path), (":scheme", "http"), (":authority", self.authority)]
        if body:
            more = (*more, ("content-length", str(len(body))))
        protocol = [field for field in more if field[0].startswith(":")]
        rest = [field for field in more if not field[0].startswith(":")]
        fields = [*pseudo, *protocol, ("x-odd", "Yes"), *rest]
        self.streams[number] = Stream()
        self.connection.send_headers(number, fields, end_stream=body == b"")
        if body:
            self.connection.send_data(number, body, end_stream=True)
        self.flush()
        return number

    def send(self, number: int, data: bytes) -> None:
        """Send bytes on a stream."""
        self.connection.send_data(number, data)
        self.flush()

    def flush(self) -> None:
        """Write what h2 has to say."""
        try:
            self.socket.sendall(self.connection.data_to_send())
        except OSError:
            self.open = False

    def read(self, number: int, patience: float = PATIENCE, enough: Optional[int] = None) -> Response:
        """Read one response; not further than `enough` bytes of its body."""
        stream, deadline = self.streams[number], time.monotonic() + patience
        while stream.end is None and (enough is None or len(stream.body) < enough):
            if not self.receive(deadline):
                break
        if enough is not None and stream.end is None:
            return stream.response()._replace(body=stream.body[:enough], end="")
        return stream.response("" if self.open else "cut off")

    def receive(self, deadline: float) -> bool:
        """Take what the server sends next; say whether there may be more."""
        self.socket.settimeout(max(deadline - time.monotonic(), 0.01))
        try:
            data = self.socket.recv(65536)
            events = self.connection.receive_data(data) if data else []
        except socket.timeout:
            return False
        except GONE:
            data, events = b"", []
        for event in events:
            self.take(event)
        self.open = self.open and bool(data)
        if data:
            self.flush()
        return self.open

    def take(self, event: h2.events.Event) -> None:
        stream = self.streams.setdefault(getattr(event, "stream_id", None) or 0, Stream())
        if isinstance(event, h2.events.ResponseReceived):
            pairs = [(str(name), str(value)) for name, value in event.headers]
            stream.status = int(dict(pairs)[":status"])
            stream.headers = [pair for pair in pairs if not pair[0].startswith(":")]
        elif isinstance(event, h2.events.DataReceived):
            stream.body += event.data
            self.connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.StreamEnded):
            stream.end = ""
        elif isinstance(event, h2.events.StreamReset):
            stream.end = "cut off"
        elif isinstance(event, h2.events.ConnectionTerminated):
            self.open = False


def ask(port: int, shape: Shape, run: str, patience: float = PATIENCE) -> Tuple[str, str]:
    """Make one request, as `wire.ask` does; what was seen is asked on the same connection."""
    words = [word for word in shape.client if isinstance(word, str)]
    content = b"".join(word for word in shape.client if isinstance(word, bytes))
    method = next((word for word in words if word in ("HEAD", "POST")), "GET")
    with Client(port) as client:
        times = 2 if "pipelined" in words else 1
        numbers = [client.ask(f"/{shape.id}?run={run}", method, content) for _ in range(times)]
        if "vanish" in words:
            wire = f"{client.read(numbers[0], patience, enough=5).described()} and gone"
            linger_not(client.socket)
        else:
            said = [client.read(number, patience).described(shape.framing) for number in numbers]
            wire = ", ".join(said)
            if "close" not in words:
                return wire, told_by(client, port, run)
    return wire, ask_what_was_seen(port, run)


def ask_what_was_seen(port: int, run: str) -> str:
    """Ask on a connection of its own what the application saw."""
    with Client(port) as client:
        return told(client, run)


def told_by(client: Client, port: int, run: str) -> str:
    """Ask on the same connection, and on another one where the server has closed that."""
    said = told(client, run) if client.open else CLOSED
    return said if said != CLOSED else ask_what_was_seen(port, run)


def told(client: Client, run: str) -> str:
    """Ask what the application saw."""
    answer = client.read(client.ask(f"/seen?run={run}"), 2 * PATIENCE)
    if answer.status != 200 or answer.end:
        return answer.described()
    return ", ".join(json.loads(answer.body)) or "returned"


def talk(port: int, shape: Shape, run: str) -> Tuple[str, str]:
    """Open one WebSocket, as `wire.talk` does."""
    offers = "chat, superchat" if "superchat" in shape.client else "chat"
    more = (
        (":protocol", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-protocol", offers),
    )
    with Client(port) as client:
        number = client.ask(f"/{shape.id}?run={run}", "CONNECT", None, more)
        stream, deadline = client.streams[number], time.monotonic() + PATIENCE
        while not stream.status and stream.end is None and client.receive(deadline):
            pass
        if stream.status != 200:
            refusal = client.read(number)
            wire = refusal.described(shape.framing) if refusal.status != 403 or refusal.end else "403"
        else:
            wire = " ".join(Conversation(client, number).hold(shape))
        if "vanish" not in shape.client:
            return wire, told_by(client, port, run)
    return wire, ask_what_was_seen(port, run)


class Conversation:
    """A WebSocket on a stream."""

    def __init__(self, client: Client, number: int) -> None:
        self.client = client
        self.number = number
        self.stream = client.streams[number]
        self.frames = Connection(ConnectionType.CLIENT)
        self.message: Any = None
        self.answers = False

    def hold(self, shape: Shape) -> List[str]:
        """Speak, and listen until it ends."""
        self.answers = shape.id in ANSWERED
        said = [head(101, self.stream.headers)]
        said += [value for name, value in self.stream.headers if name == "sec-websocket-protocol"]
        for step in shape.client:
            if step == "vanish":
                linger_not(self.client.socket)
                self.client.socket.close()
                return [*said, "and gone"]
            if step[0] == "say":
                kind = TextMessage if isinstance(step[1], str) else BytesMessage
                self.send(kind(data=step[1]))
            elif step[0] == "close":
                self.send(CloseConnection(code=step[1]))
                return [*said, "and closed"]
        deadline = time.monotonic() + PATIENCE
        while True:
            data, self.stream.body = self.stream.body, b""
            if data:
                self.frames.receive_data(data)
                for event in self.frames.events():
                    said += self.heard(event)
                    if isinstance(event, CloseConnection):
                        return said
            elif self.stream.end is not None or not self.client.open:
                return [*said, "cut off"]
            elif not self.client.receive(deadline) and self.client.open:
                return [*said, "without an end"]

    def send(self, event: Event) -> None:
        """Send one frame."""
        self.client.send(self.number, self.frames.send(event))

    def heard(self, event: Event) -> List[str]:
        """Say what one frame adds."""
        if isinstance(event, CloseConnection):
            if self.answers:
                self.send(event.response())
            return [f"close {int(event.code)} {event.reason or ''!r}"]
        if isinstance(event, (TextMessage, BytesMessage)):
            self.message = event.data if self.message is None else self.message + event.data
            if event.message_finished:
                whole, self.message = self.message, None
                return [repr(whole if isinstance(whole, str) else bytes(whole))]
        return []
