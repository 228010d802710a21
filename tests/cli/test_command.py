"""The parser and `main`."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import List

import pytest

import asgi_compat
from asgi_compat import cli

from .commands import run


@pytest.mark.parametrize(
    "arguments, said",
    [
        ("serve --port 65536", "not a port"),
        ("serve --port http", "not a port"),
        ("serve --port -1", "--port"),
        ("serve --workers 0", "not a number of processes"),
        ("serve --root-path pre", "use /pre"),
        ("serve --server gunicorn", "'?gunicorn'? \\(choose from"),
        ("serve --style triple", "triple"),
        ("serve --log-level loud", "loud"),
        ("serve good:single good:double", "unrecognized arguments"),
        ("inspect", "module:app"),
        ("explode", "invalid choice"),
    ],
)
def test_parser_wrong_usage_exits_with_2(
    arguments: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 2 and the usage."""
    with pytest.raises(SystemExit) as left:
        cli.main(arguments.split())
    assert left.value.code == cli.USAGE
    assert re.search(said, capsys.readouterr().err)


def test_main_without_a_command_lists_them(capsys: pytest.CaptureFixture[str]) -> None:
    """Help on stderr, and status 2, because nothing was done."""
    assert cli.main([]) == cli.USAGE
    error = capsys.readouterr().err
    for command in cli.COMMANDS:
        assert command.name in error


@pytest.mark.parametrize("arguments, loaded", [(["--help"], False), (["serve", "--help"], True)])
def test_parser_help_loads_what_its_command_needs(arguments: List[str], loaded: bool, project: Path) -> None:
    """``--help`` is quick; the arguments of a command are made when they are parsed."""
    code = (
        "import sys, asgi_compat.cli as cli\n"
        "try: cli.main(sys.argv[1:])\n"
        "except SystemExit: print('asgi_compat.serve' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=str(project), stdout=subprocess.PIPE, encoding="utf-8", timeout=60,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == str(loaded)


def test_main_version_is_that_of_the_package(project: Path) -> None:
    """Of the package, by the console script's name."""
    done = run(["--version"], project)
    assert (done.returncode, done.stdout) == (0, f"asgi-compat {asgi_compat.__version__}\n")
