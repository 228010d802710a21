"""Conversations where trio runs the application."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import threading
from typing import Any, List

import pytest
from requires import package

from asgi_compat.testing import REPLY, Client, StillRunning, converse, http, run, websocket

trio: Any = importlib.import_module("trio") if importlib.util.find_spec("trio") else None


@pytest.fixture(autouse=True)
def with_trio() -> None:
    """The environment of the servers has it."""
    package("trio")


def double(scope: Any) -> Any:
    """Waits on trio, and echoes."""

    async def instance(receive: Any, send: Any) -> None:
        await trio.sleep(0)
        event = await receive()
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
            while event["type"] != "websocket.disconnect":
                if event["type"] == "websocket.receive":
                    await send({"type": "websocket.send", "text": event["text"].upper()})
                event = await receive()
            return
        if scope["type"] == "lifespan":
            scope["state"]["started"] = True
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        body = event["body"] + str(scope.get("state")).encode()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    return instance


@pytest.mark.parametrize("style", ["single", "double"])
@pytest.mark.parametrize("adapt", ["shape", "service"])
def test_converse_on_trio_holds_http_and_websocket(style: str, adapt: str) -> None:
    """In both styles, with both adapters."""

    async def main() -> None:
        transcript = await converse(double, http("POST", "/", body=b"x"), style=style, adapt=adapt)
        assert transcript.status == 200 and transcript.body.startswith(b"x")
        talk = websocket("/", send=["hello", REPLY])
        transcript = await converse(double, talk, style=style, adapt=adapt)
        assert {"type": "websocket.send", "text": "HELLO"} in transcript.sent and transcript.returned

    trio.run(main)


def test_converse_on_trio_runs_the_lifespan() -> None:
    """Its state is in the scope."""

    async def main() -> bytes:
        return (await converse(double, http("GET", "/"), lifespan=True)).body or b""

    assert trio.run(main) == b"{'started': True}"


def test_converse_on_trio_ends_what_does_not_end() -> None:
    """With the transcript until then."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await trio.sleep_forever()

    async def main() -> None:
        await converse(app, http("GET", "/"), timeout=0.05)

    with pytest.raises(StillRunning, match="has not ended"):
        trio.run(main)


def test_run_on_trio_says_to_use_converse() -> None:
    """It would start an event loop inside the other."""

    async def main() -> None:
        run(double, http("GET", "/"))

    with pytest.raises(RuntimeError, match="await converse"):
        trio.run(main)


@pytest.mark.parametrize("style", ["single", "double"])
def test_client_in_a_coroutine_on_trio_is_awaited(style: str) -> None:
    """Other tasks of trio run meanwhile: the application is in a thread of its own, on asyncio."""
    package("httpx")

    async def answers(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise NotImplementedError(scope["type"])
        body = (await receive())["body"]
        await asyncio.get_running_loop().run_in_executor(None, asked.wait, 60)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    asked = threading.Event()

    async def main() -> None:
        async def ask() -> None:
            texts.append((await client.post("/", content=b"hello")).text)

        async with trio.open_nursery() as nursery:
            nursery.start_soon(ask)
            await trio.sleep(0)
            asked.set()

    texts: List[str] = []
    with Client(answers, style) as client:
        trio.run(main)
    assert texts == ["hello"]
