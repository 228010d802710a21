"""Serve: check the options, load the application, start the server, and say why it ended."""

from __future__ import annotations

import contextlib
import json
import os
import traceback
from typing import Callable, List, Optional

from .._text import escape
from .adapting import describe_application
from .address import check_address, host_in_url
from .arguments import apply, load_env_files, only_prints
from .checking import check_options, check_server
from .errors import ServerFailedError, UsageError
from .options import VARIABLE, Options
from .quoting import first_line
from .servers import SERVERS, Server
from .signals import Signals
from .worker import load_in_subprocess, prepare


def run(options: Options, announce: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM, then return. Call it in the main thread.

    `announce` gets a line before the server starts, the application and its address, and one more where its
    start-up will not run. An OSError that it raises is ignored. Raises `UsageError`, `MissingExtraError`,
    `LoadError`, `DetectionError`, `AddressError`, or `ServerFailedError` when the server ended without being
    asked to.
    """
    check_options(options)
    check_server(options)
    server = SERVERS[options.server]
    if only_prints(options.server_arguments):
        with contextlib.suppress(SystemExit):
            server.start([*server.arguments(options), *options.server_arguments], options, Signals())
        return
    options = apply(options._replace(app_dir=os.path.abspath(options.app_dir)), server)
    load_env_files(options)
    described = (
        load_in_subprocess(options) if server.forks else describe_application(options, prepare(options))
    )
    if options.bound:
        options = options._replace(port=check_address(options.host, options.port))
    os.environ[VARIABLE] = json.dumps(options._asdict())
    with contextlib.suppress(OSError):  # a full disk below the log does not keep it from serving
        for line in (_announcement(options, described), *_startup_notice(server, options)):
            announce(line)
    problem = _start(server, options)
    if problem is None:
        return
    if problem == _WRONG_USAGE:
        raise UsageError(f"{server.name} does not take these options; see its own lines above")
    # Another process may have taken the port in between; each server reports that in its own way.
    if options.bound:
        check_address(options.host, options.port)
    raise ServerFailedError(
        f"{server.name} stopped by itself ({problem}); see its own lines above; most often the application"
        " failed at start-up (use --lifespan off for one that has no start-up)"
    )


#: The status with which click and argparse end.
_WRONG_USAGE = "status 2"


def _start(server: Server, options: Options) -> Optional[str]:
    """Start the server, and return why it ended; None when it was asked to."""
    with Signals(forks=server.forks) as signals:
        try:
            arguments = [*server.arguments(options), *options.server_arguments]
            server.start(arguments, options, signals)
            problem = ""
        except KeyboardInterrupt:
            return None
        except SystemExit as error:
            problem = f"status {error.code}" if error.code else ""
        except ServerFailedError as error:
            problem = str(error)
        except Exception as error:
            _refuse_signal_handlers(server, error)
            problem = f"{type(error).__name__}: {first_line(error)}"
        if signals.told():
            return None
    if not problem and server.watches_workers(options):
        return "its workers could not start"
    return problem or None


def _refuse_signal_handlers(server: Server, error: Exception) -> None:
    """Raise where it was not the application: on Windows no event loop has ``add_signal_handler``."""
    frames = [frame.f_code.co_name for frame, _ in traceback.walk_tb(error.__traceback__)]
    if isinstance(error, NotImplementedError) and frames[-1] == "add_signal_handler":
        raise UsageError(
            f"--server {server.name} does not run here: this event loop has no signal handlers"
            " (add_signal_handler), as on Windows; use --server uvicorn"
        ) from error


def _startup_notice(server: Server, options: Options) -> List[str]:
    """Return the line that says that no start-up will run, if so."""
    if options.lifespan == "off":
        return ["--lifespan off: start-up and shutdown of the application do not run"]
    if server.lifespan or any(text.startswith("lazy_lifespan=") for text in options.quirks):
        return []
    return [
        f"{server.name} sends no lifespan events: start-up and shutdown of the application run with"
        " --quirk lazy_lifespan=true only"
    ]


def _announcement(options: Options, described: str) -> str:
    scheme = "https" if options.tls else "http"
    url = f"{scheme}://{host_in_url(options.host)}:{options.port}{options.root_path}"
    where = url if options.bound else options.address
    return escape(f"{described}; {options.server} serves it on {where} - press Ctrl-C to stop")
