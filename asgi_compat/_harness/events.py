"""Read events of any generation and shape: their type, their fields, and copies to keep."""

from __future__ import annotations

from typing import Any, Dict, Mapping

from asgi_compat import TABLE

APPLICATION = "application"

#: The rows of the table by event type, and by event type and field name.
EVENTS = {row.type: row for row in TABLE.events}
FIELDS = {(row.type, row.name): row for row in TABLE.fields}
#: The earlier types of events that applications send, and what they are called now.
RENAMED: Dict[str, str] = {row.was: row.type for row in TABLE.renames if row.sender == APPLICATION}
#: One event of 2017 stands for several current ones; the last one decides how the connection goes on.
_LAST_PART: Dict[str, str] = {row.was: row.becomes[-1] for row in TABLE.splits}
#: The events with a ``more_body`` flag: the last of them ends a body.
BODIES = frozenset(row.type for row in TABLE.fields if row.name == "more_body")


def type_of(event: object) -> str:
    """Return the type of anything that was sent, or "" for what has none."""
    try:
        kind = event["type"]  # type: ignore[index]
    except Exception:
        return ""
    return str(kind) if isinstance(kind, str) else ""


def current_type(kind: str, protocol: str) -> str:
    """Return the current type for one that an application sent, or the type as it is.

    >>> current_type("http.response.content", "http")
    'http.response.body'
    """
    row = EVENTS.get(kind)
    if row is not None and row.sender == APPLICATION and row.scope == protocol:
        return kind
    for known in (RENAMED.get(kind), _LAST_PART.get(kind)):
        if known is not None and EVENTS[known].scope == protocol:
            return known
    return kind


def is_foreign(kind: str, protocol: str) -> bool:
    """Return whether a type belongs to another protocol: the application does not look at its scope."""
    modern = EVENTS.get(current_type(kind, protocol))
    if modern is not None and modern.scope == protocol:
        return False
    others = {row.scope for row in TABLE.events if row.scope} - {protocol}
    return kind.partition(".")[0] in others or any(
        getattr(EVENTS.get(current_type(kind, other)), "scope", None) == other for other in others
    )


def field_of(event: object, kind: str, name: str) -> Any:
    """Return the value of a field under any of its names, None without one."""
    row = FIELDS.get((kind, name))
    for key in (name, *(row.was if row is not None else ())):
        if isinstance(event, dict) and key in event:
            return event[key]
    return None


def snapshot(event: object) -> object:
    """Copy a dict and the lists in it, so that later changes are not seen. Anything else stays as it is.

    Iterators are not read, and classes are kept: `check` sends the copy once more.
    """
    if type(event) is not dict:
        return event
    return {key: list(value) if type(value) is list else value for key, value in event.items()}


def frozen(value: Any) -> Any:
    """Copy everything that can change later. An iterator is read: a second reader would find it empty."""
    if isinstance(value, Mapping):
        return {key: frozen(item) for key, item in value.items()}
    if type(value) is list or type(value) is tuple:
        return type(value)(frozen(item) for item in value)
    if isinstance(value, bytearray):
        return bytearray(value)
    if isinstance(value, memoryview):
        return memoryview(bytes(value))
    if hasattr(type(value), "__next__"):
        return [frozen(item) for item in value]
    return value


def size_of(event: object) -> int:
    """Return how many characters and bytes the values of an event have."""
    values = event.values() if isinstance(event, dict) else ()
    return sum(len(value) for value in values if isinstance(value, (str, bytes, bytearray)))
