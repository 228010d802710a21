"""Events on their way to the server: a client that has gone, and a send that is cancelled."""

from __future__ import annotations

import asyncio

import pytest
from messages.cases import BODY, START, websocket

from asgi_compat import ClientDisconnected
from asgi_compat._connections.shell import forward, forward_one, pass_over, recover
from asgi_compat._connections.states import DONE, GONE, NEW, OPEN, STARTED
from asgi_compat._connections.websocket import LOST, WebSocketSession
from connections.driving import Server, exchange_of, never, policy_of


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


@pytest.mark.parametrize("at, state, sent", [(0, NEW, []), (1, STARTED, [START])])
def test_forward_cancelled_goes_back_to_what_has_been_sent(at, state, sent):
    server = Refusing(asyncio.CancelledError(), at)
    exchange = exchange_of(server=server)
    before = memory(exchange)
    exchange.state = OPEN

    async def main():
        with pytest.raises(asyncio.CancelledError):
            await forward(exchange, [START, BODY], before)

    asyncio.run(main())
    assert server.sent == sent and memory(exchange) == (state, *before[1:])


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


def test_forward_nothing_that_is_cancelled_has_not_happened():
    exchange = exchange_of()
    before = memory(exchange)
    exchange.state = OPEN

    async def main():
        task = asyncio.ensure_future(forward(exchange, (), before))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()

    asyncio.run(main())
    assert memory(exchange) == before


# A WebSocket.

CONNECT, ACCEPT = {"type": "websocket.connect"}, {"type": "websocket.accept"}
CLOSE, MESSAGE = {"type": "websocket.close", "code": 1000}, {"type": "websocket.send", "text": "x"}


def session_of(server=None, style="double", **quirks):
    server, scope = Server(CONNECT) if server is None else server, websocket()
    return WebSocketSession(policy_of(style=style, **quirks), scope, server.receive, server.send, scope)


def test_pass_over_error_of_a_websocket_remembers_that_the_client_has_gone():
    session = session_of()
    session.state = OPEN
    asyncio.run(pass_over(session, ConnectionResetError()))
    assert session.disconnect == LOST and session.swallowed == 1


def test_pass_over_error_of_a_websocket_of_a_current_application_is_raised():
    session = session_of(style="single")
    with pytest.raises(OSError):
        asyncio.run(pass_over(session, OSError("gone")))
    assert session.disconnect is False


def test_pass_over_runtime_error_of_a_websocket_passes_after_the_end_only():
    session = session_of()
    session.state = OPEN
    with pytest.raises(RuntimeError):
        asyncio.run(pass_over(session, RuntimeError("a bug")))
    session.state = DONE
    asyncio.run(pass_over(session, RuntimeError("closed")))
    assert session.disconnect is False


def test_forward_first_event_of_a_websocket_reads_connect():
    server = Server(CONNECT)
    session = session_of(server)
    asyncio.run(forward(session, [ACCEPT], (NEW, None)))
    assert session.connect == CONNECT and (server.asked, server.sent) == (1, [ACCEPT])


@pytest.mark.parametrize("at, state, sent", [(0, NEW, []), (1, OPEN, [ACCEPT])])
def test_forward_cancelled_accept_with_message_goes_back_to_what_has_been_sent(at, state, sent):
    server = Refusing(asyncio.CancelledError(), at)
    server.events = [CONNECT]
    session = session_of(server)
    session.state = OPEN

    async def main():
        with pytest.raises(asyncio.CancelledError):
            await forward(session, [ACCEPT, MESSAGE], (NEW, None))

    asyncio.run(main())
    assert session.state == state and server.sent == sent


class Holding(Server):
    """Notes how many receives wait when an event is sent: granian holds a close back for one."""

    waiting = 0

    async def receive(self):
        self.waiting += 1
        try:
            return await super().receive()
        finally:
            self.waiting -= 1

    async def send(self, event):
        self.sent.append((event, self.waiting))


def test_forward_close_interrupts_a_receive_that_waits():
    server = Holding(CONNECT, after=never)
    session = session_of(server)

    async def main():
        await session.receive()
        session.state = OPEN
        waits = asyncio.ensure_future(session.receive())
        await asyncio.sleep(0)
        assert server.waiting == 1
        await forward(session, [CLOSE], (OPEN, None))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert server.waiting == 1 and not waits.done()
        waits.cancel()
        await asyncio.wait([waits])

    asyncio.run(asyncio.wait_for(main(), 20))
    assert server.sent == [(CLOSE, 0)]
