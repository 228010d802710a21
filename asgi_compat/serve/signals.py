"""Who asked for the end: the signals of a process that serves."""

from __future__ import annotations

import contextlib
import functools
import os
import select
import signal
import socket
import threading
from typing import Any, Callable, List, Optional


class Signals:
    """Knows whether somebody asked the server to end, whichever handler the server puts in place.

    uvicorn sends itself the captured signal once more after its shutdown; a SIGTERM would then
    kill the process, so that here it is the same as Ctrl-C. The supervisors of uvicorn, hypercorn
    and granian set handlers of their own and report a failed worker in no common way: Python
    writes every signal's number to the wakeup descriptor, and that is read afterwards.
    """

    def __init__(self) -> None:
        self._numbers: List[int] = []
        self._over = threading.Event()
        self._watcher: Optional[threading.Thread] = None

    def __enter__(self) -> Signals:
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._term = signal.signal(signal.SIGTERM, _interrupt)
        # A shell starts a background job with SIGINT ignored, and Twisted then leaves it so.
        self._int = signal.signal(signal.SIGINT, signal.default_int_handler)
        self._wakeup = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        _keep_signals_of_forks_apart()
        return self

    def __exit__(self, *_: Any) -> None:
        self._over.set()
        signal.set_wakeup_fd(self._wakeup)
        signal.signal(signal.SIGTERM, self._term)
        signal.signal(signal.SIGINT, self._int)
        if self._watcher is not None:
            with contextlib.suppress(OSError):
                self._writer.send(b"\0")  # no signal's number; it need not wait for its next look
            self._watcher.join()
        self._reader.close()
        self._writer.close()

    def note(self, number: int) -> None:
        """Remember a signal that was seen elsewhere: an event loop has its own wakeup descriptor."""
        self._numbers.append(number)

    def told(self) -> bool:
        """Whether somebody asked the server to end."""
        with contextlib.suppress(BlockingIOError):
            self._numbers.extend(self._reader.recv(4096))
        return signal.SIGINT in self._numbers or signal.SIGTERM in self._numbers

    def afterwards(self, seconds: float, do: Callable[[], None]) -> None:
        """Call `do` in a thread that long after the signal, unless all is over by then."""

        def watch() -> None:
            while not self._over.is_set() and not self.told():
                select.select([self._reader], [], [], 0.5)
            if not self._over.wait(seconds):
                do()

        self._watcher = threading.Thread(target=watch, name="asgi-compat-signals", daemon=True)
        self._watcher.start()


_held = threading.local()


@functools.lru_cache(maxsize=None)
def _keep_signals_of_forks_apart() -> None:
    """Let a forked worker (granian's) not write its own signals into its parent's wakeup descriptor.

    Signals wait until the worker has forgotten the descriptor: granian ends the second worker as soon as
    the first one fails, on a busy machine before it has run a line of Python.
    """
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(
            before=_hold_signals, after_in_parent=_release_signals, after_in_child=_forget_wakeup
        )


def _hold_signals() -> None:
    _held.mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})


def _release_signals() -> None:
    signal.pthread_sigmask(signal.SIG_SETMASK, _held.mask)


def _forget_wakeup() -> None:
    if threading.current_thread() is threading.main_thread():
        signal.set_wakeup_fd(-1)
    _release_signals()


def _interrupt(number: int, frame: Any) -> None:
    raise KeyboardInterrupt
