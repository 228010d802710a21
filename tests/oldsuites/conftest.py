"""These tests run whole suites in environments of their own: `tox -e oldsuites,currentsuites`."""

from __future__ import annotations

import os
from typing import Any, Iterator, List

import pytest

collect_ignore_glob = [] if os.environ.get("ASGI_COMPAT_OLDSUITES") else ["*"]

# What the runs have to show, printed after the last test: a fixture's own output is captured.
TABLE = pytest.StashKey[List[str]]()


@pytest.fixture(scope="module")
def shown(request: pytest.FixtureRequest) -> Iterator[List[Any]]:
    """Every run that a test has looked at; printed at the end."""
    from .suites import table

    runs: List[Any] = []
    yield runs
    request.config.stash[TABLE].append(table(runs))


def pytest_configure(config: pytest.Config) -> None:
    config.stash[TABLE] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for text in config.stash[TABLE]:
        terminalreporter.section("suites of other projects")
        terminalreporter.write_line(text)
