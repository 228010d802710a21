"""The row of hypercorn."""

from __future__ import annotations

import os
import signal
import sys
import types
from pathlib import Path
from typing import Any, List

import pytest
import requires

from asgi_compat import serve
from asgi_compat.serve.signals import Signals

from ..serving import Start, wait_for

#: In front of every process: event loops as on Windows, where the loop itself has the wakeup descriptor.
WITHOUT_SIGNAL_HANDLERS = """
import os, signal, threading
from asyncio import selector_events, unix_events

def refuse(self, *arguments):
    with open(os.environ["NOTES"], "a") as file:
        file.write("refused\\n")
    raise NotImplementedError

def make_as_proactor(self, *arguments):
    make(self, *arguments)
    if threading.current_thread() is threading.main_thread():
        signal.set_wakeup_fd(self._csock.fileno())

loop = unix_events._UnixSelectorEventLoop
make, loop.__init__ = loop.__init__, make_as_proactor
loop.add_signal_handler = loop.remove_signal_handler = refuse
loop.close = selector_events.BaseSelectorEventLoop.close

from asgi_compat.serve.signals import Signals
Signals.share = lambda self: None
"""


@pytest.mark.parametrize("status", [0, 1])
def test_start_workers_that_failed_raise(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several workers are started by its own command line, which returns the status of one."""
    given: List[Any] = []

    def main(arguments: List[str]) -> int:
        given.append(arguments)
        return status

    module = types.ModuleType("hypercorn.__main__")
    vars(module).update(main=main)
    monkeypatch.setitem(sys.modules, "hypercorn", types.ModuleType("hypercorn"))
    monkeypatch.setitem(sys.modules, "hypercorn.__main__", module)
    row = serve.SERVERS["hypercorn"]
    options = serve.Options(server="hypercorn", host="::1", port=1, workers=2, grace=1)
    with Signals() as signals:
        if status:
            with pytest.raises(serve.ServerFailedError, match="a worker ended with status 1"):
                row.start(row.arguments(options), options, signals)
        else:
            row.start(row.arguments(options), options, signals)
    (arguments,) = given
    assert arguments[0] == "asgi_compat.serve:worker_application()"
    assert "--workers 2" in " ".join(arguments) and arguments[-2:] == ["--bind", "[::1]:1"]


def test_arguments_one_worker_runs_in_this_process() -> None:
    """0 workers; the reloader needs one."""
    arguments = serve.SERVERS["hypercorn"].arguments
    assert "--workers 0" in " ".join(arguments(serve.Options()))
    assert "--reload --workers 1" in " ".join(arguments(serve.Options(reload=True)))


def test_prepare_worker_ignores_sigterm() -> None:
    """The parent sends it to all workers as soon as the first has ended."""
    before = signal.getsignal(signal.SIGTERM)
    try:
        serve.SERVERS["hypercorn"].prepare_worker()
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGTERM, before)


@pytest.mark.parametrize("workers", [1, 2])
def test_serve_loop_without_signal_handlers_serves_and_ends(
    workers: int, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows: it falls back to ``signal.signal``."""
    requires.package("hypercorn")
    (tmp_path / "first").mkdir()
    (tmp_path / "first" / "sitecustomize.py").write_text(WITHOUT_SIGNAL_HANDLERS, encoding="utf-8")
    before = os.environ.get("PYTHONPATH")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(tmp_path / "first"), before])))
    running = start(f"web:single --server hypercorn --workers {workers}")
    notes = tmp_path / "notes"
    wait_for(lambda: notes.read_text().count("lifespan.startup") == workers, running)
    assert running.get()["path"] == "/"
    running.end()
    said = notes.read_text().split()
    assert said.count("lifespan.shutdown") == workers
    assert ("refused" in said) is (workers == 1), "several workers are watched by a process without a loop"
