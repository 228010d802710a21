"""Events that are read before their steps: announced by extensions, or made of several parts."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional, Tuple

from .kinds import is_a


def announced(kind: Any, scope: Mapping[str, Any]) -> bool:
    """Return whether the scope's extensions announce an event of this type."""
    extensions: Any = scope.get("extensions")
    if not is_a(kind, str) or not is_a(extensions, dict):
        return False
    names = [str.__str__(key) for key in dict.keys(extensions) if is_a(key, str)]
    return any(kind == name or kind.startswith(name + ".") for name in names)


def split_response(event: Dict[str, Any], becomes: Tuple[str, str]) -> Tuple[Dict[str, Any], Dict[str, Any]]:
    """Return a start and a body of the single response event of October 2017 (A21)."""
    start_keys = ("status", "headers")
    start = {key: event[key] for key in start_keys if key in event}
    body = {key: value for key, value in event.items() if key not in start_keys}
    return {**start, "type": becomes[0]}, {**body, "type": becomes[1]}


def split_accept(event: Dict[str, Any]) -> Tuple[Dict[str, Any], Optional[Dict[str, Any]]]:
    """Return an accept, and the first message that uvicorn 0.1 and 0.2 sent with it (A32)."""
    first = {key: event[key] for key in ("bytes", "text") if event.get(key) is not None}
    if "bytes" not in event and "text" not in event:
        return event, None
    rest = {key: value for key, value in event.items() if key not in ("bytes", "text")}
    return rest, ({"type": "websocket.send", **first} if first else None)
