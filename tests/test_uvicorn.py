"""Both adapters on the uvicorn that is installed, whichever release that is.

The matrix of tox.ini has it from 0.7.0 to the newest, so this file asks little of its surroundings: the
server is started through the command line that all of them have, and the client is the standard library.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Iterator, Tuple

import pytest

import asgi_compat

HOST = "127.0.0.1"
START_TIMEOUT = 60.0  # seconds, for a machine that does other things besides
TALK_TIMEOUT = 20.0
STOP_TIMEOUT = 20.0

# One application in the old style, and what each adapter makes of it.
APPLICATION = """
from asgi_compat import double_to_single_callable, guarantee_double_callable, guarantee_single_callable
from asgi_compat import single_to_double_callable

started = []


def double(scope):
    async def instance(receive, send):
        if scope["type"] == "lifespan":
            while True:
                event = await receive()
                started.append(event["type"])
                await send({"type": event["type"] + ".complete"})
                if event["type"] == "lifespan.shutdown":
                    return
        elif scope["type"] == "http":
            body, more = b"", True
            while more:
                event = await receive()
                body, more = body + event.get("body", b""), event.get("more_body", False)
            answer = scope["path"].encode() + b" " + body + b" " + ",".join(started).encode()
            headers = [(b"content-length", str(len(answer)).encode())]
            await send({"type": "http.response.start", "status": 201, "headers": headers})
            await send({"type": "http.response.body", "body": answer[:3], "more_body": True})
            await send({"type": "http.response.body", "body": answer[3:]})
        else:
            assert (await receive())["type"] == "websocket.connect"
            await send({"type": "websocket.accept"})
            while True:
                event = await receive()
                if event["type"] == "websocket.disconnect":
                    return
                await send({"type": "websocket.send", "text": "echo " + event["text"]})

    return instance


single = double_to_single_callable(double)
guaranteed = guarantee_single_callable(double)


async def modern(scope, receive, send):
    await double(scope)(receive, send)


same = guarantee_single_callable(modern)
turned = single_to_double_callable(modern)
demanded = guarantee_double_callable(modern)
"""


def version() -> Tuple[int, ...]:
    """The release of uvicorn, as numbers."""
    uvicorn = pytest.importorskip("uvicorn")
    return tuple(int(part) for part in re.findall(r"\d+", uvicorn.__version__)[:3])


def speaks_websocket() -> bool:
    """Whether this uvicorn has a WebSocket implementation that runs on this Python."""
    # 0.11 insists on websockets 8, which passes loop= to asyncio.Lock; that has gone in Python 3.10.
    return version() >= (0, 12) or sys.version_info < (3, 10)


@contextmanager
def serving(directory: Path, name: str, *arguments: str) -> Iterator[int]:
    """Serve ``name`` of the application above and give the port; assert a clean end by Ctrl-C."""
    (directory / "application.py").write_text(APPLICATION, encoding="utf-8")
    with closing(socket.socket()) as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    # Not `python -m uvicorn`, which 0.7 does not have. And asyncio: the uvloop that a uvicorn of 2019 gets
    # today does not start under it, or not on this Python.
    command = [sys.executable, "-c", "from uvicorn.main import main; main()", f"application:{name}"]
    command += ["--host", HOST, "--port", str(port)]
    command += ["--loop", "asyncio", *arguments]
    where = os.pathsep.join([str(directory), str(Path(asgi_compat.__file__).resolve().parent.parent)])
    log = directory / "log.txt"
    with open(log, "wb") as output:
        server = subprocess.Popen(
            command,
            cwd=str(directory),
            env=dict(os.environ, PYTHONPATH=where),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            deadline = time.monotonic() + START_TIMEOUT
            while True:
                assert server.poll() is None, log.read_text(encoding="utf-8")
                try:
                    socket.create_connection((HOST, port), timeout=1).close()
                    break
                except OSError:
                    assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
                    time.sleep(0.05)
            yield port
            server.send_signal(signal.SIGINT)
            code = server.wait(STOP_TIMEOUT)
        finally:
            server.kill()
            server.wait()
    text = log.read_text(encoding="utf-8")
    # uvicorn 0.29 to 0.32 sends itself the captured signal again at the end; the others return.
    assert code in (0, -signal.SIGINT, 130), text
    assert "Traceback" not in text.replace("KeyboardInterrupt", "") or "KeyboardInterrupt" in text, text
    for unwanted in ("never awaited", "ASGI 'lifespan' protocol appears unsupported", "Exception in ASGI"):
        assert unwanted not in text, text


def post(port: int, path: str, body: bytes) -> Tuple[int, bytes]:
    """POST over one connection and return status and body."""
    with closing(http.client.HTTPConnection(HOST, port, timeout=TALK_TIMEOUT)) as connection:
        connection.request("POST", path, body=body)
        response = connection.getresponse()
        return response.status, response.read()


def echo(port: int, text: str) -> str:
    """Open a WebSocket, send one short text and return the one that comes back."""
    key = base64.b64encode(os.urandom(16))
    with closing(socket.create_connection((HOST, port), timeout=TALK_TIMEOUT)) as connection:
        connection.sendall(
            b"GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + key + b"\r\n\r\n"
        )
        stream = connection.makefile("rb")
        with closing(stream):
            status = stream.readline()
            assert b" 101 " in status, status
            headers = b""
            while not headers.endswith(b"\r\n\r\n"):
                line = stream.readline()
                assert line, headers
                headers += line
            accept = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
            assert accept in headers
            payload = text.encode()
            connection.sendall(bytes([0x81, 0x80 | len(payload)]) + b"\0\0\0\0" + payload)
            first, length = stream.read(2)
            assert first == 0x81 and length < 126
            return stream.read(length).decode()


@pytest.mark.parametrize("name", ["single", "guaranteed", "same"])
def test_uvicorn_serves_it_as_single(name: str, tmp_path: Path) -> None:
    """What the single-callable adapters return is served as ASGI3: HTTP, WebSocket, lifespan, Ctrl-C."""
    with serving(tmp_path, name) as port:
        assert post(port, "/path", b"body") == (201, b"/path body lifespan.startup")
        assert post(port, "/again", b"") == (201, b"/again  lifespan.startup")
        if speaks_websocket():
            assert echo(port, "hello") == "echo hello"


@pytest.mark.parametrize("name", ["turned", "demanded"])
def test_uvicorn_serves_it_as_double(name: str, tmp_path: Path) -> None:
    """What the double-callable adapters return is found out and served as ASGI2."""
    with serving(tmp_path, name) as port:
        assert post(port, "/path", b"body") == (201, b"/path body lifespan.startup")
        if speaks_websocket():
            assert echo(port, "hello") == "echo hello"


def test_the_interface_can_be_forced(tmp_path: Path) -> None:
    """`--interface asgi3` takes the adapter as it is."""
    with serving(tmp_path, "single", "--interface", "asgi3") as port:
        assert post(port, "/path", b"body") == (201, b"/path body lifespan.startup")


def test_the_specification_of_this_environment() -> None:
    """tox promises a release of asgiref and of uvicorn; this is what was installed in truth."""
    from importlib.metadata import version as installed

    wanted = os.environ.get("TOX_ENV_NAME", "")
    if wanted.endswith("-oldest"):
        assert installed("asgiref") == "3.0.0"
        assert version() < (0, 14)
    else:
        assert tuple(map(int, installed("asgiref").split("."))) >= (3, 8)
        assert version() >= (0, 33)
