"""gunicorn's own ASGI worker on a unix socket gives ``server=("/", "t")``, and every request was a 500."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest
from starting import HOSTS, Server

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="gunicorn has no command for Windows")


def get(path: str, target: bytes) -> bytes:
    """Return the answer to a request on a unix socket."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(20)
        line.connect(path)
        line.sendall(b"GET " + target + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        answer = b""
        while True:
            piece = line.recv(65536)
            if not piece:
                return answer
            answer += piece


@pytest.mark.parametrize("application", ["plain", "back"])
def test_gunicorn_on_a_unix_socket_answers(application: str, tmp_path: Path) -> None:
    path = str(tmp_path / "t")
    with Server(HOSTS["gunicorn-asgi"], f"unix_application:{application}", ("--bind", f"unix:{path}")):
        for _ in range(3):
            answer = get(path, b"/")
            assert answer.startswith(b"HTTP/1.1 200 ") and b"server None" in answer, answer
