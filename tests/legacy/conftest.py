"""These tests start hundreds of servers in environments of their own: only `tox -e legacy` asks for them."""

from __future__ import annotations

import os
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Dict, Iterator, List, Mapping, Tuple

import pytest

from .environments import jobs

collect_ignore_glob = [] if os.environ.get("ASGI_COMPAT_LEGACY") else ["*"]

# What the runs have to show, printed after the last test: a fixture's own output is captured.
TABLES = pytest.StashKey[List[str]]()


def chosen(request: pytest.FixtureRequest, parameter: str) -> List[Any]:
    """The values of `parameter` in all tests that this run has, each once."""
    parameters = [getattr(getattr(item, "callspec", None), "params", {}) for item in request.session.items]
    return list({params[parameter]: None for params in parameters if parameter in params})


@contextmanager
def in_parallel(work: Mapping[Any, Tuple[Any, ...]]) -> Iterator[Dict[Any, Future[Any]]]:
    """Call every (function, *arguments), some at a time; at the end wait for those that have begun."""
    with ThreadPoolExecutor(jobs()) as pool:
        futures = {key: pool.submit(*call) for key, call in work.items()}
        try:
            yield futures
        finally:
            for future in futures.values():
                future.cancel()


def complete(futures: Mapping[Any, Future[Any]]) -> bool:
    """Has everything been done? Not when the run was left in the middle (Ctrl-C, -x): no table then."""
    return all(
        future.done() and not future.cancelled() and not future.exception() for future in futures.values()
    )


def pytest_configure(config: pytest.Config) -> None:
    config.stash[TABLES] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for text in config.stash[TABLES]:
        terminalreporter.section("compatibility")
        terminalreporter.write_line(text)
