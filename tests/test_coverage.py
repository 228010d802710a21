"""Each package is measured by its own tests, with branches: `tests/detect` measures `_detect`, and so on.

`serve` and `cli` are not here: most of their tests start processes.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Dict

import pytest
import requires

ROOT = Path(__file__).resolve().parent.parent
#: Percent of lines and branches; what is below 92 only grows.
FLOORS: Dict[str, int] = {
    "adapt": 92,
    "check": 92,
    "connections": 92,
    "convert": 92,
    "detect": 92,
    "harness": 92,
    "messages": 92,
    "migrate": 92,
    "testing": 92,
}
#: Without the random conversations and the processes, which other environments run.
SHORTER = {"check", "messages"}


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_package_is_covered_by_its_own_tests(name: str, tmp_path: Path) -> None:
    """The tests in the folder of a package reach its lines and branches."""
    requires.package("coverage")
    private = importlib.util.find_spec(f"asgi_compat._{name}") is not None
    source = f"asgi_compat.{'_' * private}{name}"
    environment = {**os.environ, "COVERAGE_FILE": str(tmp_path / "data")}
    python = [sys.executable, *["-I"] * sys.flags.isolated, "-bb", "-W", "error"]
    run = subprocess.run(
        [*python, "-m", "coverage", "run", "--branch", f"--source={source}", "-m", "pytest", "-q"]
        + ["-p", "no:cacheprovider", *["--runs-in=core"] * (name in SHORTER), f"tests/{name}"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    assert run.returncode == 0, run.stdout
    report = [*python, "-m", "coverage", "json", "-q", "-o", str(tmp_path / "report.json")]
    subprocess.run(report, cwd=ROOT, env=environment, check=True)
    found = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    percent = found["totals"]["percent_covered"]
    print(f"{source}: {percent:.1f} %")
    missing = {
        path: (file["missing_lines"], file["missing_branches"])
        for path, file in found["files"].items()
        if file["missing_lines"] or file["missing_branches"]
    }
    assert percent >= FLOORS[name], f"{source}: {percent:.1f} %, missing: {missing}"
