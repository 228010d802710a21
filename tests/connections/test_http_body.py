"""The body of a response, part by part."""

from __future__ import annotations

import asyncio

import pytest
from messages.cases import BODY, PART, START, http, start

from asgi_compat import AppMessageError
from asgi_compat._connections.http_body import check_length, without_body
from asgi_compat._connections.states import DONE, HELD, OPEN
from connections.driving import Reports, exchange_of, take

LENGTH = [(b"content-length", b"5")]


def body(data, more=False):
    return {"type": "http.response.body", "body": data, "more_body": more}


def test_first_body_sends_the_start_that_was_held_before_it():
    async def main():
        exchange, part = exchange_of(), body(b"x", True)
        take(exchange, dict(START))
        assert exchange.state == HELD
        out = take(exchange, part)
        assert list(out) == [START, part] and out[1] is not part
        assert exchange.pending is None and exchange.state == OPEN and exchange not in exchange.held

    asyncio.run(main())


def test_body_with_more_leaves_the_response_open_and_the_last_ends_it():
    exchange = exchange_of()
    take(exchange, dict(START))
    take(exchange, dict(PART))
    assert exchange.state == OPEN and exchange.parts == 1
    assert list(take(exchange, dict(BODY))) == [BODY] and exchange.state == DONE


def test_body_before_the_start_is_refused():
    with pytest.raises(AppMessageError, match="comes before"):
        take(exchange_of(), dict(BODY))


@pytest.mark.parametrize("style", ["double", "single"])
def test_body_after_the_end_is_ignored_by_rule_and_an_error_without_it(style):
    exchange = exchange_of(style=style)
    exchange.state = DONE
    if exchange.policy.ended:
        assert take(exchange, dict(BODY)) == ()
    exchange.policy.ended = None
    with pytest.raises(AppMessageError, match="after the end"):
        take(exchange, dict(BODY))


@pytest.mark.parametrize(
    "data, more, words", [(b"123456", True, "1 bytes more"), (b"123", False, "2 bytes fewer")]
)
def test_check_length_refuses_another_number_of_bytes(data, more, words):
    exchange = exchange_of()
    take(exchange, start(headers=LENGTH))
    with pytest.raises(AppMessageError, match=words):
        check_length(exchange, body(data, more))


def test_check_length_counts_what_is_left():
    exchange = exchange_of()
    take(exchange, start(headers=LENGTH))
    check_length(exchange, body(b"123", True))
    assert exchange.length == 2


@pytest.mark.parametrize("method, status, reported", [("GET", 204, ["A29"]), ("HEAD", 200, [])])
def test_without_body_empties_it_and_reports_it_unless_the_request_was_a_head(method, status, reported):
    reports = Reports()
    exchange = exchange_of(scope=http(method=method), reports=reports)
    take(exchange, start(status=status))
    assert without_body(exchange, body(b"x"), False) == body(b"") and reports == reported


def test_without_body_of_a_file_is_an_empty_body():
    exchange = exchange_of()
    event = {"type": "http.response.pathsend", "path": "/x"}
    assert without_body(exchange, event, False) == body(b"")
    exchange.policy.bodiless = None
    assert without_body(exchange, event, False) is event
