"""In the default mode nothing that a server gives is refused; one-shot iterators are read once."""

from __future__ import annotations

import asyncio
from types import MappingProxyType
from typing import Any, Dict, Iterator, List

import pytest

from asgi_compat import ServerMessageError, to_asgi2, to_asgi3
from messages.cases import http, old_http, old_ws, websocket

DIRECTIONS = ["old on new", "current on new", "current on old"]


def serve(direction: str, scopes: List[Dict[str, Any]], strict: bool = False) -> List[Dict[str, Any]]:
    """Return the scopes that one adapted application has seen."""
    seen: List[Dict[str, Any]] = []

    async def single(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope)
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body"})
        else:
            await receive()
            await send({"type": "websocket.close"})

    def double(scope: Any) -> Any:
        async def instance(receive: Any, send: Any) -> None:
            await single(scope, receive, send)

        return instance

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(event: Any) -> None:
        pass

    async def main() -> None:
        old: Any = to_asgi2(single, strict=strict)
        new: Any = to_asgi3(double if direction == "old on new" else single, strict=strict)
        for scope in scopes:
            if direction == "current on old":
                await old(scope)(receive, send)
            else:
                await new(scope, receive, send)

    asyncio.run(main())
    return seen


def given(direction: str, kind: str, **fields: Any) -> Dict[str, Any]:
    if direction == "current on old":
        made: Dict[str, Any] = (old_http if kind == "http" else old_ws)(**fields)
    else:
        made = (http if kind == "http" else websocket)(**fields)
    return made


def pairs() -> Iterator[Any]:
    return iter([iter((b"host", b"a")), iter((b"x-b", b"c"))])


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("make", [pairs, lambda: list(pairs())], ids=["iterator", "list"])
def test_scope_headers_that_are_iterators_arrive_on_every_request(
    direction: str, kind: str, make: Any
) -> None:
    scopes = [given(direction, kind, headers=make()) for _ in range(4)]
    same = given(direction, kind, headers=make())
    plain = given(direction, kind, headers=[(b"host", b"a")])
    seen = serve(direction, [plain, *scopes, same, same, same])
    assert [list(map(tuple, scope["headers"])) for scope in seen[1:]] == [
        [(b"host", b"a"), (b"x-b", b"c")]
    ] * 7
    assert all(type(scope["headers"]) is list for scope in seen)
    assert seen[-1]["headers"] is not seen[-2]["headers"]


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_scope_addresses_and_subprotocols_that_are_iterators_are_read(direction: str) -> None:
    scope = given(
        direction,
        "websocket",
        client=iter(("h", 1)),
        server=iter(("s", None)),
        subprotocols=iter(["a", b"b"]),
    )
    for seen in serve(direction, [scope, scope]):
        assert (seen["client"], seen["server"]) == (("h", 1), ("s", None))
        assert seen["subprotocols"] == ["a", "b"]


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_scope_extensions_of_any_mapping_are_a_dict(direction: str) -> None:
    (seen,) = serve(direction, [given(direction, "http", extensions=MappingProxyType({"tls": {}}))])
    assert type(seen["extensions"]) is dict and seen["extensions"] == {"tls": {}}


class Bomb:
    """A value whose every use raises."""

    def __iter__(self) -> Iterator[Any]:
        raise RuntimeError("boom")

    def __bool__(self) -> bool:
        raise RuntimeError("boom")

    def keys(self) -> Any:
        raise RuntimeError("boom")

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("boom")


ODD = [
    None,
    5,
    1.5,
    "x",
    b"x",
    "ab",
    object(),
    {"a": 1},
    [],
    (),
    [1],
    [None, None],
    ("/", "t"),
    {5},
    Bomb(),
    [Bomb()],
    True,
]
FIELDS = {
    "client": (None, ("h", 1)), "server": (None, ("h", 1)), "scheme": None, "http_version": None,
    "query_string": None, "root_path": None, "headers": None, "subprotocols": None, "extensions": None,
    "raw_path": None, "asgi": None,
}  # fmt: skip


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("field", FIELDS)
def test_scope_odd_value_of_any_field_is_never_refused(direction: str, kind: str, field: str) -> None:
    (right,) = serve(direction, [given(direction, kind)])
    # A11 restores the header from subprotocols.
    own = (field, "raw_path", "path", "headers" if field == "subprotocols" else "")
    for odd in ODD if kind == "websocket" or field != "subprotocols" else ():
        (seen,) = serve(direction, [given(direction, kind, **{field: odd})])
        others = [name for name in seen if name not in own]
        assert [seen[name] for name in others] == [right.get(name) for name in others], odd
        if field in seen and field != "raw_path":
            assert_usable(field, seen[field])


def assert_usable(field: str, value: Any) -> None:
    """What an application does with a field works."""
    if field in ("client", "server") and value is not None:
        host, port = value
        assert isinstance(host, str) and (port is None or type(port) is int)
    if field in ("scheme", "http_version", "root_path"):
        assert isinstance(value, str)
    if field == "query_string":
        assert type(value) is bytes
    if field == "subprotocols":
        assert isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value)
    if field == "headers":
        assert type(value) is list
    if field in ("extensions", "asgi"):
        assert value is None or isinstance(value, dict)


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize(
    "fields",
    [
        {"client": ("/", "t")}, {"server": 5}, {"subprotocols": 5}, {"extensions": 5}, {"scheme": 5},
        {"headers": [(b"a", None)]}, {"headers": 5}, {"query_string": 5}, {"root_path": 5},
    ],
    ids=str,
)  # fmt: skip
def test_scope_strict_refuses_what_cannot_be_understood(direction: str, fields: Any) -> None:
    (seen,) = serve(direction, [given(direction, "websocket", **fields)])
    with pytest.raises(ServerMessageError) as caught:
        serve(direction, [given(direction, "websocket", **fields)], strict=True)
    (field,) = fields
    assert field in seen and caught.value.rule and caught.value.field == field


def test_read_items_remembers_a_bounded_number_of_iterators() -> None:
    from asgi_compat._messages.operations import values

    kept = [iter([number]) for number in range(values._LIMIT * 2)]
    for number, item in enumerate(kept):
        assert values.read_items(item) == [number]
        assert values.read_items(item) == [number]
        assert len(values._READ) <= values._LIMIT
    first = values.read_items(kept[-1])
    assert first is not None and first is not values.read_items(kept[-1])
