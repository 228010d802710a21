"""Fast paths for scopes."""

from __future__ import annotations

from typing import Any, List, Tuple

import pytest

from asgi_compat import Quirks
from asgi_compat._messages.apply import select_steps
from asgi_compat._messages.fast_scopes import fast_scope
from asgi_compat._messages.servers import SERVERS
from asgi_compat._messages.table import OF_DOUBLES, OF_SINGLES, TABLE

OF_OLD = select_steps(TABLE.without(OF_SINGLES), "A", Quirks())
OF_CURRENT = select_steps(TABLE.without(OF_DOUBLES), "A", Quirks())


class Slow:
    """A reference that notes what it was given."""

    def __init__(self) -> None:
        self.given: List[Any] = []

    def __call__(self, event: Any, connection: Any = None) -> Any:
        self.given.append(event)
        return "slow"


def test_fast_scope_learns_from_the_first_scope() -> None:
    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "path": "/", "root_path": "",
        "scheme": "http", "http_version": "1.1",
        "query_string": b"", "headers": [(b"a", b"b")], "client": ("h", 1), "server": None,
    }  # fmt: skip
    given: List[Any] = []

    def slow(scope: Any, connection: Any = None) -> Any:
        given.append(scope)
        return {**scope, "asgi": {"version": "2.0", "spec_version": "2.1"}}

    look = fast_scope(OF_OLD["http"], slow)
    first, second = look(scope), look(scope)
    assert first == second and first is not second and first["asgi"] is not second["asgi"]
    assert len(given) == 1
    odd: Any
    for odd in (
        {"headers": [(b"A", b"b")]}, {"client": ["h", 1]}, {"query_string": ""}, {"root_path": "/x"},
        {"scheme": b"ws"}, {"extensions": 5}, {"client": ("/", "t")}, {"client": (5, 1)},
        {"server": ("h", "1")},
    ):  # fmt: skip
        look({**scope, **odd})
    assert len(given) == 10


def test_fast_scope_with_quirks_is_the_slow_one() -> None:
    slow = Slow()
    steps = select_steps(TABLE.without(OF_SINGLES), "A", Quirks(unix_server="none"))["http"]
    assert fast_scope(steps, slow) is slow and fast_scope(OF_OLD["websocket"], slow) is slow


def test_fast_scope_of_a_current_application_is_the_same_object() -> None:
    slow = Slow()

    def slow_copies(scope: Any, connection: Any = None) -> Any:
        return slow(scope) and scope

    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "path": "/", "root_path": "",
        "scheme": "http", "http_version": "1.1", "extensions": {},
        "query_string": b"", "headers": [(b"a", b"b")], "client": ("h", 1), "server": None,
    }  # fmt: skip
    look = fast_scope(OF_CURRENT["http"], slow_copies)
    assert look(scope) is scope and look(scope) is scope and len(slow.given) == 1
    bare = {key: value for key, value in scope.items() if key != "extensions"}
    assert look(bare) == scope and "extensions" not in bare
    assert look(bare)["extensions"] is not look(bare)["extensions"]
    look({**scope, "raw_path": None})
    look({**scope, "raw_path": b"/?query"})
    look({**scope, "asgi": {}})
    assert len(slow.given) == 4


@pytest.mark.parametrize(
    "field, items", [("headers", (b"a", b"b")), ("client", ("h", 1)), ("server", ("h", 1))]
)
def test_fast_scope_pair_that_is_an_iterator_is_not_read(field: str, items: Tuple[Any, ...]) -> None:
    slow = Slow()

    def slow_copies(scope: Any, connection: Any = None) -> Any:
        return slow(scope) and {**scope, "asgi": {**scope["asgi"], "version": "2.0"}}

    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "path": "/", "root_path": "",
        "scheme": "http", "http_version": "1.1",
        "query_string": b"", "headers": [(b"a", b"b")], "client": ("h", 1), "server": None,
    }  # fmt: skip
    look = fast_scope(OF_OLD["http"], slow_copies)
    look(scope)
    pair = iter(items)
    look({**scope, field: [pair] if field == "headers" else pair})
    assert tuple(pair) == items and len(slow.given) == 2


def test_fast_scope_of_a_known_server_only_adds_extensions() -> None:
    slow = Slow()
    uvicorn = next(row for row in SERVERS if row.name == "uvicorn")
    table = TABLE.without(OF_DOUBLES).without(frozenset(uvicorn.gives))
    look = fast_scope(select_steps(table, "A", Quirks())["http"], slow)
    assert look({"type": "http"}) == {"type": "http", "extensions": {}} and not slow.given
    assert look({"type": "http", "extensions": None}) == "slow"
