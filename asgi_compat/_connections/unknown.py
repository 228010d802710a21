"""Find out what an event is that is not called as it should be (A21, A38, B23 to B25)."""

from __future__ import annotations

from .._errors import AppMessageError
from .._messages import specification
from .._messages.errors import hint, out_of_order
from .._messages.events import announced
from .._messages.kinds import is_a
from .._messages.memory import NOT_AN_EVENT
from .._text import describe, safe_repr

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterable, Optional, Tuple

    from .._messages.compile import CompiledRules
    from .._types import Event, Scope
    from .policy import Policy


def resolve_event(
    policy: Policy, protocol: str, event: object, scope: Scope
) -> Tuple[Optional[str], Any, Event]:
    """Find out what an event is that is not called as it should be: (type, function, event).

    The type is None for one that is to be dropped, the function None for one that goes on untouched
    because the scope announces it. Raises `AppMessageError` (A38).
    """
    plan = policy.plan
    kind, sent = read_sent(event)
    functions = plan.sent[protocol]
    row = plan.renames.get(kind)
    if row is not None and kind not in functions and row.type in functions:
        after = {**sent, "type": row.type}
        plan.report(AppMessageError, row.rule, sent, after, "type", None)
        sent, kind = after, row.type
    function = functions.get(kind)
    if function is not None:
        return kind, function, sent
    if kind in plan.splits and protocol == "http":
        plan.report(AppMessageError, plan.splits[kind].rule, sent, None, "type", None)
        return kind, None, sent
    if _goes_on(policy, kind, scope):
        return kind, None, plan.extensions.get(kind, plan.unknown)(sent)
    if _is_dropped(policy, protocol, kind, sent):
        return None, None, sent
    if _is_left_to_the_server(policy, kind):
        return kind, None, sent
    # `from None`: the caller asks after a failed look into a dict, which explains nothing.
    raise unknown_event(policy, protocol, kind, sent, scope) from None


def _is_dropped(policy: Policy, protocol: str, kind: str, event: Event) -> bool:
    """Return whether an event that nothing announces goes no further: B23, B25, or A38 by quirk."""
    plan = policy.plan
    if plan.direction == specification.B:
        return specification.DROPPED_EVENTS.get(kind) in plan.rules and plan.known[kind] == protocol
    if policy.drops_unknown is None or policy.unknown is None:
        return False
    plan.report(AppMessageError, policy.drops_unknown, event, None, "type", None)
    return True


def _is_left_to_the_server(policy: Policy, kind: str) -> bool:
    """Return whether the rule that would refuse an event is not in the table."""
    if policy.plan.direction == specification.B:
        rule = specification.REFUSED_EVENTS.get(kind)
        return rule is not None and rule not in policy.plan.rules
    return policy.unknown is None


def read_sent(event: Any) -> Tuple[str, Event]:
    """Return the type of an event and the event as a dict. Raises `AppMessageError` (A38)."""
    if type(event) is not dict:
        try:
            event = dict(event)
        except Exception:
            raise AppMessageError(
                f"send(): got {describe(event)}, expected a dict with a type{hint(NOT_AN_EVENT)}",
                rule=NOT_AN_EVENT,
                expected="dict",
                got=event,
            ) from None
    kind = event.get("type")
    if is_a(kind, str) and type(kind) is not str:
        kind = str.__str__(kind)
        event = {**event, "type": kind}
    if type(kind) is not str:
        raise AppMessageError(
            f"send(): type: got {describe(kind)}, expected str; add the event's type{hint(NOT_AN_EVENT)}",
            rule=NOT_AN_EVENT,
            field="type",
            expected="str",
            got=kind,
        ) from None
    return kind, event


def unknown_event(policy: Policy, protocol: str, kind: str, event: Event, scope: Scope) -> AppMessageError:
    """Make the error for an event that nothing announces, and say what to send instead."""
    plan = policy.plan
    rule = specification.REFUSED_EVENTS.get(kind) if plan.direction == specification.B else policy.unknown
    home = plan.known.get(kind) or _earlier_home(plan, kind)
    if kind in plan.received:
        why = "is an event that the server sends; call receive() to get it"
    elif home is None:
        why = f"is not an event that an application sends: {_meant(kind, plan.sent[protocol])}"
    elif home == protocol:
        names = announced_names(scope)
        why = f"needs a server that announces it in scope['extensions'], and this one announces {names}"
    else:
        why = f"does not belong to a scope of type {protocol}{_INSTEAD.get((home, protocol), '')}"
    return out_of_order(event, why, rule)


def _earlier_home(plan: CompiledRules, kind: str) -> Optional[str]:
    """Return the kind of scope that an earlier type of event belonged to, None for no such type."""
    if kind in plan.renames:
        return plan.known[plan.renames[kind].type]
    return plan.known[plan.splits[kind].becomes[0]] if kind in plan.splits else None


def _meant(kind: str, types: Iterable[str]) -> str:
    """Return which type was probably meant: one that is spelled alike, or the same without its protocol."""
    from difflib import get_close_matches  # only for an error

    ends_alike = [each for each in types if kind and each.endswith(f".{kind}")]
    close = ends_alike or get_close_matches(kind.lower(), [str(each) for each in types], 1, 0.8)
    return f"did you mean {close[0]}?" if close else "check the spelling of its type"


#: What to send instead of an event of one protocol on a connection of another.
_INSTEAD = {
    ("http", "websocket"): (
        f"; refuse with {specification.CLOSE}, or with {specification.DENIAL}.start and .body where the"
        f" server announces {specification.DENIAL}"
    )
}


def _goes_on(policy: Policy, kind: str, scope: Scope) -> bool:
    """Return whether an event without a function goes on: announced, or by a quirk or the server's row."""
    if announced(kind, scope):
        return True
    if kind in policy.plan.known:
        return False
    return bool(policy.quirks.pass_unknown) or (policy.server is not None and kind in policy.server.passes)


def announced_names(scope: Scope) -> str:
    """Return the names of the extensions that a scope announces, for an error."""
    extensions: Any = scope.get("extensions")
    names = (
        sorted(str.__str__(key) for key in dict.keys(extensions) if is_a(key, str))
        if is_a(extensions, dict)
        else []
    )
    return safe_repr(names) if names else "nothing"
