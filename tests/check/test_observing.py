"""What the server and the loop know becomes an observation."""

from __future__ import annotations

import asyncio
from typing import Any, Set

from asgi_compat._harness.clients import client_of
from asgi_compat._harness.ending import Outcome
from asgi_compat._harness.recorder import ScriptedServer
from asgi_compat._harness.script import Conversation
from asgi_compat.check.observing import new_tasks, observation
from asgi_compat.check.scripts import Script


def test_observation_has_what_the_server_recorded() -> None:
    """Also what only one kind of client knows, and the calls that were never awaited."""

    async def main() -> None:
        script = Script(Conversation("", {"type": "websocket"}))
        server = ScriptedServer(client_of(script.conversation))
        await server.send({"type": "websocket.accept"})
        server.send({"type": "websocket.close"})
        seen = observation(script, server, Outcome(), 1.0)
        assert (seen.open, seen.sent, len(seen.steps), len(seen.unawaited)) == (True, 1, 1, 1)
        assert (seen.startup, seen.described) == ("", "accepted, sent nothing")

    asyncio.run(main())


def test_new_tasks_are_named_once() -> None:
    """They are known afterwards."""

    async def runs_on() -> None:
        await asyncio.sleep(60)

    async def main() -> None:
        known: Set[Any] = set()
        task = asyncio.ensure_future(runs_on())
        await asyncio.sleep(0)
        assert [name.split(".")[-1] for name in new_tasks(known)] == ["runs_on"] and new_tasks(known) == ()
        task.cancel()
        await asyncio.wait({task})

    asyncio.run(main())
