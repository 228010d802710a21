"""The exchange of a request: what is asked of the server again, and what the application returned."""

from __future__ import annotations

import asyncio

import pytest
from messages.cases import BODY, EMPTY, GONE, PART, REQUEST, START, http, start

from asgi_compat import AppMessageError, middleware_to_asgi3
from connections.driving import never, run

BOTH = [("double", "A"), ("single", "A"), ("single", "B"), ("double", "B")]
LENGTH = [(b"content-length", b"100")]


class Server:
    """Gives some events, then does what ``after`` says at each receive."""

    def __init__(self, *events, after=None):
        self.events, self.after, self.sent, self.asked = list(events), after, [], 0

    async def receive(self):
        self.asked += 1
        if self.events:
            return self.events.pop(0)
        return await self.after()

    async def send(self, event):
        self.sent.append(event)


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


@pytest.mark.parametrize(
    "method, first", [("HEAD", start(headers=LENGTH)), ("GET", start(status=304)), ("GET", start(status=204))]
)
def test_length_is_not_measured_where_there_is_no_body_in_a_middleware_stack(method, first):
    class Old:
        def __init__(self, app):
            self.app = app

        def __call__(self, scope):
            return self.app(scope)

    first = {**first, "headers": LENGTH}

    async def site(scope, receive, send):
        await send(first)
        await send(EMPTY)

    server = Server(REQUEST)
    asyncio.run(middleware_to_asgi3(Old)(site)(http(method=method), server.receive, server.send))
    assert server.sent == [first, EMPTY]
