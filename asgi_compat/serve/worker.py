"""Make the application of this process, or load it in another one for its description."""

from __future__ import annotations

import json
import multiprocessing
import os
import shlex
import signal
import traceback
from typing import Any, List, Optional

from asgi_compat import ASGI3App, DetectionError

from .adapting import HintingApplication, ServedApplication, adapt, describe_application
from .django import DJANGO
from .errors import LoadError, UsageError
from .importing import load
from .lifespans import note_stop_requests
from .logs import forgive_failed_writes_of_logs, log_repairs
from .options import DEMO, NAMED, VARIABLE, Options
from .servers import SERVERS

_application: Optional[ASGI3App] = None


def prepare(options: Options) -> Any:
    """Load and adapt the application, and keep it for this process. Return what was loaded."""
    global _application
    target = DEMO if options.target is None and not options.django else options.target
    found = load(target, app_dir=options.app_dir, factory=options.factory, django=options.django)
    adapted = adapt(found, options._replace(target=target or DJANGO))
    adapted = HintingApplication(adapted, options._replace(target=target))
    if options.root_path or not SERVERS[options.server].takes_any:
        root = "" if SERVERS[options.server].prefixes_path() else options.root_path
        adapted = ServedApplication(adapted, root, options.grace)
    log_repairs(options.log_level)
    _application = adapted
    return found


def worker_application() -> ASGI3App:
    """Return the application of this process, made from `VARIABLE` the first time.

    hypercorn evaluates the part after the colon among the names of the module, without the module's
    ``__getattr__``: its import string calls this function.
    """
    if _application is None:
        asked = os.environ.get(VARIABLE)
        if asked is None:
            raise LoadError(f"{VARIABLE} is not set: start the server with python -m asgi_compat serve")
        options = Options(**json.loads(asked))
        forgive_failed_writes_of_logs()
        if multiprocessing.parent_process() is not None:
            SERVERS[options.server].prepare_worker()
            note_stop_requests(end_while_importing)
        prepare(options)
    assert _application is not None
    return _application


def end_while_importing(number: int) -> None:
    """End a worker that gets SIGTERM before its application is loaded: there is nothing to shut down."""
    if number == signal.SIGTERM and _application is None:
        os._exit(0)


def named_in_environment() -> List[str]:
    """Return the words of the environment variable of `asgi_compat.auto`."""
    return shlex.split(os.environ.get(NAMED, ""))


def application_from(options: Options) -> ASGI3App:
    """Load and adapt an application for a server that is not known."""
    found = load(options.target, app_dir=options.app_dir, factory=options.factory, django=options.django)
    log_repairs("info")
    return ServedApplication(adapt(found, options), options.root_path)


def load_in_subprocess(options: Options) -> str:
    """Load the application in a child process, and return its description or raise its error."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(options, theirs))
    process.start()
    theirs.close()
    try:
        kind, text, lines, details = ours.recv()
    except EOFError:
        process.join()
        raise LoadError(
            f"importing {options.target} ended the process with status {process.exitcode}: "
            "check whether the module calls os._exit, or crashes"
        ) from None
    finally:
        ours.close()
    # Threads and pools that the application started at import are not waited for.
    process.terminate()
    process.join()
    if kind:
        error: Any = {reported.__name__: reported for reported in _REPORTED}[kind](text)
        error.lines, error.details = lines, details
        raise error
    return str(text)


_REPORTED = (LoadError, UsageError, DetectionError)


def _child(options: Options, answer: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent handles Ctrl-C
    try:
        kind, text, lines, details = "", describe_application(options, prepare(options)), "", ""
    except _REPORTED as error:
        kind, text, lines = type(error).__name__, str(error), getattr(error, "lines", "")
        details = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    answer.send((kind, text, lines, details))
    answer.close()
