"""These tests run whole suites in environments of 2019: only `tox -e oldsuites` asks for them."""

from __future__ import annotations

import os
from typing import List

import pytest

collect_ignore_glob = [] if os.environ.get("ASGI_COMPAT_OLDSUITES") else ["*"]

# What the runs have to show, printed after the last test: a fixture's own output is captured.
TABLE = pytest.StashKey[List[str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[TABLE] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for text in config.stash[TABLE]:
        terminalreporter.section("suites of old projects")
        terminalreporter.write_line(text)
