"""Record the signals of a process that serves: was the server asked to stop?"""

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
    """Record whether the server was asked to stop, whichever signal handlers it installs.

    uvicorn sends itself the captured signal again after its shutdown; a SIGTERM would then kill the process,
    so it is handled like Ctrl-C here. The supervisors of uvicorn, hypercorn and granian install handlers of
    their own and report a failed worker in different ways: Python writes the number of every signal to the
    wakeup descriptor, which is read afterwards.
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
        # A shell starts a background job with SIGINT ignored, and Twisted leaves it ignored.
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
                self._writer.send(b"\0")  # not the number of a signal; it wakes the watcher
            self._watcher.join()
        self._reader.close()
        self._writer.close()

    def note(self, number: int) -> None:
        """Record a signal that an event loop has received: it has its own wakeup descriptor."""
        self._numbers.append(number)

    def told(self) -> bool:
        """Whether the server was asked to stop."""
        with contextlib.suppress(BlockingIOError):
            self._numbers.extend(self._reader.recv(4096))
        return signal.SIGINT in self._numbers or signal.SIGTERM in self._numbers

    def afterwards(self, seconds: float, do: Callable[[], None]) -> None:
        """Call `do` in a thread that long after the signal, unless the server has ended by then."""

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
    """Keep a forked worker (granian's) from writing its signals to the wakeup descriptor of its parent.

    Signals are blocked until the worker has dropped the descriptor: granian ends the second worker as soon as
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
