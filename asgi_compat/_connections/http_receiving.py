"""The request of an HTTP exchange where the server is not just asked (A18, B15).

While a start is held, after the last part of the request, and after the disconnect.
"""

from __future__ import annotations

from .._messages.events import is_last, read_event
from .._messages.lengths import declares_no_body
from .._messages.specification import DISCONNECT, REQUEST
from .loop import give_way, pause, sleep_forever
from .states import DONE, GONE, HELD, READ, UNREAD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from .._types import Event
    from .http import HttpExchange

#: Seconds before a server that gives the same request again is asked the next time: at first, at most.
FIRST_PAUSE, LAST_PAUSE = 0.001, 0.5


async def receive_late(exchange: HttpExchange) -> Event:
    """Give an event while a start is held, after the request, or after the disconnect (A18, B15)."""
    if exchange.state == HELD and declares_no_body(exchange.pending):
        # bareASGI 1.4 to 3.0 sends no body where there is none, and waits for the client to leave, who
        # waits for the start (uvicorn of 2019 sent it at once).
        await exchange.finish_held()
    seconds = FIRST_PAUSE
    while True:
        heard = exchange.heard
        event = await _ask(exchange, heard)
        kind = event["type"]
        if kind == DISCONNECT:
            exchange.heard = GONE
        if kind != REQUEST:
            return event
        if heard == UNREAD or not exchange.policy.repeats:
            return hear_request(exchange, event)
        # The request again, after its last part: nginx unit, connectors, early uvicorn.
        if exchange.state == DONE:
            exchange.heard = GONE
            return {"type": DISCONNECT}
        await pause(seconds)
        seconds = min(2 * seconds, LAST_PAUSE)


async def _ask(exchange: HttpExchange, heard: int) -> Event:
    """Ask the server for an event. Wait until cancelled where it has no more and says so by an error."""
    if heard == GONE:
        # A server that repeats the disconnect at once would let nobody else run.
        await give_way()
    try:
        return read_event(await exchange._receive())
    except Exception as error:
        if not exchange.policy.repeats or not exchange.has_no_more(heard, error):
            raise
    return await _never()


async def _never() -> NoReturn:
    """Wait until cancelled."""
    while True:
        await sleep_forever()


def hear_request(exchange: HttpExchange, event: Event) -> Event:
    """Return a part of the request, repaired, and remember whether it is the last."""
    event = exchange.policy.request(event)
    if is_last(event):
        exchange.heard = max(exchange.heard, READ)
    return event
