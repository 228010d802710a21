"""The start of an HTTP response: kept for its body, sent, replaced or refused (A28, B19)."""

from __future__ import annotations

from .._errors import AppMessageError
from .._messages.errors import out_of_order
from .._messages.events import announced, is_head, snapshot
from .._messages.lengths import NO_BODY, response_length, without_length
from .._messages.specification import TRAILERS
from .holding import watch
from .states import DONE, HELD, NEW, OTHERWISE, STARTED, TRAILING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._types import Event, Events, Look, Repair
    from .http import HttpExchange


def begin(exchange: HttpExchange, event: Event, function: Repair) -> Events:
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
    elif policy.hold:
        event = event.copy()
        event["headers"] = event["headers"][:]
        if watch(exchange):
            exchange.pending, exchange.state = event, HELD
            return None
    exchange.state = STARTED
    return (event,)


def begin_right(exchange: HttpExchange, event: Event, right: Look) -> Events:
    """Take the first start like `begin`, where ``right`` copies it."""
    copy = right(event, exchange)
    if copy is None:
        return OTHERWISE
    if exchange.policy.hold:
        event = copy
        if watch(exchange):
            exchange.pending, exchange.state = event, HELD
            return None
    exchange.state = STARTED
    return (event,)


def replace(exchange: HttpExchange, event: Event, function: Repair) -> Events:
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


def begun(exchange: HttpExchange, event: Event, function: Repair) -> Events:
    """Refuse a second start."""
    rule = exchange.policy.second_start
    raise out_of_order(event, "comes a second time, and the first has been sent; send one", rule)


def expect_trailers(exchange: HttpExchange, start: Event) -> None:
    """Remember whether the response ends with its trailers: the start says so, and the server can."""
    expected = start.get("trailers") and announced(TRAILERS, exchange.scope)
    exchange.end = TRAILING if expected else DONE


def read_length(exchange: HttpExchange, start: Event) -> None:
    """Remember how long the body of a start will be. Raises `AppMessageError` unless it is a number."""
    # Before the first start the length says it, whatever the application has done to its scope.
    head = exchange.length == NO_BODY if exchange.state == NEW else is_head(exchange.scope)
    exchange.length = response_length(start, head)
