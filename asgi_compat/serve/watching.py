"""Name the line that runs when an import takes long, and one that starts a server."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from types import FrameType
from typing import Any, List

from .._stacks import awaited_frames, called_frames, line_of_user_code
from .._terminal import is_command, say
from .._text import escape

#: Seconds after which an import is named.
SLOW = 3.0
#: The status of a command that could not import the application.
_NOT_IMPORTED = 3
#: The modules of servers whose functions run until the end.
_SERVERS = (
    "aiohttp.web", "daphne.server", "gunicorn.", "granian.", "http.server", "hypercorn.", "socketserver",
    "tornado.", "twisted.internet", "uvicorn.", "waitress.", "werkzeug.serving", "wsgiref.",
)  # fmt: skip


class ImportWatch:
    """Watch the import that runs in the block, from another thread.

    An import that takes long is named once, with the line, and goes on. One that has started a server never
    ends: a command ends with the status of a failed import.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._over = threading.Event()
        self._importing = threading.get_ident()

    def __enter__(self) -> ImportWatch:
        self._thread = threading.Thread(target=self._watch, name="asgi-compat-import", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        if self._over.wait(SLOW):
            return
        frames = called_frames(sys._current_frames().get(self._importing))
        where = escape(line_of_user_code(frames))
        if not _runs_server(frames):
            say(f"asgi-compat: importing {escape(self._name)} takes longer than {SLOW:g} s; it is at {where}")
            return
        say(
            f"asgi-compat: error: importing {escape(self._name)} starts a server at {where}: put that under"
            ' if __name__ == "__main__"'
        )
        if is_command():
            os._exit(_NOT_IMPORTED)


def _runs_server(frames: List[FrameType]) -> bool:
    """Whether a server runs in these frames, or in the event loop that runs in them.

    A module of a server that is only being imported, slowly, does not.
    """
    runs = False
    for frame in frames:
        if frame.f_code.co_name == "<module>":
            return runs and not _is_of_server(frame)
        if _is_of_server(frame) or (frame.f_code.co_name == "run_forever" and _loop_runs_server(frame)):
            runs = True
    return runs


def _is_of_server(frame: Any) -> bool:
    return str(frame.f_globals.get("__name__", "")).startswith(_SERVERS)


def _loop_runs_server(frame: FrameType) -> bool:
    """Whether a task of the event loop whose ``run_forever`` this is waits in a server: Quart's run()."""
    loop: Any = frame.f_locals.get("self")
    try:
        tasks = asyncio.all_tasks(loop)
    except Exception:  # another kind of loop, or its tasks change at this moment
        return False
    return any(_is_of_server(inner) for task in tasks for inner in awaited_frames(task.get_coro()))
