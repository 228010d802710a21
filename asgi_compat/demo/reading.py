"""What the pages show of a scope, and what they need to know of it."""

from __future__ import annotations

from typing import Any, List

from asgi_compat import Scope


def root_of(scope: Scope) -> str:
    """Return the path under which the application is mounted, without a slash at its end."""
    return str(scope.get("root_path") or "").rstrip("/")


def local_path(scope: Scope) -> str:
    """Return the path inside the application, whether or not the server left the root path in front.

    uvicorn 0.26 and later put it in front of whatever was asked for, so a browser that already
    asked for the full path is seen with the prefix twice. No page here begins with it: take it
    away as often as it is there.
    """
    path, root = str(scope["path"]), root_of(scope)
    while root and (path == root or path.startswith(root + "/")):
        _, _, path = path.partition(root)
    return path or "/"


def accepted(scope: Scope) -> str:
    """Return "html" or "json" if the client accepts it, in this order, and "text" otherwise."""
    accept = b",".join(value for name, value in scope["headers"] if bytes(name).lower() == b"accept").lower()
    if b"text/html" in accept:
        return "html"
    return "json" if b"application/json" in accept else "text"


def plain(value: Any) -> Any:
    """Return the value with every byte string readable, as JSON can hold it."""
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode("latin-1")
    if isinstance(value, dict):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return repr(value)


def lines_of(name: str, value: Any) -> List[str]:
    """Return what is shown of one field of the scope, a line each."""
    if name == "headers":
        return [f"{plain(key)}: {plain(item)}" for key, item in value] or ["(none)"]
    if isinstance(value, dict):
        return [f"{key}: {plain(item)}" for key, item in value.items()] or ["(none)"]
    if name in ("client", "server") and isinstance(value, (list, tuple)):
        return [":".join(str(part) for part in value if part is not None)]
    return [repr(value)]
