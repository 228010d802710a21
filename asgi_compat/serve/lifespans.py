"""End a start-up or shutdown of the application that does not end by itself.

No server (uvicorn 0.54, granian 2.8) ends while the application has not answered ``lifespan.startup`` or
``lifespan.shutdown``, however often it is asked to; hypercorn 0.18 waits for 60 s. A thread watches both:
what takes long is named with its line, and is cancelled once the server was asked to stop. What ignores
that, or blocks the event loop, ends with the process.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import time
from functools import partial
from types import FrameType
from typing import Any, Callable, Dict, NoReturn, Optional, Tuple

from asgi_compat import ASGI3App, Receive, Scope, Send

from .._stacks import awaited_frames, called_frames, line_of_user_code
from .._terminal import is_command, say
from .signals import Signals

#: Seconds after which a start-up or shutdown is named.
SLOW = 3.0
#: Seconds that a start-up may go on after the server was asked to stop.
STARTUP_GRACE = 1.0
#: Seconds that a shutdown may take, where the user gave no time for open requests.
SHUTDOWN_GRACE = 10.0
#: Seconds that a cancelled start-up or shutdown has to clean up, and the least that a shutdown gets.
CANCEL_GRACE = 3.0
#: Seconds between two looks at whether the server was asked to stop.
_TICK = 0.1
#: Why a process was ended whose lifespan conversation is over.
_TASK = "a task that it has started does not end"


class StopRequests:
    """Record that this process was asked to stop, in front of the signal handlers that the server has.

    Call it in the main thread. A handler that Python cannot put back is left alone, and so is the default of
    the system, which ends the process. `told` is called with the number of each signal.
    """

    def __init__(self, told: Optional[Callable[[int], None]] = None) -> None:
        self._told = told
        #: When the first came.
        self.since: Optional[float] = None
        self._before: Dict[int, Any] = {}
        self._ours: Dict[int, Any] = {}
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._install(number)

    def _install(self, number: int) -> None:
        before = signal.getsignal(number)
        if before in (None, signal.SIG_DFL):
            return

        def note(number: int, frame: Optional[FrameType]) -> None:
            if self.since is None:
                self.since = time.monotonic()
            if self._told is not None:
                self._told(number)
            if callable(before):
                before(number, frame)

        self._before[number], self._ours[number] = before, note
        _handle(number, note)

    def remove(self) -> None:
        """Put the handlers back that nobody else has replaced."""
        for number, before in self._before.items():
            if signal.getsignal(number) is self._ours[number]:
                _handle(number, before)
        self._before.clear()


_early: Optional[StopRequests] = None


def note_stop_requests(told: Callable[[int], None]) -> None:
    """Record from now on that this worker was asked to stop: during the import of the application, too."""
    global _early
    _early = StopRequests(told)


def _handle(number: int, handler: Any) -> None:
    signal.signal(number, handler)
    if handler is not signal.SIG_IGN and hasattr(signal, "siginterrupt"):
        signal.siginterrupt(number, False)  # as asyncio has it


class WatchedLifespan:
    """Hold the lifespan conversation of an application, and end it where it does not end by itself.

    `grace` is the number of seconds that a shutdown may take, None for `SHUTDOWN_GRACE`.
    """

    def __init__(self, app: ASGI3App, grace: Optional[int] = None) -> None:
        self._app = app
        self._grace = SHUTDOWN_GRACE if grace is None else max(float(grace), CANCEL_GRACE)
        #: The start-up has been answered, the server has asked for the shutdown, the call has ended.
        self._started = threading.Event()
        self._stopping = threading.Event()
        self._over = threading.Event()
        self._cancelled = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Call the application. Where it was cancelled, tell the server that it failed."""
        self._thread_id = threading.get_ident()
        self._task, self._loop = _current_task()
        self._requests = StopRequests()
        if _early is not None:
            self._requests.since = _early.since
        _run(self._watch_startup)

        async def watched_receive() -> Any:
            event = await receive()
            if event["type"] == "lifespan.shutdown" and not self._stopping.is_set():
                self._stopping.set()
                self._end_startup()
                _run(self._watch_shutdown)
            return event

        async def watched_send(event: Any) -> None:
            if self._cancelled:  # the server gets one line of ours, and no traceback
                return
            if event["type"].startswith("lifespan.startup."):
                self._end_startup()
            await send(event)

        try:
            await self._app(scope, watched_receive, watched_send)
        except BaseException as error:
            if isinstance(error, asyncio.CancelledError) and not self._stopping.is_set() and self._is_asked():
                # uvicorn that is asked to stop before it listens ends its loop without lifespan.shutdown.
                self._over.set()
                _run(partial(self._end_with_loop, _TASK))
            if not self._cancelled:
                raise
        finally:
            self._over.set()
            self._end_startup()
        if self._cancelled:
            await self._report(send)

    async def _report(self, send: Send) -> None:
        if self._task is not None and sys.version_info >= (3, 11):
            self._task.uncancel()
        kind, what = ("shutdown", "shutdown") if self._stopping.is_set() else ("startup", "start-up")
        # hypercorn raises here what it is told, and each of its workers would print a traceback.
        with contextlib.suppress(Exception):
            await send({"type": f"lifespan.{kind}.failed", "message": f"the {what} was cancelled"})

    def _is_asked(self) -> bool:
        """Return whether this process was asked to stop, before the start-up was answered or after it."""
        told = Signals.current is not None and Signals.current.told()
        return told or any(each is not None and each.since is not None for each in (_early, self._requests))

    def _end_startup(self) -> None:
        if not self._started.is_set():
            self._started.set()
            self._requests.remove()

    def _watch_startup(self) -> None:
        slow = time.monotonic() + SLOW
        while not self._started.wait(_TICK):
            since, now = self._requests.since, time.monotonic()
            if since is not None and now > since + STARTUP_GRACE:
                self._end("start-up")
                return
            if now > slow:
                slow = float("inf")
                say(f"asgi-compat: the start-up takes longer than {SLOW:g} s; it is at {self._line()}")

    def _watch_shutdown(self) -> None:
        first = min(SLOW, self._grace)
        rest = self._grace - first
        if not self._over.wait(first) and rest:
            say(
                f"asgi-compat: the shutdown takes longer than {first:g} s; it is at {self._line()};"
                f" it is cancelled in {rest:g} s, a second Ctrl-C ends it at once"
            )
            self._over.wait(rest)
        if self._over.is_set():
            self._end_with_loop(_TASK)
        else:
            self._end("shutdown")

    def _end(self, what: str) -> None:
        """Cancel the call, and end the process where that does not end it."""
        where = f"its {what} is at {self._line()}"
        say(f"asgi-compat: the {what} does not end and is cancelled; it is at {self._line()}")
        self._cancelled = True
        if self._task is not None and self._loop is not None:
            with contextlib.suppress(RuntimeError):  # it has been closed
                self._loop.call_soon_threadsafe(self._task.cancel)
        if self._over.wait(CANCEL_GRACE):
            where = _TASK
        self._end_with_loop(where)

    def _end_with_loop(self, why: str) -> None:
        """End the process where the event loop is not closed in time: it waits for tasks without a limit."""
        deadline = time.monotonic() + (self._grace if self._over.is_set() else 0)
        while self._loop is not None and time.monotonic() < deadline and not self._loop.is_closed():
            time.sleep(_TICK)
        closed = self._loop is None or self._loop.is_closed()
        if not (closed and self._over.is_set()) and _owns_process():
            _end_process(why)

    def _line(self) -> str:
        """Return the line of user code at which the call waits, or which runs and blocks the loop."""
        coroutine = None if self._task is None else self._task.get_coro()
        frames = list(awaited_frames(coroutine))[::-1]
        if coroutine is None or getattr(coroutine, "cr_running", False):
            frames = called_frames(sys._current_frames().get(self._thread_id))
        return line_of_user_code(frames)


def _current_task() -> Tuple[Any, Optional[asyncio.AbstractEventLoop]]:
    try:
        return asyncio.current_task(), asyncio.get_running_loop()
    except RuntimeError:  # trio's event loop
        return None, None


def _run(target: Callable[[], None]) -> None:
    threading.Thread(target=target, name="asgi-compat-lifespan", daemon=True).start()


def _owns_process() -> bool:
    """Whether this is a process of the command or a worker, and not a program that calls `run`."""
    return is_command() or multiprocessing.parent_process() is not None


def _end_process(why: str) -> NoReturn:
    say(f"asgi-compat: error: the application ignores that it was cancelled ({why}): the process was ended")
    os._exit(0)
