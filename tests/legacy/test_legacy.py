"""Unmodified releases of 2019 on every server of today: each sees what it saw on the servers of its day.

Each cell is one test; $ASGI_COMPAT_LEGACY_JOBS of them run at a time (as many as there are cores).
The table is printed, and docs/compatibility.md is written from it when all of them were run.
"""

from __future__ import annotations

import os
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Dict, Iterator, List

import pytest

from . import environments
from .answers import accepted, load
from .conftest import TABLES as PRINTED
from .frameworks import FRAMEWORKS
from .matrix import Cell, Result, cells, run
from .observations import TABLES
from .reasons import REASONS, reason_for
from .report import page, summary, write_section

CELLS = list(cells())


@pytest.fixture(scope="session")
def results(request: pytest.FixtureRequest) -> Iterator[Dict[Cell, "Future[Result]"]]:
    """Every chosen cell, run once, some ahead of the test that asks. `-k` chooses the cells."""
    parameters = [getattr(getattr(item, "callspec", None), "params", {}) for item in request.session.items]
    chosen: List[Cell] = [params["cell"] for params in parameters if "cell" in params]
    # One after the other: pip is the slowest part of it all when two run at a time.
    for name in {cell.framework: None for cell in chosen}:
        environments.today(FRAMEWORKS[name])
    with ThreadPoolExecutor(int(os.environ.get("ASGI_COMPAT_LEGACY_JOBS", os.cpu_count() or 1))) as pool:
        futures = {cell: pool.submit(run, cell) for cell in chosen}
        try:
            yield futures
        finally:
            for future in futures.values():
                future.cancel()
    if not all(future.done() and not future.cancelled() for future in futures.values()):
        return
    seen = [future.result() for future in futures.values()]
    request.config.stash[PRINTED].append(summary(seen))
    if set(futures) == set(CELLS):
        write_section("legacy", page(seen))


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_sees_what_it_saw_then(cell: Cell, results: Dict[Cell, "Future[Result]"]) -> None:
    result = results[cell].result()
    assert result.started, result.log[-3000:]
    unexplained = [f for f in result.failures if reason_for(result, f) is None]
    assert not unexplained, "\n".join(
        [f"{result.passed}/{result.asked}", *map(str, unexplained), "the server printed:", result.log[-3000:]]
    )


def test_every_reason_is_needed(results: Dict[Cell, "Future[Result]"]) -> None:
    """A failure that is gone takes its reason with it."""
    if set(results) != set(CELLS):
        pytest.skip("only a part of the cells was run")
    seen = [future.result() for future in results.values()]
    needed = {reason_for(result, failure) for result in seen for failure in result.failures}
    stale = [reason for reason in REASONS if not reason.sometimes and reason not in needed]
    assert not stale


@pytest.mark.parametrize("framework", TABLES)
def test_truth_has_an_answer_for_every_observation(framework: str) -> None:
    truth = load(framework)
    names: List[str] = [row.name for row in TABLES[framework]]
    assert len(names) == len(set(names))
    for section in ("plain", "under /pre"):
        assert list(truth[section]) == names, f"python -m tests.legacy.capture {framework}"
        for row in TABLES[framework]:
            for lifespan in (True, False):
                assert accepted(row, truth[section][row.name], "granian", lifespan), row.name
