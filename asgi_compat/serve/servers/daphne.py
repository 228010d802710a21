"""Start daphne, which has one process and no reloader."""

from __future__ import annotations

import importlib
import logging
from typing import List

from ..errors import ServerFailedError
from ..options import TARGET, Options
from ..signals import Signals
from . import Server, Spellings


def _arguments(options: Options) -> List[str]:
    verbosity = {"debug": 2, "info": 1}.get(options.log_level, 0)
    arguments = ["-v", str(verbosity)]
    if options.bound:
        arguments += ["-b", options.host, "-p", str(options.port)]
    if options.root_path:
        arguments += ["--root-path", options.root_path]
    return [*arguments, TARGET]


def _start(arguments: List[str], options: Options, signals: Signals) -> None:
    level = logging.getLevelName(options.log_level.upper())
    logging.getLogger("daphne").setLevel(level)
    interface = importlib.import_module("daphne.cli").CommandLineInterface()
    interface.run(arguments)
    # daphne before 4.2 exits with 0 when it could not listen.
    if getattr(interface.server, "abort_start", False):
        raise ServerFailedError("it could not listen")


_ONE_PROCESS = "daphne runs one process: start several behind a proxy, or use uvicorn, hypercorn or granian"
_NO_RELOAD = "daphne does not reload: use uvicorn, hypercorn or granian while you work on the code"
_NO_GRACE = "daphne cuts open requests at once: use uvicorn, hypercorn or granian"

SERVER = Server(
    name="daphne",
    # Imported before the application: Twisted allows one reactor, and the first import chooses it.
    module="daphne.server",
    pip="daphne",
    oldest=(2, 3),
    starts="daphne.server",
    arguments=_arguments,
    start=_start,
    spellings=Spellings(
        host=("-b", "--bind"),
        port=("-p", "--port"),
        elsewhere={
            "-u": "unix:{}",
            "--unix-socket": "unix:{}",
            "--fd": "file descriptor {}",
            "-e": "{}",
            "--endpoint": "{}",
        },
    ),
    lifespan=False,
    lacks={"workers": _ONE_PROCESS, "reload": _NO_RELOAD, "timeout-graceful-shutdown": _NO_GRACE},
)
