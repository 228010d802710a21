"""Operations on the other fields of scopes: versions, scheme and extensions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, Tuple

from ..compact import compact
from ..kinds import PAIRS, is_a, plain_bytes
from ..schema import MAPPING, MISSING, TEXT, Unrepairable
from ..specification import (
    CURRENT_EXTENSIONS,
    DENIAL,
    HTTP_VERSION,
    OLD_EXTENSIONS,
    SPEC_VERSION_OF_DOUBLES,
    SPEC_VERSION_OF_SINGLES,
)
from .registry import (
    ACROSS_FIELDS,
    CONTAINER,
    FORM,
    PRESENCE,
    TYPE,
    field_operation,
)

if TYPE_CHECKING:
    from ..schema import BoundStep
    from .registry import Change, Message


@field_operation("http_version", TYPE)
def _http_version(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    if is_a(value, str):
        return None
    if value is MISSING:
        return HTTP_VERSION, False
    data = plain_bytes(value)
    if not data:
        raise Unrepairable(TEXT, instead=HTTP_VERSION)
    return data.decode("latin-1"), True


#: What becomes of the versions that there are (A5), so that only others are read.
_CAPPED = {"2.0": "2.0", "2.1": "2.1", **{f"2.{n}": SPEC_VERSION_OF_DOUBLES for n in range(2, 10)}}


@field_operation("asgi2", FORM)
def _asgi2(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    known = _about_itself(value)
    spec: Any = known.get("spec_version")
    most = SPEC_VERSION_OF_DOUBLES
    if not is_a(spec, str):
        capped = SPEC_VERSION_OF_SINGLES
    else:
        exact = str.__str__(spec)
        capped = _CAPPED.get(exact) or (exact if read_version(exact) <= read_version(most) else most)
    if type(known.get("version")) is str and known["version"] == "2.0" and spec == capped and known is value:
        return None
    # A new one for each connection: what one application writes there is not for the next.
    if len(known) == 2 and "version" in known and "spec_version" in known:
        return compact({"version": "2.0", "spec_version": capped}), False
    return {**known, "version": "2.0", "spec_version": capped}, False


def read_version(version: str) -> Tuple[int, ...]:
    """Return the first three parts of a version; a part that is not a number is higher than any number."""
    parts = str.split(version, ".", 3)[:3]
    return tuple(
        int(part) if part.isascii() and part.isdigit() and len(part) < 6 else 10**6 for part in parts
    )


@field_operation("asgi3", FORM)
def _asgi3(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    known = _about_itself(value)
    spec = SPEC_VERSION_OF_SINGLES
    if known is value and known.get("version") == "3.0" and known.get("spec_version") == spec:
        return None
    return {**known, "version": "3.0", "spec_version": spec}, False


@field_operation("complete_asgi", FORM)
def _complete_asgi(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    known = _about_itself(value) or {"spec_version": SPEC_VERSION_OF_SINGLES}
    version, spec = known.get("version"), known.get("spec_version", "")
    if is_a(version, str) and is_a(spec, str):
        return None if known is value else (known, False)
    # Starlette splits a spec_version, and takes "2.0" where there is none.
    known = {key: item for key, item in known.items() if key != "spec_version" or is_a(spec, str)}
    return {**known, "version": version if is_a(version, str) else "3.0"}, False


@field_operation("ws_scheme", ACROSS_FIELDS)
def _ws_scheme(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    if is_a(value, str):
        named = {"http": "ws", "https": "wss"}.get(value)
        return None if named is None else (named, True)
    change = _read_scheme(value, event, ("ws", "wss"))
    return {"http": "ws", "https": "wss"}.get(change[0], change[0]), change[1]


@field_operation("http_scheme", ACROSS_FIELDS)
def _http_scheme(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    return None if is_a(value, str) else _read_scheme(value, event, ("http", "https"))


def _read_scheme(value: Any, event: Message, names: Tuple[str, str]) -> Tuple[str, bool]:
    """Return the scheme that bytes say, or that follows from TLS and the port, which of the two ``names``."""
    data = plain_bytes(value)
    if data:
        return data.decode("latin-1").lower(), True
    server: Any = event.get("server")
    extensions: Any = event.get("extensions")
    secure = is_a(extensions, dict) and "tls" in extensions
    if is_a(server, PAIRS) and len(server) == 2 and type(server[1]) is int and server[1] == 443:
        secure = True
    if value is MISSING or value is None:
        return names[secure], False
    raise Unrepairable(TEXT, instead=names[secure])


@field_operation("offered", CONTAINER)
def _offered(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    if value is MISSING or value is None:
        return {}, False
    known = _read_mapping(value)
    out = {
        OLD_EXTENSIONS.get(key, key): entry
        for key, entry in known.items()
        if not (is_a(key, str) and str.startswith(key, CURRENT_EXTENSIONS))
    }
    return None if known is value and out.keys() == known.keys() else (out, False)


@field_operation("mapping", CONTAINER)
def _mapping(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    if value is MISSING or value is None:
        return None
    known = _read_mapping(value)
    return None if known is value else (known, False)


@field_operation("present_mapping", PRESENCE)
def _present_mapping(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    return ({}, False) if value is MISSING or value is None else None


def _about_itself(value: Any) -> Dict[Any, Any]:
    """Return what a server says of itself as a dict, empty unless that is a mapping."""
    try:
        return _read_mapping(value)
    except Unrepairable:
        return {}


def _read_mapping(value: Any) -> Dict[Any, Any]:
    """Return a mapping as a dict. Raises `Unrepairable`, with an empty one instead."""
    if is_a(value, dict):
        return value  # type: ignore[no-any-return]
    try:
        if hasattr(type(value), "keys"):
            return dict(value)
    except Exception:
        pass
    raise Unrepairable(MAPPING, instead={})


@field_operation("denial", ACROSS_FIELDS)
def _denial(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    """Announce the denial response: where the server cannot do it, the connection closes instead."""
    known = value if is_a(value, dict) else {}
    if DENIAL in known:
        return None
    return {**known, DENIAL: {}}, False
