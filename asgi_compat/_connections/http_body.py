"""The body of an HTTP response: in parts, counted, left out where there may be none (A29, A30, B20)."""

from __future__ import annotations

from .._errors import AppMessageError
from .._messages.errors import AFTER_THE_END, out_of_order
from .._messages.events import end_of_body, is_head
from .._messages.lengths import ANY_LENGTH, NO_BODY, count_left
from .._messages.specification import BODY
from .listening import LISTEN_AFTER, listen, stop_listening
from .states import OPEN, OTHERWISE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional

    from .._types import Event, Events, Look, Repair
    from .http import HttpExchange


def first_body(exchange: HttpExchange, given: Event, function: Look) -> Events:
    """Take the first part of the body while its start is held: both go out."""
    event = function(given, exchange)
    if event is None:
        return OTHERWISE
    if exchange.length != ANY_LENGTH:
        event = check_length(exchange, event)
    exchange.state = OPEN if event["more_body"] else exchange.end
    held, exchange.pending = exchange.pending, None
    # Its body follows at once, as nearly always: nothing is to be watched. One that another request has
    # pushed from the end stays for 40 ms. To keep all of them makes the garbage collection slower.
    watched = exchange.held
    if watched and watched[-1] is exchange:
        watched.pop()
    # The application can change its own while the start is being written.
    return held, event.copy() if event is given else event


def body(exchange: HttpExchange, given: Event, function: Look) -> Events:
    """Take a part of the body after the start."""
    event = function(given, exchange)
    if event is None:
        return OTHERWISE
    if exchange.length != ANY_LENGTH:
        event = check_length(exchange, event)
    if event["more_body"]:
        exchange.state = OPEN
        exchange.parts += 1
        if exchange.parts == LISTEN_AFTER and exchange.policy.listens:
            listen(exchange)
    else:
        exchange.state = exchange.end
        if exchange.parts >= LISTEN_AFTER:
            stop_listening(exchange)
    return (event,)


def early(exchange: HttpExchange, event: Event, function: Optional[Repair]) -> Events:
    """Refuse what needs a start before it."""
    raise out_of_order(event, "comes before http.response.start; send that first")


def late(exchange: HttpExchange, event: Event, function: Optional[Repair]) -> Events:
    """Ignore what comes after the end (A30)."""
    if not exchange.policy.ended:
        raise out_of_order(event, AFTER_THE_END)
    return ()


def check_length(exchange: HttpExchange, event: Event) -> Event:
    """Hold the body against what the start promised. Raises before anything goes out."""
    sent, more = event["body"], event["more_body"]
    if exchange.length == ANY_LENGTH:
        return event
    if exchange.length == NO_BODY:
        return without_body(exchange, event, more) if sent else event
    exchange.length = count_left(exchange.length, event, len(sent), more)
    return event


def without_body(exchange: HttpExchange, event: Event, more: bool) -> Event:
    """Make the empty body that goes out in place of one that may not be (A29, B20)."""
    policy = exchange.policy
    if not policy.bodiless:
        return event
    after = {**end_of_body(), "more_body": more} if event["type"] != BODY else {**event, "body": b""}
    if not is_head(exchange.scope):
        policy.plan.report(AppMessageError, policy.bodiless, event, after, "body", None)
    return after
