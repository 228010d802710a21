"""Operations on the addresses of a scope: client and server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional, Tuple

from ..kinds import PAIRS, is_a, plain_bytes
from ..schema import ADDRESS, MISSING, Unrepairable
from .registry import (
    CONTAINER,
    CONTENT,
    REARRANGE,
    TYPE,
    event_operation,
    field_operation,
)
from .values import read_int, read_items

if TYPE_CHECKING:
    from ..schema import BoundStep
    from .registry import Change, Message


@field_operation("address", CONTAINER)
def _address(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    if value is None:
        return None
    if value is MISSING:
        return None, False
    if is_a(value, PAIRS):
        if len(value) == 2:
            return None
        if len(value) > 2:
            return value[:2], True
    return _read_address(value), False


def _read_address(value: Any) -> Tuple[Any, Any]:
    """Return the first two items of an iterable that is not text. Raises `Unrepairable`."""
    items = read_items(value, 3)
    if items is None or len(items) < 2:
        raise Unrepairable(ADDRESS)
    return items[0], items[1]


@field_operation("port", TYPE)
def _port(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    """Make the host a str and the port an int or None, which a unix socket has."""
    if value is None or value is MISSING:
        return None
    if not is_a(value, PAIRS) or len(value) != 2:
        raise Unrepairable(ADDRESS)
    host, port = value
    name, number = _read_host(host), None if port is None else read_int(port)
    if name is None or (number is None and port is not None):
        raise Unrepairable(ADDRESS)
    if name is host and type(port) in (int, type(None)):
        return None
    return ((name, number) if is_a(value, tuple) else [name, number]), True


def _read_host(host: Any) -> Optional[str]:
    if is_a(host, str):
        return host  # type: ignore[no-any-return]
    raw = plain_bytes(host)
    return None if raw is None else raw.decode("utf-8", "replace")


@field_operation("placeholder", CONTENT)
def _placeholder(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    if value is None and step.quirks.placeholder_client is not None:
        return step.quirks.placeholder_client, False
    return None


@field_operation("unix", CONTENT)
def _unix(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    if step.quirks.unix_server == "none" and is_a(value, PAIRS) and len(value) == 2:
        if value[1] is None:
            return None, False
    return None


@field_operation("old_client", CONTAINER)
def _old_client(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    if value is None or (is_a(value, tuple) and len(value) == 2):
        return None
    if value is MISSING or is_a(value, (str, bytes)) or (is_a(value, tuple) and not value):
        return None, False
    return _read_address(value), False


@field_operation("old_server", CONTAINER)
def _old_server(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    if is_a(value, (str, bytes)):
        if is_a(value, bytes):
            value = value.decode("utf-8", "replace")
        return ((value, None) if value else None), False
    return _old_client(value, step, event, scope)


@event_operation("swap", REARRANGE)
def _swap(event: Message, step: BoundStep, scope: object) -> Change:
    if not step.quirks.swap_addresses:
        return None
    return {**event, "client": event.get("server"), "server": event.get("client")}, False
