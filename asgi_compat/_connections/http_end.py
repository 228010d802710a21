"""The end of an HTTP response: what the application has left open when it returns (A28, B19).

An ending is a plain function of (exchange, returned), where ``returned`` is what the application returned.
It changes the state and returns the events that go out.
"""

from __future__ import annotations

from .._errors import AppMessageError
from .._messages import specification
from .._messages.errors import hint
from .._messages.events import end_of_body
from .._messages.lengths import NO_BODY, mismatch
from .._messages.specification import BODY, START, TRAILERS
from .._text import describe
from .states import DONE, FAILED, HELD, NEW, OPEN, STARTED, TRAILING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Dict, NoReturn

    from .._types import Events
    from .http import HttpExchange

    Ending = Callable[[HttpExchange, object], Events]


def unanswered(exchange: HttpExchange, returned: object) -> Events:
    """Refuse to return without a response, unless the client has gone."""
    policy = exchange.policy
    left_to_the_server = policy.plan.direction == specification.B or not policy.finish
    if exchange.is_lost() or (returned is None and left_to_the_server):
        return ()
    rule = policy.finish if returned is None else policy.discards
    what = f"without a response; send {START} and {BODY}, and await send()"
    if returned is not None:
        what = f"{describe(returned)} and sent no response; pass {START} and {BODY} to send() instead"
    raise AppMessageError(
        f"the application returned {what}{hint(rule)}",
        rule=rule,
        message_type=START,
        expected="a response",
        got=returned,
    )


def unfinished(exchange: HttpExchange, returned: object) -> Events:
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
    out = exchange.rows[exchange.state][BODY](exchange, end_of_body(), policy.http[BODY])
    if exchange.state == TRAILING:
        return [*(out or ()), *(without_trailers(exchange, None) or ())]
    return out


def without_trailers(exchange: HttpExchange, returned: object) -> Events:
    """End a response whose trailers have been announced and do not come."""
    if not exchange.policy.finish:
        return ()
    exchange.state = DONE
    return ({"type": TRAILERS, "headers": [], "more_trailers": False},)


def raise_failure(exchange: HttpExchange, returned: object = None) -> NoReturn:
    """Raise what the server raised when a start that had been held was sent."""
    error, exchange.pending, exchange.state = exchange.pending, None, DONE
    raise error


#: What happens in a state when the application has returned. In DONE there is nothing to do.
ENDINGS: Dict[int, Ending] = {
    NEW: unanswered,
    HELD: unfinished,
    STARTED: unfinished,
    OPEN: unfinished,
    TRAILING: without_trailers,
    FAILED: raise_failure,
}
