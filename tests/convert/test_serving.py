"""One connection, from the server's call to the end of the application."""

from __future__ import annotations

import asyncio

import pytest
from connections.driving import Server
from messages.cases import BODY, START, http

from asgi_compat import ServerMessageError, to_asgi3
from asgi_compat._convert.serving import copy_new_keys_back, read_scope_type


class Refusing(dict):
    """A scope of a server that takes no new key."""

    def setdefault(self, key, default=None):
        raise RuntimeError("this scope is read-only")


class Kind(str):
    """A str that is not quite one."""


def serve(function, scope):
    server = Server({"type": "http.request"})

    def app(scope):
        async def instance(receive, send):
            await function(scope, send)

        return instance

    asyncio.run(to_asgi3(app)(scope, server.receive, server.send))
    return server


def test_serve_key_of_the_application_reaches_the_servers_scope():
    async def app(scope, send):
        scope["endpoint"] = "x"
        await send(START)
        await send(BODY)

    scope = http()
    serve(app, scope)
    assert scope["endpoint"] == "x"


def test_serve_scope_that_refuses_a_key_does_not_hide_the_applications_error():
    async def app(scope, send):
        scope["endpoint"] = "x"
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        serve(app, Refusing(http()))


def test_serve_scope_that_refuses_a_key_does_not_spoil_the_response():
    async def app(scope, send):
        scope["endpoint"] = "x"
        await send(START)
        await send(BODY)

    assert serve(app, Refusing(http())).sent == [START, BODY]


def test_serve_another_protocol_goes_to_the_application_as_it_is():
    seen = []

    async def app(scope, receive, send):
        seen.append(scope)

    scope = {"type": "other"}
    asyncio.run(to_asgi3(app)(scope, None, None))
    assert seen == [scope] and seen[0] is scope


def test_copy_new_keys_back_leaves_keys_that_the_server_has():
    scope = {"a": 1, "b": 2}
    copy_new_keys_back({"a": 9, "b": 8, "c": 3}, 2, scope)
    copy_new_keys_back({"a": 9, "b": 8}, 1, scope)
    assert scope == {"a": 1, "b": 2, "c": 3}


def test_read_scope_type_takes_a_subclass_of_str():
    assert read_scope_type({"type": Kind("http")}) == "http"


@pytest.mark.parametrize("scope", [None, {}, {"type": 1}, {"type": b"http"}])
def test_read_scope_type_refuses_a_scope_without_one(scope):
    with pytest.raises(ServerMessageError, match="scope: got"):
        read_scope_type(scope)
