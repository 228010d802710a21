"""The table of the run, printed after the last test, also when all is well."""

from __future__ import annotations

import pytest
from table_of_cells import Table

TABLE = pytest.StashKey[Table]()


def pytest_configure(config: pytest.Config) -> None:
    """Make the table that the tests fill."""
    config.stash[TABLE] = Table()


@pytest.fixture(scope="session")
def table(request: pytest.FixtureRequest) -> Table:
    """The table of this run."""
    return request.config.stash[TABLE]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print it, if anything is in it."""
    table = config.stash[TABLE]
    if table.cells or table.notes:
        terminalreporter.section("one answer on every server")
        for line in table.lines() if table.cells else table.notes:
            terminalreporter.write_line(line)
