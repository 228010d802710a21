"""These tests start hundreds of servers in environments of their own: only `tox -e middleware` asks."""

from __future__ import annotations

import os
from typing import List

import pytest

collect_ignore_glob = [] if os.environ.get("ASGI_COMPAT_MIDDLEWARE") else ["*"]

# What the run has to show, printed after the last test: a fixture's own output is captured.
TABLES = pytest.StashKey[List[str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[TABLES] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for text in config.stash[TABLES]:
        terminalreporter.section("middlewares")
        terminalreporter.write_line(text)
