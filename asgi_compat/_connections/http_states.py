"""The states of one HTTP response as a table, and what happens in each.

A handler is a plain function of (exchange, event, function). ``function`` checks and repairs the event, and
is None for one that has been looked at already. The handler changes the state and returns the events that go
out: none for an event that is answered here, None for one that is kept.
"""

from __future__ import annotations

from .._errors import AppMessageError
from .._messages import specification
from .._messages.events import announced
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
from .._text import describe
from .events import AFTER_THE_END, end_of_body, is_head, out_of_order, read_flag, snapshot
from .holding import watch
from .lengths import ANY_LENGTH, NO_BODY, count_left, file_size, mismatch, without_length
from .listening import LISTEN_AFTER, listen, stop_listening
from .states import DONE, FAILED, HELD, NEW, OPEN, STARTED, TRAILING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Optional, Sequence, Tuple

    Events = Optional[Sequence[Any]]
    Handler = Callable[[Any, Any, Any], Events]

#: Not an event: the application has returned.
END = ""


# The start.


def begin(exchange: Any, event: Any, function: Any) -> Events:
    """Take the first start: keep it until its body comes (A28, B19), or send it."""
    policy = exchange.policy
    event = function(event, exchange)
    if exchange.length == NO_BODY and policy.bodiless:
        event = without_length(event)
    if len(event) != 3 or type(event["headers"]) is not list:
        expect_trailers(exchange, event)
        event = snapshot(event)
        if policy.hold and watch(exchange):
            exchange.pending, exchange.state = event, HELD
            return None
    elif policy.hold and watch(exchange):
        exchange.pending = event = event.copy()
        event["headers"] = event["headers"][:]
        exchange.state = HELD
        return None
    exchange.state = STARTED
    return (event,)


def replace(exchange: Any, event: Any, function: Any) -> Events:
    """Take another start while the first is held: it replaces that."""
    policy, length = exchange.policy, exchange.length
    try:
        event = function(event, exchange)
        if exchange.length == NO_BODY and policy.bodiless:
            event = without_length(event)
        policy.plan.report(AppMessageError, policy.hold, exchange.pending, event, None, None)
    except BaseException:
        exchange.length = length  # one that is refused changes nothing
        raise
    exchange.pending = snapshot(event)
    expect_trailers(exchange, event)
    return ()


def begun(exchange: Any, event: Any, function: Any) -> Events:
    """Refuse a second start."""
    second = "A28" if "A28" in exchange.policy.plan.rules else None
    raise out_of_order(event, "comes a second time, and the first has been sent; send one", second)


def expect_trailers(exchange: Any, start: Any) -> None:
    """Remember whether the response ends with its trailers: the start says so, and the server can."""
    expected = start.get("trailers") and announced(TRAILERS, exchange.scope)
    exchange.end = TRAILING if expected else DONE


# The body.


def first_body(exchange: Any, event: Any, function: Any) -> Events:
    """Take the first part of the body while its start is held: both go out."""
    given = event
    event = function(event, exchange)
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


def body(exchange: Any, event: Any, function: Any) -> Events:
    """Take a part of the body after the start."""
    event = function(event, exchange)
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


def early(exchange: Any, event: Any, function: Any) -> Events:
    """Refuse what needs a start before it."""
    raise out_of_order(event, "comes before http.response.start; send that first")


def late(exchange: Any, event: Any, function: Any) -> Events:
    """Ignore what comes after the end (A30)."""
    if not exchange.policy.ended:
        raise out_of_order(event, AFTER_THE_END)
    return ()


def check_length(exchange: Any, event: Any) -> Any:
    """Hold the body against what the start promised. Raises before anything goes out."""
    sent, more = event["body"], event["more_body"]
    if exchange.length == ANY_LENGTH:
        return event
    if exchange.length == NO_BODY:
        return without_body(exchange, event, more) if sent else event
    exchange.length = count_left(exchange.length, event, len(sent), more)
    return event


def without_body(exchange: Any, event: Any, more: bool) -> Any:
    """Make the empty body that goes out in place of one that may not be (A29, B20)."""
    policy = exchange.policy
    if not policy.bodiless:
        return event
    after = {**end_of_body(), "more_body": more} if event["type"] != BODY else {**event, "body": b""}
    if not is_head(exchange.scope):
        policy.plan.report(AppMessageError, policy.bodiless, event, after, "body", None)
    return after


# Extensions.


def file(exchange: Any, event: Any, function: Any) -> Events:
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


def trailers(exchange: Any, event: Any, function: Any) -> Events:
    """Take trailers that the start has announced."""
    event = read_extension(exchange, event, function)
    return after_the_start(exchange, event, TRAILING if read_flag(event, "more_trailers") else DONE)


