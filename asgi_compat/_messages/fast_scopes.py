"""Fast paths for scopes: one look at each field, and one copy.

Each must give the same result as the reference, ``slow``, and calls it for every other scope. This runs for
each connection, so that one function looks at all fields and one more at their items: a call costs 40 ns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Dict, List, Tuple

from .schema import MISSING

if TYPE_CHECKING:
    from .schema import BoundStep

    Fix = Callable[..., Any]

#: The operations of a scope that a fast path stands for, whatever the application.
_SCOPE = frozenset(
    {
        "headers_in", "address", "port", "placeholder", "unix", "encode", "decode", "mapping", "http_scheme",
        "http_version",
    }
)  # fmt: skip
#: Those for old applications, and those for current ones.
_OLD = frozenset({"strip_root", "asgi2"})
_CURRENT = frozenset({"complete_asgi", "raw_path", "present_mapping"})
#: What is left of them where the server is known to give the other fields right (`servers`).
_TRUSTED = frozenset({"present_mapping"})
#: Stands for an address of None, which is right.
_NO_ADDRESS = ("", 0)
_SERVER_PORTS = (int, type(None))
#: Looked up as a method of each name it takes 5 ns more.
_IS_LOWER = bytes.islower


def fast_scope(steps: Tuple[BoundStep, ...], slow: Fix) -> Fix:
    """Return a fast path for a scope whose fields are right, or ``slow`` itself."""
    by_op: Dict[str, List[str]] = {}
    for step in steps:
        if step.field is None:
            return slow
        by_op.setdefault(step.op, []).append(step.field)
    quirks, ops = steps[0].quirks, set(by_op)
    if ops == _OLD:
        return _fast_trusted(by_op["asgi2"][0], slow)
    if ops == _TRUSTED:
        return _fast_completed(by_op["present_mapping"][0], slow)
    if ops not in (_SCOPE | _OLD, _SCOPE | _CURRENT):
        return slow
    if quirks.placeholder_client is not None or quirks.unix_server != "keep":
        return slow
    return _fast_checked(by_op, slow)


def _learn(asgi: str, scope: Any, out: Any, before: Any) -> Any:
    """Return what a server says of itself and what is said instead: the same in every scope of it.

    One tuple, because another thread must not see a part without the other. None stands for what needs no
    change. ``before`` if it cannot be reused.
    """
    about = scope.get(asgi) if type(scope) is dict else None
    if type(about) is not dict or len(about) != 2 or any(type(item) is not str for item in about.values()):
        return before
    ours = out[asgi]
    if ours is about:
        return about.copy(), None
    return (about.copy(), ours.copy()) if ours.keys() == about.keys() else before


def _fast_trusted(asgi: str, slow: Fix) -> Fix:
    """A scope of a server whose other fields need no look, unless it has a root_path to take off (A8)."""
    learned: Any = None
    root = "root_path"

    def look(scope: Any, _: Any = None) -> Any:
        nonlocal learned
        if learned is not None and scope.__class__ is dict:
            try:
                about, ours = learned
                if not scope[root] and scope[asgi] == about:
                    out = scope.copy()
                    # A dict for each connection: the application may write to it.
                    out[asgi] = ours.copy()
                    return out
            except Exception:
                pass
        out = slow(scope)
        learned = _learn(asgi, scope, out, learned)
        if learned is not None and learned[1] is None:
            # A server that says 2.0 of itself needs no copy of its scopes: they stay with the walk.
            learned = None
        return out

    return look


def _fast_completed(extensions: str, slow: Fix) -> Fix:
    """A scope of a known server for a current application, which only lacks extensions (A54)."""

    def look(scope: Any, _: Any = None) -> Any:
        if scope.__class__ is dict and extensions not in scope:
            out = scope.copy()
            out[extensions] = {}
            return out
        return slow(scope)

    return look


def _fast_checked(by_op: Dict[str, List[str]], slow: Fix) -> Fix:
    """A scope of an unknown server: one look at each field, then one copy."""
    headers, query, root = by_op["headers_in"][0], by_op["encode"][0], by_op["decode"][0]
    extensions, scheme, version = by_op["mapping"][0], by_op["http_scheme"][0], by_op["http_version"][0]
    client, server = by_op["address"]
    asgi = by_op["asgi2" if "asgi2" in by_op else "complete_asgi"][0]
    finish = _finish_current(by_op["raw_path"][0], extensions) if "raw_path" in by_op else _finish_old
    empty = ""
    # Until the first scope, nothing equals what a server says of itself.
    learned: Any = (MISSING, None)

    def look(scope: Any, _: Any = None) -> Any:
        nonlocal learned
        # A server's objects do not lie about their class: the cheaper check is enough.
        if scope.__class__ is dict:
            try:
                about, ours = learned
                if (
                    scope[asgi] == about
                    and scope[root] is empty
                    and scope[query].__class__ is bytes
                    and scope[scheme].__class__ is str
                    and scope[version].__class__ is str
                    and (extensions not in scope or scope[extensions].__class__ is dict)
                    and _are_right(scope[headers], scope[client], scope[server])
                ):
                    if ours is None:
                        return finish(scope)
                    out = scope.copy()
                    # A dict for each connection: the application may write to it.
                    out[asgi] = ours.copy()
                    return out
            except Exception:
                # A missing field, or three items instead of two: the reference handles it.
                pass
        out = slow(scope)
        learned = _learn(asgi, scope, out, learned)
        return out

    return look


def _finish_old(scope: Any) -> Any:
    return scope


def _finish_current(raw_path: str, extensions: str) -> Fix:
    """What only a current application needs: a raw_path of bytes without the query, and extensions (A54)."""

    def finish(scope: Any) -> Any:
        if raw_path in scope and (scope[raw_path].__class__ is not bytes or b"?" in scope[raw_path]):
            raise ValueError
        if extensions in scope:
            return scope
        out = scope.copy()
        out[extensions] = {}
        return out

    return finish


def _are_right(headers: Any, client: Any, server: Any) -> bool:
    """Return whether headers and addresses need no repair; it may raise for others.

    Classes come first: unpacking alone would empty an address or a header that is an iterator.
    """
    if client is None:
        client = _NO_ADDRESS
    if server is None:
        server = _NO_ADDRESS
    if not client.__class__ is server.__class__ is tuple or headers.__class__ is not list:
        return False
    host, port = client
    name, number = server
    if not host.__class__ is name.__class__ is str or port.__class__ is not int:
        return False
    if number.__class__ not in _SERVER_PORTS:
        return False
    for pair in headers:
        if pair.__class__ is not tuple and pair.__class__ is not list:
            return False
        name, value = pair
        if name.__class__ is not bytes or value.__class__ is not bytes or not _IS_LOWER(name):
            return False
    return True
