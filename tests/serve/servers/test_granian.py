"""The row of granian."""

from __future__ import annotations

import importlib
import socket
import sys
import types
from typing import Any, Dict, List

import pytest

from asgi_compat import serve
from asgi_compat.serve.signals import Signals


def test_arguments_resolve_the_host_and_prefer_ipv4(monkeypatch: pytest.MonkeyPatch) -> None:
    """granian takes numeric addresses only."""
    found = [(socket.AF_INET6, 1, 6, "", ("::1", 0, 0, 0)), (socket.AF_INET, 1, 6, "", ("127.0.0.9", 0))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: list(found))
    arguments = serve.SERVERS["granian"].arguments(serve.Options(server="granian", host="somewhere", grace=3))
    text = " ".join(arguments)
    assert "--host 127.0.0.9 --port 8000 asgi_compat.serve:application" in text
    assert "--reload" not in text
    # granian 1.6.4 has no time limit of its own.
    command = importlib.import_module("granian.cli").cli
    has = any("--workers-kill-timeout" in parameter.opts for parameter in command.params)
    assert ("--workers-kill-timeout 3" in text) is has


@pytest.mark.parametrize("name", ["Server", "Granian"])
def test_start_gives_its_class_our_loader_and_puts_it_back(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own loader fails where the current directory is a package. Before 2.0 the class is Granian."""
    given: List[Any] = []

    class Ordinary:
        def serve(self, target_loader: Any) -> None:
            given.append(target_loader.__name__)

    class Command:
        def main(self, args: List[str], **_: Any) -> None:
            given.append(args)
            getattr(module, name)().serve()

    module = types.ModuleType("granian.cli")
    vars(module).update({name: Ordinary, "cli": Command()})
    monkeypatch.setitem(sys.modules, "granian", types.ModuleType("granian"))
    monkeypatch.setitem(sys.modules, "granian.cli", module)
    serve.SERVERS["granian"].start(["a"], serve.Options(), Signals())
    assert given == [["a"], "_granian_application"] and getattr(module, name) is Ordinary


def test_row_says_that_granian_forks_and_always_watches_workers() -> None:
    """The application is not loaded in the process that forks."""
    row = serve.SERVERS["granian"]
    assert row.forks and row.watches_workers(serve.Options(server="granian"))


@pytest.mark.parametrize("name", ["granian._signals", "granian._loops"])
def test_prepare_worker_passes_the_first_signal_on_only(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its handler blocks for ever at the second: SIGINT of a terminal, SIGTERM of the parent."""
    handlers: Dict[int, Any] = {}
    got: List[Any] = []

    class Loop:
        def add_signal_handler(self, number: int, handler: Any, *arguments: Any) -> None:
            handlers[number] = lambda: handler(*arguments)

    def set_loop_signals(loop: Any) -> str:
        for number in (2, 15):
            loop.add_signal_handler(number, lambda *given: got.append(given), number, None)
        return "event"

    for module in ("granian", "granian._signals", "granian._loops"):
        monkeypatch.setitem(sys.modules, module, types.ModuleType(module))
    module = sys.modules[name]
    vars(module)["set_loop_signals"] = set_loop_signals
    serve.SERVERS["granian"].prepare_worker()
    assert vars(module)["set_loop_signals"](Loop()) == "event"
    handlers[2]()
    handlers[15]()
    assert got == [(2, None)]


def test_early_signal_is_told_when_the_worker_has_handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Until then it has those of the parent, whose flag nobody reads in a worker."""
    granian = importlib.import_module("asgi_compat.serve.servers.granian")
    told: List[int] = []

    class Loop:
        def add_signal_handler(self, number: int, handler: Any) -> None:
            pass

    def ordinary(loop: Any) -> str:
        loop.add_signal_handler(2, lambda: told.append(2))
        loop.add_signal_handler(15, lambda: told.append(15))
        return "event"

    monkeypatch.setattr(granian, "_early", [])
    assert granian._set_loop_signals(ordinary, Loop()) == "event" and told == []
    granian._note_early(2)
    assert granian._set_loop_signals(ordinary, Loop()) == "event" and told == [15]
