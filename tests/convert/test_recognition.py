"""Which server a connection comes from, and which rules it is spared."""

from __future__ import annotations

import asyncio
from typing import Any, Dict, List, Tuple

import pytest

from asgi_compat import Quirks, to_asgi3
from asgi_compat._convert import recognition

UVICORN = ("uvicorn.protocols.http.h11_impl", "RequestResponseCycle")


def old(scope: Any) -> Any:
    """Answer with an empty response, and keep the scope."""

    async def instance(receive: Any, send: Any) -> None:
        SEEN.append(scope)
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    return instance


SEEN: List[Any] = []


def scope_of(**fields: Any) -> Dict[str, Any]:
    """Return a scope as uvicorn gives it, with these fields."""
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 50000),
        "scheme": "http",
        "method": "GET",
        "root_path": "",
        "path": "/",
        "raw_path": b"/",
        "query_string": b"",
        "headers": [(b"host", b"a")],
        "state": {},
        **fields,
    }


class Cycle:
    """The object that a server's receive and send are methods of."""

    def __init__(self, scope: Any) -> None:
        self.scope = scope

    async def receive(self) -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(self, event: Any) -> None:
        pass


def cycle_class(module: str, name: str) -> Any:
    """Return a class that is read as a server's own."""
    return type(name, (Cycle,), {"__module__": module, "__qualname__": name})


@pytest.fixture
def version(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that sets the version which every server is said to have."""

    def set_version(*numbers: int) -> None:
        monkeypatch.setattr(recognition, "installed_version", lambda package, distribution: numbers)

    return set_version


def run(app: Any, owner: Any, scope: Any) -> Any:
    """Serve one connection of ``owner`` and return the scope that the application got."""
    del SEEN[:]
    asyncio.run(app(scope, owner.receive, owner.send))
    return SEEN[0]


def row_of(app: Any, owner: Any, scope: Any) -> str:
    """Return the name of the row that a connection gets."""
    return str(app.compiled.hosts.find(scope, owner.receive, owner.send).name)


def test_find_known_class_of_proved_version_returns_row(version: Any) -> None:
    version(0, 54, 0)
    scope = scope_of()
    assert row_of(to_asgi3(old), cycle_class(*UVICORN)(scope), scope) == "uvicorn"


@pytest.mark.parametrize("numbers", [(0, 53, 9), (0, 55), (1, 0)])
def test_find_version_that_was_not_proved_returns_unknown(version: Any, numbers: Tuple[int, ...]) -> None:
    version(*numbers)
    scope = scope_of()
    assert row_of(to_asgi3(old), cycle_class(*UVICORN)(scope), scope) == ""


def test_find_other_class_or_function_returns_unknown(version: Any) -> None:
    version(0, 54, 0)
    scope, app = scope_of(), to_asgi3(old)
    assert row_of(app, cycle_class("test_client", "RequestResponseCycle")(scope), scope) == ""
    assert row_of(app, type("Subclass", (cycle_class(*UVICORN),), {})(scope), scope) == ""

    async def receive() -> Any:
        return {}

    assert app.compiled.hosts.find(scope, receive, receive).name == ""  # type: ignore[attr-defined]


def test_find_scope_that_is_not_the_servers_own_returns_unknown(version: Any) -> None:
    version(0, 54, 0)
    own = scope_of()
    assert row_of(to_asgi3(old), cycle_class(*UVICORN)(own), dict(own)) == ""


def test_serve_scope_that_was_replaced_gets_every_rule(version: Any) -> None:
    version(0, 54, 0)
    app, owner = to_asgi3(old), cycle_class(*UVICORN)(scope_of())
    run(app, owner, owner.scope)  # the class is known from here on
    assert run(app, owner, scope_of(client=("a", "80")))["client"] == ("a", 80)


def test_serve_known_server_gives_each_connection_its_own_asgi(version: Any) -> None:
    version(0, 54, 0)
    app, cls, given = to_asgi3(old), cycle_class(*UVICORN), []
    for _ in range(3):
        owner = cls(scope_of())
        given.append(run(app, owner, owner.scope)["asgi"])
        assert owner.scope["asgi"] == {"version": "3.0", "spec_version": "2.3"}
    assert given == [{"version": "2.0", "spec_version": "2.1"}] * 3
    assert len({id(asgi) for asgi in given}) == 3


def test_serve_known_server_takes_root_path_off(version: Any) -> None:
    version(0, 54, 0)
    app, cls = to_asgi3(old), cycle_class(*UVICORN)
    for root, path, left in (("", "/x", "/x"), ("/shop", "/shop/x", "/x"), ("", "/shop/x", "/shop/x")):
        owner = cls(scope_of(root_path=root, path=path, raw_path=path.encode()))
        got = run(app, owner, owner.scope)
        assert (got["path"], got["raw_path"]) == (left, left.encode())


def test_serve_known_server_keeps_a_quirk(version: Any) -> None:
    version(0, 54, 0)
    app = to_asgi3(old, quirks=Quirks(placeholder_client=("10.0.0.1", 7)))
    for _ in range(2):
        owner = cycle_class(*UVICORN)(scope_of(client=None))
        assert run(app, owner, owner.scope)["client"] == ("10.0.0.1", 7)


def test_hosts_remember_a_bounded_number_of_classes(version: Any) -> None:
    version(0, 54, 0)
    app, scope = to_asgi3(old), scope_of()
    for number in range(3 * recognition.LIMIT):
        row_of(app, cycle_class("made", f"Class{number}")(scope), scope)
    assert len(app.compiled.hosts.by_class) <= recognition.LIMIT  # type: ignore[attr-defined]
    assert row_of(app, cycle_class(*UVICORN)(scope), scope) == "uvicorn"
