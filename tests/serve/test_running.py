"""The four servers for real, from start to Ctrl-C."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, List

import httpx
import pytest
import requires

from asgi_compat import cli, serve

from .serving import APPLICATION, HANG, SERVERS, WITH_WORKERS, Running, Start, notes, wait_for


@pytest.mark.parametrize("server", SERVERS)
def test_run_demo_answers_on_every_server(server: str, start: Start) -> None:
    """The pages, HEAD, 404, 405, the echo, the announcement, and Ctrl-C while the echo is open."""
    requires.package(server)
    running = start(f"--server {server}")
    # A server's own imports may warn before it, on an old Python.
    first = next(line for line in running.text().splitlines() if line.startswith("asgi-compat"))
    assert first.startswith("asgi-compat: the built-in demo is double-callable (")
    assert f"{server} serves it on http://127.0.0.1:{running.port} - press Ctrl-C to stop" in first
    with httpx.Client(base_url=f"http://127.0.0.1:{running.port}", timeout=20) as client:
        for path in ("/", "/closure", "/partial", "/class"):
            answer = client.get(path, headers={"accept": "text/html"})
            assert answer.status_code == 200 and "double-callable" in answer.text
            head = client.head(path)
            assert (head.status_code, head.content) == (200, b"") and int(head.headers["content-length"]) > 0
        assert client.get("/nowhere").status_code == 404
        assert client.post("/class").status_code == 405
        # The connection of the client is kept alive meanwhile.
        with running.websocket("/echo") as echo:
            # daphne (4.2.3) sends no empty message: it asks whether it is true, not whether it is there.
            empty = () if server == "daphne" else ("", b"")
            for message in ("hello", "\N{SNOWMAN}", b"\x00\xff", *empty):
                echo.send(message)
                assert echo.recv(timeout=20) == message
            running.end(group=True)


@pytest.mark.parametrize(
    "number, group", [(signal.SIGINT, True), (signal.SIGINT, False), (signal.SIGTERM, False)]
)
@pytest.mark.parametrize("server", SERVERS)
def test_run_idle_websocket_does_not_delay_the_end(
    server: str, number: int, group: bool, start: Start
) -> None:
    """A client that does not answer the closing handshake: an idle socket after its upgrade."""
    requires.package(server)
    running = start(f"web:double --server {server}")
    with socket.create_connection(("127.0.0.1", running.port), 20) as idle:
        idle.sendall(
            b"GET /x HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        assert b" 101 " in idle.recv(4096)
        running.end(number, group=group)


@pytest.mark.parametrize("server", WITH_WORKERS)
@pytest.mark.parametrize("workers", [1, 2])
def test_run_request_of_four_seconds_survives_sigterm(server: str, workers: int, project: Path) -> None:
    """The server's own default holds: a container that is replaced answers what it has begun."""
    requires.release(server, "2.0" if server == "granian" else "0")
    # hypercorn cancels after 3 s by default; since Python 3.12.1 asyncio waits before that.
    grace = 30 if server == "hypercorn" and sys.version_info < (3, 12, 1) else None
    arguments = f"web:single --server {server} --workers {workers}"
    with Running(arguments, project, grace=grace) as running, ThreadPoolExecutor(1) as pool:
        answer = pool.submit(running.wait().get, "/four-seconds")
        wait_for(lambda: "four-seconds" in notes(project), running)
        running.process.send_signal(signal.SIGTERM)
        assert answer.result()["path"] == "/four-seconds"
        assert running.process.wait(HANG) == 0, running.text()


@pytest.mark.parametrize("server", WITH_WORKERS)
def test_run_second_interrupt_ends_at_once(server: str, project: Path) -> None:
    """With a request that takes a minute, on a server that waits for it."""
    requires.release(server, "2.0" if server == "granian" else "0")
    with Running(f"web:single --server {server}", project, grace=60) as running, ThreadPoolExecutor(
        1
    ) as pool:
        answer = pool.submit(running.wait().get, "/minute")
        wait_for(lambda: "minute" in notes(project), running)
        running.process.send_signal(signal.SIGINT)
        time.sleep(1)
        assert running.process.poll() is None, running.text()
        # Again and again: a busy process may have read the first and the second together, as one key.
        deadline = time.monotonic() + HANG
        while running.process.poll() is None and time.monotonic() < deadline:
            os.killpg(running.process.pid, signal.SIGINT)
            time.sleep(0.5)
        assert running.process.wait(1) == cli.INTERRUPTED, running.text()
        assert "a second Ctrl-C: ended at once" in running.text()
        with pytest.raises(httpx.TransportError):
            answer.result()


