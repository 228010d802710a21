"""What is awaited when events go out, whatever kind of connection it is.

The handlers of a state decide, and do not await. This module sends what they return, treats a server's error
that means no more than that the client has gone, and takes back what a cancelled send has not done.
"""

from __future__ import annotations

import asyncio

from .loop import give_way
from .lost import swallow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional, Tuple

    from .._types import Event, Events, Send
    from .policy import Policy

    Memory = Tuple[Any, ...]


class Connection:
    """What the shell needs of a connection, and what most connections do not need."""

    __slots__ = ()

    if TYPE_CHECKING:
        policy: Policy
        swallowed: int
        _send: Send

    def is_lost(self) -> bool:
        """Return whether the client has gone."""
        return False

    def says_lost(self, error: Exception) -> bool:
        """Return whether an error of the server's send says that the client has gone."""
        return False

    def lose(self) -> None:
        """Remember that the server has said so."""

    def restore(self, before: Memory) -> None:
        """Go back to an earlier state: what came after it has not happened."""
        raise NotImplementedError

    def after_one(self, before: Memory) -> Memory:
        """Return the state to go back to once an event has gone out."""
        return before

    async def make_ready(self) -> None:
        """Await what must come before anything goes out."""

    def interrupt(self, event: Event) -> Optional[asyncio.Future[None]]:
        """Cancel a receive that keeps the event from going out, and return what it waits for meanwhile."""
        return None


async def forward(connection: Connection, events: Events, before: Memory) -> None:
    """Send on what one event has become. If that is cancelled, what is not yet sent has not happened."""
    try:
        await (connection.make_ready() if events else give_way())
    except BaseException:
        connection.restore(before)
        raise
    for event in events or ():
        held = connection.interrupt(event)
        try:
            if held is not None:
                await asyncio.sleep(0)  # the cancellation reaches the server before the event does
            await forward_one(connection, event)
        except Exception:
            raise
        except BaseException:
            connection.restore(before)
            raise
        finally:
            if held is not None and not held.done():
                held.set_result(None)
        before = connection.after_one(before)


async def forward_one(connection: Connection, event: Event) -> None:
    """Send one event on. Raises `ClientDisconnected` after many to a client that has gone (A31, B22)."""
    policy = connection.policy
    gone = connection.is_lost() and policy.swallow
    if gone and not policy.patience:
        await swallow(connection)
    try:
        await connection._send(event)
    except Exception as error:
        await pass_over(connection, error)
    else:
        if gone:
            await swallow(connection)


async def pass_over(connection: Connection, error: Exception) -> None:
    """Let an error of the server's send pass where it says that the client has gone, or raise it."""
    if not connection.policy.swallow or not connection.says_lost(error):
        raise error
    connection.lose()
    await swallow(connection, error)


async def recover(connection: Connection, error: BaseException, before: Memory) -> None:
    """Go on after an error of the server's send, or raise it.

    One that is cancelled has not sent: the connection goes back to the state before, and the application
    may try again.
    """
    if not isinstance(error, Exception):
        connection.restore(before)
        raise error
    await pass_over(connection, error)
