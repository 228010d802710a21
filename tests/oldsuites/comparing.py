"""What each suite is held to: what passes without us passes through us, and what fails, fails."""

from __future__ import annotations

from typing import Iterable, List, Tuple

from .projects import WITHOUT, Project
from .suites import Run, difference_for, differences, run, whole


def with_us(projects: Iterable[Project]) -> List[Tuple[str, str]]:
    """Return each project's title with each of its ways but the bare one."""
    return [(project.title, way) for project in projects for way in project.ways if way != WITHOUT]


def run_bare(title: str) -> Run:
    """Run the suite without us; nearly everything must pass in the environment that was made for it."""
    before = whole(title, WITHOUT)
    failed = before.failed
    if len(failed) > len(before.outcomes) // 50:
        failed = run(before.project, WITHOUT, failed).failed  # those that race with the clock pass alone
    assert len(failed) <= len(before.outcomes) // 50, before.printed[-3000:]
    assert not before.reached
    return before


def run_with_us(title: str, way: str) -> Run:
    """Run the suite through us; every difference must have its row, and every row its difference."""
    after = whole(title, way)
    project = after.project
    found = differences(title, way)
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
    assert not stale, f"these end as without us now: take the row away: {stale}"
    return after
