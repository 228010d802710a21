"""Rows to fast functions on one scope or one event. Pure: no await, no memory, no knowledge of fields.

Laws

1. What an operation word of the table means stands in `OPS`, once. What a kind accepts stands in
   `KINDS`, once. The functions that a connection calls are made of the rows by `compile_table`.
2. Nothing is changed in place. Nothing to do gives the object that came in; something to do gives a
   new plain dict.
3. Two ways to the same answer. `walk` goes through the rows one by one and is the reference. The
   closures of `_fast` look at an event once and give it back when `walk` would do nothing to it, and
   hand it to `walk` otherwise. A test holds the two equal on well-formed, odd and hostile events.
4. An event can be wrong in a way that nobody can mend: `Unfit`, which becomes the error of whoever
   sent it. Nothing else leaves this room.
5. What is remembered between events is bounded: two sets of header names and of harmless, constant
   header lines, both emptied when they are full.

Why closures and not generated source: 25 to 50 ns an event, paid for in tracebacks and trust.
Why not one walk for all: it costs 5 to 10 times what the closure does on an event that is right.
"""

from __future__ import annotations

import re
from collections import namedtuple

from . import _rules
from ._errors import AppMessageError, ServerMessageError
from ._rules import APP, MAPPING, REQUIRED, TABLE
from ._text import describe, plural, printable, safe_repr, type_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple, Type

    from ._errors import MessageError

    Fix = Callable[..., Any]

MISSING: Any = type("Missing", (), {"__repr__": lambda self: "MISSING", "__slots__": ()})()


class Unfit(Exception):
    """A value that no row can mend. It never leaves the package: `walk` makes a `MessageError` of it."""

    def __init__(self, expected: str, why: str = "", header: Any = None) -> None:
        super().__init__(expected)
        self.expected = expected
        self.why = why
        #: The name of the header that is wrong, if it is one.
        self.header = header


def is_a(value: Any, kinds: Any) -> bool:
    """Whether ``value`` really is one of these: ``__class__``, which isinstance believes, may lie."""
    return issubclass(type(value), kinds)


def plain_bytes(value: Any) -> Optional[bytes]:
    """Return exact bytes of bytes-like data, None for anything else, also for a view that was released."""
    kind = type(value)
    if kind is bytes:
        return value  # type: ignore[no-any-return]
    if issubclass(kind, bytes):
        # A subclass may have a ``__bytes__`` of its own.
        return bytes.__getitem__(value, slice(None))
    if not issubclass(kind, (bytearray, memoryview)):
        return None
    try:
        return bytes(memoryview(value))
    except Exception:
        return None


# ---------------------------------------------------------------------------------------------------
# Kinds: what a value of that kind is, once everything is mended.

_TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+").fullmatch
_TOKEN_TEXT = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+").fullmatch
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})").match
#: Control characters, but for the tab: h11 refuses some of them, httptools' writer all (A25).
_CONTROLS = bytes(n for n in range(256) if (n < 32 and n != 9) or n == 127)


_PAIRS = (tuple, list)
_TEXTS = (str, bytes, bytearray, memoryview)


def _is_pair(pair: Any) -> bool:
    """Whether it is a header as it has to be, but for what is in it: two bytes."""
    return type(pair) in _PAIRS and len(pair) == 2 and type(pair[0]) is bytes and type(pair[1]) is bytes


def _is_headers(value: Any) -> bool:
    return type(value) is list and all(map(_is_pair, value))


def _is_address(value: Any) -> bool:
    return value is None or (type(value) in (tuple, list) and len(value) == 2)


def _is_texts(value: Any) -> bool:
    return type(value) in (list, tuple) and all(type(item) is str for item in value)


KINDS: Dict[str, Callable[[Any], bool]] = {
    _rules.BYTES: lambda value: type(value) is bytes,
    _rules.TEXT: lambda value: is_a(value, str),
    _rules.INT: lambda value: type(value) is int,
    _rules.BOOL: lambda value: type(value) is bool,
    _rules.HEADERS: _is_headers,
    _rules.ADDRESS: _is_address,
    _rules.TEXTS: _is_texts,
    _rules.MAPPING: lambda value: is_a(value, dict),
    _rules.BYTES_LIST: lambda value: True,
    _rules.ANY: lambda value: True,
}

#: The kinds that the class of a value settles, for the closures.
_CLASSES = {_rules.BYTES: bytes, _rules.BOOL: bool}

# ---------------------------------------------------------------------------------------------------
# Operations. Each takes (value, step, event, scope) and gives None when there is nothing to do, or
# (what to put there, whether the specification of today forbids what was there). MISSING in either
# place means that the key is not there. An operation on the whole event takes and gives the event.

Step = namedtuple("Step", "rule event field row op act fault quirks direction")


