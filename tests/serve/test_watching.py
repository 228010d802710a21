"""An import that takes long, or that starts a server."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
import requires

from asgi_compat import cli
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
