"""The row of granian."""

from __future__ import annotations

import socket
import sys
import types
from typing import Any, Dict, List

import pytest

from asgi_compat import serve
from asgi_compat.serve.signals import Signals


def test_start_resolves_the_host_and_prefers_ipv4(monkeypatch: pytest.MonkeyPatch) -> None:
    """granian takes numeric addresses only."""
    given: List[Dict[str, Any]] = []

    class Granian:
        def __init__(self, target: str, address: str, workers_kill_timeout: int) -> None:
            given.append({"target": target, "address": address, "timeout": workers_kill_timeout})

        def serve(self, target_loader: Any) -> None:
            given.append({"loader": target_loader.__name__})

    module = types.ModuleType("granian")
    vars(module).update(Granian=Granian)
    monkeypatch.setitem(sys.modules, "granian", module)
    found = [(socket.AF_INET6, 1, 6, "", ("::1", 0, 0, 0)), (socket.AF_INET, 1, 6, "", ("127.0.0.9", 0))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: list(found))
    serve.SERVERS["granian"].start(serve.Options(server="granian", host="somewhere"), Signals())
    assert given[0] == {"target": "asgi_compat.serve:application", "address": "127.0.0.9", "timeout": 1}
    assert len(given) == 2


def test_row_says_that_granian_forks_and_always_watches_workers() -> None:
    """The application is not loaded in the process that forks."""
    row = serve.SERVERS["granian"]
    assert row.forks and row.watches_workers(serve.Options(server="granian"))
