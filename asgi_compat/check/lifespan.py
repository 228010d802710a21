"""Start an application before the other conversations, and shut it down after them."""

from __future__ import annotations

import asyncio
from typing import Any

from asgi_compat._harness.ending import GRACE, Outcome, end_tasks, start
from asgi_compat._harness.lifespan import LifespanClient
from asgi_compat._harness.recorder import ScriptedServer
from asgi_compat._stacks import waits_at

from .observation import Observation
from .observing import LIMITS, observation
from .scripts import Script, fresh_scope


class Lifespan:
    """The lifespan of an application, around the other conversations."""

    def __init__(self, app: Any, script: Script, timeout: float) -> None:
        self.script = script
        self.timeout = timeout
        self.client: LifespanClient = LifespanClient(
            script.conversation._replace(scope=fresh_scope(script)), stay=True
        )
        self.server: ScriptedServer = ScriptedServer(self.client, limits=LIMITS)
        self.outcome: Outcome = Outcome()
        self.task: asyncio.Task[None] = start(app, self.server, self.outcome)

    async def startup(self) -> bool:
        """Wait for an answer to startup; say whether there is any point in going on."""
        answered = asyncio.ensure_future(self.server.until(lambda: self.server.sent > 0))
        await asyncio.wait({self.task, answered}, timeout=self.timeout, return_when=asyncio.FIRST_COMPLETED)
        await end_tasks({answered})
        return self.client.startup != "failed"

    async def shutdown(self, *, always: bool = False) -> Observation:
        """Shut the application down, and return how its lifespan went."""
        self.outcome.unanswered = not self.task.done() and not self.client.startup
        self.outcome.stack = tuple(waits_at(self.task))
        if not self.task.done() and (always or not self.outcome.unanswered):
            self.client.shut_down()
            self.server.wake()
            patient = always or self.client.startup == "complete"
            await asyncio.wait({self.task}, timeout=self.timeout if patient else GRACE)
        self.outcome.ignored_disconnect = not self.task.done()
        await end_tasks({self.task})
        if self.outcome.ignored_disconnect:
            self.outcome.error = None
        elif self.task.cancelled():
            self.outcome.error = asyncio.CancelledError()
        return observation(self.script, self.server, self.outcome, self.timeout)
