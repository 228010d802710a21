"""Find out what an event is that is not called as it should be (A21, A38, B23 to B25)."""

from __future__ import annotations

from .._errors import AppMessageError
from .._messages import specification
from .._messages.errors import hint
from .._messages.events import announced
from .._messages.kinds import is_a
from .._text import describe, safe_repr
from .events import out_of_order

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional, Tuple

    from .policy import Policy


#: The rule that refuses what is not an event.
_NOT_AN_EVENT = "A38"


def resolve_event(policy: Policy, protocol: str, event: Any, scope: Any) -> Tuple[Optional[str], Any, Any]:
    """Find out what an event is that is not called as it should be: (type, function, event).

    The type is None for one that is to be dropped, the function None for one that goes on untouched
    because the scope announces it. Raises `AppMessageError` (A38).
    """
    plan = policy.plan
    kind, event = read_sent(event)
    functions = plan.sent[protocol]
    row = plan.renames.get(kind)
    if row is not None and kind not in functions and row.type in functions:
        after = {**event, "type": row.type}
        plan.report(AppMessageError, row.rule, event, after, "type", None)
        event, kind = after, row.type
    function = functions.get(kind)
    if function is not None:
        return kind, function, event
    if kind in plan.splits and protocol == "http":
        plan.report(AppMessageError, plan.splits[kind].rule, event, None, "type", None)
        return kind, None, event
    if _goes_on(policy, kind, scope):
        return kind, None, plan.extensions.get(kind, plan.unknown)(event)
    if plan.direction == specification.B:
        rule = specification.DROPPED_EVENTS.get(kind)
        if rule in plan.rules:
            return None, None, event
        if kind in specification.REFUSED_EVENTS and specification.REFUSED_EVENTS[kind] not in plan.rules:
            return kind, None, event
    elif policy.unknown is None:
        return kind, None, event
    elif policy.drops_unknown:
        plan.report(AppMessageError, policy.drops_unknown, event, None, "type", None)
        return None, None, event
    # `from None`: the caller asks after a failed look into a dict, which explains nothing.
    raise unknown_event(policy, protocol, kind, event, scope) from None


def read_sent(event: Any) -> Tuple[str, Any]:
    """Return the type of an event and the event as a dict. Raises `AppMessageError` (A38)."""
    if type(event) is not dict:
        try:
            event = dict(event)
        except Exception:
            raise AppMessageError(
                f"send(): got {describe(event)}, expected a dict with a type{hint(_NOT_AN_EVENT)}",
                rule=_NOT_AN_EVENT,
                expected="dict",
                got=event,
            ) from None
    kind = event.get("type")
    if is_a(kind, str) and type(kind) is not str:
        kind = str.__str__(kind)
        event = {**event, "type": kind}
    if type(kind) is not str:
        raise AppMessageError(
            f"send(): type: got {describe(kind)}, expected str; add the event's type{hint(_NOT_AN_EVENT)}",
            rule=_NOT_AN_EVENT,
            field="type",
            expected="str",
            got=kind,
        ) from None
    return kind, event


def unknown_event(policy: Policy, protocol: str, kind: str, event: Any, scope: Any) -> AppMessageError:
    """Make the error for an event that nothing announces, and say what to send instead."""
    plan = policy.plan
    rule = specification.REFUSED_EVENTS.get(kind) if plan.direction == specification.B else policy.unknown
    home = plan.known.get(kind)
    if home is None:
        why = "is not an event that an application sends; check the spelling of its type"
    elif home == protocol:
        names = announced_names(scope)
        why = f"needs a server that announces it in scope['extensions'], and this one announces {names}"
    else:
        why = f"does not belong to a scope of type {protocol}{_INSTEAD.get((home, protocol), '')}"
    return out_of_order(event, why, rule)


#: What to send instead of an event of one protocol on a connection of another.
_INSTEAD = {
    ("http", "websocket"): (
        f"; refuse with {specification.CLOSE}, or with {specification.DENIAL}.start and .body where the"
        f" server announces {specification.DENIAL}"
    )
}


def _goes_on(policy: Policy, kind: str, scope: Any) -> bool:
    """Return whether an event without a function goes on: announced, or by a quirk or the server's row."""
    if announced(kind, scope):
        return True
    if kind in policy.plan.known:
        return False
    return bool(policy.quirks.pass_unknown) or (policy.server is not None and kind in policy.server.passes)


def announced_names(scope: Any) -> str:
    """Return the names of the extensions that a scope announces, for an error."""
    extensions = scope.get("extensions")
    names = (
        sorted(str.__str__(key) for key in dict.keys(extensions) if is_a(key, str))
        if is_a(extensions, dict)
        else []
    )
    return safe_repr(names) if names else "nothing"
