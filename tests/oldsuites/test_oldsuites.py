"""The own test suites of old projects, each in all its ways."""

from __future__ import annotations

from typing import List

import pytest

from .comparing import run_bare, run_with_us, with_us
from .projects import OLD
from .suites import Run


@pytest.mark.parametrize("title", OLD)
def test_suite_of_old_project_runs_in_its_environment(title: str, shown: List[Run]) -> None:
    shown.append(run_bare(title))


@pytest.mark.parametrize(("title", "way"), with_us(OLD.values()))
def test_suite_of_old_project_ends_as_without_us(title: str, way: str, shown: List[Run]) -> None:
    shown.append(run_with_us(title, way))
