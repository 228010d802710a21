"""Run an application's lifespan, and answer for one that has no support (A4, B33)."""

from __future__ import annotations

from .._messages.specification import SHUTDOWN, START_FAILED, STARTED, STARTUP, STOPPED
from .._text import safe_error
from .lifespan import ENDED, STOPPING, LifespanOver
from .lifespan_errors import failure_text, get_log, is_about_its_type, is_about_the_call
from .lifespan_legacy import in_old_words
from .shell import forward, forward_one

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Awaitable, Callable

    from .lifespan import LifespanSession


async def run_lifespan(session: LifespanSession, call: Callable[..., Awaitable[Any]]) -> None:
    """Run the application's lifespan, in the way that ``session.mode`` says."""
    if session.mode == "off":
        await _answer(session)
        return
    try:
        await call(session.scope, session.receive, session.send)
    except Exception as error:
        if not await _has_no_support(session, error):
            raise
    except BaseException as error:
        if not session.over or not is_over(error):
            raise
    if session.failure is not None:
        raise RuntimeError(session.failure)
    if session.answers and not session.started:
        await _answer(session)


async def _has_no_support(session: LifespanSession, error: Exception) -> bool:
    """Decide about an exception of the application: no lifespan support, or a failed start (A4, B33).

    A failed start is told to the server, and the exception goes on: uvicorn and granian serve without
    start-up after an exception alone. A current application without support is left to the server.
    """
    if not session.judges or session.started or session.failure is not None:
        return False
    unsupported = not session.asked or session.foreign or is_about_its_type(error)
    if not unsupported or is_about_the_call(error):
        await _fail(session, error)
        return False
    if session.answers:
        get_log().info(
            "the application has no lifespan support (it raised %s); answering for it", safe_error(error)
        )
    return session.answers


async def _fail(session: LifespanSession, error: BaseException) -> None:
    """Tell the server that start-up failed: an application that asked for startup speaks lifespan."""
    session.started = True
    if session.policy.raises_failed_start:
        return  # the exception itself is what an old server understands
    if not session.begun:
        await session.next_event()  # its own receive was cancelled, or it could not be called
    await forward_one(session, {"type": START_FAILED, "message": failure_text(error)})


async def _answer(session: LifespanSession) -> None:
    """Answer the server on behalf of an application that does not."""
    if session.begun and not session.started:
        session.started = True
        await forward_one(session, {"type": STARTED})
    while True:
        event = await session.next_event()
        if event["type"] == STARTUP and not session.started:
            session.started = True
            await forward_one(session, {"type": STARTED})
        elif event["type"] == SHUTDOWN and session.state == STOPPING:
            session.state = ENDED
            ended = in_old_words(session, {"type": STOPPED})
            await forward(session, () if ended is None else (ended,), session.memory())
            return


def is_over(error: BaseException) -> bool:
    """Whether it is the end of an application that was answered for, alone or in groups."""
    inside = getattr(error, "exceptions", None)
    if inside:
        return all(map(is_over, inside))
    return isinstance(error, LifespanOver)
