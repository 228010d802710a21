"""``check``: hold conversations with an application and report what it does wrong."""

from __future__ import annotations

import argparse
from typing import Any, Sequence

from asgi_compat import rules

from .._detect.layers import layers
from .._terminal import emit
from .._text import escape
from .arguments import (
    add_quirks,
    add_style,
    add_target,
    asked_path,
    load_target,
    method,
    subprotocol,
    timeout,
)
from .command import Command, say_message
from .statuses import CLEAN, FINDINGS, INTERRUPTED, NOT_AN_APPLICATION
from .verdicts import RUNNABLE, emit_error, emit_json, print_layers


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add_target(parser)
    parser.add_argument(
        "--path",
        dest="paths",
        action="append",
        type=asked_path,
        metavar="/PATH",
        help="path to request, with or without a query; may be repeated (default: /)",
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
        help="limit for one conversation (default: %(default)g)",
    )
    parser.add_argument(
        "--ignore",
        action="append",
        default=[],
        metavar="RULE",
        help="report findings of this rule (A23) or problem (raised) as notes; may be repeated",
    )
    parser.add_argument(
        "--pedantic",
        action="store_true",
        help="report what the specification forbids and every server takes, such as capitals in header names",
    )
    add_style(parser)
    add_quirks(parser, "a field of asgi_compat.Quirks, for the run through to_asgi3")
    parser.add_argument("--json", action="store_true", help="output JSON")


def _run(arguments: argparse.Namespace) -> int:
    from ..check import as_json, as_text, check
    from ..serve import command_line, quirks

    quirks(arguments.quirks)  # a mistake in them is reported before the application is imported
    _check_ignored(arguments.ignore)
    app = load_target(arguments)
    stack = layers(app)
    if stack[0].verdict.style not in RUNNABLE and (arguments.style == "auto" or not callable(app)):
        return print_layers(arguments, stack)
    try:
        report = check(app, _options(arguments, app))
    except KeyboardInterrupt:
        say_message("interrupted, and nothing is known")
        if arguments.json:
            emit_error("interrupted, and nothing is known", INTERRUPTED)
        return INTERRUPTED
    if arguments.json:
        emit_json(as_json(arguments.target, report))
    else:
        emit(as_text(escape(arguments.target), report, escape(command_line("serve", arguments))), "check")
    return FINDINGS if report.findings else CLEAN


def _check_ignored(names: Sequence[str]) -> None:
    from ..check import PROBLEMS
    from ..serve import UsageError

    ids = [row.id for row in rules() if row.direction == "A"]
    for name in names:
        if name not in (*PROBLEMS, *ids):
            expected = f"a rule, {ids[0]} to {ids[-1]}, or one of {', '.join(PROBLEMS)}"
            raise UsageError(f"--ignore {name}: expected {expected}")


def _options(arguments: argparse.Namespace, app: Any) -> Any:
    from ..check import Options
    from ..serve import quirks

    return Options(
        paths=arguments.paths or Options().paths,
        methods=arguments.methods or Options().methods,
        subprotocols=arguments.subprotocols,
        timeout=arguments.timeout,
        style=arguments.style,
        quirks=quirks(arguments.quirks, app),
        ignore=arguments.ignore,
        pedantic=arguments.pedantic,
    )


COMMAND = Command(
    "check",
    "talk to an application and report what it gets wrong",
    _add_arguments,
    _run,
    meanings={NOT_AN_APPLICATION: "there are findings, or the target is not an application"},
)
