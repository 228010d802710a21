"""Programs behind uvicorn, on sockets, in a thread of this process."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
import time
from contextlib import contextmanager
from typing import Any, Iterator, List

import uvicorn

HOST = "127.0.0.1"
#: Seconds; only what hangs takes as long.
TIMEOUT = 20.0


class Running:
    """A server that runs: where it is, and what it and the library have written to the log."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.log: List[str] = []

    @property
    def url(self) -> str:
        """The address for HTTP."""
        return f"http://{HOST}:{self.port}"

    @property
    def ws_url(self) -> str:
        """The address for WebSockets."""
        return f"ws://{HOST}:{self.port}"


class _Collector(logging.Handler):
    def __init__(self, lines: List[str]) -> None:
        super().__init__(logging.INFO)
        self.lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@contextmanager
def serving(app: Any) -> Iterator[Running]:
    """Run a single-callable application on uvicorn until the block is left."""
    with socket.socket() as listening:
        listening.bind((HOST, 0))
        listening.listen()
        running = Running(listening.getsockname()[1])
        server = uvicorn.Server(
            uvicorn.Config(app, interface="asgi3", log_config=None, timeout_graceful_shutdown=2)
        )
        collector = _Collector(running.log)
        loggers = [logging.getLogger(name) for name in ("asgi_compat", "uvicorn")]
        before = [(logger, logger.level) for logger in loggers]
        for logger in loggers:
            logger.addHandler(collector)
            logger.setLevel(logging.INFO)
        thread = threading.Thread(target=asyncio.run, args=(server.serve(sockets=[listening]),), daemon=True)
        thread.start()
        try:
            deadline = time.monotonic() + TIMEOUT
            while thread.is_alive() and not server.started and time.monotonic() < deadline:
                time.sleep(0.01)
            assert server.started, "\n".join(["the application does not start", *running.log])
            yield running
        finally:
            server.should_exit = True
            thread.join(TIMEOUT)
            stuck = thread.is_alive()
            for logger, level in before:
                logger.removeHandler(collector)
                logger.setLevel(level)
        assert not stuck, "the server does not stop"
