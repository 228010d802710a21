"""What every run of the tests holds: nothing leaks, and nothing is skipped that was promised.

Warnings are errors by setup.cfg. That alone does not see a coroutine nobody awaited or a file nobody
closed when the garbage collector comes after the test, and it says nothing about tasks and threads that
go on: the hook below does.
"""

from __future__ import annotations

import asyncio
import faulthandler
import gc
import importlib.util
import os
import re
import sys
import threading
import time
from pathlib import Path
from typing import Iterator, List, Optional

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent

# The tests are no package, so that pytest puts tests/ on sys.path and not the checkout, and `import
# asgi_compat` finds what is installed. examples/ and benchmarks/ are found in the checkout, after that.
if str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))

# The tests compare what commands print; that of the person who runs them may be painted.
for wish in ("FORCE_COLOR", "NO_COLOR"):
    os.environ.pop(wish, None)

# Import names of distributions that are called otherwise.
IMPORT_NAMES = {"django": "django", "python-socketio": "socketio"}

# The only reasons for which a test may be skipped where the environment variable CI is set.
SKIPS_IN_CI = (
    # The same test runs under tox, where the library is installed.
    re.compile(r"asks where tox installed the library"),
    # "needs <package>" and pytest.importorskip's sentence: `pytest_configure` has made sure that it is
    # none of those this environment promises.
    re.compile(r"needs [\w.\[\]-]+"),
    re.compile(r"could not import '[\w.]+'"),
)

# Which environment of tox runs which tests: `pytest --runs-in=core`. A name is the subject of a test file or
# of a folder of them: "check" is tests/test_check.py and everything below tests/check/, "messages/properties"
# is tests/messages/test_properties.py. Tests that are not named here run in `bare` and in `core`.
KINDS = ("bare", "core", "apart")  # each runs what those before it run, and more
RUNS_FROM = {
    # with pytest alone, but not in Pyodide: functions that call themselves without end overflow its stack
    "detect/hostile": "bare",
    # nor this, because Pyodide has no threads
    "convert/threads": "bare",
    # with current servers, clients, frameworks and hypothesis: the extras `tests` and `serve`
    "check": "core",
    "testing/client": "core",
    "text": "core",
    "uvicorn": "core",
    # in environments of their own, which name them; with every server, on the oldest Python and the newest
    "auto": "apart",
    "check/command": "apart",
    "check/judges/endings": "apart",
    "channels21": "apart",
    "cli": "apart",
    "colours": "apart",
    "conftest": "apart",
    "coverage": "apart",
    "demo": "apart",
    "dist": "apart",
    "documents": "apart",
    "examples": "apart",
    "frameworks": "apart",
    "hostile/validator": "apart",
    "legacy": "apart",
    "messages/properties": "apart",
    "middleware": "apart",
    "migrated": "apart",
    "oldsuites": "apart",
    "programs": "apart",
    "pytest_plugin": "apart",
    "recipes": "apart",
    "serve": "apart",
    "serve/trio": "apart",
    "servers": "apart",
    "site": "apart",
    "terminal": "apart",
    "testing/on_trio": "apart",
    "typing": "apart",
}
# Kinds of environments that run these and nothing else.
ONLY = {
    # what asks for no threads, processes and sockets: the CPython of Pyodide
    "pyodide": (
        "adapt",
        "connections",
        "convert",
        "detect",
        "detectors",
        "differences",
        "drive",
        "explain",
        "harness",
        "hostile",
        "invariants",
        "messages",
        "testing",
        "zoo",
    ),
    # what depends on the release of asgiref or of uvicorn
    "oldest": (
        "adapt",
        "connections",
        "convert",
        "detect",
        "detectors",
        "differences",
        "testing",
        "uvicorn",
    ),
    # what depends on the server, with every server; the pages of docs/; and what takes long
    "examples": (
        "auto",
        "check/command",
        "check/judges/endings",
        "cli",
        "conftest",
        "demo",
        "documents",
        "examples",
        "hostile/validator",
        "messages/properties",
        "pytest_plugin",
        "recipes",
        "serve",
        "terminal",
    ),
}

_in_ci = os.environ.get("CI", "").lower() not in ("", "0", "false")
_skipped_silently: List[str] = []


