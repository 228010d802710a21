"""Operations on the fields of scopes."""

from __future__ import annotations

import operator
import re
from typing import TYPE_CHECKING, Any, Dict, List, Optional, Tuple

from ..compact import compact
from ..kinds import PAIRS, is_a, plain_bytes
from ..schema import ADDRESS, MAPPING, MISSING, TEXT, TEXTS, Unrepairable
from ..servers import ROOT_FIRST, lacks
from ..specification import (
    CURRENT_EXTENSIONS,
    DENIAL,
    HTTP_VERSION,
    MOUNTED,
    OLD_EXTENSIONS,
    SPEC_VERSION_OF_DOUBLES,
    SPEC_VERSION_OF_SINGLES,
    SUBPROTOCOL_HEADER,
    A,
)
from .registry import (
    ACROSS_FIELDS,
    CONTAINER,
    CONTENT,
    FORM,
    PRESENCE,
    REARRANGE,
    TYPE,
    event_operation,
    field_operation,
)
from .values import encode_utf8, read_int, read_items

if TYPE_CHECKING:
    from ..schema import BoundStep
    from .registry import Change


@field_operation("raw_path", TYPE)
def _raw_path(value: Any, step: BoundStep, event: Dict[str, Any], scope: Any) -> Change:
    if value is MISSING:
        return None
    if value is None:
        return MISSING, False
    raw = encode_utf8(value) if is_a(value, str) else plain_bytes(value)
    if raw is None:
        raise Unrepairable("bytes", instead=MISSING)
    raw = raw.split(b"?", 1)[0]
    return (
        None if raw is value or (type(value) is bytes and raw == value) else (raw, type(value) is not bytes)
    )


@field_operation("http_version", TYPE)
def _http_version(value: Any, step: BoundStep, event: Dict[str, Any], scope: Any) -> Change:
    if is_a(value, str):
        return None
    if value is MISSING:
        return HTTP_VERSION, False
    data = plain_bytes(value)
    if not data:
        raise Unrepairable(TEXT, instead=HTTP_VERSION)
    return data.decode("latin-1"), True


@field_operation("unquote", CONTENT)
def _unquote(value: Any, step: BoundStep, event: Dict[str, Any], scope: Any) -> Change:
    if step.quirks.unquote_path and is_a(value, str) and "%" in value:
        from urllib.parse import unquote

        return unquote(value), False
    return None


@field_operation("address", CONTAINER)
def _address(value: Any, step: BoundStep, event: Dict[str, Any], scope: Any) -> Change:
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
    """Return the first two items of an iterable that is no text. Raises `Unrepairable`."""
    items = read_items(value, 3)
    if items is None or len(items) < 2:
        raise Unrepairable(ADDRESS)
    return items[0], items[1]


@field_operation("port", TYPE)
def _port(value: Any, step: BoundStep, event: Dict[str, Any], scope: Any) -> Change:
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
def _placeholder(value: Any, step: BoundStep, event: Dict[str, Any], scope: Any) -> Change:
    if value is None and step.quirks.placeholder_client is not None:
        return step.quirks.placeholder_client, False
    return None


@field_operation("unix", CONTENT)
def _unix(value: Any, step: BoundStep, event: Dict[str, Any], scope: Any) -> Change:
    if step.quirks.unix_server == "none" and is_a(value, PAIRS) and len(value) == 2:
        if value[1] is None:
            return None, False
    return None


@field_operation("old_client", CONTAINER)
def _old_client(value: Any, step: BoundStep, event: Dict[str, Any], scope: Any) -> Change:
    if value is None or (is_a(value, tuple) and len(value) == 2):
        return None
    if value is MISSING or is_a(value, (str, bytes)) or (is_a(value, tuple) and not value):
        return None, False
    return _read_address(value), False


@field_operation("old_server", CONTAINER)
def _old_server(value: Any, step: BoundStep, event: Dict[str, Any], scope: Any) -> Change:
    if is_a(value, (str, bytes)):
        if is_a(value, bytes):
            value = value.decode("utf-8", "replace")
        return ((value, None) if value else None), False
    return _old_client(value, step, event, scope)


