"""Each server of today, started by its own command line, or by ``python -m asgi_compat serve``.

A column of the table is a way to serve one application. `Server` is what ``tests/live_server.py`` has,
started and ended in this way.
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Dict, List, NamedTuple, Optional, Sequence

from live_server import HOST, STOP_TIMEOUT, LiveServer

HERE = Path(__file__).resolve().parent


class Column(NamedTuple):
    """One way to serve."""

    name: str
    #: Whose deviations are its own.
    server: str
    #: What python gets; {app} and {port} are filled in.
    arguments: Sequence[str]
    ends_by: int = signal.SIGINT


# -bb: a bytes and a str that are mixed up end in an error, in the library too. Twisted (26.10) itself
# compares the two.
UVICORN = ("-bb", "-m", "uvicorn", "{app}", "--host", HOST, "--port", "{port}")

COLUMNS: Dict[str, Column] = {
    row.name: row
    for row in (
        Column(
            "uvicorn-h11-websockets",
            "uvicorn",
            (*UVICORN, "--http", "h11", "--ws", "websockets", "--loop", "asyncio"),
        ),
        Column(
            "uvicorn-httptools-sansio",
            "uvicorn",
            (*UVICORN, "--http", "httptools", "--ws", "websockets-sansio", "--loop", "uvloop"),
        ),
        Column(
            "uvicorn-h11-wsproto",
            "uvicorn",
            (*UVICORN, "--http", "h11", "--ws", "wsproto", "--loop", "asyncio"),
        ),
        Column("hypercorn", "hypercorn", ("-bb", "-m", "hypercorn", "{app}", "--bind", HOST + ":{port}")),
        Column("daphne", "daphne", ("-m", "daphne", "-b", HOST, "-p", "{port}", "{app}")),
        Column(
            "granian",
            "granian",
            (
                "-bb",
                "-m",
                "granian",
                "{app}",
                "--interface",
                "asgi",
                "--http",
                "auto",
                "--host",
                HOST,
                "--port",
                "{port}",
            ),
        ),
    )
}

#: gunicorn, with its own worker (which compares the two as well, for HEAD) and with uvicorn's (which waits
#: for 30 s after Ctrl-C).
GUNICORN = ("-m", "gunicorn", "{app}", "--bind", HOST + ":{port}", "-k")
HOSTS: Dict[str, Column] = {
    row.name: row
    for row in (
        Column("gunicorn-asgi", "gunicorn", (*GUNICORN, "asgi")),
        Column(
            "gunicorn-uvicorn-worker",
            "gunicorn-uvicorn-worker",
            (*GUNICORN, "uvicorn_worker.UvicornWorker"),
            signal.SIGTERM,
        ),
        Column(
            "hypercorn-trio",
            "hypercorn-trio",
            ("-bb", "-m", "hypercorn", "-k", "trio", "{app}", "--bind", HOST + ":{port}"),
        ),
    )
}

#: The same server, asked in another protocol.
HTTP2: Dict[str, Column] = {
    "hypercorn-http2": Column(
        "hypercorn-http2", "hypercorn-http2", (*COLUMNS["hypercorn"].arguments, "--keep-alive", "1")
    )
}

#: Direction B: the servers that still call a double-callable (hypercorn 0.18 and granian 2.8 do not).
BACKWARDS: Dict[str, Column] = {
    row.name: row
    for row in (
        Column(
            "uvicorn-asgi2",
            "uvicorn-asgi2",
            (*UVICORN, "--interface", "asgi2", "--http", "h11", "--ws", "websockets", "--loop", "asyncio"),
        ),
        Column("daphne-asgi2", "daphne-asgi2", COLUMNS["daphne"].arguments),
    )
}

SERVE = ("-m", "asgi_compat", "serve", "{app}", "--host", HOST, "--port", "{port}", "--server")
SERVED: Dict[str, Column] = {
    f"serve-{name}": Column(f"serve-{name}", name, (*SERVE, name))
    for name in ("uvicorn", "hypercorn", "daphne", "granian")
}


#: Seconds. daphne looks after its applications, and logs what became of them, once a second.
LOG_PATIENCE = 5.0
#: The errors of the applications here, as they end a traceback.
OURS = re.compile(r"^(?:odd_application\.|asgi_compat\.)?(ApplicationError|AppMessageError): ", re.M)


class Server(LiveServer):
    """A column at work with an application of this folder, named by its import string."""

    def __init__(self, column: Column, application: str, arguments: Sequence[str] = ()) -> None:
        super().__init__(application, column.server, arguments=arguments, directory=HERE)
        self.column = column

    def __repr__(self) -> str:
        return f"<Server {self.application} on {self.column.name} at {self.url}>"

    def start(self) -> None:
        """Start the process and return at once."""
        # A shell that runs the tests in the background makes them ignore Ctrl-C, and with them what they
        # start. Three servers take their signals all the same, Twisted leaves an ignored one alone.
        ours = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            super().start()
        finally:
            signal.signal(signal.SIGINT, ours)

    def command(self) -> List[str]:
        named = {"app": self.application, "port": self.port}
        return [
            sys.executable,
            *(word.format(**named) for word in self.column.arguments),
            *self.arguments,
        ]

    @property
    def alive(self) -> bool:
        """Whether the process is still there."""
        return self._process is not None and self._process.poll() is None

    def __enter__(self) -> Server:
        super().__enter__()
        return self

    def interrupt(self) -> None:
        """Press Ctrl-C, or what ends this server."""
        assert self._process is not None, "start() comes first"
        self._process.send_signal(self.column.ends_by)

    def ended(self, seconds: float) -> Optional[int]:
        """Wait until the process ends by itself and give its status, None if it does not."""
        assert self._process is not None, "start() comes first"
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def errors(self, expected: int) -> Counter[str]:
        """Count the application's errors in the log by their names; so many have to come in time."""
        deadline = time.monotonic() + LOG_PATIENCE
        while True:
            found = Counter(OURS.findall(self.log))
            if sum(found.values()) >= expected or time.monotonic() > deadline:
                return found
            time.sleep(0.1)

    def wait(self) -> None:
        """Return as soon as it takes connections; start again if somebody else got the port."""
        for _ in range(3):
            try:
                return super().wait()
            except AssertionError:
                if self.alive or not re.search(r"address already in use", self.log, re.IGNORECASE):
                    raise
                self.discard()
                self.start()
        return super().wait()

    def stop(self, number: int = signal.SIGINT) -> None:
        """End it by Ctrl-C, and assert that it ends in time, as it should, and leaves nothing behind.

        Other than that of `LiveServer` it does not look into the log: the errors of applications are there.
        """
        try:
            assert self.alive, f"{self!r} ended before its time:\n{self.log}"
            self.interrupt()
            status = self.ended(STOP_TIMEOUT)
            assert status is not None, f"{self!r} did not end in {STOP_TIMEOUT:.0f} s:\n{self.log}"
            # Some end by the signal itself, once they are through with everything else.
            assert status in (0, -number), f"{self!r} ended with status {status}:\n{self.log}"
            assert not self._left_behind(), f"{self!r} left processes behind:\n{self.log}"
        finally:
            self.discard()
