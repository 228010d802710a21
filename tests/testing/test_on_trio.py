"""Conversations where trio runs the application."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

import pytest
from requires import package

from asgi_compat.testing import REPLY, StillRunning, converse, http, run, websocket

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
