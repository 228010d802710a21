"""The table of an HTTP response: every event has a row in every state."""

from __future__ import annotations

import itertools

import pytest

from asgi_compat._connections.http_extensions import dropped, other, two_in_one
from asgi_compat._connections.http_legacy import LegacyHttpExchange
from asgi_compat._connections.http_states import RESPONSE, failed, find_handler, rows_of
from asgi_compat._connections.states import DONE, FAILED, HELD, NEW, OPEN, STARTED, TRAILING
from connections.driving import exchange_of

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
