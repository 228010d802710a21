"""``inspect``: report what an application is, layer by layer."""

from __future__ import annotations

import argparse

from .._detect.layers import layers
from .arguments import add_target, load_target
from .command import Command
from .verdicts import print_layers


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add_target(parser)
    parser.add_argument("--json", action="store_true", help="output JSON")


def _run(arguments: argparse.Namespace) -> int:
    app = load_target(arguments)
    return print_layers(arguments, layers(app))


COMMAND = Command("inspect", "report what an application is, layer by layer", _add_arguments, _run)
