"""The states of one HTTP response as a table.

A handler is a plain function of (exchange, event, function). ``function`` checks and repairs the event, and
is None for one that has been looked at already. The handler changes the state and returns the events that go
out: none for an event that is answered here, None for one that is kept. What happens when the application has
returned stands in `http_end`.
"""

from __future__ import annotations

from .._messages.specification import (
    BODY,
    DEBUG,
    EARLY_HINT,
    PATH_SEND,
    PUSH,
    START,
    TRAILERS,
    ZERO_COPY,
)
from .http_body import body, early, first_body, late
from .http_end import raise_failure
from .http_extensions import (
    after_trailers,
    aside,
    dropped,
    file,
    mixed,
    not_first,
    other,
    too_soon,
    trailers,
    two_in_one,
)
from .http_start import begin, begin_right, begun, replace
from .states import DONE, FAILED, HELD, NEW, OPEN, OTHERWISE, STARTED, TRAILING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, NoReturn, Optional, Tuple

    from .._types import Event, Events, Repair
    from .http import HttpExchange

    Handler = Callable[[HttpExchange, Event, Any], Events]


def failed(exchange: HttpExchange, event: Event, function: Optional[Repair]) -> NoReturn:
    """Raise what the server raised when a start that had been held was sent."""
    raise_failure(exchange)


#: What happens with an event in a state. Frameworks send pushes and early hints before the start, too
#: (Starlette), and servers take them there (hypercorn). An event that has no row anywhere is ``other``.
RESPONSE: Dict[Tuple[int, str], Handler] = {
    (NEW, START): begin,
    (HELD, START): replace,
    (STARTED, START): begun,
    (OPEN, START): begun,
    (TRAILING, START): late,
    (DONE, START): late,
    (NEW, BODY): early,
    (HELD, BODY): first_body,
    (STARTED, BODY): body,
    (OPEN, BODY): body,
    (TRAILING, BODY): late,
    (DONE, BODY): late,
    (NEW, ZERO_COPY): early,
    (HELD, ZERO_COPY): file,
    (STARTED, ZERO_COPY): file,
    (OPEN, ZERO_COPY): file,
    (TRAILING, ZERO_COPY): late,
    (DONE, ZERO_COPY): late,
    (NEW, PATH_SEND): early,
    (HELD, PATH_SEND): file,
    (STARTED, PATH_SEND): file,
    (OPEN, PATH_SEND): mixed,
    (TRAILING, PATH_SEND): late,
    (DONE, PATH_SEND): late,
    (NEW, TRAILERS): early,
    (HELD, TRAILERS): too_soon,
    (STARTED, TRAILERS): too_soon,
    (OPEN, TRAILERS): too_soon,
    (TRAILING, TRAILERS): trailers,
    (DONE, TRAILERS): after_trailers,
    (NEW, PUSH): aside,
    (HELD, PUSH): aside,
    (STARTED, PUSH): aside,
    (OPEN, PUSH): aside,
    (TRAILING, PUSH): late,
    (DONE, PUSH): late,
    (NEW, EARLY_HINT): aside,
    (HELD, EARLY_HINT): aside,
    (STARTED, EARLY_HINT): aside,
    (OPEN, EARLY_HINT): aside,
    (TRAILING, EARLY_HINT): late,
    (DONE, EARLY_HINT): late,
    (NEW, DEBUG): aside,
    (HELD, DEBUG): not_first,
    (STARTED, DEBUG): not_first,
    (OPEN, DEBUG): not_first,
    (TRAILING, DEBUG): late,
    (DONE, DEBUG): late,
}


def rows_of(table: Dict[Tuple[int, str], Handler]) -> Tuple[Dict[str, Handler], ...]:
    """Return a table as one dict a state, which is looked up faster; FAILED has the same for every event."""
    rows: Tuple[Dict[str, Handler], ...] = tuple({} for _ in range(FAILED + 1))
    for (state, kind), handler in table.items():
        rows[state][kind] = handler
        rows[FAILED][kind] = failed
    return rows


def otherwise(exchange: HttpExchange, event: Event, function: Any) -> Events:
    """Leave every event to the table."""
    return OTHERWISE


#: The usual event of a state, and what takes it: as in RESPONSE, but `begin_right`.
USUAL: Dict[int, Tuple[str, Handler]] = {
    NEW: (START, begin_right),
    HELD: (BODY, first_body),
    STARTED: (BODY, body),
    OPEN: (BODY, body),
}


def usual_rows(
    right: Dict[str, Any], rows: Tuple[Dict[str, Handler], ...]
) -> Tuple[Tuple[Handler, Any], ...]:
    """Return for each state the handler of its usual event, and the function of ``right`` for that.

    The handler returns OTHERWISE for any other event, and so does the one of a state that has none.
    """
    found: List[Tuple[Handler, Any]] = [(otherwise, None)] * len(rows)
    for state, (kind, handler) in USUAL.items():
        if kind in right and rows[state][kind] is RESPONSE[state, kind]:
            found[state] = handler, right[kind]
    return tuple(found)


def find_handler(exchange: HttpExchange, kind: Optional[str]) -> Handler:
    """Return what takes an event that may have no row: dropped, two by an earlier name, or announced."""
    if kind is None:
        return dropped
    otherwise = two_in_one if kind in exchange.policy.plan.splits else other
    return exchange.rows[exchange.state].get(kind, otherwise)
