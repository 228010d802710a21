"""Describe where a task waits, and which line of a stack is user code."""

from __future__ import annotations

import linecache
import os
import sysconfig
from types import FrameType
from typing import Any, Iterable, Iterator, List, NamedTuple, Optional

_OURS = os.path.dirname(os.path.abspath(__file__))


class Frame(NamedTuple):
    """A line of code, as in a traceback."""

    filename: str
    lineno: int
    name: str


def awaited_frames(waiter: Any) -> Iterator[FrameType]:
    """Yield the frames of a coroutine or generator and of those that it waits for, outermost first."""
    while waiter is not None:
        frame = _first(waiter, "cr_frame", "ag_frame", "gi_frame")
        if frame is not None:
            yield frame
        waiter = _first(waiter, "cr_await", "ag_await", "gi_yieldfrom")


def _first(waiter: Any, *names: str) -> Any:
    """Return the first of these attributes that is there: of a coroutine, a generator of either kind."""
    return next((value for value in (getattr(waiter, name, None) for name in names) if value), None)


def waits_at(task: Any) -> Iterator[Frame]:
    """Yield the lines at which a task waits, outermost first: of coroutines and generators."""
    for frame in awaited_frames(getattr(task, "get_coro", lambda: None)()):
        yield Frame(frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name)


def called_frames(frame: Optional[FrameType]) -> List[FrameType]:
    """Return the frames of a thread, the innermost first."""
    found = []
    while frame is not None:
        found.append(frame)
        frame = frame.f_back
    return found


def line_of_user_code(frames: Iterable[FrameType]) -> str:
    """Return ``file:line: code`` of the first frame that is neither ours nor of a library."""
    paths = sysconfig.get_paths()
    libraries = tuple(paths[key] for key in ("stdlib", "platstdlib", "purelib", "platlib"))
    for frame in frames:
        file = frame.f_code.co_filename
        if not file.startswith((*libraries, _OURS, "<")):
            code = linecache.getline(file, frame.f_lineno).strip()
            return f"{file}:{frame.f_lineno}: {code[:100]}"
    return "an unknown place"