def _missing(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if value is MISSING:
        default = step.row.default
        return (list(default) if type(default) is tuple else default), False
    return None


def _bytes(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if type(value) is bytes:
        return None
    if value is MISSING:
        return step.row.default, False
    if value is None:
        return step.row.default, True
    data = plain_bytes(value)
    if data is None:
        raise Unfit("bytes")
    return data, not is_a(value, bytes)


def _body(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if is_a(value, str):
        if step.quirks.text_body:
            return _utf8(value), True
        raise Unfit("bytes", "encode it, or allow it with Quirks(text_body=True)")
    return _bytes(value, step, event, scope)


def _utf8(value: str) -> bytes:
    try:
        return str.encode(value, "utf-8")
    except UnicodeEncodeError:
        raise Unfit("text without lone surrogates") from None


def _bool(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if type(value) is bool:
        return None
    if value is MISSING:
        return step.row.default, False
    # Every server asks `if more_body`, so truth is what it meant.
    try:
        return bool(value), True
    except Exception:
        raise Unfit("bool") from None


def _int(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if type(value) is int:
        return None
    if value is MISSING or value is None:
        return step.row.default, value is None
    if is_a(value, int) and type(value) is not bool:
        return int.__int__(value), False
    raise Unfit("int")


def _whole(value: Any) -> Optional[int]:
    """Read an int out of what people put where an int belongs, or None."""
    if type(value) is bool:
        return None
    if is_a(value, int):
        return int.__int__(value)
    if is_a(value, float):
        number = float.__float__(value)
        return int(number) if abs(number) < 1e6 and int(number) == number else None
    if not is_a(value, (str, bytes)):
        return None
    digits = str.__str__(value) if is_a(value, str) else plain_bytes(value)
    if digits is not None and 0 < len(digits) <= 6 and digits.isdigit() and digits.isascii():
        return int(digits)
    return None


def _status(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if type(value) is int and 200 <= value <= 599:
        return None
    number = None if value is MISSING else _whole(value)
    if number is None or not 200 <= number <= 599:
        raise Unfit(_rules.STATUS)
    return number, not is_a(value, int)


def _code(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if value is MISSING:
        return step.row.default, False
    number = step.row.default if value is None else _whole(value)
    if number is None:
        raise Unfit(_rules.CODE)
    if not any(low <= number <= high for low, high in _rules.CLOSE_CODES):
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
        text, odd = data[: _rules.REASON_BYTES].decode("utf-8", "replace"), True
    raw = text[: _rules.REASON_BYTES].encode("utf-8", "replace")
    if (
        len(text) > _rules.REASON_BYTES
        or len(raw) > _rules.REASON_BYTES
        or odd
        or raw.decode("utf-8") != text
    ):
        return raw[: _rules.REASON_BYTES].decode("utf-8", "ignore"), True
    return None if type(value) is str else (text, False)


def _dropped(value: Any, step: Step, event: Any, scope: Any) -> Any:
    return None if value is MISSING else (MISSING, False)


def _none_absent(value: Any, step: Step, event: Any, scope: Any) -> Any:
    return (MISSING, not step.row.none) if value is None else None


def _encode(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if type(value) is bytes:
        return None
    if value is MISSING:
        return step.row.default, False
    if value is None:
        return step.row.default, not step.row.none
    if is_a(value, str):
        return _utf8(value), True
    return _bytes(value, step, event, scope)


def _decode(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if is_a(value, str):
        return None
    if value is MISSING:
        return step.row.default, False
    if value is None:
        return step.row.default, True
    data = plain_bytes(value)
    if data is None:
        raise Unfit("str")
    return data.decode("utf-8", "surrogateescape"), True


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


# Addresses.


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
    raise Unfit(_rules.ADDRESS)


def _port(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if is_a(value, _PAIRS) and len(value) == 2 and is_a(value[1], str):
        port = _whole(value[1])
        if port is None:
            raise Unfit(_rules.ADDRESS)
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
    return None if value is None or is_a(value, tuple) else _unfit(_rules.ADDRESS)


def _old_server(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if is_a(value, (str, bytes)):
        if is_a(value, bytes):
            value = value.decode("utf-8", "replace")
        return ((value, None) if value else None), False
    return _old_client(value, step, event, scope)


def _unfit(expected: str) -> Any:
    raise Unfit(expected)


# Headers.


def _headers_in(value: Any, step: Step, event: Any, scope: Any) -> Any:
    """Headers of a scope: a list of two-item sequences of bytes, names in lower case."""
    if type(value) is list and all(_is_pair(pair) and pair[0].lower() == pair[0] for pair in value):
        return None
    found = _pairs([] if value is MISSING or value is None else value)
    odd = value is MISSING or value is None or is_a(value, dict)
    out = []
    for name, content in found:
        odd = odd or type(name) is not bytes or type(content) is not bytes
        out.append(_header(name, content))
    return out, odd


def _header_tuples(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if type(value) is list and all(type(pair) is tuple for pair in value):
        return _headers_in(value, step, event, scope)
    found = _headers_in(value, step, event, scope)
    return [tuple(pair) for pair in (value if found is None else found[0])], False


def _pairs(value: Any) -> List[Tuple[Any, Any]]:
    if is_a(value, _TEXTS):
        raise Unfit(_rules.HEADERS)
    try:
        source = list(value.items() if hasattr(value, "keys") and hasattr(value, "items") else value)
    except Exception:
        raise Unfit(_rules.HEADERS) from None
    return [_pair(item, at) for at, item in enumerate(source)]


def _pair(item: Any, at: int) -> Tuple[Any, Any]:
    try:
        if is_a(item, _TEXTS):
            raise TypeError
        name, content = item
    except Exception:
        raise Unfit(_rules.HEADERS, f"the item at index {at} is {describe(item)} and no pair") from None
    return name, content


def _header(name: Any, content: Any) -> Tuple[bytes, bytes]:
    """Return a header as bytes, the name in lower case. Raises `Unfit` with the name of one that is wrong."""
    raw = None if is_a(name, int) else _line(name)
    if raw is None:
        raise Unfit("named by bytes", f"its name is {describe(name)}", name)
    value = _line(content)
    if value is None:
        raise Unfit(
            "bytes, or a str of latin-1", f"its value is {describe(content)}: encode or quote it", name
        )
    return raw.lower(), value


def _line(value: Any) -> Optional[bytes]:
    """Return the bytes of a header's name or value, or None for what cannot be one."""
    if type(value) is bytes:
        return value
    try:
        if is_a(value, str):
            return str.encode(value, "latin-1")
        if is_a(value, int) and type(value) is not bool and int.bit_length(value) <= 128:
            return b"%d" % int.__int__(value)
        return plain_bytes(value)
    except ValueError:  # no latin-1
        return None


def _listed(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if hasattr(type(value), "__next__"):
        try:
            return list(value), False
        except Exception:
            raise Unfit(_rules.HEADERS) from None
    return None


def _headers_out(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if value is MISSING or hasattr(type(value), "__next__"):
        return None
    if type(value) is list and all(
        type(pair) is tuple and _is_pair(pair) and pair[0].lower() == pair[0] for pair in value
    ):
        return None
    if value is None:
        return [], True
    odd = hasattr(value, "keys")
    out = []
    for name, content in _pairs(value):
        pair = _header(name, content)
        odd = odd or type(name) is not bytes or type(content) is not bytes or pair[0] != name
        out.append(pair)
    return out, odd


def _each(value: Any, change: Callable[[bytes, bytes], Any]) -> Any:
    """Map over a list of pairs of bytes; leave alone what is none."""
    if type(value) is not list:
        return None
    out, changed = [], False
    for pair in value:
        if _is_pair(pair):
            new = change(pair[0], pair[1])
            if new is not None:
                changed = True
                if new is not MISSING:
                    out.append(new)
                continue
        out.append(pair)
    return (out, True) if changed else None


def _stripped(value: Any, step: Step, event: Any, scope: Any) -> Any:
    def change(name: bytes, content: bytes) -> Any:
        bare = content.strip(b" \t")
        return None if bare == content else (name, bare)

    return _each(value, change)


def _framing(value: Any, step: Step, event: Any, scope: Any) -> Any:
    def change(name: bytes, content: bytes) -> Any:
        return MISSING if name[:1] == b":" or name.lower() in _rules.FRAMING else None

    return _each(value, change)


def _trailer_framing(value: Any, step: Step, event: Any, scope: Any) -> Any:
    def change(name: bytes, content: bytes) -> Any:
        return MISSING if name[:1] == b":" or name.lower() in _rules.TRAILER_FRAMING else None

    return _each(value, change)


def _clean(value: Any, step: Step, event: Any, scope: Any) -> Any:
    def change(name: bytes, content: bytes) -> Any:
        if not _TOKEN(name):
            raise Unfit("named by a token", "a character of the name would end it", name)
        if content.translate(None, _CONTROLS) != content:
            raise Unfit(
                "without control characters",
                f"its value, {describe(content)}, has one; what follows a line break would be another header",
                name,
            )
        return None

    return _each(value, change)


def _one_length(value: Any, step: Step, event: Any, scope: Any) -> Any:
    """Leave one content-length: after two that differ nobody knows where the body ends."""
    if type(value) is not list:
        return None
    at = [n for n, pair in enumerate(value) if _is_pair(pair) and pair[0].lower() == _rules.LENGTH_HEADER]
    content_length([value[n] for n in at])
    if len(at) < 2:
        return None
    gone = set(at[1:])
    return [pair for n, pair in enumerate(value) if n not in gone], True


def _links(value: Any, step: Step, event: Any, scope: Any) -> Any:
    """The values of link headers: a list of bytes without blanks around them."""
    if value is MISSING:
        return None
    if is_a(value, (*_TEXTS, dict)):
        raise Unfit(_rules.BYTES_LIST)
    try:
        source = list(value)
    except Exception:
        raise Unfit(_rules.BYTES_LIST) from None
    out = []
    for at, item in enumerate(source):
        link = None if is_a(item, int) else _line(item)
        if link is None:
            raise Unfit(_rules.BYTES_LIST, f"the item at index {at} is {describe(item)}")
        out.append(link.strip(b" \t"))
    if type(value) is list and all(new is old for new, old in zip(out, value)):
        return None
    return out, any(type(item) is not bytes or new != item for new, item in zip(out, source))


def _clean_links(value: Any, step: Step, event: Any, scope: Any) -> Any:
    for link in value if type(value) is list else ():
        if link.translate(None, _CONTROLS) != link:
            raise Unfit("free of control characters", f"one link, {describe(link)}, has some")
    return None


def _clean_path(value: Any, step: Step, event: Any, scope: Any) -> Any:
    if is_a(value, str):
        if any(letter <= " " or letter == "\x7f" for letter in str.__str__(value)):
            raise Unfit("free of blanks and control characters")
        _utf8(value)
    return None


# Scopes.


#: What becomes of the versions that there are (A5), so that only others are read.
_CAPPED = {"2.0": "2.0", "2.1": "2.1", **{f"2.{n}": _rules.SPEC_VERSION_OF_DOUBLES for n in range(2, 10)}}


def _asgi2(value: Any, step: Step, event: Any, scope: Any) -> Any:
    known = value if is_a(value, dict) else {}
    spec: Any = known.get("spec_version")
    most = _rules.SPEC_VERSION_OF_DOUBLES
    if not is_a(spec, str):
        capped = _rules.SPEC_VERSION_OF_SINGLES
    else:
        exact = str.__str__(spec)
        capped = _CAPPED.get(exact) or (exact if _numbers(exact) <= _numbers(most) else most)
    if type(known.get("version")) is str and known["version"] == "2.0" and spec == capped and known is value:
        return None
    # A new one for each connection: what one application writes there is not for the next.
    if len(known) == 2 and "version" in known and "spec_version" in known:
        return compact({"version": "2.0", "spec_version": capped}), False
    return {**known, "version": "2.0", "spec_version": capped}, False


class _Shared:
    """Whose ``__dict__`` shares its keys with those of the other instances, in CPython."""


class _SharedScope(_Shared):
    """The same for the scopes of WebSockets: a class has room for the keys of one kind of dict."""


def compact(source: Any, kind: Any = _Shared) -> Any:
    """Return an ordinary dict of the same items in half the memory (CPython from 3.11 on)."""
    out = kind().__dict__
    for key, value in source.items():
        out[key] = value
    return out


def _numbers(version: str) -> Tuple[int, ...]:
    """Read a version; what is no number is more than any. Three numbers decide, whatever follows."""
    parts = str.split(version, ".", 3)[:3]
    return tuple(
        int(part) if part.isascii() and part.isdigit() and len(part) < 6 else 10**6 for part in parts
    )


def _asgi3(value: Any, step: Step, event: Any, scope: Any) -> Any:
    known = value if is_a(value, dict) else {}
    spec = _rules.SPEC_VERSION_OF_SINGLES
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
        if type(pair) in _PAIRS and len(pair) == 2 and pair[0] == _rules.SUBPROTOCOL_HEADER
    ]
    if value is MISSING or value is None:
        names: List[Any] = []
    elif is_a(value, _PAIRS):
        names = list(value)
    else:
        raise Unfit(_rules.TEXTS)
    clean, odd = [], value is MISSING or value is None
    for name in names:
        given = name
        if is_a(name, bytes):
            name = name.decode("latin-1")
        if not is_a(name, str):
            raise Unfit(_rules.TEXTS)
        clean.append(name.strip())
        odd = odd or clean[-1] is not given
    if not clean:
        for line in lines:
            if type(line) is bytes:
                clean += [part.strip() for part in line.decode("latin-1").split(",") if part.strip()]
    out = event
    if odd or len(clean) != len(names):
        out = {**out, "subprotocols": clean}
    if clean and not lines and step.direction == _rules.A and type(headers) is list:
        line = ", ".join(clean).encode("latin-1", "replace")
        out = {**out, "headers": headers + [(_rules.SUBPROTOCOL_HEADER, line)]}
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
    out = {_rules.OLD_EXTENSIONS.get(key, key): entry for key, entry in value.items()}
    return None if out.keys() == value.keys() else (out, False)


def _denial(value: Any, step: Step, event: Any, scope: Any) -> Any:
    """Announce the denial response: where the server cannot do it, the connection closes instead."""
    known = value if is_a(value, dict) else {}
    if _rules.DENIAL in known:
        return None
    return {**known, _rules.DENIAL: {}}, False


# Events.


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


def _old_keys(event: Dict[str, Any], step: Step, scope: Any) -> Any:
    out = event
    for row in step.row:
        for was in row.was:
            if was in out and row.name not in out:
                out = {key: value for key, value in out.items() if key != was}
                out[row.name] = event[was]
    return None if out is event else (out, True)


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
        mine = [pair for pair in headers if pair[0] == _rules.SUBPROTOCOL_HEADER]
        if mine:
            odd = True
            out = {**out, "headers": [pair for pair in headers if pair[0] != _rules.SUBPROTOCOL_HEADER]}
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


#: Words of the table to functions: on one field, (value, step, event, scope).
OPS: Dict[str, Callable[..., Any]] = {
    "address": _address,
    "asgi2": _asgi2,
    "asgi3": _asgi3,
    "body": _body,
    "bool": _bool,
    "bytes": _bytes,
    "clean": _clean,
    "clean_links": _clean_links,
    "clean_path": _clean_path,
    "code": _code,
    "decode": _decode,
    "denial": _denial,
    "dropped": _dropped,
    "encode": _encode,
    "framing": _framing,
    "trailer_framing": _trailer_framing,
    "header_tuples": _header_tuples,
    "headers_in": _headers_in,
    "headers_out": _headers_out,
    "int": _int,
    "links": _links,
    "listed": _listed,
    "missing": _missing,
    "none_absent": _none_absent,
    "offered": _offered,
    "old_client": _old_client,
    "old_server": _old_server,
    "one_length": _one_length,
    "placeholder": _placeholder,
    "port": _port,
    "prepend_root": _prepend_root,
    "raw_path": _raw_path,
    "reason": _reason,
    "status": _status,
    "strip_root": _strip_root,
    "stripped": _stripped,
    "token": _token,
    "unix": _unix,
    "unquote": _unquote,
    "ws_scheme": _ws_scheme,
}

#: Words of the table to functions: on the whole event, (event, step, scope).
EVENT_OPS: Dict[str, Callable[..., Any]] = {
    "both_keys": _both_keys,
    "either_key": _either_key,
    "old_keys": _old_keys,
    "one_key": _one_key,
    "send_key": _send_key,
    "subprotocol": _subprotocol,
    "subprotocols": _subprotocols,
    "swap": _swap,
}

#: What another field has to follow when an operation changed one: raw_path follows path (A8).
FOLLOWS: Dict[str, Callable[..., Any]] = {"strip_root": _strip_raw}


# ---------------------------------------------------------------------------------------------------
# The walk: the reference, and what happens to an event that is not already right.


def steps_of(table: Any, direction: str, event: str, quirks: Any) -> Tuple[Step, ...]:
    """Give the steps for one event in one direction, in the order of the table."""
    faults = {row.id: row.fault for row in table.rules}
    rows = {row.name: row for row in table.fields if row.type == event}
    out = []
    for repair in table.repairs:
        if repair.event != event or repair.rule[0] != direction or repair.rule not in faults:
            continue
        whole = repair.op in EVENT_OPS
        act = EVENT_OPS[repair.op] if whole else OPS[repair.op]
        row = tuple(rows.values()) if whole else rows.get(repair.field)
        field = None if whole else repair.field
        out.append(
            Step(repair.rule, event, field, row, repair.op, act, faults[repair.rule], quirks, direction)
        )
    return tuple(out)


def walk(
    steps: Tuple[Step, ...],
    rows: Any,
    blame: Type[MessageError],
    note: Any,
    event: Any,
    scope: Any = None,
    kind: Optional[str] = None,
) -> Any:
    """Go through the steps one by one; give the same event, a new dict, or None for one to be dropped.

    ``rows`` are the fields to check at the end (none for what a server sends: an application may well
    cope with it), ``blame`` the error of the side that sent the event, ``note(blame, rule, event,
    before, after, field, expected)`` is told of each repair of something that the specification
    forbids, ``scope`` is the scope that the event belongs to, ``kind`` the type by
    which it was chosen. Raises ``blame``.
    """
    out = event if type(event) is dict or type(event) is EitherKey else _as_dict(event, blame, kind)
    for step in steps:
        name = step.field
        change = _act(step, out, scope, blame)
        if change is None:
            continue
        new, odd = change
        after = new if name is None else _with(step, out, new)
        if odd and step.fault:
            note(blame, step.rule, out, None if after is MISSING else after, name, step.row)
        if after is MISSING:
            return None
        out = after
    return _checked(out, rows, blame)


def _act(step: Step, event: Any, scope: Any, blame: Type[MessageError]) -> Any:
    """Do the operation of one step. Raises ``blame``, whatever a value raises when it is looked at."""
    name = step.field
    try:
        if name is None:
            return step.act(event, step, scope)
        return step.act(event.get(name, MISSING), step, event, scope)
    except Unfit as unfit:
        field = name or _named(step, event)
        raise blame_for(blame, step.rule, event, field, unfit.expected, unfit.why, unfit.header) from None
    except Exception as error:
        field, why = name or _named(step, event), f"it raises {type_name(error)}"
        raise blame_for(blame, step.rule, event, field, "a value of a plain type", why) from None


def _with(step: Step, event: Dict[str, Any], new: Any) -> Dict[str, Any]:
    """Return the event with another value of the step's field, and with whatever follows from it."""
    name = step.field
    if new is MISSING:
        return {key: item for key, item in event.items() if key != name}
    after = {**event, name: new}
    return FOLLOWS[step.op](after, event.get(name)) if step.op in FOLLOWS else after


def _checked(event: Dict[str, Any], rows: Any, blame: Type[MessageError]) -> Dict[str, Any]:
    """Hold an event against the rows of its fields. Raises ``blame``."""
    for row in rows:
        value = event.get(row.name, MISSING)
        if value is MISSING:
            if row.default is REQUIRED:
                raise blame_for(blame, None, event, row.name, row.kind, "it is missing")
        elif not (value is None and row.none) and not KINDS[row.kind](value):
            raise blame_for(blame, None, event, row.name, row.kind, "")
        elif row.kind is _rules.TEXT and type(value) is not str and value is not None:
            # Its methods are the application's, and would run in the server.
            event = {**event, row.name: str.__str__(value)}
    return event


def _as_dict(event: Any, blame: Type[MessageError], type_seen: Optional[str] = None) -> Dict[Any, Any]:
    """Return a plain dict of a mapping, which answers the same whenever it is asked. Raises ``blame``."""
    try:
        out = dict(event)
        kind = out["type"]
    except Exception:
        kind = None
    if not is_a(kind, str):
        raise blame(
            f"an event or a scope is a dict with a type, not {describe(event)}", expected="dict", got=event
        ) from None
    return {**out, "type": type_seen or str.__str__(kind)}


def _named(step: Step, event: Any) -> Optional[str]:
    """The field that an operation on the whole event is about: the one that is there."""
    for row in step.row or ():
        if row.name in event and event[row.name] is not None:
            return str(row.name)
    return None


def blame_for(
    blame: Type[MessageError],
    rule: Optional[str],
    event: Any,
    field: Optional[str],
    expected: str,
    why: str,
    header: Any = None,
) -> MessageError:
    """Make the error of the side that sent ``event``.

    ``header`` is the name of the header that is wrong. The text shows the values of fields that are never
    secret, and what the others are; the attributes hold everything as it came.
    """
    kind = event.get("type") if is_a(event, dict) else None
    got = event.get(field, MISSING) if field is not None and is_a(event, dict) else event
    sentence = safe_type(kind) + (f": {field}" if field else "")
    if header is not None:
        sentence += f": header {safe_repr(header, 60)}"
    sentence += f" must be {expected}"
    if got is not MISSING and header is None:
        sentence += f", not {_shown(field, got)}"
    if why:
        sentence += f" ({why})"
    if rule:
        sentence += f" [{rule}]"
    return blame(
        sentence,
        rule=rule,
        message_type=kind if is_a(kind, str) else None,
        field=field,
        expected=expected,
        got=None if got is MISSING else got,
    )


def safe_type(kind: Any) -> str:
    """Return the type of an event for a text: it may be anything, and as long as it likes."""
    return printable(kind, 80) if issubclass(type(kind), str) else describe(kind)


def _shown(field: Optional[str], got: Any) -> str:
    plain = got is None or issubclass(type(got), (str, bytes, int, float))
    return safe_repr(got, 60) if field in _rules.HARMLESS_FIELDS and plain else describe(got)


# ---------------------------------------------------------------------------------------------------
# The closures: one look at an event that is already right.

# A str in the place of bytes has the same hash: `python -bb` makes a BytesWarning of looking for it here.
_KNOWN_NAMES: Dict[bytes, bool] = {}
_KNOWN_LINES: Dict[Any, bool] = {}
_LIMIT = 512
#: Header lines that are the same in every response, and are no secret: these may be remembered.
_CONSTANT = frozenset(
    {b"content-type", b"cache-control", b"vary", b"server", b"connection", b"x-frame-options"}
)


def line_of(name: bytes, value: bytes) -> int:
    """Say of a response header: -2 look closer, -1 right, or the content-length that it gives."""
    known = _KNOWN_NAMES.get(name)
    if known is None:
        known = bool(_TOKEN(name)) and name.lower() == name and name not in _rules.FRAMING
        if not known:
            return -2
        if len(_KNOWN_NAMES) >= _LIMIT:
            _KNOWN_NAMES.clear()
        if len(name) <= 64:
            _KNOWN_NAMES[name] = True
    if value.strip(b" \t") is not value or value.translate(None, _CONTROLS) is not value:
        return -2
    if name == _rules.LENGTH_HEADER:
        return int(value) if value.isdigit() and len(value) < 19 else -2
    if name in _CONSTANT and len(value) <= 128:
        if len(_KNOWN_LINES) >= _LIMIT:
            _KNOWN_LINES.clear()
        _KNOWN_LINES[name, value] = True
    return -1


def _fast(steps: Tuple[Step, ...], slow: Fix) -> Fix:
    """Choose the closure for an event of these steps, in front of ``slow``, or give ``slow`` itself."""
    fields: Dict[str, Any] = {}
    for step in steps:
        if step.field is not None:
            fields[step.field] = step.row
    ops = {step.op for step in steps}
    kinds = [(name, _CLASSES.get(row.kind) if row is not None else None) for name, row in fields.items()]
    if ops <= {"bytes", "body", "bool", "old_keys"} and len(kinds) == 2 and all(k for _, k in kinds):
        return _fast_two(kinds, fields, slow)
    if (
        steps
        and steps[0].event == _rules.START
        and ops >= {"status", "missing", "listed", "headers_out", "stripped", "clean"}
    ):
        return _fast_start(["status", "headers"], slow)
    return slow


# Each looks at exact classes before it trusts equality, and asks `type`: what is equal to a line that was
# seen before may be a memoryview, and ``__class__`` may lie. Nothing is walked inside a ``try``: the errors
# of the walk are ValueErrors, and a repair that is looked for twice is reported twice.


def _fast_two(kinds: Any, fields: Any, slow: Fix) -> Fix:
    (one, class_one), (two, class_two) = kinds
    default_two = fields[two].default

    def look(event: Any, connection: Any = None) -> Any:
        if type(event) is dict:
            try:
                if type(event[one]) is class_one:
                    if len(event) == 2:
                        # Nothing but the type and the first field: no old name of the second either.
                        out = event.copy()
                        out[two] = default_two
                        return out
                    if type(event[two]) is class_two:
                        return event
            except (KeyError, BytesWarning):
                pass
        return slow(event, connection)

    return look


def _fast_start(names: Any, slow: Fix) -> Fix:
    status_name, headers_name = names
    lines = _KNOWN_LINES
    plain = frozenset(range(200, 600)) - _rules.NO_BODY

    def look(event: Any, connection: Any) -> Any:
        # Three keys: the type and these. Whatever else is there, the walk looks at.
        if type(event) is not dict or len(event) != 3 or connection.length != -1:
            return slow(event, connection)
        length = -2
        try:
            headers, status = event[headers_name], event[status_name]
            if type(status) is int and status in plain and type(headers) is list:
                length = -1
                for pair in headers:
                    if type(pair) is not tuple:
                        length = -2
                        break
                    name, value = pair
                    if type(name) is not bytes or type(value) is not bytes:
                        length = -2
                        break
                    if pair not in lines:
                        found = line_of(name, value)
                        if found != -1:
                            # A second content-length is for the walk, too.
                            length = found if length == -1 else -2
                            if length == -2:
                                break
        except (KeyError, ValueError, BytesWarning):
            length = -2
        if length == -2:
            return slow(event, connection)
        if length >= 0:
            connection.length = length
        return event

    return look


def _fast_scope(steps: Tuple[Step, ...], slow: Fix) -> Fix:
    """A scope that needs its version changed and nothing else: one copy, one look at each field."""
    by_op: Dict[str, List[str]] = {}
    for step in steps:
        if step.field is not None:
            by_op.setdefault(step.op, []).append(step.field)
    wanted = {
        "headers_in",
        "address",
        "port",
        "placeholder",
        "unix",
        "encode",
        "decode",
        "strip_root",
        "asgi2",
    }
    if set(by_op) != wanted or any(step.field is None for step in steps):
        return slow
    quirks = steps[0].quirks
    if quirks.placeholder_client is not None or quirks.unix_server != "keep":
        return slow
    (headers_name,), (query,), (root,), (asgi,) = (
        by_op[op] for op in ("headers_in", "encode", "decode", "asgi2")
    )
    client, server = by_op["address"]
    empty = ""
    # What the server says of itself is the same in every scope: learn it from the first. One tuple,
    # because another thread must not see a part without the others.
    learned: Any = None

    def learn(scope: Any) -> Any:
        nonlocal learned
        out = slow(scope)
        about = scope.get(asgi) if type(scope) is dict else None
        if type(about) is dict and len(about) == 2 and all(type(item) is str for item in about.values()):
            # A server that says 2.0 of itself needs no copy of its scopes: they stay with the walk.
            if out[asgi] != about and out[asgi].keys() == about.keys():
                learned = about.copy(), out[asgi]["version"], out[asgi]["spec_version"]
        return out

    def look(scope: Any, _: Any = None) -> Any:
        # What a server gives lies about no class, so that the cheaper question will do.
        if learned is not None and scope.__class__ is dict:
            try:
                about, version, spec_version = learned
                headers = scope[headers_name]
                if (
                    headers.__class__ is list
                    and scope[root] is empty
                    and scope[query].__class__ is bytes
                    and scope[asgi] == about
                ):
                    address = scope[client]
                    if address is not None:
                        _host, port = address
                        if port.__class__ is not int or address.__class__ is not tuple:
                            raise ValueError
                    address = scope[server]
                    if address is not None:
                        _host, port = address
                        if (port.__class__ is not int and port is not None) or address.__class__ is not tuple:
                            raise ValueError
                    for name, value in headers:
                        if name.__class__ is not bytes or value.__class__ is not bytes or not name.islower():
                            break
                    else:
                        out = scope.copy()
                        out[asgi] = {"version": version, "spec_version": spec_version}
                        return out
            except Exception:
                # A field that is not there, three items where two belong: whatever it is, the walk knows.
                pass
        return learn(scope)

    return look


def _fast_receive(steps: Tuple[Step, ...], slow: Fix) -> Fix:
    """websocket.receive with one key: only the wrapping of A16 is left to do."""
    if [step.op for step in steps] != ["one_key", "either_key"] or steps[0].quirks.receive_keys != "either":
        return slow

    def look(event: Any, connection: Any = None) -> Any:
        if type(event) is dict and len(event) == 2:
            out = EitherKey(event)
            if (out["text"] is None) is not (out["bytes"] is None) and None not in event.values():
                return out
        return slow(event, connection)

    return look


# ---------------------------------------------------------------------------------------------------
# The plan.


class Plan:
    """The table, compiled for one direction, one choice of quirks and one listener.

    ``scopes`` maps a kind of scope to its function; ``received`` an event type of the server to its
    function (scope kinds share it: the types differ); ``sent`` a kind of scope to the functions by
    event type; ``renames`` the earlier types; ``rules`` the ids that are alive.
    """

    __slots__ = (
        "direction",
        "quirks",
        "note",
        "rules",
        "scopes",
        "received",
        "sent",
        "renames",
        "received_as",
        "splits",
        "known",
        "strict",
        "extensions",
        "unknown",
    )

    def __init__(self, direction: str, quirks: Any, note: Any, table: Any, strict: bool) -> None:
        self.direction = direction
        self.quirks = quirks
        self.note = note
        self.strict = strict
        self.rules = frozenset(row.id for row in table.rules)
        self.scopes: Dict[str, Fix] = {}
        self.received: Dict[str, Fix] = {}
        self.sent: Dict[str, Dict[str, Fix]] = {"http": {}, "websocket": {}, "lifespan": {}}
        self.renames: Dict[str, Any] = {}
        self.received_as: Dict[str, Any] = {}
        self.splits: Dict[str, Any] = {row.was: row for row in table.splits if row.rule[0] == direction}
        #: The functions for events of extensions, which pass where the scope announces them.
        self.extensions: Dict[str, Fix] = {}
        #: The function for events that have no row.
        self.unknown: Fix
        self.known: Dict[str, str] = {row.type: row.scope for row in table.events}


def compile_table(
    direction: str, quirks: Any, note: Any, table: Any = TABLE, *, strict: bool = False, fast: bool = True
) -> Plan:
    """Make the functions of one direction out of the rows.

    ``note`` is called for each repair (see `walk`). ``table`` may be a smaller table
    (`_rules.without`), ``fast=False`` leaves the closures out: both are for the tests. Raises
    LookupError for a table without a rule that is how the thing is built.
    """
    alive = {row.id for row in table.rules}
    lost = sorted(id for id in _rules.STRUCTURE if id[0] == direction and id not in alive)
    if lost:
        raise LookupError(f"the table has no row for {', '.join(lost)}, which is how the adapter is built")
    plan = Plan(direction, quirks, note, table, strict)
    # An event that we know nothing of may have headers all the same.
    headers = [step for kind in _rules.WITH_ANY_HEADERS for step in steps_of(table, direction, kind, quirks)]
    plan.unknown = _walker(tuple(headers), (), AppMessageError, note)
    for event in table.events:
        steps = steps_of(table, direction, event.type, quirks)
        blame: Any = AppMessageError if event.sender == APP else ServerMessageError
        checked = event.sender == APP
        rows = tuple(row for row in table.fields if row.type == event.type) if checked else ()
        slow = _walker(steps, rows, blame, note, event.type)
        if event.sender != APP and event.scope == "":
            plan.scopes[event.type] = _scope_function(event.type, steps, slow, fast)
        elif event.sender != APP:
            chosen = _fast(steps, slow) if fast else slow
            plan.received[event.type] = _fast_receive(steps, chosen) if fast else chosen
        elif event.extension is not None and event.scope == "http":
            plan.extensions[event.type] = slow
        elif event.extension is None or steps:
            if event.type == _rules.START:
                slow = _start_walker(slow)
            plan.sent[event.scope][event.type] = _fast(steps, slow) if fast else slow
    for row in table.renames:
        if row.rule[0] == direction:
            (plan.renames if row.sender == APP else plan.received_as)[row.was] = row
    return plan


def _walker(steps: Tuple[Step, ...], rows: Any, blame: Any, note: Any, kind: Optional[str] = None) -> Fix:
    if not steps and not rows:
        return lambda event, connection=None: event if type(event) is dict else _as_dict(event, blame, kind)

    def slow(event: Any, connection: Any = None) -> Any:
        return walk(steps, rows, blame, note, event, None if connection is None else connection.scope, kind)

    return slow


def _scope_function(kind: str, steps: Tuple[Step, ...], slow: Fix, fast: bool) -> Fix:
    chosen = _fast_scope(steps, slow) if fast and steps else slow
    return _compacted(chosen) if kind in _rules.LONG_LIVED else chosen


def _compacted(function: Fix) -> Fix:
    """Copy a scope that changes once more, into less memory: it is kept while the connection is open."""

    def scope_of(scope: Any, connection: Any = None) -> Any:
        out = function(scope, connection)
        return out if out is scope else compact(out, _SharedScope)

    return scope_of


def _start_walker(slow: Fix) -> Fix:
    """A start is walked, and its connection told: it counts the body."""

    def start(event: Any, connection: Any) -> Any:
        out = slow(event, connection)
        connection.take_start(out)
        return out

    return start


def announced(kind: Any, scope: Mapping[str, Any]) -> bool:
    """Say whether the scope's extensions announce an event of this type."""
    extensions = scope.get("extensions")
    if not is_a(kind, str) or not extensions or not is_a(extensions, dict):
        return False
    names = [str.__str__(key) for key in extensions if is_a(key, str)]
    return any(kind == name or kind.startswith(name + ".") for name in names)


def split_response(event: Dict[str, Any], becomes: Tuple[str, str]) -> Tuple[Dict[str, Any], Dict[str, Any]]:
    """Make a start and a body of the single response event of October 2017 (A21)."""
    start_keys = ("status", "headers")
    start = {key: event[key] for key in start_keys if key in event}
    body = {key: value for key, value in event.items() if key not in start_keys}
    return {**start, "type": becomes[0]}, {**body, "type": becomes[1]}


def split_accept(event: Dict[str, Any]) -> Tuple[Dict[str, Any], Optional[Dict[str, Any]]]:
    """Take the first message out of an accept of uvicorn 0.1 and 0.2 (A32)."""
    first = {key: event[key] for key in ("bytes", "text") if event.get(key) is not None}
    if "bytes" not in event and "text" not in event:
        return event, None
    rest = {key: value for key, value in event.items() if key not in ("bytes", "text")}
    return rest, ({"type": "websocket.send", **first} if first else None)


def content_length(headers: Any) -> int:
    """Return the content-length among response headers, -1 for none.

    Raises `Unfit` for one that is no number, and for two that differ.
    """
    found = -1
    for name, value in headers:
        if name.lower() != _rules.LENGTH_HEADER:
            continue
        if not value.isdigit() or len(value) > 18:
            raise Unfit("a content-length of digits", f"it is {safe_repr(value, 40)}", name)
        if found not in (-1, int(value)):
            raise Unfit(
                "one length", f"there are two content-lengths that differ, {found} and {int(value)}", name
            )
        found = int(value)
    return found
