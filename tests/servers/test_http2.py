"""Early hints, pushes and trailers are looked at where a server announces them: hypercorn over HTTP/2.

The client is h2, which refuses what no header may have. Each case is followed by correct requests on the
same connection.
"""

from __future__ import annotations

import socket
from typing import Dict, Iterator, List

import h2.config
import h2.connection
import h2.events
import pytest
from http2_application import CASES
from live_server import HOST
from starting import COLUMNS, Server

PATIENCE = 6.0


class Client:
    """One HTTP/2 connection without TLS."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection((HOST, port), PATIENCE)
        self.connection = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
        self.connection.initiate_connection()
        self.authority = f"{HOST}:{port}"
        #: Statuses and headers, bodies and ends, by stream.
        self.seen: Dict[int, List[str]] = {}

    def ask(self, path: str) -> str:
        """Make a request and give what came for it: each head, the body, the trailers, and the end."""
        stream = self.connection.get_next_available_stream_id()
        pseudo = [(":method", "GET"), (":path", path), (":scheme", "http"), (":authority", self.authority)]
        self.connection.send_headers(stream, [*pseudo, ("te", "trailers")], end_stream=True)
        said = self.seen[stream] = []
        while not said or not said[-1].startswith(("end", "reset")):
            self.socket.sendall(self.connection.data_to_send())
            data = self.socket.recv(65536)
            if not data:
                said.append("end of the connection")
                break
            for event in self.connection.receive_data(data):
                self.take(event)
        return ", ".join(said)

    def take(self, event: h2.events.Event) -> None:
        """Note one event of the server."""
        said = self.seen.setdefault(getattr(event, "stream_id", 0), [])
        if isinstance(event, h2.events.DataReceived):
            said += [repr(event.data)] * bool(event.data)
            self.connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.PushedStreamReceived):
            self.seen.setdefault(event.parent_stream_id, []).append("push")
        elif isinstance(event, h2.events.StreamEnded):
            said.append("end")
        elif isinstance(event, h2.events.StreamReset):
            said.append("reset")
        elif isinstance(
            event,
            (h2.events.InformationalResponseReceived, h2.events.ResponseReceived, h2.events.TrailersReceived),
        ):
            kept = [value for name, value in event.headers if name in (":status", "link", "x-a", "x-b")]
            said.append(" ".join(kept))


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(COLUMNS["hypercorn"], "http2_application:application") as it:
        yield it


FINE = "200, b'hello', end"
#: Where nothing is refused, and where the refusal comes too late for a 500.
ANSWERS = {
    "/hint": f"103 </a>; rel=preload, {FINE}",
    "/push": f"push, {FINE}",
    "/trailer": "200, b'hello', 1, end",
    "/fine": FINE,
}
#: hypercorn (0.18) ends the connection when an application fails after the body, before its trailers.
ENDED = ("/trailer-line-break", "/trailer-name")


@pytest.mark.parametrize("path", CASES)
def test_http2_event_with_bad_headers_is_refused(server: Server, path: str) -> None:
    """It is refused before anything of it goes out, and correct requests after it are answered."""
    refused = CASES[path][1]
    client = Client(server.port)
    answer = client.ask(path)
    if path in ENDED:
        assert client.ask("/fine") == "end of the connection"
        client.socket.close()
        client = Client(server.port)
    assert client.ask(f"/seen{path}") == f"200, {(refused or 'nothing').encode()!r}, end"
    if refused is None:
        assert answer == ANSWERS[path]
    else:
        assert answer.startswith(("200, b'hello'", "500, end"))
        assert "x-b" not in answer
    assert client.ask("/fine") == FINE
    client.socket.close()


def test_http2_log_has_only_our_errors(server: Server) -> None:
    """The last of the file: each refusal is in the log once, and no other error."""
    expected = sum(refused is not None for _, refused in CASES.values())
    assert server.errors(expected) == {"AppMessageError": expected}
