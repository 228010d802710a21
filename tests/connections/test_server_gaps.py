"""What the server of a connection cannot do."""

from __future__ import annotations

import pytest
from messages.cases import http, websocket

from asgi_compat._connections.server_gaps import (
    ANY_CODE,
    CODES,
    DENIAL,
    crash_answer,
    must_be_finished,
    websocket_gaps,
)
from asgi_compat._messages.servers import SERVERS
from connections.driving import policy_of

DAPHNE = {
    **websocket(),
    "client": ["127.0.0.1", 5000],
    "server": ["127.0.0.1", 80],
    "asgi": {"version": "3.0"},
}
TEST_CLIENT = {"type": "websocket", "path": "/", "headers": []}
ROWS = {row.name: row for row in SERVERS}


def of_server(name, direction="A", **quirks):
    policy = policy_of(direction, **quirks)
    policy.server = ROWS[name]
    return policy


@pytest.mark.parametrize("name, finished", [("daphne", True), ("uvicorn", False), ("granian", False)])
def test_must_be_finished_on_the_server_that_does_not_survive(name, finished):
    assert must_be_finished(of_server(name), http()) is finished


@pytest.mark.parametrize("choice", [True, False])
def test_must_be_finished_is_the_choice_of_the_quirk(choice):
    assert must_be_finished(of_server("daphne", finish_on_error=choice), http()) is choice


def test_must_be_finished_without_the_rule_is_false():
    policy = of_server("daphne")
    policy.finishes_after_error = None
    assert must_be_finished(policy, http()) is False


@pytest.mark.parametrize("name, gaps", [("daphne", (CODES,)), ("uvicorn", ())])
def test_websocket_gaps_of_a_known_server_are_in_its_row(name, gaps):
    assert websocket_gaps(of_server(name), websocket()) == gaps


def test_websocket_gaps_of_a_test_client_shows_any_code():
    assert websocket_gaps(policy_of(), TEST_CLIENT) == (ANY_CODE,)
    assert websocket_gaps(of_server("uvicorn"), TEST_CLIENT) == ()


@pytest.mark.parametrize(
    "scope, gaps",
    [
        (DAPHNE, (DENIAL, ANY_CODE)),
        ({key: value for key, value in DAPHNE.items() if key != "scheme"}, (CODES, DENIAL, ANY_CODE)),
        ({**DAPHNE, "extensions": {"websocket.http.response": {}}}, (ANY_CODE,)),
    ],
)
def test_websocket_gaps_of_an_old_server_are_seen_in_its_scope(scope, gaps):
    assert websocket_gaps(policy_of("B", "single"), scope) == gaps


@pytest.mark.parametrize("name", ["uvicorn", "daphne"])
def test_crash_answer_is_left_to_a_server_that_answers_500_itself(name):
    assert crash_answer(of_server(name), websocket()) == ()


def test_crash_answer_on_granian_is_a_denial_response():
    assert [event["type"] for event in crash_answer(of_server("granian"), websocket())] == [
        "websocket.http.response.start",
        "websocket.http.response.body",
    ]
