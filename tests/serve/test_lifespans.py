"""A start-up or shutdown that does not end: real processes, real signals."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import threading
import time
from pathlib import Path
from typing import Any, Callable, Dict, List

import pytest
import requires

from asgi_compat.serve import lifespans
from asgi_compat.serve.lifespans import StopRequests, WatchedLifespan

from .serving import WITH_WORKERS, Running, notes, wait_for

#: Seconds until a signal has ended it, on whatever machine; about two are needed.
ENDS = 40.0

APPLICATION = """
import asyncio, os, signal, time

def note(what):
    with open(os.environ["NOTES"], "a") as file:
        file.write(what + "\\n")

async def wait(what):
    note(what)
    await asyncio.Event().wait()  # WAITS

async def ignore(what):
    note(what)
    while True:
        try:
            await asyncio.sleep(3600)  # WAITS
        except BaseException:
            pass

async def start(receive, send):
    await receive()
    await send({"type": "lifespan.startup.complete"})
    note("started")
    await receive()

async def waits_before_receive(scope, receive, send):
    await wait("here")

async def startup_waits(scope, receive, send):
    await receive()
    await wait("here")

def old_startup_waits(scope):
    async def instance(receive, send):
        await receive()
        await wait("here")
    return instance

async def startup_ignores(scope, receive, send):
    await receive()
    await ignore("here")

async def startup_blocks(scope, receive, send):
    await receive()
    note("here")
    time.sleep(3600)  # WAITS

async def startup_cleans_up(scope, receive, send):
    await receive()
    try:
        await wait("here")
    except asyncio.CancelledError:
        await asyncio.sleep(0.1)
        note("cleaned up")
        await send({"type": "lifespan.startup.failed", "message": "a traceback"})
        raise

async def shutdown_waits(scope, receive, send):
    await start(receive, send)
    await wait("shutdown")

async def shutdown_ignores(scope, receive, send):
    await start(receive, send)
    await ignore("shutdown")

async def task_ignores(scope, receive, send):
    global task
    task = asyncio.ensure_future(ignore("task"))
    await start(receive, send)
    await send({"type": "lifespan.shutdown.complete"})

async def task_ignores_stopped_early(scope, receive, send):
    global task
    task = asyncio.ensure_future(ignore("task"))
    await receive()
    await asyncio.sleep(0)
    await send({"type": "lifespan.startup.complete"})
    os.kill(os.getpid(), signal.SIGTERM)
    await receive()
    await send({"type": "lifespan.shutdown.complete"})
"""
STARTUPS = ["waits_before_receive", "startup_waits", "old_startup_waits", "startup_ignores", "startup_blocks"]
SHUTDOWNS = ["shutdown_waits", "shutdown_ignores", "task_ignores"]


@pytest.fixture()
def waiting(project: Path) -> Path:
    (project / "waiting.py").write_text(APPLICATION, encoding="utf-8")
    return project


def ends(running: Running, number: int, *, group: bool = False) -> str:
    """Send one signal, and return what was printed; it ends with the status of a clean exit."""
    (os.killpg if group else os.kill)(running.process.pid, number)
    assert running.process.wait(ENDS) == 0, running.text()
    assert "Traceback" not in running.text(), running.text()
    return running.text()


def noted(project: Path, word: str) -> int:
    return notes(project).count(word) if (project.parent / "notes").exists() else 0


@pytest.mark.parametrize("server", WITH_WORKERS)
@pytest.mark.parametrize(
    "name, number", [(name, signal.SIGINT) for name in STARTUPS] + [("startup_waits", signal.SIGTERM)]
)
def test_start_up_that_does_not_end_one_signal_ends_it(
    server: str, name: str, number: int, waiting: Path
) -> None:
    """No server ends before the start-up has been answered."""
    requires.package(server)
    with Running(f"waiting:{name} --server {server}", waiting, grace=None) as running:
        wait_for(lambda: noted(waiting, "here") == 1, running)
        said = ends(running, number)
        assert "the start-up does not end and is cancelled; it is at " in said
        assert "# WAITS" in said


@pytest.mark.parametrize("server", WITH_WORKERS)
@pytest.mark.parametrize("group", [False, True])
def test_start_up_that_does_not_end_of_two_workers(server: str, group: bool, waiting: Path) -> None:
    """Whether the signal reaches the workers, as that of a terminal does, or the parent alone."""
    requires.package(server)
    with Running(f"waiting:startup_waits --server {server} --workers 2", waiting, grace=None) as running:
        wait_for(lambda: noted(waiting, "here") == 2, running)
        ends(running, signal.SIGINT, group=group)


@pytest.mark.parametrize("server", WITH_WORKERS)
def test_start_up_that_is_cancelled_may_clean_up(server: str, waiting: Path) -> None:
    """What it says then is not printed: it was told to end."""
    requires.package(server)
    with Running(f"waiting:startup_cleans_up --server {server}", waiting, grace=None) as running:
        wait_for(lambda: noted(waiting, "here") == 1, running)
        assert "a traceback" not in ends(running, signal.SIGINT)
        assert noted(waiting, "up") == 1


@pytest.mark.parametrize("server", WITH_WORKERS)
@pytest.mark.parametrize("name, workers", [(name, 1) for name in SHUTDOWNS] + [("shutdown_waits", 2)])
def test_shutdown_that_does_not_end_one_signal_ends_it(
    server: str, name: str, workers: int, waiting: Path
) -> None:
    requires.package(server)
    with Running(f"waiting:{name} --server {server} --workers {workers}", waiting) as running:
        wait_for(lambda: noted(waiting, "started") == workers, running)
        running.wait()
        ends(running, signal.SIGTERM)


@pytest.mark.parametrize("server", ["uvicorn", "hypercorn"])
def test_server_that_is_asked_to_stop_before_it_listens_ends(server: str, waiting: Path) -> None:
    """uvicorn sends no lifespan.shutdown then, and its loop waits for the task for ever."""
    requires.package(server)
    with Running(f"waiting:task_ignores_stopped_early --server {server}", waiting) as running:
        assert running.process.wait(ENDS) == 0, running.text()
        assert "a task that it has started does not end" in running.text()


ENDS_LATER = """
import asyncio, os, time

