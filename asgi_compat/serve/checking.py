"""Check the options, and that the server is installed, before anything is loaded."""

from __future__ import annotations

import importlib
import re
from typing import Callable, List, Tuple

from asgi_compat import MissingExtraError

from .errors import UsageError
from .moved import missing_of, version_of
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
    need = f"--server {server.name} needs {server.name}"
    _require(server.module, server.pip, need)
    version = version_of(server.name)
    if _numbers(version) < server.oldest and _numbers(version):
        oldest = ".".join(map(str, server.oldest))
        problem = f"{need} {oldest} or later, and {version} is installed"
        raise MissingExtraError(f'{problem}: python -m pip install -U "{server.pip}"', extra=server.pip)
    _require(server.starts, server.pip, need)
    for option, (module, pip) in server.needs.items():
        if getattr(options, option):
            _require(module, pip, f"--{option} with {server.name} needs {module}")


def _numbers(version: str) -> Tuple[int, ...]:
    found = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(map(int, found.group().split("."))) if found else ()


def _require(module: str, pip: str, need: str) -> None:
    package = module.partition(".")[0]
    try:
        importlib.import_module(package)
        importlib.import_module(module)
    except (ImportError, AttributeError, TypeError) as error:
        missing = isinstance(error, ModuleNotFoundError) and error.name == package
        # A package beside it is too old for it: h11 0.8 for hypercorn.
        beside = _beside(error, package)
        problem = "which is not installed"
        if not missing:
            kind = "" if isinstance(error, ImportError) else f"{type(error).__name__}: "
            problem = f"which is installed but cannot be imported ({kind}{error})"
        line = " ".join(f'"{name}"' for name in (pip, *beside))
        upgrade = "" if missing else "-U "
        raise MissingExtraError(
            f"{need}, {problem}: python -m pip install {upgrade}{line}", extra=pip
        ) from None


def _beside(error: BaseException, package: str) -> List[str]:
    """Return the other package that an error of an import names."""
    found = missing_of(error)
    other = found[0].partition(".")[0] if found else package
    return [] if other in (package, "") or not version_of(other) else [other]
