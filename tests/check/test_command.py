"""``python -m asgi_compat check``."""

from __future__ import annotations

import functools
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from asgi_compat import cli

FILES = {
    "odd.py": """
import asyncio

def app(scope):
    async def instance(receive, send):
        print("printed by the application")
        await send({"type": "http.response.start", "status": "200", "headers": []})
        await send({"type": "http.response.body", "body": b"hello"})
    return instance

async def right(scope, receive, send):
    assert scope["type"] == "http"
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"\\xe2\\x82\\xac"})

def create():
    return right

async def immortal(scope, receive, send):
    assert scope["type"] == "http"
    while True:
        try:
            await asyncio.sleep(100)
        except BaseException:
            pass

async def slow(scope, receive, send):
    print("begun", flush=True)
    await asyncio.sleep(100)

async def words(scope, receive, send):
    assert scope["type"] == "http"
    raise ValueError("\\u20ac")

def wsgi(environ, start_response):
    start_response("200 OK", [])
    return [b""]
""",
    "broken.py": "1 / 0\n",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the applications above."""
    directory = tmp_path_factory.mktemp("project")
    for name, text in FILES.items():
        (directory / name).write_text(text, encoding="utf-8")
    return directory


COMMAND = [sys.executable, "-bb", "-W", "error", "-m", "asgi_compat", "check"]


def run(arguments: str, directory: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments.split()],
        cwd=str(directory),
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )


def test_command_findings_are_status_1(project: Path) -> None:
    """And what the application prints does not come between them."""
    done = run("odd:app", project)
    assert done.returncode == cli.FINDINGS == 1
    assert done.stdout.startswith("odd:app is double-callable") and "A23" in done.stdout
    assert set(done.stderr.split("\n")) == {"printed by the application", ""}


def test_command_without_findings_is_status_0(project: Path) -> None:
    """With a factory too."""
    for target in ("odd:right", "odd:create --factory"):
        done = run(f"{target} --method GET", project)
        assert (done.returncode, done.stderr) == (cli.CLEAN, "")
        assert done.stdout.endswith("No findings in 5 conversations.\n")


def test_command_json_is_one_object(project: Path) -> None:
    """On stdout, with nothing beside it."""
    done = run("odd:app --json --path /a --path /b?c=d --method put --subprotocol chat", project)
    facts = json.loads(done.stdout)
    assert done.returncode == 1 and facts["target"] == "odd:app"
    assert {row["path"] for row in facts["conversations"]} == {"", "/a", "/b"}
    assert any(row["name"].startswith("PUT /b?c=d") for row in facts["conversations"])
    assert [row["rule"] for row in facts["findings"]] == ["A23"]


@pytest.mark.parametrize("json_or_not", ["", " --json"])
def test_command_no_application_prints_what_inspect_prints(project: Path, json_or_not: str) -> None:
    """The same words, the same status."""
    done = run("odd:wsgi" + json_or_not, project)
    inspected = subprocess.run(
        [*COMMAND[:-1], "inspect", "odd:wsgi", *json_or_not.split()],
        cwd=str(project), stdout=subprocess.PIPE, encoding="utf-8", timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (inspected.returncode, inspected.stdout)
    assert done.returncode == cli.NOT_AN_APPLICATION and "a2wsgi" in done.stdout


@pytest.mark.parametrize(
    "arguments, status, said",
    [
        ("nowhere:app", cli.NOT_IMPORTED, "no module 'nowhere'"),
        ("broken:app", cli.NOT_IMPORTED, "ZeroDivisionError"),
        ("odd:nothing", cli.NOT_IMPORTED, "no attribute 'nothing'"),
        ("odd.py", cli.USAGE, "names a file"),
        ("odd:app --path a", cli.USAGE, "begins with a slash"),
        ("odd:app --method G/T", cli.USAGE, "not an HTTP method"),
        ("odd:app --timeout soon", cli.USAGE, "number of seconds"),
        ("odd:app --timeout 0", cli.USAGE, "number of seconds"),
        ("odd:app --subprotocol a,b", cli.USAGE, "one token"),
        ("odd:app --ignore A99", cli.USAGE, "--ignore A99"),
        ("odd:app --quirk nothing=1", cli.USAGE, "no such quirk"),
        ("", cli.USAGE, "module:app"),
    ],
)
def test_command_mistake_has_its_status(
    arguments: str,
    status: int,
    said: str,
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nothing on stdout, no traceback."""
    monkeypatch.syspath_prepend(str(project))
    monkeypatch.chdir(project)
    try:
        assert cli.main(["check", *arguments.split()]) == status
    except SystemExit as left:  # argparse's own way
        assert left.code == status
    for name in ("odd", "broken"):
        sys.modules.pop(name, None)
    printed = capsys.readouterr()
    assert said in printed.err and "Traceback" not in printed.err and printed.out == ""


def test_command_passes_the_options(project: Path) -> None:
    """Style, quirks, what is ignored, and the time."""
    assert run("odd:app --ignore A23 --method GET", project).returncode == 0
    done = run("odd:app --style single --method GET --timeout 0.5", project)
    assert "raised TypeError" in done.stdout and done.returncode == 1


def test_command_ends_when_a_task_ignores_cancellation(project: Path) -> None:
    """It swallows every exception, also the one of being collected at the interpreter's end."""
    done = run("odd:immortal --method GET --timeout 0.3", project)
    assert (done.returncode, done.stderr) == (1, "")
    assert "could not be cancelled" in done.stdout


def test_command_escapes_for_an_ascii_terminal(project: Path) -> None:
    """What it cannot show is escaped."""
    done = run("odd:words --method GET", project, PYTHONIOENCODING="ascii")
    assert done.returncode == 1 and "ValueError: \\u20ac" in done.stdout and "Traceback" not in done.stderr


def test_command_interrupted_is_status_130(project: Path) -> None:
    """Status 130, one sentence, no report."""
    process = subprocess.Popen(
        [*COMMAND, "odd:slow", "--timeout", "60"], cwd=str(project),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        # A shell's background jobs ignore SIGINT, and so do their children: also whole runs of the tests.
        preexec_fn=functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    try:
        assert process.stderr is not None
        assert process.stderr.readline() == "begun\n"
        time.sleep(0.3)  # a signal in the middle of a write makes Python write the line once more
        process.send_signal(signal.SIGINT)
        out, error = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == 130 and out == ""
    assert error == "asgi-compat: interrupted, and nothing is known\n"
