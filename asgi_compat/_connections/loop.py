"""Tasks, their cancellation and their context, on asyncio or trio."""

from __future__ import annotations

import asyncio
from contextvars import copy_context

from .._messages.events import snapshot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def running_task() -> Any:
    """Give the task that runs, None on an event loop that is not asyncio's."""
    try:
        return asyncio.current_task()
    except RuntimeError:
        return None


def was_our_cancellation(task: Any, error: BaseException) -> bool:
    """Take back a cancellation that was our own (A46); say no when somebody else wants it too."""
    if task is None or not isinstance(error, asyncio.CancelledError):
        return False
    uncancel = getattr(task, "uncancel", None)  # Python 3.11
    return uncancel is None or uncancel() == 0


def bind_context(*functions: Any) -> Any:
    """Let the server's receive and send run in the context that is current now, whoever calls them (A51).

    asgiref's async_to_sync calls them from a task in whose context it keeps an executor of its own.
    """
    task = running_task()
    if task is None:
        return functions
    context = copy_context()

    def kept(function: Any) -> Any:
        async def awaited(*event: Any) -> Any:
            return await function(*event)

        async def call(*event: Any) -> Any:
            if running_task() is task:
                return await function(*event)
            # A task copies the context in which it is made, and begins later: nobody may change the event.
            event = tuple(map(snapshot, event))
            return await context.run(task.get_loop().create_task, awaited(*event))

        return call

    return [kept(function) for function in functions]


async def sleep_forever() -> None:
    """Wait until cancelled, on asyncio or trio."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        import trio  # type: ignore[import-not-found,unused-ignore]

        await trio.sleep_forever()
    else:
        await loop.create_future()


async def run_in_thread(function: Any) -> Any:
    """Call a function in a thread, in the context of the caller, on asyncio or trio."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        import trio

        return await trio.to_thread.run_sync(function)
    from asgiref.sync import sync_to_async

    try:
        call = sync_to_async(function, thread_sensitive=False)
    except TypeError:
        call = sync_to_async(function)  # asgiref before 3.1, which knows no other threads
    return await call()


async def pause(seconds: float) -> None:
    """Wait for some time, on asyncio or trio."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        import trio

        await trio.sleep(seconds)
    else:
        await asyncio.sleep(seconds)


async def give_way() -> None:
    """Let other tasks run, on asyncio or trio.

    For a call that is answered without the server: an application that makes it in a loop until something
    changes would never let anything change.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        import trio

        await trio.lowlevel.checkpoint()
    else:
        await asyncio.sleep(0)
