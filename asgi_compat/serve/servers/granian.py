"""Start granian, which forks even a single worker."""

from __future__ import annotations

import contextlib
import functools
import importlib
import socket
from typing import Any, Callable, List

from asgi_compat import ASGI3App

from ..options import TARGET, Options
from ..signals import Signals
from ..worker import worker_application
from . import Server, Spellings, click_command


def _arguments(options: Options) -> List[str]:
    arguments = ["--interface", "asgi", "--workers", str(options.workers), "--log-level", options.log_level]
    if options.log_level in ("info", "debug"):
        arguments.append("--access-log")
    if options.reload:
        arguments += ["--reload", "--reload-paths", options.app_dir]
    if options.root_path:
        arguments += ["--url-path-prefix", options.root_path]
    if options.grace is not None and _can_kill_workers():
        arguments += ["--workers-kill-timeout", str(options.grace)]
    if options.bound:
        arguments += ["--host", _numeric(options.host), "--port", str(options.port)]
    return [*arguments, TARGET]


def _can_kill_workers() -> bool:
    """Return whether granian's command line has the time limit, which came with 2.0 (1.6.4 has it not).

    Without it the connections are cancelled after the same time, by `ServedApplication`.
    """
    command = importlib.import_module("granian.cli").cli
    return any("--workers-kill-timeout" in parameter.opts for parameter in command.params)


def _start(arguments: List[str], options: Options, signals: Signals) -> None:
    cli = importlib.import_module("granian.cli")
    name = "Server" if hasattr(cli, "Server") else "Granian"  # 2.0; before
    ordinary = getattr(cli, name)
    setattr(cli, name, _loading(ordinary, signals))
    try:
        click_command(cli.cli, arguments, "GRANIAN")
    finally:
        setattr(cli, name, ordinary)


def _loading(granian: Any, signals: Signals) -> Any:
    """Return granian's class with our loader, our second Ctrl-C and uvicorn's choice of files.

    Its own loader turns the name of the module into a file name, and fails where the current directory is a
    package itself. A log file that is written there does not restart the server.
    """

    class Loading(granian):  # type: ignore[misc]
        def __init__(self, *arguments: Any, **keywords: Any) -> None:
            if keywords.get("reload"):
                keywords["reload_filter"] = importlib.import_module("watchfiles").PythonFilter
            super().__init__(*arguments, **keywords)

        def signal_handler_interrupt(self, *arguments: Any, **keywords: Any) -> None:
            signals.told()  # a second Ctrl-C ends here
            super().signal_handler_interrupt(*arguments, **keywords)

        def serve(self, *arguments: Any, **keywords: Any) -> None:
            super().serve(*arguments, **{**keywords, "target_loader": _granian_application})

    return Loading


def _numeric(host: str) -> str:
    """Return the numeric address of a host: granian resolves no names."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    found.sort(key=lambda entry: entry[0] != socket.AF_INET)
    return str(found[0][4][0])


class _SignalOnce:
    """Stand for an event loop whose signal handlers are called for the first signal only.

    granian's handler puts into a queue of one and blocks for ever at the second signal that comes before the
    start-up has ended (2.8.7): a terminal sends SIGINT to everybody, and the parent SIGTERM to its workers.
    """

    def __init__(self, loop: Any) -> None:
        self._loop = loop
        self._told = False

    def add_signal_handler(self, number: int, handler: Callable[..., None], *arguments: Any) -> None:
        def once() -> None:
            told, self._told = self._told, True
            if not told:
                handler(*arguments)

        self._loop.add_signal_handler(number, once)


def _prepare_worker() -> None:
    for name in ("granian._signals", "granian._loops"):  # since 2.0; before
        with contextlib.suppress(ImportError):
            module: Any = importlib.import_module(name)
            ordinary = getattr(module, "set_loop_signals", None)
            if ordinary is not None:
                module.set_loop_signals = functools.partial(_set_loop_signals, ordinary)


def _set_loop_signals(ordinary: Callable[..., Any], loop: Any, *arguments: Any) -> Any:
    return ordinary(_SignalOnce(loop), *arguments)


def _granian_application(target: str) -> ASGI3App:
    return worker_application()


SERVER = Server(
    name="granian",
    module="granian",
    pip="granian",
    oldest=(1, 6),
    starts="granian.cli",
    arguments=_arguments,
    start=_start,
    spellings=Spellings(
        host=("--host",),
        port=("--port",),
        elsewhere={"--uds": "unix:{}"},
        tls=("--ssl-certificate",),
        workers=("--workers",),
        env_files=("--env-files",),
    ),
    takes_any=True,
    forks=True,
    supervises=True,
    needs={"reload": ("watchfiles", "granian[reload]")},
    prepare_worker=_prepare_worker,
)
