"""The command line: ``asgi-compat``, which is also ``python -m asgi_compat``.

A command is a module with a `Command` in it, and a place in `COMMANDS`. What a command needs is imported when
it runs, so that ``inspect`` loads no server and ``--help`` loads no application.
"""

from __future__ import annotations

import argparse
import difflib
import shlex
import sys
import traceback
from typing import List, Optional, Sequence, Tuple

from asgi_compat import ASGICompatError, __version__

from .._detect.layers import Layer, layers
from .._terminal import OutputError, emit_as_is, owned_streams, reserve_output, say, say_as_is
from .._text import escape
from . import check, explain, inspect, migrate, serve, vendor
from .command import Command, Parser, UsageExit, say_message
from .completion import SHELLS, completion
from .statuses import (
    CLEAN,
    FINDINGS,
    INTERRUPTED,
    NO_ADDRESS,
    NO_OUTPUT,
    NOT_AN_APPLICATION,
    NOT_IMPORTED,
    SERVER_FAILED,
    SERVER_MISSING,
    USAGE,
    describe_statuses,
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
    "describe_statuses",
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
        epilog="Each command lists its exit statuses: asgi-compat serve --help",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("-V", "--version", action="version", version=f"asgi-compat {__version__}")
    parser.add_argument(
        "--print-completion", choices=SHELLS, help="print what completes the command in a shell"
    )
    subparsers = parser.add_subparsers(dest="command", metavar="command")
    for command in COMMANDS:
        subparser = subparsers.add_parser(
            command.name,
            help=command.help,
            description=command.help[0].upper() + command.help[1:] + ".",
            epilog=describe_statuses(command.statuses, command.meanings),
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
    given = list(sys.argv[1:] if arguments is None else arguments)
    with owned_streams(restore=arguments is not None):
        try:
            return _run_or_report(given)
        except KeyboardInterrupt:
            return INTERRUPTED
        except OutputError as error:
            if not error.nobody_reads:
                say_message(f"error: standard output: {error.strerror}; the result is lost")
            return NO_OUTPUT


def _run_or_report(given: List[str]) -> int:
    """Run a command; report its error to people and, with ``--json``, to programs."""
    own, _ = _split(given)
    try:
        return _run(given)
    except UsageExit as error:
        if "--json" in own:
            emit_error(error.message, USAGE)
        raise
    except ASGICompatError as error:
        if "--traceback" in own:
            say_as_is(escape(traceback_of(error), keep="\n"))
        say_message(f"error: {error}")
        for line in getattr(error, "lines", "").splitlines():
            say(f"    {line}")
        status = status_of(error)
        if "--json" in own:
            emit_error(str(error), status)
        return status


def _split(arguments: List[str]) -> Tuple[List[str], List[str]]:
    """Return our arguments, and those for a server: what follows the first ``--`` of `serve`."""
    command = next((row for row in COMMANDS if row.name in arguments[:1]), None)
    if command is None or not command.hands_on or "--" not in arguments:
        return arguments, []
    place = arguments.index("--")
    return arguments[:place], arguments[place + 1 :]


def _not_a_command(arguments: List[str]) -> str:
    """Return what is wrong with a command line whose first word is no command."""
    first, names = arguments[0], [row.name for row in COMMANDS]
    near = difflib.get_close_matches(first, names, n=1)
    if near:
        meant = [near[0], *arguments[1:]]
    elif ":" in first or "." in first:
        meant = ["serve", *arguments]
    else:
        return f"invalid choice: {first!r} (choose from {', '.join(names)})"
    return f"{first!r} is not a command; did you mean: asgi-compat {' '.join(map(shlex.quote, meant))}"


def traceback_of(error: BaseException) -> str:
    """Return the traceback of the exception that an error was made of, or of the error."""
    made_of = error.__cause__ or error.__context__ or error
    lines = traceback.format_exception(type(made_of), made_of, made_of.__traceback__)
    return (getattr(error, "details", "") or "".join(lines)).rstrip("\n")


def _run(given: List[str]) -> int:
    parser = _parser()
    own, handed_on = _split(given)
    if own and not own[0].startswith("-") and own[0] not in [row.name for row in COMMANDS]:
        parser.error(_not_a_command(own))
    parsed = parser.parse_args(own)
    if parsed.print_completion is not None:
        emit_as_is(completion(parser, parsed.print_completion))
        return CLEAN
    parsed.server_arguments = handed_on
    if parsed.command is None:
        parser.print_help(sys.stderr)
        return USAGE
    if parsed.row.prints:
        reserve_output()
    return int(parsed.row.run(parsed))
