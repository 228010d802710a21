"""``serve``: what is loaded and handed over, and the four servers for real, from start to Ctrl-C."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import importlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import types
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Optional

import httpx
import pytest
import requires
from websocket_client import connect

from asgi_compat import PROFILES, DetectionError, Quirks, cli, serve, to_asgi3

# httpx imports h2 where hypercorn has brought it, and h2 4.1, the last for Python 3.8, compares bytes
# with text while it is imported: -bb would make an error of that in the middle of a test.
with warnings.catch_warnings(), contextlib.suppress(ImportError):
    warnings.simplefilter("ignore", BytesWarning)
    importlib.import_module("h2.connection")

SERVERS = ("uvicorn", "hypercorn", "daphne", "granian")
WITH_WORKERS = ("uvicorn", "hypercorn", "granian")
#: A hang, on whatever machine. What is promised is two seconds; what was needed is printed.
HANG = 10.0

APPLICATION = """
import json, os, sys

def note(what):
    with open(os.environ["NOTES"], "a") as file:
        file.write(what + "\\n")

note("import")

async def answer(scope, send, **more):
    facts = {"pid": os.getpid(), "root_path": scope.get("root_path"), "path": scope["path"], **more}
    body = json.dumps(facts).encode()
    headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})

async def speak_lifespan(receive, send):
    while True:
        message = await receive()
        note(message["type"])
        await send({"type": message["type"] + ".complete"})
        if message["type"] == "lifespan.shutdown":
            return

async def speak_websocket(scope, receive, send):
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.send", "text": str(scope.get("root_path"))})
    while (await receive())["type"] != "websocket.disconnect":
        pass

async def converse(scope, receive, send):
    if scope["type"] == "lifespan":
        await speak_lifespan(receive, send)
    elif scope["type"] == "websocket":
        await speak_websocket(scope, receive, send)
    else:
        await answer(scope, send, version=VERSION)

VERSION = 1

async def single(s, r, w):                  # odd names: daphne calls by keyword
    await converse(s, r, w)

def double(scope):
    async def instance(receive, send):
        await converse(scope, receive, send)
    return instance

def returning(*arguments):                  # nobody can see what it is
    if len(arguments) == 3:
        return converse(*arguments)
    return double(*arguments)

def create_app():
    note("create_app")
    return double

def of_2017(scope):                         # the names of the first draft, and a start-up it does not know
    assert scope["type"] == "http"
    async def instance(receive, send):
        await send({"type": "http.response.start", "status": "200", "headers": {"X-Old": "yes"}})
        await send({"type": "http.response.content", "content": scope["asgi"]["version"].encode()})
    return instance

async def printing(scope, receive, send):
    print("to standard output", flush=True)
    sys.stderr.write("to standard error\\n")
    await converse(scope, receive, send)

async def fails(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "the database is away"})
        return
    await converse(scope, receive, send)
