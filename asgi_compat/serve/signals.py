"""Record the signals of a process that serves: was it asked to stop, and a second time?"""

from __future__ import annotations

import contextlib
import functools
import multiprocessing
import os
import select
import signal
import socket
import threading
import time
from typing import Any, Callable, ClassVar, List, NoReturn, Optional

from .._terminal import say

#: The exit status after a second Ctrl-C: 128 + SIGINT, as shells report it.
ENDED_AT_ONCE = 130
#: Seconds in which another SIGINT is the same Ctrl-C: npm, uv and others pass on the one that the terminal
#: has given to everybody.
_SAME_KEY = 0.25


class Signals:
    """Record whether the server was asked to stop, whichever signal handlers it installs.

    uvicorn sends itself the captured signal again after its shutdown; a SIGTERM would then kill the process,
    so it is handled like Ctrl-C here. The supervisors of uvicorn, hypercorn and granian install handlers of
    their own and report a failed worker in different ways: Python writes the number of every signal to the
    wakeup descriptor, which a thread reads. A Ctrl-C after that ends this process and its workers at once,
    on every server: hypercorn, daphne and granian wait for open connections as long as they take.
    """

    #: The one of this process, while it serves.
    current: ClassVar[Optional[Signals]] = None

    def __init__(self, *, forks: bool = False) -> None:
        #: Whether this process is forked: it must have one thread then, and the server asks `told` itself.
        self._forks = forks
        self._numbers: List[int] = []
        #: When the first came.
        self._since = 0.0
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._asked = threading.Event()
        self._threads: List[threading.Thread] = []
        #: The wakeup descriptor of an event loop, which gets what we read.
        self._inner = -1

    def __enter__(self) -> Signals:
        self._pid = os.getpid()
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._term = signal.signal(signal.SIGTERM, _interrupt)
        # A shell starts a background job with SIGINT ignored, and Twisted leaves it ignored.
        self._int = signal.signal(signal.SIGINT, signal.default_int_handler)
        self._wakeup = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        _keep_signals_of_forks_apart()
        if not self._forks:
            self.watch()
        Signals.current = self
        return self

    def __exit__(self, *_: Any) -> None:
        Signals.current = None
        self._over.set()
        self._asked.set()
        signal.set_wakeup_fd(self._wakeup)
        signal.signal(signal.SIGTERM, self._term)
        signal.signal(signal.SIGINT, self._int)
        with contextlib.suppress(OSError):
            self._writer.send(b"\0")  # not the number of a signal; it wakes the watcher
        for thread in self._threads:
            thread.join()
        self._reader.close()
        self._writer.close()

    def watch(self) -> None:
        """Read the signals in a thread. A process that is forked calls it when its workers are there."""
        self._run(self._watch)

    def share(self) -> None:
        """Take the wakeup descriptor back from an event loop, and pass on what is read.

        Call it in the main thread while the loop runs.
        """
        main = threading.current_thread() is threading.main_thread()
        if main and os.name == "posix" and os.getpid() == self._pid:
            inner = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
            if inner != self._writer.fileno():
                self._inner = inner

    def release(self) -> None:
        """Have no wakeup descriptor, until `share` is called."""
        signal.set_wakeup_fd(-1)

    def told(self) -> bool:
        """Whether the server was asked to stop."""
        self._read()
        return bool(self._numbers)

    def note(self, number: int) -> None:
        """Record a signal that a handler of the server has got. The descriptor is to be released then."""
        self._note(number)

    def afterwards(self, seconds: float, do: Callable[[], None]) -> None:
        """Call `do` in a thread that long after the signal, unless the server has ended by then."""

        def wait() -> None:
            self._asked.wait()
            if not self._over.wait(seconds):
                do()

        self._run(wait)

    def _run(self, target: Callable[[], None]) -> None:
        thread = threading.Thread(target=target, name="asgi-compat-signals", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _watch(self) -> None:
        while not self._over.is_set():
            select.select([self._reader], [], [])
            self._read()

    def _read(self) -> None:
        with self._lock, contextlib.suppress(BlockingIOError):
            numbers = self._reader.recv(4096)
            if self._inner >= 0:
                with contextlib.suppress(OSError):
                    os.write(self._inner, numbers)
            for number in numbers:
                self._note(number)

    def _note(self, number: int) -> None:
        if number not in (signal.SIGINT, signal.SIGTERM):
            return
        if not self._numbers:
            self._since = time.monotonic()
        elif number == signal.SIGINT and time.monotonic() - self._since > _SAME_KEY:
            _end_at_once()
        self._numbers.append(number)
        self._asked.set()


def terminate_workers() -> None:
    """Send SIGTERM to the worker processes that have not ended."""
    for process in multiprocessing.active_children():
        process.terminate()


def _end_at_once() -> NoReturn:
    for process in multiprocessing.active_children():
        process.kill()
    say("asgi-compat: a second Ctrl-C: ended at once")
    os._exit(ENDED_AT_ONCE)


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
