"""What is awaited when events go out, whatever kind of connection it is.

The handlers of a state decide, and do not await. This module sends what they return, treats a server's error
that means no more than that the client has gone, and takes back what a cancelled send has not done.
"""

from __future__ import annotations

from .loop import give_way
from .lost import swallow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol, Tuple

    from .._types import Event, Events, Send
    from .policy import Policy

    class Connection(Protocol):
        """What the shell needs of a connection."""

        policy: Policy
        swallowed: int
        _send: Send

        def is_lost(self) -> bool:
            """Return whether the client has gone."""

        def says_lost(self, error: Exception) -> bool:
            """Return whether an error of the server's send says that the client has gone."""

        def restore(self, before: Tuple[Any, ...]) -> None:
            """Go back to an earlier state: what came after it has not happened."""

        def after_one(self, before: Tuple[Any, ...]) -> Tuple[Any, ...]:
            """Return the state to go back to once an event has gone out."""


async def forward(connection: Connection, events: Events, before: Tuple[Any, ...]) -> None:
    """Send on what one event has become. If that is cancelled, what is not yet sent has not happened."""
    if not events:
        await give_way()
        return
    for event in events:
        try:
            await forward_one(connection, event)
        except Exception:
            raise
        except BaseException:
            connection.restore(before)
            raise
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
    await swallow(connection, error)


async def recover(connection: Connection, error: BaseException, before: Tuple[Any, ...]) -> None:
    """Go on after an error of the server's send, or raise it.

    One that is cancelled has not sent: the connection goes back to the state before, and the application
    may try again.
    """
    if not isinstance(error, Exception):
        connection.restore(before)
        raise error
    await pass_over(connection, error)
