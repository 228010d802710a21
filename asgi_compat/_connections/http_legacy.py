"""A request on a server from before ASGI 3 (B15, B19)."""

from __future__ import annotations

from .._messages import specification
from .._messages.lengths import ANY_LENGTH, with_empty_length
from .._messages.specification import BODY, DISCONNECT
from .._text import safe_str
from .http import HttpExchange
from .http_body import check_length
from .http_states import RESPONSE, rows_of
from .loop import give_way
from .states import DONE, GONE, HELD, OPEN, READ, STARTED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List

    from .._types import Event, Events, Repair


def old_body(exchange: HttpExchange, event: Event, function: Repair) -> Events:
    """Take a part of the body for an old server: no empty chunk in the middle, no empty end (B19)."""
    policy = exchange.policy
    if not policy.no_empty:
        return RESPONSE[exchange.state, BODY](exchange, event, function)
    event = check_length(exchange, function(event, exchange))
    more = event["more_body"]
    out = release_start(exchange, event)
    exchange.state = OPEN if more else exchange.end
    chunk, exchange.pending = exchange.pending, None
    if not event["body"] and (more or chunk is not None):
        # No empty chunk in the middle; the one that is held back becomes the end.
        exchange.pending = chunk if more else None
        return out if more else [*out, {**chunk, "more_body": False}]
    out += [] if chunk is None else [chunk]
    if more and policy.hold_chunk:
        exchange.pending = event.copy()
        return out
    return [*out, event.copy() if out else event]


def release_start(exchange: HttpExchange, event: Event) -> List[Event]:
    """Return the start if it is held, with a content-length if this is the whole, empty body (B19)."""
    if exchange.state != HELD:
        return []
    held, exchange.pending = exchange.pending, None
    if not event["body"] and not event["more_body"] and exchange.length == ANY_LENGTH:
        held = with_empty_length(held)
    return [held]


class LegacyHttpExchange(HttpExchange):
    """One request and its response, on an old server: the end of it is the adapter's to tell (B15)."""

    __slots__ = ()

    rows = rows_of({**RESPONSE, (HELD, BODY): old_body, (STARTED, BODY): old_body, (OPEN, BODY): old_body})

    async def receive(self) -> Event:
        """Give the next event of the client."""
        if self.state == DONE and self.heard != GONE and self.policy.disconnects:
            self.heard = GONE
            await give_way()
            return {"type": DISCONNECT}
        return await super().receive()

    def has_no_more(self, heard: int, error: Exception) -> bool:
        """Return whether an error of the server's receive says that there is nothing more to be had."""
        # uvicorn 0.2.0 to 0.2.7 says "Receive channel fully consumed." when the body has been read.
        consumed = isinstance(error, RuntimeError) and specification.CONSUMED in safe_str(error)
        return heard == GONE or (heard == READ and consumed)
