"""What is called in the wrong style inside an application."""

from __future__ import annotations

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
    assert len(found) == 1 and "write to_asgi3(Old)" in found[0].sent and not found[0].mended


def test_mounted_old_application_that_raises_is_one_finding() -> None:
    """Mount changes the scope: each conversation has its own, so to_asgi3 does not seem to help."""
    report = checked(site(), paths=["/old/"])
    finding = the_one(report)
    assert "mounted inside at /old; wrap it there" in finding.sent and "Mount.handle" in finding.sent
    assert finding.to_asgi3.startswith("does not help") and not finding.mended
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
