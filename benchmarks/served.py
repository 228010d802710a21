"""Requests per second behind uvicorn: ``to_asgi3`` beside uvicorn's own ``--interface asgi2``.

Both serve `benchmarks.hello.application` with uvicorn's own command line and its defaults: access log,
parser and event loop as they are installed. Sixteen keep-alive connections keep the server busy, so that
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
from typing import List, Tuple

from asgi_compat import to_asgi3

from .hello import application as application
from .hello import empty_layers
from .rounds import Row

STARTS, TURNS, SECONDS, CONNECTIONS = 9, 8, 0.25, 16
REPOSITORY = Path(__file__).resolve().parents[1]
REQUEST = (
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1:8000\r\nAccept: */*\r\nAccept-Encoding: gzip, deflate\r\n"
    b"Connection: keep-alive\r\nUser-Agent: benchmarks/1\r\n\r\n"
)
END = b"\r\n0\r\n\r\n"

converted = to_asgi3(application)
layers = empty_layers(application)


class Server:
    """One uvicorn and its connections."""

    def __init__(self, name: str, *options: str) -> None:
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
            self.connections = [self._connect(port) for _ in range(CONNECTIONS)]
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
        """Requests per second, over a turn of that many."""
        done, start = 0, time.perf_counter()
        while time.perf_counter() - start < seconds:
            for connection in self.connections:
                connection.sendall(REQUEST)
            for connection in self.connections:
                answer = connection.recv(4096)
                while not answer.endswith(END):
                    more = connection.recv(4096)
                    if not more:
                        raise RuntimeError(f"the server closed the connection after {answer!r}")
                    answer += more
                if not answer.startswith(b"HTTP/1.1 200") or b"Hello, world!" not in answer:
                    raise RuntimeError(f"a wrong answer: {answer!r}")
                done += 1
        return done / (time.perf_counter() - start)

    def stop(self) -> None:
        for connection in self.connections:
            connection.close()
        self.process.terminate()
        try:
            self.process.wait(20)
        finally:
            self.process.kill()


def _one_start() -> Tuple[float, ...]:
    """Requests per second of each, in its best turn."""
    servers = [Server("application", "--interface", "asgi2"), Server("converted"), Server("layers")]
    try:
        for server in servers:
            server.turn(SECONDS)
        turns = [[server.turn(SECONDS) for server in servers] for _ in range(TURNS)]
    finally:
        for server in servers:
            server.stop()
    return tuple(max(column) for column in zip(*turns))


def measure() -> List[Row]:
    """The row of this room."""
    results = [_one_start() for _ in range(STARTS)]
    own, ours, bare = (statistics.median(column) for column in zip(*results))
    ratio = ours / own
    return [
        Row(
            "requests per second behind uvicorn, to_asgi3 / uvicorn's own --interface asgi2",
            f"{ratio:.2f}",
            "at least 0.98",
            ratio >= 0.98,
            f"empty layers alone {bare / own:.2f}; to_asgi3 {ours:.0f}, --interface asgi2 {own:.0f}; medians"
            f" of {STARTS} starts, by start " + ", ".join(f"{b / a:.2f}" for a, b, _ in results),
        )
    ]
