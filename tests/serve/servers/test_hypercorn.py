"""The row of hypercorn."""

from __future__ import annotations

import signal
import sys
import types
from typing import Any, List

import pytest

from asgi_compat import serve
from asgi_compat.serve.signals import Signals


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
