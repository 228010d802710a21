"""Events on their way to the server: a client that has gone, and a send that is cancelled."""

from __future__ import annotations

import asyncio

import pytest
from messages.cases import BODY, START

from asgi_compat import ClientDisconnected
from asgi_compat._connections.shell import forward, forward_one, pass_over, recover
from asgi_compat._connections.states import GONE, NEW, OPEN, STARTED
from connections.driving import Server, exchange_of


class Refusing(Server):
    """Raises ``error`` at the send with this number."""

    def __init__(self, error, at=0):
        super().__init__()
        self.error, self.at = error, at

    async def send(self, event):
        if len(self.sent) == self.at:
            raise self.error
        self.sent.append(event)


def memory(exchange):
    return exchange.state, exchange.length, exchange.pending


def test_forward_cancelled_goes_back_to_what_has_been_sent():
    server = Refusing(asyncio.CancelledError(), at=1)
    exchange = exchange_of(server=server)
    before = memory(exchange)
    exchange.state = OPEN

    async def main():
        with pytest.raises(asyncio.CancelledError):
            await forward(exchange, [START, BODY], before)

    asyncio.run(main())
    assert server.sent == [START] and exchange.state == STARTED


def test_forward_cancelled_before_anything_went_out_has_not_happened():
    exchange = exchange_of(server=Refusing(asyncio.CancelledError()))
    before = memory(exchange)
    exchange.state = OPEN

    async def main():
        with pytest.raises(asyncio.CancelledError):
            await forward(exchange, [START, BODY], before)

    asyncio.run(main())
    assert memory(exchange) == before and exchange.state == NEW


@pytest.mark.parametrize("events", [(), None])
def test_forward_nothing_lets_other_tasks_run(events):
    async def main():
        ran = []
        asyncio.get_running_loop().call_soon(ran.append, True)
        exchange = exchange_of()
        await forward(exchange, events, memory(exchange))
        assert ran == [True]

    asyncio.run(main())


def test_forward_one_to_a_client_that_has_gone_raises_in_the_end():
    server = Server()
    exchange = exchange_of(server=server, raise_after_disconnect=True)
    exchange.heard = GONE

    async def main():
        with pytest.raises(ClientDisconnected):
            await forward_one(exchange, BODY)

    asyncio.run(main())
    assert server.sent == []


@pytest.mark.parametrize("error, heard", [(OSError("gone"), 0), (RuntimeError("gone"), GONE)])
def test_pass_over_error_that_says_the_client_has_gone_is_counted(error, heard):
    exchange = exchange_of()
    exchange.heard = heard
    asyncio.run(pass_over(exchange, error))
    assert exchange.swallowed == 1


@pytest.mark.parametrize("style, error", [("double", RuntimeError("x")), ("double", KeyError("x"))])
def test_pass_over_any_other_error_is_raised(style, error):
    async def main():
        with pytest.raises(type(error)) as caught:
            await pass_over(exchange_of(style=style), error)
        assert caught.value is error

    asyncio.run(main())


def test_recover_cancelled_send_restores_and_raises():
    exchange = exchange_of()
    exchange.state = OPEN

    async def main():
        with pytest.raises(asyncio.CancelledError):
            await recover(exchange, asyncio.CancelledError(), (NEW, 7, None))

    asyncio.run(main())
    assert memory(exchange) == (NEW, 7, None)
