"""``vendor``: write detection and the shape adapters into one file, for projects without dependencies."""

from __future__ import annotations

import argparse

from .._terminal import emit
from .command import Command, say_message
from .statuses import CLEAN, NO_OUTPUT, PRINTS


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--output", metavar="FILE", default="", help="file to write, for example _asgi_detection.py"
    )


def _run(arguments: argparse.Namespace) -> int:
    from ..vendor import vendored

    text = vendored()
    if not arguments.output:
        emit(text.rstrip("\n"))
        return CLEAN
    try:
        with open(arguments.output, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        say_message(
            f"error: {arguments.output!r}: {error.strerror}; name a file in a folder that can be written"
        )
        return NO_OUTPUT
    return CLEAN


COMMAND = Command(
    "vendor", "write detection and the shape adapters into one file", _add_arguments, _run, statuses=PRINTS
)
