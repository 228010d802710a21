"""What is asked of the server while a start is held, after the request, and after the disconnect."""

from __future__ import annotations

import asyncio

import pytest
from messages.cases import BODY, GONE, REQUEST, START, http

from connections.driving import Server, never, run

BOTH = [("double", "A"), ("single", "A"), ("single", "B"), ("double", "B")]


async def gone():
    return dict(GONE)


async def again():
    return dict(REQUEST)


async def raising():
    raise RuntimeError("asked too often")


async def waiting():
    await never()


@pytest.mark.parametrize("style, direction", BOTH)
@pytest.mark.parametrize("after, asked", [(gone, 4), (raising, 3), (waiting, 3)])
def test_receive_after_the_disconnect_asks_the_server_or_waits(style, direction, after, asked):
    server, seen = Server(REQUEST, dict(GONE), after=after), []

    async def app(receive, send):
        seen.append((await receive())["type"])
        seen.append((await receive())["type"])
        for _ in range(2):
            try:
                seen.append((await asyncio.wait_for(receive(), 0.05))["type"])
            except asyncio.TimeoutError:
                break
        await send(START)
        await send(BODY)

    run(app, http(), server.receive, server.send, style=style, direction=direction)
    assert seen == ["http.request"] + ["http.disconnect"] * (3 if after is gone else 1)
    assert server.asked == asked


@pytest.mark.parametrize("style, direction", BOTH)
@pytest.mark.parametrize("after", [gone, again])
def test_receive_in_a_loop_lets_other_tasks_run(style, direction, after):
    server = Server(REQUEST, after=after)

    async def app(receive, send):
        async def listen():
            while True:
                await receive()

        listening = asyncio.ensure_future(listen())
        await asyncio.sleep(0.02)
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await send(START)
        await send(BODY)

    run(app, http(), server.receive, server.send, style=style, direction=direction)


@pytest.mark.parametrize("style, direction", BOTH)
def test_request_that_is_given_again_is_held_back_until_the_disconnect(style, direction):
    leave = []

    async def after():
        await asyncio.sleep(0)
        return dict(GONE) if leave else dict(REQUEST)

    server = Server({**REQUEST, "more_body": True}, dict(REQUEST), after=after)
    seen = []

    async def app(receive, send):
        seen.append(await receive())
        seen.append(await receive())
        listening = asyncio.ensure_future(receive())
        while server.asked < 5:
            await asyncio.sleep(0.001)
        assert not listening.done()
        leave.append(True)
        seen.append(await listening)
        await send(START)
        await send(BODY)

    run(app, http(), server.receive, server.send, style=style, direction=direction)
    assert [event["type"] for event in seen] == ["http.request"] * 2 + ["http.disconnect"]


@pytest.mark.parametrize("style, direction", BOTH)
def test_request_that_is_given_again_after_the_response_is_the_disconnect(style, direction):
    server, seen = Server(REQUEST, after=again), []

    async def app(receive, send):
        await receive()
        await send(START)
        await send(BODY)
        seen.append(await receive())

    run(app, http(), server.receive, server.send, style=style, direction=direction)
    assert seen == [GONE]
