"""The lifespan around the other conversations."""

from __future__ import annotations

import asyncio
from typing import Any, Tuple

import pytest

from asgi_compat.check.lifespan import Lifespan
from asgi_compat.check.observation import Observation
from asgi_compat.check.scripts import lifespan_script


def around(app: Any, timeout: float = 0.2) -> Tuple[bool, Observation]:
    async def main() -> Tuple[bool, Observation]:
        lifespan = Lifespan(app, lifespan_script({}, doubled=False), timeout)
        return await lifespan.startup(), await lifespan.shutdown()

    return asyncio.run(main())


async def speaks(scope: Any, receive: Any, send: Any) -> None:
    for phase in ("startup", "shutdown"):
        assert (await receive())["type"] == f"lifespan.{phase}"
        await send({"type": f"lifespan.{phase}.complete"})


async def fails(scope: Any, receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "lifespan.startup.failed", "message": "no"})


async def raises(scope: Any, receive: Any, send: Any) -> None:
    raise ValueError("no")


async def hangs(scope: Any, receive: Any, send: Any) -> None:
    await asyncio.sleep(60)


@pytest.mark.parametrize(
    "app, goes_on, startup, ran_on",
    [
        (speaks, True, "complete", False),
        (fails, False, "failed", False),
        (raises, True, "", False),
        (hangs, True, "", True),
    ],
)
def test_lifespan_observation_says_how_it_went(app: Any, goes_on: bool, startup: str, ran_on: bool) -> None:
    """Only a start-up that failed ends the check."""
    went_on, seen = around(app)
    assert (went_on, seen.startup, seen.ran_on) == (goes_on, startup, ran_on)
    assert isinstance(seen.error, ValueError) is (app is raises)
    assert seen.outcome.unanswered is (app is hangs)
    assert seen.shutdown == ("complete" if app is speaks else "")
