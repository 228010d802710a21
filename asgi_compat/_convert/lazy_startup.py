"""Start-up where nobody sends lifespan: before the first connection of a loop (A55, B35)."""

from __future__ import annotations

from .._connections import LifespanSession, run_lifespan, sleep_forever
from .._messages.events import failure_message
from .._messages.specification import SHUTDOWN, START_FAILED, STARTED, STARTUP, STOP_FAILED
from .._text import safe_error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

    from .._types import Event
    from .engine import CompiledApplication


def running_loop() -> Any:
    """Return the running loop of asyncio; None on trio, which has none that a task could be given to."""
    from asyncio import get_running_loop

    try:
        return get_running_loop()
    except RuntimeError:
        return None


def mark_started_by_server(compiled: CompiledApplication) -> None:
    """Remember that the server of this loop runs the start-up itself."""
    loop = running_loop()
    if loop is not None and loop not in compiled.loops:
        future = loop.create_future()
        future.set_result(None)
        compiled.loops[loop] = future, None, None


async def wait_until_started(compiled: CompiledApplication) -> Any:
    """Wait until the application has started on this loop; start it if nobody has. Give the state it left.

    Threads may run a loop each, and each has a start-up and a state of its own. Raises RuntimeError when the
    start-up has failed.
    """
    from asyncio import shield

    loop = running_loop()
    if loop is None:
        return None
    entry = compiled.loops.get(loop)
    if entry is None:
        future, state = loop.create_future(), {}  # type: ignore[var-annotated]
        task = loop.create_task(run_lazy_lifespan(compiled, future, state))
        entry = compiled.loops[loop] = future, task, state
        end_with_process(loop, task)
    failure = await shield(entry[0])
    if failure is not None:
        why = str(failure) if type(failure) is StartupFailed else safe_error(failure)
        raise RuntimeError(f"the application failed to start: {why}") from failure
    return entry[2]


class StartupFailed(Exception):
    """What an application gave as the message of ``lifespan.startup.failed``."""


def end_with_process(loop: Any, task: Any) -> None:
    """Run the shutdown at the end of the process where the loop has stopped and ended nothing.

    `asyncio.run` cancels the tasks that are left. Twisted's reactor (daphne) and ``run_until_complete``
    (Mangum) leave them.
    """
    import atexit
    from asyncio import CancelledError

    def end() -> None:
        if not (task.done() or loop.is_closed() or loop.is_running()):
            task.cancel()
            try:
                loop.run_until_complete(task)
            except CancelledError:  # in the middle of its start-up
                pass

    atexit.register(end)
    task.add_done_callback(lambda task: atexit.unregister(end))


async def run_lazy_lifespan(compiled: CompiledApplication, started: Any, state: Any) -> None:
    """Be the server of the application's lifespan: start-up now, shutdown when the loop ends the task."""
    from asyncio import CancelledError, current_task, get_running_loop
    from logging import getLogger

    steps = iter((STARTUP, SHUTDOWN))
    failed: Optional[StartupFailed] = None

    def settle(failure: Optional[BaseException]) -> None:
        if not started.done():
            started.set_result(failure)

    async def receive() -> Event:
        step = next(steps, SHUTDOWN)
        if step == SHUTDOWN:
            try:
                await sleep_forever()
            except CancelledError:
                # asyncio.run cancels what is left at the end and waits for it: time for the shutdown.
                uncancel = getattr(current_task(), "uncancel", None)
                if uncancel is not None:
                    uncancel()
        return {"type": step}

    async def send(event: Event) -> None:
        nonlocal failed
        kind, message = event["type"], failure_message(event, "it gave no message")
        if kind == STARTED:
            settle(None)
        elif kind == START_FAILED:
            # An exception that follows at once says more (Starlette): it is settled first.
            failed = StartupFailed(message)
            get_running_loop().call_soon(settle, failed)
        elif kind == STOP_FAILED:
            getLogger("asgi_compat").error("shutdown failed: %s", message)

    scope = compiled.scopes["lifespan"]({"type": "lifespan"})
    scope = {**scope, "state": state} if compiled.plan.keeps_state else scope
    try:
        life = LifespanSession(compiled.policy, scope, receive, send, compiled.lifespan)
        # As every server, this one goes on without lifespan for a current application that does not know it.
        life.answers = compiled.lifespan == "auto"
        await run_lifespan(life, compiled.lifespan_call)
    except Exception as error:
        if started.done():
            raise
        settle(error)
    finally:
        settle(failed)
