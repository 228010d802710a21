"""Operations on single values: bytes, str, int and bool, and their absence."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Dict, List, Optional, Tuple

from ..kinds import TEXT_TYPES, is_a, plain_bytes
from ..schema import MISSING, STATUS, Unrepairable
from .registry import FORM, PRESENCE, REARRANGE, TYPE, event_operation, field_operation

if TYPE_CHECKING:
    from ..schema import BoundStep
    from .registry import Change, Message


@field_operation("missing", PRESENCE)
def _missing(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    if value is MISSING:
        default = step.row.default
        return (list(default) if type(default) is tuple else default), False
    return None


@field_operation("bytes", TYPE)
def _bytes(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    if type(value) is bytes:
        return None
    if value is MISSING:
        return step.row.default, False
    if value is None:
        return step.row.default, True
    if is_a(value, str):
        return encode_utf8(value), True
    data = plain_bytes(value)
    if data is None:
        raise Unrepairable("bytes")
    return data, not is_a(value, bytes)


@field_operation("body", TYPE)
def _body(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    if is_a(value, str):
        if step.quirks.text_body:
            return encode_utf8(value), True
        raise Unrepairable("bytes", "encode it, or use Quirks(text_body=True)")
    try:
        return _bytes(value, step, event, scope)
    except Unrepairable:
        raise Unrepairable("bytes", "encode it, for example json.dumps(value).encode()") from None


#: What one-shot iterators have held, by their id: one scope may come twice. With the iterator, so that its
#: id stays its own.
_READ: Dict[int, Tuple[Any, List[Any]]] = {}
_LIMIT = 256


def read_items(value: Any, most: Optional[int] = None) -> Optional[List[Any]]:
    """Return the items of an iterable, at most ``most``; None for text, a mapping and what is not iterable.

    A one-shot iterator is read once, and gives the same items each time it is asked for. Raises what the
    iterator raises.
    """
    if is_a(value, (*TEXT_TYPES, dict)) or not hasattr(type(value), "__iter__"):
        return None
    if not hasattr(type(value), "__next__"):
        return list(islice(value, most))
    key = id(value)
    found = _READ.get(key)
    if found is None or found[0] is not value:
        if len(_READ) >= _LIMIT:
            _READ.clear()
        found = _READ[key] = (value, list(islice(value, most)))
    return found[1][:]


def encode_utf8(value: str) -> bytes:
    """Return a str as UTF-8. Raises `Unrepairable` for a lone surrogate."""
    try:
        return str.encode(value, "utf-8")
    except UnicodeEncodeError:
        raise Unrepairable("text without lone surrogates", "encode it with errors='replace'") from None


@field_operation("bool", TYPE)
def _bool(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    if type(value) is bool:
        return None
    if value is MISSING:
        return step.row.default, False
    # Every server asks `if more_body`, so truth is what it meant.
    try:
        return bool(value), True
    except Exception:
        raise Unrepairable("bool") from None


@field_operation("int", TYPE)
def _int(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    if type(value) is int:
        return None
    if value is MISSING or value is None:
        return step.row.default, value is None
    if is_a(value, int) and type(value) is not bool:
        return int.__int__(value), False
    number = read_int(value)
    if number is None:
        raise Unrepairable("int")
    return number, True


def read_int(value: Any) -> Optional[int]:
    """Return the int that an int, a whole float or digits stand for, or None."""
    if type(value) is bool:
        return None
    if is_a(value, int):
        return int.__int__(value)
    if is_a(value, float):
        number = float.__float__(value)
        return int(number) if abs(number) < 1e6 and int(number) == number else None
    if not is_a(value, (str, bytes)):
        return None
    digits = str.__str__(value) if is_a(value, str) else plain_bytes(value)
    if digits is not None and 0 < len(digits) <= 6 and digits.isdigit() and digits.isascii():
        return int(digits)
    return None


@field_operation("status", TYPE)
def _status(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    if type(value) is int and 200 <= value <= 599:
        return None
    number = None if value is MISSING else read_int(value)
    if number is None or not 200 <= number <= 599:
        raise Unrepairable(STATUS, "send a status code, for example 200")
    return number, not is_a(value, int)


@field_operation("dropped", FORM)
def _dropped(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    return None if value is MISSING else (MISSING, False)


@field_operation("none_absent", PRESENCE)
def _none_absent(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    return (MISSING, not step.row.none) if value is None else None


@field_operation("encode", TYPE)
def _encode(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    if type(value) is bytes:
        return None
    if value is MISSING:
        return step.row.default, False
    if value is None:
        return step.row.default, not step.row.none
    if is_a(value, str):
        return encode_utf8(value), True
    return _bytes(value, step, event, scope)


@field_operation("decode", TYPE)
def _decode(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    if is_a(value, str):
        return None
    if value is MISSING:
        return step.row.default, False
    if value is None:
        return step.row.default, True
    data = plain_bytes(value)
    if data is None:
        raise Unrepairable("str")
    return data.decode("utf-8", "surrogateescape"), True


@event_operation("old_keys", REARRANGE)
def _old_keys(event: Message, step: BoundStep, scope: object) -> Change:
    out = event
    for row in step.row:
        for was in row.was:
            if was in out and row.name not in out:
                out = {key: value for key, value in out.items() if key != was}
                out[row.name] = event[was]
    return None if out is event else (out, True)