def other(exchange: Any, event: Any, function: Any) -> Events:
    """Take an event that this table does not know and the scope announces."""
    state = exchange.state
    event = read_extension(exchange, event, function)
    return after_the_start(exchange, event, STARTED if state == HELD else state)


def aside(exchange: Any, event: Any, function: Any) -> Events:
    """Take an event that changes nothing for the response."""
    return (read_extension(exchange, event, function),)


def read_extension(exchange: Any, event: Any, function: Any) -> Any:
    """Check and copy an event of an extension."""
    if function is not None:
        event = function(event, exchange)
    return snapshot(event if type(event) is dict else dict(event))


def after_the_start(exchange: Any, event: Any, state: int) -> Events:
    """Return what goes out: the start before the event, if it is held."""
    held, exchange.pending, exchange.state = exchange.pending, None, state
    return (event,) if held is None else (held, event)


def mixed(exchange: Any, event: Any, function: Any) -> Events:
    """Refuse a file that is to be the whole body, after a part of one."""
    raise out_of_order(event, "cannot be mixed with other bodies; send one or the other")


def too_soon(exchange: Any, event: Any, function: Any) -> Events:
    """Refuse trailers before the end of the body."""
    if exchange.end != TRAILING:
        return unannounced(exchange, event, function)
    raise out_of_order(event, "comes before the end of the body; send it after the last http.response.body")


def after_trailers(exchange: Any, event: Any, function: Any) -> Events:
    """Ignore trailers after the end, if there were any."""
    return unannounced(exchange, event, function) if exchange.end != TRAILING else late(exchange, event, None)


def unannounced(exchange: Any, event: Any, function: Any) -> Events:
    """Refuse trailers that the start has not announced."""
    raise out_of_order(event, "has not been announced; add trailers=True to http.response.start")


def not_first(exchange: Any, event: Any, function: Any) -> Events:
    """Refuse what comes before a start only."""
    raise out_of_order(event, "comes after http.response.start; send it before")


# The end, and an error of the server's.


def unanswered(exchange: Any, event: Any, function: Any) -> Events:
    """Refuse to return without a response, unless the client has gone; ``event`` is what was returned."""
    policy = exchange.policy
    of_a = policy.plan.direction == specification.A
    if exchange.is_lost() or not of_a or (event is None and not policy.finish):
        return ()
    what = "without a response; send http.response.start and http.response.body, and await send()"
    if event is not None:
        what = f"{describe(event)} and sent no response; pass {START} and {BODY} to send() instead"
    raise AppMessageError(
        f"the application returned {what}",
        rule=policy.finish if event is None else "A3",
        message_type=START,
        expected="a response",
        got=event,
    )


def unfinished(exchange: Any, event: Any, function: Any) -> Events:
    """End a body that the application has left open (A28, B19)."""
    policy, length = exchange.policy, exchange.length
    if not policy.finish:
        return ()
    if not exchange.is_lost():
        if length > 0:
            raise mismatch(end_of_body(), length, "fewer", length)
        before = {**end_of_body(), "more_body": True}
        policy.plan.report(AppMessageError, policy.finish, before, end_of_body(), "more_body", None)
    # A client that has gone gets no rest; not ANY_LENGTH: there is a content-length already (B19).
    exchange.length = NO_BODY if length > 0 else length
    out: Events = exchange.rows[exchange.state][BODY](exchange, end_of_body(), policy.http[BODY])
    if exchange.state == TRAILING:
        return [*(out or ()), *(without_trailers(exchange, None, None) or ())]
    return out


def without_trailers(exchange: Any, event: Any, function: Any) -> Events:
    """End a response whose trailers have been announced and do not come."""
    if not exchange.policy.finish:
        return ()
    exchange.state = DONE
    return ({"type": TRAILERS, "headers": [], "more_trailers": False},)


def failed(exchange: Any, event: Any, function: Any) -> Events:
    """Raise what the server raised when a start that had been held was sent."""
    error, exchange.pending, exchange.state = exchange.pending, None, DONE
    raise error


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
    (NEW, END): unanswered,
    (HELD, END): unfinished,
    (STARTED, END): unfinished,
    (OPEN, END): unfinished,
    (TRAILING, END): without_trailers,
}


def rows_of(table: Dict[Tuple[int, str], Handler]) -> Tuple[Dict[Any, Handler], ...]:
    """Return a table as one dict a state, which is looked up faster; FAILED has the same for every event."""
    rows: Tuple[Dict[Any, Handler], ...] = tuple({} for _ in range(FAILED + 1))
    for (state, kind), handler in table.items():
        rows[state][kind] = handler
        rows[FAILED][kind] = failed
    return rows
