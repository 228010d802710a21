"""The states of a response and of a WebSocket.

A response is NEW until a start comes; HELD while the start is kept back (A28, B19); STARTED when it has
gone out; OPEN when a part of the body has; TRAILING after the last body where the start has announced
trailers; DONE at the end. A WebSocket is NEW until it is answered; DENYING between the start and the end of a
denial response; OPEN; DONE after a close.
"""

from __future__ import annotations

NEW, HELD, STARTED, OPEN, TRAILING, DONE, DENYING = range(7)
