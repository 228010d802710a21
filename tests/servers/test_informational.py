"""gunicorn's own ASGI worker takes ``http.response.informational`` without announcing it."""

from __future__ import annotations

import socket

import pytest
from starting import HOSTS, Server


@pytest.mark.parametrize("application", ["current", "converted", "behind"])
def test_informational_response_reaches_the_client(application: str) -> None:
    with Server(HOSTS["gunicorn-asgi"], f"informational_application:{application}") as server:
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as line:
            line.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            answer = b""
            while True:
                piece = line.recv(65536)
                if not piece:
                    break
                answer += piece
    first, _, rest = answer.partition(b"\r\n\r\n")
    assert first.startswith(b"HTTP/1.1 103 ") and b"link: </style.css>; rel=preload" in first
    assert rest.startswith(b"HTTP/1.1 200 ") and rest.endswith(b"hello")
