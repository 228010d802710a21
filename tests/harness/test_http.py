"""The client of one HTTP request, event by event."""

from __future__ import annotations

from typing import Any, Optional

import pytest

from asgi_compat._harness.http import HttpClient
from asgi_compat._harness.script import Conversation

REQUEST = {"type": "http.request", "body": b"", "more_body": False}
START = ("http.response.start", {"type": "http.response.start", "status": 200})
PART = ("http.response.body", {"type": "http.response.body", "body": b"abc", "more_body": True})
LAST = ("http.response.body", {"type": "http.response.body", "body": b"d"})


def client(disconnect: Optional[int] = None) -> HttpClient:
    return HttpClient(Conversation("", {"type": "http"}, (REQUEST,), disconnect=disconnect))


def test_http_client_waits_for_the_response_then_disconnects() -> None:
    """The request comes first, then nothing until the response is complete, then the disconnect each time."""
    http = client()
    assert http.next() == REQUEST and http.next() is None
    for event in (START, PART):
        http.take(*event)
        assert http.next() is None and not http.told
    http.take(*LAST)
    assert [http.next(), http.next()] == [{"type": "http.disconnect"}] * 2
    assert http.complete and http.told and not http.left
    assert (http.status, http.describe()) == (200, "200, 4 bytes in 2 parts")


@pytest.mark.parametrize("disconnect", [0, 1, 2])
def test_http_client_disconnect_leaves_after_so_many_events(disconnect: int) -> None:
    """0 leaves as soon as the request is read."""
    http = client(disconnect)
    assert http.next() == REQUEST
    events = [START, PART, PART][:disconnect]
    for event in events:
        assert not http.left
        http.take(*event)
    assert http.next() == {"type": "http.disconnect"}
    assert http.left and not http.complete


@pytest.mark.parametrize(
    "events, result",
    [
        ([], "no response"),
        ([START], "200, 0 bytes, unfinished"),
        ([("http.response.start", {"status": "200"}), LAST], "200, 1 byte"),
        ([("http.response.start", {"status": "OK"}), LAST], "'OK', 1 byte"),
        ([("http.response.body", {"status": 200, "content": b"abc"})], "200, 3 bytes"),
        ([START, LAST, LAST], "200, 1 byte"),
    ],
)
def test_http_client_describe_names_status_and_size(events: Any, result: str) -> None:
    """Whatever was sent."""
    http = client()
    for event in events:
        http.take(*event)
    assert http.describe() == result


def test_http_client_trailers_end_the_response() -> None:
    """A promise of trailers keeps the body from being the end."""
    http = client()
    http.take(START[0], {**START[1], "trailers": True})
    http.take(*LAST)
    assert not http.complete
    http.take("http.response.trailers", {"headers": [], "more_trailers": True})
    assert not http.complete
    http.take("http.response.trailers", {"headers": []})
    assert http.complete


def test_http_client_pathsend_ends_the_response() -> None:
    """The server sends the file."""
    http = client()
    http.take(*START)
    http.take("http.response.pathsend", {"path": "/file"})
    assert http.complete
