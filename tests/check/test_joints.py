"""What is called in the wrong style inside an application."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from .applications import BODY, START, checked, the_one

starlette = pytest.importorskip("starlette.applications")
routing = pytest.importorskip("starlette.routing")


class Old:
    def __init__(self, scope: Any) -> None:
        self.scope = scope

    async def __call__(self, receive: Any, send: Any) -> None:
        await send(START)
        await send(BODY)


async def home(scope: Any, receive: Any, send: Any) -> None:
    await send(START)
    await send(BODY)


def site() -> Any:
    return starlette.Starlette(routes=[routing.Mount("/old", Old), routing.Mount("/", home)])


def test_mounted_old_application_is_found_without_a_request_for_it() -> None:
    """With the path and the line to write."""
    report = checked(site(), paths=["/"])
    found = [row for row in report.findings if "mounted inside at /old; wrap it there" in row.sent]
    assert len(found) == 1 and "write to_asgi3(Old)" in found[0].sent and not found[0].fixed


def test_mounted_old_application_that_raises_is_one_finding() -> None:
    """Mount changes the scope: each conversation has its own, so to_asgi3 does not seem to help."""
    report = checked(site(), paths=["/old/"])
    finding = the_one(report)
    assert "mounted inside at /old; wrap it there" in finding.sent and "Mount.handle" in finding.sent
    assert finding.to_asgi3.startswith("does not help") and not finding.fixed
    assert {row.result for row in report.conversations if row.protocol == "http"} == {"raised TypeError"}


def test_consumer_class_among_routes_says_as_asgi() -> None:
    """Channels' URLRouter calls it with three arguments."""

    class Chat:
        async def __call__(self, scope: Any, receive: Any, send: Any) -> None: ...

        @classmethod
        def as_asgi(cls) -> Any: ...

    class Pattern:
        _route = "ws/"

    class Route:
        def __init__(self) -> None:
            self.callback, self.pattern = Chat, Pattern()

    class URLRouter:
        def __init__(self) -> None:
            self.routes = [Route()]

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            assert scope["type"] == "http"
            await home(scope, receive, send)

    finding = the_one(checked(URLRouter()))
    assert "a consumer class is routed at ws/" in finding.sent and "Chat.as_asgi()" in finding.sent


def router_of_channels(mapping: Any) -> Any:
    """What ProtocolTypeRouter of Channels 4 does, by the name and the module that it has there."""

    async def call(self: Any, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] not in self.application_mapping:
            raise ValueError(f"No application configured for scope type {scope['type']!r}")
        await self.application_mapping[scope["type"]](scope, receive, send)

    kind = type("ProtocolTypeRouter", (), {"__module__": "channels.routing", "__call__": call})
    router = kind()
    router.application_mapping = mapping
    return router


class Origins:
    """A middleware as it stands around such a router."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


async def chat(scope: Any, receive: Any, send: Any) -> None:
    if scope["path"] != "/":
        raise ValueError("No route found for path")
    await receive()
    await send({"type": "websocket.accept"})
    while (await receive())["type"] != "websocket.disconnect":
        pass


@pytest.mark.parametrize("wrap", [lambda app: app, Origins])
def test_router_without_http_says_what_to_add(wrap: Any) -> None:
    """A finding where nothing answers at all; a note where it speaks WebSocket, which is permitted."""
    finding = the_one(checked(wrap(router_of_channels({}))))
    assert "No application configured" in finding.sent and '"http": get_asgi_application()' in finding.sent
    report = checked(wrap(router_of_channels({"websocket": chat})))
    assert not report.findings
    (text,) = [note.text for note in report.notes if "get_asgi_application" in note.text]
    assert 'add "http"' in text


def test_router_with_http_says_nothing_of_it() -> None:
    """It is complete."""
    report = checked(router_of_channels({"http": home, "websocket": chat}))
    assert not any("get_asgi_application" in note.text for note in report.notes)
    assert not any("get_asgi_application" in finding.sent for finding in report.findings)


def test_application_called_the_wrong_way_is_not_logged_for_each_conversation(caplog: Any) -> None:
    """It is a finding, and the adapters of a check would say it twenty times."""
    logger = logging.getLogger("asgi_compat")
    checked(site(), paths=["/old"])
    assert [row for row in caplog.records if row.name == logger.name] == [] and not logger.disabled
