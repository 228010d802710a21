"""Start hypercorn: one worker in this process, several in child processes."""

from __future__ import annotations

import importlib
import multiprocessing
import signal
import time
from typing import List

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
    if any(argument in ("trio", "-ktrio", "--worker-class=trio") for argument in arguments):
        signals.release()  # trio warns of a wakeup descriptor that is not its own
    if options.grace is not None and (options.workers > 1 or options.reload):
        # Its time limit does not apply to an open WebSocket, and its parent waits for ever. A worker that is
        # only slow, on a busy machine, must still reach its lifespan shutdown.
        signals.afterwards(3 * options.grace, _end_workers)
    if options.workers > 1 or options.reload:
        # A worker learns of it after its start-up only, by an event.
        signals.afterwards(0, terminate_workers)
    status = importlib.import_module("hypercorn.__main__").main(arguments)
    _join_workers(None if options.grace is None else 3 * options.grace)
    if status:
        raise ServerFailedError(f"a worker ended with status {status}")


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
