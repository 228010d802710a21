"""The request body in one message, and by its earlier names."""

from __future__ import annotations

import asyncio

import pytest
from messages.cases import GONE, http

from asgi_compat._connections import RewritingHttpExchange
from asgi_compat._connections.states import GONE as HAS_GONE
from asgi_compat._connections.states import READ
from connections.driving import Server, policy_of


def part(data, more):
    return {"type": "http.request", "body": data, "more_body": more}


def receive(server, times=1, **quirks):
    """Return what is received, and the exchange."""
    exchange = RewritingHttpExchange(policy_of(**quirks), http(), server.receive, server.send, http())

    async def main():
        return [await exchange.receive() for _ in range(times)]

    return asyncio.run(main()), exchange


def test_receive_joins_the_parts_of_the_body():
    server = Server(part(b"a", True), part(b"b", True), part(b"c", False))
    (event,), exchange = receive(server, join_body=True)
    assert event == part(b"abc", False) and exchange.heard == READ and exchange.reading is None


def test_receive_of_a_client_that_leaves_in_the_middle_is_the_disconnect():
    (event,), exchange = receive(Server(part(b"a", True), dict(GONE)), join_body=True)
    assert event == GONE and exchange.heard == HAS_GONE


@pytest.mark.parametrize(
    "quirks, expected",
    [
        ({"request_type": "http.request.body"}, {**part(b"a", True), "type": "http.request.body"}),
        ({"content_keys": True}, {"type": "http.request", "content": b"a", "more_content": True}),
    ],
)
def test_receive_gives_a_part_by_its_earlier_names(quirks, expected):
    events, _ = receive(Server(part(b"a", True), part(b"b", False)), **quirks)
    assert events == [expected]


def test_receive_from_two_tasks_gives_the_body_to_the_first():
    arrived = []

    async def main():
        waiting = asyncio.Event()

        async def after():
            await waiting.wait()
            return part(b"b", False) if len(arrived) == 0 else dict(GONE)

        server = Server(part(b"a", True), after=after)
        exchange = RewritingHttpExchange(
            policy_of(join_body=True), http(), server.receive, server.send, http()
        )

        async def ask(name):
            arrived.append((name, await exchange.receive()))

        tasks = [asyncio.ensure_future(ask(name)) for name in "xy"]
        await asyncio.sleep(0)
        waiting.set()
        await asyncio.gather(*tasks)

    asyncio.run(main())
    assert arrived == [("x", part(b"ab", False)), ("y", GONE)]
