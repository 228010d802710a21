"""How a lifespan ends: groups of exceptions, and the end of an application that was answered for."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from asgi_compat import to_asgi3
from asgi_compat._connections.lifespan import LifespanOver
from asgi_compat._connections.lifespan_running import is_over


class Group(BaseException):
    def __init__(self, *inside: BaseException) -> None:
        self.exceptions = inside


def test_is_over_in_groups_is_true_for_nothing_else() -> None:
    assert is_over(LifespanOver()) and is_over(Group(LifespanOver(), Group(LifespanOver())))
    assert not is_over(Group(LifespanOver(), KeyError())) and not is_over(KeyboardInterrupt())


def test_run_lifespan_end_inside_a_group_returns() -> None:
    """A task group of anyio or asyncio wraps what ends one of its tasks."""
    events, sent = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}], []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        try:
            while True:
                await receive()
        except LifespanOver as end:
            raise Group(end) from None

    async def receive() -> Any:
        return events.pop(0)

    async def send(event: Any) -> None:
        sent.append(event["type"])

    asyncio.run(to_asgi3(app)({"type": "lifespan"}, receive, send))
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_run_lifespan_exception_of_the_application_comes_out_as_itself() -> None:
    error = Group(KeyError())

    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise error

    async def receive() -> Any: ...

    with pytest.raises(Group) as caught:
        asyncio.run(to_asgi3(app)({"type": "lifespan"}, receive, receive))
    assert caught.value is error
