"""Run pytest inside Pyodide: an event loop without sockets, no threads, no processes, no collector."""

from __future__ import annotations

import asyncio
import concurrent.futures
import gc
import os
import signal
import sys
import time
from typing import Any, Callable, List

sys.path[:0] = ["/site"]
os.chdir("/checkout")


class NoSelector:
    """What an event loop asks for events of sockets: there are none, so it waits for its next timer."""

    def select(self, timeout: float | None) -> List[Any]:
        if timeout is None:
            raise RuntimeError("the event loop would wait for ever: nothing is scheduled")
        time.sleep(max(timeout, 0))
        return []

    def close(self) -> None:
        pass


class Loop(asyncio.base_events.BaseEventLoop):
    """An event loop of tasks and timers."""

    def __init__(self) -> None:
        super().__init__()
        self._selector = NoSelector()

    def _process_events(self, events: Any) -> None:
        pass

    def _write_to_self(self) -> None:
        pass


# Pyodide's own event loop is the one of JavaScript, which goes on only when Python has returned.
asyncio.run = asyncio.run.__wrapped__  # type: ignore[attr-defined]
time.sleep = time.sleep.__wrapped__  # type: ignore[attr-defined]
asyncio._set_running_loop(None)
asyncio.new_event_loop = asyncio.events.new_event_loop = Loop  # type: ignore[assignment]


class InlineExecutor(concurrent.futures.Executor):
    """Run at once what a thread would run."""

    def __init__(self, *args: Any, **options: Any) -> None:
        pass

    def submit(self, function: Callable[..., Any], /, *args: Any, **options: Any) -> Any:
        future: Any = concurrent.futures.Future()
        try:
            future.set_result(function(*args, **options))
        except BaseException as error:
            future.set_exception(error)
        return future


concurrent.futures.ThreadPoolExecutor = InlineExecutor  # type: ignore[assignment,misc]

# Collecting ends the interpreter ("null function or function signature mismatch") after some hundred
# specimens, on Pyodide 314.0.7 and 315.0.0-alpha.2 under node 20. Other interpreters look for cycles.
gc.disable()
gc.collect = lambda *generation: 0  # type: ignore[assignment]
# Alarms limit what would never end; here nothing interrupts.
signal.setitimer = lambda *given: (0.0, 0.0)  # type: ignore[assignment]

import pytest  # noqa: E402

#: The failures of what is not there, and their words.
MISSING = {"can't start new thread": "threads", "emscripten does not support processes": "processes"}
#: Tests that notice it in another way: part of the name, and what they need.
NEEDS = {
    "asgiref WsgiToAsgi]": "threads",
    "a function that sends in its thread]": "threads",
    "test_compare_every_specimen_is_the_same_in_both_styles": "threads",
    "test_run_holds_no_references_afterwards": "collector",
    "test_normalise_larger_data_takes_linear_time": "clock",
    "test_attempt_of_endless_application_times_out": "alarm",
    "test_interrupting_blocked_loop_raises_into_it": "alarm",
}


class Plugin:
    """Skip what cannot be here."""

    @staticmethod
    def pytest_collection_modifyitems(items: List[pytest.Item]) -> None:
        for item in items:
            for name, what in NEEDS.items():
                if name in item.nodeid:
                    item.add_marker(pytest.mark.skip(reason=f"needs {what}"))

    @staticmethod
    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Any:
        try:
            return (yield)
        except (OSError, RuntimeError) as error:
            for words, what in MISSING.items():
                if words in str(error):
                    pytest.skip(f"needs {what}")
            raise


options = ["-p", "no:cacheprovider", "-p", "no:faulthandler"]
int(pytest.main([*options, *arguments], plugins=[Plugin()]))  # type: ignore[name-defined]  # noqa: F821