def note(what):
    with open(os.environ["NOTES"], "a") as file:
        file.write(what + "\\n")

def noted(what):
    with open(os.environ["NOTES"]) as file:
        return file.read().split().count(what)

note("import")
if os.environ.get("IMPORT_WAITS") and noted("import") > 1:  # the first is the rehearsal
    while True:
        time.sleep(0.05)

async def app(scope, receive, send):
    await receive()
    note("here")
    while not noted("go"):
        await asyncio.sleep(0.05)
    await send({"type": "lifespan.startup.complete"})
    note("started")
    await receive()
    await send({"type": "lifespan.shutdown.complete"})
"""


@pytest.mark.parametrize("server", WITH_WORKERS)
@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("word", ["here", "started"])
def test_start_up_that_ends_after_the_signal_one_signal_ends_it(
    word: str, workers: int, server: str, project: Path
) -> None:
    """granian 1.6.4 installs its handlers after the start-up; uvloop keeps a signal between two runs."""
    requires.package(server)
    (project / "later.py").write_text(ENDS_LATER, encoding="utf-8")
    with Running(f"later:app --server {server} --workers {workers}", project, grace=None) as running:
        wait_for(lambda: noted(project, "here") == workers, running)
        if word == "here":
            os.kill(running.process.pid, signal.SIGTERM)
        with open(project.parent / "notes", "a") as file:
            file.write("go\n")
        if word == "started":
            wait_for(lambda: noted(project, "started") == workers, running)
            os.kill(running.process.pid, signal.SIGTERM)
        assert running.process.wait(ENDS) == 0, running.text()
        assert "Traceback" not in running.text(), running.text()


@pytest.mark.parametrize("number, group", [(signal.SIGTERM, False), (signal.SIGINT, True)])
@pytest.mark.parametrize("server, workers", [("granian", 1), *((name, 2) for name in WITH_WORKERS)])
def test_import_of_a_worker_that_does_not_end_one_signal_ends_it(
    server: str, workers: int, number: int, group: bool, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is nothing to shut down yet."""
    requires.package(server)
    monkeypatch.setenv("IMPORT_WAITS", "1")
    (project / "later.py").write_text(ENDS_LATER, encoding="utf-8")
    with Running(f"later:app --server {server} --workers {workers}", project, grace=None) as running:
        wait_for(lambda: noted(project, "import") == 1 + workers, running)
        ends(running, number, group=group)


def test_lazy_start_up_that_does_not_end_on_daphne(waiting: Path) -> None:
    """daphne sends no lifespan events: the first request waits for the start-up, and is cut."""
    requires.package("daphne")
    arguments = "waiting:startup_waits --server daphne --quirk lazy_lifespan=true"
    with Running(arguments, waiting) as running:
        running.wait()
        with socket.create_connection(("127.0.0.1", running.port), 20) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            wait_for(lambda: noted(waiting, "here") == 1, running)
            ends(running, signal.SIGINT)