@pytest.mark.parametrize("server", WITH_WORKERS)
def test_run_two_workers_both_answer_and_end(server: str, start: Start, project: Path) -> None:
    """Both answer, neither is the parent, and Ctrl-C ends them all with an idle WebSocket open."""
    requires.package(server)
    running = start(f"web:double --server {server} --workers 2")
    seen = set()
    deadline = time.monotonic() + 90
    while len(seen) < 2 and time.monotonic() < deadline:
        seen.add(running.get()["pid"])
    assert len(seen) == 2 and running.process.pid not in seen
    with running.websocket("/x"):
        running.end(group=True)
    for pid in seen:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@pytest.mark.parametrize("server", WITH_WORKERS)
def test_run_reload_serves_the_changed_file(server: str, start: Start, project: Path) -> None:
    """A changed file is served without a new start; press Ctrl-C to stop."""
    requires.package(server)
    if server == "granian":
        requires.package("watchfiles")
    running = start(f"web:double --server {server} --reload")
    assert running.get()["version"] == 1
    source = project / "web.py"
    deadline = time.monotonic() + 90
    version = 1
    while version == 1 and time.monotonic() < deadline:
        # Again and again: the watcher may not have begun to watch.
        source.write_text(APPLICATION.replace("VERSION = 1", "VERSION = 2"), encoding="utf-8")
        time.sleep(1)
        with contextlib.suppress(httpx.TransportError):
            version = running.get()["version"]
    assert version == 2, running.text()
    with running.websocket("/x"):
        running.end(group=True)


@pytest.mark.parametrize("server", SERVERS)
def test_run_root_path_is_the_same_on_every_server(server: str, start: Start) -> None:
    """In the scope of a request and of a WebSocket, without its last slash."""
    requires.package(server)
    running = start(f"web:single --server {server} --root-path /pre/")
    assert f":{running.port}/pre - " in running.text()
    for target in ("/x", "/pre/x"):
        facts = running.get(target)
        assert (facts["root_path"], facts["path"]) == ("/pre", "/pre" + target)
    with running.websocket("/x") as connection:
        assert connection.recv(timeout=20) == "/pre"
    running.end()


@pytest.mark.parametrize("server", SERVERS)
def test_run_old_messages_are_repaired_and_logged_once(server: str, start: Start) -> None:
    """An application of the first draft is served unchanged; each repair is one line in the log."""
    requires.package(server)
    running = start(f"web:of_2017 --server {server}")
    for _ in range(2):
        answer = httpx.get(f"http://127.0.0.1:{running.port}/", timeout=20)
        assert (answer.status_code, answer.text, answer.headers["x-old"]) == (200, "2.0", "yes")
    for rule in ("A21", "A22", "A23", "A24"):
        assert len(re.findall(rf"asgi-compat: .*\({rule}\)", running.text())) == 1, running.text()


def test_plain_uvicorn_prints_the_repairs_that_were_asked_for(project: Path) -> None:
    """The line of docs/old-app.md, in a module of its own and without `serve`."""
    requires.package("uvicorn")
    (project / "shop.py").write_text(
        "import logging\nimport asgi_compat\nimport web\n"
        'logging.getLogger("asgi_compat").setLevel(logging.INFO)\n'
        "app = asgi_compat.to_asgi3(web.of_2017)\n"
    )
    port = serve.check_address("127.0.0.1", 0)
    log = project.parent / "log"
    with open(log, "wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", "shop:app", "--port", str(port)],
            cwd=str(project), stdin=subprocess.DEVNULL, stdout=file, stderr=file, start_new_session=True,
        )  # fmt: skip
        try:
            deadline = time.monotonic() + 60
            while "(A24)" not in log.read_text() and time.monotonic() < deadline and process.poll() is None:
                with contextlib.suppress(httpx.TransportError):
                    httpx.get(f"http://127.0.0.1:{port}/", timeout=20)
                time.sleep(0.05)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    lines = [line for line in log.read_text().splitlines() if line.startswith("asgi-compat: ")]
    wanted = [line for line in lines if line.endswith("headers: got dict, sent list of pairs (A24)")]
    assert wanted, log.read_text()


