"""Start granian, which forks even a single worker."""

from __future__ import annotations

import importlib
import socket
from pathlib import Path

from asgi_compat import ASGI3App

from ..options import GRACE, TARGET, Options
from ..signals import Signals
from ..worker import worker_application
from . import Server, supported_keywords


def _start(options: Options, signals: Signals) -> None:
    granian = importlib.import_module("granian").Granian
    wanted = {
        "address": _numeric(options.host),
        "port": options.port,
        "interface": "asgi",
        "workers": options.workers,
        "reload": options.reload,
        "reload_paths": [Path(options.app_dir)],
        # As uvicorn: a log file that is written there does not restart the server.
        "reload_filter": importlib.import_module("watchfiles").PythonFilter if options.reload else None,
        "log_level": options.log_level,
        "log_access": options.log_level in ("info", "debug"),
        "url_path_prefix": options.root_path or None,
        "workers_kill_timeout": GRACE,
    }
    server = granian(TARGET, **supported_keywords(granian.__init__, wanted))
    # Its own loader turns the name of the module into a file name, and fails where the current directory is
    # a package itself.
    server.serve(target_loader=_granian_application)


def _numeric(host: str) -> str:
    """Return the numeric address of a host: granian resolves no names."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    found.sort(key=lambda entry: entry[0] != socket.AF_INET)
    return str(found[0][4][0])


def _granian_application(target: str) -> ASGI3App:
    return worker_application()


SERVER = Server(
    name="granian",
    module="granian",
    pip="granian",
    start=_start,
    takes_any=True,
    forks=True,
    supervises=True,
    needs={"reload": ("watchfiles", "granian[reload]")},
)
