"""One of the modern servers in a process of its own, on a free port, as a test needs it.

>>> with LiveServer("examples.scope_dump:asgi2", "hypercorn") as server:  # doctest: +SKIP
...     httpx.get(server.url + "/").json()["type"]
'http'

It is started by ``python -m asgi_compat serve``, as a person would, and stopped as a person would, by
Ctrl-C. Leaving the ``with`` block asserts that it ended with status 0, in time, without a process left
behind and without anything in its log that nobody wants to see there.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, List, Mapping, Optional, Sequence

SERVERS = ("uvicorn", "hypercorn", "daphne", "granian")
SERVERS_WITH_WORKERS = ("uvicorn", "hypercorn", "granian")
SERVERS_WITH_LIFESPAN = ("uvicorn", "hypercorn", "granian")

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"

# Seconds. A server is there after one or two on an idle machine; a machine that runs several test
# environments at once takes ten times as long, and that is no failure.
START_TIMEOUT = 60.0
STOP_TIMEOUT = 15.0

#: What a log must not have, whatever the exit status was.
UNWANTED = re.compile(
    r"Traceback \(most recent call last\)"
    r"|was never awaited"
    r"|Task was destroyed but it is pending"
    r"|exception was never retrieved"
    r"|ResourceWarning"
    r"|panicked at"
)
# What each worker writes as soon as it serves.
WORKER_IS_UP = {
    "uvicorn": re.compile(r"Application startup complete"),
    "hypercorn": re.compile(r"Running on http"),
    "granian": re.compile(r"Started worker-\d+$", re.MULTILINE),
}
ADDRESS_IN_USE = 5  # the exit status of `serve` for it


def free_port() -> int:
    """Return a port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


class LiveServer:
    """A server process: ``start()``, ``wait()`` until it listens, speak to ``url``, ``stop()``.

    ``application`` is an import string, ``server`` one of SERVERS, ``arguments`` go to the ``serve``
    command as they are. ``start()`` returns at once, so that several can start at the same time.
    """

    def __init__(
        self,
        application: Optional[str],
        server: str,
        *,
        workers: Optional[int] = None,
        arguments: Sequence[str] = (),
        environment: Optional[Mapping[str, str]] = None,
        directory: Path = ROOT,
    ) -> None:
        self.application = application
        self.server = server
        self.workers = workers
        self.arguments = list(arguments)
        self.environment = dict(environment or {})
        self.directory = directory
        self.port = 0
        self._process: Optional[subprocess.Popen[bytes]] = None
        self._log: Any = None
        self._last_words = ""

    def __repr__(self) -> str:
        return f"<LiveServer {self.application} on {self.server} at {self.url}>"

    @property
    def url(self) -> str:
        """The address without a path: ``http://127.0.0.1:54321``."""
        return f"http://{HOST}:{self.port}"

    @property
    def ws_url(self) -> str:
        """The same for WebSockets: ``ws://127.0.0.1:54321``."""
        return f"ws://{HOST}:{self.port}"

    @property
    def log(self) -> str:
        """Everything the server has written so far, standard output and error together.

        After ``stop()`` it is what it wrote to its end.
        """
        if self._log is None:
            return self._last_words
        with open(self._log.name, encoding="utf-8", errors="replace") as file:
            return file.read()

    def command(self) -> List[str]:
        command = [sys.executable, "-m", "asgi_compat", "serve"]
        if self.application is not None:
            command.append(self.application)
        command += ["--server", self.server, "--host", HOST, "--port", str(self.port)]
        if self.workers is not None:
            command += ["--workers", str(self.workers)]
        return command + self.arguments

    def start(self) -> None:
        """Start the process and return at once."""
        self.port = free_port()
        self._log = tempfile.NamedTemporaryFile(prefix="live_server_", suffix=".log", delete=False)
        self._process = subprocess.Popen(
            self.command(),
            cwd=str(self.directory),
            env={
                **os.environ,
                # What is printed must be in the log at the time the test looks.
                "PYTHONUNBUFFERED": "1",
                **self.environment,
            },
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            # A session of its own: a Ctrl-C meant for pytest does not reach the server, and what the
            # server leaves behind can be found.
            start_new_session=True,
        )

    def wait(self) -> None:
        """Return as soon as the server takes connections; AssertionError with its log when it does not.

        With several workers: as soon as all of them do. What is asked for at the log level "info" says so.
        """
        deadline = time.monotonic() + START_TIMEOUT
        attempts = 3
        while True:
            assert self._process is not None, "start() comes first"
            if self._process.poll() is not None:
                # Between free_port() and the server's bind somebody else can take the port.
                if self._process.returncode == ADDRESS_IN_USE and attempts:
                    attempts -= 1
                    self.discard()
                    self.start()
                    continue
                raise AssertionError(f"{self!r} ended with status {self._process.returncode}:\n{self.log}")
            if self._listens():
                return
            if time.monotonic() > deadline:
                raise AssertionError(f"{self!r} did not listen within {START_TIMEOUT:.0f} s:\n{self.log}")
            time.sleep(0.02)

    def _listens(self) -> bool:
        if self.workers is not None and len(WORKER_IS_UP[self.server].findall(self.log)) < self.workers:
            return False
        try:
            socket.create_connection((HOST, self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def stop(self, number: int = signal.SIGINT) -> None:
        """Stop the server by a signal, as Ctrl-C does, and assert that it ends as it should."""
        assert self._process is not None, "start() comes first"
        try:
            early = self._process.poll()
            assert early is None, f"{self!r} ended with status {early} before its time:\n{self.log}"
            self._process.send_signal(number)
            try:
                code = self._process.wait(STOP_TIMEOUT)
            except subprocess.TimeoutExpired:
                raise AssertionError(f"{self!r} did not end in {STOP_TIMEOUT:.0f} s:\n{self.log}") from None
            assert code == 0, f"{self!r} ended with status {code}:\n{self.log}"
            assert not self._left_behind(), f"{self!r} left processes behind:\n{self.log}"
            unwanted = UNWANTED.search(self.log)
            assert not unwanted, f"{self!r} logged {unwanted and unwanted.group()!r}:\n{self.log}"
        finally:
            self.discard()

    def discard(self) -> None:
        """End the process, its children and its log, whatever state they are in. Asserts nothing."""
        if self._process is not None:
            try:
                os.killpg(self._process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass
            self._process.wait()
            self._process = None
        if self._log is not None:
            self._last_words = self.log
            self._log.close()
            os.unlink(self._log.name)
            self._log = None

    def _left_behind(self) -> bool:
        # A child that ends at the same moment may be there for an instant, and on a machine that is busy
        # for some seconds: multiprocessing's resource tracker ends after its parent.
        assert self._process is not None
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                os.killpg(self._process.pid, 0)
            except (ProcessLookupError, PermissionError):
                return False
            time.sleep(0.02)
        return True

    def __enter__(self) -> LiveServer:
        if self._process is None:
            self.start()
        try:
            self.wait()
        except BaseException:
            self.discard()
            raise
        return self

    def __exit__(self, kind: Any, *rest: Any) -> None:
        if self._process is None:
            return  # the test has stopped it, to see what comes after
        if kind is None:
            self.stop()
        else:
            # The failure of the test is the news; the log says why.
            sys.stderr.write(f"--- log of {self!r}\n{self.log}\n")
            self.discard()
