"""The own test suites of old projects: what passes without us passes through us, and what fails, fails."""

from __future__ import annotations

from typing import Iterator, List

import pytest

from .conftest import TABLE
from .projects import BACK, BOTH, FORTH, PROJECTS, WITHOUT
from .suites import Run, difference_for, differences, table, whole


@pytest.fixture(scope="session")
def shown(request: pytest.FixtureRequest) -> Iterator[List[Run]]:
    """Every run that a test has looked at; printed at the end."""
    runs: List[Run] = []
    yield runs
    request.config.stash[TABLE].append(table(runs))


@pytest.mark.parametrize("name", PROJECTS)
def test_the_suite_runs_in_its_environment(name: str, shown: List[Run]) -> None:
    """Without us it says something: nearly everything passes in the environment that was made for it."""
    before = whole(name, WITHOUT)
    shown.append(before)
    assert len(before.failed) <= len(before.outcomes) // 50, before.printed[-3000:]
    assert not before.reached


@pytest.mark.parametrize("name", PROJECTS)
@pytest.mark.parametrize("way", [FORTH, BACK, BOTH])
def test_every_test_ends_as_without_us(name: str, way: str, shown: List[Run]) -> None:
    project, after = PROJECTS[name], whole(name, way)
    shown.append(after)
    found = differences(name, way)
    unexplained = {test: pair for test, pair in found.items() if difference_for(project, way, test) is None}
    assert not unexplained, "\n".join(
        f"{test}: {before} without us, {now} with us\n{after.reasons.get(test, '')}"
        for test, (before, now) in unexplained.items()
    )
    # A suite whose client was not found would pass as it does without us.
    assert len(after.reached) >= project.reached, f"{len(after.reached)} tests reached an application"
    recorded = [row for row in project.differences if not row.ways or way in row.ways]
    used = [difference_for(project, way, test) for test in found]
    stale = [row for row in recorded if row not in used]
    assert not stale, "these end as without us now: take the row away"
