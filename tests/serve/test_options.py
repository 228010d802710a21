"""``--quirk NAME=VALUE``."""

from __future__ import annotations

import argparse
import ast
import re
import shlex
import sys
import types
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from asgi_compat import PROFILES, Quirks, cli, serve
from asgi_compat.cli.command import Parser


def test_quirks_are_parsed_and_checked() -> None:
    """Literals and words; an unknown name is reported with the nearest one."""
    assert serve.quirks(()) is None
    chosen = serve.quirks(["join_body=True", "placeholder_client=('127.0.0.1', 0)", "receive_keys=both"])
    assert chosen == Quirks(join_body=True, placeholder_client=("127.0.0.1", 0), receive_keys="both")
    for text, says in (
        ("join_body", "NAME=VALUE"),
        ("join_bodies=True", "did you mean join_body?"),
        ("receive_keys=neither", "Quirks.receive_keys: got 'neither', expected 'either' or 'one' or 'both'"),
        ("join_body=maybe", "Quirks.join_body: got 'maybe', expected True or False"),
        ("profile=quart", "--profile quart: there is no such profile; did you mean quart-0.6?"),
        ("profile=zzz", "there is no such profile; there are channels-2.1.1, "),
    ):
        with pytest.raises(serve.UsageError, match=re.escape(says)):
            serve.quirks([text])
    assert serve.quirks(["join_body=true", "defer_start=FALSE", "finish_on_error=none"]) == Quirks(
        join_body=True, defer_start=False
    )


def test_quirks_change_the_profile_of_the_application(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the application, or of the profile that is named; they do not replace it."""
    quart = PROFILES["quart-0.6"].quirks
    assert quart != Quirks()
    assert serve.quirks(["profile=quart-0.6"]) == quart
    assert serve.quirks(["join_body=true", "profile=quart-0.6"]) == replace(quart, join_body=True)

    class Quart:
        def __call__(self, scope: object) -> None: ...

    Quart.__module__ = "quart.app"
    package = types.ModuleType("quart")
    package.__version__ = "0.8.1"  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "quart", package)
    assert serve.quirks(["join_body=true"], Quart()) == replace(quart, join_body=True)
    converted = serve.adapt(Quart(), serve.Options(style="double", quirks=["join_body=true"]))
    assert "placeholder_client" in repr(converted) and "join_body" in repr(converted)


@pytest.mark.parametrize(
    "given, typed",
    [
        ({"target": "m:app"}, "m:app"),
        ({"target": "m:make", "factory": True, "app_dir": "my code"}, "m:make --factory --app-dir 'my code'"),
        ({"target": "m:app", "style": "double"}, "m:app --style double"),
        ({"target": "m:app", "style": "auto", "quirks": []}, "m:app"),
        (
            {
                "target": "m:app",
                "quirks": ["join_body=true", "profile=quart-0.6", "receive_keys=a b"],
            },
            "m:app --quirk join_body=true --profile quart-0.6 --quirk 'receive_keys=a b'",
        ),
        ({"target": "--django shop.settings", "django": "shop.settings"}, "--django shop.settings"),
    ],
)
def test_command_line_repeats_what_says_what_the_application_is(given: Any, typed: str) -> None:
    """Quoted for a shell: advice is copied."""
    arguments = argparse.Namespace(**given)
    assert serve.command_line("check", arguments) == f"python -m asgi_compat check {typed}"


GIVEN = serve.Options(
    "m:app", style="double", rewire=True, strict=True, app_dir="src", quirks=["text_body=true"]
)


@pytest.mark.parametrize(
    "command, typed",
    [
        ("serve", "m:app --app-dir src --style double --quirk text_body=true --rewire"),
        ("check", "m:app --app-dir src --style double --quirk text_body=true"),
        ("inspect", "m:app --app-dir src"),
    ],
)
def test_command_line_repeats_what_the_command_takes(command: str, typed: str) -> None:
    """An option that it refuses would end with status 2: its own parser takes the line."""
    line = serve.command_line(command, GIVEN)
    assert line == f"python -m asgi_compat {command} {typed}"
    row = next(row for row in cli.COMMANDS if row.name == command)
    parser = Parser(prog=command)
    parser.command = row
    parsed = parser.parse_args(shlex.split(typed))
    assert (parsed.target, parsed.app_dir) == ("m:app", "src")


def test_command_line_takes_further_options_once() -> None:
    """`inspect` adds --rewire where layers call each other the wrong way."""
    assert serve.command_line("serve", serve.Options("m:a"), "--rewire").endswith(" serve m:a --rewire")
    assert serve.command_line("serve", GIVEN, "--rewire").count("--rewire") == 1


def test_advice_to_run_a_command_is_made_in_one_place() -> None:
    """A command that is written out elsewhere forgets the options that were given."""
    package = Path(cli.__file__).resolve().parents[1]
    found = []
    for path in package.rglob("*.py"):
        if "vendor" in path.parts:
            continue
        texts = [
            node.value
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "\n" not in node.value
        ]
        if any(re.search(r"python -m asgi_compat (serve|check|inspect|\Z)", text) for text in texts):
            found.append(path.relative_to(package).as_posix())
    assert sorted(found) == [
        "_detect/objects.py",  # a string that was passed as the application: there are no options
        "check/output.py",  # where a program gives no command
        "cli/verdicts.py",  # the same
        "serve/options.py",
        "serve/worker.py",  # about a variable that is not set
    ]
