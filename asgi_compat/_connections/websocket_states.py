"""The states of one WebSocket as a table, and what happens in each.

A handler is a plain function of (session, event, function). ``function`` checks and repairs the event. The
handler changes the state and returns the events that go out, none for an event that is answered here.
"""

from __future__ import annotations

from collections import namedtuple

from .._errors import AppMessageError
from .._messages import specification
from .._messages.errors import out_of_order
from .._messages.events import announced, snapshot, split_accept
from .._messages.lengths import NO_BODY, count_left, denial_length, without_length
from .._messages.memory import BEFORE_ACCEPT, NOT_AN_EVENT
from .._messages.specification import ACCEPT, CLOSE, DENY, DENY_BODY, MESSAGE
from .server_gaps import ANY_CODE, CODES, DENIAL
from .states import DENYING, DONE, NEW, OPEN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Sequence, Tuple

    Events = Sequence[Any]
    Handler = Callable[[Any, Any, Any], Events]

#: Not an event: the application has returned.
END = ""

#: A denial response on its way: the start that is held, None once it is out; the parts of the body that are
#: held, each a pair with those before it; how many bytes are still to come; whether the server takes it.
Denial = namedtuple("Denial", "start parts left offered")


# Messages.


def message(session: Any, event: Any, function: Any) -> Events:
    """Take a message of an open WebSocket."""
    event = function(event, session)
    return () if event is None else (event,)


def first_message(session: Any, event: Any, function: Any) -> Events:
    """Take a message before accept: accept first, by quirk (A34)."""
    policy = session.policy
    if not policy.implicit:
        return no_message(session, event, function)
    out = message(session, event, function)
    policy.plan.report(AppMessageError, policy.implicit, event, event, None, None)
    session.state = OPEN
    opening = policy.websocket[ACCEPT]({"type": ACCEPT}, session)
    return (snapshot(opening), *(one.copy() for one in out))


def no_message(session: Any, event: Any, function: Any) -> Events:
    """Refuse a message where none may come."""
    raise out_of_order(event, "comes before websocket.accept; send that first", BEFORE_ACCEPT)


# Accept.


def accept(session: Any, event: Any, function: Any) -> Events:
    """Take the accept, and the message that it may carry (A32)."""
    policy, first = session.policy, None
    if policy.first_message:
        before = event
        event, first = split_accept(event)
        if event is not before:
            policy.plan.report(AppMessageError, policy.first_message, before, event, "text", None)
    event = snapshot(function(event, session))
    if first is not None:
        first = policy.websocket[MESSAGE](first, session)
    session.state = OPEN
    return (event,) if first is None else (event, first)


def accepted(session: Any, event: Any, function: Any) -> Events:
    """Refuse a second accept."""
    raise out_of_order(event, "comes a second time, or after a denial response; send one")


# Close.


def close(session: Any, event: Any, function: Any) -> Events:
    """Take the close of an open WebSocket."""
    event = function(event, session).copy()
    if CODES in session.server_gaps and not any(
        low <= event["code"] <= high for low, high in specification.NARROW_CLOSE_CODES
    ):
        event["code"] = specification.NORMAL
    session.state = DONE
    return (event,)


def reject(session: Any, event: Any, function: Any) -> Events:
    """Take a close before accept: no frame goes out.

    The reason is dropped unread. The code may be any (2018 wrote 403) where nobody puts it into a frame.
    """
    if session.policy.drops_reason and "reason" in event:
        event = {key: value for key, value in event.items() if key != "reason"}
    code = event.get("code")
    if ANY_CODE in session.server_gaps and type(code) is int and 0 <= code < 2**16:
        event = {**function({**event, "code": specification.NORMAL}, session), "code": code}
    else:
        event = function(event, session).copy()
    session.state = DONE
    return (event,)


def amid_denial(session: Any, event: Any, function: Any) -> Events:
    """Refuse a close in the middle of a denial response."""
    raise out_of_order(event, "comes in the middle of a denial response; end that first")


# A denial response.


