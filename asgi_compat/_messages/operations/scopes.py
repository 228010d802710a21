"""Operations on the fields of scopes."""

from __future__ import annotations

import re

from ..compact import compact
from ..kinds import _PAIRS, is_a, plain_bytes
from ..schema import ADDRESS, MAPPING, MISSING, TEXTS, Unfit
from ..specification import (
    DENIAL,
    OLD_EXTENSIONS,
    SPEC_VERSION_OF_DOUBLES,
    SPEC_VERSION_OF_SINGLES,
    SUBPROTOCOL_HEADER,
    A,
)
from .values import _utf8, _whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Mapping, Optional, Tuple

    from ..schema import Step


def _raw_path(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if value is MISSING:
        return None
    if value is None:
        return MISSING, False
    raw = _utf8(value) if is_a(value, str) else plain_bytes(value)
    if raw is None:
        raise Unfit("bytes")
    raw = raw.split(b"?", 1)[0]
    return (
        None if raw is value or (type(value) is bytes and raw == value) else (raw, type(value) is not bytes)
    )


def _unquote(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if step.quirks.unquote_path and is_a(value, str) and "%" in value:
        from urllib.parse import unquote

        return unquote(value), False
    return None


def _address(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if value is None:
        return None
    if value is MISSING:
        return None, False
    if is_a(value, _PAIRS):
        if len(value) == 2:
            return None
        if len(value) > 2:
            return value[:2], True
    raise Unfit(ADDRESS)


def _port(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if is_a(value, _PAIRS) and len(value) == 2 and is_a(value[1], str):
        port = _whole(value[1])
        if port is None:
            raise Unfit(ADDRESS)
        return ((value[0], port) if is_a(value, tuple) else [value[0], port]), True
    return None


def _placeholder(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if value is None and step.quirks.placeholder_client is not None:
        return step.quirks.placeholder_client, False
    return None


def _unix(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if step.quirks.unix_server == "none" and is_a(value, _PAIRS) and len(value) == 2:
        if value[1] is None:
            return None, False
    return None


def _old_client(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if value is MISSING or is_a(value, (str, bytes)):
        return None, False
    if is_a(value, _PAIRS) and (len(value) > 2 or type(value) is not tuple):
        return tuple(value[:2]), False
    if is_a(value, tuple) and not value:
        return None, False
    return None if value is None or is_a(value, tuple) else _unfit(ADDRESS)


def _old_server(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if is_a(value, (str, bytes)):
        if is_a(value, bytes):
            value = value.decode("utf-8", "replace")
        return ((value, None) if value else None), False
    return _old_client(value, step, event, scope)


def _unfit(expected: str) -> Any:
    raise Unfit(expected)


#: What becomes of the versions that there are (A5), so that only others are read.
_CAPPED = {"2.0": "2.0", "2.1": "2.1", **{f"2.{n}": SPEC_VERSION_OF_DOUBLES for n in range(2, 10)}}


def _asgi2(value: Any, step: Step, event: Any, scope: Any) -> Any:
    known = value if is_a(value, dict) else {}
    spec: Any = known.get("spec_version")
    most = SPEC_VERSION_OF_DOUBLES
    if not is_a(spec, str):
        capped = SPEC_VERSION_OF_SINGLES
    else:
        exact = str.__str__(spec)
        capped = _CAPPED.get(exact) or (exact if _numbers(exact) <= _numbers(most) else most)
    if type(known.get("version")) is str and known["version"] == "2.0" and spec == capped and known is value:
        return None
    # A new one for each connection: what one application writes there is not for the next.
    if len(known) == 2 and "version" in known and "spec_version" in known:
        return compact({"version": "2.0", "spec_version": capped}), False
    return {**known, "version": "2.0", "spec_version": capped}, False


def _numbers(version: str) -> Tuple[int, ...]:
    """Read a version; what is no number is more than any. Three numbers decide, whatever follows."""
    parts = str.split(version, ".", 3)[:3]
    return tuple(
        int(part) if part.isascii() and part.isdigit() and len(part) < 6 else 10**6 for part in parts
    )


def _asgi3(value: Any, step: Step, event: Any, scope: Any) -> Any:
    known = value if is_a(value, dict) else {}
    spec = SPEC_VERSION_OF_SINGLES
    if known.get("version") == "3.0" and known.get("spec_version") == spec:
        return None
    return {**known, "version": "3.0", "spec_version": spec}, False


def puts_root_first(scope: Any) -> bool:
    """Whether the server may have put root_path in front of path.

    daphne never does, and takes root_path from a header of the client: it is the one server whose
    ``scope["asgi"]`` has no spec_version (4.2.3; a client on a unix socket is None, so that the address
    tells nothing).
    """
    about = scope.get("asgi")
    return not (is_a(about, dict) and "version" in about and "spec_version" not in about)


def _strip_root(value: Any, step: Step, event: Any, scope: Any) -> Any:
    """Take root_path off the front of path and raw_path. It is the path that the step names."""
    root = event.get("root_path")
    if not step.quirks.strip_root_path or not is_a(root, str) or not is_a(value, str):
        return None
    if not puts_root_first(event):
        return None
    prefix = _prefix_of(root, value)
    return None if prefix is None else (str.__getitem__(value, slice(len(prefix), None)) or "/", False)


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


_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})").match


def _prepend_root(value: Any, step: Step, event: Any, scope: Any) -> Any:
    root = event.get("root_path")
    if not step.quirks.prepend_root_path or not is_a(root, str) or not is_a(value, str):
        return None
    root = root.rstrip("/")
    if not root or value == root or value.startswith(root + "/"):
        return None
    return root + value, False


def _ws_scheme(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if is_a(value, str):
        named = {"http": "ws", "https": "wss"}.get(value)
        return None if named is None else (named, True)
    if value is MISSING or value is None:
        server, extensions = event.get("server"), event.get("extensions")
        secure = is_a(extensions, dict) and "tls" in extensions
        if is_a(server, _PAIRS) and len(server) == 2 and server[1] == 443:
            secure = True
        return ("wss" if secure else "ws"), False
    raise Unfit("str")


def _subprotocols(event: Dict[str, Any], step: Step, scope: Any) -> Any:
    """Restore subprotocols from the header and, for an old application, the header from them."""
    value = event.get("subprotocols", MISSING)
    headers = event.get("headers")
    lines = [
        pair[1]
        for pair in (headers if type(headers) is list else ())
        if type(pair) in _PAIRS and len(pair) == 2 and pair[0] == SUBPROTOCOL_HEADER
    ]
    if value is MISSING or value is None:
        names: List[Any] = []
    elif is_a(value, _PAIRS):
        names = list(value)
    else:
        raise Unfit(TEXTS)
    clean, odd = [], value is MISSING or value is None
    for name in names:
        given = name
        if is_a(name, bytes):
            name = name.decode("latin-1")
        if not is_a(name, str):
            raise Unfit(TEXTS)
        clean.append(name.strip())
        odd = odd or clean[-1] is not given
    if not clean:
        for line in lines:
            if type(line) is bytes:
                clean += [part.strip() for part in line.decode("latin-1").split(",") if part.strip()]
    out = event
    if odd or len(clean) != len(names):
        out = {**out, "subprotocols": clean}
    if clean and not lines and step.direction == A and type(headers) is list:
        line = ", ".join(clean).encode("latin-1", "replace")
        out = {**out, "headers": headers + [(SUBPROTOCOL_HEADER, line)]}
    return None if out is event else (out, False)


def _swap(event: Dict[str, Any], step: Step, scope: Any) -> Any:
    if not step.quirks.swap_addresses:
        return None
    return {**event, "client": event.get("server"), "server": event.get("client")}, False


def _offered(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if value is MISSING or value is None:
        return {}, False
    if not is_a(value, dict):
        raise Unfit(MAPPING)
    out = {OLD_EXTENSIONS.get(key, key): entry for key, entry in value.items()}
    return None if out.keys() == value.keys() else (out, False)


def _denial(value: Any, step: Step, event: Any, scope: Any) -> Any:
    """Announce the denial response: where the server cannot do it, the connection closes instead."""
    known = value if is_a(value, dict) else {}
    if DENIAL in known:
        return None
    return {**known, DENIAL: {}}, False


def announced(kind: Any, scope: Mapping[str, Any]) -> bool:
    """Say whether the scope's extensions announce an event of this type."""
    extensions = scope.get("extensions")
    if not is_a(kind, str) or not is_a(extensions, dict):
        return False
    names = [str.__str__(key) for key in dict.keys(extensions) if is_a(key, str)]
    return any(kind == name or kind.startswith(name + ".") for name in names)
