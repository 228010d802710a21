"""What a command is, and the parser that makes its arguments when they are parsed."""

from __future__ import annotations

import argparse
import difflib
import sys
from typing import Any, Callable, Mapping, NamedTuple, NoReturn, Optional, Sequence

from .._terminal import emit_as_is, say, say_as_is
from .._text import escape
from .statuses import LOADS, USAGE


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
    #: The statuses that it can return, and what one of them means here.
    statuses: Sequence[int] = LOADS
    meanings: Mapping[int, str] = {}


class UsageExit(SystemExit):
    """The exit of wrong usage, with the sentence that has been printed."""

    def __init__(self, message: str) -> None:
        super().__init__(USAGE)
        #: What is wrong, for `--json`.
        self.message = message


class Parser(argparse.ArgumentParser):
    """Parse arguments, escape what errors quote, and print help as a result.

    The arguments of a command are added when they are parsed: what they need is not loaded for the others.
    Options are not abbreviated: a new option would make an abbreviation ambiguous.
    """

    command: Optional[Command] = None
    _of_command = False

    def __init__(self, *args: Any, **keywords: Any) -> None:
        keywords.setdefault("allow_abbrev", False)
        super().__init__(*args, **keywords)

    def add_command_arguments(self) -> None:
        """Add the arguments of the command, once."""
        if self.command is None:
            return
        self.command.add_arguments(self)
        self.add_argument(
            "--traceback", action="store_true", help="print the traceback that an error was made of, too"
        )
        self.set_defaults(row=self.command)
        self.command = None
        self._of_command = True

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse, with the arguments of the command. What a command does not know is an error of its own."""
        self.add_command_arguments()
        parsed, unknown = super().parse_known_args(args, namespace)
        if unknown and self._of_command:
            self.error(f"unrecognized arguments: {' '.join(unknown)}{self._nearest(unknown)}")
        return parsed, unknown

    def _nearest(self, unknown: Sequence[str]) -> str:
        options = [text for text in self._option_string_actions if text.startswith("--")]
        for argument in unknown:
            near = difflib.get_close_matches(argument.partition("=")[0], options, n=1)
            near = near or [text for text in options if text.startswith(argument)][:1]
            if near and argument.startswith("--") and len(argument) > 2:
                return f"; did you mean {near[0]}?"
        return ""

    def error(self, message: str) -> NoReturn:
        """End with status 2 and the usage."""
        try:
            super().error(escape(message))
        except SystemExit:
            raise UsageExit(message) from None

    def _print_message(self, message: str, file: Any = None) -> None:
        if file is sys.stdout and file is not sys.stderr:
            emit_as_is(message)
        elif file is sys.stderr:
            say_as_is(message.rstrip("\n"), "messages")
        else:
            super()._print_message(message, file)


def say_message(line: str) -> None:
    """Write one line to standard error, after the name of the program."""
    say(f"asgi-compat: {line}")
