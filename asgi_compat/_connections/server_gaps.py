"""What a server cannot do, told by the scope that it gives."""

from __future__ import annotations

from .._messages import specification
from .._messages.events import announced

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Tuple

    from .policy import Policy

#: Close codes below 3000, but for 1000 (A35, on daphne).
CODES = "codes"
#: A denial response, whatever the scope of the application announces (B37).
DENIAL = "denial"


def is_of_daphne(scope: Any) -> bool:
    """Return whether a scope is one of daphne's: no spec_version, and a client that is a list (A41).

    daphne says ``{"version": "3.0"}``. Starlette's TestClient of 2019 has a list, and no ``asgi``.
    """
    about = scope.get("asgi")
    return type(scope.get("client")) is list and type(about) is dict and "spec_version" not in about


def websocket_gaps(policy: Policy, scope: Any) -> Any:
    """Return CODES, DENIAL or None for the scope of a server."""
    if policy.plan.direction == specification.B:
        return None if announced(specification.DENIAL + ".start", scope) else DENIAL
    return CODES if policy.narrow_codes and is_of_daphne(scope) else None


def crash_answer(scope: Any) -> Tuple[Any, ...]:
    """Return the events that answer a WebSocket whose application raised before accept (A45).

    Other servers answer the exception with 500 themselves. daphne (4.2.3) leaves the client without an
    answer and has no denial response. granian (2.8.7) calls it 403; it is recognised by pathsend, which is
    an extension of HTTP and which it announces on WebSockets too.
    """
    if is_of_daphne(scope):
        return specification.REFUSED
    if announced(specification.PATH_SEND, scope) and announced(specification.DENIAL + ".start", scope):
        return specification.CRASHED
    return ()
