"""Run tests on the CPython of Pyodide: ``python run.py PACKAGE --junitxml=FILE pytest-arguments...``.

PACKAGE is what npm installs, for example ``pyodide@314``. The libraries are those of the Python that runs
this file, which must be written in Python. Needs node 20 or later with npm.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Iterator, List
from xml.etree import ElementTree

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parent.parent


def parts() -> Iterator[str]:
    """Yield the files and folders of tests that run, each in an interpreter of its own.

    One that has run some thousand tests ends with "null function or function signature mismatch" (Pyodide
    314.0.7 and 315.0.0-alpha.2, node 20).
    """
    sys.path.insert(0, str(HERE.parent))
    from conftest import ONLY

    for name in ONLY["pyodide"]:
        path = HERE.parent / name
        yield f"tests/{name}" if path.is_dir() else f"tests/test_{name}.py"


def merge(reports: List[Path], into: Path) -> None:
    """Write one report of all."""
    whole = ElementTree.Element("testsuites")
    for report in reports:
        whole.extend(ElementTree.parse(report).getroot().iter("testsuite"))
    into.parent.mkdir(parents=True, exist_ok=True)
    ElementTree.ElementTree(whole).write(into)


def main(package: str, junit: str, *arguments: str) -> int:
    """Install the package into the environment that runs this, and run pytest in it."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        print("tests/pyodide needs node 20 or later with npm: https://nodejs.org", file=sys.stderr)
        return 2
    folder = Path(os.environ.get("TOX_ENV_DIR", sys.prefix)) / "pyodide"
    folder.mkdir(parents=True, exist_ok=True)
    install = [npm, "install", "--prefix", str(folder), "--no-save", "--no-audit", "--no-fund", package]
    subprocess.run(install, check=True)
    reports: List[Path] = []
    status = 0
    folders = [folder / "node_modules" / "pyodide", sysconfig.get_path("purelib"), CHECKOUT, folder]
    for part in [each for each in arguments if not each.startswith("-")] or parts():
        reports.append(folder / f"report-{len(reports)}.xml")
        reports[-1].unlink(missing_ok=True)
        print(f"-- {part}", flush=True)
        options = [f"--junitxml=/reports/{reports[-1].name}", "--runs-in=pyodide", part]
        command = [node, str(HERE / "run.mjs"), *map(str, folders), *options]
        options = [each for each in arguments if each.startswith("-")]
        status = subprocess.run([*command, *options], check=False).returncode or status
    merge([report for report in reports if report.exists()], Path(junit.split("=", 1)[1]))
    return status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
