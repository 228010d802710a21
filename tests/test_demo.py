"""The built-in demonstration, driven by hand: what each page, each method and each event is answered with."""

from __future__ import annotations

import asyncio
import copy
import json
import re
from html.parser import HTMLParser
from typing import Any, Dict, List, Optional, Tuple

import pytest

from asgi_compat import Style, classify, demo

PAGES = ("/", "/closure", "/partial", "/class")
HTML = (b"accept", b"text/html,application/xhtml+xml;q=0.9")


def http_scope(path: str = "/", **fields: Any) -> Dict[str, Any]:
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"testserver")],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8000),
    }
    return {**scope, **fields}


def drive(scope: Dict[str, Any], events: Optional[List[Dict[str, Any]]] = None) -> List[Dict[str, Any]]:
    """What the demonstration sends, called as a double-callable application is called."""
    waiting, sent = list(events or []), []

    async def receive() -> Dict[str, Any]:
        return waiting.pop(0)

    async def send(message: Dict[str, Any]) -> None:
        sent.append(message)

    async def connection() -> None:
        await demo.application(scope)(receive, send)

    asyncio.run(connection())
    assert not waiting, "it ended before it had received everything"
    return sent


def ask(path: str = "/", **fields: Any) -> Tuple[int, Dict[bytes, bytes], str]:
    start, body = drive(http_scope(path, **fields))
    assert (start["type"], body["type"]) == ("http.response.start", "http.response.body")
    return start["status"], dict(start["headers"]), body["body"].decode()


@pytest.mark.parametrize(
    "app", [demo.application, demo.closure_application, demo.partial_application, demo.ClassApplication]
)
def test_each_is_really_written_in_the_style_of_2018(app: Any) -> None:
    """The adapter has something to do: none of the four is single-callable."""
    assert classify(app).style is Style.DOUBLE


@pytest.mark.parametrize("path", PAGES)
def test_a_browser_gets_a_page(path: str) -> None:
    """It names the style, the scope and its own source, and links to the others."""
    status, headers, page = ask(path, headers=[(b"host", b"testserver"), HTML], query_string=b"a=1")
    assert status == 200 and headers[b"content-type"].startswith(b"text/html")
    assert int(headers[b"content-length"]) == len(page.encode())
    assert "double-callable" in page
    for field in http_scope():
        assert f"<th scope=row>{field}</th>" in page, field
    assert "b&#x27;a=1&#x27;" in page and "127.0.0.1:50000" in page and "version: 3.0" in page
    for other in PAGES:
        assert f'href="{other}"' in page
    assert 'data-path="/echo"' in page


@pytest.mark.parametrize(
    "path, source",
    [
        ("/closure", "async def instance(receive: Receive, send: Send)"),
        ("/partial", "functools.partial(_answer_partial, scope)"),
        ("/class", "async def __call__(self, receive: Receive, send: Send)"),
    ],
)
def test_the_source_shown_is_that_of_the_application(path: str, source: str) -> None:
    """It is read from the file, so it cannot be out of date."""
    assert source in ask(path, headers=[HTML])[2]


class _Loads(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: List[str] = []
        self.addresses: List[str] = []

    def handle_starttag(self, tag: str, attrs: List[Tuple[str, Optional[str]]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "action")]


def test_a_page_loads_nothing_from_elsewhere() -> None:
    """Every address in it is a path of its own, and the policy forbids the rest."""
    _, headers, page = ask(headers=[HTML])
    parsed = _Loads()
    parsed.feed(page)
    assert parsed.addresses and all(re.match(r"/[a-z]*$|data:,$", address) for address in parsed.addresses)
    assert "url(" not in page and "@import" not in page
    assert headers[b"content-security-policy"].startswith(b"default-src 'none'")


@pytest.mark.parametrize(
    "fields",
    [
        {"query_string": b"<script>alert(1)</script>"},
        {"headers": [HTML, (b"x-<script>", b"'\"><script>alert(1)</script>")]},
        {"root_path": '/"><script>alert(1)</script>'},
        {"path": "/<script>alert(1)</script>"},
        {"method": "<script>"},
        {"extensions": {"<script>": {"a": "<script>"}}},
        {"<script>": object},
    ],
)
def test_nothing_from_the_network_becomes_markup(fields: Dict[str, Any]) -> None:
    """The only script element is ours."""
    parsed = _Loads()
    parsed.feed(ask(**{"headers": [HTML], **fields})[2])
    assert parsed.tags.count("script") == 1


@pytest.mark.parametrize("path", PAGES)
def test_curl_gets_text(path: str) -> None:
    """Without text/html in Accept: the style, the scope, the other pages."""
    status, headers, text = ask(path, headers=[(b"accept", b"*/*"), (b"user-agent", b"curl/8")])
    assert status == 200 and headers[b"content-type"] == b"text/plain; charset=utf-8"
    assert (
        "double-callable (ASGI2)" in text
        and "user-agent: curl/8" in text
        and "<" not in text.replace("<b", "")
    )
    assert re.search(r"^method +'GET'$", text, re.M)


def test_a_program_gets_json() -> None:
    """With application/json in Accept: the same facts, byte strings readable."""
    _, headers, body = ask("/class", headers=[(b"Accept", b"application/json")], client=None)
    facts = json.loads(body)
    assert headers[b"content-type"] == b"application/json"
    assert facts["style"] == "double" and facts["page"] == "A class"
    assert facts["scope"]["raw_path"] == "/class" and facts["scope"]["client"] is None
    assert facts["scope"]["headers"] == [["Accept", "application/json"]]


@pytest.mark.parametrize("path", PAGES + ("/nowhere",))
@pytest.mark.parametrize("accept", [b"*/*", b"text/html"])
def test_head_is_get_without_its_body(path: str, accept: bytes) -> None:
    """The headers are those of the GET, the length too."""
    headers = [(b"accept", accept)]
    got = drive(http_scope(path, headers=headers))
    # The page shows its own scope, so that the method is the one difference in length.
    head = drive(http_scope(path, headers=headers, method="HEAD"))
    assert head[1] == {"type": "http.response.body", "body": b""}
    assert head[0]["status"] == got[0]["status"]
    lengths = [int(dict(answer[0]["headers"])[b"content-length"]) for answer in (got, head)]
    assert lengths[0] > 0 and lengths[1] == lengths[0] + len("HEAD") - len("GET")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "get"])