@pytest.mark.parametrize("server", SERVERS)
def test_run_strict_answers_500_where_it_would_repair(server: str, start: Start) -> None:
    """The client gets a clean 500 before anything of the response, and the next request is served."""
    requires.package(server)
    running = start(f"web:of_2017 --strict --server {server}")
    for _ in range(2):
        assert httpx.get(f"http://127.0.0.1:{running.port}/", timeout=20).status_code == 500
    # granian's own scope is repaired too (a port that is text, A48), so there it is the server's fault.
    assert ("ServerMessageError" if server == "granian" else "AppMessageError") in running.text()


@pytest.mark.parametrize("server", SERVERS)
def test_run_given_style_is_used(server: str, start: Start, project: Path) -> None:
    """Without it hypercorn would take the application for WSGI, and daphne for the other generation."""
    requires.package(server)
    for style in ("single", "double") if server == "uvicorn" else ("single",):
        running = start(f"web:returning --server {server} --style {style} --log-level warning")
        assert running.get("/x")["path"] == "/x"
        assert f"is {style}-callable (--style says so)" in running.text()
        running.end()


@pytest.mark.parametrize("server", SERVERS)
def test_run_factory_is_called_once_in_a_single_process(server: str, start: Start, project: Path) -> None:
    """The process that made the application serves it. granian always has a worker process."""
    requires.package(server)
    running = start(f"web:create_app --factory --server {server}")
    running.get()
    running.end()
    once = ["import", "create_app"]
    lifespan = [] if server == "daphne" else ["lifespan.startup", "lifespan.shutdown"]
    assert notes(project) == once * (2 if server == "granian" else 1) + lifespan


@pytest.mark.parametrize("server", WITH_WORKERS)
@pytest.mark.parametrize("workers", [1, 2])
def test_run_failed_start_up_exits_with_its_own_status(server: str, workers: int, project: Path) -> None:
    """The server prints why; the command says that it stopped by itself."""
    requires.package(server)
    if server == "uvicorn" and workers == 2:
        supervisor = importlib.import_module("uvicorn.supervisors.multiprocess")
        if not hasattr(supervisor, "STARTUP_FAILURE"):
            # It starts the failing worker again and again, and says so each time: Ctrl-C ends that.
            with Running("web:fails --workers 2", project) as running:
                deadline = time.monotonic() + 90
                while running.text().count("the database is away") < 3 and time.monotonic() < deadline:
                    time.sleep(0.1)
                assert running.text().count("the database is away") >= 3
                running.end()
            return
    with Running(f"web:fails --server {server} --workers {workers}", project) as running:
        assert running.process.wait(60) == cli.SERVER_FAILED, running.text()
        assert re.search(rf"asgi-compat: error: {server} stopped by itself \(.+\); ", running.text())
        assert "the database is away" in running.text()


@pytest.mark.parametrize("server", SERVERS)
def test_run_port_lost_after_the_check_is_reported_the_same(server: str, project: Path) -> None:
    """Another process takes it in between: the same status and the same sentence."""
    requires.package(server)
    code = """if 1:
        import socket, sys
        from asgi_compat import cli, serve
        def main():
            check, taken = serve.running.check_address, []
            def check_and_lose(host, port):
                port = check(host, port)
                if not taken:
                    taken.append(socket.create_server((host, port)))
                return port
            serve.running.check_address = check_and_lose
            return cli.main(sys.argv[1:])
        if __name__ == "__main__":
            sys.exit(main())
        """
    (project / "loser.py").write_text(code)
    done = subprocess.run(
        [sys.executable, "loser.py", "serve", "--server", server, "--port", "0"],
        cwd=str(project), capture_output=True, encoding="utf-8", timeout=60,
    )  # fmt: skip
    assert done.returncode == cli.NO_ADDRESS, done.stderr
    assert re.search(r"asgi-compat: error: 127\.0\.0\.1:\d+ is already in use", done.stderr), done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("redirect", [">&- 2>&-", "> /dev/full 2> /dev/full", "2> /dev/full", "> /dev/full"])
