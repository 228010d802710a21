"""Operations on the events of WebSockets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, Optional, Tuple

from ..kinds import IS_TOKEN_TEXT, is_a, is_pair, plain_bytes
from ..schema import CODE, MISSING, Unrepairable
from ..specification import CLOSE_CODES, REASON_BYTES, SUBPROTOCOL_HEADER
from .registry import ACROSS_FIELDS, FORM, PRESENCE, TYPE, event_operation, field_operation
from .values import encode_utf8, read_int

if TYPE_CHECKING:
    from ..schema import BoundStep
    from .registry import Change, Message


@field_operation("code", TYPE)
def _code(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    if value is MISSING:
        return step.row.default, False
    number = step.row.default if value is None else read_int(value)
    if number is None:
        raise Unrepairable(CODE, "use 1000, or 3000 to 4999 for codes of your own")
    if not any(low <= number <= high for low, high in CLOSE_CODES):
        number = step.row.default
    if type(value) is int and number == value:
        return None
    return number, not (is_a(value, int) and number == value)


@field_operation("reason", TYPE)
def _reason(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    if value is MISSING:
        return None
    if value is None:
        return MISSING, False
    # No more letters than bytes fit: a reason may be a megabyte long.
    if is_a(value, str):
        text, violates_spec = str.__str__(value), False
    else:
        data = plain_bytes(value)
        if data is None:
            raise Unrepairable("str")
        text, violates_spec = data[:REASON_BYTES].decode("utf-8", "replace"), True
    raw = text[:REASON_BYTES].encode("utf-8", "replace")
    if len(text) > REASON_BYTES or len(raw) > REASON_BYTES or violates_spec or raw.decode("utf-8") != text:
        return raw[:REASON_BYTES].decode("utf-8", "ignore"), True
    return None if type(value) is str else (text, False)


class TextOrBytes(dict):  # type: ignore[type-arg]
    """A ``websocket.receive`` that answers None for the absent one of ``bytes`` and ``text`` (A16).

    Channels asks ``"text" in message``, Quart 0.6 indexes ``message["text"]``, and both are served:
    it is a dict with the one key, and only ``[...]`` knows of the other.
    """

    __slots__ = ()

    def __missing__(self, key: Any) -> None:
        if key == "bytes" or key == "text":
            return
        raise KeyError(key)


@event_operation("one_key", PRESENCE)
def _one_key(event: Message, step: BoundStep, scope: object) -> Change:
    gone = [key for key in ("bytes", "text") if key in event and event[key] is None]
    if not gone:
        return None
    return {key: value for key, value in event.items() if key not in gone}, False


@event_operation("either_key", FORM)
def _either_key(event: Message, step: BoundStep, scope: object) -> Change:
    if step.quirks.receive_keys == "one":
        return None
    if step.quirks.receive_keys == "both":
        if "bytes" in event and "text" in event:
            return None
        return {"bytes": None, "text": None, **event}, False
    return (TextOrBytes(event), False) if type(event) is dict else None


@event_operation("send_key", TYPE)
def _send_key(event: Message, step: BoundStep, scope: object) -> Change:
    """Leave one key of websocket.send, of the right type; give MISSING for an event with neither."""
    raw, text = event.get("bytes"), event.get("text")
    violates_spec = raw is not None and text is not None
    given = text if raw is None else raw
    if given is None:
        return MISSING, True
    value: Any
    if is_a(given, str):
        key, other, value = "text", "bytes", str.__str__(given)
        encode_utf8(value)
    else:
        key, other, value = "bytes", "text", plain_bytes(given)
        if value is None:
            raise Unrepairable("str" if raw is None else "bytes", "encode it, for example with json.dumps")
    violates_spec = violates_spec or (given is raw) is not (key == "bytes") or not is_a(given, (str, bytes))
    if other not in event and event.get(key) is value:
        return None
    out = {name: item for name, item in event.items() if name != other}
    out[key] = value
    return out, violates_spec


@event_operation("both_keys", FORM)
def _both_keys(event: Message, step: BoundStep, scope: object) -> Change:
    if not step.quirks.both_send_keys or ("bytes" in event and "text" in event):
        return None
    return {**event, "bytes": event.get("bytes"), "text": event.get("text")}, False


def check_token(value: str) -> None:
    """Refuse a subprotocol that is not a token (RFC 6455, 4.2.2): it becomes the value of a header."""
    if not IS_TOKEN_TEXT(value):
        raise Unrepairable("a token", "use letters, digits and !#$%&'*+-.^_`|~", field="subprotocol")


@event_operation("subprotocol", ACROSS_FIELDS)
def _subprotocol(event: Message, step: BoundStep, scope: Any) -> Change:
    """Make the chosen subprotocol a str that was offered, and never a header of its own."""
    out, chosen, violates_spec = _without_header(event)
    if is_a(chosen, (bytes, bytearray)):
        chosen, violates_spec = (plain_bytes(chosen) or b"").decode("latin-1").strip(), True
    if chosen is not None:
        offered = () if scope is None else scope.get("subprotocols") or ()
        chosen, not_offered = _choose_offered(chosen, step, offered)
        violates_spec = violates_spec or not_offered
        if chosen is not None:
            check_token(chosen)
    if chosen is not event.get("subprotocol"):
        out = {key: value for key, value in out.items() if key != "subprotocol"}
        if chosen is not None:
            out["subprotocol"] = chosen
    return None if out is event else (out, violates_spec)


def _without_header(event: Message) -> Tuple[Dict[str, Any], Any, bool]:
    """Return an accept without the header, the chosen subprotocol, and whether the header was there."""
    headers, chosen = event.get("headers"), event.get("subprotocol")
    found = list(filter(_names_subprotocol, headers)) if type(headers) is list else []
    if not found:
        return event, chosen, False
    others = [pair for pair in event["headers"] if not _names_subprotocol(pair)]
    return {**event, "headers": others}, found[0][1] if chosen is None else chosen, True


def _names_subprotocol(pair: Any) -> bool:
    # In direction B the headers have not been repaired: they are dropped.
    return is_pair(pair) and pair[0].lower() == SUBPROTOCOL_HEADER


def _choose_offered(chosen: Any, step: BoundStep, offered: Any) -> Tuple[Optional[str], bool]:
    """Return the subprotocol to send or None, and whether it was not offered. Raises `Unrepairable`."""
    if not is_a(chosen, str):
        raise Unrepairable("str", field="subprotocol")
    chosen = str.__str__(chosen)
    if chosen in offered:
        return chosen, False
    choice = step.quirks.unoffered_subprotocol
    if choice == "error":
        raise Unrepairable(
            "one of the offered subprotocols",
            "choose one of scope['subprotocols'], or leave it out",
            field="subprotocol",
        )
    return (None if choice == "drop" else chosen), True
