"""Fast paths: one look at an event that is already right.

Each must give the same result as the reference, ``slow``, and calls it for every other event. Each looks at
exact classes before it trusts equality, and asks `type`: an equal of a known line may be a memoryview, and
``__class__`` may lie. The reference never runs inside a ``try``: its errors are ValueErrors, and an event
that goes through it twice is reported twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Dict, List, Optional, Tuple

from .kinds import CLASSES, CONTROLS, IS_TOKEN
from .operations.websocket import TextOrBytes
from .specification import BODY, FRAMING, LENGTH_HEADER, MESSAGE, NO_BODY, START

if TYPE_CHECKING:
    from .schema import BoundStep, Field

    Fix = Callable[..., Any]

# A str has the hash of equal bytes: under `python -bb` a lookup of it here raises BytesWarning.
_KNOWN_NAMES: Dict[bytes, bool] = {}
_KNOWN_LINES: Dict[Any, bool] = {}
_LIMIT = 512
#: The statuses of a response that may have a body.
_WITH_BODY = frozenset(range(200, 600)) - NO_BODY

#: The operations that do nothing to a value of its field's exact class.
_TWO_FIELDS = frozenset({"bytes", "body", "bool", "old_keys"})
#: The operations of a start that a fast path stands for.
_START = frozenset({"status", "missing", "listed", "headers_out", "stripped", "clean"})
#: Those of a message on a WebSocket.
_MESSAGE = frozenset({"send_key", "both_keys"})
#: Headers that are the same in every response and are not secret: their lines may be remembered.
_CONSTANT = frozenset(
    {b"content-type", b"cache-control", b"vary", b"server", b"connection", b"x-frame-options"}
)


def check_header(name: bytes, value: bytes, length: int = -1) -> int:
    """Return the length that a content-length gives, ``length`` for another header that needs no repair.

    ``length`` is what the headers before it give, -1 for none. Raises ValueError for a header that the
    reference has to look at, and for a second content-length.
    """
    if name == LENGTH_HEADER:
        if value.isdigit() and len(value) < 19 and length == -1:
            return int(value)
        raise ValueError
    if name not in _KNOWN_NAMES and not _learn_name(name):
        raise ValueError
    if value.strip(b" \t") is not value or value.translate(None, CONTROLS) is not value:
        raise ValueError
    if name in _CONSTANT and len(value) <= 128:
        if len(_KNOWN_LINES) >= _LIMIT:
            _KNOWN_LINES.clear()
        _KNOWN_LINES[name, value] = True
    return length


def _learn_name(name: bytes) -> bool:
    """Return whether a header's name needs no repair, and remember a short one."""
    if not IS_TOKEN(name) or name.lower() != name or name in FRAMING:
        return False
    if len(_KNOWN_NAMES) >= _LIMIT:
        _KNOWN_NAMES.clear()
    if len(name) <= 64:
        _KNOWN_NAMES[name] = True
    return True


def fast_event(steps: Tuple[BoundStep, ...], slow: Fix) -> Fix:
    """Return a fast path in front of ``slow`` for an event with these steps, or ``slow`` itself."""
    if find_right(steps) is copy_right_start:
        return _fast_start(slow)
    if _is_plain_message(steps):
        return _fast_message(slow)
    rows = _two_fields(steps)
    return _fast_two(rows, slow) if rows else slow


def find_right(steps: Tuple[BoundStep, ...]) -> Optional[Fix]:
    """Return the function for events of the usual shape alone that is as good as these steps, or None.

    It looks at the type as well, so that a connection calls it first and finds out about others later.
    """
    kind = steps[0].event if steps else None
    if kind == START and {step.op for step in steps} >= _START:
        return copy_right_start
    return complete_right_body if kind == BODY and _two_fields(steps) else None


def _two_fields(steps: Tuple[BoundStep, ...]) -> List[Field]:
    """Return the two fields that are all that these steps look at, each by its exact class; or none."""
    rows = {step.field: step.row for step in steps if step.field is not None}
    two = len(rows) == 2 and {step.op for step in steps} <= _TWO_FIELDS
    return list(rows.values()) if two and all(row and row.kind in CLASSES for row in rows.values()) else []


