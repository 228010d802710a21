"""The events of a WebSocket where the server is not just asked (A46, A49).

Where several tasks ask, where an event was read ahead, after the disconnect, and when a close has interrupted
the wait.
"""

from __future__ import annotations

from .loop import give_way, sleep_forever, was_our_cancellation
from .turns import pass_turn, take_turn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .websocket import WebSocketSession


async def receive_late(session: WebSocketSession) -> Any:
    """Give an event when it is our turn: the first, one that was read ahead, one after the end."""
    await take_turn(session, "reading")
    try:
        event, known = session.connect, session.connect is not False
        if event:
            session.connect = None
            return session.hear(event, known=False)
        if session.disconnect is True:
            if session.policy.repeats:
                await sleep_forever()
            await give_way()
        event = await session._receive()
        if session.connect is False:
            session.connect = None
        return session.hear(event, known)
    finally:
        pass_turn(session, "reading")


async def receive_again(session: WebSocketSession, task: Any, error: BaseException) -> Any:
    """Let the close out that has cancelled the wait, and wait on; raise any other error (A46)."""
    closing = session.waiting
    if closing is task or not was_our_cancellation(task, error):
        raise error
    session.waiting = None
    await closing
    return await session._receive()
