"""``serve``: start a server with an application of either style."""

from __future__ import annotations

import argparse
from typing import Any, Dict, Sequence

from .arguments import add_quirks, add_style, add_target, count, grace, port, root_path
from .command import Command, Parser, say_message
from .statuses import (
    CLEAN,
    INTERRUPTED,
    NO_ADDRESS,
    NOT_AN_APPLICATION,
    NOT_IMPORTED,
    SERVER_FAILED,
    SERVER_MISSING,
    USAGE,
)


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    from ..serve import SERVERS

    add_target(parser, optional="; without it the built-in demo is served")
    parser.add_argument(
        "--server", choices=tuple(SERVERS), default=next(iter(SERVERS)), help="(default: %(default)s)"
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=port, default=8000, help="0 for any free port (default: %(default)s)")
    parser.add_argument(
        "--workers", type=count, default=1, metavar="N", help="processes (default: %(default)s)"
    )
    parser.add_argument("--reload", action="store_true", help="restart when the code changes")
    parser.add_argument(
        "--root-path", type=root_path, default="", metavar="/PATH", help="path under which a proxy mounts it"
    )
    parser.add_argument(
        "--log-level",
        choices=("critical", "error", "warning", "info", "debug"),
        default="info",
        help="(default: %(default)s)",
    )
    parser.add_argument(
        "--timeout-graceful-shutdown",
        dest="grace",
        type=grace,
        metavar="SECONDS",
        help="how long open requests may take after Ctrl-C or SIGTERM (default: the server's own); a second"
        " Ctrl-C ends at once",
    )
    add_style(parser)
    parser.add_argument(
        "--lifespan",
        choices=("auto", "on", "off"),
        default="auto",
        help="auto handles start-up on behalf of an application without lifespan support, off for any"
        " (default: %(default)s)",
    )
    parser.add_argument(
        "--strict",
        action="store_true",
        help="raise an error where a message of the application or the server would be repaired",
    )
    parser.add_argument(
        "--rewire",
        action="store_true",
        help="replace layers of a stack that call each other the wrong way by ones that answer both calls",
    )
    parser.add_argument(
        "--trace",
        action="store_const",
        const="text",
        default="",
        help="write a line for each scope and event of each connection, and for each repair",
    )
    # An option of its own, because `--trace module:app` would take the application for its value.
    parser.add_argument(
        "--trace=json", dest="trace", action="store_const", const="json", help="the same, for programs"
    )
    add_quirks(parser, "an option that depends on the application, a field of asgi_compat.Quirks")
    parser.usage = parser.format_usage()[len("usage: ") :].rstrip() + " [-- options of the server]"


def application_options(words: Sequence[str]) -> Any:
    """Return the options of ``serve`` for words that name an application and say what it is."""
    from ..serve import Options

    parser = Parser(prog="ASGI_COMPAT_APP", add_help=False, allow_abbrev=False)
    _add_arguments(parser)
    return Options(**_given(parser.parse_args(words)))


def _given(arguments: argparse.Namespace) -> Dict[str, Any]:
    from ..serve import Options

    return {name: getattr(arguments, name) for name in Options._fields if hasattr(arguments, name)}


def _run(arguments: argparse.Namespace) -> int:
    from ..serve import Options, run

    run(Options(**_given(arguments)), say_message)
    return CLEAN


COMMAND = Command(
    "serve",
    "serve an application of either style, or the built-in demo",
    _add_arguments,
    _run,
    prints=False,
    hands_on=True,
    statuses=(
        CLEAN,
        NOT_AN_APPLICATION,
        USAGE,
        NOT_IMPORTED,
        SERVER_MISSING,
        NO_ADDRESS,
        SERVER_FAILED,
        INTERRUPTED,
    ),
    meanings={
        CLEAN: "clean exit: by Ctrl-C or SIGTERM",
        USAGE: "wrong usage, or an option that the server does not have",
        INTERRUPTED: "ended at once by a second Ctrl-C, or interrupted before it served",
    },
)
