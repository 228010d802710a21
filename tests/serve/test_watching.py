"""An import that takes long, or that starts a server."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Dict, List

import pytest
import requires

from asgi_compat import cli
from asgi_compat._stacks import called_frames
from asgi_compat.serve import watching


def test_import_watch_slow_import_is_named_once_and_goes_on(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """With the line that runs."""
    monkeypatch.setattr(watching, "SLOW", 0.05)
    said = ""
    with watching.ImportWatch("shop"):
        deadline = time.monotonic() + 30
        while "importing shop" not in said and time.monotonic() < deadline:
            time.sleep(0.01)  # the line that runs
            said += capfd.readouterr().err
    assert said.count("importing shop takes longer than 0.05 s; it is at ") == 1
    assert f"{__file__}:" in said


def test_import_watch_quick_import_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    """The thread ends with the block."""
    with watching.ImportWatch("shop") as watch:
        pass
    assert not watch._thread.is_alive() and capfd.readouterr().err == ""


@pytest.mark.parametrize("command", ["inspect", "check", "serve"])
def test_import_that_starts_a_server_ends_the_command(command: str, tmp_path: Path) -> None:
    """`app.run()` at module level; every command hung without a word."""
    requires.package("uvicorn")
    (tmp_path / "shop.py").write_text(
        "import uvicorn\nasync def app(scope, receive, send): ...\nuvicorn.run(app, port=0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "asgi_compat", command, "shop:app"],
        cwd=str(tmp_path), stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", timeout=60,
    )  # fmt: skip
    assert done.returncode == cli.NOT_IMPORTED, done.stderr
    assert (
        f"importing shop starts a server at {tmp_path / 'shop.py'}:3: uvicorn.run(app, port=0): put"
        in done.stderr
    )


def runs_server(seen: List[bool]) -> None:
    """Note whether a server runs in the frames of the caller."""
    seen.append(watching._runs_server(called_frames(sys._getframe())))


def in_module(name: str, source: str, **names: Any) -> Dict[str, Any]:
    """Run code as a module of that name."""
    space = {"__name__": name, **names}
    exec(source, space)  # what the frame of an import looks like
    return space


@pytest.mark.parametrize("name, is_server", [("uvicorn.main", True), ("shop.views", False)])
def test_runs_server_module_that_is_being_imported_is_none(name: str, is_server: bool) -> None:
    """It may take seconds on a cold disk, also in a function; what an application calls of it is a server."""
    seen: List[bool] = []
    space = in_module(name, "note(seen)\ndef run(): note(seen)\nrun()", note=runs_server, seen=seen)
    assert seen == [False, False]
    in_module("shop", "run()", run=space["run"])
    assert seen[2:] == [is_server]


@pytest.mark.parametrize("name, is_server", [("hypercorn.asyncio.run", True), ("shop.views", False)])
def test_runs_server_task_of_a_running_loop_is_seen(name: str, is_server: bool) -> None:
    """Quart's run() has no function of a server on the stack: the loop has a task that waits there."""
    seen: List[bool] = []
    space = in_module(name, "async def serve(over): await over.wait()")

    async def main() -> None:
        over = asyncio.Event()
        task = asyncio.ensure_future(space["serve"](over))
        await asyncio.sleep(0)
        loop = asyncio.get_running_loop()
        loop.call_soon(runs_server, seen)
        loop.call_soon(over.set)
        await task

    asyncio.run(main())
    assert seen == [is_server]
