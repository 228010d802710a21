"""Which files are found, and how they are written."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from asgi_compat.migrate import files, migrate_paths


def test_python_files_skips_foreign_folders(tmp_path: Path) -> None:
    """What tools make, and other people's code, is left out; a file named itself is not."""
    for name in [".git", ".venv", "node_modules", ".tox", "build", "mine", "made", "x.egg-info"]:
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.py").write_text("")
        (tmp_path / name / "a.txt").write_text("")
    (tmp_path / "made" / "pyvenv.cfg").write_text("")
    found = [os.path.relpath(path, tmp_path) for path in files.python_files([str(tmp_path)])]
    assert found == [os.path.join("mine", "a.py")]
    named = str(tmp_path / "build" / "a.py")
    assert list(files.python_files([named, named])) == [named]


def test_python_files_missing_path_raises(tmp_path: Path) -> None:
    """A path that is mistyped is no empty success."""
    with pytest.raises(FileNotFoundError):
        list(files.python_files([str(tmp_path / "nothing")]))


def test_write_keeps_mode_and_link(tmp_path: Path) -> None:
    """The file behind a link is replaced, with its mode."""
    target, link = tmp_path / "app.py", tmp_path / "link.py"
    target.write_bytes(b"old")
    target.chmod(0o751)
    link.symlink_to(target)
    files.write(str(link), b"new")
    assert link.is_symlink() and target.read_bytes() == b"new"
    assert target.stat().st_mode & 0o777 == 0o751
    assert sorted(path.name for path in tmp_path.iterdir()) == ["app.py", "link.py"]


def test_write_that_fails_leaves_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is half written, and nothing is left beside it."""
    target = tmp_path / "app.py"
    target.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="No space"):
        files.write(str(target), b"new")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


def test_uncommitted_outside_a_repository_is_nothing(tmp_path: Path) -> None:
    """Who uses no git is not locked out."""
    assert files.uncommitted([str(tmp_path)]) == []


def test_uncommitted_names_changed_files(tmp_path: Path) -> None:
    """A tree with changes is warned about."""
    done = subprocess.run(["git", "init", "-q", str(tmp_path)], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("needs git")
    (tmp_path / "a.py").write_text("")
    assert files.uncommitted([str(tmp_path)]) == ["a.py"]


def test_python_files_folder_that_cannot_be_listed_is_unreadable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not look as if nothing were there."""
    closed = tmp_path / "closed"
    closed.mkdir()
    scandir = os.scandir

    def refuse(path: str) -> object:
        if os.path.basename(path) == "closed":
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert list(files.python_files([str(tmp_path)])) == [str(closed)]
    (result,) = migrate_paths([str(tmp_path)])
    assert result.status == "unreadable" and "cannot be read" in result.reason
