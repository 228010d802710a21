"""``explain``: print the rows of the table."""

from __future__ import annotations

import argparse

from .._terminal import emit
from .command import Command, say_message
from .statuses import CLEAN, PRINTS, USAGE


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what",
        nargs="?",
        default="",
        help="id of a rule (A22), type of an event or scope (websocket.close), or moved: what other packages"
        " no longer have, and its new place",
    )
    parser.add_argument("--all", action="store_true", help="everything")
    parser.add_argument(
        "--markdown", action="store_true", help="output Markdown (docs/rules.md, docs/moved.md)"
    )


def _run(arguments: argparse.Namespace) -> int:
    from ..explain import explain

    if arguments.what == "moved":
        from ..serve import moved

        if arguments.markdown:
            emit(moved.as_markdown().rstrip("\n"))
        else:
            emit(moved.as_text(), "moved")
        return CLEAN
    if bool(arguments.what) is arguments.all:
        say_message("error: name a rule or an event, as in explain A22, or use --all")
        return USAGE
    try:
        text = explain(arguments.what, markdown=arguments.markdown).rstrip("\n")
    except LookupError as error:
        say_message(f"error: {error.args[0]}")
        return USAGE
    emit(text, "" if arguments.markdown else "explain")
    return CLEAN


COMMAND = Command(
    "explain", "print a rule, an event or the whole table", _add_arguments, _run, statuses=PRINTS
)
