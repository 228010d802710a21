"""Every example application, in every form, on every server, over real sockets.

Each test starts ``python -m asgi_compat serve examples.<file>:<form> --server <server>``, speaks to it as a
client would, stops it by Ctrl-C, and looks at its exit status and its log. Most of the time of a test is the
start of an interpreter, so the servers of the next tests start while the current one is spoken to.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import json
import socket
import ssl
import struct
import time
import warnings
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Optional, Tuple

import pytest
from live_server import HOST, ROOT, SERVERS, SERVERS_WITH_LIFESPAN, SERVERS_WITH_WORKERS, LiveServer

from asgi_compat import Style, classify

with warnings.catch_warnings():
    # httpx imports h2 where hypercorn has brought it, and h2 4.1, the last one for Python 3.8, compares
    # bytes with text while it is imported, which `python -bb` forbids.
    warnings.simplefilter("ignore", BytesWarning)
    pytest.importorskip("httpcore")
httpx = pytest.importorskip("httpx")
connect = pytest.importorskip("websocket_client").connect
ConnectionClosed = pytest.importorskip("websockets.exceptions").ConnectionClosed

# Reading certifi's certificates takes 30 ms, and a client that is told nothing does so each time.
WITHOUT_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
TIMEOUT = 20.0  # seconds; only a hanging server takes as long
NO_CODE = 1005  # what a WebSocket client reports of a close frame without one
# For a request whose body the application answers without having read it: a server may close such a
# connection (hypercorn does, unannounced), and a client that goes on using it races against that.
UNREAD = {"connection": "close"}
AHEAD = 2  # servers that start while the current one is spoken to


def client(live: LiveServer) -> Any:
    return httpx.Client(base_url=live.url, timeout=TIMEOUT, trust_env=False, verify=WITHOUT_CERTIFICATES)


def until(condition: Callable[[], Any], what: str) -> Any:
    """Return the first true result of ``condition()``; AssertionError when there is none in time."""
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline:
        result = condition()
        if result:
            return result
        time.sleep(0.02)
    raise AssertionError(f"not within {TIMEOUT:.0f} s: {what}")


def in_pieces(*pieces: bytes) -> Iterator[bytes]:
    """A request body that is sent chunked, and slowly enough to arrive as several events."""
    for piece in pieces:
        yield piece
        time.sleep(0.03)


def closed_with(websocket: Any) -> int:
    """Return the code with which the server closes; AssertionError when it sends something instead."""
    try:
        message = websocket.recv(timeout=TIMEOUT)
    except ConnectionClosed as closed:
        assert closed.rcvd is not None, "the connection ended without a close frame"
        code: int = closed.rcvd.code
        return code
    raise AssertionError(f"expected a close, got {message!r}")


def old_granian(live: LiveServer) -> bool:
    """Whether it is granian 1, the last one for Python 3.8.

    It delivers no ``http.disconnect`` before a response, its close frames have no code, and its
    ``receive()`` raises for a WebSocket client who vanishes.
    """
    if live.server != "granian":
        return False
    version: str = importlib.import_module("granian").__version__
    return version.startswith("1.")


# --- the conversations ------------------------------------------------------------------------------


def talk_to_scope_dump(live: LiveServer) -> None:
    with client(live) as http:
        answer = http.get("/some/p%C3%A4th?a=1&b=%20", headers={"X-Colour": "blue"})
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/json"
        scope = answer.json()
        assert scope["type"] == "http"
        assert scope["method"] == "GET"
        assert scope["path"] == "/some/päth"
        assert scope["query_string"] == "b'a=1&b=%20'"
        assert ["b'x-colour'", "b'blue'"] in scope["headers"]
        assert scope["client"][0] == HOST
        head = http.head("/")
        assert head.status_code == 200
        assert int(head.headers["content-length"]) > 100
        assert head.content == b""
    with connect(live.ws_url + "/a/room?x=1") as websocket:
        scope = json.loads(websocket.recv(timeout=TIMEOUT))
        assert scope["type"] == "websocket"
        assert scope["path"] == "/a/room"
        assert scope["query_string"] == "b'x=1'"
        assert closed_with(websocket) == (NO_CODE if old_granian(live) else 1000)


def talk_to_tiny_framework(live: LiveServer) -> None:
    with client(live) as http:
        assert http.get("/").text.startswith("Try /greet/you")
        assert http.get("/").headers["content-type"] == "text/plain; charset=utf-8"
        assert http.get("/greet/Ada").json() == {"message": "Hello, Ada!"}
        assert http.get("/greet/J%C3%BCrgen?greeting=Moin").json() == {"message": "Moin, Jürgen!"}
        assert http.post("/sum", json={"numbers": [1, 2, 3]}).json() == {"sum": 6}
        slowly = http.post("/sum", content=in_pieces(b'{"numb', b'ers": [4', b", 5]}"))
        assert (slowly.status_code, slowly.json()) == (200, {"sum": 9})
        for wrong in (b"{", b"[]", b'{"numbers": 1}', b'{"numbers": ["a"]}', b"\xff"):
            assert http.post("/sum", content=wrong).status_code == 400
        assert http.get("/nothing").status_code == 404
        refused = http.get("/sum")
        assert (refused.status_code, refused.headers["allow"]) == (405, "POST")
        assert http.delete("/greet/Ada").headers["allow"] == "GET, HEAD"
        head = http.head("/greet/Ada")
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == str(len(json.dumps({"message": "Hello, Ada!"})))


def talk_to_tasks(live: LiveServer) -> None:
    opened_by = "lifespan" if live.server in SERVERS_WITH_LIFESPAN else "first request"
    with client(live) as http:
        assert http.get("/tasks").json() == {"opened_by": opened_by, "tasks": []}
        created = http.post("/tasks", json={"title": "Write"})
        assert created.status_code == 201
        assert created.headers["location"] == "/tasks/1"
        assert created.json() == {"id": 1, "title": "Write", "done": False}
        slowly = http.post(
            "/tasks",
            content=in_pieces(b'{"title": "R\xc3', b'\xa4d", ', b'"done": true}'),
            headers={"content-type": "application/json; charset=utf-8"},
        )
        assert (slowly.status_code, slowly.headers["location"]) == (201, "/tasks/2")
        assert http.get("/tasks/2").json() == {"id": 2, "title": "Räd", "done": True}
        changed = http.patch("/tasks/1", json={"done": True})
        assert (changed.status_code, changed.json()["done"]) == (200, True)
        assert http.get("/tasks/1").json() == {"id": 1, "title": "Write", "done": True}
        head = http.head("/tasks/1")
        assert (head.status_code, head.content) == (200, b"")
        assert int(head.headers["content-length"]) == len(http.get("/tasks/1").content)
        refused_tasks(http)
        gone = http.delete("/tasks/1")
        assert (gone.status_code, gone.content) == (204, b"")
        assert "content-type" not in gone.headers
        for method in ("GET", "PATCH", "DELETE"):
            assert http.request(method, "/tasks/1", json={}, headers=UNREAD).status_code == 404
        assert [task["id"] for task in http.get("/tasks").json()["tasks"]] == [2]


def refused_tasks(http: Any) -> None:
    """The answers that need no task and leave none."""
    as_json = {"content-type": "application/json"}
    for wrong in (b"", b"{", b"[]", b'{"title": 1}', b'{"title": ""}', b'{"colour": "red"}', b"{}", b"\xff"):
        answer = http.post("/tasks", content=wrong, headers=as_json)
        assert answer.status_code == 400, wrong
        assert answer.json()["error"], wrong
    assert http.post("/tasks", content=b"title=Write", headers=UNREAD).status_code == 415
    as_text = {"content-type": "text/plain", **UNREAD}
    assert http.post("/tasks", content=b"{}", headers=as_text).status_code == 415
    assert http.get("/tasks/99").status_code == 404
    assert http.get("/nothing").status_code == 404
    refused = http.put("/tasks", content=b"{}", headers=UNREAD)
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, POST")
    large = json.dumps({"title": "x" * 70_000}).encode()
    assert http.post("/tasks", content=large, headers={**as_json, **UNREAD}).status_code == 413


def after_tasks(live: LiveServer) -> None:
    if live.server in SERVERS_WITH_LIFESPAN:
        assert live.log.count("tasks: store opened by lifespan") == (live.workers or 1)
        assert live.log.count("tasks: store closed with") == (live.workers or 1)
    else:
        assert live.log.count("tasks: store opened by first request") == 1


def talk_to_two_task_workers(live: LiveServer) -> None:
    # Each has a store of its own, so this also shows that there are two.
    until(lambda: live.log.count("tasks: store opened by lifespan") == 2, "two workers with a store each")
    with client(live) as http:
        refused_tasks(http)
        assert http.get("/tasks").json() == {"opened_by": "lifespan", "tasks": []}


def talk_to_streaming(live: LiveServer) -> None:
    with client(live) as http:
        arrivals: List[Tuple[str, float]] = []
        with http.stream("GET", "/") as answer:
            assert answer.status_code == 200
            assert "content-length" not in answer.headers
            for line in answer.iter_lines():
                arrivals.append((line.strip(), time.monotonic()))
        assert [line for line, _ in arrivals] == [f"line {number} of 5" for number in range(1, 6)]
        # Four pauses of 0.2 s lie between the first and the last. Had somebody collected the pieces,
        # they would all have come at once.
        assert arrivals[-1][1] - arrivals[0][1] > 0.4
        head = http.head("/")
        assert (head.status_code, head.content) == (200, b"")


def talk_to_until_disconnect(live: LiveServer) -> None:
    with client(live) as http:

        def status() -> Dict[str, int]:
            answer: Dict[str, int] = http.get("/status").json()
            return answer

        assert http.get("/work/2").json() == {"result": 2}
        assert status() == {"running": 0, "finished": 1, "stopped": 0, "steps": 2}
        if old_granian(live):
            return
        # One hangs up, the other pulls the plug (a reset instead of an orderly end).
        for number, abruptly in enumerate((False, True), start=1):
            with closing(socket.create_connection((HOST, live.port), timeout=TIMEOUT)) as vanishing:
                vanishing.sendall(b"GET /work/600 HTTP/1.1\r\nHost: example\r\n\r\n")
                until(lambda: status()["running"] == 1, "the work has begun")
                if abruptly:
                    vanishing.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            until(lambda number=number: status()["stopped"] == number, f"the work has stopped ({abruptly=})")
            before = status()
            assert before["running"] == 0
            time.sleep(0.25)
            assert status() == before, "the work goes on"
        assert before["finished"] == 1
        assert before["steps"] < 300
        assert http.get("/work/1").json() == {"result": 1}
        assert http.get("/").status_code == 404


def talk_to_two_until_disconnect(live: LiveServer) -> None:
    with client(live) as http:
        assert http.get("/work/1").json() == {"result": 1}
        assert http.head("/status").status_code == 200


def talk_to_query_params(live: LiveServer) -> None:
    with client(live) as http:
        assert http.get("/").json() == {"name": "", "tags": [], "limit": 10, "verbose": False}
        assert http.get("/?name=J%C3%BCrgen+M&tag=a&tag=b%26c&tag=&limit=3&verbose").json() == {
            "name": "Jürgen M",
            "tags": ["a", "b&c", ""],
            "limit": 3,
            "verbose": True,
        }
        for wrong in ("limit=many", "limit=-1", "limit=", "limit=10000", "&".join(["a=1"] * 101)):
            assert http.get("/?" + wrong).status_code == 400, wrong
        head = http.head("/?limit=3")
        assert (head.status_code, head.content) == (200, b"")


BIG = bytes(range(256)) * 1200  # five pieces of 64 KiB, the last one not full


def make_static_folder(parent: Path) -> Dict[str, str]:
    folder = parent / "static"
    (folder / "sub").mkdir(parents=True)
    (folder / "page.html").write_text("<p>Grüße</p>", encoding="utf-8")
    (folder / "sub" / "big.bin").write_bytes(BIG)
    (folder / "empty.txt").write_bytes(b"")
    (parent / "secret.txt").write_text("secret")
    (parent / "static-secret").mkdir()
    (parent / "static-secret" / "secret.txt").write_text("secret")
    (folder / "link.txt").symlink_to(parent / "secret.txt")
    return {"STATIC_FOLDER": str(folder)}


def talk_to_static_files(live: LiveServer) -> None:
    with client(live) as http:
        page = http.get("/static/page.html")
        assert (page.status_code, page.text) == (200, "<p>Grüße</p>")
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert page.headers["content-length"] == str(len(page.content))
        big = http.get("/static/sub/big.bin")
        assert big.content == BIG
        assert big.headers["content-type"] == "application/octet-stream"
        head = http.head("/static/sub/big.bin")
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == str(len(BIG))
        assert http.get("/static/empty.txt").content == b""
        known = http.get("/static/page.html", headers={"If-None-Match": '"other", ' + page.headers["etag"]})
        assert (known.status_code, known.content) == (304, b"")
        assert known.headers["etag"] == page.headers["etag"]
        changed = http.get("/static/page.html", headers={"If-None-Match": '"other"'})
        assert changed.status_code == 200
        for absent in ("/", "/page.html", "/static/", "/static/sub", "/static/nothing", "/staticpage.html"):
            assert http.get(absent).status_code == 404, absent
        refused = http.post("/static/page.html")
        assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")
    for outside in (
        "/static/../secret.txt",
        "/static/%2e%2e/secret.txt",
        "/static/..%2fsecret.txt",
        "/static/sub/../../secret.txt",
        "/static/../static-secret/secret.txt",
        "/static/link.txt",
        f"/static/{live.environment['STATIC_FOLDER']}/../secret.txt",
        f"/static/{live.environment['STATIC_FOLDER']}/page.html",
        "/static//etc/hostname",
        "/static/page.html%00",
    ):
        # httpx would tidy the path up before it sends it.
        with closing(HTTPConnection(HOST, live.port, timeout=TIMEOUT)) as raw:
            raw.request("GET", outside)
            answer = raw.getresponse()
            assert answer.status in (400, 404), outside
            assert b"secret" not in answer.read(), outside


def talk_to_chat(live: LiveServer) -> None:
    def enter(name: str, **options: Any) -> Any:
        return connect(f"{live.ws_url}/?name={name}", **options)

    def hears(websocket: Any) -> Any:
        return json.loads(websocket.recv(timeout=TIMEOUT))

    with client(live) as http:
        assert "new WebSocket" in http.get("/").text
        assert http.head("/").content == b""
    with enter("Ada") as ada:
        assert hears(ada) == {"joined": "Ada", "here": ["Ada"]}
        with enter("J%C3%BCrgen") as juergen:
            for one in (ada, juergen):
                assert hears(one) == {"joined": "Jürgen", "here": ["Ada", "Jürgen"]}
            ada.send("Hello, wörld")
            juergen.send("Moin")
            # Two connections have no order between them; everybody hears the same one, though.
            said = [hears(ada), hears(ada)]
            assert [hears(juergen), hears(juergen)] == said
            assert {"name": "Ada", "text": "Hello, wörld"} in said
            assert {"name": "Jürgen", "text": "Moin"} in said
        assert hears(ada) == {"left": "Jürgen"}
        with enter("Eve") as eve:
            assert hears(ada) == hears(eve) == {"joined": "Eve", "here": ["Ada", "Eve"]}
            eve.send(b"\x00binary")
            # Eve has left before she is closed, so she hears nothing of it.
            assert closed_with(eve) == (NO_CODE if old_granian(live) else 4000)
        assert hears(ada) == {"left": "Eve"}
        if old_granian(live):
            return
        # The client would wait ten seconds for the answer to its close (websockets 13, on Python 3.8).
        with enter("Bob", close_timeout=0.1) as bob:
            assert hears(ada) == {"joined": "Bob", "here": ["Ada", "Bob"]}
            bob.socket.shutdown(socket.SHUT_RDWR)  # no close frame, nothing
        assert hears(ada) == {"left": "Bob"}
        ada.send("Alone again")
        assert hears(ada) == {"name": "Ada", "text": "Alone again"}


def talk_to_two_chats(live: LiveServer) -> None:
    for _ in range(4):
        with connect(f"{live.ws_url}/?name=Ada") as ada:
            assert json.loads(ada.recv(timeout=TIMEOUT))["joined"] == "Ada"
            ada.send("Hello")
            said = json.loads(ada.recv(timeout=TIMEOUT))
            while "left" in said:  # the one before, if it was the same worker
                said = json.loads(ada.recv(timeout=TIMEOUT))
            assert said == {"name": "Ada", "text": "Hello"}


def talk_to_starlette_response(live: LiveServer) -> None:
    form = str(live.application).rpartition(":")[2].replace("asgi2_", "")
    with client(live) as http:
        answer = http.get("/?name=J%C3%BCrgen")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/json"
        assert answer.json() == {"form": form, "method": "GET", "name": "Jürgen"}
        assert http.post("/", content=b"x").json() == {"form": form, "method": "POST", "name": None}


def talk_to_bareasgi_app(live: LiveServer) -> None:
    started_by = "lifespan" if live.server in SERVERS_WITH_LIFESPAN else "nobody"
    with client(live) as http:
        assert http.get("/").json() == {"started_by": started_by}
        assert http.get("/greet/Ada").json() == {"message": "Hello, Ada!"}
        assert http.post("/echo", json={"a": ["ü"]}).json() == {"a": ["ü"]}
        assert http.post("/echo", content=in_pieces(b'{"b"', b": 2}")).json() == {"b": 2}
        assert http.post("/echo", content=b"{").status_code == 400
        assert http.get("/nothing").status_code == 404
    with connect(live.ws_url + "/echo") as websocket:
        for message in ("Hello, wörld", b"\x00\xff"):
            websocket.send(message)
            assert websocket.recv(timeout=TIMEOUT) == message


# --- the table --------------------------------------------------------------------------------------


class Example(NamedTuple):
    """A file of ``examples``: its forms, what is said to it, and what else it needs."""

    file: str
    forms: Tuple[str, ...]
    talk: Callable[[LiveServer], None]
    #: With two workers, a client may speak to another one each time. None: the same conversation.
    talk_to_two: Optional[Callable[[LiveServer], None]] = None
    #: What must be true of the log after the end.
    after: Optional[Callable[[LiveServer], None]] = None
    #: Makes files in an empty folder and returns the environment that names them.
    prepare: Optional[Callable[[Path], Dict[str, str]]] = None
    package: Optional[str] = None


BOTH = ("asgi2", "asgi3")
EXAMPLES = [
    Example("scope_dump", BOTH, talk_to_scope_dump),
    Example("tiny_framework", BOTH, talk_to_tiny_framework),
    Example("tasks", BOTH, talk_to_tasks, talk_to_two_task_workers, after_tasks),
    Example("streaming", BOTH, talk_to_streaming),
    Example("until_disconnect", BOTH, talk_to_until_disconnect, talk_to_two_until_disconnect),
    Example("query_params", BOTH, talk_to_query_params),
    Example("static_files", BOTH, talk_to_static_files, prepare=make_static_folder),
    Example("chat", BOTH, talk_to_chat, talk_to_two_chats),
    Example(
        "starlette_response",
        ("asgi2_returned", "asgi2_closure", "asgi2_partial", "asgi2_class", "asgi3"),
        talk_to_starlette_response,
        package="starlette",
    ),
    Example("bareasgi_app", ("asgi3",), talk_to_bareasgi_app, package="bareasgi"),
]


class Case(NamedTuple):
    """One start of one server."""

    example: Example
    form: str
    server: str
    workers: Optional[int] = None

    @property
    def id(self) -> str:
        return f"{self.example.file}:{self.form}-{self.server}" + (f"x{self.workers}" if self.workers else "")


CASES = [Case(example, form, server) for example in EXAMPLES for form in example.forms for server in SERVERS]
CASES_WITH_WORKERS = [
    Case(example, example.forms[0], server, 2) for example in EXAMPLES for server in SERVERS_WITH_WORKERS
]


class Fleet:
    """Starts the server of a test, and those of the tests after it."""

    def __init__(self, cases: List[Case], folders: Any) -> None:
        self.cases = [case for case in cases if not missing(case)]
        self.folders = folders
        self.started: Dict[Case, LiveServer] = {}

    def take(self, case: Case) -> LiveServer:
        place = self.cases.index(case)
        for coming in self.cases[place : place + 1 + AHEAD]:
            if coming not in self.started:
                self.started[coming] = self.start(coming)
        live = self.started[case]
        live.wait()
        return live

    def start(self, case: Case) -> LiveServer:
        environment = {}
        if case.example.prepare is not None:
            environment = case.example.prepare(self.folders.mktemp(case.example.file))
        live = LiveServer(
            f"examples.{case.example.file}:{case.form}",
            case.server,
            workers=case.workers,
            environment=environment,
        )
        live.start()
        return live


def missing(case: Case) -> Optional[str]:
    """Return the name of a package that the case needs and that is not installed."""
    for package in (case.server, case.example.package):
        if package is not None and importlib.util.find_spec(package) is None:
            return package
    return None


@pytest.fixture(scope="module")
def fleet(request: Any, tmp_path_factory: Any) -> Iterator[Fleet]:
    cases = [
        item.callspec.params["case"]
        for item in request.session.items
        if item.path == request.node.path and "live" in getattr(item, "fixturenames", ())
    ]
    fleet = Fleet(cases, tmp_path_factory)
    yield fleet
    for live in fleet.started.values():
        live.discard()


@pytest.fixture
def live(case: Case, fleet: Fleet) -> Iterator[LiveServer]:
    package = missing(case)
    if package:
        pytest.skip(f"needs {package}")
    live = fleet.take(case)
    with live:
        yield live
        print(live.log)  # pytest shows it when the test has failed
    if case.example.after is not None:
        case.example.after(live)


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_example(case: Case, live: LiveServer) -> None:
    case.example.talk(live)


@pytest.mark.parametrize("case", CASES_WITH_WORKERS, ids=[case.id for case in CASES_WITH_WORKERS])
def test_example_with_two_workers(case: Case, live: LiveServer) -> None:
    (case.example.talk_to_two or case.example.talk)(live)


# --- the table is complete --------------------------------------------------------------------------


def test_every_example_is_tested() -> None:
    found = {path.stem for path in (ROOT / "examples").glob("*.py")} - {"__init__"}
    assert found == {example.file for example in EXAMPLES}


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.file for example in EXAMPLES])
def test_every_form_is_tested_and_described(example: Example) -> None:
    source = (ROOT / "examples" / f"{example.file}.py").read_text(encoding="utf-8")
    tree = ast.parse(source)
    names = []
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.append(node.name)
        elif isinstance(node, ast.Assign):
            names += [target.id for target in node.targets if isinstance(target, ast.Name)]
    assert tuple(sorted(name for name in names if name.startswith("asgi"))) == tuple(sorted(example.forms))
    told = ast.get_docstring(tree) or ""
    commands = [f"python -m asgi_compat serve examples.{example.file}:{form}" for form in example.forms]
    for command in commands:
        assert command in [line.strip() for line in told.splitlines()]
    readme = (ROOT / "examples" / "README.md").read_text(encoding="utf-8").splitlines()
    (row,) = [line for line in readme if line.startswith(f"| [{example.file}.py]({example.file}.py) |")]
    _, _, _, styles, command, _ = row.split("|")
    assert [name.strip(" `") for name in styles.split(",")] == list(example.forms)
    assert command.strip(" `") in commands


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.file for example in EXAMPLES])
def test_forms_are_what_their_names_say(example: Example) -> None:
    if example.package is not None:
        pytest.importorskip(example.package)
    module = importlib.import_module(f"examples.{example.file}")
    for form in example.forms:
        wanted = Style.DOUBLE if form.startswith("asgi2") else Style.SINGLE
        assert classify(getattr(module, form)).style is wanted, form
