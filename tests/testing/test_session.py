"""Startup and shutdown, and applications that do not end."""

from __future__ import annotations

import asyncio
import time
from typing import Any, Dict, List

import pytest

from asgi_compat._harness.recorder import DISCONNECTS
from asgi_compat.testing import (
    StillRunning,
    http,
    run,
    session,
)

from .applications import refuses, respond, single, types


class Service:
    """An application that needs its start-up, with a switch for each thing that can go wrong."""

    def __init__(self, **goes_wrong: Any) -> None:
        self.wrong = goes_wrong
        self.log: List[str] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            if "speaks" in self.wrong:
                raise AssertionError("only http")
            assert (await receive())["type"] == "lifespan.startup"
            if "start" in self.wrong:
                raise LookupError("no database")
            if "fail" in self.wrong:
                await send({"type": "lifespan.startup.failed", "message": "no database"})
                return
            if "hang" in self.wrong:
                await asyncio.sleep(60)
            self.task = asyncio.ensure_future(asyncio.sleep(60))
            self.loop = asyncio.get_running_loop()
            if "state" in scope:
                scope["state"]["pool"] = self.log
            self.log.append("started")
            await send({"type": "lifespan.startup.complete"})
            assert (await receive())["type"] == "lifespan.shutdown"
            self.task.cancel()
            self.log.append("stopped")
            if "stop" in self.wrong:
                raise LookupError("no goodbye")
            kind = "lifespan.shutdown.failed" if "shut" in self.wrong else "lifespan.shutdown.complete"
            await send({"type": kind, "message": "still busy"})
        elif "speaks" in self.wrong:
            await respond(send)
        else:
            assert self.loop is asyncio.get_running_loop()
            assert scope["state"]["pool"] is self.log
            scope["state"]["of the request"] = 1
            self.log.append("served")
            await respond(send)


@pytest.mark.parametrize("style", ["single", "double"])
def test_lifespan_around_a_request_shares_loop_and_state(style: str) -> None:
    """On one loop, in this order, with what start-up left; the transcript is the one of the request."""
    app = Service()
    transcript = run(app, http(), style=style, lifespan=True)
    assert app.log == ["started", "served", "stopped"]
    assert types(transcript) == ["< http.response.start", "< http.response.body"]
    assert transcript.returned and transcript.left == ()


def test_lifespan_unsupported_is_served() -> None:
    """It raises before it has received anything, as with ``lifespan="auto"`` of a server."""
    assert run(Service(speaks=False), http(), lifespan=True).status == 200


@pytest.mark.parametrize(
    "wrong, words",
    [
        ({"start": 1}, "failed to start:\n(.|\n)*LookupError: no database"),
        ({"fail": 1}, "failed to start: no database"),
        ({"hang": 1}, "after 0.2 seconds it has not started"),
        ({"stop": 1}, "failed to shut down:\n(.|\n)*LookupError: no goodbye"),
        ({"shut": 1}, "failed to shut down:\n(.|\n)*still busy"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_lifespan_failure_raises(wrong: Dict[str, Any], words: str) -> None:
    """Never swallowed, also where the request went well."""
    with pytest.raises(AssertionError, match=words) as caught:
        run(Service(**wrong), http(), lifespan=True, timeout=0.2)
    if "start" in wrong or "stop" in wrong:
        assert isinstance(caught.value.__cause__, LookupError)


async def waits(scope: Any, receive: Any, send: Any) -> None:
    """Ask for what never comes."""
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            await asyncio.Event().wait()


async def sleeps(scope: Any, receive: Any, send: Any) -> None:
    """Do not end."""
    await asyncio.sleep(60)


async def asks(scope: Any, receive: Any, send: Any) -> None:
    """Ask and ask, also after the disconnect, without ever waiting."""
    while True:
        await receive()


async def floods(scope: Any, receive: Any, send: Any) -> None:
    """Send and send, without ever waiting."""
    while True:
        await send({"type": "http.response.body", "more_body": True})


@pytest.mark.parametrize("style", ["single", "double"])
@pytest.mark.parametrize("app", [waits, sleeps, asks, floods, refuses])
def test_application_that_does_not_end_is_ended(
    app: Any, style: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In time, with what happened until then; no task is left, which conftest.py looks after."""
    monkeypatch.setattr(session, "GRACE", 0.05)
    began = time.monotonic()
    with pytest.raises(StillRunning) as caught:
        run(app, http("GET", "/x", disconnect=0), style=style, timeout=0.2)
    assert time.monotonic() - began < 5
    message = str(caught.value)
    assert message.startswith(f"after 0.2 seconds it has not ended\nGET /x, called {style}:\n")
    where = ", waiting in receive()" if app in (asks,) else ", and not waiting in receive()"
    assert message.endswith(f"still running{where}")
    assert len(message.splitlines()) < 30
    transcript = caught.value.transcript
    assert transcript is not None and transcript.running and not transcript.returned
    assert len(transcript.received) <= DISCONNECTS + 1


def test_tasks_of_startup_are_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """They outlive the request, so they are not its own; asyncio.run() would wait for this one for ever."""
    monkeypatch.setattr(session, "GRACE", 0.05)
    tasks = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            tasks.append(asyncio.ensure_future(refuses(scope, receive, send)))
        await single(scope, receive, send)

    transcript = run(app, http(), lifespan=True)
    assert transcript.body == b"GET " and transcript.left == ()
    assert len(tasks) == 1 and tasks[0].done()
