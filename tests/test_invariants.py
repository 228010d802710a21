"""Invariants of the whole service that are no module's own: see docs/architecture.md."""

from __future__ import annotations

import asyncio
import copy
import sys
from typing import Any, Callable, Dict, Iterator, List, Tuple

import pytest

from asgi_compat import to_asgi2, to_asgi3

HTTP: Dict[str, Any] = {
    "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1",
    "method": "POST", "scheme": "http", "path": "/", "raw_path": b"/", "query_string": b"", "root_path": "",
    "headers": [(b"host", b"example")], "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "state": {},
    "extensions": {},
}  # fmt: skip
WEBSOCKET: Dict[str, Any] = {
    **{key: value for key, value in HTTP.items() if key != "method"},
    "type": "websocket", "scheme": "ws", "subprotocols": ["chat"],
}  # fmt: skip
LIFESPAN: Dict[str, Any] = {"type": "lifespan", "asgi": HTTP["asgi"], "state": {}}
SCOPES = [HTTP, WEBSOCKET, LIFESPAN]


class Reached(Exception):
    """The application was called."""


def both_styles(app: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    """Give the adapters of a single-callable, and of the double-callable that does the same."""

    def double(scope: Any) -> Any:
        async def instance(receive: Any, send: Any) -> Any:
            return await app(scope, receive, send)

        return instance

    async def single(scope: Any, receive: Any, send: Any) -> Any:
        return await app(scope, receive, send)

    for application in (double, single):
        yield to_asgi3(application, lifespan="on")
        converted = to_asgi2(application, lifespan="on")
        yield lambda scope, receive, send, made=converted: made(scope)(receive, send)


async def nothing(event: Any) -> None:
    """Take an event as a server that does not wait does."""


# -- invariant 9: a rule about old applications is alive for double-callables only ---------------------


def repaired(app: Any, scope: Dict[str, Any]) -> Dict[str, Any]:
    """Return the scope that reaches an application, and the rules that were reported, in ``rules``."""
    seen: Dict[str, Any] = {"rules": set()}

    async def single(scope: Any, receive: Any, send: Any) -> None:
        seen.update(scope)
        raise Reached

    def double(scope: Any) -> Any:
        async def instance(receive: Any, send: Any) -> None:
            await single(scope, receive, send)

        return instance

    adapted = to_asgi3(
        double if app == "double" else single, on_repair=lambda rule, *_: seen["rules"].add(rule)
    )
    with pytest.raises(Reached):
        asyncio.run(adapted(scope, nothing, nothing))
    return seen


def test_service_rules_about_old_applications_leave_single_callables_alone() -> None:
    scope = {**HTTP, "root_path": "/api", "path": "/api/items", "raw_path": b"/api/items"}
    single, double = repaired("single", dict(scope)), repaired("double", dict(scope))
    assert {key: single[key] for key in scope} == scope and single["rules"] == set()
    assert double["asgi"] != scope["asgi"] and double["path"] == "/items"


# -- invariant 11: every function that touches data of a client is linear in its size ------------------


def lines(run: Callable[[], Any]) -> int:
    """Return how many lines of Python code a call executes."""
    counted = 0

    def local(frame: Any, event: str, argument: Any) -> Any:
        nonlocal counted
        counted += event == "line"
        return local

    before = sys.gettrace()
    sys.settrace(local)
    try:
        run()
    finally:
        sys.settrace(before)
    return counted


def with_headers(count: int) -> Tuple[Dict[str, Any], List[Dict[str, Any]]]:
    headers = [(f"X-Name-{number}".encode(), f"value {number}") for number in range(count)]
    return {**HTTP, "headers": headers}, [{"type": "http.request", "body": b"", "more_body": False}]


def with_chunks(count: int) -> Tuple[Dict[str, Any], List[Dict[str, Any]]]:
    chunk = {"type": "http.request", "body": b"x" * 10, "more_body": True}
    return dict(HTTP), [dict(chunk) for _ in range(count - 1)] + [{**chunk, "more_body": False}]


@pytest.mark.parametrize("made", [with_headers, with_chunks])
def test_service_twice_the_data_takes_at_most_twice_the_lines(made: Any) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        headers = [(name.decode(), value) for name, value in scope["headers"]]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        more = True
        while more:
            event = await receive()
            more = event["more_body"]
            await send({"type": "http.response.body", "body": event["body"], "more_body": more})

    for number in range(4):

        def serve(count: int, number: int = number) -> None:
            scope, events = made(count)

            async def receive() -> Any:
                return events.pop(0)

            async def main() -> None:
                await list(both_styles(app))[number](scope, receive, nothing)

            asyncio.run(main())

        serve(10)
        small, large = lines(lambda: serve(200)), lines(lambda: serve(400))
        assert large < 2.2 * small


# -- invariant 13: connections share nothing that an application can write to --------------------------


@pytest.mark.parametrize("scope", SCOPES, ids=[scope["type"] for scope in SCOPES])
def test_service_what_one_connection_writes_no_other_sees(scope: Dict[str, Any]) -> None:
    seen: List[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(repr(scope))
        for value in [scope, *scope.values()]:
            if isinstance(value, dict):
                value["written"] = 1
            elif isinstance(value, list):
                value.append("written")

    async def never() -> Any:
        await asyncio.sleep(0.01)
        raise OSError("the server has ended")

    async def main(given: Dict[str, Any]) -> None:
        for adapted in both_styles(app):
            for _ in range(2):
                call = asyncio.ensure_future(adapted(copy.deepcopy(given), never, nothing))
                await asyncio.gather(call, return_exceptions=True)

    for field in [None, *scope]:
        # With a key missing, too: its default must not be one object for all.
        if field != "type":
            asyncio.run(main({key: value for key, value in scope.items() if key != field}))
    assert seen
    assert [text for text in seen if "written" in text] == []
