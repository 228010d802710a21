"""Frameworks of today through `to_asgi2` on servers of 2019: each sees what it sees on the newest server."""

from __future__ import annotations

from typing import Iterator, List, Tuple

import pytest

from .conftest import TABLES
from .hosts import FRAMEWORKS, HOSTS, ask, compare, expected_failures, page, table_of
from .report import write_section

PAIRS = [
    (framework, host.name)
    for framework in FRAMEWORKS
    for host in HOSTS.values()
    if framework not in host.without
]


@pytest.fixture(scope="session")
def tally(request: pytest.FixtureRequest) -> Iterator[List[Tuple[str, str, int, int]]]:
    """(framework, host, passed, asked) of every pair that was run; printed at the end."""
    rows: List[Tuple[str, str, int, int]] = []
    yield rows
    request.config.stash[TABLES].append(page(rows))
    if len(rows) == len(PAIRS):
        write_section("hosts", page(rows))


@pytest.mark.parametrize("framework, host", PAIRS)
def test_sees_what_it_sees_on_a_server_of_today(
    framework: str, host: str, tally: List[Tuple[str, str, int, int]]
) -> None:
    seen, log = ask(framework, HOSTS[host])
    failures = list(compare(framework, HOSTS[host], seen))
    asked = len(table_of(framework))
    tally.append((framework, host, asked - len(failures), asked))
    expected = expected_failures(framework, host)
    unexplained = [failure for failure in failures if failure.observation not in expected]
    assert not unexplained, "\n".join([*map(str, unexplained), "the server printed:", log[-3000:]])
    gone = set(expected) - {failure.observation for failure in failures}
    assert not gone, f"these pass now, take their reason away: {sorted(gone)}"
