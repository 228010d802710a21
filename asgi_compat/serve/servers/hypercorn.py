"""Start hypercorn: one worker in this process, several in child processes."""

from __future__ import annotations

import contextlib
import functools
import importlib
import multiprocessing
import signal
import time
from typing import Any, ContextManager, Iterator, List

from ..address import host_in_url
from ..errors import ServerFailedError
from ..moved import version_of
from ..options import Options
from ..signals import Signals, terminate_workers
from . import Server, Spellings


def _arguments(options: Options) -> List[str]:
    # It looks the name up in the module's own dictionary, without the module's __getattr__.
    arguments = ["asgi_compat.serve:worker_application()"]
    if options.reload:
        arguments.append("--reload")
    # 0: in this process, where the application is loaded already. It came with 0.15.
    here = 0 if not version_of("hypercorn").startswith(("0.13.", "0.14.")) else 1
    workers = options.workers if options.workers > 1 or options.reload else here
    arguments += ["--workers", str(workers), "--log-level", options.log_level.upper()]
    if options.log_level in ("info", "debug"):
        arguments += ["--access-logfile", "-"]
    if options.root_path:
        arguments += ["--root-path", options.root_path]
    if options.grace is not None:
        # Longer than ours. After it hypercorn cancels the connections themselves, and before Python 3.11 the
        # taskgroup package that it uses loops for ever then. The applications are cancelled before that,
        # which ends their connections.
        arguments += ["--graceful-timeout", str(2 * options.grace)]
    if options.bound:
        arguments += ["--bind", f"{host_in_url(options.host)}:{options.port}"]
    return arguments


def _start(arguments: List[str], options: Options, signals: Signals) -> None:
    stopping: ContextManager[None] = contextlib.nullcontext()
    if any(argument in ("trio", "-ktrio", "--worker-class=trio") for argument in arguments):
        signals.release()  # trio warns of a wakeup descriptor that is not its own
        if arguments[arguments.index("--workers") + 1] == "0":
            stopping = _stopping_trio(signals)
    if options.grace is not None and (options.workers > 1 or options.reload):
        # Its time limit does not apply to an open WebSocket, and its parent waits for ever. A worker that is
        # only slow, on a busy machine, must still reach its lifespan shutdown.
        signals.afterwards(3 * options.grace, _end_workers)
    if options.workers > 1 or options.reload:
        # A worker learns of it after its start-up only, by an event.
        signals.afterwards(0, terminate_workers)
    with stopping:
        status = importlib.import_module("hypercorn.__main__").main(arguments)
    _join_workers(None if options.grace is None else 3 * options.grace)
    if status:
        raise ServerFailedError(f"a worker ended with status {status}")


class _Asked:
    """The event that hypercorn's trio worker asks every tenth of a second once it serves."""

    def __init__(self) -> None:
        self.stop = False
        self.serving = False

    def is_set(self) -> bool:
        self.serving = True
        return self.stop


@contextlib.contextmanager
def _stopping_trio(signals: Signals) -> Iterator[None]:
    """Stop a trio worker of this process by an event.

    hypercorn (0.18) waits for a KeyboardInterrupt there. Python raises it in whatever code runs: in that of
    an application, or while a request is written to the log, it was status 1 with a traceback, and no
    shutdown of the application.
    """
    run: Any = importlib.import_module("hypercorn.trio.run")
    ordinary, asked = run.trio_worker, _Asked()

    def stop(number: int, frame: Any) -> None:
        signals.note(number)
        asked.stop = True
        if not asked.serving:
            raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    run.trio_worker = functools.partial(ordinary, shutdown_event=asked)
    try:
        yield
    except BaseException:
        if asked.serving or not asked.stop:
            raise
        raise KeyboardInterrupt from None  # out of the groups of trio's nurseries
    finally:
        run.trio_worker = ordinary


def _end_workers() -> None:
    for process in multiprocessing.active_children():
        process.kill()


def _join_workers(seconds: object) -> None:
    """Wait for every worker: hypercorn (0.18) returns when the first of them has ended."""
    deadline = time.monotonic() + seconds if isinstance(seconds, int) else None
    for process in multiprocessing.active_children():
        process.join(None if deadline is None else max(0.0, deadline - time.monotonic()))
    _end_workers()


def _ignore_sigterm() -> None:
    # The parent sends SIGTERM to all other workers as soon as the first has ended (0.18), in the middle of
    # their lifespan shutdown. They end by its event; one that does not is killed. A start-up that waits is
    # cancelled by it: see `lifespans`.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


SERVER = Server(
    name="hypercorn",
    module="hypercorn",
    pip="hypercorn",
    oldest=(0, 13),
    starts="hypercorn.asyncio",
    arguments=_arguments,
    start=_start,
    spellings=Spellings(
        bind=("-b", "--bind"),
        elsewhere={
            "-c": "the addresses of {}",
            "--config": "the addresses of {}",
            "--quic-bind": "{} (QUIC)",
            "--insecure-bind": "{}",
        },
        tls=("--certfile",),
        workers=("-w", "--workers"),
    ),
    prepare_worker=_ignore_sigterm,
)
