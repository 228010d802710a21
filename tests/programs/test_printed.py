"""Programs as they were printed in 2017 to 2020, behind uvicorn and the library, on real sockets.

`PROGRAMS` says for each what it is served with, and holds a conversation with it. The ones that need an
option are served without it too, and fail then, with the remedy on the log.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any, Callable, Dict, NamedTuple, Tuple

import pytest

from asgi_compat import Quirks, middleware_to_asgi3, to_asgi3

httpx = pytest.importorskip("httpx")
connect = pytest.importorskip("websocket_client").connect
serving = pytest.importorskip("programs.serving").serving

TIMEOUT = 20.0
RESPONSES = Quirks(response_scope=True)


class Program(NamedTuple):
    """How a program is served, what it needs besides, and how it is spoken to."""

    talk: Callable[[Any], None]
    options: Dict[str, Any] = {}  # noqa: RUF012 (nothing changes it)
    #: What the log says when it is served without the options; "" for a program that needs none.
    remedy: str = ""
    needs: Tuple[str, ...] = ()


def get(server: Any, path: str = "/", **options: Any) -> Any:
    return httpx.get(server.url + path, timeout=TIMEOUT, trust_env=False, **options)


def says(text: str, path: str = "/", **headers: str) -> Callable[[Any], None]:
    """A conversation of one request, whose answer is this text."""

    def talk(server: Any) -> None:
        answer = get(server, path)
        assert (answer.status_code, answer.text) == (200, text)
        for name, value in headers.items():
            assert answer.headers[name.replace("_", "-")] == value

    return talk


def echoes(expected: str, path: str = "/") -> Callable[[Any], None]:
    """A conversation of one request whose body is sent in two pieces."""

    def talk(server: Any) -> None:
        body = iter([b"one ", b"two"])
        answer = httpx.post(server.url + path, content=body, timeout=TIMEOUT, trust_env=False)
        assert (answer.status_code, answer.text) == (200, expected)

    return talk


def talk_to_closure(server: Any) -> None:
    echoes('{"body":"one two"}')(server)
    answer = get(server, "/nothing")
    assert (answer.status_code, answer.json()) == (404, {"error": "not found"})


def talk_to_file(server: Any) -> None:
    assert get(server).text.startswith('"""File responses and redirects')
    answer = get(server, "/x")
    assert (answer.status_code, answer.headers["location"]) == (307, "/")


