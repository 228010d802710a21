"""Start a server of either day by its own command line, wait until it listens, end it.

Only the standard library: the interpreter that runs this is not the one that runs the server.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Dict, List, Optional, Sequence, Type

from .environments import INHERITED

APPS = Path(__file__).resolve().parent / "apps"

# Two cores may be shared with other work; a Django project needs a few seconds to migrate.
START_PATIENCE = 40.0
STOP_PATIENCE = 8.0


@dataclass(frozen=True)
class Server:
    """One way to start one server: `arguments` with {app}, {port} filled in, behind its console script."""

    name: str
    module: str
    arguments: Sequence[str]
    root_path: Sequence[str]
    # Does it speak the lifespan protocol? daphne never did.
    lifespan: bool = True

    def command(self, python: str, app: str, port: int, root_path: str) -> List[str]:
        arguments = list(self.arguments) + (list(self.root_path) if root_path else [])
        filled = [part.format(app=app, port=port, root_path=root_path) for part in arguments]
        script = os.path.join(os.path.dirname(python), self.module)
        return [python, "-W", "ignore", script] + filled


_UVICORN = ["{app}", "--host", "127.0.0.1", "--port", "{port}", "--log-level", "warning", "--loop", "asyncio"]
_HYPERCORN = ["{app}", "--bind", "127.0.0.1:{port}"]
_DAPHNE = ["-b", "127.0.0.1", "-p", "{port}", "{app}"]
_ROOT_PATH = ["--root-path", "{root_path}"]

# The servers of 2019, in the manner of servers-then.txt.
THEN = {
    server.name: server
    for server in (
        Server(
            "uvicorn-0.5.2-h11-websockets",
            "uvicorn",
            _UVICORN + ["--http", "h11", "--ws", "websockets"],
            _ROOT_PATH,
        ),
        Server(
            "uvicorn-0.5.2-httptools-wsproto",
            "uvicorn",
            _UVICORN + ["--http", "httptools", "--ws", "wsproto"],
            _ROOT_PATH,
        ),
        Server("hypercorn-0.5.4", "hypercorn", _HYPERCORN, _ROOT_PATH),
        Server("daphne-2.3.0", "daphne", _DAPHNE, ["--root-path={root_path}"], lifespan=False),
    )
}

# The servers of today, by their own command line.
TODAY = {
    server.name: server
    for server in (
        Server("uvicorn", "uvicorn", _UVICORN + ["--http", "h11", "--ws", "websockets"], _ROOT_PATH),
        Server(
            "uvicorn-sansio",
            "uvicorn",
            _UVICORN + ["--http", "httptools", "--ws", "websockets-sansio"],
            _ROOT_PATH,
        ),
        Server("uvicorn-wsproto", "uvicorn", _UVICORN + ["--http", "h11", "--ws", "wsproto"], _ROOT_PATH),
        Server("hypercorn", "hypercorn", _HYPERCORN, _ROOT_PATH),
        Server("daphne", "daphne", _DAPHNE, ["--root-path={root_path}"], lifespan=False),
        Server(
            "granian",
            "granian",
            [
                "--interface",
                "asgi",
                "--host",
                "127.0.0.1",
                "--port",
                "{port}",
                "--log-level",
                "warning",
                "{app}",
            ],
            ["--url-path-prefix", "{root_path}"],
        ),
    )
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class DidNotStart(Exception):
    """The server ended, or never listened; the message ends with what it printed."""


class Running:
    """A context manager around one server process; `stop()` may be called earlier to see the shutdown."""

    def __init__(
        self,
        command: Sequence[str],
        port: int,
        path: Sequence[str],
        environment: Optional[Dict[str, str]] = None,
    ):
        self.command = list(command)
        self.port = port
        self._folder = tempfile.TemporaryDirectory(prefix="legacy_run_")
        self.shutdown_file = Path(self._folder.name) / "shutdown.txt"
        self._log_name = Path(self._folder.name) / "log.txt"
        self._environment = dict(INHERITED)
        for name in ("PYTHONPATH", "PYTHONWARNINGS", "PYTHONHOME", "VIRTUAL_ENV"):
            self._environment.pop(name, None)
        self._environment.update(
            PYTHONPATH=os.pathsep.join(path),
            PYTHONUNBUFFERED="1",
            PYTHONHASHSEED="0",
            LEGACY_SHUTDOWN_FILE=str(self.shutdown_file),
            **(environment or {}),
        )
        self._process: Optional[subprocess.Popen[bytes]] = None
        self.ended_in_time: Optional[bool] = None

    @property
    def log(self) -> str:
        return self._log_name.read_text("utf-8", "replace") if self._log_name.exists() else ""

    def __enter__(self) -> Running:
        with open(self._log_name, "wb") as log:
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._environment,
                cwd=self._folder.name,
                start_new_session=True,
            )
        try:
            self._wait()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def _wait(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + START_PATIENCE
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise DidNotStart(f"exit code {self._process.returncode}\n{self.log[-3000:]}")
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    break
            except OSError:
                time.sleep(0.15)
        else:
            raise DidNotStart(f"does not listen after {START_PATIENCE:.0f} s\n{self.log[-3000:]}")

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self) -> Optional[str]:
        """End the server as an operator does; what the application's shutdown wrote, or None."""
        if self._process is not None:
            if self._process.poll() is None:
                self._process.send_signal(signal.SIGTERM)
                try:
                    self._process.wait(STOP_PATIENCE)
                    self.ended_in_time = True
                except subprocess.TimeoutExpired:
                    self.ended_in_time = False
            try:
                # The whole group: workers of a master that had to be killed would stay behind.
                os.killpg(self._process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass
            self._process.wait()
        return self.shutdown_file.read_text() if self.shutdown_file.exists() else None

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.stop()
        self._folder.cleanup()
