"""Operations on headers and links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, List

from ..._text import describe, safe_repr
from ..kinds import CONTROLS, IS_TOKEN, TEXT_TYPES, is_a, is_pair
from ..schema import BYTES_LIST, HEADERS, MISSING, Unrepairable
from ..specification import FRAMING, LENGTH_HEADER, TRAILER_FRAMING
from .pairs import map_headers, read_header, read_line, read_pair, read_pairs
from .registry import CONTAINER, CONTENT, TYPE, VALIDATE, field_operation
from .values import encode_utf8, read_items

if TYPE_CHECKING:
    from ..schema import BoundStep
    from .registry import Change, Message


@field_operation("headers_in", TYPE)
def _headers_in(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    """Make headers of a scope a list of two-item sequences of bytes, names in lower case."""
    if type(value) is list and all(map(_is_right, value)):
        return None
    absent = value is MISSING or value is None
    violates_spec = absent or is_a(value, dict)
    out: List[Any] = []
    refused = None
    for at, item in enumerate([] if absent else _read_scope_headers(value)):
        try:
            name, content = read_pair(item, at)
            violates_spec = violates_spec or not type(name) is type(content) is bytes
            out.append(read_header(name, content))
        except Unrepairable as error:
            refused = refused or error
            out.append(_with_lower_name(item))
    if refused is not None:
        # An application that never reads this header need not know of it.
        raise Unrepairable(refused.expected, refused.remedy, refused.header, out, "", refused.found)
    return out, violates_spec


def _is_right(pair: Any) -> bool:
    return is_pair(pair) and pair[0].lower() == pair[0]


def _with_lower_name(item: Any) -> Any:
    """Return an item of headers that is not a pair of bytes, with its name in lower case if it has one."""
    if not is_a(item, (tuple, list)) or len(item) != 2 or is_a(item[0], int):
        return item
    name = read_line(item[0])
    return item if name is None else (name.lower(), item[1])


def _read_scope_headers(value: Any) -> List[Any]:
    """Return the headers of a scope, one-shot iterators read. Raises `Unrepairable`."""
    try:
        items = value.items() if hasattr(value, "keys") and hasattr(value, "items") else value
        found = read_items(items)
    except Exception:
        found = None
    if found is None:
        raise Unrepairable(HEADERS, instead=[])
    for at, item in enumerate(found):
        if hasattr(type(item), "__next__"):
            try:
                found[at] = tuple(read_items(item, 3) or ())
            except Exception:
                continue
    return found


@field_operation("header_tuples", TYPE)
def _header_tuples(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    """Make headers of a scope a list of tuples."""
    if type(value) is list and all(type(pair) is tuple for pair in value):
        return _headers_in(value, step, event, scope)
    try:
        found = _headers_in(value, step, event, scope)
    except Unrepairable as error:
        error.instead = [tuple(pair) if type(pair) is list else pair for pair in error.instead]
        raise
    return [tuple(pair) for pair in (value if found is None else found[0])], False


@field_operation("listed", CONTAINER)
def _listed(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    """Read a one-shot iterator into a list."""
    if hasattr(type(value), "__next__"):
        try:
            return list(value), False
        except Exception:
            raise Unrepairable(HEADERS) from None
    return None


@field_operation("headers_out", TYPE)
def _headers_out(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    """Make headers of an event a list of tuples of bytes, names in lower case."""
    if value is MISSING or hasattr(type(value), "__next__"):
        return None
    if type(value) is list and all(map(_is_ready, value)):
        return None
    if value is None:
        return [], True
    violates_spec = hasattr(value, "keys")
    out = []
    for name, content in read_pairs(value):
        pair = read_header(name, content)
        # Bytes in lower case come back as the same objects, other bytes as equal ones.
        same = type(name) is bytes and type(content) is bytes and pair[0] == name
        violates_spec = violates_spec or not same
        out.append(pair)
    return out, violates_spec


def _is_ready(pair: Any) -> bool:
    """Return whether a header can be sent as it is."""
    return type(pair) is tuple and is_pair(pair) and pair[0].lower() == pair[0]


@field_operation("stripped", CONTENT)
def _stripped(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    def change(name: bytes, content: bytes) -> Any:
        bare = content.strip(b" \t")
        return None if bare == content else (name, bare)

    return map_headers(value, change)


@field_operation("framing", CONTENT)
def _framing(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    def change(name: bytes, content: bytes) -> Any:
        return MISSING if name[:1] == b":" or name.lower() in FRAMING else None

    return map_headers(value, change)


@field_operation("trailer_framing", CONTENT)
def _trailer_framing(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    def change(name: bytes, content: bytes) -> Any:
        return MISSING if name[:1] == b":" or name.lower() in TRAILER_FRAMING else None

    return map_headers(value, change)


@field_operation("clean", VALIDATE)
def _clean(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    def change(name: bytes, content: bytes) -> Any:
        if not IS_TOKEN(name):
            raise Unrepairable("a token", "remove it", name, found="got a character that ends it")
        if content.translate(None, CONTROLS) != content:
            raise Unrepairable(
                "none",
                "remove it: what follows a line break would be another header",
                name,
                found=f"got a control character in {describe(content)}",
            )
        return None

    return map_headers(value, change)


@field_operation("one_length", VALIDATE)
def _one_length(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    """Keep one content-length. Raises `Unrepairable` for two that differ: the body's end is ambiguous."""
    if type(value) is not list:
        return None
    at = [n for n, pair in enumerate(value) if is_pair(pair) and pair[0].lower() == LENGTH_HEADER]
    content_length([value[n] for n in at])
    if len(at) < 2:
        return None
    gone = set(at[1:])
    return [pair for n, pair in enumerate(value) if n not in gone], True


@field_operation("links", TYPE)
def _links(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    """Make the values of link headers a list of bytes without surrounding blanks."""
    if value is MISSING:
        return None
    if is_a(value, (*TEXT_TYPES, dict)):
        raise Unrepairable(BYTES_LIST)
    try:
        source = list(value)
    except Exception:
        raise Unrepairable(BYTES_LIST) from None
    out = []
    for at, item in enumerate(source):
        link = None if is_a(item, int) else read_line(item)
        if link is None:
            raise Unrepairable(BYTES_LIST, "encode it", found=f"got {describe(item)} at index {at}")
        out.append(link.strip(b" \t"))
    if type(value) is list and all(new is old for new, old in zip(out, value)):
        return None
    return out, any(type(item) is not bytes or new != item for new, item in zip(out, source))


@field_operation("clean_links", VALIDATE)
def _clean_links(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    for link in value if type(value) is list else ():
        if link.translate(None, CONTROLS) != link:
            raise Unrepairable(
                "no control characters", "remove them", found=f"got one in a link, {describe(link)}"
            )
    return None


@field_operation("clean_path", VALIDATE)
def _clean_path(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    if is_a(value, str):
        if any(letter <= " " or letter == "\x7f" for letter in str.__str__(value)):
            raise Unrepairable("no blanks and no control characters", "percent-encode them")
        encode_utf8(value)
    return None


def content_length(headers: Any) -> int:
    """Return the content-length among response headers, -1 for none.

    Raises `Unrepairable` for one that is not a number, and for two that differ.
    """
    found = -1
    for name, value in headers:
        if name.lower() != LENGTH_HEADER:
            continue
        if not value.isdigit() or len(value) > 18:
            raise Unrepairable("digits", "leave it out", name, found=f"got {safe_repr(value, 40)}")
        if found not in (-1, int(value)):
            raise Unrepairable(
                "one length", "leave one out", name, found=f"got two that differ, {found} and {int(value)}"
            )
        found = int(value)
    return found
