"""Operations on headers and links."""

from __future__ import annotations

from ..._text import describe, safe_repr
from ..kinds import _CONTROLS, _TEXTS, _TOKEN, _is_pair, is_a, plain_bytes
from ..schema import BYTES_LIST, HEADERS, MISSING, Unfit
from ..specification import FRAMING, LENGTH_HEADER, TRAILER_FRAMING
from .values import _utf8

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, List, Optional, Tuple

    from ..schema import Step


def _headers_in(value: Any, step: Step, event: Any, scope: Any) -> Any:
    """Headers of a scope: a list of two-item sequences of bytes, names in lower case."""
    if type(value) is list and all(_is_pair(pair) and pair[0].lower() == pair[0] for pair in value):
        return None
    found = _pairs([] if value is MISSING or value is None else value)
    odd = value is MISSING or value is None or is_a(value, dict)
    out = []
    for name, content in found:
        odd = odd or type(name) is not bytes or type(content) is not bytes
        out.append(_header(name, content))
    return out, odd


def _header_tuples(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if type(value) is list and all(type(pair) is tuple for pair in value):
        return _headers_in(value, step, event, scope)
    found = _headers_in(value, step, event, scope)
    return [tuple(pair) for pair in (value if found is None else found[0])], False


def _pairs(value: Any) -> List[Tuple[Any, Any]]:
    if is_a(value, _TEXTS):
        raise Unfit(HEADERS)
    try:
        source = list(value.items() if hasattr(value, "keys") and hasattr(value, "items") else value)
    except Exception:
        raise Unfit(HEADERS) from None
    return [_pair(item, at) for at, item in enumerate(source)]


def _pair(item: Any, at: int) -> Tuple[Any, Any]:
    try:
        if is_a(item, _TEXTS):
            raise TypeError
        name, content = item
    except Exception:
        raise Unfit(HEADERS, f"the item at index {at} is {describe(item)} and no pair") from None
    return name, content


def _header(name: Any, content: Any) -> Tuple[bytes, bytes]:
    """Return a header as bytes, the name in lower case. Raises `Unfit` with the name of one that is wrong."""
    raw = None if is_a(name, int) else _line(name)
    if raw is None:
        raise Unfit("named by bytes", f"its name is {describe(name)}", name)
    value = _line(content)
    if value is None:
        raise Unfit(
            "bytes, or a str of latin-1", f"its value is {describe(content)}: encode or quote it", name
        )
    return raw.lower(), value


def _line(value: Any) -> Optional[bytes]:
    """Return the bytes of a header's name or value, or None for what cannot be one."""
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


def _listed(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if hasattr(type(value), "__next__"):
        try:
            return list(value), False
        except Exception:
            raise Unfit(HEADERS) from None
    return None


def _headers_out(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if value is MISSING or hasattr(type(value), "__next__"):
        return None
    if type(value) is list and all(
        type(pair) is tuple and _is_pair(pair) and pair[0].lower() == pair[0] for pair in value
    ):
        return None
    if value is None:
        return [], True
    odd = hasattr(value, "keys")
    out = []
    for name, content in _pairs(value):
        pair = _header(name, content)
        odd = odd or type(name) is not bytes or type(content) is not bytes or pair[0] != name
        out.append(pair)
    return out, odd


def _each(value: Any, change: Callable[[bytes, bytes], Any]) -> Any:
    """Map over a list of pairs of bytes; leave alone what is none."""
    if type(value) is not list:
        return None
    out, changed = [], False
    for pair in value:
        if _is_pair(pair):
            new = change(pair[0], pair[1])
            if new is not None:
                changed = True
                if new is not MISSING:
                    out.append(new)
                continue
        out.append(pair)
    return (out, True) if changed else None


def _stripped(value: Any, step: Step, event: Any, scope: Any) -> Any:
    def change(name: bytes, content: bytes) -> Any:
        bare = content.strip(b" \t")
        return None if bare == content else (name, bare)

    return _each(value, change)


def _framing(value: Any, step: Step, event: Any, scope: Any) -> Any:
    def change(name: bytes, content: bytes) -> Any:
        return MISSING if name[:1] == b":" or name.lower() in FRAMING else None

    return _each(value, change)


def _trailer_framing(value: Any, step: Step, event: Any, scope: Any) -> Any:
    def change(name: bytes, content: bytes) -> Any:
        return MISSING if name[:1] == b":" or name.lower() in TRAILER_FRAMING else None

    return _each(value, change)


def _clean(value: Any, step: Step, event: Any, scope: Any) -> Any:
    def change(name: bytes, content: bytes) -> Any:
        if not _TOKEN(name):
            raise Unfit("named by a token", "a character of the name would end it", name)
        if content.translate(None, _CONTROLS) != content:
            raise Unfit(
                "without control characters",
                f"its value, {describe(content)}, has one; what follows a line break would be another header",
                name,
            )
        return None

    return _each(value, change)


def _one_length(value: Any, step: Step, event: Any, scope: Any) -> Any:
    """Leave one content-length: after two that differ nobody knows where the body ends."""
    if type(value) is not list:
        return None
    at = [n for n, pair in enumerate(value) if _is_pair(pair) and pair[0].lower() == LENGTH_HEADER]
    content_length([value[n] for n in at])
    if len(at) < 2:
        return None
    gone = set(at[1:])
    return [pair for n, pair in enumerate(value) if n not in gone], True


def _links(value: Any, step: Step, event: Any, scope: Any) -> Any:
    """The values of link headers: a list of bytes without blanks around them."""
    if value is MISSING:
        return None
    if is_a(value, (*_TEXTS, dict)):
        raise Unfit(BYTES_LIST)
    try:
        source = list(value)
    except Exception:
        raise Unfit(BYTES_LIST) from None
    out = []
    for at, item in enumerate(source):
        link = None if is_a(item, int) else _line(item)
        if link is None:
            raise Unfit(BYTES_LIST, f"the item at index {at} is {describe(item)}")
        out.append(link.strip(b" \t"))
    if type(value) is list and all(new is old for new, old in zip(out, value)):
        return None
    return out, any(type(item) is not bytes or new != item for new, item in zip(out, source))


def _clean_links(value: Any, step: Step, event: Any, scope: Any) -> Any:
    for link in value if type(value) is list else ():
        if link.translate(None, _CONTROLS) != link:
            raise Unfit("free of control characters", f"one link, {describe(link)}, has some")
    return None


def _clean_path(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if is_a(value, str):
        if any(letter <= " " or letter == "\x7f" for letter in str.__str__(value)):
            raise Unfit("free of blanks and control characters")
        _utf8(value)
    return None


def content_length(headers: Any) -> int:
    """Return the content-length among response headers, -1 for none.

    Raises `Unfit` for one that is no number, and for two that differ.
    """
    found = -1
    for name, value in headers:
        if name.lower() != LENGTH_HEADER:
            continue
        if not value.isdigit() or len(value) > 18:
            raise Unfit("a content-length of digits", f"it is {safe_repr(value, 40)}", name)
        if found not in (-1, int(value)):
            raise Unfit(
                "one length", f"there are two content-lengths that differ, {found} and {int(value)}", name
            )
        found = int(value)
    return found
