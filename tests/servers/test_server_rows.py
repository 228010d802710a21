"""A row of ``_messages/servers.py`` claims nothing that its server does not keep.

Each server gets requests and WebSockets of many shapes. Inside it, the functions that are compiled with its
row are compared with those that have every rule, on the server's own scopes and events.
"""

from __future__ import annotations

import json
import socket
from typing import Any, Dict, List

import pytest
from starting import COLUMNS, HOSTS, Column, Server
from websockets.sync.client import connect

from asgi_compat._messages.servers import SERVERS

TRIO = Column(
    "hypercorn-trio",
    "hypercorn",
    ("-bb", "-m", "hypercorn", "-k", "trio", "--bind", "127.0.0.1:{port}", "{app}"),
)
KNOWN: Dict[str, Column] = {**COLUMNS, "gunicorn": HOSTS["gunicorn-asgi"], "hypercorn-trio": TRIO}
#: Rows that trust a scope only while nothing in between has replaced it.
KEEPERS = {row.name for row in SERVERS if row.scope is not None}

REQUESTS: List[bytes] = [
    b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    b"GET /a%2Fb/%C3%A9?x=%20&y HTTP/1.1\r\nHOST: A\r\nX-UPPER: 1\r\nx-twice: 1\r\nX-Twice: 2\r\n"
    b"Connection: close\r\n\r\n",
    b"POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc",
    b"POST /up HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    b"3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n",
    b"HEAD / HTTP/1.1\r\nHost: a\r\nX-Latin: \xe9\r\nConnection: close\r\n\r\n",
    b"GET / HTTP/1.0\r\n\r\n",
]


def ask(port: int, data: bytes) -> Any:
    """Send a request and return the JSON of its answer, None where it has no body."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(data)
        answer = b""
        while True:
            piece = line.recv(65536)
            if not piece:
                break
            answer += piece
    assert b" 200 " in answer.split(b"\r\n", 1)[0], answer
    found = answer.find(b"{")
    return json.loads(answer[found : answer.rindex(b"}") + 1]) if found >= 0 else None


def answers(port: int) -> List[Any]:
    """Return what the application says of every request and of WebSockets."""
    said = [ask(port, data) for data in REQUESTS]
    for message in ("text", b"bytes", "", b""):
        with connect(f"ws://127.0.0.1:{port}/w?x", subprotocols=["p", "q"], proxy=None) as line:  # type: ignore[list-item]
            line.send(message)
            said.append(json.loads(line.recv(timeout=10)))
    return [one for one in said if one is not None]


@pytest.mark.parametrize("name", KNOWN)
def test_server_row_changes_no_scope_and_no_event(name: str) -> None:
    """The row is recognised on the real server, and makes the same of everything as all rules do."""
    column = KNOWN[name]
    with Server(column, "rows_application:application") as server:
        said = answers(server.port)
    assert len(said) >= len(REQUESTS) + 3
    assert [one["different"] for one in said] == [[]] * len(said)
    assert {one["row"] for one in said} == {column.server}


@pytest.mark.parametrize("name", sorted(name for name in KNOWN if KNOWN[name].server in KEEPERS))
def test_server_row_behind_a_copied_scope_is_not_used(name: str) -> None:
    """A middleware that gives another scope may have put anything into it."""
    with Server(KNOWN[name], "rows_application:copied") as server:
        said = answers(server.port)
    assert {one["row"] for one in said} == {""}
    assert [one["different"] for one in said] == [[]] * len(said)


def test_server_row_that_claims_too_much_is_seen() -> None:
    """granian gives ports as str: the comparison finds a row that claims them (A48)."""
    with Server(COLUMNS["granian"], "rows_application:overclaimed") as server:
        said = ask(server.port, REQUESTS[0])
    assert [line[:5] for line in said["different"]] == ["http:", "http:"]
