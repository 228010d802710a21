"""The command line: ``asgi-compat``, which is also ``python -m asgi_compat``.

A command is a module with a `Command` in it, and a place in `COMMANDS`. What a command needs is imported when
it runs, so that ``inspect`` loads no server and ``--help`` loads no application.
"""

from __future__ import annotations

import argparse
import sys
from typing import List, Optional, Sequence, Tuple

from asgi_compat import ASGICompatError, __version__

from .._detect.layers import Layer, layers
from .._terminal import OutputError, owned_streams, reserve_output, say
from . import check, explain, inspect, migrate, serve, vendor
from .command import Command, Parser, say_message
from .statuses import (
    CLEAN,
    EPILOG,
    FINDINGS,
    INTERRUPTED,
    NO_ADDRESS,
    NO_OUTPUT,
    NOT_AN_APPLICATION,
    NOT_IMPORTED,
    SERVER_FAILED,
    SERVER_MISSING,
    USAGE,
    status_of,
)
from .verdicts import closing_line, emit_error

__all__ = [
    "CLEAN",
    "COMMANDS",
    "Command",
    "FINDINGS",
    "INTERRUPTED",
    "Layer",
    "NOT_AN_APPLICATION",
    "NOT_IMPORTED",
    "NO_ADDRESS",
    "NO_OUTPUT",
    "SERVER_FAILED",
    "SERVER_MISSING",
    "USAGE",
    "closing_line",
    "layers",
    "main",
]

COMMANDS: Tuple[Command, ...] = (
    serve.COMMAND,
    inspect.COMMAND,
    check.COMMAND,
    explain.COMMAND,
    migrate.COMMAND,
    vendor.COMMAND,
)


def _parser() -> Parser:
    parser = Parser(
        prog="asgi-compat",
        description="Any ASGI application of either generation, on any ASGI server.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"asgi-compat {__version__}")
    subparsers = parser.add_subparsers(dest="command", metavar="command")
    for command in COMMANDS:
        subparser = subparsers.add_parser(
            command.name,
            help=command.help,
            description=command.help[0].upper() + command.help[1:] + ".",
            epilog=EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        subparser.command = command
    return parser


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Run one command and return its exit status.

    `arguments` are those after the program's name, ``sys.argv[1:]`` when None. An error is one
    sentence on stderr; wrong usage raises ``SystemExit(2)``, as argparse does.

    >>> main(["inspect", "asgi_compat.demo:closure_application"])     # doctest: +ELLIPSIS
    asgi_compat.demo:closure_application, outermost first:
      1  double  asgi_compat.demo.closure_application
    ...
    0
    """
    # A program owns its streams to the end: an exit handler of the application may print, too.
    with owned_streams(restore=arguments is not None):
        try:
            return _run(arguments)
        except KeyboardInterrupt:
            return CLEAN
        except OutputError as error:
            if not error.nobody_reads:
                say_message(f"error: standard output: {error.strerror}; the result is lost")
            return NO_OUTPUT
        except ASGICompatError as error:
            say_message(f"error: {error}")
            for line in getattr(error, "lines", "").splitlines():
                say(f"    {line}")
            status = status_of(error)
            if "--json" in (sys.argv[1:] if arguments is None else arguments):
                emit_error(str(error), status)
            return status


def _split(arguments: List[str]) -> Tuple[List[str], List[str]]:
    """Return our arguments, and those for a server: what follows the first ``--`` of `serve`."""
    command = next((row for row in COMMANDS if row.name in arguments[:1]), None)
    if command is None or not command.hands_on or "--" not in arguments:
        return arguments, []
    place = arguments.index("--")
    return arguments[:place], arguments[place + 1 :]


def _run(arguments: Optional[Sequence[str]]) -> int:
    parser = _parser()
    given = list(sys.argv[1:] if arguments is None else arguments)
    own, handed_on = _split(given)
    parsed = parser.parse_args(own)
    parsed.server_arguments = handed_on
    if parsed.command is None:
        parser.print_help(sys.stderr)
        return USAGE
    if parsed.row.prints:
        reserve_output()
    return int(parsed.row.run(parsed))
