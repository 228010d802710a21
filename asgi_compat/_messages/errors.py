"""The error of the side that sent a message that cannot be repaired."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional, Type

from .._errors import AppMessageError
from .._text import describe, printable, safe_repr, type_name
from .kinds import KINDS, is_a
from .schema import MISSING, Field
from .specification import HARMLESS_FIELDS

if TYPE_CHECKING:
    from .._errors import MessageError
    from .._types import Event


#: The remedy in strict mode; the result of the rule follows where the kind of the field does not say it.
STRICT = "strict mode repairs nothing"

#: Why an event of a response is out of order.
AFTER_THE_END = "comes after the end of the response; send it before the last http.response.body"


def message_error(
    error_type: Type[MessageError],
    rule: Optional[str],
    event: Any,
    field: Optional[str],
    expected: str,
    remedy: str = "",
    header: Any = None,
    found: str = "",
) -> MessageError:
    """Return the error of the side that sent ``event``.

    ``header`` is the name of the wrong header, and ``found`` describes the value inside the field that is
    wrong. The text shows the values of fields that are never secret, and describes the others; the attributes
    hold everything as it was sent.
    """
    kind = event.get("type") if is_a(event, dict) else None
    got = event.get(field, MISSING) if field is not None and is_a(event, dict) else event
    return error_type(
        _sentence(kind, field, header, found or _show(field, got), expected, remedy) + hint(rule),
        rule=rule,
        message_type=kind if is_a(kind, str) else None,
        field=field,
        expected=expected,
        got=None if got is MISSING else got,
    )


def strict_error(
    error_type: Type[MessageError], rule: str, event: Any, field: Optional[str], row: Any, makes: str
) -> MessageError:
    """Return the error of strict mode for a shape that a rule repairs; ``makes`` is the rule's result.

    ``row`` is the field's row, or something else where the rule is about several fields.
    """
    value = event.get(field, MISSING) if field is not None and is_a(event, dict) else MISSING
    if is_a(row, Field) and not KINDS[row.kind](value):
        return message_error(error_type, rule, event, field, row.kind, STRICT)
    what = "an event" if field is None else "a value"
    return message_error(error_type, rule, event, field, f"{what} that needs no repair", f"{STRICT}: {makes}")


def out_of_order(event: Event, why: str, rule: Optional[str] = None) -> AppMessageError:
    """Make the error for an event that cannot come now."""
    kind = event.get("type")
    return AppMessageError(
        f"{safe_type(kind)} {why}{hint(rule)}",
        rule=rule,
        message_type=kind,
        field=None,
        expected="an event that may come now",
        got=event,
    )


def _sentence(kind: Any, field: Optional[str], header: Any, found: str, expected: str, remedy: str) -> str:
    parts = [safe_type(kind)]
    if header is not None:
        parts.append(f"header {safe_repr(header, 60)}")
    elif field:
        parts.append(field)
    parts.append(f"{found}, expected {expected}" + (f"; {remedy}" if remedy else ""))
    return ": ".join(parts)


def hint(rule: Optional[str]) -> str:
    """Return the end of an error's text: the command that prints its rule, or ``""`` without one."""
    return f" (explain {rule})" if rule else ""


def safe_type(kind: Any) -> str:
    """Return the type of an event for a text: it may be any object, and of any length."""
    return printable(kind, 80) if issubclass(type(kind), str) else describe(kind)


def _show(field: Optional[str], got: Any) -> str:
    if got is MISSING:
        return "missing"
    if field in HARMLESS_FIELDS and issubclass(type(got), (str, bytes, int, float)):
        return f"got {type_name(got)} {safe_repr(got, 60)}"
    return f"got {describe(got)}"
