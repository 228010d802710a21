"""The types of arguments."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any, Callable, List, Tuple

import pytest

from asgi_compat import cli
from asgi_compat.cli import arguments
from asgi_compat.cli.command import Command, Parser

DOCS = Path(__file__).resolve().parents[2] / "docs"
#: Where the options of a command are described, besides the page of the command line.
PAGES = {"check": "check.md", "migrate": "leave-asgi2.md", "vendor": "framework-or-agent.md"}


def long_options(command: Command) -> List[str]:
    """Return the options that ``--help`` of a command lists."""
    parser = Parser(prog=command.name)
    parser.command = command
    parser.add_command_arguments()
    return [
        option
        for action in parser._actions
        for option in action.option_strings
        if option.startswith("--") and option != "--help"
    ]


OPTIONS: List[Tuple[str, str]] = [
    (command.name, option) for command in cli.COMMANDS for option in long_options(command)
]


@pytest.mark.parametrize("command, option", OPTIONS)
def test_option_of_a_command_is_documented(command: str, option: str) -> None:
    """On the page of the command line, or of the command; as a word of code, and not in a longer one."""
    pages = {"cli.md", PAGES.get(command, "cli.md")}
    text = "\n".join((DOCS / page).read_text(encoding="utf-8") for page in pages)
    fenced = re.findall(r"^```.*?^```$", text, re.DOTALL | re.MULTILINE)
    inline = re.findall(r"`[^`\n]+`", re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE))
    word = re.compile(rf"(?<![\w-]){re.escape(option)}(?![\w-])")
    assert any(map(word.search, inline + fenced)), f"{option} of {command} is on none of {sorted(pages)}"


def test_options_of_every_command_are_found() -> None:
    """The test above is not about nothing."""
    assert {command for command, _ in OPTIONS} == {command.name for command in cli.COMMANDS}
    assert len(OPTIONS) > 50 and ("serve", "--trace=json") in OPTIONS


@pytest.mark.parametrize(
    "convert, text, value",
    [
        (arguments.port, "0", 0),
        (arguments.port, "65535", 65535),
        (arguments.count, "1", 1),
        (arguments.root_path, "/", ""),
        (arguments.root_path, "/a/", "/a"),
        (arguments.root_path, "", ""),
        (arguments.asked_path, "/a?b=%20", "/a?b=%20"),
        (arguments.method, "get", "GET"),
        (arguments.method, "m-search", "M-SEARCH"),
        (arguments.subprotocol, "graphql-ws", "graphql-ws"),
        (arguments.timeout, "0.05", 0.05),
    ],
)
def test_argument_is_converted(convert: Callable[[str], Any], text: str, value: Any) -> None:
    """The limits are included."""
    assert convert(text) == value


@pytest.mark.parametrize(
    "convert, text",
    [
        (arguments.port, "65536"),
        (arguments.port, "\N{ARABIC-INDIC DIGIT ONE}"),
        (arguments.port, ""),
        (arguments.count, "0"),
        (arguments.count, "1025"),
        (arguments.root_path, "a"),
        (arguments.asked_path, "a"),
        (arguments.asked_path, "/a b"),
        (arguments.asked_path, "/\x1b"),
        (arguments.asked_path, "/\xe9"),
        (arguments.method, ""),
        (arguments.method, "GET /"),
        (arguments.subprotocol, ""),
        (arguments.subprotocol, "a,b"),
        (arguments.subprotocol, "a b"),
        (arguments.timeout, "nan"),
        (arguments.timeout, "inf"),
        (arguments.timeout, "0"),
        (arguments.timeout, "soon"),
    ],
)
def test_argument_out_of_range_is_refused(convert: Callable[[str], Any], text: str) -> None:
    """With the value escaped."""
    with pytest.raises(argparse.ArgumentTypeError) as caught:
        convert(text)
    assert str(caught.value).startswith(repr(text)) and str(caught.value).isprintable()
