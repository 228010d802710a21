"""Operations on path, raw_path and root_path."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Dict, Optional

from ..kinds import is_a, plain_bytes
from ..schema import MISSING, Unrepairable
from ..servers import ROOT_FIRST, lacks
from ..specification import (
    MOUNTED,
)
from .registry import (
    ACROSS_FIELDS,
    CONTENT,
    TYPE,
    field_operation,
)
from .values import encode_utf8

if TYPE_CHECKING:
    from ..schema import BoundStep
    from .registry import Change, Message


@field_operation("raw_path", TYPE)
def _raw_path(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    if value is MISSING:
        return None
    if value is None:
        return MISSING, False
    try:
        raw = encode_utf8(value) if is_a(value, str) else plain_bytes(value)
    except Unrepairable as error:
        # A lone surrogate. None is not allowed here: the key is absent, as for any other value.
        raise Unrepairable(error.expected, error.remedy, instead=MISSING) from None
    if raw is None:
        raise Unrepairable("bytes", instead=MISSING)
    raw = raw.split(b"?", 1)[0]
    return (
        None if raw is value or (type(value) is bytes and raw == value) else (raw, type(value) is not bytes)
    )


@field_operation("unquote", CONTENT)
def _unquote(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    if step.quirks.unquote_path and is_a(value, str) and "%" in value:
        from urllib.parse import unquote

        return unquote(value), False
    return None


def puts_root_first(scope: Any) -> bool:
    """Return whether root_path may be in front of path.

    Under a Mount of Starlette root_path is the Mount's, on every server.
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


def _strip_raw(event: Message, before: str) -> Dict[str, Any]:
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
def _strip_root(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
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
def _prepend_root(value: Any, step: BoundStep, event: Message, scope: object) -> Change:
    root: Any = event.get("root_path")
    if not step.quirks.prepend_root_path or not is_a(root, str) or not is_a(value, str):
        return None
    root = root.rstrip("/")
    if not root or value == root or value.startswith(root + "/"):
        return None
    return root + value, False
