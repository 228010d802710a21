"""What the application left open when it returned, and what it returned."""

from __future__ import annotations

import pytest
from messages.cases import BODY, PART, REQUEST, START, http, start

from asgi_compat import AppMessageError
from asgi_compat._connections.http_end import ENDINGS
from asgi_compat._connections.states import DONE, FAILED, HELD, NEW, OPEN, STARTED, TRAILING
from connections.driving import Reports, Server, exchange_of, run, take


@pytest.mark.parametrize("style", ["single", "double"])
@pytest.mark.parametrize(
    "value, words", [({"status": 501}, "returned dict"), ("hello", "returned str"), (7, "returned int")]
)
def test_close_names_a_value_that_was_returned_in_place_of_a_response(style, value, words):
    server = Server(REQUEST)

    async def app(receive, send):
        return value

    with pytest.raises(AppMessageError, match=words) as caught:
        run(app, http(), server.receive, server.send, style=style)
    assert "http.response.start" in str(caught.value) and "send()" in str(caught.value)
    assert caught.value.rule == "A3" and server.sent == []


def test_close_on_an_old_server_names_a_value_that_was_returned_in_place_of_a_response():
    with pytest.raises(AppMessageError, match=r"returned dict of length 1 .* \(explain B3\)$") as caught:
        ENDINGS[NEW](exchange_of("B"), {"status": 501})
    assert caught.value.rule == "B3" and ENDINGS[NEW](exchange_of("B"), None) == ()


def test_close_of_current_application_that_sent_nothing_leaves_the_answer_to_the_server():
    async def app(receive, send):
        pass

    server = Server(REQUEST)
    assert run(app, http(), server.receive, server.send, style="single") is None and server.sent == []


def test_close_of_current_application_leaves_its_response_as_it_is():
    async def app(receive, send):
        await send(START)
        await send(PART)

    server = Server(REQUEST)
    run(app, http(), server.receive, server.send, style="single")
    assert server.sent == [START, PART]


def test_endings_have_every_state_but_the_end():
    assert set(ENDINGS) == {NEW, HELD, STARTED, OPEN, TRAILING, FAILED} and DONE not in ENDINGS


def test_unfinished_response_ends_with_an_empty_body_and_is_reported():
    reports = Reports()
    exchange = exchange_of(reports=reports)
    take(exchange, dict(START))
    take(exchange, dict(PART))
    assert list(ENDINGS[exchange.state](exchange, None)) == [
        {"type": "http.response.body", "body": b"", "more_body": False}
    ]
    assert exchange.state == DONE and reports == ["A28"]


def test_unfinished_response_with_bytes_to_come_is_an_error():
    exchange = exchange_of()
    take(exchange, start(headers=[(b"content-length", b"100")]))
    take(exchange, dict(PART))
    with pytest.raises(AppMessageError, match="fewer"):
        ENDINGS[exchange.state](exchange, None)


def test_unfinished_response_of_a_client_that_has_gone_gets_no_rest():
    reports = Reports()
    exchange = exchange_of(reports=reports)
    take(exchange, start(headers=[(b"content-length", b"100")]))
    take(exchange, dict(PART))
    exchange.heard = 2
    assert [event["body"] for event in ENDINGS[exchange.state](exchange, None)] == [b""]
    assert reports == []


def test_response_without_its_trailers_ends_with_empty_ones():
    scope = {**http(), "extensions": {"http.response.trailers": {}}}
    exchange = exchange_of(scope=scope)
    take(exchange, {**start(), "trailers": True})
    take(exchange, dict(BODY))
    assert exchange.state == TRAILING
    assert list(ENDINGS[TRAILING](exchange, None)) == [
        {"type": "http.response.trailers", "headers": [], "more_trailers": False}
    ]


def test_response_that_failed_raises_the_servers_error_once():
    exchange = exchange_of()
    error = RuntimeError("refused")
    exchange.state, exchange.pending = FAILED, error
    with pytest.raises(RuntimeError) as caught:
        ENDINGS[FAILED](exchange, None)
    assert caught.value is error and exchange.state == DONE
