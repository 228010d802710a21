"""Start-up where the server has no lifespan (B35), and the state that it leaves (B13)."""

from __future__ import annotations

from .._connections import LifespanSession, run_lifespan, sleep_forever
from .._messages.specification import B
from .._text import safe_str

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict

    from .engine import CompiledApplication


def prepare_lifespan(compiled: CompiledApplication, given: Any) -> Any:
    """Give a lifespan a state where the server has none (A53, B36), and remember that it runs it (B35)."""
    if compiled.plan.keeps_state and not issubclass(type(given.get("state")), dict):
        compiled.state = state = {}  # type: ignore[var-annotated]
        compiled.adds_state = True
        given = {**given, "state": state}
    if compiled.loops is not None and compiled.plan.direction == B:
        mark_started_by_server(compiled)
    return given


async def add_state(compiled: CompiledApplication, given: Any) -> Any:
    """Add the state of the start-up to a scope (A53, B13), that of this loop where it is ours (B35)."""
    alive, state = compiled.plan.rules, compiled.state
    if compiled.loops is not None and "B35" in alive:
        own = await wait_until_started(compiled)
        state = compiled.state if own is None else own
    if state is None or not compiled.plan.copies_state or issubclass(type(given.get("state")), dict):
        return given
    return {**given, "state": state.copy()}


def mark_started_by_server(compiled: CompiledApplication) -> None:
    """Remember that the server of this loop runs the start-up itself."""
    from asyncio import get_running_loop

    loop = get_running_loop()
    if loop not in compiled.loops:
        future = loop.create_future()
        future.set_result(None)
        compiled.loops[loop] = future, None, None


async def wait_until_started(compiled: CompiledApplication) -> Any:
    """Wait until the application has started on this loop; start it if nobody has. Give the state it left.

    Threads may run a loop each, and each has a start-up and a state of its own.
    """
    from asyncio import get_running_loop, shield

    loop = get_running_loop()
    entry = compiled.loops.get(loop)
    if entry is None:
        future, state = loop.create_future(), {}  # type: ignore[var-annotated]
        entry = compiled.loops[loop] = (
            future,
            loop.create_task(run_lazy_lifespan(compiled, future, state)),
            state,
        )
    await shield(entry[0])
    return entry[2]


async def run_lazy_lifespan(compiled: CompiledApplication, started: Any, state: Any) -> None:
    """Be the server of the application's lifespan: start-up now, shutdown when the loop ends the task."""
    from asyncio import CancelledError, current_task

    steps = iter(("lifespan.startup", "lifespan.shutdown"))

    async def receive() -> Dict[str, Any]:
        step = next(steps, None)
        if step == "lifespan.shutdown":
            try:
                await sleep_forever()
            except CancelledError:
                # asyncio.run cancels what is left at the end and waits for it: time for the shutdown.
                uncancel = getattr(current_task(), "uncancel", None)
                if uncancel is not None:
                    uncancel()
        return {"type": step or "lifespan.shutdown"}

    async def send(event: Any) -> None:
        if event["type"] == "lifespan.startup.complete" and not started.done():
            started.set_result(None)

    scope = compiled.scopes["lifespan"]({"type": "lifespan"})
    try:
        life = LifespanSession(compiled.policy, {**scope, "state": state}, receive, send, compiled.lifespan)
        await run_lifespan(life, compiled.lifespan_call)
    except Exception as error:
        if started.done():
            raise
        started.set_exception(RuntimeError(f"the application failed to start: {safe_str(error)}"))
        started.exception()
    finally:
        if not started.done():
            started.set_result(None)