#: What becomes of the versions that there are (A5), so that only others are read.
_CAPPED = {"2.0": "2.0", "2.1": "2.1", **{f"2.{n}": SPEC_VERSION_OF_DOUBLES for n in range(2, 10)}}


@field_operation("asgi2", FORM)
def _asgi2(value: Any, step: BoundStep, event: Dict[str, Any], scope: Any) -> Change:
    known = value if is_a(value, dict) else {}
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
def _asgi3(value: Any, step: BoundStep, event: Dict[str, Any], scope: Any) -> Change:
    known = value if is_a(value, dict) else {}
    spec = SPEC_VERSION_OF_SINGLES
    if known.get("version") == "3.0" and known.get("spec_version") == spec:
        return None
    return {**known, "version": "3.0", "spec_version": spec}, False


@field_operation("complete_asgi", FORM)
def _complete_asgi(value: Any, step: BoundStep, event: Dict[str, Any], scope: Any) -> Change:
    if is_a(value, dict) and is_a(value.get("version"), str):
        return None
    known = value if is_a(value, dict) else {"spec_version": SPEC_VERSION_OF_SINGLES}
    return {**known, "version": "3.0"}, False


def puts_root_first(scope: Any) -> bool:
    """Return whether root_path may be in front of path.

    Under a Mount of Starlette root_path is the Mount's, whoever serves.
    """
    return MOUNTED in scope or not lacks(ROOT_FIRST, scope)


def _prefix_of(root: str, path: str) -> Optional[str]:
    """Return what to take off ``path``, None for nothing.

    A server puts root_path and a path that begins with a slash together: after the root path ``/shop/``
    come two slashes, of which one belongs to it. Others join the two with one.
    """
    root, path = str.__str__(root), str.__str__(path)
    bare = root.rstrip("/")
    for prefix in (root, bare) if bare else ():
        if path.startswith(prefix) and path[len(prefix) : len(prefix) + 1] in ("", "/"):
            return prefix
    return None


def _end_of(want: bytes, raw: bytes) -> int:
    """Return where ``raw``, percent-encoded in whatever way, has said ``want``; -1 when it says otherwise."""
    at = 0
    for byte in want:
        found = _ESCAPE(raw, at)
        if found is not None:
            at += 3
            if int(found.group(1), 16) != byte:
                return -1
        elif raw[at : at + 1] == bytes((byte,)):
            at += 1
        else:
            return -1
    return at


def _strip_raw(event: Dict[str, Any], before: str) -> Dict[str, Any]:
    """Follow in raw_path what `_strip_root` did to the path ``before``, by the length of root_path only."""
    raw, prefix = event.get("raw_path"), _prefix_of(event["root_path"], before)
    if type(raw) is not bytes or prefix is None:
        return event
    try:
        want = prefix.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return event
    at = len(want) if raw.startswith(want) else _end_of(want, raw)
    if at < 0 or raw[at : at + 1] not in (b"", b"/", b"?"):
        return event
    return {**event, "raw_path": raw[at:] or b"/"}


@field_operation("strip_root", ACROSS_FIELDS, _strip_raw)
def _strip_root(value: Any, step: BoundStep, event: Dict[str, Any], scope: Any) -> Change:
    """Take root_path off the front of path and raw_path. It is the path that the step names."""
    root: Any = event.get("root_path")
    if not step.quirks.strip_root_path or not is_a(root, str) or not is_a(value, str):
        return None
    if not puts_root_first(event):
        return None
    prefix = _prefix_of(root, value)
    return None if prefix is None else (str.__getitem__(value, slice(len(prefix), None)) or "/", False)


_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})").match


@field_operation("prepend_root", ACROSS_FIELDS)
def _prepend_root(value: Any, step: BoundStep, event: Dict[str, Any], scope: Any) -> Change:
    root: Any = event.get("root_path")
    if not step.quirks.prepend_root_path or not is_a(root, str) or not is_a(value, str):
        return None
    root = root.rstrip("/")
    if not root or value == root or value.startswith(root + "/"):
        return None
    return root + value, False


