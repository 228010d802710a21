"""Single events and scopes: read, copied, made, announced by extensions, or made of several parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, Iterable, Mapping, Optional, Tuple

from .._errors import AppMessageError, ServerMessageError
from .._text import describe, printable
from .errors import message_error
from .kinds import is_a
from .specification import BODY

if TYPE_CHECKING:
    from .._types import Event, Scope


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


def is_head(scope: Scope) -> bool:
    """Whether the request is one whose response has no body; a method of bytes is none (`python -bb`)."""
    method = scope.get("method")
    return is_a(method, str) and str.__str__(method) == "HEAD"


def read_type(event: Any) -> str:
    """Read the type of what the server gave. Raises `ServerMessageError`."""
    try:
        kind = event["type"]
    except Exception:
        kind = None
    if not is_a(kind, str):
        raise ServerMessageError(
            f"receive() of the server: got {describe(event)}, expected a dict with a type",
            expected="dict with a type",
            got=event,
        )
    return str.__str__(kind)


def read_event(event: Any) -> Event:
    """Return what the server gave as a dict whose type is a str. Raises `ServerMessageError`."""
    if type(event) is dict and type(event.get("type")) is str:
        return event
    kind = read_type(event)
    try:
        return {**dict(event), "type": kind}
    except Exception:
        raise ServerMessageError(
            f"receive() of the server: got {describe(event)}, expected a dict with a type that can be read",
            expected="dict with a type",
            got=event,
        ) from None


def snapshot(event: Event) -> Event:
    """Copy an event as deep as an application can change it: the dict, the list of headers, the pairs."""
    out = event.copy()
    headers = out.get("headers")
    if type(headers) is list:
        out["headers"] = list(map(tuple, headers))
    return out


def read_flag(event: Event, name: str) -> bool:
    """Return the truth of an optional flag of an extension's event. Raises `AppMessageError`."""
    try:
        return bool(event.get(name, False))
    except Exception:
        raise message_error(AppMessageError, None, event, name, "bool") from None


def failure_message(event: Event, otherwise: str = "") -> str:
    """Return the message of a failed start or shutdown for a log, ``otherwise`` where there is none."""
    return printable(event.get("message") or otherwise)


def end_of_body() -> Event:
    """Make the event that ends a response."""
    return {"type": BODY, "body": b"", "more_body": False}


def is_last(event: Event) -> bool:
    """Return whether a part of the request, repaired, is the last."""
    more = event.get("more_body")
    return more is False or more is None


def with_content_keys(event: Event) -> Event:
    """Return a request by its names of 2017 (A14)."""
    rest = {key: value for key, value in event.items() if key not in ("body", "more_body")}
    return {**rest, "content": event["body"], "more_content": event["more_body"]}


def joined_request(event: Event, parts: Iterable[bytes]) -> Event:
    """Return the last part of a request with the body of all (A14)."""
    return {**event, "body": b"".join(parts)}
