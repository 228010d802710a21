"""Start-up and shutdown of applications that know lifespan by its names of 2018, or not at all."""

from __future__ import annotations

import re
import time
from typing import Dict, Tuple

import pytest
from live_server import START_TIMEOUT, UNWANTED
from starting import COLUMNS, Server
from table_of_cells import Table
from wire import Line, request

#: Seconds from Ctrl-C to the end of the process, as promised.
PROMISED = 2.0
#: A machine that is busy takes longer, for an application that has nothing to clean up too; a server that
#: waits for an answer takes for ever.
BUSY = 1.5
ATTEMPTS = 3
#: What a server ends with when the application's start-up failed. hypercorn (0.18) means to end with 1, and
#: forgets it: run.py asks its workers for their status twice, and the second time they have gone.
STATUS = {"uvicorn": 3, "hypercorn": 0, "granian": 1}

#: The servers that speak lifespan, and uvicorn where it insists.
LIFESPANS: Dict[str, Tuple[str, ...]] = {
    "uvicorn-h11-websockets": (),
    "uvicorn-httptools-sansio": ("--lifespan", "on"),
    "hypercorn": (),
    "granian": (),
}
columns = pytest.mark.parametrize("column", LIFESPANS)


def server(column: str, application: str) -> Server:
    return Server(COLUMNS[column], f"lifespan_applications:{application}", LIFESPANS[column])


def serves(it: Server) -> bool:
    with Line(it.port) as line:
        line.socket.sendall(request("/"))
        return line.read().described() == "200 b'hello'"


def shutdown(column: str, application: str) -> Tuple[float, str]:
    """Serve, and give how long the end takes, and the log."""
    with server(column, application) as it:
        assert serves(it)
        begun = time.monotonic()
        it.stop()
        return time.monotonic() - begun, it.log


@columns
def test_cleanup_is_all_that_it_knows(column: str, table: Table) -> None:
    """It starts, serves, cleans up and has gone within two seconds."""
    took = []
    for _ in range(ATTEMPTS):
        seconds, log = shutdown(column, "cleaning_up")
        assert log.count("cleaned up") == 1, log
        assert not UNWANTED.search(log), log
        if seconds <= PROMISED or seconds <= BUSY * shutdown(column, "of_http_only")[0]:
            options = " ".join((column, *LIFESPANS[column]))
            table.notes.append(f"{options}: an application that answers cleanup only ends in {seconds:.1f} s")
            return
        took.append(f"{seconds:.1f}")
    pytest.fail(f"it took {', '.join(took)} seconds")


@columns
def test_without_the_rule_it_is_never_told_to_clean_up(column: str) -> None:
    """What the test above holds is done by A20. Shutdown is answered for it all the same."""
    assert "cleaned up" not in shutdown(column, "never_cleaning_up")[1]


@columns
def test_application_that_answers_no_lifespan_event_starts_and_ends(column: str) -> None:
    """It asks for its own events for ever. `stop` asserts that one Ctrl-C ends the server."""
    log = shutdown(column, "looping")[1]
    assert not UNWANTED.search(log), log


@columns
def test_worker_that_dies_is_in_the_log(column: str) -> None:
    """What ends a lifespan while the server serves is logged as it is, and replaced by nothing."""
    log = shutdown(column, "dying")[1]
    assert "comes before" not in log, log
    if column.startswith("uvicorn"):  # the others log nothing of it
        assert "LookupError: the worker has died" in log, log


@columns
def test_it_asserts_that_the_scope_is_http(column: str) -> None:
    """It starts everywhere, on uvicorn with `--lifespan on` too, and ends without a complaint."""
    log = shutdown(column, "of_http_only")[1]
    assert not UNWANTED.search(log), log


@columns
@pytest.mark.parametrize("application", ["raising", "returning"])
def test_current_application_without_lifespan_starts_and_ends(column: str, application: str) -> None:
    """Each server goes on without lifespan by itself. uvicorn with `--lifespan on` ends at an exception."""
    if (application, *LIFESPANS[column]) != ("raising", "--lifespan", "on"):
        log = shutdown(column, application)[1]
        assert "failed to start" not in log and "answering for it" not in log, log
        return
    it = server(column, application)
    it.start()
    try:
        assert it.ended(START_TIMEOUT) == STATUS[it.server], it.log
    finally:
        it.discard()


@pytest.mark.parametrize("column", [*LIFESPANS, "daphne"])
def test_lazy_start_up_happens_once_on_every_server(column: str) -> None:
    """On daphne, which sends no lifespan, before the first request, and shutdown when Ctrl-C ends it."""
    with Server(COLUMNS[column], "lifespan_applications:starting_lazily", LIFESPANS.get(column, ())) as it:
        assert serves(it) and serves(it)
        it.stop()
        log = it.log
    assert log.count("in lifespan.startup") == log.count("in lifespan.shutdown") == 1, log
    assert not UNWANTED.search(log), log


def test_start_up_that_daphne_does_not_send_is_said_once() -> None:
    with Server(COLUMNS["daphne"], "lifespan_applications:starting") as it:
        assert serves(it) and serves(it)
        it.stop()
        assert it.log.count("no lifespan event before it") == 1, it.log


@columns
@pytest.mark.parametrize("application", ["failing", "failing_current", "failing_in_words"])
def test_a_failed_start_ends_the_server(column: str, application: str) -> None:
    """The server ends by itself, and the message is in its log."""
    it = server(column, application)
    it.start()
    try:
        assert it.ended(START_TIMEOUT) == STATUS[it.server], it.log
        assert "no database today" in it.log
        if application != "failing_in_words" and it.server != "granian":  # which logs no message
            assert re.search(r"line \d+, in (instance|cannot_start_either)", it.log), it.log
        assert not re.search(r"was never awaited|Task was destroyed|never retrieved", it.log), it.log
    finally:
        it.discard()
