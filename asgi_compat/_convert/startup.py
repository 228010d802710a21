"""Lifespan as the rest of the service sees it: whether it came, and the state that it leaves (A53, B13)."""

from __future__ import annotations

from .lazy_startup import mark_started_by_server, wait_until_started
from .missing_startup import warn_of_missing_startup

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._types import Event
    from .engine import CompiledApplication


def prepare_lifespan(compiled: CompiledApplication, given: Event) -> Event:
    """Give a lifespan a state where the server has none (A53, B36), and remember that it came (A55, B35)."""
    if compiled.plan.keeps_state and not issubclass(type(given.get("state")), dict):
        compiled.state = state = {}  # type: ignore[var-annotated]
        given = {**given, "state": state}
    compiled.prepares = compiled.state is not None or compiled.loops is not None
    if compiled.loops is not None:
        mark_started_by_server(compiled)
    return given


async def prepare_connection(compiled: CompiledApplication, given: Event) -> Event:
    """Wait for the start-up where it is ours (A55, B35), and add the state that it left (A53, B13).

    The first connection of an application whose start-up nobody has sent says so on the log.
    """
    state = compiled.state
    if compiled.loops is not None:
        own = await wait_until_started(compiled)
        state = state if own is None else own
    elif state is None:
        compiled.prepares = False
        warn_of_missing_startup(compiled)
    if state is None or not compiled.plan.copies_state or issubclass(type(given.get("state")), dict):
        return given
    return {**given, "state": state.copy()}
