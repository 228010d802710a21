"""Count a body and compare it with the content-length of its start."""

from __future__ import annotations

import os
import stat

from .._errors import AppMessageError
from .._messages import specification
from .._messages.errors import message_error
from .._messages.operations.headers import content_length
from .._messages.schema import Unrepairable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

#: Instead of a length: none given, and no body allowed (A29, B20).
ANY_LENGTH, NO_BODY = -1, -2


def has_no_body(status: Any) -> bool:
    """Return whether a response of this status has no body (RFC 9110): 204, 304 and below 200."""
    return status in specification.NO_BODY or (type(status) is int and status < 200)


def count_left(left: int, event: Any, sent: int, more: Any) -> int:
    """Return how many bytes of body are still to come after ``sent``. Raises `AppMessageError`."""
    if sent > left:
        raise mismatch(event, left, "more", sent - left)
    if sent < left and not more:
        raise mismatch(event, left, "fewer", left - sent)
    return left - sent


def mismatch(event: Any, expected: int, which: str, by: int) -> AppMessageError:
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


def without_length(start: Any) -> Any:
    """Take content-length off a response that has no body by its status: servers count on it."""
    if start["status"] not in specification.NO_BODY:
        return start
    headers = [pair for pair in start["headers"] if pair[0] != specification.LENGTH_HEADER]
    return start if len(headers) == len(start["headers"]) else {**start, "headers": headers}


def file_size(event: Any) -> Optional[int]:
    """Return how many bytes a zero-copy send puts out, None where that cannot be known."""
    file, offset, count = event.get("file"), event.get("offset"), event.get("count")
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


def denial_length(start: Any) -> int:
    """Return the content-length of a denial response, or one of the two words for it."""
    try:
        length = content_length(start.get("headers", ()))
    except Unrepairable as unfit:
        raise message_error(
            AppMessageError, None, start, "headers", unfit.expected, unfit.remedy, unfit.header, unfit.found
        ) from None
    return NO_BODY if start["status"] in specification.NO_BODY else length
