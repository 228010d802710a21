"""``inspect``: text and JSON, and every mistake in an import string."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from asgi_compat import cli

from .commands import MISTAKES, Wrong, assert_one_sentence, run


@pytest.mark.parametrize("wrong", MISTAKES, ids=lambda wrong: str(wrong.arguments))
def test_inspect_mistake_is_one_sentence_and_a_status(wrong: Wrong, project: Path) -> None:
    """No traceback, nothing on stdout, the status that is documented."""
    done = run(["inspect", *wrong.arguments.split()], project)
    assert_one_sentence(done.returncode, done.stderr, wrong)
    assert done.stdout == ""


def test_inspect_loads_no_server(project: Path) -> None:
    """Nor anything else it does not need."""
    code = (
        "import sys; from asgi_compat.cli import main; status = main(['inspect', 'good:double']); "
        "print(sorted({'uvicorn', 'hypercorn', 'daphne', 'granian', 'twisted'} & set(sys.modules))); "
        "sys.exit(status)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=str(project),
        stdout=subprocess.PIPE,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode == 0 and done.stdout.endswith("[]\n")


@pytest.mark.parametrize(
    "arguments, status, style",
    [
        ("good:single", 0, "single"),
        ("good:double", 0, "double"),
        ("named", 0, "single"),
        ("package.asgi", 0, "single"),
        ("good:holder.app", 0, "single"),
        ("below --app-dir src", 0, "single"),
        ("good:create_app --factory", 0, "single"),
        ("good:create_app", 1, "factory"),
        ("good:wsgi", 1, "wsgi"),
        ("good:number", 1, "not an app"),
    ],
)
def test_inspect_as_json(arguments: str, status: int, style: str, project: Path) -> None:
    """The keys are stable, the status says whether it can be served."""
    done = run(["inspect", "--json", *arguments.split()], project)
    assert (done.returncode, done.stderr) == (status, "")
    facts = json.loads(done.stdout)
    assert list(facts) == ["target", "style", "layers"]
    assert (facts["target"], facts["style"]) == (arguments.split()[0], style)
    assert list(facts["layers"][0]) == ["depth", "via", "repr", "type", "style", "reason", "remedy"]
    assert facts["layers"][0]["reason"]


def test_inspect_text_has_reason_and_next_step(project: Path) -> None:
    """Numbered, with the reason, and with the line that serves it."""
    done = run(["inspect", "good:double"], project)
    lines = done.stdout.splitlines()
    assert lines[0] == "good:double, outermost first:"
    assert lines[1] == "  1  double  good.double"
    assert lines[-1].startswith(f"To serve it: python -m asgi_compat serve {lines[0].split(',')[0]}. ")


def test_inspect_names_the_application_inside(project: Path) -> None:
    """A server object that merely has .app is a common slip."""
    done = run(["inspect", "good:holder"], project)
    assert done.returncode == cli.NOT_AN_APPLICATION
    assert "did you mean good:holder.app?" in done.stdout.splitlines()[-1]


def test_inspect_repr_that_raises_is_reported(project: Path) -> None:
    """inspect is for objects that are in trouble."""
    (project / "shy.py").write_text(
        "class Shy:\n"
        "    def __repr__(self): raise ValueError('no')\n"
        "    async def __call__(self, scope, receive, send): ...\n"
        "app = Shy()\n"
    )
    done = run(["inspect", "shy"], project)
    assert done.returncode == 0 and "<shy.Shy, whose repr raises ValueError>" in done.stdout, done.stderr
