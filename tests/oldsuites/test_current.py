"""The own test suites of current projects, each in all its ways."""

from __future__ import annotations

from typing import List

import pytest

from .comparing import run_bare, run_with_us, with_us
from .current import CURRENT
from .suites import Run


@pytest.mark.parametrize("title", CURRENT)
def test_suite_of_current_project_runs_in_its_environment(title: str, shown: List[Run]) -> None:
    shown.append(run_bare(title))


@pytest.mark.parametrize(("title", "way"), with_us(CURRENT.values()))
def test_suite_of_current_project_ends_as_without_us(title: str, way: str, shown: List[Run]) -> None:
    shown.append(run_with_us(title, way))
