"""The parser and `main`."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Dict, List

import pytest
import requires

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
        ("good:single --port 0", r"did you mean: asgi-compat serve good:single --port 0\n$"),
        ("chekc good:single", r"did you mean: asgi-compat check good:single\n$"),
        (
            "serve --prot 0",
            r"^usage: asgi-compat serve .*unrecognized arguments: --prot; did you mean --port\?",
        ),
        ("serve --work 2", r"unrecognized arguments: --work; did you mean --workers\?"),
        ("inspect good:single --port", r"(?s)^usage: asgi-compat inspect .*unrecognized arguments: --port"),
    ],
)
def test_parser_wrong_usage_exits_with_2(
    arguments: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 2 and the usage."""
    with pytest.raises(SystemExit) as left:
        cli.main(arguments.split())
    assert left.value.code == cli.USAGE
    assert re.search(said, capsys.readouterr().err, re.DOTALL)


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


@pytest.mark.parametrize("option", ["-V", "--version"])
def test_main_version_has_a_short_option(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    """As pip and uvicorn print theirs."""
    with pytest.raises(SystemExit) as left:
        cli.main([option])
    assert left.value.code == 0 and asgi_compat.__version__ in capsys.readouterr().out


@pytest.mark.parametrize("server", ["", "--server granian"])
def test_main_traceback_is_printed_when_asked_for(server: str, project: Path) -> None:
    """What a sentence was made of; granian's is from the process that rehearses the import."""
    if server:
        requires.package("granian")
    arguments = ["serve", "raises:app", *server.split()]
    assert run(arguments, project).stderr.count("\n") == 1
    lines = run([*arguments, "--traceback"], project).stderr.splitlines()
    assert "Traceback (most recent call last):" in lines
    assert any(line.startswith("json.decoder.JSONDecodeError: ") for line in lines)
    assert lines[-1].startswith("asgi-compat: error: the module 'raises' was found")


@pytest.mark.parametrize(
    "environment, coloured",
    [({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False), ({}, False)],
)
def test_main_error_is_coloured_where_it_is_wanted(
    environment: Dict[str, str], coloured: bool, project: Path
) -> None:
    """On a terminal, never where NO_COLOR is set, and not in a pipe."""
    cleared = {"FORCE_COLOR": "", "NO_COLOR": ""}
    done = run(["inspect", "nowhere:app"], project, {**cleared, **environment})
    assert ("\x1b[1;31merror: \x1b[0m" in done.stderr) is coloured
    assert ("\x1b" in done.stderr) is coloured


def test_main_interrupted_import_ends_with_130(project: Path) -> None:
    """As shells report it; nothing was printed."""
    (project / "interrupted.py").write_text("raise KeyboardInterrupt\n")
    assert run(["inspect", "interrupted:app"], project).returncode == cli.INTERRUPTED


@pytest.mark.parametrize(
    "arguments, message",
    [
        ("check m:app --json --timeout nope", "argument --timeout: 'nope' is not a number of seconds"),
        ("inspect --json", "the following arguments are required: module:app"),
    ],
)
def test_main_wrong_usage_with_json_is_json(
    arguments: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The usage stays on standard error, and the status is that of argparse."""
    with pytest.raises(SystemExit) as left:
        cli.main(arguments.split())
    said = capsys.readouterr()
    error = json.loads(said.out)["error"]
    assert left.value.code == error["status"] == cli.USAGE
    assert error["message"].startswith(message) and said.err.startswith("usage: ")
