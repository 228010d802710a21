"""Operations on the events of WebSockets."""

from __future__ import annotations

from ..._text import plural
from ..kinds import _TOKEN_TEXT, is_a, plain_bytes
from ..schema import CODE, MISSING, Unfit
from ..specification import CLOSE_CODES, REASON_BYTES, SUBPROTOCOL_HEADER
from .values import _utf8, _whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Optional, Tuple

    from ..schema import Step


def _code(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if value is MISSING:
        return step.row.default, False
    number = step.row.default if value is None else _whole(value)
    if number is None:
        raise Unfit(CODE)
    if not any(low <= number <= high for low, high in CLOSE_CODES):
        number = step.row.default
    if type(value) is int and number == value:
        return None
    return number, not (is_a(value, int) and number == value)


def _reason(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if value is MISSING:
        return None
    if value is None:
        return MISSING, False
    # No more letters than bytes fit: a reason may be a megabyte long.
    if is_a(value, str):
        text, odd = str.__str__(value), False
    else:
        data = plain_bytes(value)
        if data is None:
            raise Unfit("str")
        text, odd = data[:REASON_BYTES].decode("utf-8", "replace"), True
    raw = text[:REASON_BYTES].encode("utf-8", "replace")
    if len(text) > REASON_BYTES or len(raw) > REASON_BYTES or odd or raw.decode("utf-8") != text:
        return raw[:REASON_BYTES].decode("utf-8", "ignore"), True
    return None if type(value) is str else (text, False)


class EitherKey(dict):  # type: ignore[type-arg]
    """A ``websocket.receive`` that answers None for the absent one of ``bytes`` and ``text`` (A16).

    Channels asks ``"text" in message``, Quart 0.6 indexes ``message["text"]``, and both are served:
    it is a dict with the one key, and only ``[...]`` knows of the other.
    """

    __slots__ = ()

    def __missing__(self, key: Any) -> None:
        if key == "bytes" or key == "text":
            return
        raise KeyError(key)


def _one_key(event: Dict[str, Any], step: Step, scope: Any) -> Any:
    gone = [key for key in ("bytes", "text") if key in event and event[key] is None]
    if not gone:
        return None
    return {key: value for key, value in event.items() if key not in gone}, False


def _either_key(event: Dict[str, Any], step: Step, scope: Any) -> Any:
    if step.quirks.receive_keys == "one":
        return None
    if step.quirks.receive_keys == "both":
        if "bytes" in event and "text" in event:
            return None
        return {"bytes": None, "text": None, **event}, False
    return (EitherKey(event), False) if type(event) is dict else None


def _send_key(event: Dict[str, Any], step: Step, scope: Any) -> Any:
    """Leave one key of websocket.send, of the right type; give MISSING for an event with neither."""
    raw, text = event.get("bytes"), event.get("text")
    odd = raw is not None and text is not None
    given = text if raw is None else raw
    if given is None:
        return MISSING, True
    value: Any
    if is_a(given, str):
        key, other, value = "text", "bytes", str.__str__(given)
        _utf8(value)
    else:
        key, other, value = "bytes", "text", plain_bytes(given)
        if value is None:
            raise Unfit("str" if raw is None else "bytes")
    odd = odd or (given is raw) is not (key == "bytes") or not is_a(given, (str, bytes))
    if other not in event and event.get(key) is value:
        return None
    out = {name: item for name, item in event.items() if name != other}
    out[key] = value
    return out, odd


def _both_keys(event: Dict[str, Any], step: Step, scope: Any) -> Any:
    if not step.quirks.both_send_keys or ("bytes" in event and "text" in event):
        return None
    return {**event, "bytes": event.get("bytes"), "text": event.get("text")}, False


def _token(value: Any, step: Step, event: Any, scope: Any) -> Any:
    """Refuse a subprotocol that is no token (RFC 6455, 4.2.2): it becomes the value of a header."""
    if value is MISSING or value is None:
        return None
    if not is_a(value, str) or not _TOKEN_TEXT(str.__str__(value)):
        raise Unfit("a token", "letters, digits and !#$%&'*+-.^_`|~")
    return None if type(value) is str else (str.__str__(value), False)


def _subprotocol(event: Dict[str, Any], step: Step, scope: Any) -> Any:
    """The chosen subprotocol: str, offered, and never as a header of its own."""
    out, odd = event, False
    chosen = event.get("subprotocol")
    headers = event.get("headers")
    if type(headers) is list:
        mine = [pair for pair in headers if pair[0] == SUBPROTOCOL_HEADER]
        if mine:
            odd = True
            out = {**out, "headers": [pair for pair in headers if pair[0] != SUBPROTOCOL_HEADER]}
            if chosen is None:
                chosen = mine[0][1]
    if is_a(chosen, (bytes, bytearray)):
        chosen, odd = (plain_bytes(chosen) or b"").decode("latin-1").strip(), True
    if chosen is not None:
        kept = _offered_or_not(chosen, step, () if scope is None else scope.get("subprotocols") or ())
        chosen, odd = kept[0], odd or kept[1]
        _token(MISSING if chosen is None else chosen, step, event, scope)
    if chosen is not event.get("subprotocol"):
        out = {key: value for key, value in out.items() if key != "subprotocol"}
        if chosen is not None:
            out["subprotocol"] = chosen
    return None if out is event else (out, odd)


def _offered_or_not(chosen: Any, step: Step, offered: Any) -> Tuple[Optional[str], bool]:
    """Return the subprotocol that goes out, None for none, and whether it was not offered. Raises `Unfit`."""
    if not is_a(chosen, str):
        raise Unfit("str")
    chosen = str.__str__(chosen)
    if chosen in offered:
        return chosen, False
    choice = step.quirks.unoffered_subprotocol
    if choice == "error":
        raise Unfit("one of the offered subprotocols", f"{plural(len(offered), 'subprotocol')} offered")
    return (None if choice == "drop" else chosen), True


def split_accept(event: Dict[str, Any]) -> Tuple[Dict[str, Any], Optional[Dict[str, Any]]]:
    """Take the first message out of an accept of uvicorn 0.1 and 0.2 (A32)."""
    first = {key: event[key] for key in ("bytes", "text") if event.get(key) is not None}
    if "bytes" not in event and "text" not in event:
        return event, None
    rest = {key: value for key, value in event.items() if key not in ("bytes", "text")}
    return rest, ({"type": "websocket.send", **first} if first else None)
