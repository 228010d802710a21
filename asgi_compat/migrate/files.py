"""Find the files, and write them so that nothing is half written."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path
from typing import Iterable, Iterator, List, Optional

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

    Folders of `SKIPPED`, virtual environments and links to folders are left out. A folder that cannot be
    listed is yielded itself: it cannot be read. Raises FileNotFoundError.
    """
    seen = set()
    for path in paths:
        found: Iterable[str] = _below(path) if os.path.isdir(path) else [path]
        if not _exists(path):
            raise FileNotFoundError(path)
        for name in found:
            real = os.path.realpath(name)
            if real not in seen:
                seen.add(real)
                yield name


def _exists(path: str) -> bool:
    """Return whether a file is there, or may be where its folder cannot be searched."""
    try:
        os.stat(path)
    except PermissionError:
        return True
    except OSError:
        return False
    return True


def _below(folder: str) -> Iterator[str]:
    closed: List[OSError] = []
    for where, folders, names in os.walk(folder, onerror=closed.append):
        folders[:] = sorted(name for name in folders if not _is_skipped(where, name))
        for name in sorted(names):
            path = os.path.join(where, name)
            if name.endswith(".py") and os.path.isfile(path):
                yield path
    yield from (str(error.filename) for error in closed)


def _is_skipped(where: str, name: str) -> bool:
    if name in SKIPPED or name.endswith(".egg-info"):
        return True
    return os.path.exists(os.path.join(where, name, "pyvenv.cfg"))


def write(path: str, data: bytes, before: Optional[bytes] = None) -> None:
    """Replace the contents of a file at once; its mode stays, and a link stays a link.

    Raises OSError, also when the file does not hold what it held ``before``.
    """
    real = os.path.realpath(path)
    if not os.access(real, os.W_OK):
        raise PermissionError(errno.EACCES, "it is read-only", path)
    if before is not None and Path(real).read_bytes() != before:
        raise OSError(errno.EBUSY, "it has changed since it was read; run migrate again", path)
    handle, temporary = tempfile.mkstemp(prefix=".asgi_compat-", dir=os.path.dirname(real))
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(real, temporary)
        with contextlib.suppress(OSError, AttributeError):
            status = os.stat(real)
            os.chown(temporary, status.st_uid, status.st_gid)
            os.chmod(temporary, stat.S_IMODE(status.st_mode))
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
