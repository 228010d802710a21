"""Find an application by its import string and hand it to a real server.

Each server is started through its own public entry point with the import string
``asgi_compat.serve:application``, so that its workers and its reloader are its own. A worker is a fresh
process: what it loads stands in one environment variable, `VARIABLE`, as JSON, and `application` is made from
it when the server asks for it.

1. The process that was started loads the application first, so that a mistake is one sentence there and not a
   traceback out of every worker.
2. No server is imported before `run` is called, and then only the chosen one.
3. Between the user's object and the server stands what the server needs, and nothing else.

====================  =============================================================
`options`             what was asked for; `errors`: one for each exit status
`importing`           from an import string to an object (`suggesting`, `quoting`)
`adapting`            from an object to what a server gets
`worker`              the application of this process
`address`, `signals`  what a server is started with, and who asked for its end
`servers`             a file for each server
`checking`            whether the options fit, and the server is installed
`running`             all of it in order
====================  =============================================================
"""

from __future__ import annotations

from typing import Any

from .adapting import adapt
from .address import check_address
from .checking import check_options, check_server
from .errors import AddressError, LoadError, ServerFailedError, UsageError
from .importing import load
from .options import VARIABLE, Options, quirks
from .running import run
from .servers import SERVERS, Server
from .worker import worker_application

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
    "check_address",
    "check_options",
    "check_server",
    "load",
    "quirks",
    "run",
    "worker_application",
]


def __getattr__(name: str) -> Any:
    if name == "application":
        return worker_application()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
