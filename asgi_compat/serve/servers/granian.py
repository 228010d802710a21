"""Start granian, which forks even a single worker."""

from __future__ import annotations

import contextlib
import functools
import importlib
import os
import socket
from typing import Any, Callable, List, Optional

from asgi_compat import ASGI3App

from ..options import TARGET, Options
from ..signals import Signals, terminate_workers
from ..worker import end_while_importing, worker_application
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
    _prepare_worker()  # 1.6.4 looks its function up in the worker before it calls our loader
    try:
        click_command(cli.cli, arguments, "GRANIAN")
    finally:
        setattr(cli, name, ordinary)


def _loading(granian: Any, signals: Signals) -> Any:
    """Return granian's class with our loader, our second Ctrl-C and uvicorn's choice of files.

    Its own loader turns the name of the module into a file name, and fails where the current directory is a
    package itself. A log file that is written there does not restart the server.
    """
    parent = os.getpid()

    class Loading(granian):  # type: ignore[misc]
        def __init__(self, *arguments: Any, **keywords: Any) -> None:
            if keywords.get("reload"):
                keywords["reload_filter"] = importlib.import_module("watchfiles").PythonFilter
            super().__init__(*arguments, **keywords)

        def signal_handler_interrupt(self, number: int, *arguments: Any, **keywords: Any) -> None:
            if os.getpid() != parent:
                _note_early(number)
                return
            signals.told()  # a second Ctrl-C ends here
            super().signal_handler_interrupt(number, *arguments, **keywords)

        def startup(self, *arguments: Any, **keywords: Any) -> Any:
            started = super().startup(*arguments, **keywords)
            signals.watch()  # the workers have been forked
            for seconds in _REPEAT:
                signals.afterwards(seconds, terminate_workers)
            return started

        def serve(self, *arguments: Any, **keywords: Any) -> None:
            super().serve(*arguments, **{**keywords, "target_loader": _granian_application})

    return Loading


def _numeric(host: str) -> str:
    """Return the numeric address of a host: granian resolves no names."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    found.sort(key=lambda entry: entry[0] != socket.AF_INET)
    return str(found[0][4][0])


#: Seconds after which a worker that has not ended is told again. uvloop (0.23) keeps a signal that comes
#: while the loop does not run until the next one comes, and a worker runs it twice: start-up, then requests.
_REPEAT = (0.3, 2, 6)

#: The signals that this worker got before it had handlers of its own.
_early: List[int] = []


def _note_early(number: int) -> None:
    """Keep a signal for `_set_loop_signals`.

    A forked worker has the handlers of its parent until it has installed its own: granian 1.6.4 does so after
    the start-up, 2.8 after the import. They set a flag that nobody reads in the worker, and the parent, which
    sends SIGTERM once, waited for ever.
    """
    end_while_importing(number)
    _early.append(number)


class _SignalOnce:
    """Stand for an event loop whose signal handlers are called for the first signal only.

    granian's handler puts into a queue of one and blocks for ever at the second signal that comes before the
    start-up has ended (2.8.7): a terminal sends SIGINT to everybody, and the parent SIGTERM to its workers.
    """

    def __init__(self, loop: Any) -> None:
        self._loop = loop
        self._told = False
        #: Call the handler, unless it was called.
        self.tell: Optional[Callable[[], None]] = None

    def add_signal_handler(self, number: int, handler: Callable[..., None], *arguments: Any) -> None:
        def once() -> None:
            told, self._told = self._told, True
            if not told:
                handler(*arguments)

        self.tell = once
        self._loop.add_signal_handler(number, once)


def _prepare_worker() -> None:
    for name in ("granian._signals", "granian._loops"):  # since 2.0; before
        with contextlib.suppress(ImportError):
            module: Any = importlib.import_module(name)
            ordinary = getattr(module, "set_loop_signals", None)
            if ordinary is not None and getattr(ordinary, "func", None) is not _set_loop_signals:
                module.set_loop_signals = functools.partial(_set_loop_signals, ordinary)


def _set_loop_signals(ordinary: Callable[..., Any], loop: Any, *arguments: Any) -> Any:
    once = _SignalOnce(loop)
    event = ordinary(once, *arguments)
    if _early and once.tell is not None:
        once.tell()
    return event


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