def promised() -> List[str]:
    """Return the packages without which this environment must not run: ASGI_COMPAT_REQUIRE."""
    return [name.strip() for name in os.environ.get("ASGI_COMPAT_REQUIRE", "").split(",") if name.strip()]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option with which tox says in which kind of environment it runs the tests."""
    parser.addoption(
        "--runs-in",
        choices=[*KINDS[:-1], *ONLY],
        help="run only the tests of this kind of environment (RUNS_FROM and ONLY in tests/conftest.py)",
    )


def subjects(path: Path) -> List[str]:
    """Return the names in the tables above that a file or folder goes by, the widest first."""
    parts = path.relative_to(HERE).with_suffix("").parts
    names = [part[len("test_") :] if part.startswith("test_") else part for part in parts]
    return ["/".join(names[: length + 1]) for length in range(len(names))]


def runs_in(path: Path, kind: str) -> bool:
    """Return whether an environment of this kind runs a test file, or can run anything in a folder."""
    names = subjects(path)
    if kind in ONLY:
        # A folder is looked into as well when a file or folder below it is named.
        below = [name for name in ONLY[kind] if names and name.startswith(names[-1] + "/")]
        if kind == "pyodide" and not runs_in(path, "bare"):
            return False  # it needs more than pytest
        if not names or below:
            return True
        named = [position for position, name in enumerate(names) if name in ONLY[kind]]
        # What is below a named folder and needs more has a row of its own in RUNS_FROM.
        return bool(named) and not any(name in RUNS_FROM for name in names[named[0] + 1 :])
    return all(KINDS.index(RUNS_FROM.get(name, "bare")) <= KINDS.index(kind) for name in names)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> Optional[bool]:
    """Leave out what the kind of environment given with --runs-in does not run."""
    kind = config.getoption("--runs-in")
    if kind is None or collection_path == HERE or HERE not in collection_path.parents:
        return None
    return None if runs_in(collection_path, kind) else True


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to start without a package that this environment promises."""
    if _in_ci and importlib.util.find_spec("hypothesis") is not None:
        from hypothesis import settings

        # CI gives the same answer to the same commit. At random is how people run them, and what they
        # find becomes a case of its own.
        settings.register_profile("ci", derandomize=True)
        settings.load_profile("ci")
    missing = [name for name in promised() if importlib.util.find_spec(IMPORT_NAMES.get(name, name)) is None]
    if missing:
        raise pytest.UsageError(f"ASGI_COMPAT_REQUIRE names what is not installed: {', '.join(missing)}")
    if config.pluginmanager.has_plugin("faulthandler"):  # not in Pyodide: the timer is a thread
        config.pluginmanager.register(Watchdog())


def pytest_report_header(config: pytest.Config) -> List[str]:
    """Say what is tested: the installed library or the checkout."""
    spec = importlib.util.find_spec("asgi_compat")
    return [
        f"asgi_compat: {spec.origin if spec else 'not installed'}",
        f"promised: {', '.join(promised()) or '-'}",
    ]


# -- skips ---------------------------------------------------------------------------------------


def _note_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail") and isinstance(report.longrepr, tuple):
        reason = report.longrepr[2].replace("Skipped: ", "", 1)
        if not any(allowed.match(reason) for allowed in SKIPS_IN_CI):
            _skipped_silently.append(f"{report.nodeid}: {reason}")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Collect the skips that CI does not know."""
    _note_skip(report)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Collect the files that skipped themselves."""
    _note_skip(report)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A skip that nobody allowed fails the run where CI is set."""
    # The summary of hypothesis imports hypothesis, and that trio: see _register_randoms.
    gc.unfreeze()
    if _in_ci and _skipped_silently and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the skips that fail the run."""
    if _in_ci and _skipped_silently:
        terminalreporter.section("skipped, and not in SKIPS_IN_CI of tests/conftest.py", red=True)
        for line in _skipped_silently:
            terminalreporter.write_line(line)


# -- tests that hang -----------------------------------------------------------------------------

# A server that hangs says where, long before CI gives up.
HANGS_AFTER = float(os.environ.get("ASGI_COMPAT_HANGS_AFTER", 120))  # seconds