# -- in this process -----------------------------------------------------------------------------


def hold(app: Callable[..., Any], *events: str, grace: int = 0) -> List[Any]:
    """Hold the lifespan conversation, and return what the server got."""
    sent: List[Any] = []
    given: List[Dict[str, Any]] = [{"type": event} for event in events]

    async def receive() -> Any:
        return given.pop(0) if given else await asyncio.Event().wait()

    async def send(event: Any) -> None:
        sent.append(event)

    asyncio.run(WatchedLifespan(app, grace)({"type": "lifespan"}, receive, send))
    wait_for_threads()
    return sent


def wait_for_threads() -> None:
    for thread in threading.enumerate():
        if thread.name == "asgi-compat-lifespan":
            thread.join(30)
            assert not thread.is_alive()


def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SLOW", "STARTUP_GRACE", "SHUTDOWN_GRACE", "CANCEL_GRACE"):
        monkeypatch.setattr(lifespans, name, 0.05)
    monkeypatch.setattr(lifespans, "_TICK", 0.01)


async def up_and_down(scope: Any, receive: Any, send: Any) -> None:
    for kind in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{kind}.complete"})


def test_watched_lifespan_ordinary_application_passes(capfd: pytest.CaptureFixture[str]) -> None:
    """The handlers are as before, no thread is left, and nothing is said."""
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    sent = hold(up_and_down, "lifespan.startup", "lifespan.shutdown")
    assert [event["type"] for event in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
    assert capfd.readouterr().err == ""


def test_watched_lifespan_error_of_the_application_passes() -> None:
    async def fails(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        hold(fails, "lifespan.startup")
    wait_for_threads()


def test_watched_lifespan_slow_start_up_is_named_and_goes_on(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    quick(monkeypatch)
    said: List[str] = []

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        deadline = time.monotonic() + 30
        while "takes longer" not in "".join(said) and time.monotonic() < deadline:
            await asyncio.sleep(0.01)  # the line that waits
            said.append(capfd.readouterr().err)
        await up_and_down(scope, receive, send)

    assert len(hold(slow, "lifespan.startup", "lifespan.shutdown")) == 2
    text = "".join(said)
    assert f"the start-up takes longer than 0.05 s; it is at {__file__}:" in text
    assert "await asyncio.sleep(0.01)  # the line that waits" in text


def test_watched_lifespan_slow_shutdown_is_named_and_cancelled(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """After the seconds that the server gives to open requests; the server is told in one line."""
    quick(monkeypatch)

    async def waits(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await asyncio.Event().wait()

    sent = hold(waits, "lifespan.startup", "lifespan.shutdown", grace=1)
    assert sent[1:] == [{"type": "lifespan.shutdown.failed", "message": "the shutdown was cancelled"}]
    said = capfd.readouterr().err
    assert "the shutdown takes longer than 0.05 s; it is at " in said
    assert "it is cancelled in 0.95 s, a second Ctrl-C ends it at once" in said


@pytest.mark.parametrize("before", [signal.SIG_DFL, signal.SIG_IGN])
def test_stop_requests_keeps_what_the_system_does(before: Any) -> None:
    """The default ends the process; a signal that is ignored is noted, and ignored."""
    mine = signal.signal(signal.SIGTERM, before)
    try:
        requests = StopRequests()
        if before is signal.SIG_IGN:
            signal.raise_signal(signal.SIGTERM)
            assert requests.since is not None
        else:
            assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
        requests.remove()
        assert signal.getsignal(signal.SIGTERM) is before
    finally:
        signal.signal(signal.SIGTERM, mine)


def test_stop_requests_handler_that_came_later_stays() -> None:
    """A server that installs its own after the start-up has begun keeps it."""
    mine = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        requests = StopRequests()
        later = lambda *_: None  # noqa: E731
        signal.signal(signal.SIGTERM, later)
        requests.remove()
        assert signal.getsignal(signal.SIGTERM) is later
    finally:
        signal.signal(signal.SIGTERM, mine)


def test_stop_requests_in_another_thread_installs_nothing() -> None:
    before = signal.getsignal(signal.SIGINT)
    seen: List[Any] = []
    thread = threading.Thread(target=lambda: seen.append((StopRequests(), signal.getsignal(signal.SIGINT))))
    thread.start()
    thread.join()
    assert seen[0][1] is before and seen[0][0].since is None
