"""``serve --root-path`` has one meaning on every server: path has it in front, as on uvicorn since 0.26."""

from __future__ import annotations

import http.client
from typing import Tuple

import pytest
from starting import SERVED, Server


def get(port: int, target: str) -> Tuple[int, str]:
    """Return the status, and the path of the redirect or the body."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        line.request("GET", target, headers={"Daphne-Root-Path": "/other"})
        answer = line.getresponse()
        body = answer.read().decode()
        where = answer.headers.get("location")
        return answer.status, body if where is None else where.partition(f":{port}")[2]
    finally:
        line.close()


@pytest.mark.parametrize("name", SERVED)
@pytest.mark.parametrize(
    ("application", "target", "said"),
    [
        ("redirecting", "/items", (307, "/pre/items/")),
        ("redirecting", "/items/", (200, "/pre/items/")),
        ("full", "/items/?a=1", (200, "/pre/items/?a=1")),
        ("old", "/a%20b", (200, "/pre /a b /a%20b")),
        ("old", "/pre/items", (200, "/pre /pre/items /pre/items")),
    ],
)
def test_serve_root_path_means_the_same_on_every_server(
    name: str, application: str, target: str, said: Tuple[int, str]
) -> None:
    arguments = ("--root-path", "/pre")
    with Server(SERVED[name], f"root_path_application:{application}", arguments) as server:
        assert get(server.port, target) == said
