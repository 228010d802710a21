"""The own test suites of current projects, each in all its ways."""

from __future__ import annotations

from typing import List

import pytest

from .comparing import run_bare, run_with_us, with_us
from .current import CURRENT
from .projects import WITHOUT
from .suites import Run, run_some_at_a_time


@pytest.fixture(scope="module", autouse=True)
def all_run(request: pytest.FixtureRequest) -> None:
    """Run what the chosen tests will ask for, several at a time, those of the largest suite first."""
    wanted = set()
    for item in request.session.items:
        params = item.callspec.params if isinstance(item, pytest.Function) else {}
        if params.get("title") in CURRENT:
            wanted |= {(params["title"], way) for way in (WITHOUT, params.get("way", WITHOUT))}
    run_some_at_a_time(sorted(wanted, key=lambda run: (-CURRENT[run[0]].reached, run)))


@pytest.mark.parametrize("title", CURRENT)
def test_suite_of_current_project_runs_in_its_environment(title: str, shown: List[Run]) -> None:
    shown.append(run_bare(title))


@pytest.mark.parametrize(("title", "way"), with_us(CURRENT.values()))
def test_suite_of_current_project_ends_as_without_us(title: str, way: str, shown: List[Run]) -> None:
    shown.append(run_with_us(title, way))
