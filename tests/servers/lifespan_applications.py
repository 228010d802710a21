"""Applications of 2018 and what they know of lifespan, through `to_asgi3`.

What they do at the end is printed, so that it is in the server's log.
"""

from __future__ import annotations

import asyncio
import traceback
from typing import Any

from asgi_compat import Quirks, to_asgi3


def hello(scope: Any) -> Any:
    """Answer a request."""

    async def instance(receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"hello"})

    return instance


def cleans_up(scope: Any) -> Any:
    """Of the summer of 2018: it answers lifespan.startup and lifespan.cleanup, and waits for nothing else."""
    if scope["type"] != "lifespan":
        return hello(scope)

    async def instance(receive: Any, send: Any) -> None:
        while True:
            event = await receive()
            if event["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            elif event["type"] == "lifespan.cleanup":
                print("cleaned up", flush=True)
                await send({"type": "lifespan.cleanup.complete"})
                return

    return instance


def http_only(scope: Any) -> Any:
    """Of a time before lifespan."""
    assert scope["type"] == "http"
    return hello(scope)


def cannot_start(scope: Any) -> Any:
    """Its start-up raises."""
    if scope["type"] != "lifespan":
        return hello(scope)

    async def instance(receive: Any, send: Any) -> None:
        await receive()
        raise RuntimeError("no database today")

    return instance


def says_that_it_cannot_start(scope: Any) -> Any:
    """Its start-up fails in the words of 2019."""
    if scope["type"] != "lifespan":
        return hello(scope)

    async def instance(receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no database today"})

    return instance


def loops_over_its_own_events(scope: Any) -> Any:
    """It looks for its own events in every scope, and answers nothing else."""

    async def instance(receive: Any, send: Any) -> None:
        while True:
            event = await receive()
            if event["type"] == "http.request":
                await hello(scope)(receive, send)
                return

    return instance


async def dies_while_it_serves(scope: Any, receive: Any, send: Any) -> None:
    """As Starlette does: its worker dies with the first request, it says shutdown.failed and raises."""
    if scope["type"] != "lifespan":
        await hello(scope)(receive, send)
        scope["state"]["requested"].set()
        return
    await receive()
    requested = scope["state"]["requested"] = asyncio.Event()
    await send({"type": "lifespan.startup.complete"})
    await requested.wait()
    try:
        raise LookupError("the worker has died")
    except LookupError:
        await send({"type": "lifespan.shutdown.failed", "message": traceback.format_exc()})
        raise


async def raises_in_lifespan(scope: Any, receive: Any, send: Any) -> None:
    """A current application of HTTP only."""
    assert scope["type"] == "http"
    await hello(scope)(receive, send)


async def returns_from_lifespan(scope: Any, receive: Any, send: Any) -> None:
    """A current application that answers nothing else."""
    if scope["type"] == "http":
        await hello(scope)(receive, send)


async def cannot_start_either(scope: Any, receive: Any, send: Any) -> None:
    """A current application whose start-up raises."""
    if scope["type"] == "lifespan":
        await receive()
        raise RuntimeError("no database today")
    await hello(scope)(receive, send)


def starts_and_stops(scope: Any) -> Any:
    """It prints its start-up and its shutdown."""
    if scope["type"] != "lifespan":
        return hello(scope)

    async def instance(receive: Any, send: Any) -> None:
        for _ in range(2):
            kind = (await receive())["type"]
            await asyncio.sleep(0)
            print(f"in {kind}", flush=True)
            await send({"type": f"{kind}.complete"})

    return instance


cleaning_up = to_asgi3(cleans_up)
#: Without A20: it is never told to clean up.
never_cleaning_up = to_asgi3(cleans_up, quirks=Quirks(lifespan_cleanup=False))
of_http_only = to_asgi3(http_only)
failing = to_asgi3(cannot_start)
failing_current = to_asgi3(cannot_start_either)
failing_in_words = to_asgi3(says_that_it_cannot_start)
looping = to_asgi3(loops_over_its_own_events)
raising = to_asgi3(raises_in_lifespan)
returning = to_asgi3(returns_from_lifespan)
dying = to_asgi3(dies_while_it_serves)
starting = to_asgi3(starts_and_stops)
starting_lazily = to_asgi3(starts_and_stops, quirks=Quirks(lazy_lifespan=True))
