"""The table of an HTTP response: every event has a row in every state."""

from __future__ import annotations

import itertools

import pytest

from asgi_compat._connections.http_legacy import LegacyHttpExchange
from asgi_compat._connections.http_states import END, RESPONSE, failed, rows_of
from asgi_compat._connections.states import DONE, FAILED, HELD, NEW, OPEN, STARTED, TRAILING

STATES = (NEW, HELD, STARTED, OPEN, TRAILING, DONE)
KINDS = sorted({kind for _, kind in RESPONSE if kind != END})


@pytest.mark.parametrize("state, kind", list(itertools.product(STATES, KINDS)))
def test_response_has_a_row_for_every_event_in_every_state(state, kind):
    assert callable(RESPONSE[state, kind])
    assert rows_of(RESPONSE)[state][kind] is RESPONSE[state, kind]


def test_response_ends_in_every_state_before_its_end():
    assert {state for state, kind in RESPONSE if kind == END} == set(STATES) - {DONE}


@pytest.mark.parametrize("kind", [*KINDS, END])
def test_response_that_failed_raises_for_every_event(kind):
    assert rows_of(RESPONSE)[FAILED][kind] is failed


def test_response_of_old_servers_differs_in_the_body_only():
    pairs = list(zip(rows_of(RESPONSE), LegacyHttpExchange.rows))
    differ = {kind for ours, theirs in pairs for kind in ours if ours[kind] is not theirs[kind]}
    assert differ == {"http.response.body"}
