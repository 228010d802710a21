"""The unmodified sources of old releases: no crash, and each file is rewritten or refused with its reason.

They are downloaded from the package index and read, not imported: `python -m tox -e migrated`.
"""

from __future__ import annotations

import ast
import os
from pathlib import Path
from typing import Dict, List, Tuple

import pytest

from asgi_compat.migrate import Result, migrate_bytes, migrate_paths, totals

from .sources import unpack

HERE = Path(__file__).resolve().parent
RELEASES = (HERE / "releases.txt").read_text(encoding="utf-8").split()

#: Files that hold ASGI2: how many are rewritten and refused. docs/leave-asgi2.md has the same numbers.
COUNTS: Dict[str, Tuple[int, int]] = {
    "bareasgi": (1, 0),
    "channels": (3, 4),
    "quart": (1, 0),
    "sentry-asgi": (1, 0),
    "starlette": (19, 2),
    "timing-asgi": (0, 1),
}
#: Where and why files are refused.
REASONS = {
    "starlette/endpoints.py": "base class",
    "starlette/testclient.py": "another connection",
    "channels/routing.py": "inside a try",
    "channels/http.py": "base class",
    "channels/consumer.py": "base class",
    "channels/staticfiles.py": "cannot be told",
    "timing_asgi/middleware.py": "try sees only the instance's",
}

pytestmark = pytest.mark.skipif("ASGI_COMPAT_MIGRATED" not in os.environ, reason="needs tox -e migrated")


@pytest.fixture(scope="module", params=RELEASES)
def release(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Tuple[str, Path]:
    """Return the name of a release and the folder of its sources."""
    name, _, _ = request.param.partition("==")
    return name, unpack(request.param, tmp_path_factory.mktemp(name))


def results_of(folder: Path) -> List[Result]:
    """Return what becomes of the package itself; its tests are not part of a wheel."""
    return [
        result
        for result in migrate_paths([str(folder)])
        if "/tests/" not in result.path and "/docs/" not in result.path
    ]


def test_release_is_rewritten_or_refused_with_a_reason(release: Tuple[str, Path]) -> None:
    """The counts are those of the documentation."""
    name, folder = release
    results = results_of(folder)
    count = totals(results)
    refused = [(result.path, result.reason) for result in results if result.reason]
    assert (count["rewritten"], count["refused"]) == COUNTS[name], refused
    assert count["unreadable"] == 0
    for result in results:
        if result.reason:
            (reason,) = [text for path, text in REASONS.items() if result.path.endswith(path)]
            assert reason in result.reason and result.after == result.before


def test_release_rewritten_parses_and_a_second_run_changes_nothing(release: Tuple[str, Path]) -> None:
    """What was rewritten is Python, and finished."""
    for result in results_of(release[1]):
        if result.status == "rewritten":
            ast.parse(result.after)
            again = migrate_bytes(result.after, result.path)
            assert (again.reason, again.after) == ("", result.after)
