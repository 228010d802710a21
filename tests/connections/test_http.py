"""The exchange of a request: turns, what is taken back, and lengths."""

from __future__ import annotations

import asyncio

import pytest
from messages.cases import EMPTY, REQUEST, http, start

from asgi_compat import middleware_to_asgi3
from connections.driving import Server

LENGTH = [(b"content-length", b"100")]


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
