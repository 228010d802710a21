"""tests/conftest.py: which environment runs which file, and runs of pytest over tests that leak or hang."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Dict

import pytest

HERE = Path(__file__).resolve().parent

LEAVING = """
import asyncio, threading, time
import pytest

class Holder:
    pass

kept = Holder()

async def never_awaited():
    pass

async def nothing():
    pass

def cycle(holder):
    holder.coroutine, holder.itself = never_awaited(), holder

def test_nothing():
    asyncio.run(nothing())

def test_task():
    async def main():
        asyncio.ensure_future(asyncio.sleep(60))
        await asyncio.sleep(0)
    asyncio.run(main())

@pytest.mark.leaves_tasks
def test_marked_task():
    test_task()

def test_thread():
    threading.Thread(target=time.sleep, args=(2.3,)).start()

def test_cycle():
    asyncio.run(nothing())
    cycle(Holder())

def test_after_cycle():
    asyncio.run(nothing())

def test_kept_cycle():
    asyncio.run(nothing())
    cycle(kept)

def test_cycle_let_go():
    global kept
    kept = None

def test_skip():
    pytest.skip("because")

def test_expected_skip():
    pytest.skip("needs nothing")
"""

HANGING = """
import time

def test_failure():
    assert False

def test_hang():
    end = time.monotonic() + 30  # for a run that shows nothing
    while time.monotonic() < end:
        time.sleep(0.01)
"""
COMMAND = [sys.executable, "-bb", "-W", "error", "-m", "pytest", "-v", "--color=no", "-p", "no:cacheprovider"]


def write(folder: Path, text: str) -> Path:
    """Write a test file below the project's own conftest.py and configuration."""
    folder.mkdir()
    for source in (HERE / "conftest.py", HERE.parent / "setup.cfg"):
        (folder / source.name).write_bytes(source.read_bytes())
    (folder / "test_written.py").write_text(text)
    return folder


def environment(**added: str) -> Dict[str, str]:
    """Return the variables of this process without ours."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("ASGI_COMPAT")},
        **added,
    }


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """Run the tests that leak."""
    return subprocess.run(
        [*COMMAND, "test_written.py"],
        cwd=write(tmp_path_factory.mktemp("leaving") / "tests", LEAVING),
        env=environment(CI="1"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
    )


def outcomes(output: str) -> Dict[str, str]:
    """Return the last outcome of each test: an error while tearing down stands below the test's own."""
    return dict(re.findall(r"^test_written\.py::(\w+) (\w+)", output, re.MULTILINE))


def test_conftest_leak_fails_the_test_that_leaks(run: subprocess.CompletedProcess[str]) -> None:
    found = outcomes(run.stdout)
    # pytest 8 sees it before the test's own report is made, later ones while tearing down.
    assert found.pop("test_cycle") in ("FAILED", "ERROR")
    assert found == {
        "test_nothing": "PASSED",
        "test_task": "FAILED",
        "test_marked_task": "PASSED",
        "test_thread": "FAILED",
        "test_after_cycle": "PASSED",
        "test_kept_cycle": "PASSED",
        "test_cycle_let_go": "PASSED",
        "test_skip": "SKIPPED",
        "test_expected_skip": "ERROR",
    }, run.stdout
    assert "with tasks still running" in run.stdout and "left threads running" in run.stdout
    assert "the tests of this folder left behind:" in run.stdout
    assert run.returncode == 1


def test_conftest_unknown_skip_fails_the_run(run: subprocess.CompletedProcess[str]) -> None:
    _, _, named = run.stdout.partition("skipped, and not in SKIPS_IN_CI")
    assert "::test_skip: because" in named.splitlines()[1], run.stdout
    assert "test_expected_skip" not in named.splitlines()[2], run.stdout


def test_conftest_test_that_hangs_is_shown_with_its_line(tmp_path: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, "test_written.py"],
        cwd=write(tmp_path / "tests", HANGING),
        env=environment(ASGI_COMPAT_HANGS_AFTER="0.5"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        shown = ""
        try:
            for line in process.stdout:
                shown += line
                if "in test_hang" in line:
                    break
        finally:
            process.kill()
    assert re.search(r"Timeout \(.+\)!", shown), shown
    assert "in test_hang" in shown


@pytest.fixture
def conftest(request: pytest.FixtureRequest) -> ModuleType:
    """tests/conftest.py as pytest has loaded it: folders below have files of the same name."""
    (found,) = [
        plugin
        for plugin in request.config.pluginmanager.get_plugins()
        if getattr(plugin, "__file__", None) == str(HERE / "conftest.py")
    ]
    return found


@pytest.mark.parametrize(
    ("path", "kinds"),
    [
        ("test_new.py", "bare core"),
        ("new", "bare core"),
        ("new/test_other.py", "bare core"),
        ("test_uvicorn.py", "core oldest"),
        ("convert", "bare core oldest"),
        ("convert/test_new.py", "bare core oldest"),
        ("new/test_convert.py", "bare core"),
        ("check", "core examples"),
        ("check/test_output.py", "core"),
        ("test_check.py", "core examples"),
        ("test_checking.py", "bare core"),
        ("new/test_check.py", "bare core"),
        ("test_serve.py", "examples"),
        ("serve/servers/test_daphne.py", "examples"),
        ("test_examples.py", "examples"),
        ("test_documents.py", "examples"),
        ("legacy", ""),
        ("legacy/test_hosts.py", ""),
        ("testing/test_client.py", "core"),
        ("testing/test_session.py", "bare core oldest"),
        ("detect/test_hostile.py", "bare core"),
        ("messages", "bare core examples"),
        ("messages/test_properties.py", "examples"),
        ("messages/test_values.py", "bare core"),
    ],
)
def test_runs_in_path_is_in_these_kinds(
    conftest: ModuleType, monkeypatch: pytest.MonkeyPatch, path: str, kinds: str
) -> None:
    found = [kind for kind in ("bare", "core", "oldest", "examples") if conftest.runs_in(HERE / path, kind)]
    assert found == kinds.split()


def test_runs_from_names_existing_tests(conftest: ModuleType) -> None:
    only = {name for names in conftest.ONLY.values() for name in names}
    for name in {*conftest.RUNS_FROM, *only}:
        folder, _, last = name.rpartition("/")
        assert (HERE / name).is_dir() or (HERE / folder / f"test_{last}.py").exists(), name
    assert set(conftest.RUNS_FROM.values()) <= set(conftest.KINDS)


def test_colours_of_the_environment_do_not_reach_the_tests(tmp_path: Path) -> None:
    """FORCE_COLOR of a CI service painted what the tests of the command line compare."""
    (tmp_path / "test_wish.py").write_text(
        "import os\ndef test_wish():\n    assert 'FORCE_COLOR' not in os.environ"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "conftest", "-p", "no:cacheprovider", "test_wish.py"],
        cwd=str(tmp_path),
        env={**os.environ, "FORCE_COLOR": "1", "PYTHONPATH": str(HERE)},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
