"""What a command is, and the parser that makes its arguments when they are parsed."""

from __future__ import annotations

import argparse
import sys
from typing import Any, Callable, NamedTuple, NoReturn, Optional

from .._terminal import emit_as_is, say
from .._text import escape


class Command(NamedTuple):
    """One subcommand."""

    name: str
    help: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    #: Takes the parsed arguments, returns the exit status.
    run: Callable[[argparse.Namespace], int]
    #: Whether standard output is for its result only: what the application prints goes to stderr.
    prints: bool = True
    #: Whether what follows ``--`` is handed on, as `server_arguments`.
    hands_on: bool = False


class Parser(argparse.ArgumentParser):
    """Parse arguments, escape what errors quote, and print help as a result.

    The arguments of a command are added when they are parsed: what they need is not loaded for the others.
    """

    command: Optional[Command] = None

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse, with the arguments of the command."""
        if self.command is not None:
            self.command.add_arguments(self)
            self.set_defaults(row=self.command)
            self.command = None
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """End with status 2 and the usage."""
        super().error(escape(message))

    def _print_message(self, message: str, file: Any = None) -> None:
        if file is sys.stdout and file is not sys.stderr:
            emit_as_is(message)
        else:
            super()._print_message(message, file)


def say_message(line: str) -> None:
    """Write one line to standard error, after the name of the program."""
    say(f"asgi-compat: {line}")
