"""Sends to a client that has gone."""

from __future__ import annotations

import pickle

import pytest
from messages.cases import ACCEPT, CONNECT, GONE, PART, REQUEST, START, http, websocket

from asgi_compat import ASGICompatError, ClientDisconnected
from asgi_compat._connections.lost import BOUND
from asgi_compat._convert import Quirks
from asgi_compat._messages.specification import CLOSED
from connections.driving import run

FEED = {"type": "websocket.send", "text": "x"}
STREAMS = [(http(), START, PART, REQUEST), (websocket(), ACCEPT, FEED, CONNECT)]


class Leaving:
    """A server whose client goes after the first events: ``send`` raises, or does nothing."""

    def __init__(self, first, error):
        self.events, self.error = [first], error
        self.asked = 0

    async def receive(self):
        return self.events.pop(0) if self.events else dict(GONE)

    async def send(self, event):
        self.asked += 1
        if self.asked > 2 and self.error is not None:
            raise self.error


def endless(start, part, told=False):
    """Return an application that only sends, and the events that it has sent."""
    sent = []

    async def app(receive, send):
        await receive()
        await send(dict(start))
        if told:
            await receive()
        while len(sent) < 1000:
            sent.append(part)
            await send({**part, "more_body": True} if "body" in part else dict(part))

    return app, sent


@pytest.mark.parametrize("scope, start, part, first", STREAMS)
def test_lost_send_of_current_application_raises_the_servers_error(scope, start, part, first):
    error, (app, sent) = OSError("the server's own"), endless(start, part)
    with pytest.raises(OSError) as caught:
        run(app, scope, Leaving(first, error).receive, Leaving(first, error).send, style="single")
    assert caught.value is error and len(sent) == 2


@pytest.mark.parametrize("direction", "AB")
@pytest.mark.parametrize("scope, start, part, first", STREAMS)
@pytest.mark.parametrize("error", [OSError("gone"), RuntimeError(f"unable to write; {CLOSED}")], ids=type)
def test_lost_send_of_endless_application_raises_after_the_bound(scope, start, part, first, direction, error):
    (app, sent), server = endless(start, part), Leaving(first, error)
    style = "double" if direction == "A" else "single"
    with pytest.raises(ClientDisconnected) as caught:
        run(app, scope, server.receive, server.send, style=style, direction=direction)
    assert BOUND < len(sent) <= BOUND + 3
    assert caught.value.__cause__ is server.error


@pytest.mark.parametrize("scope, start, part, first", STREAMS)
def test_lost_send_other_error_of_the_server_is_raised(scope, start, part, first):
    (app, sent), server = endless(start, part), Leaving(first, RuntimeError("no loop"))
    with pytest.raises(RuntimeError, match="no loop"):
        run(app, scope, server.receive, server.send)
    assert len(sent) == 2


@pytest.mark.parametrize("choice, most", [(True, 2), (False, 1000)])
@pytest.mark.parametrize("scope, start, part, first", STREAMS)
def test_lost_send_by_quirk_raises_at_once_or_never(scope, start, part, first, choice, most):
    (app, sent), server = endless(start, part), Leaving(first, OSError("gone"))
    quirks = Quirks(raise_after_disconnect=choice)
    try:
        run(app, scope, server.receive, server.send, quirks=quirks)
    except ClientDisconnected:
        assert choice
    assert len(sent) == most


def test_lost_send_that_the_server_swallows_is_counted_after_the_disconnect():
    (app, sent), server = endless(START, PART, told=True), Leaving(REQUEST, None)
    with pytest.raises(ClientDisconnected):
        run(app, http(), server.receive, server.send)
    assert BOUND <= len(sent) <= BOUND + 1


def test_lost_client_lets_the_application_return():
    async def app(receive, send):
        while (await receive())["type"] != "http.disconnect":
            pass
        await send(START)

    server = Leaving(REQUEST, None)
    run(app, http(), server.receive, server.send, quirks=Quirks(raise_after_disconnect=True))


def test_client_disconnected_is_an_oserror_that_can_be_pickled():
    error = pickle.loads(pickle.dumps(ClientDisconnected("the client has gone")))
    assert isinstance(error, OSError) and isinstance(error, ASGICompatError)
    assert str(error) == "the client has gone"
