"""``check``: hold conversations with an application and report what it does wrong."""

from __future__ import annotations

import argparse

from asgi_compat import rules

from .._detect.layers import layers
from .._terminal import emit
from .arguments import add_quirks, add_style, add_target, asked_path, method, subprotocol, timeout
from .command import Command, say_message
from .statuses import CLEAN, FINDINGS, INTERRUPTED
from .verdicts import RUNNABLE, emit_json, print_layers


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add_target(parser)
    parser.add_argument(
        "--path",
        dest="paths",
        action="append",
        type=asked_path,
        metavar="/PATH",
        help="path that is asked for, with a query or without; may be repeated (default: /)",
    )
    parser.add_argument(
        "--method",
        dest="methods",
        action="append",
        type=method,
        metavar="METHOD",
        help="HTTP method; may be repeated (default: GET, HEAD and POST)",
    )
    parser.add_argument(
        "--subprotocol",
        dest="subprotocols",
        action="append",
        type=subprotocol,
        default=[],
        metavar="NAME",
        help="offered in every WebSocket; may be repeated",
    )
    parser.add_argument(
        "--timeout",
        type=timeout,
        default=5.0,
        metavar="SECONDS",
        help="what one conversation may take (default: %(default)g)",
    )
    parser.add_argument(
        "--ignore",
        action="append",
        default=[],
        metavar="RULE",
        help="make findings of this rule (A23) or problem (raised) notes; may be repeated",
    )
    add_style(parser)
    add_quirks(parser, "a field of asgi_compat.Quirks, for what is said of to_asgi3")
    parser.add_argument("--json", action="store_true", help="print it for a program to read")


def _run(arguments: argparse.Namespace) -> int:
    from ..check import PROBLEMS, Options, as_json, as_text, check
    from ..serve import UsageError, load, quirks

    quirks(arguments.quirks)  # a mistake in them is said before the application is imported
    known = [*PROBLEMS, *(row.id for row in rules() if row.direction == "A")]
    for name in arguments.ignore:
        if name not in known:
            raise UsageError(f"--ignore {name}: it is a rule, A1 to A51, or one of {', '.join(PROBLEMS)}")
    app = load(arguments.target, app_dir=arguments.app_dir, factory=arguments.factory)
    stack = layers(app)
    if stack[0].verdict.style not in RUNNABLE and (arguments.style == "auto" or not callable(app)):
        return print_layers(arguments, stack)
    options = Options(
        paths=arguments.paths or Options().paths,
        methods=arguments.methods or Options().methods,
        subprotocols=arguments.subprotocols,
        timeout=arguments.timeout,
        style=arguments.style,
        quirks=quirks(arguments.quirks, app),
        ignore=arguments.ignore,
    )
    try:
        report = check(app, options)
    except KeyboardInterrupt:
        say_message("interrupted, and nothing is known")
        return INTERRUPTED
    if arguments.json:
        emit_json(as_json(arguments.target, report))
    else:
        emit(as_text(arguments.target, report))
    return FINDINGS if report.findings else CLEAN


COMMAND = Command("check", "talk to an application and say what it does wrong", _add_arguments, _run)
