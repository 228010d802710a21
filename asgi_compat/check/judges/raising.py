"""Exceptions that left an application, and when to hold its conversation once more."""

from __future__ import annotations

from typing import Tuple

from asgi_compat import AdapterError
from asgi_compat._harness.ending import Blocked
from asgi_compat._text import safe_str

from ..arity import mismatch
from ..exceptions import at_place, describe, identity, place_of
from ..findings import Found, Key
from ..hints import hint
from ..observation import Engagement, Observation
from ..symptoms import symptom

#: How much of the text of an exception is looked at for a hint.
LONGEST_TEXT = 2000
#: What `to_asgi3` does with an exception, and whether that helps.
HANDED_ON = ("passes it on", False)


def exception_key(error: BaseException, protocol: str) -> Key:
    """Return the key of the finding about an exception: the same one is found once."""
    return ("exception", protocol == "lifespan", *identity(error))


def raised(
    error: BaseException,
    conversation: str,
    protocol: str,
    when: str,
    *,
    seconds: str,
    makes: Tuple[str, bool] = HANDED_ON,
    name: str = "raised",
) -> Found:
    """Make the finding about an exception."""
    key = exception_key(error, protocol)
    if isinstance(error, Blocked):
        name = "blocked"
    elif isinstance(error, AdapterError):
        name = "no instance"
    wrong = mismatch(error)
    more = hint(f"{type(error).__name__}: {safe_str(error, LONGEST_TEXT)}") if wrong is None else wrong.text
    found = symptom(
        name, conversation, fixed=makes[1], outcome=makes[0], protocol=protocol, seconds=seconds,
        error=describe(error), place=at_place(place_of(error)),
        when=f"{when}; {more}" if more else when,
    )  # fmt: skip
    return found._replace(key=key)


def why_tolerated(seen: Observation) -> str:
    """Describe why an exception is not a finding, "" where it is."""
    error = seen.error
    if not isinstance(error, Exception):
        return ""
    # KeyError and its like are mistakes. OSError, and exceptions of frameworks, say that the client has left.
    mistake = type(error).__module__ == "builtins" and not isinstance(error, OSError)
    if seen.left and seen.told and not mistake:
        return "after the client had left: servers log it"
    if seen.closed is not None:
        return "after it had closed: servers log it"
    return ""


def wants_rerun(seen: Observation) -> bool:
    """Return whether a judge wants to know how the conversation goes through `to_asgi3`."""
    engagement, error = seen.engagement, seen.error
    if engagement is Engagement.FAILED:
        return not isinstance(error, Blocked)
    if engagement is not Engagement.SPOKEN:
        return _failed_at_scope(seen)
    if seen.protocol == "lifespan":
        if "failed" in (seen.startup, seen.shutdown) or seen.outcome.unanswered:
            return False
        return error is not None or (seen.ran_on and not seen.shutdown)
    return _failed_in_connection(seen)


def _failed_in_connection(seen: Observation) -> bool:
    if seen.outcome.unanswered or seen.error is None:
        stays = seen.ran_on and seen.left and not seen.outcome.said_all
        return seen.outcome.unanswered or stays
    return not why_tolerated(seen)


def _failed_at_scope(seen: Observation) -> bool:
    at_scope = seen.engagement is Engagement.AT_SCOPE or seen.protocol == "lifespan"
    return at_scope and seen.failed and not isinstance(seen.error, Blocked)


def outcome_of(seen: Observation) -> Tuple[str, bool]:
    """Describe what `to_asgi3` does about an observation that was held once more, and whether that helps."""
    return HANDED_ON if seen.rerun is None else (seen.rerun.text, seen.rerun.helps)
