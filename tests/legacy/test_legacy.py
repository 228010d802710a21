"""Unmodified releases of 2019 on every server of today: each sees what it saw on the servers of its day.

Each cell is one test; $ASGI_COMPAT_LEGACY_JOBS of them run at a time (two for each core).
The table is printed, and docs/compatibility.md is written from it when all of them were run.
"""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any, Dict, Iterator, List

import pytest

from . import environments
from .answers import accepted, load
from .conftest import TABLES as PRINTED
from .conftest import chosen, complete, in_parallel
from .frameworks import FRAMEWORKS
from .matrix import Cell, Result, cells, run
from .observations import TABLES
from .proofs import PROOFS, Place, ask, environment_of, places, python_of, unproved
from .reasons import REASONS, reason_for
from .report import page, short, summary, write_section

CELLS = list(cells())
PLACES = places(PROOFS.values())


@pytest.fixture(scope="session")
def results(request: pytest.FixtureRequest) -> Iterator[Dict[Any, Future[Any]]]:
    """Every chosen cell and every bare application, run once, some ahead of the test that asks.

    `-k` chooses the cells.
    """
    some = chosen(request, "cell")
    bare = PLACES if chosen(request, "place") else []
    needed = {cell.framework: None for cell in some}
    needed.update({environment_of(place): None for place in bare})
    environments.make_all([(environments.today, FRAMEWORKS[name]) for name in needed])
    with in_parallel(
        {**{cell: (run, cell) for cell in some}, **{place: (ask, place) for place in bare}}
    ) as all_:
        yield all_
    if not complete(all_):
        return
    seen = [all_[cell].result() for cell in some]
    request.config.stash[PRINTED].append(summary(seen))
    if set(all_) == {*CELLS, *PLACES}:
        write_section("legacy", page(seen, {place: all_[place].result() for place in PLACES}))


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_sees_what_it_saw_then(cell: Cell, results: Dict[Any, Future[Any]]) -> None:
    result: Result = results[cell].result()
    assert result.started, result.log[-3000:]
    unexplained = [f for f in result.failures if reason_for(result, f) is None]
    assert not unexplained, "\n".join(
        [f"{result.passed}/{result.asked}", *map(str, unexplained), "the server printed:", result.log[-3000:]]
    )


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_the_defect_is_there_without_us(place: Place, results: Dict[Any, Future[Any]]) -> None:
    """And is not there on another server, asked the same: or the question would prove nothing."""
    assert not unproved(PROOFS.values(), {place: results[place].result()})


def test_every_reason_is_needed_and_proved(results: Dict[Any, Future[Any]]) -> None:
    """A failure that is gone takes its reason with it, and a reason holds where it was proved only."""
    if not {*CELLS, *PLACES} <= set(results):
        pytest.skip("only a part of the cells was run")
    needed = set()
    for cell in CELLS:
        result = results[cell].result()
        for failure in result.failures:
            reason = reason_for(result, failure)
            needed.add(reason)
            if reason is not None:
                assert reason.proofs, reason
                place = Place(cell.server, python_of(FRAMEWORKS[cell.framework]))
                assert all(place in PROOFS[name].on for name in reason.proofs), (cell, reason)
    assert not [reason for reason in REASONS if reason not in needed]


def test_the_readme_says_the_same(results: Dict[Any, Future[Any]]) -> None:
    """Its short table, which a person writes."""
    if not {*CELLS} <= set(results):
        pytest.skip("only a part of the cells was run")
    row = short([results[cell].result() for cell in CELLS])
    readme = (environments.REPOSITORY / "README.md").read_text("utf-8")
    assert row in readme.splitlines(), f"README.md, Which old software works: {row}"


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
