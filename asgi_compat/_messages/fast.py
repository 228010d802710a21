"""Fast paths: one look at an event that is already right.

Each must give the same result as the reference, ``slow``, and calls it for every other event. Each looks at
exact classes before it trusts equality, and asks `type`: an equal of a known line may be a memoryview, and
``__class__`` may lie. The reference never runs inside a ``try``: its errors are ValueErrors, and an event
that goes through it twice is reported twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Dict, List, Tuple

from .kinds import CLASSES, CONTROLS, IS_TOKEN
from .operations.websocket import TextOrBytes
from .specification import FRAMING, LENGTH_HEADER, MESSAGE, NO_BODY, START

if TYPE_CHECKING:
    from .schema import BoundStep, Field

    Fix = Callable[..., Any]

# A str has the hash of equal bytes: under `python -bb` a lookup of it here raises BytesWarning.
_KNOWN_NAMES: Dict[bytes, bool] = {}
_KNOWN_LINES: Dict[Any, bool] = {}
_LIMIT = 512

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


def check_header(name: bytes, value: bytes) -> int:
    """Return the length that a content-length gives, -1 for another header that needs no repair.

    Raises ValueError for a header that the reference has to look at.
    """
    if name == LENGTH_HEADER:
        if value.isdigit() and len(value) < 19:
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
    return -1


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
    ops = {step.op for step in steps}
    if steps and steps[0].event == START and ops >= _START:
        return _fast_start(slow)
    if _is_plain_message(steps):
        return _fast_message(slow)
    rows = {step.field: step.row for step in steps if step.field is not None}
    two = len(rows) == 2 and ops <= _TWO_FIELDS and all(row and row.kind in CLASSES for row in rows.values())
    return _fast_two(list(rows.values()), slow) if two else slow


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
    """Equals the reference for a start that is right, and tells the connection of its length.

    The conditions are nested in one function: a call for each header costs more than the look itself.
    """
    lines = _KNOWN_LINES
    plain = frozenset(range(200, 600)) - NO_BODY

    def look(event: Any, connection: Any) -> Any:
        # Three keys: the type and these. The reference looks at any other.
        if type(event) is dict and len(event) == 3 and connection.length == -1:
            try:
                headers, status = event["headers"], event["status"]
                if type(headers) is list and type(status) is int and status in plain:
                    length = -1
                    for pair in headers:
                        if type(pair) is not tuple:
                            break
                        name, value = pair
                        if not type(name) is type(value) is bytes:
                            break
                        if pair not in lines:
                            found = check_header(name, value)
                            if found != -1:
                                if length != -1:
                                    break  # a second content-length
                                length = found
                    else:
                        if length != -1:
                            connection.length = length
                        return event
            except (KeyError, ValueError, BytesWarning):
                pass
        return slow(event, connection)

    return look


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
