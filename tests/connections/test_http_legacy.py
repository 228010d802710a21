"""A response for an old server, part by part, and the disconnect that the adapter says."""

from __future__ import annotations

import asyncio

import pytest
from messages.cases import BODY, GONE, REQUEST, START, start

from asgi_compat._connections.http_end import ENDINGS
from asgi_compat._connections.states import DONE, HELD, OPEN, READ
from asgi_compat._connections.states import GONE as HAS_GONE
from connections.driving import Server, exchange_of, take


def body(data, more=True):
    return {"type": "http.response.body", "body": data, "more_body": more}


def begun(**quirks):
    exchange = exchange_of("B", "single", **quirks)
    exchange.state, exchange.pending = HELD, start(headers=[(b"a", b"b")])
    return exchange


def test_old_body_whole_and_empty_has_a_length():
    first, end = take(begun(), body(b"", False))
    assert first["headers"] == [(b"a", b"b"), (b"content-length", b"0")] and end == body(b"", False)


def test_old_body_empty_in_the_middle_goes_no_further():
    exchange = begun()
    assert [event["type"] for event in take(exchange, body(b""))] == ["http.response.start"]
    assert take(exchange, body(b"")) == [] and exchange.state == OPEN
    assert [event["body"] for event in take(exchange, body(b"x"))] == [b"x"]


def test_old_body_held_by_quirk_becomes_the_last_instead_of_an_empty_one():
    exchange = begun(hold_last_chunk=True)
    assert len(take(exchange, body(b"x"))) == 1
    assert take(exchange, body(b"y")) == [body(b"x")]
    assert take(exchange, body(b"", False)) == [body(b"y", False)] and exchange.state == DONE


def test_old_body_without_the_rule_is_that_of_every_server():
    exchange = begun()
    exchange.policy.no_empty = None
    exchange.held = []
    assert [event["body"] for event in take(exchange, body(b""))[1:]] == [b""]


def test_legacy_end_of_a_chunk_that_is_held_sends_it_as_the_last():
    exchange = begun(hold_last_chunk=True)
    take(exchange, body(b"x"))
    assert ENDINGS[exchange.state](exchange, None) == [body(b"x", False)]


def test_legacy_receive_after_the_response_is_the_disconnect():
    async def main():
        exchange = exchange_of("B", "single", server=Server(REQUEST))
        assert (await exchange.receive())["type"] == "http.request"
        await exchange.send(START)
        await exchange.send(BODY)
        assert await exchange.receive() == GONE and exchange.heard == HAS_GONE

    asyncio.run(main())


@pytest.mark.parametrize(
    "heard, error, expected",
    [
        (READ, RuntimeError("Receive channel fully consumed."), True),
        (0, RuntimeError("Receive channel fully consumed."), False),
        (READ, RuntimeError("another"), False),
        (READ, KeyError("Receive channel fully consumed."), False),
        (HAS_GONE, KeyError("any"), True),
    ],
)
def test_legacy_error_that_says_there_is_no_more(heard, error, expected):
    assert exchange_of("B", "single").has_no_more(heard, error) is expected
