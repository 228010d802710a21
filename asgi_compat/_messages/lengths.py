"""Count a body and compare it with the content-length of its start."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Any, Optional

from .._errors import AppMessageError
from . import specification
from .errors import message_error
from .operations.headers import content_length
from .schema import Unrepairable

if TYPE_CHECKING:
    from .._types import Event

#: Instead of a length: none given, and no body allowed (A29, B20).
ANY_LENGTH, NO_BODY = -1, -2


def has_no_body(status: object) -> bool:
    """Return whether a response of this status has no body (RFC 9110): 204, 304 and below 200."""
    return status in specification.NO_BODY or (type(status) is int and status < 200)


def count_left(left: int, event: Event, sent: int, more: object) -> int:
    """Return how many bytes of body are still to come after ``sent``. Raises `AppMessageError`."""
    if sent > left:
        raise mismatch(event, left, "more", sent - left)
    if sent < left and not more:
        raise mismatch(event, left, "fewer", left - sent)
    return left - sent


def mismatch(event: Event, expected: int, which: str, by: int) -> AppMessageError:
    """Make the error for a body that is longer or shorter than its start promised."""
    body = event.get("body")
    return AppMessageError(
        f"the body has {by} bytes {which} than the content-length of the start says; leave the header"
        " out, or count bytes and not characters",
        message_type=event["type"],
        field="file" if body is None else "body",
        expected=f"{expected} bytes",
        got=expected + (by if which == "more" else -by),
    )


def without_length(start: Event) -> Event:
    """Take content-length off a response that has no body by its status: servers count on it."""
    if start["status"] not in specification.NO_BODY:
        return start
    headers = [pair for pair in start["headers"] if pair[0] != specification.LENGTH_HEADER]
    return start if len(headers) == len(start["headers"]) else {**start, "headers": headers}


def file_size(event: Event) -> Optional[int]:
    """Return how many bytes a zero-copy send puts out, None where that cannot be known."""
    file: Any = event.get("file")
    offset, count = event.get("offset"), event.get("count")
    try:
        number = file if type(file) is int else file.fileno()
        found = os.fstat(number)
        if not stat.S_ISREG(found.st_mode):
            return None
        if offset is None:
            offset = os.lseek(number, 0, os.SEEK_CUR)
            if type(file) is not int and file.tell() != offset:
                return None  # buffered: which of the two a server takes is its own choice
        size = max(0, found.st_size - offset)
        if count is None:
            return int(size)
        return int(min(count, size)) if type(count) is int and count >= 0 else None
    except Exception:
        return None


def start_length(start: Event) -> int:
    """Return the content-length of a start, or ANY_LENGTH. Raises `AppMessageError` unless it is a number."""
    try:
        return content_length(start.get("headers", ()))
    except Unrepairable as unfit:
        raise message_error(
            AppMessageError, None, start, "headers", unfit.expected, unfit.remedy, unfit.header, unfit.found
        ) from None


def response_length(start: Event, to_head: bool) -> int:
    """Return how long the body of a response will be, or one of the two words for it."""
    length = start_length(start)
    return NO_BODY if to_head or has_no_body(start["status"]) else length


def denial_length(start: Event) -> int:
    """Return the content-length of a denial response, or one of the two words for it."""
    length = start_length(start)
    return NO_BODY if start["status"] in specification.NO_BODY else length


def declares_no_body(start: Event) -> bool:
    """Return whether a start says itself that the response has no body."""
    return start["status"] in specification.NO_BODY or content_length(start.get("headers", ())) == 0


def with_empty_length(start: Event) -> Event:
    """Return a start that says that its body is empty."""
    return {**start, "headers": [*start["headers"], (specification.LENGTH_HEADER, b"0")]}
