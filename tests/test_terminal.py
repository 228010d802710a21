"""The standard streams of every command: results alone on standard output, escaped, and no traceback.

Each case is a process of its own with real descriptors: full, closed, or a pipe that nobody reads.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, List, Optional

import pytest
import requires

from asgi_compat import _text, cli

pytestmark = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")

NOISY = """
import atexit, logging, os, subprocess, sys, threading

print("NOISE print")
sys.stdout.write("NOISE write\\n")
sys.stdout.buffer.write(b"NOISE buffer\\n")
sys.__stdout__.write("NOISE original\\n")
os.write(1, b"NOISE descriptor\\n")
subprocess.run([sys.executable, "-c", "print('NOISE child')"])
logging.basicConfig(stream=sys.stdout, level=logging.WARNING)
logging.warning("NOISE log")
atexit.register(print, "NOISE exit")
threading.Timer(0.3, print, ["NOISE thread"]).start()

class Application:
    def __repr__(self):
        print("NOISE repr")
        os.write(1, b"NOISE repr descriptor\\n")
        return "shown"

    async def __call__(self, scope, receive, send):
        print("NOISE call")
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

app = Application()
"""

#: A control character of each kind: C0, DEL, C1, ANSI, bidirectional, separators, zero width, surrogate.
HOSTILE = "\x07 \x7f \x85 \x9b31m \x1b[31m \u202e \u2066 \u2028 \u2029 \u200b \ufeff \udcff \r\nforged"

FILES = {
    "noisy.py": NOISY,
    "rewrapped.py": "import io, sys\nsys.stdout = io.TextIOWrapper(sys.stdout.buffer)\nprint('NOISE')\n"
    "async def app(scope, receive, send):\n"
    "    await send({'type': 'http.response.start', 'status': 200, 'headers': []})\n"
    "    await send({'type': 'http.response.body', 'body': b''})\n",
    "closing.py": "import os, sys\nsys.stdout.close()\nos.close(1)\n"
    "async def app(scope, receive, send): ...\n",
    "named.py": f"HOSTILE = {HOSTILE!r}\n"
    "async def function(scope, receive, send): ...\n"
    "function.__qualname__ = HOSTILE\n"
    "class Shown:\n"
    "    def __repr__(self): return HOSTILE\n"
    "    async def __call__(self, scope, receive, send): ...\n"
    "shown = Shown()\n"
    "Named = type(HOSTILE.replace('\\udcff', ''), (), {'__call__': lambda self, scope: None})\n"
    "instance = Named()\n"
    "def wsgi(environ, start_response): ...\n"
    "wsgi.__qualname__ = wsgi.__name__ = HOSTILE\n"
    "class Router:\n"
    "    def __init__(self): self.application_mapping = {HOSTILE: function}\n"
    "    async def __call__(self, scope, receive, send): ...\n"
    "router = Router()\n"
    "def failing(): raise ValueError(HOSTILE)\n"
    "async def raising(scope, receive, send): raise ValueError(HOSTILE)\n"
    "@property\n"
    "def unused(self): ...\n",
    "raising.py": f"raise ValueError({HOSTILE!r})\n",
    "mute.py": "class Mute(Exception):\n    def __str__(self): raise ValueError('no')\nraise Mute\n",
    "blank.py": "raise ValueError(' \\n ')\n",
    "long.py": "raise ValueError('x' * 1_000_000)\n",
    "number.py": "raise SyntaxError(5)\n",
    "gone.py": "raise ModuleNotFoundError(name=5)\n",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("project")
    for name, text in FILES.items():
        (directory / name).write_text(text, encoding="utf-8", errors="surrogatepass")
    return directory


def run(arguments: str, directory: Path, redirect: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command, its streams redirected by a shell."""
    line = f'exec "$0" -m asgi_compat {arguments} {redirect}'
    return subprocess.run(
        ["sh", "-c", line, sys.executable],
        cwd=str(directory),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )


# -- results alone ----------------------------------------------------------------------------------

SOURCES = ["print", "write", "buffer", "original", "descriptor", "child", "log", "exit", "thread"]


@pytest.mark.parametrize("command, called", [("inspect", ["repr", "repr descriptor"]), ("check", ["call"])])
def test_json_holds_what_the_application_prints_out(command: str, called: List[str], project: Path) -> None:
    """Whatever way it prints, at import, when it is looked at, in a thread and at exit: it is on stderr."""
    done = run(f"{command} --json noisy", project)
    assert done.returncode == cli.CLEAN, done.stderr
    assert json.loads(done.stdout)["target"] == "noisy"
    for source in SOURCES + called:
        assert f"NOISE {source}\n" in done.stderr
    assert "NOISE" not in done.stdout


@pytest.mark.parametrize("command", ["inspect", "check"])
def test_text_holds_what_the_application_prints_out(command: str, project: Path) -> None:
    """The text for people is as clean."""
    done = run(f"{command} noisy", project)
    assert done.stdout.startswith("noisy") and "NOISE" not in done.stdout