class Watchdog:
    """Print where every thread is when a test has run for HANGS_AFTER seconds, or up to half as long again.

    pytest's own `faulthandler_timeout` starts and ends a thread for each test: 0.1 to 0.6 ms, the more the
    busier the processors are, of 15,000 tests. One timer serves all that begin in its first third.
    """

    def __init__(self) -> None:
        # pytest gives file descriptor 2 another meaning while a test runs.
        self._stderr = os.dup(2)
        self._renewed = -HANGS_AFTER

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self) -> None:
        """Start the timer anew where it could end too early for the test that begins."""
        now = time.monotonic()
        if now - self._renewed > HANGS_AFTER / 2:
            faulthandler.dump_traceback_later(HANGS_AFTER * 1.5, file=self._stderr)
            self._renewed = now

    def pytest_exception_interact(self) -> None:
        """Start the timer anew at the next test: pytest ends it when one has failed."""
        self._renewed = -HANGS_AFTER

    def pytest_unconfigure(self) -> None:
        """End the timer."""
        faulthandler.cancel_dump_traceback_later()
        os.close(self._stderr)


# -- leaks ---------------------------------------------------------------------------------------

_loops: List[List[str]] = []  # one for each asyncio.run() of the running test: the tasks it had to cancel
_cancel_all_tasks = asyncio.runners._cancel_all_tasks  # type: ignore[attr-defined]


def _watch(loop: asyncio.AbstractEventLoop) -> None:
    _loops.append([repr(task) for task in asyncio.all_tasks(loop)])
    _cancel_all_tasks(loop)


# asyncio.run() cancels what is left without a word. It has no public hook for it on any Python; the name
# has been there since 3.7.
asyncio.runners._cancel_all_tasks = _watch  # type: ignore[attr-defined]


def _freeze_survivors() -> None:
    """Collect garbage, then hide what survives from the next collections.

    Collecting after each test takes 8 ms when the collector looks at 220,000 objects of pytest, hypothesis
    and the collected tests, and 0.3 ms when it looks at those that the test has made.
    """
    gc.collect()
    gc.freeze()


def _register_randoms() -> None:
    """Let hypothesis register its sources of random numbers, which it does in its first test.

    It warns about those that gc.get_referrers() does not find, and what is frozen is not found.
    """
    from hypothesis import given, settings, strategies

    @settings(max_examples=1, database=None)
    @given(strategies.none())
    def first(value: None) -> None:
        pass

    first()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Hide the thousands of collected tests from the garbage collector."""
    if "hypothesis" in sys.modules:
        _register_randoms()
    _freeze_survivors()


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: Optional[pytest.Item]) -> Iterator[None]:
    """Look at everything again after the last test of a folder: its fixtures have let go of what they held.

    After each file it takes three times as long, 0.2 s for each of more than a hundred.
    """
    yield
    if nextitem is None or nextitem.path.parent != item.path.parent:
        found: List[str] = []
        # pytest has asked for the errors of this teardown already.
        before, sys.unraisablehook = sys.unraisablehook, lambda error: found.append(repr(error.exc_value))
        try:
            gc.unfreeze()
            _freeze_survivors()
        finally:
            sys.unraisablehook = before
        if found:
            pytest.fail("the tests of this folder left behind:\n" + "\n".join(found))


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Let nothing of a test outlive it: coroutines, tasks and threads are its own failure."""
    threads = set(threading.enumerate())
    del _loops[:]
    yield
    if _loops:
        # Tasks and their exceptions are circles. What the collector finds here becomes a warning, and the
        # warning an error, in the test it belongs to and not in a later one.
        _freeze_survivors()
    tasks = [task for left in _loops for task in left]
    if tasks and item.get_closest_marker("leaves_tasks") is None:
        pytest.fail("the test ended with tasks still running:\n" + "\n".join(tasks))
    left = [thread for thread in threading.enumerate() if thread not in threads and not thread.daemon]
    # The executor of a loop that has just been closed.
    left = [thread for thread in left if not thread.name.startswith("asyncio_")]
    for thread in left:
        # anyio tells its workers to end when their loop does, and does not wait for them.
        thread.join(2)
    others = [thread.name for thread in left if thread.is_alive()]
    if others:
        pytest.fail(f"the test left threads running: {others}")
