"""The row of hypercorn."""

from __future__ import annotations

import signal
import sys
import types
from typing import Any, Dict, List

import pytest

from asgi_compat import serve
from asgi_compat.serve.signals import Signals


@pytest.mark.parametrize("status", [0, 1])
def test_start_workers_that_failed_raise(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several workers are started by its own `run`, which returns the status of one."""
    given: List[Any] = []

    class Config: ...

    def run(config: Any) -> int:
        given.append(config)
        return status

    modules: Dict[str, Dict[str, Any]] = {
        "hypercorn": {},
        "hypercorn.config": {"Config": Config},
        "hypercorn.run": {"run": run},
    }
    for name, contents in modules.items():
        module = types.ModuleType(name)
        vars(module).update(contents)
        monkeypatch.setitem(sys.modules, name, module)
    options = serve.Options(server="hypercorn", host="::1", port=1, workers=2)
    with Signals() as signals:
        if status:
            with pytest.raises(serve.ServerFailedError, match="a worker ended with status 1"):
                serve.SERVERS["hypercorn"].start(options, signals)
        else:
            serve.SERVERS["hypercorn"].start(options, signals)
    (config,) = given
    assert (config.bind, config.workers, config.use_reloader) == (["[::1]:1"], 2, False)
    assert config.application_path == "asgi_compat.serve:worker_application()"


def test_prepare_worker_ignores_sigterm() -> None:
    """The parent sends it to all workers as soon as the first has ended."""
    before = signal.getsignal(signal.SIGTERM)
    try:
        serve.SERVERS["hypercorn"].prepare_worker()
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGTERM, before)