@pytest.mark.parametrize("module", ["rewrapped", "closing"])
def test_json_survives_what_the_application_does_to_stdout(module: str, project: Path) -> None:
    """It wraps `sys.stdout` once more, or closes it."""
    done = run(f"inspect --json {module}", project)
    assert (done.returncode, "Exception ignored" in done.stderr) == (cli.CLEAN, False), done.stderr
    assert json.loads(done.stdout)["style"] == "single"


def test_main_gives_the_streams_back(project: Path) -> None:
    """A program that calls `main` with arguments goes on with its own standard output."""
    code = (
        "import os, sys; from asgi_compat.cli import main; "
        "before = sys.stdout, sys.stderr, sorted(os.listdir('/dev/fd')); "
        "main(['inspect', '--json', 'noisy']); "
        "assert before == (sys.stdout, sys.stderr, sorted(os.listdir('/dev/fd'))); "
        "print('printed'); sys.stdout.flush(); os.write(1, b'written\\n')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=str(project), capture_output=True, encoding="utf-8", timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    result, end, after = done.stdout.rpartition("}\n")
    assert json.loads(result + end)["target"] == "noisy"
    assert after.splitlines()[:2] == ["printed", "written"]


# -- escapes ----------------------------------------------------------------------------------------


def forbidden(text: str) -> str:
    """Return what may not stand in the output of a command: all that is not printable, but line breaks."""
    return "".join(
        sorted({character for character in text if character != "\n" and not character.isprintable()})
    )


@pytest.mark.parametrize(
    "arguments",
    [
        "inspect named:function",
        "inspect named:shown",
        "inspect named:instance",
        "inspect named:Named",
        "inspect named:wsgi",
        "inspect named:router",
        "inspect named:failing --factory",
        "inspect named:HOSTILE",
        "inspect raising",
        "inspect --json named:shown",
        "inspect --json named:function",
        "inspect --json named:router",
        "check named:function",
        "check named:raising",
        "check --json named:raising",
        "check named:wsgi",
        "check named:instance",
        "check raising",
        "serve named:wsgi",
        "serve named:HOSTILE",
        "serve named:failing --factory",
        "serve raising",
        "serve --server granian raising",
    ],
)
def test_nothing_of_an_application_reaches_the_terminal_raw(arguments: str, project: Path) -> None:
    """Names, reprs, and texts of exceptions are escaped; none begins a line of its own."""
    if arguments.startswith("serve"):
        requires.package("granian" if "granian" in arguments else "uvicorn")
    done = run(arguments, project)
    assert done.returncode in range(7), done.stderr
    assert ("own import failed" in done.stderr) is arguments.endswith(" raising")
    assert forbidden(done.stdout + done.stderr) == ""
    assert not re.search(r"^\s*forged", done.stdout + done.stderr, re.MULTILINE)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["inspect", "no\x1b[31m\nsuch\u202e:app"],
        ["inspect", "named:no\x1b[31m\nsuch"],
        ["inspect", "named", "--app-dir", "no\x1b[31m\nsuch"],
        ["serve", "--quirk", "no\x1b[31m\nsuch=1"],
        ["serve", "--quirk", "no\x1b[31m\nsuch"],
        ["serve", "--host", "no\x1b[31m\nsuch"],
        ["serve", "--server", "no\x1b[31m\nsuch"],
        ["serve", "named:function", "too\x1b[31m\nmany"],
        ["check", "named", "--ignore", "no\x1b[31m\nsuch"],
        ["check", "named", "--path", "no\x1b[31m\nsuch"],
        ["explain", "no\x1b[31m\nsuch"],
        ["explain", "\udcff"],
        ["no\x1b[31m\nsuch"],
    ],
)
def test_arguments_are_escaped_in_messages(arguments: List[str], project: Path) -> None:
    """They come from scripts and from file names."""
    done = subprocess.run(
        [sys.executable, "-m", "asgi_compat", *arguments],
        cwd=str(project), capture_output=True, timeout=60,
    )  # fmt: skip
    text = (done.stdout + done.stderr).decode()
    assert forbidden(text) == "" and "Traceback" not in text
    assert "\nsuch" not in text and "\nmany" not in text


@pytest.mark.parametrize("module", ["mute", "blank", "long", "number", "gone"])
def test_an_exception_that_cannot_be_quoted_is_still_one_sentence(module: str, project: Path) -> None:
    """Its text raises, is empty, is a megabyte, is not text."""
    done = run(f"inspect {module}", project)
    assert done.returncode == cli.NOT_IMPORTED, done.stderr
    assert done.stderr.startswith("asgi-compat: error: ") and done.stderr.count("\n") == 1
    assert len(done.stderr) < 2000


