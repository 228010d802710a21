"""Sends to a client that has gone (A31, B22)."""

from __future__ import annotations

from .._errors import ClientDisconnected
from .._messages.specification import CLOSED
from .loop import give_way

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Optional

#: How many sends to a client that has gone do nothing before one raises: enough for an application that
#: finishes what it has begun, few enough for one that sends until it is stopped.
BOUND = 128

#: The number of such sends by the quirk ``raise_after_disconnect``.
PATIENCE: Dict[Optional[bool], float] = {True: 0, None: BOUND, False: float("inf")}


def is_of_a_closed_connection(error: Exception) -> bool:
    """Return whether an error comes from the event loop, because the connection is closed already."""
    return isinstance(error, OSError) or (isinstance(error, RuntimeError) and str(error).endswith(CLOSED))


async def swallow(connection: Any, error: Optional[BaseException] = None) -> None:
    """Let a send to a client that has gone do nothing, and other tasks run.

    Raises `ClientDisconnected` once there have been too many: an application that only sends would never end.
    """
    connection.swallowed += 1
    if connection.swallowed > connection.policy.patience:
        raise ClientDisconnected("the client has gone: nothing that is sent reaches it") from error
    await give_way()
