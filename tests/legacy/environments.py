"""One virtual environment for each framework and day, made from requirements/*.txt and kept.

    python -m tests.legacy.environments then        # Python 3.8, framework + servers of 2019
    python -m tests.legacy.environments today       # newest Python of the framework + servers of today

They live in $ASGI_COMPAT_LEGACY_ENVS, or in .tox/legacy-environments beside tox's own, and are made
again when a file they were made from changes.
"""

from __future__ import annotations

import glob
import hashlib
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Callable, Iterable, List, Optional, Sequence, Tuple

from .frameworks import FRAMEWORKS, Framework
from .frameworks import THEN_PYTHON as THEN_PYTHON

REQUIREMENTS = Path(__file__).resolve().parent / "requirements"
REPOSITORY = Path(__file__).resolve().parents[2]
CONSTRAINTS = REPOSITORY / "docs" / "constraints"

# The variables that a process inherits, looked at once. A thread that copied os.environ later would meet
# a KeyError when pytest, in the main thread, takes PYTEST_CURRENT_TEST away between two of its keys.
INHERITED = dict(os.environ)


class NoInterpreter(Exception):
    """A Python that an environment needs is not on this machine; the message says which."""


def interpreter(version: str) -> str:
    """Path of python`version` on PATH or among pyenv's; raises NoInterpreter."""
    candidates = [shutil.which(f"python{version}") or ""]
    root = os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv"))
    candidates += sorted(glob.glob(f"{root}/versions/{version}.*/bin/python"), reverse=True)
    for candidate in candidates:
        # pyenv's shims exist for every version and fail for those that are not active.
        if candidate and _version(candidate) == version:
            return candidate
    raise NoInterpreter(
        f"Python {version} is not installed here: `pyenv install {version}`, or put it on PATH"
    )


def _version(python: str) -> str:
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    done = subprocess.run([python, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return done.stdout.strip()


def folder() -> Path:
    chosen = os.environ.get("ASGI_COMPAT_LEGACY_ENVS")
    return Path(chosen) if chosen else REPOSITORY / ".tox" / "legacy-environments"


def then(framework: Framework) -> str:
    """The interpreter of `framework` beside the servers of its day."""
    return make(f"then-{framework.name}", THEN_PYTHON, [[framework.requirements, "servers-then.txt"]])


def today(framework: Framework) -> str:
    """The interpreter of `framework` beside the servers of today.

    Two installations: Channels 2.4 asks for daphne 2, which is the point of not giving it that.
    """
    installs = [[framework.requirements], ["servers-today.txt"]]
    return make(
        f"today-{framework.name}", framework.today, installs, CONSTRAINTS / f"{framework.constraints}.txt"
    )


def jobs() -> int:
    """How many servers or installations run at a time: $ASGI_COMPAT_LEGACY_JOBS, else two for each core.

    They wait more than they work: one a core leaves three quarters of it idle.
    """
    return int(os.environ.get("ASGI_COMPAT_LEGACY_JOBS") or 2 * (os.cpu_count() or 1))


def make_all(wanted: Iterable[Tuple[Callable[[Framework], str], Framework]]) -> None:
    """Make several environments, some at a time, and wait; raises what the first failure raised."""
    with ThreadPoolExecutor(jobs()) as pool:
        for made in [pool.submit(function, framework) for function, framework in wanted]:
            made.result()


def make(
    name: str, version: str, installs: Sequence[Sequence[str]], constraints: Optional[Path] = None
) -> str:
    """Make environment `name`, or find it made, and give its interpreter.

    `constraints` hold for the first installation.
    """
    where = folder() / name
    python = where / "bin" / "python"
    recipe = hashlib.sha256(version.encode())
    for install in installs:
        for file in install:
            recipe.update((REQUIREMENTS / file).read_bytes())
    if constraints is not None:
        recipe.update(constraints.read_bytes())
    made_from = where / "made-from.sha256"
    if made_from.exists() and made_from.read_text() == recipe.hexdigest():
        return str(python)
    started = time.monotonic()
    shutil.rmtree(where, ignore_errors=True)
    subprocess.run([interpreter(version), "-m", "venv", str(where)], check=True)
    # pip 24.1 refuses bareASGI 3.1's "baretypes>=3.0.5<4"; setuptools 81 has no pkg_resources, which
    # old console scripts import.
    _pip(python, ["pip==24.0", "wheel", "setuptools<81"])
    for number, install in enumerate(installs):
        arguments: List[str] = ["--upgrade"]
        if constraints is not None and number == 0:
            arguments += ["-c", str(constraints)]
        for file in install:
            arguments += ["-r", str(REQUIREMENTS / file)]
        _pip(python, arguments)
    made_from.write_text(recipe.hexdigest())
    print(f"{where} made with Python {version} in {time.monotonic() - started:.0f} s", file=sys.stderr)
    return str(python)


def _pip(python: Path, arguments: Sequence[str]) -> None:
    command = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--quiet", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout[-3000:]}")


def installed(python: str) -> List[str]:
    """`name==version` of everything in the environment, sorted."""
    command = [python, "-m", "pip", "list", "--disable-pip-version-check", "--format=freeze"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return sorted(done.stdout.split(), key=str.lower)


if __name__ == "__main__":
    day = {"then": then, "today": today}[sys.argv[1]]
    make_all([(day, FRAMEWORKS[chosen]) for chosen in sys.argv[2:] or FRAMEWORKS])
