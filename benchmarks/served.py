"""Requests and messages per second behind uvicorn: ``to_asgi3`` beside uvicorn's own ``--interface asgi2``.

Both serve `benchmarks.hello.application` with uvicorn's own command line and its defaults: access log,
parser and event loop as they are installed. Three loads: hello-world requests, responses of 1 MiB in 64
chunks, and messages that a WebSocket echoes. Keep-alive connections keep the server busy, so that
what is counted is the server and not the wire. They take turns of a quarter of a second, and are started
anew several times: where the memory of a process happens to lie makes more of a difference than what is
measured here, and the median of several starts evens that out.
"""

from __future__ import annotations

import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Callable, List, NamedTuple, Tuple

from asgi_compat import to_asgi3

from .hello import CHUNK, CHUNKS, empty_layers
from .hello import application as application
from .rounds import Row

STARTS, TURNS, SECONDS = 9, 8, 0.25
REPOSITORY = Path(__file__).resolve().parents[1]
END = b"\r\n0\r\n\r\n"

converted = to_asgi3(application)
layers = empty_layers(application)


def _request(path: bytes, more: bytes = b"") -> bytes:
    return (
        b"GET %b HTTP/1.1\r\nHost: 127.0.0.1:8000\r\nAccept: */*\r\nAccept-Encoding: gzip, deflate\r\n"
        b"User-Agent: benchmarks/1\r\n%b\r\n" % (path, more or b"Connection: keep-alive\r\n")
    )


def _receive(connection: socket.socket, size: int = 65536) -> bytes:
    data = connection.recv(size)
    if not data:
        raise RuntimeError("the server closed the connection")
    return data


def _hello(connections: List[socket.socket]) -> int:
    for connection in connections:
        connection.sendall(HELLO)
    for connection in connections:
        answer = _receive(connection)
        while not answer.endswith(END):
            answer += _receive(connection)
        if not answer.startswith(b"HTTP/1.1 200") or b"Hello, world!" not in answer:
            raise RuntimeError(f"a wrong answer: {answer!r}")
    return len(connections)


def _stream(connections: List[socket.socket]) -> int:
    for connection in connections:
        connection.sendall(STREAM)
    for connection in connections:
        size, tail = 0, b""
        while not tail.endswith(END):
            data = _receive(connection, 2**18)
            size, tail = size + len(data), (tail + data)[-len(END) :]
        if size < CHUNKS * len(CHUNK):
            raise RuntimeError(f"a wrong answer of {size} bytes")
    return len(connections)


def _echo(connections: List[socket.socket]) -> int:
    for connection in connections:
        connection.sendall(FRAME)
    for connection in connections:
        answer = b""
        while len(answer) < len(ECHO):
            answer += _receive(connection)
        if answer != ECHO:
            raise RuntimeError(f"a wrong answer: {answer!r}")
    return len(connections)


def _upgrade(connection: socket.socket) -> None:
    connection.sendall(_request(b"/", UPGRADE))
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        answer += _receive(connection, 1)
    if b" 101 " not in answer:
        raise RuntimeError(f"no WebSocket: {answer!r}")


HELLO, STREAM = _request(b"/"), _request(b"/stream")
UPGRADE = (
    b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)
#: A text frame of 16 bytes, masked with zeros, and the frame that answers it (RFC 6455, 5.2).
FRAME, ECHO = b"\x81\x90\0\0\0\0" + b"sixteen letters!", b"\x81\x10" + b"sixteen letters!"


class Load(NamedTuple):
    """What is asked of the servers: by how many connections, prepared how, and what is to be reached."""

    what: str
    once: Callable[[List[socket.socket]], int]
    prepare: Callable[[socket.socket], None]
    connections: int
    reach: float


LOADS = (
    Load("requests per second", _hello, lambda connection: None, 16, 0.94),
    Load("responses of 1 MiB in 64 chunks per second", _stream, lambda connection: None, 4, 0.97),
    Load("WebSocket echo messages per second", _echo, _upgrade, 16, 0.97),
)


class Server:
    """One uvicorn and its connections."""

    def __init__(self, load: Load, name: str, *options: str) -> None:
        self.load = load
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [
            sys.executable,
            "-m",
            "uvicorn",
            f"benchmarks.served:{name}",
            "--port",
            str(port),
            *options,
        ]
        self.process = subprocess.Popen(
            command, cwd=REPOSITORY, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.connections: List[socket.socket] = []
        try:
            for _ in range(load.connections):
                self.connections.append(self._connect(port))
                load.prepare(self.connections[-1])
        except BaseException:
            self.stop()
            raise

    def _connect(self, port: int) -> socket.socket:
        end = time.monotonic() + 20
        while True:
            try:
                return socket.create_connection(("127.0.0.1", port), timeout=20)
            except OSError:
                if self.process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError("uvicorn did not start") from None
                time.sleep(0.05)

    def turn(self, seconds: float) -> float:
        """Return how many answers a second came, over a turn of that many seconds."""
        done, start = 0, time.perf_counter()
        while time.perf_counter() - start < seconds:
            done += self.load.once(self.connections)
        return done / (time.perf_counter() - start)

    def stop(self) -> None:
        """Close the connections and end the server."""
        for connection in self.connections:
            connection.close()
        self.process.terminate()
        try:
            self.process.wait(20)
        finally:
            self.process.kill()


def _one_start(load: Load) -> Tuple[float, ...]:
    """Return the answers per second of each, in its best turn."""
    servers: List[Server] = []
    try:
        for arguments in (("application", "--interface", "asgi2"), ("converted",), ("layers",)):
            servers.append(Server(load, *arguments))
        for server in servers:
            server.turn(SECONDS)
        turns = [[server.turn(SECONDS) for server in servers] for _ in range(TURNS)]
    finally:
        for server in servers:
            server.stop()
    return tuple(max(column) for column in zip(*turns))


def _row(load: Load) -> Row:
    results = [_one_start(load) for _ in range(STARTS)]
    own, ours, bare = (statistics.median(column) for column in zip(*results))
    ratio = statistics.median(mine / theirs for theirs, mine, _ in results)
    return Row(
        f"{load.what} behind uvicorn, to_asgi3 / uvicorn's own --interface asgi2",
        f"{ratio:.2f}",
        f"at least {load.reach}",
        ratio >= load.reach,
        f"empty layers alone {bare / own:.2f}; to_asgi3 {ours:.0f}, --interface asgi2 {own:.0f}; medians"
        f" of {STARTS} starts, by start " + ", ".join(f"{b / a:.2f}" for a, b, _ in results),
    )


def measure() -> List[Row]:
    """Return the rows of this module."""
    return [_row(load) for load in LOADS]
