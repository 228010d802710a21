"""Copies of a dict that need half the memory."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


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