"""


@pytest.fixture()
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "web.py").write_text(APPLICATION, encoding="utf-8")
    monkeypatch.setenv("NOTES", str(tmp_path / "notes"))
    return tmp_path / "code"


def notes(project: Path) -> List[str]:
    return (project.parent / "notes").read_text().split()


class Running:
    """``python -m asgi_compat serve ... --port 0``, until the block is left."""

    def __init__(self, arguments: str, directory: Path) -> None:
        self.log = directory.parent / "log"
        self.file = open(self.log, "wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "asgi_compat", "serve", *arguments.split(), "--port", "0"],
            cwd=str(directory), stdin=subprocess.DEVNULL, stdout=self.file, stderr=self.file,
            start_new_session=True,
        )  # fmt: skip
        self.port = 0

    def text(self) -> str:
        return self.log.read_text(errors="replace")

    def wait(self) -> Running:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            printed = re.search(r"http://127\.0\.0\.1:(\d+)", self.text())
            if printed:
                self.port = int(printed.group(1))
                with contextlib.suppress(OSError):
                    socket.create_connection(("127.0.0.1", self.port), 1).close()
                    return self
            time.sleep(0.05)
        raise AssertionError(f"it does not listen:\n{self.text()}")

    def get(self, path: str = "/") -> Dict[str, Any]:
        response = httpx.get(f"http://127.0.0.1:{self.port}{path}", timeout=20)
        assert response.status_code == 200, response.text
        facts: Dict[str, Any] = response.json()
        return facts

    def websocket(self, path: str) -> Any:
        return connect(f"ws://127.0.0.1:{self.port}{path}", open_timeout=20, close_timeout=1)

    def end(self, number: int = signal.SIGINT, *, group: bool = False) -> None:
        """Ask it to end as Ctrl-C does (the whole group) or as an init system does (the one process)."""
        started = time.monotonic()
        (os.killpg if group else os.kill)(self.process.pid, number)
        try:
            status: Optional[int] = self.process.wait(HANG)
        except subprocess.TimeoutExpired:
            status = None
        print(f"ended in {time.monotonic() - started:.2f} s")
        assert status == 0, f"status {status}:\n{self.text()}"
        assert "Traceback" not in self.text(), self.text()

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *_: Any) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.file.close()


@pytest.fixture()
def start(project: Path) -> Iterator[Callable[[str], Running]]:
    with contextlib.ExitStack() as stack:
        yield lambda arguments: stack.enter_context(Running(arguments, project)).wait()


Start = Callable[[str], Running]


# -- the servers, for real ------------------------------------------------------------------------


@pytest.mark.parametrize("server", SERVERS)
def test_the_demo_on_every_server(server: str, start: Start) -> None:
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
def test_an_unresponsive_websocket_does_not_hold_it(
    server: str, number: int, group: bool, start: Start
) -> None:
    """A client that answers no closing handshake: an idle socket that was upgraded once."""
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
def test_two_workers(server: str, start: Start, project: Path) -> None:
    """Both answer, neither is the parent, and Ctrl-C ends them all with an idle WebSocket open."""
    requires.package(server)
    running = start(f"web:double --server {server} --workers 2")
    seen = set()
    deadline = time.monotonic() + 30
    while len(seen) < 2 and time.monotonic() < deadline:
        seen.add(running.get()["pid"])
    assert len(seen) == 2 and running.process.pid not in seen
    with running.websocket("/x"):
        running.end(group=True)
    for pid in seen:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@pytest.mark.parametrize("server", WITH_WORKERS)
def test_reload(server: str, start: Start, project: Path) -> None:
    """A changed file is served without a new start; press Ctrl-C to stop."""
    requires.package(server)
    if server == "granian":
        requires.package("watchfiles")
    running = start(f"web:double --server {server} --reload")
    assert running.get()["version"] == 1
    source = project / "web.py"
    deadline = time.monotonic() + 30
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
def test_the_root_path_is_the_same_on_every_server(server: str, start: Start) -> None:
    """In the scope of a request and of a WebSocket, without its last slash."""
    requires.package(server)
    running = start(f"web:single --server {server} --root-path /pre/")
    assert f":{running.port}/pre - " in running.text()
    assert running.get("/x")["root_path"] == "/pre"
    assert running.get("/pre/x")["root_path"] == "/pre"
    with running.websocket("/x") as connection:
        assert connection.recv(timeout=20) == "/pre"
    running.end()


@pytest.mark.parametrize("server", SERVERS)
def test_old_messages_are_repaired_and_said_once(server: str, start: Start) -> None:
    """An application of the first draft is served as it is; each repair is one line in the log."""
    requires.package(server)
    running = start(f"web:of_2017 --server {server}")
    for _ in range(2):
        answer = httpx.get(f"http://127.0.0.1:{running.port}/", timeout=20)
        assert (answer.status_code, answer.text, answer.headers["x-old"]) == (200, "2.0", "yes")
    for rule in ("A21", "A22", "A23", "A24"):
        assert len(re.findall(rf"asgi-compat: .*\({rule}: ", running.text())) == 1, running.text()


@pytest.mark.parametrize("server", SERVERS)
def test_strict_raises_where_it_would_repair(server: str, start: Start) -> None:
    """The client gets a clean 500 before anything of the response, and the next request is served."""
    requires.package(server)
    running = start(f"web:of_2017 --strict --server {server}")
    for _ in range(2):
        assert httpx.get(f"http://127.0.0.1:{running.port}/", timeout=20).status_code == 500
    # granian's own scope is repaired too (a port that is text, A48), so there it is the server's fault.
    assert ("ServerMessageError" if server == "granian" else "AppMessageError") in running.text()


@pytest.mark.parametrize("server", SERVERS)
def test_the_style_can_be_said(server: str, start: Start, project: Path) -> None:
    """What nobody can see, hypercorn would take for WSGI and daphne for the other generation."""
    requires.package(server)
    for style in ("single", "double") if server == "uvicorn" else ("single",):
        running = start(f"web:returning --server {server} --style {style} --log-level warning")
        assert running.get("/x")["path"] == "/x"
        assert f"is {style}-callable (--style says so)" in running.text()
        running.end()


@pytest.mark.parametrize("server", SERVERS)
def test_a_factory_is_called_once_in_a_single_process(server: str, start: Start, project: Path) -> None:
    """The process that has made the application serves it. granian always has a worker of its own."""
    requires.package(server)
    running = start(f"web:create_app --factory --server {server}")
    running.get()
    running.end()
    once = ["import", "create_app"]
    lifespan = [] if server == "daphne" else ["lifespan.startup", "lifespan.shutdown"]
    assert notes(project) == once * (2 if server == "granian" else 1) + lifespan


@pytest.mark.parametrize("server", WITH_WORKERS)
@pytest.mark.parametrize("workers", [1, 2])
def test_a_failed_start_up_has_a_status_of_its_own(server: str, workers: int, project: Path) -> None:
    """The server prints why; the command says that it stopped by itself."""
    requires.package(server)
    if server == "uvicorn" and workers == 2:
        supervisor = importlib.import_module("uvicorn.supervisors.multiprocess")
        if not hasattr(supervisor, "STARTUP_FAILURE"):
            # It starts the failing worker again and again, and says so each time: Ctrl-C ends that.
            with Running("web:fails --workers 2", project) as running:
                deadline = time.monotonic() + 30
                while running.text().count("the database is away") < 3 and time.monotonic() < deadline:
                    time.sleep(0.1)
                assert running.text().count("the database is away") >= 3
                running.end()
            return
    with Running(f"web:fails --server {server} --workers {workers}", project) as running:
        assert running.process.wait(60) == cli.SERVER_FAILED, running.text()
        assert re.search(rf"asgi-compat: error: {server} stopped by itself \(.+\); ", running.text())
        assert "the database is away" in running.text()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("redirect", [">&- 2>&-", "> /dev/full 2> /dev/full", "2> /dev/full", "> /dev/full"])
@pytest.mark.parametrize(
    "server", ["uvicorn", "hypercorn", "daphne", "granian", "uvicorn --workers 2", "granian --workers 2"]
)
def test_serve_with_streams_closed_or_full_serves(server: str, redirect: str, project: Path) -> None:
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


def test_run_serves_when_the_first_line_cannot_be_announced(
    loading: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is to announce it may fail: that is no reason not to serve."""
    requires.package("uvicorn")
    started: List[Any] = []
    row = serve.SERVERS["uvicorn"]._replace(start=lambda options, signals: started.append(options))
    monkeypatch.setattr("asgi_compat.serve.servers.uvicorn.SERVER", row)

    def announce(line: str) -> None:
        raise BrokenPipeError

    serve.run(serve.Options(target="web:double", app_dir=str(loading), port=0), announce)
    assert [options.target for options in started] == ["web:double"]