def deny(session: Any, event: Any, function: Any) -> Events:
    """Take the start of a denial response: kept for its body (A47), or where it is not offered (B37)."""
    policy = session.policy
    offered = DENIAL not in session.server_gaps and announced(DENY, session.scope)
    if not offered and not policy.denies:
        raise out_of_order(
            event, "needs a server that announces websocket.http.response; send websocket.close", NOT_AN_EVENT
        )
    event = snapshot(function(event, session))
    left = denial_length(event)
    if left == NO_BODY:
        event = without_length(event)
    joins = policy.joins_denial or not offered
    session.state, session.denial = DENYING, Denial(event if joins else None, (), left, offered)
    return () if joins else (event,)


def deny_body(session: Any, event: Any, function: Any) -> Events:
    """Take a part of a denial response: whole in one part (A47), or a plain close where it is not offered."""
    policy, denial = session.policy, session.denial
    event = snapshot(function(event, session))
    event["body"] = body = b"" if denial.left == NO_BODY else event["body"]
    more, left = event["more_body"], denial.left
    if left >= 0:
        left = count_left(left, event, len(body), more)
    if more and (policy.joins_denial or not denial.offered):
        session.denial = denial._replace(parts=(denial.parts, body), left=left)
        return ()
    event["body"] = joined(denial.parts, body)
    out = (event,) if denial.start is None else (denial.start, event)
    if not denial.offered:
        refusal = dict(specification.REFUSED[0])
        policy.plan.report(AppMessageError, policy.denies, denial.start, refusal, None, None)
        out = (refusal,)
    if more:
        session.denial = denial._replace(start=None, parts=(), left=left)
    else:
        session.state, session.denial = DONE, None
    return out


def joined(parts: Any, last: bytes) -> bytes:
    """Return the parts of a body that were held, each a pair with those before it, and the last one."""
    found = [last]
    while parts:
        parts, part = parts
        found.append(part)
    return b"".join(reversed(found))


def no_denial(session: Any, event: Any, function: Any) -> Events:
    """Refuse a part of a denial response where it cannot come."""
    raise out_of_order(event, "cannot come now; send start, then bodies, and neither after websocket.accept")


# The end.


def late(session: Any, event: Any, function: Any) -> Events:
    """Ignore what comes after the application's own close (A37)."""
    return () if session.policy.own_close else after_close(session, event, function)


def after_close(session: Any, event: Any, function: Any) -> Events:
    """Refuse what no server ignores after the close."""
    raise out_of_order(event, "comes after the application's own close; send it before")


def left_open(session: Any, event: Any, function: Any) -> Events:
    """Close what the application has left open (A44)."""
    return ended(session) if session.policy.closes_after else ()


def unanswered(session: Any, event: Any, function: Any) -> Events:
    """Close what the application has not answered (A45)."""
    return ended(session) if session.policy.closes_before else ()


def unfinished(session: Any, event: Any, function: Any) -> Events:
    """End a denial response whose start is out: all that can follow is its body."""
    if session.denial.start is not None:
        return unanswered(session, event, function)
    end = {"type": DENY_BODY, "body": b"", "more_body": False}
    return deny_body(session, end, session.policy.websocket[DENY_BODY])


def ended(session: Any, code: int = specification.NORMAL) -> Events:
    """Return the close that is made for an application."""
    session.state, session.denial = DONE, None
    return (session.policy.websocket[CLOSE]({"type": CLOSE, "code": code}, session).copy(),)


#: What happens with an event in a state.
WEBSOCKET: Dict[Tuple[int, str], Handler] = {
    (NEW, MESSAGE): first_message,
    (OPEN, MESSAGE): message,
    (DENYING, MESSAGE): no_message,
    (DONE, MESSAGE): late,
    (NEW, ACCEPT): accept,
    (OPEN, ACCEPT): accepted,
    (DENYING, ACCEPT): accepted,
    (DONE, ACCEPT): after_close,
    (NEW, CLOSE): reject,
    (OPEN, CLOSE): close,
    (DENYING, CLOSE): amid_denial,
    (DONE, CLOSE): late,
    (NEW, DENY): deny,
    (OPEN, DENY): no_denial,
    (DENYING, DENY): no_denial,
    (DONE, DENY): after_close,
    (NEW, DENY_BODY): no_denial,
    (OPEN, DENY_BODY): no_denial,
    (DENYING, DENY_BODY): deny_body,
    (DONE, DENY_BODY): after_close,
    (NEW, END): unanswered,
    (OPEN, END): left_open,
    (DENYING, END): unfinished,
}
