"""Cases that import other packages or change on purpose: driven with stand-ins, or a reason why not."""

from __future__ import annotations

import types
from functools import partial
from typing import Any, Callable, Dict, List, NamedTuple

import pytest

from asgi_compat import Style
from asgi_compat.migrate import Result
from asgi_compat.testing import Conversation, assert_migrated, http, lifespan, run, websocket

from .cases import Case, all_cases
from .driving import migrate
from .standins import PACKAGE, both, describe, imported, reply


class Driven(NamedTuple):
    """How a case is driven."""

    #: Expressions for its applications; `ENDPOINTS` and the names of `tools` can be used.
    entries: List[str]
    #: The types of the conversations.
    types: str = "http websocket"


HTTP, WEBSOCKET = "http", "websocket"
DRIVEN: Dict[str, Driven] = {
    "channels-populate-and-resolve": Driven(["UserMiddleware(endpoint)"]),
    "type-names-of-starlette": Driven(["Middleware(endpoint)"]),
    "type-of-an-instance": Driven(["Middleware(endpoint)"]),
    "channels-routing": Driven(["application"]),
    "channels-old-handler": Driven(["application"], HTTP),
    "channels-consumer-constructor": Driven(["consumer(ChatConsumer)"]),
    "channels-consumer-returned": Driven(["Validator(endpoint)"], WEBSOCKET),
    "server-that-is-told": Driven(["served(main)"], HTTP),
    "events-content": Driven(["of_2017(app)"], HTTP),
    "events-lifespan-cleanup": Driven(["of_2017(app)"], "lifespan"),
    "unusual-ch-authstack": Driven(["application"]),
    "unusual-ch-authstack-lambda": Driven(["application"]),
    "unusual-ch-routes-split": Driven(["router"], WEBSOCKET),
    "unusual-ch-kwargs-view": Driven(["router(urlpatterns)"], WEBSOCKET),
    "unusual-ch-tests": Driven(["tested(test_x)"], HTTP),
    "unusual-ch-mw-auth": Driven(["TokenAuthMiddlewareStack(endpoint)"]),
    "unusual-ch-mw-instance": Driven(["QueryAuthMiddleware(endpoint)"]),
    "unusual-ch-populate": Driven(["RoomMiddlewareStack(endpoint)"]),
    "unusual-ch-consumer-init": Driven(["consumer(C)", "consumer(D)"]),
    "unusual-ch-asgi-handler": Driven(["application"], HTTP),
    "unusual-ch-get-default": Driven(["application"]),
    "unusual-ch-origin": Driven(["application"]),
    "unusual-appcomm": Driven(["inner", "tested(test_app)"], HTTP),
    "unusual-ev-2017": Driven(["of_2017(app)"], HTTP),
    "unusual-ev-life": Driven(["of_2017(app)"], "lifespan"),
    "unusual-response-called-by-both": Driven(["app"], HTTP),
    "unusual-starlette-app": Driven(["App", "app"], HTTP),
    "unusual-starlette-request": Driven(["app"], HTTP),
    "unusual-starlette-closure": Driven(["M(endpoint)", "without(M)(endpoint)"]),
    "unusual-protocol": Driven(["app"], HTTP),
}
NOT_DRIVEN: Dict[str, str] = {
    "channels-communicators": "half of it is migrated: as_asgi is of Channels 3, the rest of Channels 2",
    "unusual-type-alias": "it holds names of types and no application",
}

CASES = {
    case.name: case
    for case in all_cases()
    if not case.refused and not case.left and (not case.entry or case.modernised)
}
HELD: Dict[str, List[Conversation]] = {
    "http": [
        http("GET", "/"),
        http("GET", "/one", query="1", headers={"x-name": "one", "authorization": "Token one"}),
        http("POST", "/events/", query="2", body=[b"two-a", b"two-b"], headers={"cookie": "two"}),
        http(
            "GET", "/three", query="x", headers={"authorization": "Token no-three", "origin": "http://three"}
        ),
    ],
    "websocket": [
        websocket("/ws", send=["zero"], headers={"x-name": "zero"}),
        websocket("/chat/", send=["one"], query="1", headers={"x-name": "one"}),
        websocket("/chat/admin/", send=["two"], query="2", headers={"cookie": "two"}),
        websocket("/ws/chat/three/", send=["three"], headers={"authorization": "Token three"}),
        websocket("/room/", send=["four"], headers={"authorization": "Token no-four"}),
        websocket("/ws/five/", send=["five"]),
        websocket("/frontend/", send=["six"], headers={"origin": "http://six"}),
        websocket("/x", send=["seven"], headers={"x-name": "seven"}),
    ],
    "lifespan": [lifespan()],
}


