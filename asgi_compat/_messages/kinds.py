"""What a value of each kind is, and how it is read without trusting what it says of itself."""

from __future__ import annotations

import re

from .schema import ADDRESS, ANY, BOOL, BYTES, BYTES_LIST, HEADERS, INT, MAPPING, TEXT, TEXTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Optional


def is_a(value: Any, kinds: Any) -> bool:
    """Whether ``value`` really is one of these: ``__class__``, which isinstance believes, may lie."""
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


_TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+").fullmatch
_TOKEN_TEXT = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+").fullmatch

#: Control characters, but for the tab: h11 refuses some of them, httptools' writer all (A25).
_CONTROLS = bytes(n for n in range(256) if (n < 32 and n != 9) or n == 127)
_PAIRS = (tuple, list)
_TEXTS = (str, bytes, bytearray, memoryview)


def _is_pair(pair: Any) -> bool:
    """Whether it is a header as it has to be, but for what is in it: two bytes."""
    return type(pair) in _PAIRS and len(pair) == 2 and type(pair[0]) is bytes and type(pair[1]) is bytes


def _is_headers(value: Any) -> bool:
    return type(value) is list and all(map(_is_pair, value))


def _is_address(value: Any) -> bool:
    return value is None or (type(value) in (tuple, list) and len(value) == 2)


def _is_texts(value: Any) -> bool:
    return type(value) in (list, tuple) and all(type(item) is str for item in value)


KINDS: Dict[str, Callable[[Any], bool]] = {
    BYTES: lambda value: type(value) is bytes,
    TEXT: lambda value: is_a(value, str),
    INT: lambda value: type(value) is int,
    BOOL: lambda value: type(value) is bool,
    HEADERS: _is_headers,
    ADDRESS: _is_address,
    TEXTS: _is_texts,
    MAPPING: lambda value: is_a(value, dict),
    BYTES_LIST: lambda value: True,
    ANY: lambda value: True,
}

#: The kinds that the class of a value settles, for the closures.
_CLASSES = {BYTES: bytes, BOOL: bool}
