"""The table of an HTTP response: every event has a row in every state."""

from __future__ import annotations

import asyncio
import itertools

import pytest
from messages.cases import http

from asgi_compat import AppMessageError
from asgi_compat._connections.http_extensions import dropped, other, two_in_one
from asgi_compat._connections.http_legacy import LegacyHttpExchange
from asgi_compat._connections.http_states import RESPONSE, failed, find_handler, rows_of, usual_rows
from asgi_compat._connections.states import DONE, FAILED, HELD, NEW, OPEN, OTHERWISE, STARTED, TRAILING
from asgi_compat._messages.compile import compile_rules
from asgi_compat._messages.table import TABLE
from connections.driving import exchange_of, policy_of

STATES = (NEW, HELD, STARTED, OPEN, TRAILING, DONE)
KINDS = sorted({kind for _, kind in RESPONSE})


@pytest.mark.parametrize("state, kind", list(itertools.product(STATES, KINDS)))
def test_response_has_a_row_for_every_event_in_every_state(state, kind):
    assert callable(RESPONSE[state, kind])
    assert rows_of(RESPONSE)[state][kind] is RESPONSE[state, kind]


@pytest.mark.parametrize("kind", KINDS)
def test_response_that_failed_raises_for_every_event(kind):
    assert rows_of(RESPONSE)[FAILED][kind] is failed


def test_response_of_old_servers_differs_in_the_body_only():
    pairs = list(zip(rows_of(RESPONSE), LegacyHttpExchange.rows))
    differ = {kind for ours, theirs in pairs for kind in ours if ours[kind] is not theirs[kind]}
    assert differ == {"http.response.body"}


@pytest.mark.parametrize(
    "kind, handler",
    [(None, dropped), ("http.response", two_in_one), ("http.response.early", other)],
)
def test_find_handler_event_without_a_row_has_one(kind, handler):
    assert find_handler(exchange_of(), kind) is handler


@pytest.mark.parametrize("kind", KINDS)
def test_find_handler_event_with_a_row_is_that_of_its_state(kind):
    exchange = exchange_of()
    exchange.state = OPEN
    assert find_handler(exchange, kind) is RESPONSE[OPEN, kind]


TEXT = (b"content-type", b"text/plain")
START = {"type": "http.response.start", "status": 200, "headers": [TEXT]}
BODY = {"type": "http.response.body", "body": b"hello"}
#: What is usual in some state, and what a test makes of it.
USUAL = [
    START,
    {**START, "headers": []},
    {**START, "headers": [TEXT, (b"content-length", b"5")]},
    BODY,
    {**BODY, "more_body": True},
    {**BODY, "more_body": False},
    {**BODY, "more_body": False, "other": 1},
]
ODD = [
    {**START, "status": "200"},
    {**START, "status": 204},
    {**START, "headers": [[b"a", b"b"]]},
    {**START, "headers": ((b"a", b"b"),)},
    {**START, "trailers": True},
    {"type": "http.response.start", "status": 200},
    {**START, "type": type("Kind", (str,), {})(START["type"])},
    {"type": "http.response.body"},
    {**BODY, "body": bytearray(b"hello")},
    {**BODY, "more_body": 1},
    {**BODY, "type": type("Kind", (str,), {})(BODY["type"])},
    {"type": "http.response.content", "content": b"hello"},
    {"type": "http.response.push", "path": "/", "headers": []},
    {"no": "type"},
    [],
    None,
]


def outcome(event, state, method, length, find, **quirks):
    """Take one event by what ``find`` returns; return what goes out and what the exchange remembers."""
    exchange, event = exchange_of(scope={**http(), "method": method}, **quirks), dict(event)
    if state != NEW:
        by_table(exchange, START["type"])[0](exchange, dict(START), exchange.policy.http[START["type"]])
        exchange.state, exchange.length = state, length
    handler, function = find(exchange, event["type"])
    try:
        out = handler(exchange, event, function)
    except AppMessageError as error:
        out = str(error)
    same = out[-1] is event if type(out) is tuple else None
    return out, same, exchange.state, exchange.length, exchange.pending, exchange.parts


def by_table(exchange, kind):
    return exchange.rows[exchange.state][kind], exchange.policy.http[kind]


def by_usual(exchange, kind):
    return exchange.policy.usual[exchange.state]


@pytest.mark.parametrize("quirks", [{}, {"defer_start": False}], ids=repr)
@pytest.mark.parametrize("event", USUAL, ids=repr)
def test_usual_event_gives_the_same_as_by_the_table(event, quirks):
    states = (
        (NEW,) if event["type"] == START["type"] else (STARTED, OPEN) if quirks else (HELD, STARTED, OPEN)
    )

    def compare():
        for state, method, length in itertools.product(states, ("GET", "HEAD"), (-1, -2, 5, 4)):
            ours = outcome(event, state, method, length, by_usual, **quirks)
            if state == NEW and method == "HEAD":
                assert ours[0] is OTHERWISE
            else:
                assert ours == outcome(event, state, method, length, by_table, **quirks)

    async def main():
        compare()

    asyncio.run(main())
    if HELD not in states:
        compare()  # as on trio: nothing is held


@pytest.mark.parametrize("state", [NEW, HELD, STARTED, OPEN, TRAILING, DONE])
@pytest.mark.parametrize("event", ODD, ids=repr)
def test_usual_row_leaves_an_odd_event_as_it_was(event, state):
    before = exchange_of()
    before.state = state
    exchange = exchange_of()
    exchange.state = state
    handler, function = exchange.policy.usual[state]
    assert handler(exchange, event, function) is OTHERWISE
    assert (exchange.state, exchange.length, exchange.pending) == (state, before.length, before.pending)


def test_usual_start_that_is_held_is_a_copy():
    async def main():
        exchange, start = exchange_of(), {**START, "headers": [TEXT]}
        handler, function = exchange.policy.usual[NEW]
        assert handler(exchange, start, function) is None and exchange.state == HELD
        start["headers"].append((b"x-late", b"1"))
        start["status"] = 500
        assert exchange.pending == START

    asyncio.run(main())


def test_usual_body_of_a_server_from_before_asgi3_is_left_to_its_table():
    usual = policy_of("B", "single").usual
    assert usual[NEW][0] is not usual[HELD][0]
    assert [usual[state] for state in (HELD, STARTED, OPEN)] == [usual[DONE]] * 3


def test_usual_rows_without_the_fast_paths_are_all_left_to_the_table():
    plan = compile_rules("A", policy_of().quirks, None, TABLE, fast=False)
    assert len(set(usual_rows(plan.right, rows_of(RESPONSE)))) == 1
