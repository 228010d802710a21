"""Print what completes the command in a shell, with shtab (the extra ``completion``)."""

from __future__ import annotations

import argparse
import importlib

from asgi_compat import MissingExtraError

from .command import Parser

#: What shtab writes for.
SHELLS = ("bash", "zsh", "tcsh")


def completion(parser: Parser, shell: str) -> str:
    """Return the script for a shell; raise `MissingExtraError` without shtab.

    ``asgi-compat --print-completion bash > ~/.local/share/bash-completion/completions/asgi-compat``
    """
    try:
        shtab = importlib.import_module("shtab")
    except ImportError:
        raise MissingExtraError(
            "--print-completion needs shtab, which is not installed:"
            ' python -m pip install "asgi_compat[completion]"',
            extra="completion",
        ) from None
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for subparser in action.choices.values():
                subparser.add_command_arguments()
    return str(shtab.complete(parser, shell))
