"""Find the files, and write them so that nothing is half written."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path
from typing import Iterable, Iterator, List

#: Folders whose files are somebody else's, or made by a tool.
SKIPPED = frozenset(
    [
        ".git",
        ".hg",
        ".svn",
        ".venv",
        "venv",
        "env",
        ".tox",
        ".nox",
        ".eggs",
        "node_modules",
        "build",
        "dist",
        "__pycache__",
        "site-packages",
        ".mypy_cache",
        ".pytest_cache",
        ".ruff_cache",
    ]
)


def python_files(paths: Iterable[str]) -> Iterator[str]:
    """Yield the Python files below folders, and every file that is named itself, each once and in order.

    Folders of `SKIPPED`, virtual environments and links to folders are left out. Raises FileNotFoundError.
    """
    seen = set()
    for path in paths:
        found: Iterable[str] = _below(path) if os.path.isdir(path) else [path]
        if not os.path.exists(path):
            raise FileNotFoundError(path)
        for name in found:
            real = os.path.realpath(name)
            if real not in seen:
                seen.add(real)
                yield name


def _below(folder: str) -> Iterator[str]:
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _is_skipped(where, name))
        for name in sorted(names):
            path = os.path.join(where, name)
            if name.endswith(".py") and os.path.isfile(path):
                yield path


def _is_skipped(where: str, name: str) -> bool:
    if name in SKIPPED or name.endswith(".egg-info"):
        return True
    return os.path.exists(os.path.join(where, name, "pyvenv.cfg"))


def write(path: str, data: bytes) -> None:
    """Replace the contents of a file at once; its mode stays, and a link stays a link. Raises OSError."""
    real = os.path.realpath(path)
    if not os.access(real, os.W_OK):
        raise PermissionError(13, "it is read-only", path)
    handle, temporary = tempfile.mkstemp(prefix=".asgi_compat-", dir=os.path.dirname(real))
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(real, temporary)
        with contextlib.suppress(OSError, AttributeError):
            before = os.stat(real)
            os.chown(temporary, before.st_uid, before.st_gid)
            os.chmod(temporary, stat.S_IMODE(before.st_mode))
        os.replace(temporary, real)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def uncommitted(paths: Iterable[str]) -> List[str]:
    """Return the files that git knows as changed or does not know, nothing where there is no repository."""
    found: List[str] = []
    for path in paths:
        where = path if os.path.isdir(path) else os.path.dirname(path) or "."
        try:
            done = subprocess.run(
                ["git", "-C", where, "status", "--porcelain", "--", str(Path(path).resolve())],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=30,
                check=False,
            )
        except (OSError, subprocess.SubprocessError):
            continue
        if done.returncode == 0:
            found += [line[3:] for line in done.stdout.decode("utf-8", "replace").splitlines()]
    return found