def talk_to_middleware(server: Any) -> None:
    answer = get(server, headers={"origin": "http://example.org", "accept-encoding": "gzip"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.text == "Hello, world! " * 100


def talk_to_mount(server: Any) -> None:
    answer = get(server)
    assert (answer.json(), answer.headers["x-timing"]) == ({"hello": "world"}, "0")
    assert get(server, "/old/here").text == "old /here"


def talk_to_fastapi(server: Any) -> None:
    assert get(server, "/app").json() == {"message": "Hello World from main app"}
    assert get(server, "/subapi/").text == "Hello World from sub API"


def talk_to_timing(server: Any) -> None:
    assert [get(server).text for _ in range(2)] == ["0 timed", "1 timed"]


def talk_to_sentry(server: Any) -> None:
    assert get(server).json() == []
    assert get(server, "/fail").status_code == 500
    assert get(server).json() == ["KeyError"]


def talk_to_dispatcher(server: Any) -> None:
    assert [get(server, path).text for path in ("/old", "/new")] == ["old", "new"]


def talk_to_echo(server: Any) -> None:
    with connect(server.ws_url + "/") as websocket:
        websocket.send("hello")
        assert websocket.recv(timeout=TIMEOUT) == "hello"


def talk_to_websocket(server: Any) -> None:
    with connect(server.ws_url + "/") as websocket:
        websocket.send("hello")
        assert websocket.recv(timeout=TIMEOUT) == "Message text was: hello"


def talk_to_channels(server: Any) -> None:
    assert get(server).text == "Your response bytes"
    with connect(server.ws_url + "/ws/chat/lobby/?Ada") as websocket:
        websocket.send("hello")
        assert websocket.recv(timeout=TIMEOUT) == "lobby Ada: hello"
    with connect(server.ws_url + "/ws/echo/") as websocket:
        websocket.send("echo")
        assert websocket.recv(timeout=TIMEOUT) == "echo"


def talk_to_dispatch(server: Any) -> None:
    assert get(server, "/x").text == "site /x"
    with connect(server.ws_url + "/") as websocket:
        assert websocket.recv(timeout=TIMEOUT) == "chat"


def talk_to_mixed(server: Any) -> None:
    assert get(server).text == "http of 2018"
    with connect(server.ws_url + "/r/lobby/") as websocket:
        assert websocket.recv(timeout=TIMEOUT) == "lobby"


def talk_to_token(server: Any) -> None:
    with connect(server.ws_url + "/", additional_headers={"Authorization": "abc"}) as websocket:
        assert json.loads(websocket.recv(timeout=TIMEOUT)) == {"user": "Ada"}


def talk_to_consumers(server: Any) -> None:
    for path, expected in (
        ("/name/?Ada", "hello Ada"),
        ("/room/lobby/", "room lobby"),
        ("/bye/", "bye"),
        ("/inside/name/?Bob", "hello Bob"),
    ):
        with connect(server.ws_url + path) as websocket:
            assert websocket.recv(timeout=TIMEOUT) == expected


REWIRED = {"rewire": True}
SCOPED = {"quirks": RESPONSES}
CALL = "response_scope"
STARLETTE = ("starlette",)
CHANNELS = ("channels", "django")

PROGRAMS: Dict[str, Program] = {
    "uvicorn_readme": Program(says("Hello, world!", content_type="text/plain")),
    "uvicorn_first_docs": Program(says("Hello, world!", content_type="text/plain")),
    "uvicorn_body": Program(echoes("one two")),
    "uvicorn_streaming": Program(says("Hello, world!")),
    "article_http": Program(echoes("one two")),
    "article_requests": Program(echoes('{"query": {"a": "b"}, "body": "one two"}', "/?a=b")),
    "article_starlette": Program(echoes('{"method":"POST","body":"one two"}'), needs=STARLETTE),
    "article_middleware": Program(echoes("one two")),
    "article_content": Program(echoes("one two")),
    "draft_content": Program(echoes("one two")),
    "draft_2017": Program(says("Hello from 2017", content_type="text/plain")),
    "lifespan_2018": Program(says("started")),
    "own_events": Program(says("looped")),
    "websocket_echo": Program(talk_to_echo),
    "starlette_readme": Program(says("Hello, world!"), SCOPED, CALL, STARLETTE),
    "starlette_request": Program(echoes("POST /x one two", "/x"), SCOPED, CALL, STARLETTE),
    "starlette_json": Program(echoes("<b>one two</b>"), {"quirks": "articles-2018"}, CALL, STARLETTE),
    "starlette_streaming": Program(
        says("<html><body><ul><li>1</li><li>2</li><li>3</li></ul></body></html>"), SCOPED, CALL, STARLETTE
    ),
    "starlette_file": Program(talk_to_file, SCOPED, CALL, STARLETTE),
    "starlette_closure": Program(talk_to_closure, SCOPED, CALL, STARLETTE),
    "starlette_websocket": Program(talk_to_websocket, needs=STARLETTE),
    "starlette_middleware": Program(
        talk_to_middleware, {**SCOPED, **REWIRED}, "GZipMiddleware.app is called with", STARLETTE
    ),
    "starlette_dispatch": Program(
        talk_to_dispatch, REWIRED, "write guarantee_double_callable(site)(scope)", STARLETTE
    ),
    "starlette_lifespan": Program(
        says("connected"), REWIRED, "write middleware_to_asgi3(LifespanMiddleware)(Starlette)", STARLETTE
    ),
    "starlette_mount": Program(talk_to_mount, REWIRED, "write to_asgi3(Old)", STARLETTE),
    "fastapi_mount": Program(talk_to_fastapi, REWIRED, "write to_asgi3(subapi)", ("fastapi",)),
    "fastapi_response": Program(says("<p>/x</p>", "/x"), SCOPED, CALL, ("fastapi",)),
    "fastapi_add_middleware": Program(
        says('{"database":"connected"}'), REWIRED, "middleware_to_asgi3(DatabaseMiddleware)", ("fastapi",)
    ),
    "timing_asgi": Program(
        talk_to_timing, REWIRED, "write middleware_to_asgi3(TimingMiddleware)(Starlette)", STARLETTE
    ),
    "sentry_asgi": Program(
        talk_to_sentry, REWIRED, "write middleware_to_asgi3(SentryMiddleware)(FastAPI)", ("fastapi",)
    ),
    "cors_middleware": Program(
        says("current", access_control_allow_origin="*"), REWIRED, "middleware_to_asgi3(CORSMiddleware)"
    ),
    "half_migrated": Program(says("Ada"), REWIRED),
    "hypercorn_dispatcher": Program(talk_to_dispatcher, REWIRED, "mounts['/new'] is called with the scope"),
    "channels_routing": Program(talk_to_channels, REWIRED, "write ChatConsumer.as_asgi()", CHANNELS),
    "channels_mixed": Program(talk_to_mixed, REWIRED, "write to_asgi3(Http)", CHANNELS),
    "channels_init": Program(talk_to_consumers, REWIRED, "write to_asgi3(NameConsumer)", CHANNELS),
    "channels_query": Program(
        talk_to_token, REWIRED, "write middleware_to_asgi3(TokenAuthMiddleware)(URLRouter)", CHANNELS
    ),
    "channels_token": Program(talk_to_token, REWIRED, "write Consumer.as_asgi()", CHANNELS),
}  # fmt: skip


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Any]:
    """Import a program anew, as a server would with its import string."""

    def load_program(name: str) -> Any:
        for package in PROGRAMS[name].needs:
            pytest.importorskip(package)
        if "django" in PROGRAMS[name].needs:
            set_up_django(tmp_path_factory)
        module = f"programs.printed.{name}"
        monkeypatch.delitem(sys.modules, module, raising=False)
        names = vars(importlib.import_module(module))
        return next(names[each] for each in ("app", "application", "App") if each in names)

    return load_program


def set_up_django(folders: pytest.TempPathFactory) -> None:
    """Configure what Channels asks Django for: an empty database, no applications."""
    from django.conf import settings

    if not settings.configured:
        # A database in memory is never closed.
        path = str(folders.mktemp("database") / "empty")
        databases = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": path}}
        settings.configure(SECRET_KEY="only for tests", INSTALLED_APPS=[], DATABASES=databases)
        importlib.import_module("django").setup()


def test_every_printed_program_is_served() -> None:
    printed = Path(__file__).parent / "printed"
    assert sorted(path.stem for path in printed.glob("[a-z]*.py")) == sorted(PROGRAMS)


@pytest.mark.parametrize("name", PROGRAMS)
def test_printed_program_answers_as_it_did(name: str, load: Callable[[str], Any]) -> None:
    program = PROGRAMS[name]
    with serving(to_asgi3(load(name), **program.options)) as server:
        program.talk(server)


@pytest.mark.parametrize("name", [name for name, program in PROGRAMS.items() if program.remedy])
def test_printed_program_without_its_option_has_the_remedy_on_the_log(
    name: str, load: Callable[[str], Any], caplog: pytest.LogCaptureFixture
) -> None:
    program = PROGRAMS[name]
    app = to_asgi3(load(name))
    lines = [record.getMessage() for record in caplog.records]
    with serving(app) as server:
        with pytest.raises(Exception):  # noqa: B017 (each conversation fails in its own way)
            program.talk(server)
        lines += server.log
    assert program.remedy in "\n".join(lines)


@pytest.mark.parametrize("quirks", [None, Quirks()], ids=["by itself", "without a thread"])
def test_middleware_that_queries_the_database_gets_a_thread_by_itself(
    quirks: Any, load: Callable[[str], Any]
) -> None:
    """Django 3 and later refuses the query on the event loop."""
    load("channels_query")
    from channels.routing import URLRouter
    from django.urls import path

    from programs.printed.channels_query import Consumer, TokenAuthMiddleware

    routes = URLRouter([path("", Consumer.as_asgi())])
    with serving(middleware_to_asgi3(TokenAuthMiddleware, quirks=quirks)(routes)) as server:
        if quirks is None:
            talk_to_token(server)
            return
        with pytest.raises(Exception, match="HTTP 500"):
            talk_to_token(server)
        assert "Exception in ASGI application" in "\n".join(server.log)
