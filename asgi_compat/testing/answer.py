"""What a client has of the events that an application sent."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Mapping, Sequence

from asgi_compat import TABLE
from asgi_compat._harness.events import APPLICATION, EVENTS, RENAMED

_FIELDS: Dict[str, List[Any]] = {
    kind: [row for row in TABLE.fields if row.type == kind]
    for kind, event in EVENTS.items()
    if event.sender == APPLICATION
}


def answer(sent: Iterable[Any]) -> List[Dict[str, Any]]:
    """Return events under their current names, with defaults filled in and the chunks of a body joined.

    >>> answer([{"type": "http.response.content", "content": b"a"}])
    [{'type': 'http.response.body', 'body': b'a', 'more_body': False}]
    """
    out: List[Dict[str, Any]] = []
    for event in map(modernise, sent):
        if out and _continues(out[-1], event):
            out[-1] = {**event, "body": out[-1]["body"] + event["body"]}
        else:
            out.append(event)
    return out


def _continues(before: Dict[str, Any], event: Dict[str, Any]) -> bool:
    """Return whether two events are chunks of one body."""
    return (
        before["type"] == event["type"]
        and isinstance(before.get("body"), bytes)
        and isinstance(event.get("body"), bytes)
        and bool(before.get("more_body"))
    )


def modernise(event: Any) -> Dict[str, Any]:
    """Return an event with current names, with defaults for missing fields, and headers in order.

    What is not an event comes back as one of the type ``""``.
    """
    if not isinstance(event, Mapping):
        return {"type": "", "value": event}
    out = dict(event)
    kind = out.get("type")
    kind = out["type"] = RENAMED.get(kind, kind) if isinstance(kind, str) else ""
    for row in _FIELDS.get(kind, ()):
        for was in row.was:
            if was in out and row.name not in out:
                out[row.name] = out.pop(was)
        if row.name not in out or (row.none and out[row.name] is None):
            _fill(out, row)
        elif row.name == "headers" and isinstance(out[row.name], (list, tuple)):
            out[row.name] = _sorted_headers(out[row.name])
    return out


def _fill(event: Dict[str, Any], row: Any) -> None:
    """Give a field its default; None means that it is left out."""
    if row.default is None:
        event.pop(row.name, None)
    elif repr(row.default) != "REQUIRED":
        event[row.name] = list(row.default) if isinstance(row.default, tuple) else row.default


def _sorted_headers(headers: Sequence[Any]) -> List[Any]:
    """Order headers by name: their order matters only among those of one name (RFC 9110, 5.3)."""
    try:
        pairs = [(name.lower(), value) for name, value in headers]
        return sorted(pairs, key=lambda pair: pair[0])
    except (AttributeError, TypeError, ValueError):
        return list(headers)  # a shape that servers refuse: it is shown as it is
