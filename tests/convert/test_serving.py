"""One connection, from the server's call to the end of the application."""

from __future__ import annotations

import asyncio
import sys

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


#: The core packages, from the one that calls down.
ORDER = ("_convert", "_adapt", "_connections", "_messages")


def package_of(frame):
    parts = frame.f_globals.get("__name__", "").split(".")
    return parts[1] if parts[0] == "asgi_compat" and len(parts) > 1 else None


def crossings_until_the_application(app, scope):
    """Return which package called which function of another, until the application runs."""
    found, arrived = [], []

    def hook(frame, event, argument):
        if event != "call" or arrived:
            return
        if frame.f_code.co_name == "application_under_test":
            arrived.append(True)
        package, caller = package_of(frame), frame.f_back
        while caller is not None and package_of(caller) is None:
            caller = caller.f_back
        if package in ORDER and caller is not None and package_of(caller) not in (package, None):
            found.append((package_of(caller), package, frame.f_code.co_name))

    async def connect():
        server = Server({"type": "http.request"})
        before = sys.getprofile()
        sys.setprofile(hook)
        try:
            await app(scope, server.receive, server.send)
        finally:
            sys.setprofile(before)

    asyncio.run(connect())
    assert arrived
    return found


#: Right, and with two fields that are repaired.
SCOPES = [http(), http(client=["127.0.0.1", "80"], headers=[("a", "b")])]


@pytest.mark.parametrize("scope", SCOPES, ids=["right", "odd"])
@pytest.mark.parametrize("double", [True, False], ids=["double", "single"])
def test_serve_scope_goes_down_and_only_reports_climb_back(double, scope):
    """It climbed four times when repairs, order and the call were one another's callbacks."""

    async def application_under_test(scope, receive, send):
        await send(START)
        await send(BODY)

    def constructor(scope):
        async def instance(receive, send):
            await application_under_test(scope, receive, send)

        return instance

    app = to_asgi3(constructor if double else application_under_test)
    crossings = crossings_until_the_application(app, scope)
    assert ("_convert", "_messages") in [each[:2] for each in crossings], "the scope is looked at"
    climbs = [each[2] for each in crossings if ORDER.index(each[0]) > ORDER.index(each[1])]
    reports = 0 if scope is SCOPES[0] else 2
    assert climbs == ["__call__"] * reports, crossings  # of the reporter, once for each repair
