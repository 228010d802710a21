"""A start that is held goes out soon, and costs nothing once its body has come."""

from __future__ import annotations

import asyncio
import contextvars
import gc

import pytest
from messages.cases import BODY, PART, REQUEST, START, http

from asgi_compat import AppMessageError
from asgi_compat._connections.holding import RELEASING, SWEEPS
from asgi_compat._convert import Quirks
from connections.driving import never, run, serve

OTHER = {**START, "status": 500}
PLACE: contextvars.ContextVar = contextvars.ContextVar("place", default="outside")


class Server:
    """A server that notes what it is sent, and says when something has come."""

    def __init__(self, fails=None):
        self.sent, self.came, self.fails = [], asyncio.Event(), fails
        self.places = []

    async def receive(self):
        return dict(REQUEST)

    async def send(self, event):
        if self.fails is not None:
            raise self.fails
        self.places.append(PLACE.get())
        self.sent.append(event)
        self.came.set()


def converse(function, **options):
    """Run ``function(receive, send, server)`` as an application; return the server and the exception."""

    async def main():
        server = Server(options.pop("fails", None))

        async def app(receive, send):
            await function(receive, send, server)

        try:
            await asyncio.wait_for(serve(app, http(), server.receive, server.send, **options), 5)
        except Exception as error:
            return server, error
        return server, None

    return asyncio.run(main())


@pytest.mark.parametrize("style, direction", [("double", "A"), ("single", "B")])
@pytest.mark.parametrize("start", [START, {**START, "headers": [(b"x", b"1")], "other": 1}])
def test_held_start_goes_out_while_the_application_waits(style, direction, start):
    async def app(receive, send, server):
        await send(start)
        assert server.sent == []
        await asyncio.wait_for(server.came.wait(), 3)
        assert server.sent == [start]
        await send(BODY)

    server, error = converse(app, style=style, direction=direction)
    assert error is None and server.sent == [start, BODY]


def test_start_of_current_application_is_never_held():
    async def app(receive, send, server):
        await send(START)
        assert server.sent == [START]
        await send(BODY)

    server, error = converse(app, style="single")
    assert error is None and server.sent == [START, BODY]


def test_held_start_is_not_sent_when_the_application_raises():
    async def app(receive, send, server):
        await send(START)
        raise KeyError("its own")

    server, error = converse(app)
    assert type(error) is KeyError and server.sent == []


def test_held_start_is_replaced_by_a_second_one():
    async def app(receive, send, server):
        await send(START)
        await send(OTHER)
        await asyncio.wait_for(server.came.wait(), 3)
        with pytest.raises(AppMessageError, match="the first has been sent"):
            await send(START)
        await send(BODY)

    server, error = converse(app)
    assert error is None and server.sent == [OTHER, BODY]


def test_held_start_goes_out_in_the_context_of_its_request():
    async def main():
        servers = [Server(), Server()]

        async def connect(server, place):
            async def app(receive, send):
                await send(START)
                await asyncio.wait_for(server.came.wait(), 3)

            PLACE.set(place)
            await serve(app, http(), server.receive, server.send)

        await asyncio.gather(connect(servers[0], "one"), connect(servers[1], "two"))
        assert [server.places[0] for server in servers] == ["one", "two"]

    asyncio.run(main())


def test_held_start_that_the_server_refuses_is_the_error_of_the_next_send():
    refused = ValueError("the server's own")

    async def app(receive, send, server):
        await send(START)
        while SWEEPS or RELEASING:
            await asyncio.sleep(0.001)
        server.fails = None
        await send(BODY)

    server, error = converse(app, fails=refused)
    assert error is refused and server.sent == []


def test_held_start_that_the_server_refuses_is_the_error_of_an_application_that_returns():
    refused = ValueError("the server's own")

    async def app(receive, send, server):
        await send(START)
        while SWEEPS or RELEASING:
            await asyncio.sleep(0.001)
        server.fails = None

    server, error = converse(app, fails=refused)
    assert error is refused and server.sent == []


def test_held_starts_of_many_requests_need_one_sweep_that_ends():
    async def main():
        servers, loop, timers = [Server() for _ in range(50)], asyncio.get_running_loop(), []
        call_later = loop.call_later
        loop.call_later = lambda *args, **options: timers.append(args) or call_later(*args, **options)

        def app_of(server):
            async def app(receive, send):
                await send(START)
                await server.came.wait()
                await send(BODY)

            return app

        await asyncio.gather(*[serve(app_of(s), http(), s.receive, s.send) for s in servers])
        while SWEEPS:
            await asyncio.sleep(0.001)
        sweeps = [args for args in timers if getattr(args[1], "__name__", "") == "run"]
        assert len(sweeps) <= 5
        assert [server.sent for server in servers] == [[START, BODY]] * 50

    asyncio.run(main())
    assert SWEEPS == {} and not RELEASING


def test_exchange_whose_body_follows_at_once_is_not_kept():
    kept = []

    async def main():
        async def app(receive, send):
            await send(START)
            await send(BODY)

        server = Server()
        for _ in range(20):
            await serve(app, http(), server.receive, server.send)
        kept.append(sum(map(len, SWEEPS.values())))

    asyncio.run(main())
    assert kept == [0]


def test_sweep_of_a_closed_loop_is_forgotten():
    async def app(receive, send):
        await send(START)
        await send(BODY)

    async def receive():
        return REQUEST

    async def send(event):
        pass

    for _ in range(3):
        run(app, http(), receive, send)
    gc.collect()
    assert len(SWEEPS) <= 1


def test_held_start_goes_out_once_when_its_body_comes_meanwhile():
    async def app(receive, send, server):
        await send(START)
        await asyncio.wait_for(server.came.wait(), 3)
        await asyncio.gather(send(PART), send(BODY))

    server, error = converse(app)
    assert error is None and server.sent == [START, PART, BODY]


def test_quirk_that_holds_nothing_sends_at_once():
    async def app(receive, send, server):
        await send(START)
        assert server.sent == [START]
        await send(BODY)

    _, error = converse(app, quirks=Quirks(defer_start=False))
    assert error is None


def test_connection_that_is_cancelled_leaves_no_start_behind():
    async def main():
        server = Server()

        async def app(receive, send):
            await send(START)
            await never()

        running = asyncio.ensure_future(serve(app, http(), server.receive, server.send))
        await asyncio.sleep(0)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        while SWEEPS:
            await asyncio.sleep(0.001)
        assert server.sent == []

    asyncio.run(main())
