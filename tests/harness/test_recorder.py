"""The server's side: every event is recorded, within limits, and the loop is never held."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any, Callable, List

import pytest

from asgi_compat._harness.clients import client_of
from asgi_compat._harness.recorder import DISCONNECTS, KEPT_CALLS, Limits, ScriptedServer, Step
from asgi_compat._harness.script import Conversation

REQUEST = {"type": "http.request", "body": b"", "more_body": False}
START = {"type": "http.response.start", "status": 200}
PART = {"type": "http.response.body", "body": b"abc", "more_body": True}
LAST = {"type": "http.response.body", "body": b""}


def serve(test: Callable[[ScriptedServer], Any], disconnect: Any = None, **options: Any) -> ScriptedServer:
    """Run a test that plays the application."""

    async def main() -> ScriptedServer:
        conversation = Conversation("", {"type": "http"}, (REQUEST,), disconnect=disconnect)
        server = ScriptedServer(client_of(conversation), **options)
        await test(server)
        return server

    return asyncio.run(main())


def test_server_records_both_directions_in_order() -> None:
    """As copies of that moment."""

    async def play(server: ScriptedServer) -> None:
        event = await server.receive()
        start = dict(START)
        await server.send(start)
        start["status"] = event["body"] = "changed"

    server = serve(play)
    assert server.steps == [Step("receive", REQUEST), Step("send", START)]
    assert (server.received, server.sent, server.has_all_steps) == (1, 1, True)


def test_server_receive_and_send_are_coroutine_functions() -> None:
    """asgiref's async_to_sync warns about others."""

    async def play(server: ScriptedServer) -> None:
        for function in (server.receive, server.send):
            marked = inspect.iscoroutinefunction(function) or hasattr(function, "_is_coroutine")
            assert marked

    serve(play)


@pytest.mark.parametrize("limits", [Limits(kept_events=3), Limits(kept_bytes=60)])
def test_server_keeps_no_more_than_its_limits(limits: Limits) -> None:
    """The rest is counted, and the record says that it has a gap."""

    async def play(server: ScriptedServer) -> None:
        for _ in range(10):
            await server.send(PART)

    server = serve(play, limits=limits)
    assert len(server.steps) < 4 and not server.has_all_steps and server.sent == 10


@pytest.mark.parametrize("limits", [Limits(seen_events=3), Limits(seen_bytes=60)])
def test_server_has_seen_enough_of_a_long_response(limits: Limits) -> None:
    """By number and by size."""
    flooded: List[bool] = []

    async def play(server: ScriptedServer) -> None:
        for _ in range(5):
            await server.send(PART)
            flooded.append(server.flooded.is_set())

    serve(play, limits=limits)
    assert flooded[0] is False and flooded[-1] is True


def test_server_counts_what_is_sent_after_the_client_has_left() -> None:
    """From the next event on."""

    async def play(server: ScriptedServer) -> None:
        for _ in range(3):
            await server.send(PART)

    assert serve(play, disconnect=1).sent_after_leaving == 2


def test_server_waiting_receives_are_served_in_order() -> None:
    """A disconnect wakes all of them."""

    async def play(server: ScriptedServer) -> None:
        tasks = [asyncio.ensure_future(server.receive()) for _ in range(3)]
        await asyncio.sleep(0.01)
        assert server.waiting == 2 and tasks[0].done()
        await server.send(START)
        await server.send(LAST)
        events = [await task for task in tasks]
        assert [event["type"] for event in events] == ["http.request", "http.disconnect", "http.disconnect"]

    serve(play)


def test_server_disconnect_is_repeated_a_limited_number_of_times() -> None:
    """An application that asks on and on blocks."""

    async def play(server: ScriptedServer) -> None:
        while server.received <= DISCONNECTS:
            await server.receive()
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(server.receive(), 0.01)

    serve(play, disconnect=0)


def test_server_client_without_patience_leaves_unanswered() -> None:
    """It waits for as long as it is told, and for ever after the first answer."""

    async def play(server: ScriptedServer) -> None:
        await server.receive()
        assert (await server.receive())["type"] == "http.disconnect"

    assert serve(play, patience=0.01).client.left


def test_server_events_after_the_end_are_late() -> None:
    """The first of them are kept."""

    async def play(server: ScriptedServer) -> None:
        await server.send(START)
        server.ended = True
        for _ in range(20):
            await server.send(LAST)

    server = serve(play)
    assert 0 < len(server.late) < 20 and server.late[0] == LAST


def test_server_calls_that_are_never_awaited_are_found() -> None:
    """And they do not warn."""

    async def play(server: ScriptedServer) -> None:
        server.send(START)
        await server.send(PART)
        server.receive()

    server = serve(play)
    assert server.take_unawaited() == [Step("send", START), Step("receive", None)]
    assert server.take_unawaited() == []


@pytest.mark.filterwarnings("ignore:coroutine")
def test_server_too_many_calls_that_are_never_awaited_raise() -> None:
    """What is remembered is bounded."""

    async def play(server: ScriptedServer) -> None:
        for _ in range(KEPT_CALLS):
            server.send(START)
        with pytest.raises(RuntimeError, match="and not awaited"):
            server.send(START)
        server.take_unawaited()

    serve(play)


def test_server_release_lets_python_warn() -> None:
    """About a call that was never awaited."""

    async def play(server: ScriptedServer) -> None:
        server.send(START)
        with pytest.warns(RuntimeWarning, match="was never awaited"):
            server.release_unawaited()

    serve(play)


def test_server_until_waits_for_something_sent() -> None:
    """And returns at once where the condition holds."""

    async def play(server: ScriptedServer) -> None:
        waiting = asyncio.ensure_future(server.until(lambda: server.sent == 2))
        await server.send(START)
        await asyncio.sleep(0)
        assert not waiting.done()
        await server.send(LAST)
        await waiting
        await server.until(lambda: True)

    serve(play)