@pytest.mark.parametrize(
    "server", ["uvicorn", "hypercorn", "daphne", "granian", "uvicorn --workers 2", "granian --workers 2"]
)
def test_run_streams_closed_or_full_serves(server: str, redirect: str, project: Path) -> None:
    """A full disk below the log, or a daemon without streams: it starts, serves, and ends with status 0."""
    requires.package(server.split()[0])
    port = serve.check_address("127.0.0.1", 0)
    line = f'exec "$0" -m asgi_compat serve web:printing --server {server} --port {port} {redirect}'
    process = subprocess.Popen(
        ["sh", "-c", line, sys.executable],
        cwd=str(project), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        answer = None
        while answer is None and time.monotonic() < deadline and process.poll() is None:
            with contextlib.suppress(httpx.TransportError):
                answer = httpx.get(f"http://127.0.0.1:{port}/x", timeout=20)
            time.sleep(0.05)
        assert process.poll() is None and answer is not None and answer.json()["path"] == "/x"
        os.killpg(process.pid, signal.SIGINT)
        out, error = process.communicate(timeout=HANG)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    assert process.returncode == 0
    assert b"Traceback" not in out + error and b"Exception ignored" not in out + error, (out, error)


@pytest.mark.parametrize(
    "server, changes, words",
    [
        ("uvicorn", {}, None),
        (
            "uvicorn",
            {"lifespan": "off"},
            "--lifespan off: start-up and shutdown of the application do not run",
        ),
        ("daphne", {}, "daphne sends no lifespan events"),
        ("daphne", {"quirks": ("lazy_lifespan=true",)}, None),
        ("daphne", {"lifespan": "off"}, "--lifespan off"),
    ],
)
def test_run_start_up_that_will_not_run_is_announced(
    server: str, changes: Any, words: Any, loading: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    requires.package(server)
    row = serve.SERVERS[server]._replace(start=lambda arguments, options, signals: None)
    monkeypatch.setattr(f"asgi_compat.serve.servers.{server}.SERVER", row)
    lines: List[str] = []
    options = serve.Options(target="web:double", app_dir=str(loading), port=0, server=server, **changes)
    serve.run(options, lines.append)
    assert "web:double is double-callable" in lines[0]
    if words is None:
        assert len(lines) == 1
    else:
        assert len(lines) == 2 and words in lines[1]


def test_run_announcement_that_fails_serves(loading: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log may be a full disk."""
    requires.package("uvicorn")
    started: List[Any] = []
    row = serve.SERVERS["uvicorn"]._replace(start=lambda arguments, options, signals: started.append(options))
    monkeypatch.setattr("asgi_compat.serve.servers.uvicorn.SERVER", row)

    def announce(line: str) -> None:
        raise BrokenPipeError

    serve.run(serve.Options(target="web:double", app_dir=str(loading), port=0), announce)
    assert [options.target for options in started] == ["web:double"]


def test_run_loop_without_signal_handlers_is_named() -> None:
    """On Windows, where a server does not fall back; any other error may be of the application."""

    def start(arguments: List[str], options: Any, signals: Any) -> None:
        asyncio.AbstractEventLoop().add_signal_handler(signal.SIGINT, print)

    def fail(arguments: List[str], options: Any, signals: Any) -> None:
        raise NotImplementedError("no such start-up")

    row = serve.SERVERS["hypercorn"]
    with pytest.raises(serve.UsageError, match=r"^--server hypercorn does not run here.* --server uvicorn$"):
        serve.running._start(row._replace(start=start), serve.Options())
    problem = serve.running._start(row._replace(start=fail), serve.Options())
    assert problem == "NotImplementedError: no such start-up"
