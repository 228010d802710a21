"""Exceptions of applications, as text."""

from __future__ import annotations

import os
import traceback
from typing import Any, Iterable, Tuple

from asgi_compat import AdapterError, AppMessageError
from asgi_compat._text import safe_str

LONGEST = 200
_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_STANDARD_LIBRARY = os.path.dirname(os.__file__)


def describe(error: BaseException) -> str:
    """Return the last line of the traceback of an exception."""
    try:
        text = traceback.format_exception_only(type(error), error)[-1].strip()
    except Exception:
        text = type(error).__name__
    text = text.split("\n")[0]
    if isinstance(error, AppMessageError):
        text = f"AppMessageError: {error}"
    if isinstance(error, AdapterError):
        return text  # ours: it is bounded, and ends with what to do
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


def place_of(error: BaseException) -> str:
    """Return the file, line and function that raised, as far as it is the application's; "" without one."""
    return place_in(traceback.extract_tb(error.__traceback__))


def place_in(frames: Iterable[Any]) -> str:
    """Return the innermost file, line and function that are the application's; "" without one."""
    theirs = [frame for frame in frames if not frame.filename.startswith((_PACKAGE, "<"))]
    own = [frame for frame in theirs if _is_own(frame.filename)]
    installed = [frame for frame in theirs if "site-packages" in frame.filename]
    for frame in reversed(own or installed or theirs):
        inside = frame.filename.startswith(os.getcwd())
        path = os.path.relpath(frame.filename) if inside else frame.filename
        return f"{path}:{frame.lineno}, in {frame.name}"
    return ""


def _is_own(path: str) -> bool:
    return "site-packages" not in path and _STANDARD_LIBRARY not in path


def at_place(place: str) -> str:
    """Return a place as it stands behind the text of an exception."""
    return f" (at {place})" if place else ""


def identity(error: BaseException) -> Tuple[object, ...]:
    """Return what two occurrences of one exception have in common."""
    return type(error), safe_str(error, LONGEST), place_of(error)
