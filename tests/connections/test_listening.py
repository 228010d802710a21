"""An application that only sends comes to its end, also on a server that swallows what it sends."""

from __future__ import annotations

import asyncio

import pytest
from messages.cases import BODY, GONE, PART, REQUEST, START, http

from asgi_compat import ClientDisconnected
from asgi_compat._connections.listening import LISTEN_AFTER
from asgi_compat._connections.lost import BOUND
from asgi_compat._convert import Quirks
from connections.driving import run

FIRST = {**REQUEST, "more_body": True}


class Silent:
    """A server that swallows every send, and gives the disconnect when the client has gone."""

    def __init__(self, *events):
        self.events, self.left, self.waiting, self.sent = list(events), asyncio.Event(), 0, 0

    async def receive(self):
        if self.events:
            return dict(self.events.pop(0))
        self.waiting += 1
        try:
            await self.left.wait()
        finally:
            self.waiting -= 1
        return dict(GONE)

    async def send(self, event):
        self.sent += 1
        await asyncio.sleep(0)


def serve(function, *events, **options):
    """Run ``function(receive, send, server)``; return the server and the exception."""
    made = []

    async def app(receive, send):
        return await function(receive, send, made[0])

    async def receive():
        if not made:
            made.append(Silent(*events))
        return await made[0].receive()

    async def send(event):
        await made[0].send(event)

    async def first(receive, send):
        if not made:
            made.append(Silent(*events))
        return await app(receive, send)

    try:
        run(first, http(), receive, send, **options)
    except Exception as error:
        return made[0], error
    return made[0], None


@pytest.mark.parametrize("events", [[REQUEST], [FIRST, REQUEST], []])
def test_listening_ends_an_application_that_only_sends(events):
    async def app(receive, send, server):
        await send(START)
        for number in range(10_000):
            await send(PART)
            if number == 2 * LISTEN_AFTER:
                server.left.set()

    server, error = serve(app, *events)
    if events[:1] == [FIRST]:
        # Its body has not been read, and is not read for it.
        assert error is None and server.events == [REQUEST]
    else:
        assert type(error) is ClientDisconnected
        assert server.sent < 2 * LISTEN_AFTER + BOUND + 10
    assert server.waiting == 0


def test_listening_loses_no_event_of_the_application():
    seen = []

    async def app(receive, send, server):
        await send(START)
        for _ in range(LISTEN_AFTER + 10):
            await send(PART)
        seen.append(await receive())
        listening = asyncio.ensure_future(receive())
        await asyncio.sleep(0.01)
        assert not listening.done() and server.waiting == 1
        server.left.set()
        seen.append(await listening)

    _, error = serve(app, REQUEST)
    assert error is None and seen == [REQUEST, GONE]


@pytest.mark.parametrize("fails", [False, True])
def test_listening_ends_with_the_response(fails):
    async def app(receive, send, server):
        await send(START)
        for _ in range(LISTEN_AFTER + 10):
            await send(PART)
        assert server.waiting == 1
        if fails:
            raise LookupError("its own")
        await send(BODY)
        await asyncio.sleep(0)
        assert server.waiting == 0

    server, error = serve(app, REQUEST)
    assert type(error) is (LookupError if fails else type(None)) and server.waiting == 0


def test_listening_ends_when_the_application_returns_without_an_end():
    async def app(receive, send, server):
        await send(START)
        for _ in range(LISTEN_AFTER + 10):
            await send(PART)

    server, error = serve(app, REQUEST)
    assert error is None and server.waiting == 0


@pytest.mark.parametrize("options", [{"style": "single"}, {"quirks": Quirks(raise_after_disconnect=False)}])
def test_listening_is_for_old_applications_and_by_quirk(options):
    async def app(receive, send, server):
        await send(START)
        for _ in range(LISTEN_AFTER + 10):
            await send(PART)
        assert server.waiting == 0 and server.events == [REQUEST]

    _, error = serve(app, REQUEST, **options)
    assert error is None
