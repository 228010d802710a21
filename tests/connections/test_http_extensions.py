"""Events of extensions, taken one by one."""

from __future__ import annotations

import pytest
from messages.cases import BODY, START, http, start

from asgi_compat import AppMessageError
from asgi_compat._connections.http_extensions import dropped, other, read_extension, two_in_one
from asgi_compat._connections.states import DONE, HELD, OPEN, STARTED, TRAILING
from connections.driving import exchange_of, take

TRAILERS = {"type": "http.response.trailers", "headers": [], "more_trailers": False}
PATH = {"type": "http.response.pathsend", "path": "/x"}


def begun(scope=None, **fields):
    exchange = exchange_of(scope=scope)
    take(exchange, {**start(), **fields})
    return exchange


def trailing():
    exchange = begun({**http(), "extensions": {"http.response.trailers": {}}}, trailers=True)
    take(exchange, dict(BODY))
    return exchange


def test_file_is_the_whole_body():
    exchange = begun()
    assert list(take(exchange, dict(PATH))) == [PATH] and exchange.state == DONE


def test_file_after_a_part_of_the_body_is_refused():
    exchange = begun()
    exchange.state = OPEN
    with pytest.raises(AppMessageError, match="mixed"):
        take(exchange, dict(PATH))


def test_file_of_which_more_is_to_come_leaves_the_response_open(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"123")
    exchange = exchange_of()
    take(exchange, start(headers=[(b"content-length", b"5")]))
    with path.open("rb") as opened:
        event = {"type": "http.response.zerocopysend", "file": opened.fileno(), "more_body": True}
        take(exchange, event)
    assert exchange.state == OPEN and exchange.length == 2


def test_trailers_end_the_response_that_has_announced_them():
    exchange = trailing()
    assert exchange.state == TRAILING
    assert list(take(exchange, dict(TRAILERS))) == [TRAILERS] and exchange.state == DONE


@pytest.mark.parametrize("state", [STARTED, OPEN, DONE])
def test_trailers_that_were_not_announced_are_refused(state):
    exchange = begun()
    exchange.state = state
    with pytest.raises(AppMessageError, match="announced"):
        take(exchange, dict(TRAILERS))


def test_trailers_before_the_end_of_the_body_are_refused():
    exchange = begun({**http(), "extensions": {"http.response.trailers": {}}}, trailers=True)
    with pytest.raises(AppMessageError, match="before the end of the body"):
        take(exchange, dict(TRAILERS))


def test_trailers_after_the_trailers_are_ignored():
    exchange = trailing()
    take(exchange, dict(TRAILERS))
    assert take(exchange, dict(TRAILERS)) == ()


def test_debug_after_the_start_is_refused():
    with pytest.raises(AppMessageError, match="comes after"):
        take(begun(), {"type": "http.response.debug", "info": {}})


def test_other_takes_the_start_that_was_held_with_it():
    exchange, event = exchange_of(), {"type": "http.response.mine", "x": 1}
    exchange.state, exchange.pending = HELD, dict(START)
    assert list(other(exchange, event, None)) == [START, event] and exchange.state == STARTED


def test_dropped_sends_nothing():
    assert dropped(exchange_of(), {"type": "x"}, None) == ()


def test_two_in_one_is_a_start_and_a_body():
    exchange = exchange_of()
    event = {"type": "http.response", "status": 201, "content": b"x"}
    out = list(two_in_one(exchange, event, None))
    assert [one["type"] for one in out] == ["http.response.start", "http.response.body"]
    assert out[0]["status"] == 201 and out[1]["body"] == b"x" and exchange.state == DONE


def test_read_extension_gives_a_copy_with_headers_that_nobody_changes():
    headers = [[b"a", b"b"]]
    event = {"type": "http.response.mine", "headers": headers}
    out = read_extension(exchange_of(), event, None)
    headers[0][1] = b"c"
    assert out["headers"] == [(b"a", b"b")] and out is not event
