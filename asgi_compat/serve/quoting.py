"""What is said of an exception of somebody else's code: one line, escaped and bounded."""

from __future__ import annotations

import importlib
import os
import sysconfig
import traceback
from types import TracebackType
from typing import List, Optional

from .._text import escape


def own_frames(trace: Optional[TracebackType]) -> List[traceback.FrameSummary]:
    """The frames of a traceback that lie in files, without ours and the import system's."""
    frames = traceback.extract_tb(trace)
    return [
        frame for frame in frames if not frame.filename.startswith("<frozen") and not _is_ours(frame.filename)
    ]


_OURS = os.path.dirname(os.path.abspath(__file__))


def _is_ours(filename: str) -> bool:
    return filename == importlib.__file__ or os.path.dirname(os.path.abspath(filename)) == _OURS


def _place(error: BaseException) -> str:
    """``file:line`` of the innermost frame of the user's own code, or of any code."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}"
    frames = own_frames(error.__traceback__)
    libraries = tuple(sysconfig.get_paths()[key] for key in ("stdlib", "platstdlib", "purelib", "platlib"))
    users = [frame for frame in frames if not frame.filename.startswith(libraries)] or frames
    return f"{users[-1].filename}:{users[-1].lineno}" if users else "an unknown place"


def import_problem(what: str, error: BaseException) -> str:
    """Return the sentence about user code that raised: what it was, the exception, the place, the remedy."""
    first = first_line(error)
    advice = "repair that and start again"
    if isinstance(error, ModuleNotFoundError) and error.name and isinstance(error.name, str):
        advice = f"install {error.name.partition('.')[0]!r} in this environment, or correct the name"
    elif isinstance(error, SystemExit):
        advice = 'it ends the program when it is imported: put that under if __name__ == "__main__"'
    return f"{what}: {type(error).__name__}: {first} (at {_place(error)}); {advice}"


#: Characters of somebody else's message that are quoted.
_QUOTED = 500


def first_line(error: BaseException) -> str:
    """Return the first line of what an exception says, escaped and bounded, whatever its ``__str__`` does."""
    try:
        message = error.msg if isinstance(error, SyntaxError) else str(error)
    except Exception as failure:
        message = f"its own message could not be read: {type(failure).__name__}"
    lines = message[:_QUOTED].strip().splitlines() if isinstance(message, str) else []
    return escape(lines[0]) if lines else "no message"