def test_nothing_is_left_of_the_signals() -> None:
    """No thread that waits for one, and no descriptor."""
    with serve.signals.Signals() as signals:
        signals.afterwards(60, lambda: pytest.fail("nobody asked"))
        assert "asgi-compat-signals" in {thread.name for thread in threading.enumerate()}
    assert "asgi-compat-signals" not in {thread.name for thread in threading.enumerate()}
    assert signals._reader.fileno() == signals._writer.fileno() == -1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
def test_the_end_of_a_worker_that_has_just_been_forked_is_not_everybody_s(project: Path) -> None:
    """Its signal is its own, however early it comes: nobody has asked the whole server to end."""
    code = """if 1:
        import os, signal
        # The first hook of all: asyncio has one for the descriptor, too, since Python 3.12.
        os.register_at_fork(after_in_child=lambda: os.kill(os.getpid(), signal.SIGTERM))
        from asgi_compat import serve
        with serve.signals.Signals() as signals:
            # As granian's: it goes on, and whoever runs is not ended by it.
            came = []
            signal.signal(signal.SIGTERM, lambda *_: came.append(1))
            worker = os.fork()
            if not worker:
                os._exit(3 + len(came))
            status = os.waitpid(worker, 0)[1] >> 8
            print("worker", status, "asked to end", signals.told())
            os.kill(os.getpid(), signal.SIGTERM)
            print("asked to end", signals.told())
        """
    (project / "forks.py").write_text(code)
    done = subprocess.run(
        [sys.executable, "forks.py"],
        cwd=str(project), capture_output=True, encoding="utf-8", timeout=60,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("worker 4 asked to end False\nasked to end True\n", "")


@pytest.mark.parametrize("server", SERVERS)
def test_the_port_is_lost_after_it_was_checked(server: str, project: Path) -> None:
    """Somebody takes it in between: the same status and the same sentence."""
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


# -- what is loaded and handed over ----------------------------------------------------------------


@pytest.fixture()
def loading(project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The project importable here, and everything as it was afterwards."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(serve.worker, "_application", None)
    monkeypatch.delenv(serve.VARIABLE, raising=False)
    yield project
    sys.modules.pop("web", None)


def test_a_worker_makes_its_application_from_the_variable(
    loading: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once, and the same for `application` and for `worker_application`."""
    monkeypatch.setenv(
        serve.VARIABLE, f'{{"target": "web:create_app", "factory": true, "app_dir": "{loading}"}}'
    )
    assert serve.application is serve.application is serve.worker_application()
    assert notes(loading) == ["import", "create_app"]


@pytest.mark.parametrize(
    "given, seen", [({}, "/pre"), ({"root_path": ""}, "/pre"), ({"root_path": "/own"}, "/own")]
)
def test_a_root_path_the_server_does_not_give_is_put_in(
    given: Dict[str, str], seen: str, loading: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """daphne before 4.1 gives a WebSocket none. The server's own scope stays as it was."""
    monkeypatch.setenv(
        serve.VARIABLE,
        json.dumps({"target": "web:double", "root_path": "/pre", "app_dir": str(loading)}),
    )
    scope = {"type": "http", "path": "/", **given}
    sent: List[Dict[str, Any]] = []

    async def send(message: Dict[str, Any]) -> None:
        sent.append(message)

    async def connection() -> None:
        await serve.worker_application()(scope, None, send)  # type: ignore[arg-type]

    asyncio.run(connection())
    assert json.loads(sent[1]["body"])["root_path"] == seen
    assert scope == {"type": "http", "path": "/", **given}


def test_without_the_variable_there_is_no_application(loading: Path) -> None:
    """The import string is for workers of this command."""
    with pytest.raises(serve.LoadError, match="python -m asgi_compat serve"):
        serve.application
    with pytest.raises(AttributeError, match="no attribute 'applicatoin'"):
        serve.applicatoin


def test_one_adapter_and_never_two(loading: Path) -> None:
    """An application that its module has converted already is served as it is."""
    app = to_asgi3(serve.load("web:single", app_dir=str(loading)))
    assert serve.adapt(app) is app


def test_quirks_of_the_command_line() -> None:
    """Literals and words; what is no quirk is said with the nearest name."""
    assert serve.quirks(()) is None
    chosen = serve.quirks(["join_body=True", "placeholder_client=('127.0.0.1', 0)", "receive_keys=both"])
    assert chosen == Quirks(join_body=True, placeholder_client=("127.0.0.1", 0), receive_keys="both")
    for text, says in (
        ("join_body", "NAME=VALUE"),
        ("join_bodies=True", "did you mean join_body?"),
        ("receive_keys=neither", "Quirks.receive_keys is 'either' or 'one' or 'both', not 'neither'"),
        ("join_body=maybe", "Quirks.join_body is True or False, not 'maybe'"),
        ("profile=quart", "there is no such profile; there are channels-2, "),
    ):
        with pytest.raises(serve.UsageError, match=re.escape(says)):
            serve.quirks([text])
    assert serve.quirks(["join_body=true", "defer_start=FALSE", "finish_on_error=none"]) == Quirks(
        join_body=True, defer_start=False
    )


def test_quirks_of_the_command_line_change_the_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the application, or the one that is named; they do not take its place."""
    quart = PROFILES["quart-0.6"].quirks
    assert quart != Quirks()
    assert serve.quirks(["profile=quart-0.6"]) == quart
    assert serve.quirks(["join_body=true", "profile=quart-0.6"]) == replace(quart, join_body=True)

    class Quart:
        def __call__(self, scope: object) -> None: ...

    Quart.__module__ = "quart.app"
    package = types.ModuleType("quart")
    package.__version__ = "0.8.1"  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "quart", package)
    assert serve.quirks(["join_body=true"], Quart()) == replace(quart, join_body=True)
    converted = serve.adapt(Quart(), serve.Options(style="double", quirks=["join_body=true"]))
    assert "placeholder_client" in repr(converted) and "join_body" in repr(converted)


def test_an_asynchronous_factory_leaves_no_coroutine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its coroutine is closed: warnings are errors here."""
    (tmp_path / "later_made.py").write_text("async def create_app(): ...\n")
    monkeypatch.setattr(sys, "path", list(sys.path))
    with pytest.raises(DetectionError, match="asynchronous factory") as caught:
        serve.load("later_made:create_app", app_dir=str(tmp_path), factory=True)
    assert caught.value.reason and caught.value.remedy
    sys.modules.pop("later_made")


@pytest.mark.parametrize(
    "number, said",
    [
        (errno.EACCES, r"may not listen on 127\.0\.0\.1:80: choose a port above 1023"),
        (errno.EADDRINUSE, r"127\.0\.0\.1:80 is already in use"),
        (errno.EADDRNOTAVAIL, r"127\.0\.0\.1 is not an address of this machine"),
        (errno.ENOBUFS, r"cannot bind to 127\.0\.0\.1:80: "),
    ],
)
def test_what_the_system_refuses_is_explained(
    number: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """root may everything, so the refusal is played."""

    class Refusing(socket.socket):
        def bind(self, address: Any) -> None:
            raise OSError(number, os.strerror(number))

    monkeypatch.setattr(socket, "socket", Refusing)
    with pytest.raises(serve.AddressError, match=said):
        serve.check_address("127.0.0.1", 80)


def test_any_free_port_is_a_real_one() -> None:
    """And a taken one is told from it."""
    port = serve.check_address("127.0.0.1", 0)
    assert 0 < port < 65536 and serve.check_address("127.0.0.1", port) == port
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", port))
        listener.listen(1)
        with pytest.raises(serve.AddressError, match="already in use"):
            serve.check_address("127.0.0.1", port)