def tools(generation: int, modules: Dict[str, Any]) -> Dict[str, Any]:
    """Return the names that expressions and sources can use beside their own."""

    async def get_user(scope: Any) -> str:
        return dict(scope["headers"]).get(b"x-name", b"nobody").decode()

    def tested(test: Callable[[], Any]) -> Any:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            await test()
            await reply(send, "passed")

        return both(app)[generation]

    def served(main: Callable[[], None]) -> Any:
        main()
        return modules["uvicorn"].ran

    def without(middleware: Any) -> Any:
        async def get(self: Any, request: Any) -> None:
            return None

        return type("Without", (middleware,), {"get": get})

    return {
        "endpoint": both(describe)[generation],
        "get_user": get_user,
        "tested": tested,
        "served": served,
        "without": without,
        "consumer": (lambda made: made) if generation == 2 else (lambda made: made.as_asgi()),
        "router": modules["channels.routing"].URLRouter,  # type: ignore[attr-defined]
        "of_2017": of_2017 if generation == 2 else (lambda app: app),
    }


def of_2017(app: Any) -> Any:
    """Return an application of 2017 and 2018 behind a server that knows the names of that time."""

    async def translated(scope: Any, receive: Any, send: Any) -> None:
        async def receive_old() -> Any:
            event = dict(await receive())
            if "body" in event:
                event["content"], event["more_content"] = event.pop("body"), event.pop("more_body", False)
            if event["type"] == "lifespan.shutdown":
                event["type"] = "lifespan.cleanup"
            return event

        async def send_old(event: Any) -> None:
            kind = event["type"]
            assert kind != "http.response.body", "this name is a later one"
            if kind in ("http.response.chunk", "http.response.content", "http.response"):
                names = {"content": "body", "more_content": "more_body"}
                body = {names[name]: event[name] for name in names if name in event}
                if kind == "http.response":
                    start = {name: event[name] for name in ("status", "headers")}
                    await send({"type": "http.response.start", **start})
                await send({"type": "http.response.body", **body})
            elif kind == "lifespan.cleanup.complete":
                await send({"type": "lifespan.shutdown.complete"})
            elif kind == "websocket.disconnect":
                await send({**event, "type": "websocket.close"})
            else:
                await send(event)

        await app(scope)(receive_old, send_old)

    return lambda scope: partial(translated, scope)


def loaded(source: bytes, generation: int, entries: List[str]) -> List[Any]:
    """Run a source among the stand-ins of a generation, and return its applications."""
    with imported(generation) as modules:
        module = types.ModuleType(f"{PACKAGE}.case")
        module.__package__ = PACKAGE
        vars(module).update(tools(generation, modules))
        exec(compile(source, f"<{generation}>", "exec"), vars(module))
        return [eval(entry, vars(module)) for entry in entries]


def drive(case: Case, result: Result) -> None:
    """Assert that each application of a case does the same before and after."""
    how = DRIVEN[case.name]
    held = [conversation for kind in how.types.split() for conversation in HELD[kind]]
    olds, news = (
        loaded(data, number, how.entries) for data, number in ((result.before, 2), (result.after, 3))
    )
    for old, new in zip(olds, news):
        assert_migrated(old, new, held, timeout=2)
        for kind in how.types.split():
            answers = [run(new, conversation, style=Style.SINGLE).sent for conversation in HELD[kind]]
            assert any(answers), f"nothing answers {kind}"


def test_every_case_is_driven_or_has_a_reason() -> None:
    """A new case without an entry is written into one of the two tables."""
    assert set(DRIVEN) & set(NOT_DRIVEN) == set()
    assert set(DRIVEN) | set(NOT_DRIVEN) == set(CASES)
    assert all(len(reason.split()) > 5 for reason in NOT_DRIVEN.values())


@pytest.mark.parametrize("name", sorted(DRIVEN))
def test_case_with_standins_does_the_same_afterwards(name: str) -> None:
    """The old source runs with what was there then, the new one with its successor."""
    result = migrate(CASES[name])
    assert result.status == "rewritten"
    drive(CASES[name], result)


@pytest.mark.parametrize("name", sorted(DRIVEN))
def test_case_with_standins_that_is_not_migrated_is_different(name: str) -> None:
    """The conversations reach what was rewritten: the old source fails among the successors."""
    result = migrate(CASES[name])
    with pytest.raises((AssertionError, AttributeError, ImportError, TypeError)):
        drive(CASES[name], result._replace(after=result.before))
