"""Check the options, and that the server is installed, before anything is loaded."""

from __future__ import annotations

import importlib
from typing import Callable, Tuple

from asgi_compat import MissingExtraError

from .errors import UsageError
from .options import Options, quirks
from .servers import SERVERS

_Rule = Tuple[Callable[[Options], bool], str]

#: Options that contradict each other, whichever server it is.
_CONFLICTS: Tuple[_Rule, ...] = (
    (
        lambda options: options.workers > 1 and options.reload,
        "--workers and --reload exclude each other: reload while you work, workers in production",
    ),
    (
        lambda options: options.factory and options.target is None,
        "--factory: name the factory, as in module:create_app",
    ),
    (
        lambda options: options.style != "auto" and options.target is None,
        "--style: name the application it is for, as in module:app",
    ),
)


def check_options(options: Options) -> None:
    """Raise `UsageError` for options that contradict each other or that the server does not have.

    >>> check_options(Options(server="daphne", workers=2))
    Traceback (most recent call last):
        ...
    asgi_compat.serve.UsageError: --workers: daphne runs one process: ...
    """
    if options.server not in SERVERS:
        raise UsageError(f"--server {options.server}: there are {', '.join(SERVERS)}")
    asked = {
        "workers": options.workers > 1,
        "reload": options.reload,
        "timeout-graceful-shutdown": options.grace is not None,
    }
    for option, why in SERVERS[options.server].lacks.items():
        if asked[option]:
            raise UsageError(f"--{option}: {why}")
    for contradicts, message in _CONFLICTS:
        if contradicts(options):
            raise UsageError(message)
    quirks(options.quirks)


def check_server(options: Options) -> None:
    """Import the chosen server, or raise `MissingExtraError` with the line that installs it."""
    server = SERVERS[options.server]
    _require(server.module, server.pip, f"--server {server.name} needs {server.name}")
    for option, (module, pip) in server.needs.items():
        if getattr(options, option):
            _require(module, pip, f"--{option} with {server.name} needs {module}")


def _require(module: str, pip: str, need: str) -> None:
    package = module.partition(".")[0]
    try:
        importlib.import_module(package)
        importlib.import_module(module)
    except ImportError as error:
        if isinstance(error, ModuleNotFoundError) and error.name == package:
            problem = "which is not installed"
        else:
            problem = f"which is installed but cannot be imported ({error})"
        raise MissingExtraError(f'{need}, {problem}: python -m pip install "{pip}"', extra=pip) from None
