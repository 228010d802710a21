"""What the server of a connection cannot do."""

from __future__ import annotations

from .._messages import specification
from .._messages.events import announced
from .._messages.servers import (
    BROKEN_RESPONSE,
    CRASH,
    is_of_a_test,
    is_of_old_daphne,
    lacks,
)
from .._messages.servers import CODES as CODES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Tuple

    from .._types import Event, Scope
    from .policy import Policy

#: A denial response, whatever the scope of the application announces (B37).
DENIAL = "denial"
#: Not a gap: a close before accept may have any code, because nobody puts it into a frame.
ANY_CODE = "any code"

#: The combinations, made once: there may be ten thousand sessions.
_GAPS = {
    (narrow, denial, shown): (CODES,) * narrow + (DENIAL,) * denial + (ANY_CODE,) * shown
    for narrow in (False, True)
    for denial in (False, True)
    for shown in (False, True)
}


def must_be_finished(policy: Policy, scope: Scope) -> bool:
    """Return whether a response that an exception breaks off is to be finished first (A41, B40)."""
    if not policy.finishes_after_error:
        return False
    choice = policy.quirks.finish_on_error
    return lacks(BROKEN_RESPONSE, scope, policy.server) if choice is None else bool(choice)


def websocket_gaps(policy: Policy, scope: Scope) -> Tuple[str, ...]:
    """Return which of CODES, DENIAL and ANY_CODE is true of the server that gives a scope."""
    if policy.plan.direction == specification.A:
        narrow = policy.narrow_codes and lacks(CODES, scope, policy.server)
        return _GAPS[bool(narrow), False, policy.server is None and is_of_a_test(scope)]
    narrow = policy.narrow_codes and is_of_old_daphne(scope)
    return _GAPS[bool(narrow), not announced(specification.DENY, scope), True]


def crash_answer(policy: Policy, scope: Scope) -> Tuple[Event, ...]:
    """Return the events that answer a WebSocket whose application raised before accept (A45, B42).

    Servers answer the exception with 500 themselves, daphne (2.3 to 4.2.3) when it looks after its
    applications, once a second. granian (2.8.7) calls it 403.
    """
    return specification.CRASHED if lacks(CRASH, scope, policy.server) else ()
