"""Check the options, start the server, and say why it ended."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
from typing import Callable

from asgi_compat import MissingExtraError

from .._text import escape
from .adapting import describe_application
from .address import check_address
from .errors import ServerFailedError, UsageError
from .options import VARIABLE, Options, quirks
from .quoting import first_line
from .servers import SERVERS
from .signals import Signals
from .worker import load_in_subprocess, prepare


def check_options(options: Options) -> None:
    """Raise `UsageError` for options that do not go together or that the server does not have.

    >>> check_options(Options(server="daphne", workers=2))
    Traceback (most recent call last):
        ...
    asgi_compat.serve.UsageError: --workers: daphne runs one process: ...
    """
    asked = {"workers": options.workers > 1, "reload": options.reload}
    for option, why in SERVERS[options.server].lacks.items():
        if asked[option]:
            raise UsageError(f"--{option}: {why}")
    if asked["workers"] and asked["reload"]:
        raise UsageError(
            "--workers and --reload exclude each other: reload while you work, workers in production"
        )
    if options.factory and options.target is None:
        raise UsageError("--factory: name the factory, as in module:create_app")
    if options.style != "auto" and options.target is None:
        raise UsageError("--style: name the application it is for, as in module:app")
    quirks(options.quirks)


def check_server(options: Options) -> None:
    """Import the chosen server, or raise `MissingExtraError` with the pip line."""
    row = SERVERS[options.server]
    wanted = [(row.module, row.pip, f"--server {row.name} needs {row.name}")]
    for option, (module, pip) in row.needs.items():
        if getattr(options, option):
            wanted.append((module, pip, f"--{option} with {row.name} needs {module}"))
    for module, pip, need in wanted:
        try:
            importlib.import_module(module.partition(".")[0])
            importlib.import_module(module)
        except ImportError as error:
            line = f'python -m pip install "{pip}"'
            if isinstance(error, ModuleNotFoundError) and error.name == module.partition(".")[0]:
                what = f"{need}, which is not installed"
            else:
                what = f"{need}, which is installed but cannot be imported ({error})"
            raise MissingExtraError(f"{what}: {line}", extra=pip) from None


def run(options: Options, announce: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM, then return.

    `announce` gets one line about what is served, and where, before the server starts. Raises
    `UsageError`, `MissingExtraError`, `LoadError`, `DetectionError`, `AddressError`, or
    `ServerFailedError` when the server ended by itself. It is for the main thread.
    """
    check_options(options)
    check_server(options)
    options = options._replace(app_dir=os.path.abspath(options.app_dir or os.getcwd()))
    found = (
        load_in_subprocess(options)
        if SERVERS[options.server].forks
        else describe_application(options, prepare(options))
    )
    options = options._replace(port=check_address(options.host, options.port))
    os.environ[VARIABLE] = json.dumps(options._asdict())
    with contextlib.suppress(OSError):  # the line is a courtesy: a full disk below the log is no reason
        announce(_line(options, found))
    with Signals() as signals:
        try:
            SERVERS[options.server].start(options, signals)
            problem = ""
        except KeyboardInterrupt:
            return
        except SystemExit as error:
            problem = f"status {error.code}" if error.code else ""
        except ServerFailedError as error:
            problem = str(error)
        except Exception as error:
            problem = f"{type(error).__name__}: {first_line(error)}"
        if signals.told() or not (problem or SERVERS[options.server].watches_workers(options)):
            return
    # It may have lost a race for the port, and each says so in its own way.
    check_address(options.host, options.port)
    raise ServerFailedError(
        f"{options.server} ended by itself ({problem or 'its workers could not start'}): "
        "its own lines above say why; most often the application failed at start-up"
        " (--lifespan off serves one that has none)"
    )


def _line(options: Options, described: str) -> str:
    host = f"[{options.host}]" if ":" in options.host else options.host
    url = f"http://{host}:{options.port}{options.root_path}"
    return escape(f"{described}; {options.server} serves it on {url} - Ctrl-C ends it")
