"""What the table of rules says about events and fields, as text."""

from __future__ import annotations

from typing import Any, Optional

from asgi_compat import TABLE, rules
from asgi_compat._harness.events import EVENTS, FIELDS
from asgi_compat._text import safe_repr

#: By id.
RULES = {row.id: row for row in rules()}
#: What an event was split from.
SPLIT = frozenset(split.was for split in TABLE.splits)


def of_field(event: str, field: str, rule: Optional[str] = None) -> str:
    """Describe what the specification requires of a field or, without one, of an event or a rule."""
    row = FIELDS.get((event, field))
    if row is not None:
        return f"{row.kind}; {_presence(row)} ({_where(row)})"
    if of_rule(rule):
        return of_rule(rule)
    known = EVENTS.get(event)
    return f"{event} ({_where(known)})" if known is not None else ""


def of_rule(rule: Optional[str]) -> str:
    """Describe what the specification requires of several fields or events together, "" where nothing."""
    return next((str(cross.what) for cross in TABLE.cross_fields if rule in cross.rules), "")


def of_order(event: str) -> str:
    """Describe what the specification requires of the order in which an event comes."""
    rows = [row for row in TABLE.cross_fields if event in row.events and row.place.startswith("_connections")]
    return str(rows[0].what) if rows else of_field(event, "")


def is_about_several_fields(rule: str, kind: str) -> bool:
    """Return whether a rule is about several fields of an event: then all of them are shown."""
    return any(one.rule == rule and one.event == kind and not one.field for one in TABLE.repairs)


def _presence(row: Any) -> str:
    if repr(row.default) == "REQUIRED":
        return "required"
    if row.default in (None, ()):
        return "may be left out"
    return f"may be left out, the default is {safe_repr(row.default)}"


def _where(row: Any) -> str:
    return str(row.where).split(";")[0]
