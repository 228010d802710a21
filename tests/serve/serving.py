"""An application to serve, and ``python -m asgi_compat serve`` in a process of its own."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional

import httpx
from websocket_client import connect

SERVERS = ("uvicorn", "hypercorn", "daphne", "granian")


WITH_WORKERS = ("uvicorn", "hypercorn", "granian")


#: A hang, on whatever machine. What is promised is two seconds; what was needed is printed.
HANG = 40.0


APPLICATION = """
import json, os, sys

def note(what):
    with open(os.environ["NOTES"], "a") as file:
        file.write(what + "\\n")

note("import")

async def answer(scope, send, **more):
    facts = {"pid": os.getpid(), "root_path": scope.get("root_path"), "path": scope["path"], **more}
    body = json.dumps(facts).encode()
    headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})

async def speak_lifespan(receive, send):
    while True:
        message = await receive()
        note(message["type"])
        await send({"type": message["type"] + ".complete"})
        if message["type"] == "lifespan.shutdown":
            return

async def speak_websocket(scope, receive, send):
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.send", "text": str(scope.get("root_path"))})
    while (await receive())["type"] != "websocket.disconnect":
        pass

async def converse(scope, receive, send):
    if scope["type"] == "lifespan":
        await speak_lifespan(receive, send)
    elif scope["type"] == "websocket":
        await speak_websocket(scope, receive, send)
    else:
        seconds = {"/four-seconds": 4, "/minute": 60}.get(scope["path"])
        if seconds:
            import asyncio
            note(scope["path"][1:])
            await asyncio.sleep(seconds)
        await answer(scope, send, version=VERSION)

VERSION = 1

async def single(s, r, w):                  # odd names: daphne calls by keyword
    await converse(s, r, w)

def double(scope):
    async def instance(receive, send):
        await converse(scope, receive, send)
    return instance

def returning(*arguments):                  # nobody can see what it is
    if len(arguments) == 3:
        return converse(*arguments)
    return double(*arguments)

def create_app():
    note("create_app")
    return double

def of_2017(scope):                         # the names of the first draft, and a start-up it does not know
    assert scope["type"] == "http"
    async def instance(receive, send):
        await send({"type": "http.response.start", "status": "200", "headers": {"X-Old": "yes"}})
        await send({"type": "http.response.content", "content": scope["asgi"]["version"].encode()})
    return instance

async def printing(scope, receive, send):
    print("to standard output", flush=True)
    sys.stderr.write("to standard error\\n")
    await converse(scope, receive, send)

async def fails(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "the database is away"})
        return
    await converse(scope, receive, send)
"""


def notes(project: Path) -> List[str]:
    return (project.parent / "notes").read_text().split()


def wait_for(happened: Callable[[], bool], running: Any) -> None:
    deadline = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < deadline and running.process.poll() is None, running.text()
        time.sleep(0.05)


class Running:
    """``python -m asgi_compat serve ... --port 0``, until the block is left."""

    def __init__(self, arguments: str, directory: Path, *, grace: Optional[int] = 1, port: int = 0) -> None:
        arguments, dashes, handed_on = arguments.partition(" -- ")
        options = [*arguments.split(), "--port", str(port)]
        if grace and "daphne" not in options:  # which has no such option, and ends at once
            options += ["--timeout-graceful-shutdown", str(grace)]
        rest = ["--", *handed_on.split()] if dashes else []
        self.log = directory.parent / "log"
        self.file = open(self.log, "wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "asgi_compat", "serve", *options, *rest],
            cwd=str(directory), stdin=subprocess.DEVNULL, stdout=self.file, stderr=self.file,
            start_new_session=True,
        )  # fmt: skip
        self.port = 0

    def text(self) -> str:
        return self.log.read_text(errors="replace")

    def wait(self) -> Running:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            printed = re.search(r"http://127\.0\.0\.1:(\d+)", self.text())
            if printed:
                self.port = int(printed.group(1))
                with contextlib.suppress(OSError):
                    socket.create_connection(("127.0.0.1", self.port), 1).close()
                    return self
            time.sleep(0.05)
        raise AssertionError(f"it does not listen:\n{self.text()}")

    def get(self, path: str = "/") -> Dict[str, Any]:
        response = httpx.get(f"http://127.0.0.1:{self.port}{path}", timeout=20)
        assert response.status_code == 200, response.text
        facts: Dict[str, Any] = response.json()
        return facts

    def websocket(self, path: str) -> Any:
        return connect(f"ws://127.0.0.1:{self.port}{path}", open_timeout=20, close_timeout=1)

    def end(self, number: int = signal.SIGINT, *, group: bool = False) -> None:
        """Ask it to end as Ctrl-C does (the whole group) or as an init system does (the one process)."""
        started = time.monotonic()
        (os.killpg if group else os.kill)(self.process.pid, number)
        try:
            status: Optional[int] = self.process.wait(HANG)
        except subprocess.TimeoutExpired:
            status = None
        print(f"ended in {time.monotonic() - started:.2f} s")
        assert status == 0, f"status {status}:\n{self.text()}"
        assert "Traceback" not in self.text(), self.text()

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *_: Any) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.file.close()


Start = Callable[[str], Running]
