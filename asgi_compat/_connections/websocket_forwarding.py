"""Send on what one event of a WebSocket has become, and say what an error of the server's send means."""

from __future__ import annotations

import asyncio

from .._messages import specification
from .._messages.specification import CLOSE
from .loop import give_way, running_task
from .lost import swallow
from .states import DONE, NEW

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Sequence

    from .websocket import WebSocketSession

#: The server refused an event because the client has gone; websocket.disconnect is still to come.
LOST = "lost"


async def forward(session: WebSocketSession, events: Sequence[Any], before: Any) -> None:
    """Send on what one event has become. If that is cancelled, what is not yet sent has not happened."""
    state, denial = before
    if events and session.connect is False:
        try:
            await session.read_connect()
        except BaseException:
            session.state, session.denial = before  # nothing has gone out
            raise
    try:
        if not events:
            await give_way()
        for event in events:
            await (_close if event["type"] == CLOSE else _forward_one)(session, event)
            if state == NEW:
                state = session.state
            elif denial is not None and denial.start is not None:
                denial = denial._replace(start=None)  # it is out
    except Exception:
        raise
    except BaseException:
        session.state, session.denial = state, denial
        raise


async def _close(session: WebSocketSession, event: Any) -> None:
    """Send a close, and interrupt a receive that waits on the server: granian holds it back (A46)."""
    task = session.waiting
    if task is None or not session.policy.cancels or task is running_task():
        await _forward_one(session, event)
        return
    sent = session.waiting = asyncio.get_running_loop().create_future()
    task.cancel()
    try:
        # Let the cancellation reach the server before the close does.
        await asyncio.sleep(0)
        await _forward_one(session, event)
    finally:
        if not sent.done():
            sent.set_result(None)


async def _forward_one(session: WebSocketSession, event: Any) -> None:
    gone = session.disconnect and session.policy.swallow
    if gone and not session.policy.patience:
        await swallow(session)
    try:
        await session.answer(event)
    except Exception as error:
        await on_send_error(session, error)
    else:
        if gone:
            await swallow(session)


async def on_send_error(session: WebSocketSession, error: BaseException) -> None:
    """Pass over an error that says the client has gone (A31, B22), and raise any other."""
    library = (
        type(error).__name__ in specification.GONE_ERRORS and session.policy.plan.direction == specification.B
    )
    runtime = isinstance(error, RuntimeError) and (session.disconnect or session.state == DONE)
    if not session.policy.swallow or not (isinstance(error, OSError) or runtime or library):
        raise error
    if session.state != DONE:
        session.disconnect = session.disconnect or LOST
    await swallow(session, error)
