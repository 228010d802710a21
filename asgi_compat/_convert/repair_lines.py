"""Describe a repair in one line: the field, what was received, what is sent. Values are never shown."""

from __future__ import annotations

from .._text import type_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

_MISSING = object()


def describe_repair(before: object, after: object, field: Optional[str], makes: str) -> str:
    """Return ``headers: got dict, sent list of pairs``; what the rule makes, where the types are the same.

    >>> describe_repair({"status": "200"}, {"status": 200}, "status", "")
    'status: got str, sent int'
    """
    if not field or type(before) is not dict or type(after) is not dict:
        return makes
    old, new = before.get(field, _MISSING), after.get(field, _MISSING)
    got, sent = _kind(old), _kind(new)
    if got == sent == _PAIRS:
        got, sent = got + _parts(old), sent + _parts(new)
    if got == sent:
        return f"{field}: {makes}"
    return f"{field}: got {got}, sent {sent}"


def log_repair(line: str) -> None:
    """Log a line at INFO; print it where that level was asked for and no handler is there.

    Python prints records without a handler from WARNING on only. uvicorn configures loggers of its own and
    leaves the root logger alone, so ``getLogger("asgi_compat").setLevel(INFO)`` printed nothing.
    """
    import sys
    from logging import INFO, getLogger

    logger = getLogger("asgi_compat")
    if logger.hasHandlers() or not logger.isEnabledFor(INFO):
        logger.info("%s", line)
        return
    try:
        sys.stderr.write(f"asgi-compat: {line}\n")
        # Until Python 3.8 a standard error that is a file keeps its lines.
        sys.stderr.flush()
    except (AttributeError, OSError, ValueError):  # it is closed, or full
        pass


_PAIRS = "list of pairs"


def _kind(value: object) -> str:
    if value is _MISSING:
        return "nothing"
    if value is None:
        return "None"
    if type(value) is list and value and type(value[0]) in (tuple, list) and len(value[0]) == 2:
        return _PAIRS
    return type_name(value)


def _parts(pairs: Any) -> str:
    """Return the types in the first pair, where they are one."""
    kinds = {type_name(part) for part in pairs[0]}
    kind = f"{type(pairs[0]).__name__} of " if type(pairs[0]) is list else ""
    return f" of {kind}{kinds.pop()}" if len(kinds) == 1 else ""
