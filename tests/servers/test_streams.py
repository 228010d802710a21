"""Streams of old applications over real sockets: early headers, a client that leaves, an endless listener."""

from __future__ import annotations

import contextlib
import socket
import time
from typing import Iterator, Tuple

import pytest
from live_server import HOST
from starting import COLUMNS, Server

#: Seconds that anything may take on a machine that is busy.
PATIENCE = 20.0


@pytest.fixture(scope="module", params=sorted(COLUMNS))
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server at work."""
    with Server(COLUMNS[request.param], "streams_application:application") as server:
        yield server
        server.discard()


def connect(server: Server, path: str) -> socket.socket:
    """Ask for a path."""
    line = socket.create_connection((HOST, server.port), PATIENCE)
    line.sendall(f"GET {path} HTTP/1.1\r\nhost: {HOST}\r\n\r\n".encode())
    return line


def read_until(line: socket.socket, end: bytes) -> bytes:
    """Read until these bytes have come or the connection has ended."""
    read = b""
    while end not in read:
        data = line.recv(65536)
        if not data:
            break
        read += data
    return read


def ask(server: Server, path: str) -> Tuple[bytes, bytes]:
    """Give the status line and the body of an answer."""
    with connect(server, path) as line:
        head = read_until(line, b"\r\n\r\n")
        head, _, body = head.partition(b"\r\n\r\n")
        lower = head.lower()
        if b"content-length: " in lower:
            length = int(lower.partition(b"content-length: ")[2].split(b"\r\n")[0])
            while len(body) < length:
                body += line.recv(65536)
        return head.split(b"\r\n")[0], body


def test_streams_headers_of_an_event_stream_come_before_its_first_event(server: Server) -> None:
    """The first event comes when the client has asked for it, which it does after the headers.

    Everywhere but on daphne, which writes nothing before the first body.
    """
    with connect(server, "/events") as line:
        head = b""
        if server.column.server != "daphne":
            head = read_until(line, b"\r\n\r\n")
            assert b"text/event-stream" in head and b"data:" not in head
        deadline = time.monotonic() + PATIENCE
        while b"\n\n" not in head:
            # Again, for the stream may not have begun when it was first asked for.
            assert time.monotonic() < deadline, server.log
            ask(server, "/go")
            line.settimeout(1)
            with contextlib.suppress(socket.timeout):
                head += line.recv(65536)
    assert b"text/event-stream" in head
    assert b"data: early" in head


def test_streams_failure_before_the_body_is_a_clean_500(server: Server) -> None:
    assert b" 500" in ask(server, "/fails")[0]


def test_streams_endless_one_ends_when_the_client_has_gone(server: Server) -> None:
    before = ask(server, "/ended")[1]
    with connect(server, "/endless") as line:
        read_until(line, b"xxx")
    deadline = time.monotonic() + PATIENCE
    while ask(server, "/ended")[1] == before:
        assert time.monotonic() < deadline, server.log
        time.sleep(0.05)


def test_streams_listener_that_never_stops_leaves_the_server_alive(server: Server) -> None:
    lines = [connect(server, "/listens") for _ in range(3)]
    for line in lines:
        assert b"listening" in read_until(line, b"listening")
        line.close()
    assert b" 200" in ask(server, "/ended")[0]
