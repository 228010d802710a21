"""The closures: one look at an event that is already right.

Each looks at exact classes before it trusts equality, and asks `type`: what is equal to a line that was
seen before may be a memoryview, and ``__class__`` may lie. Nothing is walked inside a ``try``: the errors
of the walk are ValueErrors, and a repair that is looked for twice is reported twice.
"""

from __future__ import annotations

from .kinds import _CLASSES, _CONTROLS, _TOKEN
from .operations.websocket import EitherKey
from .specification import FRAMING, LENGTH_HEADER, NO_BODY, START

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Tuple

    from .schema import Step

    Fix = Callable[..., Any]

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
        known = bool(_TOKEN(name)) and name.lower() == name and name not in FRAMING
        if not known:
            return -2
        if len(_KNOWN_NAMES) >= _LIMIT:
            _KNOWN_NAMES.clear()
        if len(name) <= 64:
            _KNOWN_NAMES[name] = True
    if value.strip(b" \t") is not value or value.translate(None, _CONTROLS) is not value:
        return -2
    if name == LENGTH_HEADER:
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
        and steps[0].event == START
        and ops >= {"status", "missing", "listed", "headers_out", "stripped", "clean"}
    ):
        return _fast_start(["status", "headers"], slow)
    return slow


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
    plain = frozenset(range(200, 600)) - NO_BODY

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