def _is_plain_message(steps: Tuple[BoundStep, ...]) -> bool:
    """Return whether these are the steps of a message on a WebSocket that has one key."""
    if not steps or steps[0].event != MESSAGE or steps[0].quirks.both_send_keys:
        return False
    return all(step.op in _MESSAGE for step in steps)


def _fast_message(slow: Fix) -> Fix:
    """Return a fast path for websocket.send with one key: bytes, or a str of ASCII."""

    def look(event: Any, connection: Any = None) -> Any:
        if type(event) is dict and len(event) == 2 and "type" in event:
            text = event.get("text")
            if (type(text) is str and text.isascii()) or type(event.get("bytes")) is bytes:
                return event
        return slow(event, connection)

    return look


def _fast_two(rows: List[Field], slow: Fix) -> Fix:
    """Equals the reference for an event of two fields of exact types, or of the first alone."""
    first, second = rows
    one, class_one = first.name, CLASSES[first.kind]
    two, class_two, default_two = second.name, CLASSES[second.kind], second.default

    def look(event: Any, connection: Any = None) -> Any:
        if type(event) is dict:
            try:
                if type(event[one]) is class_one:
                    if len(event) == 2:
                        # Only the type and the first field: no old name of the second either.
                        out = event.copy()
                        out[two] = default_two
                        return out
                    if type(event[two]) is class_two:
                        return event
            except (KeyError, BytesWarning):
                pass
        return slow(event, connection)

    return look


def _fast_start(slow: Fix) -> Fix:
    """Equals the reference for a start that is right, and tells the connection of its length."""

    def look(event: Any, connection: Any) -> Any:
        return event if copy_right_start(event, connection) else slow(event, connection)

    return look


def copy_right_start(event: Any, connection: Any) -> Optional[Dict[str, Any]]:
    """Return a copy of a start that needs no repair, and tell the connection of its length.

    None for any other event. The conditions are nested in one function: a call for each header costs more
    than the look itself.
    """
    # Three keys: the type and these. The reference looks at any other.
    if type(event) is dict and len(event) == 3 and connection.length == -1:
        try:
            kind, status, headers = event["type"], event["status"], event["headers"]
            if type(kind) is not str or kind != START or type(status) is not int or type(headers) is not list:
                return None
            if status in _WITH_BODY:
                length = -1
                for pair in headers:
                    if type(pair) is not tuple:
                        return None
                    name, value = pair
                    if not type(name) is type(value) is bytes:
                        return None
                    if pair not in _KNOWN_LINES:
                        length = check_header(name, value, length)
                connection.length = length
                return {"type": START, "status": status, "headers": [*headers]}
        except (KeyError, ValueError, BytesWarning):
            pass
    return None


def complete_right_body(event: Any, connection: Any = None) -> Optional[Dict[str, Any]]:
    """Return a part of a body that is right, or a copy with the more_body that it lacks; None for another."""
    if type(event) is dict:
        try:
            kind, body = event["type"], event["body"]
            if type(body) is bytes and type(kind) is str and kind == BODY:
                if len(event) == 2:
                    return {"type": BODY, "body": body, "more_body": False}
                if type(event["more_body"]) is bool:
                    return event
        except (KeyError, BytesWarning):
            pass
    return None


def fast_receive(steps: Tuple[BoundStep, ...], slow: Fix) -> Fix:
    """Return a fast path for websocket.receive with one key, which is only wrapped (A16)."""
    if [step.op for step in steps] != ["one_key", "either_key"] or steps[0].quirks.receive_keys != "either":
        return slow

    def look(event: Any, connection: Any = None) -> Any:
        if type(event) is dict and len(event) == 2:
            one = event.get("text") is not None or event.get("bytes") is not None
            if one and event.get("type") is not None:
                return TextOrBytes(event)
        return slow(event, connection)

    return look
