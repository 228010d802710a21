"""Add up what the environments of tox did: ``count.py STATUS RESULTS_FOLDER JUNIT_FOLDER ENVIRONMENT...``.

Prints a line for each environment, one for each test that failed, and, as the last line, ``N passed, N
failed`` over all of them. An environment that is named and did not run, or ran no test although it is one
that tests, counts as failed.
"""

from __future__ import annotations

import json
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

# These run a command that is not pytest; their exit status is their one result.
WITHOUT_TESTS = {"lint"}


def red(root):
    """Return a line for each test of a report that failed: its name, and the first line of why."""
    found = []
    for case in root.iter("testcase"):
        for outcome in (*case.iter("failure"), *case.iter("error")):
            why = (outcome.get("message") or "").splitlines() or [""]
            found.append(f"{case.get('classname')}::{case.get('name')} - {why[0][:200]}")
    return found


def results_of(folder):
    """Return what tox says of each environment that ran: a file names the others too, without a result."""
    ran = {}
    for file in sorted(Path(folder).glob("*.json")):
        environments = json.loads(file.read_text(encoding="utf-8")).get("testenvs", {})
        ran.update({name: told["result"] for name, told in environments.items() if told.get("result")})
    return ran


def main(status, results, junit, *environments):
    """Print the table and return the exit status."""
    ran, names = results_of(results), []
    all_passed = all_failed = 0
    for name in environments:
        result = ran.get(name, {})
        passed = failed = skipped = 0
        file = Path(junit) / f"{name}.xml"
        if file.exists():
            root = ElementTree.parse(file).getroot()
            names += [f"{name}: {test}" for test in red(root)]
            for suite in root.iter("testsuite"):
                numbers = {key: int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped")}
                failed += numbers["failures"] + numbers["errors"]
                skipped += numbers["skipped"]
                passed += numbers["tests"] - numbers["failures"] - numbers["errors"] - numbers["skipped"]
        note = ""
        if not result:
            note, failed = "DID NOT RUN", failed + 1
        elif name in WITHOUT_TESTS:
            passed, failed = (1, 0) if result.get("success") else (0, 1)
        elif passed + failed == 0:
            note, failed = "NO TEST RAN", failed + 1
        elif not result.get("success") and not failed:
            note, failed = "FAILED", failed + 1
        spent = result.get("duration", 0.0)
        print(f"{name:14} {passed:6} passed {failed:4} failed {skipped:4} skipped {spent:7.1f} s {note}")
        all_passed += passed
        all_failed += failed
    if int(status) and not all_failed:
        print(f"tox itself ended with status {status}")
        all_failed += 1
    if not environments:
        print("tox names no environment")
        all_failed += 1
    for line in names:
        print(f"FAILED {line}")
    print(f"{all_passed} passed, {all_failed} failed")
    return 1 if all_failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
