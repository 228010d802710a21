"""The sources of a release from the package index, as they are and rewritten, and how to import both."""

from __future__ import annotations

import contextlib
import importlib
import shutil
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path
from typing import Any, Iterator, List, Tuple

from asgi_compat.migrate import migrate_paths


def download(requirement: str, folder: Path) -> Path:
    """Return the archive of a release, downloaded into an empty folder."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--ignore-requires-python", "--quiet"]
    done = subprocess.run([*command, "--dest", str(folder), requirement], capture_output=True, check=False)
    assert not done.returncode, done.stderr.decode()
    (archive,) = folder.iterdir()
    return archive


def unpack(requirement: str, folder: Path) -> Path:
    """Return the folder that is put on the path to import a release."""
    archives, source = folder / "archives", folder / "source"
    archives.mkdir()
    archive = download(requirement, archives)
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            wheel.extractall(source)
        return source
    subprocess.run([sys.executable, "-m", "tarfile", "-e", str(archive), str(source)], check=True)
    (root,) = source.iterdir()
    return root


def both(requirement: str, package: str, folder: Path) -> Tuple[Path, Path, List[str]]:
    """Return the folders of a release and of its rewritten copy, and the names of the rewritten files."""
    old, new = unpack(requirement, folder), folder / "new"
    shutil.copytree(old, new)
    rewritten = [result for result in migrate_paths([str(new / package)]) if result.status == "rewritten"]
    for result in rewritten:
        Path(result.path).write_bytes(result.after)
    return old, new, [Path(result.path).relative_to(new / package).as_posix() for result in rewritten]


@contextlib.contextmanager
def imported_from(folder: Path, package: str) -> Iterator[Any]:
    """Give a function that imports modules of a package from a folder, and forget them afterwards."""

    def load(name: str) -> Any:
        module = importlib.import_module(f"{package}.{name}" if name else package)
        assert folder in Path(module.__file__ or "").parents
        return module

    _forget(package)
    sys.path.insert(0, str(folder))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield load
    finally:
        sys.path.remove(str(folder))
        _forget(package)


def _forget(package: str) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == package]:
        del sys.modules[name]
