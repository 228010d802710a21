"""Start hypercorn: one worker in this process, several in child processes."""

from __future__ import annotations

import asyncio
import importlib
import multiprocessing
import signal
import time
from typing import Any, cast

from ..adapting import ServedApplication
from ..address import host_in_url
from ..errors import ServerFailedError
from ..options import GRACE, Options
from ..signals import Signals
from ..worker import worker_application
from . import Server


def _start(options: Options, signals: Signals) -> None:
    config = importlib.import_module("hypercorn.config").Config()
    config.bind = [f"{host_in_url(options.host)}:{options.port}"]
    config.root_path = options.root_path
    config.loglevel = options.log_level.upper()
    config.accesslog = "-" if options.log_level in ("info", "debug") else None
    # Longer than ours. After it hypercorn cancels the connections themselves, and before Python 3.11 the
    # taskgroup package that it uses loops for ever then. The applications are cancelled before that, which
    # ends their connections.
    config.graceful_timeout = 2 * GRACE
    config.shutdown_timeout = GRACE
    if options.workers == 1 and not options.reload:
        asyncio.run(_hypercorn_here(config, signals))
        return
    config.application_path = "asgi_compat.serve:worker_application()"
    config.workers = options.workers
    config.use_reloader = options.reload
    # Its time limit does not apply to an open WebSocket (see below), and its parent waits for ever. A worker
    # that is only slow, on a busy machine, must still reach its lifespan shutdown.
    signals.afterwards(3 * GRACE, _end_workers)
    status = importlib.import_module("hypercorn.run").run(config)
    _join_workers(3 * GRACE)
    if status:
        raise ServerFailedError(f"a worker ended with status {status}")


def _end_workers() -> None:
    for process in multiprocessing.active_children():
        process.kill()


def _join_workers(seconds: float) -> None:
    """Wait for every worker: hypercorn (0.18) returns when the first of them has ended."""
    deadline = time.monotonic() + seconds
    for process in multiprocessing.active_children():
        process.join(max(0.0, deadline - time.monotonic()))
    _end_workers()


async def _hypercorn_here(config: Any, signals: Signals) -> None:
    serve = importlib.import_module("hypercorn.asyncio").serve
    loop = asyncio.get_running_loop()
    told = asyncio.Event()

    def tell(number: int) -> None:
        signals.note(number)
        told.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, tell, number)
    application = cast(ServedApplication, worker_application())
    serving = loop.create_task(serve(application, config, shutdown_trigger=told.wait))
    stopping = loop.create_task(told.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not serving.done():
        await asyncio.wait({serving}, timeout=GRACE)
    if not serving.done():
        # Since Python 3.12.1 wait_closed() of asyncio waits for open connections, and hypercorn (0.18) calls
        # it before its own time limit starts: an idle WebSocket would delay it for ever.
        for task in application.running:
            task.cancel()
    await serving


def _ignore_sigterm() -> None:
    # The parent sends SIGTERM to all other workers as soon as the first has ended (0.18), in the middle of
    # their lifespan shutdown. They end by its event; one that does not is killed.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


SERVER = Server(
    name="hypercorn",
    module="hypercorn",
    pip="hypercorn",
    start=_start,
    prepare_worker=_ignore_sigterm,
)
