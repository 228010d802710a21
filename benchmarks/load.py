"""``python -m benchmarks load``: two minutes of load on each server of today, with clients that vanish.

An application of 2018 (`benchmarks.load_app`) is served by ``python -m asgi_compat serve``. At most 50
connections at a time speak to it, each in a loop until the time is over: HTTP keep-alive with bodies up and
down (h11), and WebSocket echo (websockets). Each answer is compared with what it must be, byte for byte, and
belongs to the request by its id. Some clients vanish: in the middle of a request's body, before the answer,
in the middle of it, in the middle of a WebSocket, by a close or by a reset. Every second the memory of the
server's processes is read; before and after, the application counts the tasks and conversations that are
alive. At the end, with idle connections still open, Ctrl-C has to end the server.

    python -m benchmarks load                                   # all four, two minutes each
    python -m benchmarks load --server uvicorn --seconds 30
    python -m benchmarks load --way own                         # to_asgi3 and the server's own command line
    python -m benchmarks load --way bare                        # clean messages and the bare shape adapter

It is not among the benchmarks that run by default: it takes ten minutes and both cores. The clients are
one process, so that the figures say what holds under load, and not how much a server can take.

Exit status 0 when all holds, 1 when something does not, 2 for wrong usage.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import inspect
import json
import os
import random
import re
import signal
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple

import h11
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from .load_app import body_of

SERVERS = ("uvicorn", "hypercorn", "daphne", "granian")
WAYS = ("serve", "own", "bare")
HOST = "127.0.0.1"
REPOSITORY = Path(__file__).resolve().parents[1]

# At most 50 connections at a time.
HTTP_CLIENTS, WEBSOCKET_CLIENTS = 30, 20
# Of the requests and of the WebSocket conversations, how many a client leaves by vanishing.
VANISHING = 0.03
LARGEST = 64 * 1024
# Seconds. An answer that has not come by then is lost.
PATIENCE = 30.0
# Seconds. uvicorn and hypercorn keep an idle connection, and the tasks for it, for 5 after its last request.
QUIET = 8.0
# Seconds until a server must have ended after Ctrl-C; `serve` gives open connections 1 to 3.
GRACE = 5.0
# Part of the time after which memory is to be flat: allocators take what a few hundred conversations at once
# can need at most, and that most comes seldom.
WARM_UP = 0.5
# KiB that the memory may differ by between warm-up and end: allocators give back and take in steps.
FLAT = 1024

# What GET /load counts, and what must be as before once the load is over.
COUNTED = ("tasks", "http", "websocket")

_RESET = struct.pack("ii", 1, 0)

LOG_OF_A_DEFECT = re.compile(
    r"Traceback \(most recent call last\)|was never awaited|Task was destroyed but it is pending"
    r"|exception was never retrieved|ResourceWarning|panicked at"
)


@dataclass
class Tally:
    """What the clients have seen."""

    requests: int = 0
    messages: int = 0
    connections: int = 0
    refused: int = 0
    vanished: Counter[str] = field(default_factory=Counter)
    wrong: List[str] = field(default_factory=list)
    lost: List[str] = field(default_factory=list)


class Vanished(Exception):
    """The client is to leave now."""


def _vanish(writer: asyncio.StreamWriter, how: random.Random) -> None:
    """Leave without a word: by a reset in half of the cases, and else by closing."""
    if how.random() < 0.5:
        found = writer.get_extra_info("socket")
        found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()


class HttpClient:
    """One keep-alive connection after the other, in one of the slots."""

    def __init__(self, port: int, tally: Tally, seed: int, until: float) -> None:
        self.port, self.tally, self.until = port, tally, until
        self.dice = random.Random(seed)
        self.seed = seed
        self.count = 0

    async def run(self) -> None:
        while time.monotonic() < self.until:
            try:
                reader, writer = await asyncio.open_connection(HOST, self.port)
            except OSError as error:
                self.tally.lost.append(f"no connection: {error!r}")
                await asyncio.sleep(0.2)
                continue
            self.tally.connections += 1
            try:
                await self._connection(reader, writer)
            except Vanished as way:
                self.tally.vanished[str(way)] += 1
                _vanish(writer, self.dice)
            except (OSError, asyncio.TimeoutError, h11.ProtocolError, EOFError) as error:
                self.tally.lost.append(f"request {self.count} of client {self.seed}: {error!r}")
            finally:
                writer.close()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire = h11.Connection(h11.CLIENT, max_incomplete_event_size=1 << 20)
        for _ in range(self.dice.randint(1, 200)):
            if time.monotonic() > self.until:
                return
            await asyncio.wait_for(self._request(wire, reader, writer), PATIENCE)
            # The server may want to close, hypercorn does after 1000 requests: that is its right.
            if wire.our_state is not h11.DONE or wire.their_state is not h11.DONE:
                return
            wire.start_next_cycle()

    async def _request(
        self, wire: h11.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.count += 1
        dice, name = self.dice, f"{self.seed}-{self.count}"
        leave = dice.choice(("request", "answer", "body")) if dice.random() < VANISHING else ""
        kind = dice.choice(("echo", "echo", "bytes", "drip"))
        size = dice.choice((0, 1, 100, 3000, dice.randrange(LARGEST)))
        if kind == "echo":
            data = dice.randbytes(size) if hasattr(dice, "randbytes") else os.urandom(size)
            await self._send_body(wire, writer, f"/echo?id={name}", data, leave == "request")
            status, digest = 201, hashlib.sha256(data).hexdigest()
            headers = {b"x-id": name.encode(), b"x-sha256": digest.encode()}
        else:
            writer.write(self._head(wire, "GET", f"/{kind}?size={size}", []))
            writer.write(wire.send(h11.EndOfMessage()) or b"")
            status, digest, headers = 200, hashlib.sha256(body_of(size)).hexdigest(), {}
        await writer.drain()
        if leave == "request" or leave == "answer":
            # Before the server has anything, or while it works on it.
            await asyncio.sleep(dice.choice((0, 0.002)))
            raise Vanished("before the answer")
        seen = await self._answer(wire, reader, leave == "body")
        self.tally.requests += 1
        expected = (status, digest, headers)
        found = (seen[0], seen[1], {key: seen[2].get(key) for key in headers})
        if found != expected:
            self.tally.wrong.append(f"{kind} {name}: {found} and not {expected}")

    def _head(self, wire: h11.Connection, method: str, target: str, headers: List[Tuple[str, str]]) -> bytes:
        host = [("Host", f"{HOST}:{self.port}")]
        return wire.send(h11.Request(method=method, target=target, headers=host + headers)) or b""

    async def _send_body(
        self, wire: h11.Connection, writer: asyncio.StreamWriter, target: str, data: bytes, leave: bool
    ) -> None:
        chunked = self.dice.random() < 0.5
        length = [("Transfer-Encoding", "chunked")] if chunked else [("Content-Length", str(len(data)))]
        writer.write(self._head(wire, "POST", target, length))
        step = max(1, len(data) // 4)
        for at in range(0, len(data), step):
            writer.write(wire.send(h11.Data(data=data[at : at + step])) or b"")
            await writer.drain()
            if leave and at:
                raise Vanished("in the request's body")
        writer.write(wire.send(h11.EndOfMessage()) or b"")

    async def _answer(
        self, wire: h11.Connection, reader: asyncio.StreamReader, leave: bool
    ) -> Tuple[int, str, Dict[bytes, bytes]]:
        status, digest, headers = 0, hashlib.sha256(), {}
        while True:
            event = wire.next_event()
            if event is h11.NEED_DATA:
                data = await reader.read(65536)
                if not data:
                    raise EOFError("the server closed in the middle of an answer, or before it")
                wire.receive_data(data)
            elif isinstance(event, h11.Response):
                status, headers = event.status_code, dict(event.headers)
            elif isinstance(event, h11.Data):
                digest.update(event.data)
                if leave:
                    raise Vanished("in the answer's body")
            elif isinstance(event, h11.EndOfMessage):
                if leave:
                    raise Vanished("after an answer")
                return status, digest.hexdigest(), headers
            elif isinstance(event, h11.ConnectionClosed):
                raise EOFError("closed")


def _websocket(port: int) -> connect:
    # Neither pings nor compression: they are between client and server, and no application sees them.
    options: Dict[str, Any] = {"compression": None, "ping_interval": None, "max_size": None}
    options.update(open_timeout=PATIENCE, close_timeout=PATIENCE)
    if "proxy" in inspect.signature(connect).parameters:
        options["proxy"] = None  # websockets 15 and later look for one in the environment
    return connect(f"ws://{HOST}:{port}/talk", **options)


class WebSocketClient:
    """One echoing conversation after the other, in one of the slots."""

    def __init__(self, port: int, tally: Tally, seed: int, until: float) -> None:
        self.port, self.tally, self.until = port, tally, until
        self.dice = random.Random(seed)
        self.seed = seed

    async def run(self) -> None:
        while time.monotonic() < self.until:
            try:
                # All of it: a server that reads no more makes send() wait too.
                await asyncio.wait_for(self._conversation(), 2 * PATIENCE)
            except (OSError, asyncio.TimeoutError, ConnectionClosed, InvalidHandshake, EOFError) as error:
                self.tally.lost.append(f"WebSocket of client {self.seed}: {error!r}")

    async def _conversation(self) -> None:
        dice = self.dice
        async with _websocket(self.port) as connection:
            self.tally.connections += 1
            leave = dice.random() < VANISHING * 5
            for number in range(dice.randint(1, 40)):
                size = dice.choice((1, 100, dice.randrange(1, LARGEST // 4)))
                data = dice.randbytes(size) if hasattr(dice, "randbytes") else os.urandom(size)
                message: Any = data if dice.random() < 0.5 else f"{self.seed}-{number} é " + data.hex()
                await connection.send(message)
                if leave and dice.random() < 0.1:
                    break
                seen = await asyncio.wait_for(connection.recv(), PATIENCE)
                self.tally.messages += 1
                if seen != message:
                    self.tally.wrong.append(f"WebSocket of client {self.seed}: {seen[:50]!r} of {len(seen)}")
                if time.monotonic() > self.until:
                    break
            if leave:
                self.tally.vanished["in a WebSocket"] += 1
                if dice.random() < 0.5:
                    found = connection.transport.get_extra_info("socket")
                    found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                connection.transport.abort()
            elif dice.random() < 0.5:
                await self._be_sent_away(connection)

    async def _be_sent_away(self, connection: Any) -> None:
        """Say bye, and see the application's close code come back."""
        await connection.send("bye")
        start = time.monotonic()
        try:
            await asyncio.wait_for(connection.recv(), PATIENCE)
            self.tally.wrong.append("WebSocket: a message and not a close after bye")
        except ConnectionClosed as closed:
            after = f"after bye and {time.monotonic() - start:.1f} s"
            if closed.rcvd is None:
                self.tally.lost.append(f"WebSocket: no close frame {after}: {closed.__cause__!r}")
            elif closed.rcvd.code != 1000:
                self.tally.wrong.append(f"WebSocket: closed with {closed.rcvd} {after}")


