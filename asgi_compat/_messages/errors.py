"""The error of the side that sent a message that cannot be repaired."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional, Type

from .._text import describe, printable, safe_repr
from .kinds import is_a
from .schema import MISSING
from .specification import HARMLESS_FIELDS

if TYPE_CHECKING:
    from .._errors import MessageError


def message_error(
    error_type: Type[MessageError],
    rule: Optional[str],
    event: Any,
    field: Optional[str],
    expected: str,
    why: str,
    header: Any = None,
) -> MessageError:
    """Return the error of the side that sent ``event``.

    ``header`` is the name of the wrong header. The text shows the values of fields that are never secret,
    and describes the others; the attributes hold everything as it was sent.
    """
    kind = event.get("type") if is_a(event, dict) else None
    got = event.get(field, MISSING) if field is not None and is_a(event, dict) else event
    return error_type(
        _sentence(kind, rule, field, expected, why, header, got),
        rule=rule,
        message_type=kind if is_a(kind, str) else None,
        field=field,
        expected=expected,
        got=None if got is MISSING else got,
    )


def _sentence(
    kind: Any, rule: Optional[str], field: Optional[str], expected: str, why: str, header: Any, got: Any
) -> str:
    parts = [safe_type(kind)]
    if field:
        parts.append(f": {field}")
    if header is not None:
        parts.append(f": header {safe_repr(header, 60)}")
    parts.append(f" must be {expected}")
    if got is not MISSING and header is None:
        parts.append(f", not {_show(field, got)}")
    if why:
        parts.append(f" ({why})")
    if rule:
        parts.append(f" [{rule}]")
    return "".join(parts)


def safe_type(kind: Any) -> str:
    """Return the type of an event for a text: it may be any object, and of any length."""
    return printable(kind, 80) if issubclass(type(kind), str) else describe(kind)


def _show(field: Optional[str], got: Any) -> str:
    plain = got is None or issubclass(type(got), (str, bytes, int, float))
    return safe_repr(got, 60) if field in HARMLESS_FIELDS and plain else describe(got)