def test_other_methods_are_not_allowed(method: str) -> None:
    """405 names the two that are; an unknown path is unknown whatever the method."""
    status, headers, _ = ask("/class", method=method)
    assert (status, headers[b"allow"]) == (405, b"GET, HEAD")
    assert ask("/nowhere", method=method)[0] == 404


@pytest.mark.parametrize(
    "accept, kind",
    [("*/*", "text/plain"), ("text/html", "text/html"), ("application/json", "application/json")],
)
def test_unknown_paths_are_said_in_the_same_three_ways(accept: str, kind: str) -> None:
    """404, in the form that was asked for, naming what was asked."""
    status, headers, text = ask("/class/x", headers=[(b"accept", accept.encode())])
    assert status == 404 and headers[b"content-type"].decode().startswith(kind) and "/class/x" in text


@pytest.mark.parametrize("path", ["/class", "/pre/class", "/pre/pre/class"])
def test_the_root_path_may_be_in_front_or_not(path: str) -> None:
    """Servers differ in it; the links carry it once."""
    status, _, page = ask(path, root_path="/pre", headers=[HTML])
    assert status == 200 and "<h1>A class</h1>" in page
    assert 'href="/pre/closure"' in page and 'data-path="/pre/echo"' in page


def test_the_root_path_ends_at_a_segment() -> None:
    """/preclass does not lie under /pre."""
    assert ask("/preclass", root_path="/pre")[0] == 404
    assert ask("/pre", root_path="/pre")[0] == 200


@pytest.mark.parametrize("path", ["/echo", "/pre/echo"])
def test_the_echo_gives_back_what_it_gets(path: str) -> None:
    """Text and bytes, empty ones, and with the absent one missing or None."""
    events = [
        {"type": "websocket.connect"},
        {"type": "websocket.receive", "text": "one"},
        {"type": "websocket.receive", "text": "", "bytes": None},
        {"type": "websocket.receive", "bytes": b"\x00two"},
        {"type": "websocket.receive", "bytes": b"", "text": None},
        {"type": "websocket.disconnect", "code": 1000},
    ]
    assert drive({"type": "websocket", "path": path, "root_path": "/pre", "headers": []}, events) == [
        {"type": "websocket.accept"},
        {"type": "websocket.send", "text": "one"},
        {"type": "websocket.send", "text": ""},
        {"type": "websocket.send", "bytes": b"\x00two"},
        {"type": "websocket.send", "bytes": b""},
    ]


def test_a_websocket_elsewhere_is_refused() -> None:
    """Closed before it is accepted, which servers answer with 403."""
    sent = drive({"type": "websocket", "path": "/", "headers": []}, [{"type": "websocket.connect"}])
    assert [message["type"] for message in sent] == ["websocket.close"]


def test_lifespan_is_answered() -> None:
    """Start-up and shutdown, then it ends."""
    sent = drive({"type": "lifespan"}, [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    assert sent == [{"type": "lifespan.startup.complete"}, {"type": "lifespan.shutdown.complete"}]


@pytest.mark.parametrize("path", PAGES + ("/nowhere",))
def test_the_scope_is_left_as_it_was(path: str) -> None:
    """Nothing is written into it."""
    scope = http_scope(path, headers=[HTML])
    before = copy.deepcopy(scope)
    drive(scope)
    assert scope == before


def test_without_source_files_the_page_shows_what_they_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation from bytecode alone has no source to show."""

    def no_source(shown: Any) -> str:
        raise OSError("could not get source code")

    monkeypatch.setattr("inspect.getsource", no_source)
    assert "ClassApplication: The class is the application" in ask("/class", headers=[HTML])[2]
