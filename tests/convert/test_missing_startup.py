"""The line on the log when a connection comes and no lifespan did."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from asgi_compat import Quirks, to_asgi2, to_asgi3
from asgi_compat._convert.missing_startup import has_startup

NOTICE = "a connection came and no lifespan event before it"


def with_startup(scope: Any) -> Any:
    async def instance(receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            event = await receive()
            if event["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"hello"})

    return instance


def without_startup(scope: Any) -> Any:
    async def instance(receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"hello"})

    return instance


def with_startup_of_parts(scope: Any) -> Any:
    """As bareASGI 1.0 answers."""

    async def instance(receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            while True:
                await send({"type": f"{(await receive())['type']}.complete"})
        await without_startup(scope)(receive, send)

    return instance


def refusing(scope: Any) -> Any:
    assert scope["type"] != "lifespan"
    return without_startup(scope)


async def current(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await send({"type": "lifespan.startup.complete"})
    await with_startup(scope)(receive, send)


async def receive() -> Any:
    return {"type": "http.request"}


async def send(event: Any) -> None: ...


async def get(app: Any) -> None:
    for _ in range(2):
        await app({"type": "http", "method": "GET", "path": "/", "headers": []}, receive, send)


@pytest.mark.parametrize(
    "app, options, lines",
    [
        (with_startup, {}, 1),
        (with_startup_of_parts, {}, 1),
        (refusing, {}, 0),
        (without_startup, {}, 0),
        (current, {}, 0),
        (with_startup, {"lifespan": "off"}, 0),
        (with_startup, {"quirks": Quirks(lazy_lifespan=True)}, 0),
    ],
    ids=["start-up", "of parts", "refusing", "none", "current", "off", "lazy"],
)
@pytest.mark.leaves_tasks
def test_missing_startup_is_said_once_where_there_is_one(
    app: Any, options: Any, lines: int, caplog: Any
) -> None:
    asyncio.run(get(to_asgi3(app, **options)))
    assert caplog.text.count(NOTICE) == lines
    assert caplog.text.count("lazy_lifespan=True") == lines


@pytest.mark.parametrize(
    "app, options, lines",
    [
        (current, {}, 1),
        (current, {"lifespan": "off"}, 0),
        (current, {"quirks": Quirks(lazy_lifespan=True)}, 0),
        (with_startup, {}, 1),
        (without_startup, {}, 0),
    ],
    ids=["start-up", "off", "lazy", "old", "none"],
)
@pytest.mark.leaves_tasks
def test_missing_startup_on_an_old_server_is_said_of_a_current_application(
    app: Any, options: Any, lines: int, caplog: Any
) -> None:
    old = to_asgi2(app, **options)
    asyncio.run(get(lambda scope, receive, send: old(scope)(receive, send)))
    assert caplog.text.count(NOTICE) == lines


def test_missing_startup_is_not_said_after_a_lifespan(caplog: Any) -> None:
    events = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]

    async def give() -> Any:
        return events.pop(0)

    async def main() -> None:
        app = to_asgi3(with_startup)
        await app({"type": "lifespan"}, give, send)
        await get(app)

    asyncio.run(main())
    assert NOTICE not in caplog.text


class Framework:
    """Keeps the functions of its start-up like Starlette or Quart."""

    def __init__(self, **attributes: Any) -> None:
        self.__dict__.update(attributes)

    def __call__(self, scope: Any) -> Any:
        return without_startup(scope)


def of_starlette(app: Any) -> Any: ...


class Default:
    """As Starlette's object where no lifespan is given."""


of_starlette.__module__ = Default.__module__ = "starlette.routing"


@pytest.mark.parametrize(
    "attributes, there",
    [
        ({"router": SimpleNamespace(on_startup=[print])}, True),
        ({"router": SimpleNamespace(on_startup=[])}, False),
        ({"lifespan_middleware": SimpleNamespace(lifespan=SimpleNamespace(startup_handlers=[print]))}, True),
        ({"before_serving_funcs": [print]}, True),
        ({"router": SimpleNamespace(on_startup=[], lifespan_context=current)}, True),
        ({"router": SimpleNamespace(on_startup=[], lifespan_context=of_starlette)}, False),
        ({"router": SimpleNamespace(on_startup=[], lifespan_context=Default())}, False),
        ({}, False),
    ],
)
def test_has_startup_of_a_framework_is_in_its_handlers(attributes: Any, there: bool) -> None:
    assert has_startup(Framework(**attributes)) is there