class Memory:
    """Resident memory of a process and all of its session, in KiB, a sample a second."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.samples: List[Tuple[float, int]] = []
        #: False where there is no /proc: macOS, Windows. Nothing is measured then, and the row says so.
        self.readable = self.now() is not None
        if not self.readable:
            print("there is no /proc here: memory is not measured", file=sys.stderr)

    def now(self) -> Optional[int]:
        total = None
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                # After the name, which may hold blanks: state, parent, process group, session.
                session = int((folder / "stat").read_text().rpartition(")")[2].split()[3])
                if session != self.pid:
                    continue
                resident = re.search(r"VmRSS:\s+(\d+) kB", (folder / "status").read_text())
            except (OSError, ValueError, IndexError):
                continue  # it has just ended
            if resident:
                total = (total or 0) + int(resident[1])
        return total

    async def sample(self, until: float) -> None:
        while self.readable and time.monotonic() < until:
            self.samples.append((time.monotonic(), self.now() or 0))
            await asyncio.sleep(1)

    def tenths(self) -> List[int]:
        """KiB at the beginning and after each tenth of the time, each the median of what is around it."""
        if len(self.samples) < 20:
            return []
        kib = [kib for _, kib in self.samples]
        around = max(1, len(kib) // 40)
        marks = [round(tenth * (len(kib) - 1) / 10) for tenth in range(11)]
        return [int(statistics.median(kib[max(0, at - around) : at + around + 1])) for at in marks]

    def after(self, warm_up: float) -> Optional[Tuple[int, int, float]]:
        """(KiB after warm-up, KiB at the end, slope in KiB a minute); None without enough samples.

        Both are medians of the samples of a tenth of the time.
        """
        if len(self.samples) < 20:
            return None
        start, end = self.samples[0][0] + warm_up, self.samples[-1][0]
        kept = [(at, kib) for at, kib in self.samples if at >= start]
        tenth = (end - start) / 10
        first = statistics.median(kib for at, kib in kept if at <= start + tenth + 1)
        last = statistics.median(kib for at, kib in kept if at >= end - tenth - 1)
        middle = statistics.fmean(at for at, _ in kept)
        square = sum((at - middle) ** 2 for at, _ in kept)
        slope = sum((at - middle) * kib for at, kib in kept) / square * 60 if square else 0.0
        return int(first), int(last), slope


@dataclass
class Outcome:
    """One server under load, from its start to its end."""

    server: str
    tally: Tally
    before: Dict[str, Any]
    after: Dict[str, Any]
    memory: Optional[Tuple[int, int, float]]
    tenths: List[int]
    ended: Optional[float]  # seconds from Ctrl-C to the end; None: it had to be killed
    status: Optional[int]
    left_behind: bool
    log: str

    def defects(self) -> List[str]:
        """One sentence for whatever does not hold."""
        found = []
        for what, cases in (("wrong", self.tally.wrong), ("lost", self.tally.lost)):
            if cases:
                found.append(f"{len(cases)} {what}, the first: {cases[0]}")
        for what in COUNTED:
            if self.after[what] > self.before[what]:
                found.append(f"{what} alive: {self.before[what]} before, {self.after[what]} after")
        if self.after["tasks"] > self.before["tasks"]:
            found.append(f"tasks: {', '.join(self.after['names'][:10])}")
        if self.memory and self.memory[1] - self.memory[0] > FLAT:
            found.append(f"memory grew from {self.memory[0]} to {self.memory[1]} KiB after warm-up")
        if self.ended is None or self.ended > GRACE:
            found.append(f"did not end within {GRACE:.0f} s of Ctrl-C")
        if self.status != 0:
            found.append(f"ended with status {self.status}")
        if self.left_behind:
            found.append("left processes behind")
        words = Counter(LOG_OF_A_DEFECT.findall(self.log))
        found.extend(f"{count} times in the log: {word}" for word, count in words.items())
        return found


HEAD = (
    "| server | requests | messages | connections | vanished | wrong | lost"
    " | MiB after warm-up, at end (KiB/min) | objects before, after | tasks before, after"
    " | Ctrl-C to end |\n|" + "---|" * 11
)


def row(outcome: Outcome) -> str:
    """The line of one server."""
    tally, memory = outcome.tally, "not measured"
    if outcome.memory:
        first, last, slope = outcome.memory
        memory = f"{first / 1024:.1f}, {last / 1024:.1f} ({slope:+.0f})"
    ended = "killed" if outcome.ended is None else f"{outcome.ended:.1f} s, status {outcome.status}"
    cells: Sequence[Any] = (
        f"{outcome.server} {version(outcome.server)}",
        tally.requests,
        tally.messages,
        tally.connections,
        sum(tally.vanished.values()),
        len(tally.wrong),
        len(tally.lost),
        memory,
        f"{outcome.before['objects']}, {outcome.after['objects']}",
        f"{outcome.before['tasks']}, {outcome.after['tasks']}",
        ended,
    )
    return f"| {' | '.join(map(str, cells))} |"


def _free_port() -> int:
    with socket.socket() as free:
        free.bind((HOST, 0))
        port: int = free.getsockname()[1]
        return port


def command(server: str, port: int, way: str) -> List[str]:
    """How the server is started, by one of WAYS."""
    if way == "serve":
        start = [
            sys.executable,
            "-m",
            "asgi_compat",
            "serve",
            "benchmarks.load_app:legacy",
            "--server",
            server,
        ]
        return start + ["--host", HOST, "--port", str(port), "--log-level", "warning"]
    application = {"own": "benchmarks.load_app:converted", "bare": "benchmarks.load_app:bare"}[way]
    options = {
        "uvicorn": ["--host", HOST, "--port", str(port), "--log-level", "warning"],
        "hypercorn": ["--bind", f"{HOST}:{port}"],
        "daphne": ["-b", HOST, "-p", str(port), "-v", "0"],
        "granian": ["--interface", "asgi", "--host", HOST, "--port", str(port), "--no-access-log"],
    }
    return [sys.executable, "-m", server, *options[server], application]


async def _load(port: int) -> Dict[str, Any]:
    """What GET /load says, over a connection of its own."""
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        writer.write(b"GET /load HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        wire = h11.Connection(h11.CLIENT)
        wire.send(h11.Request(method="GET", target="/load", headers=[("Host", "localhost")]))
        wire.send(h11.EndOfMessage())
        body = b""
        while True:
            event = wire.next_event()
            if event is h11.NEED_DATA:
                wire.receive_data(await asyncio.wait_for(reader.read(65536), PATIENCE))
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage):
                seen: Dict[str, Any] = json.loads(body)
                return seen
    finally:
        writer.close()


async def _quiet(port: int) -> Dict[str, Any]:
    """What is alive once that has not changed for QUIET seconds; after 30 s, what is alive then."""
    start = since = time.monotonic()
    last = await _load(port)
    while time.monotonic() < min(since + QUIET, start + 30):
        await asyncio.sleep(0.5)
        seen = await _load(port)
        changed = any(seen[what] != last[what] for what in COUNTED)
        last, since = seen, time.monotonic() if changed else since
    return last


async def _ready(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended at its start with status {process.returncode}")
        try:
            await _load(port)
            return
        except (OSError, h11.ProtocolError):
            await asyncio.sleep(0.1)
    raise RuntimeError("the server did not answer within a minute")


async def _drive(
    process: subprocess.Popen[bytes], port: int, seconds: float, seed: int
) -> Tuple[Tally, Dict[str, Any], Dict[str, Any], Memory]:
    await _ready(process, port)
    # A first request of each kind, so that what a server makes once is there before it is counted.
    warm = Tally()
    await asyncio.gather(*(client.run() for client in _clients(port, warm, -1, time.monotonic() + 0.5)))
    before = await _quiet(port)
    tally, memory = Tally(), Memory(process.pid)
    until = time.monotonic() + seconds
    clients = [client.run() for client in _clients(port, tally, seed, until)]
    await asyncio.gather(memory.sample(until), *clients)
    return tally, before, await _quiet(port), memory


def _clients(port: int, tally: Tally, seed: int, until: float) -> List[Any]:
    if seed < 0:
        return [HttpClient(port, tally, 0, until), WebSocketClient(port, tally, 0, until)]
    first = seed * 1000
    clients: List[Any] = [HttpClient(port, tally, first + one, until) for one in range(HTTP_CLIENTS)]
    clients += [WebSocketClient(port, tally, first + 500 + one, until) for one in range(WEBSOCKET_CLIENTS)]
    return clients


async def _stop(process: subprocess.Popen[bytes], port: int) -> Optional[float]:
    """Seconds from Ctrl-C to the end, with idle connections of both kinds open; None: killed."""
    idle = [await asyncio.open_connection(HOST, port) for _ in range(5)]
    talking = [await _websocket(port) for _ in range(5)]
    start = time.monotonic()
    process.send_signal(signal.SIGINT)
    while process.poll() is None and time.monotonic() < start + 4 * GRACE:
        await asyncio.sleep(0.02)
    ended = time.monotonic() - start if process.poll() is not None else None
    for _, writer in idle:
        writer.transport.abort()
    for connection in talking:
        connection.transport.abort()
        await connection.wait_closed()
    return ended


def _left_behind(group: int) -> bool:
    deadline = time.monotonic() + 2
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except (ProcessLookupError, PermissionError):
            return False
        time.sleep(0.05)
    return True


def run(server: str, seconds: float, way: str = "serve", seed: int = 1) -> Outcome:
    """Start the server, load it, stop it. RuntimeError, with its log, when it dies under way."""
    port = _free_port()
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command(server, port, way),
            cwd=REPOSITORY,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # A session of its own: its processes can be found, and our Ctrl-C is not theirs.
            start_new_session=True,
        )

        def written() -> str:
            log.seek(0)
            return log.read().decode(errors="replace")

        try:
            try:
                tally, before, after, memory = asyncio.run(_drive(process, port, seconds, seed))
                ended = asyncio.run(_stop(process, port))
            except (OSError, RuntimeError) as error:
                raise RuntimeError(f"{server}: {error!r}; it wrote:\n{written()[-3000:]}") from error
            status, behind = process.poll(), ended is not None and _left_behind(process.pid)
        finally:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass
            process.wait()
        return Outcome(
            server=server,
            tally=tally,
            before=before,
            after=after,
            memory=memory.after(seconds * WARM_UP),
            tenths=memory.tenths(),
            ended=ended,
            status=status,
            left_behind=behind,
            log=written(),
        )


def main(arguments: List[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks load", description=__doc__.splitlines()[0])
    parser.add_argument("--server", choices=SERVERS, action="append", help="which; all four by default")
    parser.add_argument("--seconds", type=float, default=120, help="of load on each (default: 120)")
    parser.add_argument("--way", choices=WAYS, default="serve", help="how it is served (default: serve)")
    parser.add_argument("--seed", type=int, default=1, help="of the clients' dice (default: 1)")
    parser.add_argument("--log", action="store_true", help="print the end of what the server wrote")
    chosen = parser.parse_args(arguments)
    print(f"{chosen.seconds:.0f} s of load on each, {HTTP_CLIENTS} + {WEBSOCKET_CLIENTS} connections at most")
    print(HEAD, flush=True)
    status = 0
    for server in chosen.server or SERVERS:
        outcome = run(server, chosen.seconds, chosen.way, chosen.seed)
        print(row(outcome), flush=True)
        if outcome.tenths:
            print(f"    MiB over time: {' '.join(f'{kib / 1024:.1f}' for kib in outcome.tenths)}")
        for defect in outcome.defects():
            status = 1
            print(f"    {server}: {defect}", flush=True)
        if chosen.log and outcome.log:
            print(outcome.log[-4000:])
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
