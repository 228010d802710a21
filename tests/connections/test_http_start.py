"""The start of a response: sent, held, replaced, refused, and how long its body will be."""

from __future__ import annotations

import asyncio

import pytest
from messages.cases import START, http, start

from asgi_compat import AppMessageError
from asgi_compat._connections.http_start import read_length
from asgi_compat._connections.states import DONE, HELD, STARTED, TRAILING
from asgi_compat._messages.lengths import ANY_LENGTH, NO_BODY
from connections.driving import Reports, exchange_of, take

TRAILERS = {"http.response.trailers": {}}


def held(**arguments):
    """Return an exchange that holds a start: it takes a loop to watch it."""

    async def main():
        exchange = exchange_of(**arguments)
        out = take(exchange, start(headers=[(b"a", b"b")]))
        return exchange, out

    return asyncio.run(main())


def test_begin_without_a_loop_sends_the_start_at_once():
    exchange = exchange_of()
    assert list(take(exchange, dict(START))) == [START] and exchange.state == STARTED


@pytest.mark.parametrize("extra", [{}, {"trailers": False}])
def test_begin_without_a_loop_sends_a_copy_of_the_start(extra):
    """hypercorn keeps it and reads its status again with the body: what is changed meanwhile is not sent."""
    event = {**start(headers=[(b"a", b"b")]), **extra}
    (sent,) = take(exchange_of(), event)
    event["status"] = 204
    event["headers"].clear()
    assert (sent["status"], sent["headers"]) == (200, [(b"a", b"b")])


def test_begin_in_a_loop_keeps_a_copy_of_the_start():
    exchange, out = held()
    assert out is None and exchange.state == HELD
    assert exchange.pending == start(headers=[(b"a", b"b")])


def test_begin_without_the_quirk_holds_nothing():
    exchange, out = held(defer_start=False)
    assert len(out) == 1 and exchange.state == STARTED


def test_replace_takes_the_second_start_and_reports_it():
    reports = Reports()
    exchange, _ = held(reports=reports)
    assert take(exchange, start(status=404)) == () and exchange.pending["status"] == 404
    assert reports == ["A28"]


def test_replace_refused_start_changes_nothing():
    exchange, _ = held()
    before, length = exchange.pending, exchange.length
    with pytest.raises(AppMessageError):
        take(exchange, start(headers=[(b"content-length", b"many")]))
    assert exchange.pending is before and exchange.length == length


@pytest.mark.parametrize("style, rule", [("double", "A28"), ("single", None)])
def test_begun_refuses_a_second_start_and_names_the_rule_that_is_alive(style, rule):
    exchange = exchange_of(style=style)
    take(exchange, dict(START))
    with pytest.raises(AppMessageError, match="second time") as caught:
        take(exchange, dict(START))
    assert caught.value.rule == rule


@pytest.mark.parametrize(
    "extensions, expected, end",
    [(TRAILERS, True, TRAILING), (TRAILERS, False, DONE), ({}, True, DONE)],
)
def test_expect_trailers_needs_the_start_and_the_server(extensions, expected, end):
    exchange = exchange_of(scope={**http(), "extensions": extensions})
    take(exchange, {**start(), "trailers": expected})
    assert exchange.end == end


@pytest.mark.parametrize(
    "method, status, headers, length",
    [
        ("GET", 200, [], ANY_LENGTH),
        ("GET", 200, [(b"content-length", b"5")], 5),
        ("GET", 204, [], NO_BODY),
        ("GET", 304, [(b"content-length", b"5")], NO_BODY),
        ("HEAD", 200, [(b"content-length", b"5")], NO_BODY),
    ],
)
def test_read_length_is_that_of_the_start_unless_there_is_no_body(method, status, headers, length):
    exchange = exchange_of(scope=http(method=method))
    read_length(exchange, start(status=status, headers=headers))
    assert exchange.length == length


def test_read_length_of_a_head_stands_whatever_the_application_does_to_its_scope():
    scope = http(method="HEAD")
    exchange = exchange_of(scope=scope)
    scope["method"] = "GET"
    read_length(exchange, start(headers=[(b"content-length", b"5")]))
    assert exchange.length == NO_BODY
