"""What a current application sees and sends behind a layer that was written for ASGI 2.

Such a layer was written against its servers: it indexes keys that are optional, and knows none of the events
that came later.
"""

from __future__ import annotations

from typing import Any, Dict, Tuple

from .kinds import is_a
from .operations.websocket import TextOrBytes
from .schema import REQUIRED
from .specification import APP, CURRENT_EXTENSIONS, DENIAL, EVENTS, FIELDS


def _optional_keys() -> Dict[str, Tuple[Tuple[str, Any], ...]]:
    """Return the optional keys of ASGI 2 of each event that an application sends, with their defaults."""
    # The denial response is of 2018 and stays offered.
    core = {row.type for row in EVENTS if row.sender == APP and row.extension in (None, DENIAL)}
    found: Dict[str, Tuple[Tuple[str, Any], ...]] = {}
    for row in FIELDS:
        if row.type in core and row.default is not REQUIRED and row.since in ("1.0", "2.0"):
            found[row.type] = (*found.get(row.type, ()), (row.name, row.default))
    return found


_OPTIONAL = _optional_keys()
#: The event of which one of two keys is there.
_EITHER = "websocket.send"


def with_optional_keys(event: Any) -> Any:
    """Return an event of an application with its optional keys, or the same object if they are there.

    >>> with_optional_keys({"type": "http.response.body"})
    {'type': 'http.response.body', 'body': b'', 'more_body': False}
    """
    kind = event.get("type") if is_a(event, dict) else None
    if type(kind) is not str or kind not in _OPTIONAL:
        return event
    if kind == _EITHER:
        return event if type(event) is TextOrBytes else TextOrBytes(event)
    lacking = {
        name: list(default) if type(default) is tuple else default
        for name, default in _OPTIONAL[kind]
        if name not in event
    }
    return {**event, **lacking} if lacking else event


def without_current_extensions(scope: Any) -> Any:
    """Return a scope that offers no events that came after ASGI 2, or the same object if it offers none.

    >>> without_current_extensions({"type": "http", "extensions": {"tls": {}, "http.response.pathsend": {}}})
    {'type': 'http', 'extensions': {'tls': {}}}
    """
    known = scope.get("extensions") if is_a(scope, dict) else None
    if not known or not is_a(known, dict):
        return scope
    kept = {
        name: entry
        for name, entry in known.items()
        if not (is_a(name, str) and str.startswith(name, CURRENT_EXTENSIONS))
    }
    return scope if len(kept) == len(known) else {**scope, "extensions": kept}
