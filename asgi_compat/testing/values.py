"""Compare and show the values in events."""

from __future__ import annotations

import re
from typing import Any, List, Mapping, Sequence

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
#: Longer text and bytes are cut, and longer reprs.
SHORT, CUT, LONGEST = 80, 60, 1000


class _Missing:
    def __repr__(self) -> str:
        return "missing"


#: Stands for a field that an event does not have.
MISSING = _Missing()


def without_addresses(text: str) -> str:
    """Remove the memory addresses of reprs, which differ each time."""
    return _ADDRESS.sub("", text)


def class_name(cls: type) -> str:
    """Return the name of a class, with its module unless it is a builtin."""
    return cls.__qualname__ if cls.__module__ == "builtins" else f"{cls.__module__}.{cls.__qualname__}"


def comparison_key(value: Any) -> Any:
    """Return what two values are compared by. A list equals a tuple; bytes do not equal a bytearray."""
    if isinstance(value, Mapping):
        return "mapping", tuple(sorted((repr(key), comparison_key(item)) for key, item in value.items()))
    if isinstance(value, (list, tuple)):
        return "sequence", tuple(comparison_key(item) for item in value)
    if isinstance(value, memoryview):
        return "memoryview", repr(bytes(value))
    # As text, so that 1 is not True, and keys have an order and a hash whatever is in them.
    return class_name(type(value)), without_addresses(repr(value))


def show_value(value: Any) -> str:
    """Return the repr of a value, cut where it is long."""
    if isinstance(value, (str, bytes)) and len(value) > SHORT:
        unit = "bytes" if isinstance(value, bytes) else "characters"
        return f"{value[:CUT]!r}... ({len(value)} {unit})"
    text = without_addresses(repr(value))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}... ({len(text)} characters)"


def show_event(message: Any) -> str:
    """Return an event as its type and its fields."""
    if not isinstance(message, dict):
        return show_value(message)
    fields = "".join(f" {name}={show_value(value)}" for name, value in message.items() if name != "type")
    kind = message.get("type", "(no type)")
    return (kind if isinstance(kind, str) else show_value(kind)) + fields


def show_difference(one: Any, two: Any) -> str:
    """Describe how two values differ; of long ones the first place where they do."""
    if type(one) is type(two) and isinstance(one, (str, bytes)) and max(len(one), len(two)) > 40:
        return _first_difference(one, two)
    if isinstance(one, (list, tuple)) and isinstance(two, (list, tuple)):
        only, other = _missing_from(two, one), _missing_from(one, two)
        if only or other:
            return f"only {show_value(only)} / only {show_value(other)}"
    return f"{show_value(one)} / {show_value(two)}"


def _first_difference(one: Any, two: Any) -> str:
    at = next((i for i, (x, y) in enumerate(zip(one, two)) if x != y), min(len(one), len(two)))
    begin = max(at - 8, 0)
    unit = "byte" if isinstance(one, bytes) else "character"
    return (
        f"differs from {unit} {at} on: ...{one[begin : at + 24]!r} of {len(one)}"
        f" / ...{two[begin : at + 24]!r} of {len(two)}"
    )


def _missing_from(items: Sequence[Any], wanted: Sequence[Any]) -> List[Any]:
    """Return the wanted items that are not among the items."""
    keys = [comparison_key(item) for item in items]
    return [item for item in wanted if comparison_key(item) not in keys]