@field_operation("ws_scheme", ACROSS_FIELDS)
def _ws_scheme(value: Any, step: BoundStep, event: Dict[str, Any], scope: Any) -> Change:
    if is_a(value, str):
        named = {"http": "ws", "https": "wss"}.get(value)
        return None if named is None else (named, True)
    change = _read_scheme(value, event, ("ws", "wss"))
    return {"http": "ws", "https": "wss"}.get(change[0], change[0]), change[1]


@field_operation("http_scheme", ACROSS_FIELDS)
def _http_scheme(value: Any, step: BoundStep, event: Dict[str, Any], scope: Any) -> Change:
    return None if is_a(value, str) else _read_scheme(value, event, ("http", "https"))


def _read_scheme(value: Any, event: Dict[str, Any], names: Tuple[str, str]) -> Tuple[str, bool]:
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


@event_operation("subprotocols", ACROSS_FIELDS)
def _subprotocols(event: Dict[str, Any], step: BoundStep, scope: Any) -> Change:
    """Restore subprotocols from the header and, for an old application, the header from them."""
    value, headers = event.get("subprotocols"), event.get("headers")
    lines = _subprotocol_lines(headers)
    given, names, understood = _given_subprotocols(value)
    names = names or _read_lines(lines)
    out = event
    if not is_a(value, PAIRS) or len(names) != len(given) or not all(map(operator.is_, names, given)):
        out = {**out, "subprotocols": names}
    if names and not lines and step.direction == A and type(headers) is list:
        line = ", ".join(names).encode("latin-1", "replace")
        out = {**out, "headers": headers + [(SUBPROTOCOL_HEADER, line)]}
    if not understood:
        raise Unrepairable(TEXTS, instead=out, field="subprotocols")
    return None if out is event else (out, False)


def _given_subprotocols(value: Any) -> Tuple[List[Any], List[str], bool]:
    """Return the items that the server has given, those that are text, and whether all is as it may be."""
    if value is None:
        return [], [], True
    try:
        items = read_items(value)
    except Exception:
        items = None
    if items is None:
        return [], [], False
    names = [name for name in map(_read_subprotocol, items) if name is not None]
    return items, names, len(names) == len(items)


def _subprotocol_lines(headers: Any) -> List[Any]:
    """Return the values of the subprotocol headers."""
    if type(headers) is not list:
        return []
    pairs = [pair for pair in headers if type(pair) in PAIRS and len(pair) == 2]
    return [content for name, content in pairs if name == SUBPROTOCOL_HEADER]


def _read_subprotocol(name: Any) -> Optional[str]:
    """Return a subprotocol as text, None for what is no text."""
    if not is_a(name, str):
        raw = plain_bytes(name)
        return None if raw is None else raw.decode("latin-1").strip()
    return name.strip() if type(name) is str else str.__str__(name).strip()


def _read_lines(lines: List[Any]) -> List[str]:
    """Return the subprotocols of these headers."""
    parts = [part for line in lines if type(line) is bytes for part in line.decode("latin-1").split(",")]
    return [part.strip() for part in parts if part.strip()]


@event_operation("swap", REARRANGE)
def _swap(event: Dict[str, Any], step: BoundStep, scope: Any) -> Change:
    if not step.quirks.swap_addresses:
        return None
    return {**event, "client": event.get("server"), "server": event.get("client")}, False


@field_operation("offered", CONTAINER)
def _offered(value: Any, step: BoundStep, event: Dict[str, Any], scope: Any) -> Change:
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
def _mapping(value: Any, step: BoundStep, event: Dict[str, Any], scope: Any) -> Change:
    if value is MISSING or value is None:
        return None
    known = _read_mapping(value)
    return None if known is value else (known, False)


@field_operation("present_mapping", PRESENCE)
def _present_mapping(value: Any, step: BoundStep, event: Dict[str, Any], scope: Any) -> Change:
    return ({}, False) if value is MISSING or value is None else None


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
def _denial(value: Any, step: BoundStep, event: Dict[str, Any], scope: Any) -> Change:
    """Announce the denial response: where the server cannot do it, the connection closes instead."""
    known = value if is_a(value, dict) else {}
    if DENIAL in known:
        return None
    return {**known, DENIAL: {}}, False
