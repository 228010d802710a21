"""What extensions add to an HTTP response: files, trailers, pushes, early hints, debug information."""

from __future__ import annotations

from .._messages.errors import out_of_order
from .._messages.events import read_flag, snapshot, split_response
from .._messages.lengths import ANY_LENGTH, NO_BODY, count_left, file_size
from .._messages.specification import ZERO_COPY
from .http_body import late, without_body
from .states import DONE, HELD, OPEN, STARTED, TRAILING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List, Optional

    from .._types import Event, Events, Repair
    from .http import HttpExchange


def file(exchange: HttpExchange, event: Event, function: Optional[Repair]) -> Events:
    """Take a file that is the body or a part of it, and count it."""
    event = read_extension(exchange, event, function)
    kind, length = event["type"], exchange.length
    more = kind == ZERO_COPY and read_flag(event, "more_body")
    if length == NO_BODY:
        event = without_body(exchange, event, more)
    elif length != ANY_LENGTH:
        size = file_size(event) if kind == ZERO_COPY else None
        # Where the size cannot be known, the rest is not counted: nothing right may be refused.
        exchange.length = ANY_LENGTH if size is None else count_left(length, event, size, more)
    return after_the_start(exchange, event, OPEN if more else exchange.end)


def trailers(exchange: HttpExchange, event: Event, function: Optional[Repair]) -> Events:
    """Take trailers that the start has announced."""
    event = read_extension(exchange, event, function)
    return after_the_start(exchange, event, TRAILING if read_flag(event, "more_trailers") else DONE)


def other(exchange: HttpExchange, event: Event, function: Optional[Repair]) -> Events:
    """Take an event that the table of states does not know and the scope announces."""
    state = exchange.state
    event = read_extension(exchange, event, function)
    return after_the_start(exchange, event, STARTED if state == HELD else state)


def aside(exchange: HttpExchange, event: Event, function: Optional[Repair]) -> Events:
    """Take an event that changes nothing for the response."""
    return (read_extension(exchange, event, function),)


def dropped(exchange: HttpExchange, event: Event, function: Optional[Repair]) -> Events:
    """Take an event that goes no further (A38, B23, B25)."""
    return ()


def two_in_one(exchange: HttpExchange, event: Event, function: Optional[Repair]) -> Events:
    """Take an event that was a start and a body (A21)."""
    policy = exchange.policy
    out: List[Event] = []
    for part in split_response(event, policy.plan.splits[event["type"]].becomes):
        out += exchange.take(part["type"], part, policy.http[part["type"]]) or ()
    return out


def read_extension(exchange: HttpExchange, event: Event, function: Optional[Repair]) -> Event:
    """Check and copy an event of an extension."""
    if function is not None:
        event = function(event, exchange)
    return snapshot(event)


def after_the_start(exchange: HttpExchange, event: Event, state: int) -> Events:
    """Return what goes out: the start before the event, if it is held."""
    held, exchange.pending, exchange.state = exchange.pending, None, state
    return (event,) if held is None else (held, event)


def mixed(exchange: HttpExchange, event: Event, function: Optional[Repair]) -> Events:
    """Refuse a file that is to be the whole body, after a part of one."""
    raise out_of_order(event, "cannot be mixed with other bodies; send one or the other")


def too_soon(exchange: HttpExchange, event: Event, function: Optional[Repair]) -> Events:
    """Refuse trailers before the end of the body."""
    if exchange.end != TRAILING:
        return unannounced(exchange, event, function)
    raise out_of_order(event, "comes before the end of the body; send it after the last http.response.body")


def after_trailers(exchange: HttpExchange, event: Event, function: Optional[Repair]) -> Events:
    """Ignore trailers after the end, if there were any."""
    if exchange.end != TRAILING:
        return unannounced(exchange, event, function)
    return late(exchange, event, function)


def unannounced(exchange: HttpExchange, event: Event, function: Optional[Repair]) -> Events:
    """Refuse trailers that the start has not announced."""
    raise out_of_order(event, "has not been announced; add trailers=True to http.response.start")


def not_first(exchange: HttpExchange, event: Event, function: Optional[Repair]) -> Events:
    """Refuse what comes before a start only."""
    raise out_of_order(event, "comes after http.response.start; send it before")
