"""What the server of a connection cannot do."""

from __future__ import annotations

from .._messages import specification
from .._messages.events import announced
from .._messages.servers import BROKEN_RESPONSE, CRASH, CRASH_BY_DENIAL, lacks
from .._messages.servers import CODES as CODES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Tuple

    from .policy import Policy

#: A denial response, whatever the scope of the application announces (B37).
DENIAL = "denial"


def must_be_finished(policy: Policy, scope: Any) -> bool:
    """Return whether a response that an exception breaks off is to be finished first (A41, B40)."""
    if not policy.finishes_after_error:
        return False
    choice = policy.quirks.finish_on_error
    return lacks(BROKEN_RESPONSE, scope, policy.server) if choice is None else bool(choice)


def websocket_gaps(policy: Policy, scope: Any) -> Any:
    """Return CODES, DENIAL or None for the scope of a server."""
    if policy.plan.direction == specification.B:
        return None if announced(specification.DENIAL + ".start", scope) else DENIAL
    return CODES if policy.narrow_codes and lacks(CODES, scope, policy.server) else None


def crash_answer(policy: Policy, scope: Any) -> Tuple[Any, ...]:
    """Return the events that answer a WebSocket whose application raised before accept (A45).

    Other servers answer the exception with 500 themselves. daphne (4.2.3) leaves the client without an
    answer and has no denial response. granian (2.8.7) calls it 403.
    """
    if not lacks(CRASH, scope, policy.server):
        return ()
    by_close = lacks(CRASH_BY_DENIAL, scope, policy.server)
    return specification.REFUSED if by_close else specification.CRASHED
