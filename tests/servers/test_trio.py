"""An old application answers on trio as on asyncio: hypercorn runs on both."""

from __future__ import annotations

import http.client
from typing import Any, List, Tuple

import pytest
from starting import COLUMNS, Server
from test_server_rows import TRIO
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

LOOPS = {"asyncio": COLUMNS["hypercorn"], "trio": TRIO}


def ask(port: int, path: str) -> Tuple[Any, ...]:
    """Return the status, where the instance was made, and the body."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        line.request("POST", path, body=b"hello")
        answer = line.getresponse()
        body = answer.read() if answer.status == 200 else b""
        return answer.status, answer.headers.get("x-made-in"), body
    finally:
        line.close()


def talk(port: int, path: str) -> Any:
    """Return the chosen subprotocol, the echo and the close code, or the status of a refusal."""
    try:
        with connect(f"ws://127.0.0.1:{port}{path}", subprotocols=["p"], proxy=None) as line:  # type: ignore[list-item]
            line.send("text")
            said: List[Any] = [line.subprotocol, line.recv(timeout=20)]
            with pytest.raises(Exception):  # noqa: B017
                line.recv(timeout=20)
            return [*said, line.protocol.close_code]
    except InvalidStatus as refusal:
        return refusal.response.status_code


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize(
    ("application", "made_in"), [("plain", "main"), ("threaded", "another"), ("back", "main")]
)
def test_old_application_answers_on_every_event_loop(loop: str, application: str, made_in: str) -> None:
    with Server(LOOPS[loop], f"trio_application:{application}") as server:
        assert [ask(server.port, "/") for _ in range(2)] == [(200, made_in, b"hello.")] * 2
        assert ask(server.port, "/unfinished") == (200, made_in, b"hello")
        assert ask(server.port, "/crash")[0] == 500
        assert talk(server.port, "/") == ["p", "text", 1000]
        assert talk(server.port, "/refused") == 403
