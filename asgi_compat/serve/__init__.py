"""Find an application by its import string and hand it to a real server.

Each server is started by its own command line with the import string ``asgi_compat.serve:application``:
options, workers, reloader and signals are the server's own. A worker is a new process. The
environment variable `VARIABLE` holds the options as JSON, and `application` is made from them when the server
imports it.

1. The first process loads the application before it starts the server: an error is one sentence there, and
   not a traceback of every worker.
2. No server is imported before `run` is called, and then only the chosen one.
3. The application is wrapped in what the server needs, and in nothing else.

====================  =============================================================
`options`, `errors`   what the user asked for; an error for each exit status
`checking`            do the options fit, is the server installed?
`arguments`           what the options of the server say
`targets`             what is wrong with an import string
`importing`           import string to object (`suggesting` and `quoting` for errors)
`factories`           what a factory returned
`django`              Django set up before the import
`adapting`            object to application for a server
`lifespans`           a start-up or shutdown that does not end
`watching`            an import that takes long, or starts a server
`worker`, `logs`      the application and the log of this process
`address`, `signals`  can it bind, was it asked to stop?
`servers`             a module for each server
`running`             all of it in order
====================  =============================================================
"""

from __future__ import annotations

from typing import Any

from .adapting import adapt, missing_protocol
from .address import check_address
from .checking import check_options, check_server
from .errors import AddressError, LoadError, ServerFailedError, UsageError
from .importing import load
from .options import VARIABLE, Options, command_line, quirks
from .running import run
from .servers import SERVERS, Server
from .worker import application_from, named_in_environment, worker_application

__all__ = [
    "AddressError",
    "LoadError",
    "Options",
    "SERVERS",
    "Server",
    "ServerFailedError",
    "UsageError",
    "VARIABLE",
    "adapt",
    "application_from",
    "command_line",
    "check_address",
    "check_options",
    "check_server",
    "load",
    "missing_protocol",
    "named_in_environment",
    "quirks",
    "run",
    "worker_application",
]


def __getattr__(name: str) -> Any:
    if name == "application":
        return worker_application()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
