"""The operation on the subprotocols of a scope."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, List, Optional, Tuple

from ..kinds import PAIRS, is_a, plain_bytes
from ..schema import TEXTS, Unrepairable
from ..specification import (
    SUBPROTOCOL_HEADER,
    A,
)
from .registry import (
    ACROSS_FIELDS,
    event_operation,
)
from .values import read_items

if TYPE_CHECKING:
    from ..schema import BoundStep
    from .registry import Change, Message


@event_operation("subprotocols", ACROSS_FIELDS)
def _subprotocols(event: Message, step: BoundStep, scope: object) -> Change:
    """Restore subprotocols from the header and, for an old application, the header from them."""
    value, headers = event.get("subprotocols"), event.get("headers")
    lines = _subprotocol_lines(headers)
    given, names, understood = _given_subprotocols(value)
    names = names or _read_lines(lines)
    out = event
    if not is_a(value, PAIRS) or len(names) != len(given) or not all(map(operator.is_, names, given)):
        out = {**out, "subprotocols": names}
    if names and not lines and step.direction == A and type(headers) is list:
        line = ", ".join(names).encode("latin-1", "replace")
        out = {**out, "headers": headers + [(SUBPROTOCOL_HEADER, line)]}
    if not understood:
        raise Unrepairable(TEXTS, instead=out, field="subprotocols")
    return None if out is event else (out, False)


def _given_subprotocols(value: Any) -> Tuple[List[Any], List[str], bool]:
    """Return the items that the server has given, those that are text, and whether all is as it may be."""
    if value is None:
        return [], [], True
    try:
        items = read_items(value)
    except Exception:
        items = None
    if items is None:
        return [], [], False
    names = [name for name in map(_read_subprotocol, items) if name is not None]
    return items, names, len(names) == len(items)


def _subprotocol_lines(headers: Any) -> List[Any]:
    """Return the values of the subprotocol headers."""
    if type(headers) is not list:
        return []
    pairs = [pair for pair in headers if type(pair) in PAIRS and len(pair) == 2]
    return [content for name, content in pairs if name == SUBPROTOCOL_HEADER]


def _read_subprotocol(name: Any) -> Optional[str]:
    """Return a subprotocol as a str, None where it is neither str nor bytes."""
    if not is_a(name, str):
        raw = plain_bytes(name)
        return None if raw is None else raw.decode("latin-1").strip()
    return name.strip() if type(name) is str else str.__str__(name).strip()


def _read_lines(lines: List[Any]) -> List[str]:
    """Return the subprotocols of these headers."""
    parts = [part for line in lines if type(line) is bytes for part in line.decode("latin-1").split(",")]
    return [part.strip() for part in parts if part.strip()]
