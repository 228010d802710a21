"""What each kind of value accepts, and reading values whose classes may lie."""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, Optional

from .schema import ADDRESS, ANY, BOOL, BYTES, BYTES_LIST, HEADERS, INT, MAPPING, TEXT, TEXTS


def is_a(value: Any, kinds: Any) -> bool:
    """Return whether ``value`` is of one of these types; ``__class__``, which isinstance trusts, may lie."""
    return issubclass(type(value), kinds)


def plain_bytes(value: Any) -> Optional[bytes]:
    """Return exact bytes of bytes-like data, None for anything else, also for a view that was released."""
    kind = type(value)
    if kind is bytes:
        return value  # type: ignore[no-any-return]
    if issubclass(kind, bytes):
        # A subclass may have a ``__bytes__`` of its own.
        return bytes.__getitem__(value, slice(None))
    if not issubclass(kind, (bytearray, memoryview)):
        return None
    try:
        return bytes(memoryview(value))
    except Exception:
        return None


IS_TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+").fullmatch
IS_TOKEN_TEXT = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+").fullmatch

#: Control characters, but for the tab: h11 refuses some of them, httptools' writer all (A25).
CONTROLS = bytes(n for n in range(256) if (n < 32 and n != 9) or n == 127)
PAIRS = (tuple, list)
TEXT_TYPES = (str, bytes, bytearray, memoryview)


def is_pair(pair: Any) -> bool:
    """Return whether it is a header of the right form: a pair of two bytes."""
    return type(pair) in PAIRS and len(pair) == 2 and type(pair[0]) is bytes and type(pair[1]) is bytes


def is_headers(value: Any) -> bool:
    """Return whether it is a list of headers of the right form."""
    return type(value) is list and all(map(is_pair, value))


def is_address(value: Any) -> bool:
    """Return whether it is None or a sequence of two items."""
    return value is None or (type(value) in (tuple, list) and len(value) == 2)


def is_texts(value: Any) -> bool:
    """Return whether it is a sequence of str."""
    return type(value) in (list, tuple) and all(type(item) is str for item in value)


KINDS: Dict[str, Callable[[Any], bool]] = {
    BYTES: lambda value: type(value) is bytes,
    TEXT: lambda value: is_a(value, str),
    INT: lambda value: type(value) is int,
    BOOL: lambda value: type(value) is bool,
    HEADERS: is_headers,
    ADDRESS: is_address,
    TEXTS: is_texts,
    MAPPING: lambda value: is_a(value, dict),
    BYTES_LIST: lambda value: True,
    ANY: lambda value: True,
}

#: The kinds that the class of a value decides, for the fast paths.
CLASSES = {BYTES: bytes, BOOL: bool}
