"""Start daphne, which has one process and no reloader."""

from __future__ import annotations

import importlib
import logging

from ..errors import ServerFailedError
from ..options import TARGET, Options
from ..signals import Signals
from . import Server


def _start(options: Options, signals: Signals) -> None:
    level = logging.getLevelName(options.log_level.upper())
    logging.getLogger("daphne").setLevel(level)
    verbosity = {"debug": 2, "info": 1}.get(options.log_level, 0)
    arguments = ["-b", options.host, "-p", str(options.port), "-v", str(verbosity)]
    if options.root_path:
        arguments += ["--root-path", options.root_path]
    interface = importlib.import_module("daphne.cli").CommandLineInterface()
    interface.run([*arguments, TARGET])
    # daphne before 4.2 exits with 0 when it could not listen.
    if getattr(interface.server, "abort_start", False):
        raise ServerFailedError("it could not listen")


_ONE_PROCESS = "daphne runs one process: start several behind a proxy, or use uvicorn, hypercorn or granian"
_NO_RELOAD = "daphne does not reload: use uvicorn, hypercorn or granian while you work on the code"

SERVER = Server(
    name="daphne",
    # Imported before the application: Twisted allows one reactor, and the first import chooses it.
    module="daphne.server",
    pip="daphne",
    start=_start,
    lacks={"workers": _ONE_PROCESS, "reload": _NO_RELOAD},
)
