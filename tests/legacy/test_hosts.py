"""Frameworks of today through `to_asgi2` on servers of 2019: each sees what it sees on the newest server.

$ASGI_COMPAT_LEGACY_JOBS servers run at a time (two for each core).
"""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any, Dict, Iterator

import pytest

from .conftest import TABLES, chosen, complete, in_parallel
from .hosts import (
    FRAMEWORKS,
    HOSTS,
    Pair,
    ask,
    ask_bare,
    compare,
    expected_failures,
    make_folders,
    page,
    table_of,
)
from .proofs import PROOFS_THEN, places, unproved
from .proofs import table as proof_table
from .report import write_section

PAIRS = [
    Pair(framework, host.name)
    for framework in FRAMEWORKS
    for host in HOSTS.values()
    if framework not in host.without
]
PLACES = places(PROOFS_THEN.values())


@pytest.fixture(scope="session")
def results(request: pytest.FixtureRequest) -> Iterator[Dict[Any, Future[Any]]]:
    """Every chosen pair and every bare application, run once, some ahead of the test that asks."""
    some = chosen(request, "pair")
    bare = PLACES if chosen(request, "place") else []
    make_folders([*(pair.host for pair in some), *bare])
    with in_parallel(
        {**{pair: (ask, *pair) for pair in some}, **{name: (ask_bare, name) for name in bare}}
    ) as all_:
        yield all_
    if not complete(all_):
        return
    rows = []
    for pair in some:
        asked = len(table_of(pair.framework))
        failures = list(compare(pair.framework, HOSTS[pair.host], all_[pair].result()[0]))
        rows.append((pair.framework, pair.host, asked - len(failures), asked))
    proved = {name: all_[name].result() for name in bare}
    shown = (
        proof_table(PROOFS_THEN.values(), proved, "an ASGI2 application with nothing around it")
        if bare
        else ""
    )
    request.config.stash[TABLES].append(page(rows, shown))
    if set(all_) == {*PAIRS, *PLACES}:
        write_section("hosts", page(rows, shown))


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_sees_what_it_sees_on_a_server_of_today(pair: Pair, results: Dict[Any, Future[Any]]) -> None:
    seen, log = results[pair].result()
    failures = list(compare(pair.framework, HOSTS[pair.host], seen))
    expected = expected_failures(pair.framework, pair.host)
    unexplained = [failure for failure in failures if failure.observation not in expected]
    assert not unexplained, "\n".join([*map(str, unexplained), "the server printed:", log[-3000:]])
    gone = set(expected) - {failure.observation for failure in failures}
    assert not gone, f"these pass now, take their reason away: {sorted(gone)}"
    for cannot in expected.values():
        assert cannot.proofs and all(
            HOSTS[pair.host].kind in PROOFS_THEN[name].on for name in cannot.proofs
        ), cannot


@pytest.mark.parametrize("place", PLACES)
def test_the_defect_is_there_without_us(place: str, results: Dict[Any, Future[Any]]) -> None:
    """And is not there on another server, asked the same: or the question would prove nothing."""
    assert not unproved(PROOFS_THEN.values(), {place: results[place].result()})
