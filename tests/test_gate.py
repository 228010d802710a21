"""``.ci/count.py`` adds up what the environments of tox did, and counts none that did not run as passed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Dict, Optional

COUNT = Path(__file__).resolve().parent.parent / ".ci" / "count.py"
ONE_PASSED = '<testsuites><testsuite tests="1" failures="0" errors="0" skipped="0"/></testsuites>'
ONE_FAILED = (
    '<testsuites><testsuite tests="2" failures="1" errors="0" skipped="0">'
    '<testcase classname="tests.test_a" name="test_b"><failure message="assert 1 == 2"/></testcase>'
    "</testsuite></testsuites>"
)


def count(
    folder: Path, told: Dict[str, Dict[str, Optional[bool]]], reports: Dict[str, str], *environments: str
) -> subprocess.CompletedProcess[str]:
    """Run the script on what each tox command told of each environment (None: it did not run)."""
    results, junit = folder / "results", folder / "junit"
    results.mkdir()
    junit.mkdir()
    for command, ran in told.items():
        content = {
            name: {} if success is None else {"result": {"success": success, "duration": 1.0}}
            for name, success in ran.items()
        }
        (results / f"{command}.json").write_text(json.dumps({"testenvs": content}), encoding="utf-8")
    for name, report in reports.items():
        (junit / f"{name}.xml").write_text(report, encoding="utf-8")
    return subprocess.run(
        [sys.executable, str(COUNT), "0", str(results), str(junit), *environments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
    )


def test_count_two_commands_keep_the_results_of_the_first(tmp_path: Path) -> None:
    """Each command of tox names the environments of the other as well, without a result."""
    told = {"0": {"py38": True, "dist": None}, "1": {"py38": None, "dist": True}}
    done = count(tmp_path, told, {"py38": ONE_PASSED, "dist": ONE_PASSED}, "py38", "dist")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "2 passed, 0 failed")


def test_count_environment_that_did_not_run_fails(tmp_path: Path) -> None:
    """A report left by an earlier run is not a result."""
    done = count(tmp_path, {"0": {"py38": None}}, {"py38": ONE_PASSED}, "py38")
    assert "DID NOT RUN" in done.stdout
    assert (done.returncode, done.stdout.splitlines()[-1]) == (1, "1 passed, 1 failed")


def test_count_environment_without_a_test_fails(tmp_path: Path) -> None:
    """tox is content with a pytest that was given nothing to run."""
    done = count(tmp_path, {"0": {"py38": True}}, {}, "py38")
    assert "NO TEST RAN" in done.stdout
    assert (done.returncode, done.stdout.splitlines()[-1]) == (1, "0 passed, 1 failed")


def test_count_failed_test_is_named(tmp_path: Path) -> None:
    """The name stands right before the last line."""
    done = count(tmp_path, {"0": {"py38": False}}, {"py38": ONE_FAILED}, "py38")
    assert done.stdout.splitlines()[-2:] == [
        "FAILED py38: tests.test_a::test_b - assert 1 == 2",
        "1 passed, 1 failed",
    ]
    assert done.returncode == 1
