"""Operations on single values: bytes, str, int and bool, and their absence."""

from __future__ import annotations

from ..kinds import is_a, plain_bytes
from ..schema import MISSING, STATUS, Unfit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Optional

    from ..schema import Step


def _missing(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if value is MISSING:
        default = step.row.default
        return (list(default) if type(default) is tuple else default), False
    return None


def _bytes(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if type(value) is bytes:
        return None
    if value is MISSING:
        return step.row.default, False
    if value is None:
        return step.row.default, True
    data = plain_bytes(value)
    if data is None:
        raise Unfit("bytes")
    return data, not is_a(value, bytes)


def _body(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if is_a(value, str):
        if step.quirks.text_body:
            return _utf8(value), True
        raise Unfit("bytes", "encode it, or allow it with Quirks(text_body=True)")
    return _bytes(value, step, event, scope)


def _utf8(value: str) -> bytes:
    try:
        return str.encode(value, "utf-8")
    except UnicodeEncodeError:
        raise Unfit("text without lone surrogates") from None


def _bool(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if type(value) is bool:
        return None
    if value is MISSING:
        return step.row.default, False
    # Every server asks `if more_body`, so truth is what it meant.
    try:
        return bool(value), True
    except Exception:
        raise Unfit("bool") from None


def _int(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if type(value) is int:
        return None
    if value is MISSING or value is None:
        return step.row.default, value is None
    if is_a(value, int) and type(value) is not bool:
        return int.__int__(value), False
    raise Unfit("int")


def _whole(value: Any) -> Optional[int]:
    """Read an int out of what people put where an int belongs, or None."""
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


def _status(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if type(value) is int and 200 <= value <= 599:
        return None
    number = None if value is MISSING else _whole(value)
    if number is None or not 200 <= number <= 599:
        raise Unfit(STATUS)
    return number, not is_a(value, int)


def _dropped(value: Any, step: Step, event: Any, scope: Any) -> Any:
    return None if value is MISSING else (MISSING, False)


def _none_absent(value: Any, step: Step, event: Any, scope: Any) -> Any:
    return (MISSING, not step.row.none) if value is None else None


def _encode(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if type(value) is bytes:
        return None
    if value is MISSING:
        return step.row.default, False
    if value is None:
        return step.row.default, not step.row.none
    if is_a(value, str):
        return _utf8(value), True
    return _bytes(value, step, event, scope)


def _decode(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if is_a(value, str):
        return None
    if value is MISSING:
        return step.row.default, False
    if value is None:
        return step.row.default, True
    data = plain_bytes(value)
    if data is None:
        raise Unfit("str")
    return data.decode("utf-8", "surrogateescape"), True


def _old_keys(event: Dict[str, Any], step: Step, scope: Any) -> Any:
    out = event
    for row in step.row:
        for was in row.was:
            if was in out and row.name not in out:
                out = {key: value for key, value in out.items() if key != was}
                out[row.name] = event[was]
    return None if out is event else (out, True)
