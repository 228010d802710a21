"""The states of a response, of a request and of a WebSocket.

A response is NEW until a start comes; HELD while the start is kept back (A28, B19); STARTED when it has
gone out; OPEN when a part of the body has; TRAILING after the last body where the start has announced
trailers; DONE at the end; FAILED when the server refused a start that had been held. A WebSocket is NEW until
it is answered; DENYING between the start and the end of a denial response; OPEN; DONE after a close.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._types import Events

NEW, HELD, STARTED, OPEN, TRAILING, DONE, DENYING, FAILED = range(8)

#: What a handler of the usual event returns for any other.
OTHERWISE: Events = [{}]

#: What the application has heard of its client: nothing or a part of the body, all of it, that it has gone.
UNREAD, READ, GONE = range(3)
