"""Colours: on a terminal, as the user wants them, and in no pipe and no JSON."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Dict, List, Tuple

import pytest

from asgi_compat import _colours

APPLICATIONS = """
import sys

def old(scope):
    async def instance(receive, send):
        await send({"type": "http.response.start", "status": "200", "headers": []})
        await send({"type": "http.response.body", "body": b"\\x1b[31m"})
    return instance

async def fine(scope, receive, send):
    assert scope["type"] == "http"
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})

async def fails(scope, receive, send):
    raise RuntimeError("\\x1b[31m forged")
"""
#: A painted part: its colour and its text.
_PAINTED = re.compile(r"\x1b\[([\d;]+)m(.*?)\x1b\[0m")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with applications."""
    directory = tmp_path_factory.mktemp("project")
    (directory / "apps.py").write_text(APPLICATIONS, encoding="utf-8")
    return directory


def environment(**changes: str) -> Dict[str, str]:
    """The environment of a user at a terminal, without wishes about colours."""
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    return {**kept, "TERM": "xterm-256color", "COLUMNS": "200", **changes}


def on_terminal(arguments: List[str], directory: Path, **changes: str) -> str:
    """Run a command with a terminal for both of its streams, and return what it shows."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "asgi_compat", *arguments],
        cwd=str(directory), env=environment(**changes),
        stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, close_fds=True,
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    try:
        while True:
            piece = os.read(ours, 4096)
            if not piece:
                break
            shown += piece
    except OSError:  # Linux: the other end is closed
        pass
    finally:
        os.close(ours)
        process.wait(60)
    return shown.decode().replace("\r\n", "\n")


def by_role(text: str) -> str:
    """Return a text with its painted parts written as ``<role part>``."""
    roles = {colour: role for role, colour in reversed(list(_colours.ROLES.items()))}
    return _PAINTED.sub(lambda found: f"<{roles[found[1]]} {found[2]}>", text)


SHOWN: List[Tuple[str, List[str]]] = [
    ("inspect apps:old", ["<heading apps:old>, outermost first:", "  1  <warned double>  apps.old"]),
    ("inspect apps:fine", ["  1  <good single>  apps.fine"]),
    ("inspect apps:APPLICATIONS", ["<bad error: >"]),
    ("inspect apps:sys", ["  1  <bad not an app>  "]),
    ("check apps:fine", ["<good No findings> in ", "<noted note>  ", "<good 200>, 0 bytes"]),
    (
        "check apps:old",
        ["<bad A23>  http.response.start", "<noted sent           >'200'", "<warned 1 finding> in "],
    ),
    ("check apps:fails", ["<bad raised> RuntimeError", "<bad 1 finding> in "]),
    ("explain A22", ["<rule A22>  <heading http.response.body: body, more_body>", "<noted because   >"]),
    ("explain websocket.close", ["<heading websocket.close>  sent by", "<rule A35>  <heading "]),
    ("migrate apps.py", ["<removed -def old(scope):>", "<good +", "<rule @@ "]),
    ("migrate apps.py", ["<good would be rewritten> (", "<heading 1 file>: <good 1 would be rewritten>, 0"]),
    ("explain moved", ["<heading asyncio: coroutine>\n    until <noted Python 3.10>; now: async def"]),
    ("migrate --list", ["<heading "]),
    ("serve apps:nothing", ["asgi-compat: <bad error: >"]),
    ("serve apps:fine --port x", ["asgi-compat serve: <bad error: >argument --port"]),
]


@pytest.mark.parametrize("arguments, shown", SHOWN)
def test_command_on_a_terminal_paints_its_lines(arguments: str, shown: List[str], project: Path) -> None:
    """Headings, statuses and findings of each command."""
    text = by_role(on_terminal(arguments.split(), project))
    for part in shown:
        assert part in text
    assert "\x1b" not in text, "it is all ours"


def test_serve_on_a_terminal_paints_the_address() -> None:
    """The line that a person looks for."""
    line = "asgi-compat: apps:fine; uvicorn serves it on http://127.0.0.1:8000 - press Ctrl-C to stop"
    assert "; <heading uvicorn> serves it on <good http://127.0.0.1:8000> - " in by_role(
        _colours.paint(line, "messages")
    )


@pytest.mark.parametrize(
    "unwanted", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}]
)
@pytest.mark.parametrize("arguments", ["inspect apps:old", "migrate apps.py", "inspect apps:no"])
def test_command_on_a_terminal_of_one_who_minds_is_plain(
    arguments: str, unwanted: Dict[str, str], project: Path
) -> None:
    """https://no-color.org, and terminals that show the sequences themselves."""
    text = on_terminal(arguments.split(), project, **unwanted)
    assert text and "\x1b" not in text


@pytest.mark.parametrize("forced, painted", [("", False), ("1", True)])
@pytest.mark.parametrize("arguments", ["check apps:old", "explain A22", "migrate apps.py"])
def test_command_in_a_pipe_is_plain_unless_forced(
    arguments: str, forced: str, painted: bool, project: Path
) -> None:
    """A patch from `migrate` is a patch; FORCE_COLOR is for ``less -R`` and for CI."""
    done = subprocess.run(
        [sys.executable, "-m", "asgi_compat", *arguments.split()],
        cwd=str(project), env=environment(FORCE_COLOR=forced), capture_output=True, timeout=60,
    )  # fmt: skip
    assert (b"\x1b" in done.stdout) is painted


@pytest.mark.parametrize(
    "arguments",
    [
        "inspect apps:old --json",
        "check apps:old --json",
        "migrate apps.py --report json",
        "explain A22 --markdown",
    ],
)
def test_command_result_for_programs_is_never_painted(arguments: str, project: Path) -> None:
    """FORCE_COLOR or not."""
    done = subprocess.run(
        [sys.executable, "-m", "asgi_compat", *arguments.split()],
        cwd=str(project), env=environment(FORCE_COLOR="1"), capture_output=True, timeout=60,
    )  # fmt: skip
    assert done.stdout and b"\x1b" not in done.stdout


def test_paint_adds_sequences_and_changes_nothing_else(project: Path) -> None:
    """Without the sequences it is the same text; every role of a pattern has a colour."""
    lines = "raised  http scope  [the application itself]\n+a\n-b\n@@ -1 +1 @@ def f\nA22  x\n  1  wsgi   y\n"
    for kind, rows in _colours._LINES.items():
        assert _PAINTED.sub(r"\2", _colours.paint(lines, kind)) == lines
        for row in rows:
            assert row.groupindex and set(row.groupindex) <= set(_colours.ROLES)
