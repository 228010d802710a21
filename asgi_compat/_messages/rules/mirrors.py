"""Which rules of the two directions do the same, and why the others have no mirror.

Every rule has a row. One whose other side is empty says why nothing is needed there.
"""

from __future__ import annotations

from typing import NamedTuple


class Mirror(NamedTuple):
    """Rules of direction A, those of direction B that do the same, and why one side is empty."""

    a: str
    b: str
    why: str = ""


MIRRORS = (
    # Calling.
    Mirror("A1", "B1"),
    Mirror("A2", "B2"),
    Mirror("A3", "B3"),
    Mirror("A4", "B33"),
    # Scopes.
    Mirror("A5", "B4"),
    Mirror("A6", "B5"),
    Mirror("A7, A48", "B6"),
    Mirror("A8", "B11"),
    Mirror("A9", "B7"),
    Mirror("A10", "B9"),
    Mirror("A11", "B8"),
    Mirror("A12", "", "no rule of B removes a key either, but those that B12 and B16 name"),
    Mirror("A52, A54", "B12"),
    Mirror("A53", "B4, B9, B13, B36"),
    Mirror("", "B10", "every server of ASGI 3 decodes the path"),
    Mirror("A55", "B35"),
    # Received events.
    Mirror("A13", "B14"),
    Mirror("A14", "", "a current application reads a body in parts, under its current names"),
    Mirror("A15", "B38"),
    Mirror("A16", "", "a current application tests for the key; B38 leaves it the one that is there"),
    Mirror("A17", "B16"),
    Mirror("A18", "B15"),
    Mirror("A19", "", "old servers give unread body in the same two orders"),
    Mirror("A20", "B17"),
    # Sent events.
    Mirror("A21", "", "a current application sends the current types"),
    Mirror("A22", "", "a current application sends the current keys"),
    Mirror("A23, A24, A43, A50", "B18"),
    Mirror("A25", "B21"),
    Mirror("A26", "B39"),
    Mirror("A27, A28", "B19"),
    Mirror("A29", "B20"),
    Mirror("A30", "", "a current application is told of its mistake, as by current servers"),
    Mirror("A31", "B22"),
    Mirror("A32", "B26"),
    Mirror("A33", "B27"),
    Mirror("A34", "", "a habit from before ASGI 2 that no current application has"),
    Mirror("A35", "B28, B29"),
    Mirror("A36", "", "an event of applications for uvicorn 0.1.1"),
    Mirror("A37", "", "as A30: a current application is told"),
    Mirror("A38", "B24, B25"),
    Mirror("", "B23", "current servers announce trailers where they can send them"),
    Mirror("A39", "B34"),
    Mirror("A40", "", "the same code runs in both directions, and no server of either time minds"),
    Mirror("", "B31, B32", "every current server knows the two events"),
    # Servers and frameworks.
    Mirror("A41", "B40"),
    Mirror("A42", "", "the same classes serve both directions, so that it holds there too"),
    Mirror("A44, A45", "", "a server of ASGI 2 closes by itself when the application ends, but for daphne"),
    Mirror("A46, A49", "", "granian calls no double-callables"),
    Mirror("A47", "B30, B37"),
    Mirror("A51", "", "the servers of that era resume a connection in a context of their own"),
)
