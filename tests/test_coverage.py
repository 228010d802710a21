"""Each package is measured by its own tests, with branches: `tests/detect` measures `_detect`, and so on.

The processes that the tests of `serve` and `cli` start are measured too: most of them are about one.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Dict

import pytest
import requires

ROOT = Path(__file__).resolve().parent.parent
#: Percent of lines and branches.
FLOORS: Dict[str, int] = {
    "adapt": 92,
    "check": 92,
    "cli": 92,
    "connections": 92,
    "convert": 92,
    "detect": 92,
    "harness": 92,
    "messages": 92,
    "migrate": 92,
    "serve": 92,
    "testing": 92,
}
#: Without the random conversations and the processes, which other environments run.
SHORTER = {"check", "messages"}
#: Measured in each process that a test starts too. Other packages' tests ask what a new interpreter has
#: imported and how many bytes it needs, which the measurement would change.
WITH_PROCESSES = {"cli", "serve"}
SETTINGS = "[run]\nbranch = true\nparallel = true\n"


def folder_of(package: str) -> str:
    """Return the folder of an installed package."""
    spec = importlib.util.find_spec(package)
    assert spec is not None and spec.submodule_search_locations
    return spec.submodule_search_locations[0]


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_package_is_covered_by_its_own_tests(name: str, tmp_path: Path) -> None:
    """The tests in the folder of a package reach its lines and branches."""
    requires.package("coverage")
    package = f"asgi_compat.{'_' * (importlib.util.find_spec(f'asgi_compat._{name}') is not None)}{name}"
    settings = tmp_path / "settings"
    processes = "patch = subprocess\n" * (name in WITH_PROCESSES)
    # A folder: given the name, each process would import the package before its own path is set.
    settings.write_text(
        f"{SETTINGS}{processes}source = {folder_of(package)}\ndata_file = {tmp_path / 'data'}\n", "utf-8"
    )
    python = [sys.executable, *["-I"] * sys.flags.isolated, "-bb"]

    def coverage(command: str, *arguments: str) -> None:
        # Combining warns of the data of a server that was killed while it wrote them.
        strictly = ["-W", "error"] * (command != "combine")
        run = subprocess.run(
            [*python, *strictly, "-m", "coverage", command, f"--rcfile={settings}", *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        assert run.returncode == 0, run.stdout

    shorter = ["--runs-in=core"] * (name in SHORTER)
    coverage("run", "-m", "pytest", "-q", "-p", "no:cacheprovider", *shorter, f"tests/{name}")
    coverage("combine", "-q")
    coverage("json", "-q", "-o", str(tmp_path / "report.json"))
    found = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    percent = found["totals"]["percent_covered"]
    print(f"{package}: {percent:.1f} %")
    missing = {
        path: (file["missing_lines"], file["missing_branches"])
        for path, file in found["files"].items()
        if file["missing_lines"] or file["missing_branches"]
    }
    assert percent >= FLOORS[name], f"{package}: {percent:.1f} %, missing: {missing}"
