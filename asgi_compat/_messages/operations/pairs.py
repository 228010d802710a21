"""Headers as pairs of bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, List, Optional, Tuple

from ..._text import describe, type_name
from ..kinds import TEXT_TYPES, is_a, is_pair, plain_bytes
from ..schema import HEADERS, MISSING, Unrepairable

if TYPE_CHECKING:
    from .registry import Change


def read_pairs(value: Any) -> List[Tuple[Any, Any]]:
    """Return the pairs of a mapping or an iterable. Raises `Unrepairable`."""
    if is_a(value, TEXT_TYPES):
        raise Unrepairable(HEADERS)
    try:
        source = list(value.items() if hasattr(value, "keys") and hasattr(value, "items") else value)
    except Exception:
        raise Unrepairable(HEADERS) from None
    return [read_pair(item, at) for at, item in enumerate(source)]


def read_pair(item: Any, at: int) -> Tuple[Any, Any]:
    """Return the two items of one header, the one at this index. Raises `Unrepairable`."""
    try:
        if is_a(item, TEXT_TYPES):
            raise TypeError
        name, content = item
    except Exception:
        raise Unrepairable(HEADERS, found=f"got {describe(item)} at index {at}") from None
    return name, content


def read_header(name: Any, content: Any) -> Tuple[bytes, bytes]:
    """Return a header as bytes, the name in lower case. Raises `Unrepairable` with the header's name."""
    raw = None if is_a(name, int) else read_line(name)
    if raw is None:
        raise Unrepairable("bytes", "encode it", name, found=f"got a name of {type_name(name)}")
    value = read_line(content)
    if value is None:
        raise Unrepairable("bytes or latin-1", "encode or quote it", name, found=f"got {describe(content)}")
    return raw.lower(), value


def read_line(value: Any) -> Optional[bytes]:
    """Return the bytes of a header's name or value, or None for a value that cannot be either."""
    if type(value) is bytes:
        return value
    try:
        if is_a(value, str):
            return str.encode(value, "latin-1")
        if is_a(value, int) and type(value) is not bool and int.bit_length(value) <= 128:
            return b"%d" % int.__int__(value)
        return plain_bytes(value)
    except ValueError:  # no latin-1
        return None


def map_headers(value: Any, change: Callable[[bytes, bytes], Any]) -> Change:
    """Apply ``change`` to the pairs of bytes in a list: None keeps a pair, MISSING drops it."""
    if type(value) is not list:
        return None
    out, changed = [], False
    for pair in value:
        if is_pair(pair):
            new = change(pair[0], pair[1])
            if new is not None:
                changed = True
                if new is not MISSING:
                    out.append(new)
                continue
        out.append(pair)
    return (out, True) if changed else None
