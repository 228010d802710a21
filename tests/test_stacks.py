"""Where a task waits."""

from __future__ import annotations

import asyncio
import sys
from typing import Any, Generator, List

from asgi_compat._stacks import called_frames, line_of_user_code, waits_at


class Custom:
    """An awaitable of its own kind."""

    def __await__(self) -> Generator[Any, None, None]:
        yield from asyncio.Event().wait().__await__()


async def numbers() -> Any:
    await Custom()
    yield 1


async def outer() -> None:
    async for _ in numbers():
        pass


def test_waits_at_follows_coroutines_and_awaitables() -> None:
    async def main() -> List[str]:
        task = asyncio.ensure_future(outer())
        await asyncio.sleep(0)
        names = [frame.name for frame in waits_at(task)]
        task.cancel()
        await asyncio.wait({task})
        return names

    names = asyncio.run(main())
    assert names[0] == "outer"


def test_waits_at_awaitable_with_a_generator_shows_its_line() -> None:
    async def inner() -> None:
        await Custom()

    async def main() -> List[str]:
        task = asyncio.ensure_future(inner())
        await asyncio.sleep(0)
        names = [frame.name for frame in waits_at(task)]
        task.cancel()
        await asyncio.wait({task})
        return names

    assert asyncio.run(main())[:2] == ["inner", "__await__"]


def test_line_of_user_code_skips_libraries() -> None:
    seen: List[str] = []
    sorted([1], key=lambda _: seen.append(line_of_user_code(called_frames(sys._getframe()))))  # type: ignore
    assert seen[0].startswith(f"{__file__}:") and "line_of_user_code" in seen[0]
    assert line_of_user_code([]) == "an unknown place"
