"""The command: what it prints, what it writes, and how it ends."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import List

import pytest

from asgi_compat.cli import main

APP = "def app(scope):\n    return inner(dict(scope))\n"
NEW = "async def app(scope, receive, send):\n    await inner(dict(scope), receive, send)\n"
REFUSED = "def app(scope):\n    with x:\n        return inner(dict(scope))\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the current folder, with one file to rewrite and one that is not ASGI."""
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "other.py").write_text("x = 1\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, List[str]]:
    """Run the command; return its status, the output and the lines of standard error."""
    status = main(["migrate", *arguments])
    out, err = capfd.readouterr()
    return status, out, err.splitlines()


def test_migrate_default_prints_a_diff_and_changes_nothing(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The diff is the output, so that it can be piped to patch."""
    status, out, err = run(capfd, ".")
    assert status == 0 and (folder / "app.py").read_text() == APP
    assert "+    await inner(dict(scope), receive, send)\n" in out
    assert err == [
        "./app.py: would be rewritten (hands-on)",
        "2 files: 1 would be rewritten, 0 refused, 0 unreadable, 1 unchanged",
    ]
    done = subprocess.run(["patch", "-p1"], input=out.encode(), capture_output=True, check=False)
    assert done.returncode == 0 and (folder / "app.py").read_text() == NEW


def test_migrate_write_twice_changes_nothing_more(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A file that does not change is not touched."""
    assert run(capfd, "app.py", "--write")[:2] == (0, "")
    assert (folder / "app.py").read_text() == NEW
    before = (folder / "app.py").stat()
    status, out, err = run(capfd, "app.py", "--write")
    assert (status, out) == (0, "") and "1 unchanged" in err[-1]
    after = (folder / "app.py").stat()
    assert (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino)


def test_migrate_check_says_what_would_change(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """For a pre-commit hook and for CI."""
    assert run(capfd, "--check", ".")[:2] == (1, "")
    assert (folder / "app.py").read_text() == APP
    assert run(capfd, "--check", "other.py")[0] == 0


def test_migrate_refused_file_is_named_and_ends_with_3(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The other files are done all the same."""
    (folder / "bad.py").write_text(REFUSED)
    status, _, err = run(capfd, ".", "--write")
    assert status == 3 and (folder / "bad.py").read_text() == REFUSED
    assert (folder / "app.py").read_text() == NEW
    assert any(line.startswith("./bad.py:3: it is returned inside a with") for line in err)


@pytest.mark.parametrize(
    "arguments", [["nothing.py"], [], ["app.py", "--only", "closure"], ["app.py", "--skip", "x"]]
)
def test_migrate_wrong_usage_ends_with_2(
    folder: Path, capfd: pytest.CaptureFixture[str], arguments: List[str]
) -> None:
    """A path or a rewrite that does not exist is no empty success."""
    status, out, err = run(capfd, *arguments)
    assert (status, out) == (2, "") and err[-1].startswith("asgi-compat: error: ")


def test_migrate_report_json_is_the_output(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Nothing is written."""
    status, out, _ = run(capfd, ".", "--report", "json")
    assert status == 0 and json.loads(out)["totals"]["rewritten"] == 1
    assert (folder / "app.py").read_text() == APP


def test_migrate_list_names_the_rewrites(capfd: pytest.CaptureFixture[str]) -> None:
    """What --only and --skip take."""
    status, out, _ = run(capfd, "--list")
    assert status == 0 and "closures " in out


def test_migrate_skip_leaves_the_idiom(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """By name."""
    assert run(capfd, ".", "--skip", "hands-on", "--check")[0] == 0


def test_migrate_tree_with_changes_is_warned_about(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """It goes on all the same."""
    done = subprocess.run(["git", "init", "-q", "."], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("needs git")
    status, _, err = run(capfd, ".", "--write")
    assert status == 0 and "not committed" in err[0]


def test_migrate_prove_prints_what_came_of_it(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Status 0 for the same, 3 for what could not be driven."""
    name = f"proved_{folder.name.replace('-', '_')}"
    (folder / f"{name}.py").write_text(
        "def app(scope):\n    async def run(receive, send):\n"
        "        await send({'type': 'http.response.start', 'status': 204})\n"
        "        await send({'type': 'http.response.body'})\n    return run\n"
    )
    status, out, _ = run(capfd, "--prove", f"{name}:app", "--app-dir", str(folder))
    assert (status, out) == (0, f"{name}:app: same: 7 conversations, alone and at once\n")
    assert run(capfd, "--prove", f"{name}:nothing", "--app-dir", str(folder))[0] == 3


def test_migrate_write_interrupted_says_what_is_written(
    folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files before it are new, those behind it old, and the lines name the new ones."""
    (folder / "later.py").write_text(APP)
    written: List[str] = []

    def write(path: str, data: bytes, before: bytes) -> None:
        if written:
            raise KeyboardInterrupt
        written.append(path)

    monkeypatch.setattr("asgi_compat.migrate.write", write)
    status, _, err = run(capfd, ".", "--write")
    assert status == 130
    assert err[0].endswith("app.py: rewritten (hands-on)") and err[1].startswith("1 file: 1 rewritten")


def test_migrate_file_that_changes_meanwhile_is_not_overwritten(
    folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What somebody has typed since is kept, and the status says so."""

    def type_something(paths: List[str]) -> List[str]:
        (folder / "app.py").write_text(APP + "x = 1\n")
        return []

    monkeypatch.setattr("asgi_compat.migrate.uncommitted", type_something)
    status, _, err = run(capfd, ".", "--write")
    assert status == 3 and "changed since it was read" in err[0]
    assert (folder / "app.py").read_text() == APP + "x = 1\n"
