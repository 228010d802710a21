"""The answers of a lifespan on a server from before ASGI 3 (B31, B32, B34)."""

from __future__ import annotations

from .._messages.events import failure_message
from .._messages.specification import CLEANED, START_FAILED, STOP_FAILED, STOPPED
from .lifespan_errors import get_log

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional

    from .._types import Event
    from .lifespan import LifespanSession


def in_old_words(session: LifespanSession, event: Event) -> Optional[Event]:
    """Return an answer as the server knows it, or None for a failed start, which `receive` raises later."""
    policy, kind = session.policy, event["type"]
    if kind == START_FAILED and policy.raises_failed_start:
        session.failure = failure_message(event, "the application failed to start")
        return None
    if kind == STOP_FAILED and policy.logs_failed_stop:
        get_log().error("shutdown failed: %s", failure_message(event))
        event = {"type": STOPPED}
    if event["type"] == STOPPED and session.old_names and policy.cleanup_answer:
        return {**event, "type": CLEANED}
    return event
