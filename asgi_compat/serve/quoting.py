"""Quote an exception of user code in one line, escaped and bounded."""

from __future__ import annotations

import importlib
import os
import sysconfig
import traceback
from typing import List

from .._text import escape, name_of_class
from .moved import advice

#: Characters of a message that are quoted.
_QUOTED = 500
_OURS = os.path.dirname(os.path.abspath(__file__))


def import_problem(what: str, error: BaseException, remedy: str = "") -> str:
    """Return the sentence about user code that raised: what it was, the exception, the place, the remedy."""
    said = f"{name_of_class(type(error))}: {first_line(error)}"
    return f"{what}: {said} (at {_place(error)}); {remedy or _remedy(error)}"


def first_line(error: BaseException) -> str:
    """Return the first line of an exception's message, whatever its ``__str__`` does."""
    try:
        message = error.msg if isinstance(error, SyntaxError) else str(error)
    except Exception as failure:
        message = f"its own message could not be read: {name_of_class(type(failure))}"
    lines = message[:_QUOTED].strip().splitlines() if isinstance(message, str) else []
    return escape(lines[0]) if lines else "no message"


def _remedy(error: BaseException) -> str:
    if isinstance(error, SystemExit):
        return 'it ends the program when it is imported: put that under if __name__ == "__main__"'
    moved = advice(error)
    if moved:
        return moved
    missing = getattr(error, "name", None)
    if isinstance(error, ModuleNotFoundError) and isinstance(missing, str) and missing:
        return f"install {missing.partition('.')[0]!r} in this environment, or correct the name"
    return "fix it and try again"


def _place(error: BaseException) -> str:
    """Return ``file:line`` of the innermost frame of user code, or of any code."""
    if isinstance(error, SyntaxError) and isinstance(error.filename, str):
        return f"{error.filename}:{error.lineno}"
    frames = user_frames(error)
    libraries = tuple(sysconfig.get_paths()[key] for key in ("stdlib", "platstdlib", "purelib", "platlib"))
    own = [frame for frame in frames if not frame.filename.startswith(libraries)] or frames
    return f"{own[-1].filename}:{own[-1].lineno}" if own else "an unknown place"


def user_frames(error: BaseException) -> List[traceback.FrameSummary]:
    """Return the frames of an exception that are in files, without ours and those of the import system."""
    frames = traceback.extract_tb(error.__traceback__)
    return [frame for frame in frames if not _is_machinery(frame.filename)]


def _is_machinery(filename: str) -> bool:
    if filename.startswith("<frozen") or filename == importlib.__file__:
        return True
    return os.path.dirname(os.path.abspath(filename)) == _OURS
