"""What `odd_application` asks of its event loop, on asyncio and on trio."""

from __future__ import annotations

import asyncio
from typing import Any, Callable


def is_trio() -> bool:
    """Return whether trio runs this, and not asyncio."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return True
    return False


async def sleep(seconds: float) -> None:
    """Wait."""
    if is_trio():
        import trio

        await trio.sleep(seconds)
    else:
        await asyncio.sleep(seconds)


async def in_time(function: Callable[[], Any], seconds: float) -> Any:
    """Return what a coroutine function returns, or raise asyncio.TimeoutError and cancel it."""
    if not is_trio():
        return await asyncio.wait_for(function(), seconds)
    import trio

    with trio.move_on_after(seconds) as scope:
        result = await function()
    if scope.cancelled_caught:
        raise asyncio.TimeoutError
    return result


class Once:
    """An event that is made before a loop runs, and set and awaited in one."""

    def __init__(self) -> None:
        self._event: Any = None

    def _made(self) -> Any:
        if self._event is None:
            if is_trio():
                import trio

                self._event = trio.Event()
            else:
                self._event = asyncio.Event()
        return self._event

    def set(self) -> None:
        """Let all go on that wait for it."""
        self._made().set()

    async def wait(self) -> None:
        """Return when it is set."""
        await self._made().wait()


class Started:
    """A call that goes on beside the one that made it."""

    def __init__(self, function: Callable[[], Any]) -> None:
        self.ended = Once()
        self.result: Any = None
        self.error: Any = None
        self._function = function
        self._task: Any = None
        if is_trio():
            import trio

            trio.lowlevel.spawn_system_task(self._run)
        else:
            # create_task() takes a coroutine and nothing else (A42).
            self._task = asyncio.get_running_loop().create_task(function())

    async def _run(self) -> None:
        try:
            self.result = await self._function()
        except Exception as error:
            self.error = error
        finally:
            self.ended.set()

    async def wait(self) -> Any:
        """Return or raise what it returns or raises."""
        if self._task is not None:
            return await self._task
        await self.ended.wait()
        if self.error is not None:
            raise self.error
        return self.result