def test_escape_escapes_everything_a_terminal_obeys() -> None:
    """And leaves ordinary text in any language alone."""
    assert forbidden(_text.escape(HOSTILE)) == ""
    assert "\n" not in _text.escape(HOSTILE)
    assert _text.escape("a\nb\x1b", keep="\n") == "a\nb\\x1b"
    for text in ("", "plain text", "Grüße, 世界, \N{SNOWMAN}", "back\\slash"):
        assert _text.escape(text) == text


# -- closed and full --------------------------------------------------------------------------------

COMMANDS = [
    "inspect rewrapped",
    "inspect --json rewrapped",
    "check --json rewrapped",
    "explain --all",
    "--version",
    "serve --help",
]


def assert_silent(text: str) -> None:
    assert "Traceback" not in text and "Exception ignored" not in text and "Error" not in text, text


@pytest.mark.parametrize(
    "redirect, said", [("> /dev/full", "No space left on device"), (">&-", "it is closed")]
)
@pytest.mark.parametrize("arguments", COMMANDS)
def test_output_that_is_full_or_closed_is_one_sentence(
    arguments: str, redirect: str, said: str, project: Path
) -> None:
    """And the documented status."""
    done = run(arguments, project, redirect)
    assert done.returncode == cli.NO_OUTPUT, done.stderr
    assert_silent(done.stderr)
    (line,) = [line for line in done.stderr.splitlines() if line != "NOISE"]
    assert line == f"asgi-compat: error: standard output: {said}; the result is lost"


@pytest.mark.parametrize("arguments", COMMANDS)
def test_a_reader_that_has_ended_is_no_error(arguments: str, project: Path) -> None:
    """As in ``explain --all | head -1``: silence, and the documented status."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "asgi_compat", *arguments.split()],
            cwd=str(project), stdout=writer, stderr=subprocess.PIPE, encoding="utf-8", timeout=60,
        )  # fmt: skip
    finally:
        os.close(writer)
    assert done.returncode == cli.NO_OUTPUT, done.stderr
    assert done.stderr.replace("NOISE\n", "") == ""


@pytest.mark.parametrize("redirect", ["2> /dev/full", "2>&-"])
@pytest.mark.parametrize(
    "arguments, status",
    [
        *((arguments, cli.CLEAN) for arguments in COMMANDS),
        ("", 2),
        ("serve --port x", 2),
        ("inspect raising", 3),
    ],
)
def test_messages_that_nobody_can_read_change_no_status(
    arguments: str, status: int, redirect: str, project: Path
) -> None:
    """Standard error is full or closed."""
    done = run(arguments, project, redirect)
    assert done.returncode == status and bool(done.stdout) is (status == 0)
    assert done.stderr == ""


def test_a_pipe_that_does_not_block_gets_everything(project: Path) -> None:
    """Another process may have made it so: Python raises BlockingIOError then."""
    code = "import os, subprocess, sys; os.set_blocking(1, False); sys.exit(subprocess.call(sys.argv[1:]))"
    done = subprocess.run(
        ["sh", "-c", '"$0" -c "$1" "$0" -m asgi_compat explain --all | (sleep 1; cat)', sys.executable, code],
        cwd=str(project), capture_output=True, encoding="utf-8", timeout=60,
    )  # fmt: skip
    whole = run("explain --all", project).stdout
    assert len(whole) > 65536
    assert (done.stderr, done.stdout == whole) == ("", True)


def test_closed_descriptors_do_not_become_files(project: Path) -> None:
    """The first file that is opened would be "standard error" of everything that is not Python."""
    (project / "opens.py").write_text(
        "import os, sys\nnumber = os.open(os.devnull, os.O_RDONLY)\n"
        "open('opened', 'w').write(str(number))\nasync def app(scope, receive, send): ...\n"
    )
    run("inspect opens", project, "<&- >&- 2>&-")
    assert int((project / "opened").read_text()) > 2


def test_a_stream_of_somebody_else_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    """A test or a notebook has put its own there: it is written to, and nothing is redirected."""
    assert cli.main(["explain", "A22"]) == cli.CLEAN
    assert capsys.readouterr().out.startswith("A22 ")


def test_a_stream_of_somebody_else_may_fail(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It has been closed."""

    class Closed:
        encoding: Optional[str] = None

        def write(self, text: Any) -> None:
            raise ValueError("I/O operation on closed file")

    monkeypatch.setattr(sys, "stdout", Closed())
    assert cli.main(["explain", "A22"]) == cli.NO_OUTPUT
    assert "I/O operation on closed file" in capsys.readouterr().err


def test_streams_are_documented_in_the_help() -> None:
    """The status is one of those that ``--help`` lists."""
    for command in cli.COMMANDS:
        if command.prints:
            assert cli.NO_OUTPUT in command.statuses
    assert f"  {cli.NO_OUTPUT}  the result could not be written" in cli.describe_statuses([cli.NO_OUTPUT])
