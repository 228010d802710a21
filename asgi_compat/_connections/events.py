"""Read, copy and refuse single events."""

from __future__ import annotations

from .._errors import AppMessageError, ServerMessageError
from .._messages import specification
from .._messages.errors import hint, message_error, safe_type
from .._messages.kinds import is_a
from .._text import describe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

    from .._types import Event, Scope

AFTER_THE_END = "comes after the end of the response; send it before the last http.response.body"

START, BODY = specification.START, specification.BODY
REQUEST, DISCONNECT = specification.REQUEST, specification.DISCONNECT


def out_of_order(event: Event, why: str, rule: Optional[str] = None) -> AppMessageError:
    """Make the error for an event that cannot come now."""
    kind = event.get("type")
    return AppMessageError(
        f"{safe_type(kind)} {why}{hint(rule)}",
        rule=rule,
        message_type=kind,
        field=None,
        expected="an event that may come now",
        got=event,
    )


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


def end_of_body() -> Event:
    """Make the event that ends a response."""
    return {"type": BODY, "body": b"", "more_body": False}
