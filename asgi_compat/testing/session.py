"""One application in one conversation, or in one lifespan around others."""

from __future__ import annotations

import asyncio
from typing import Any, Iterable, Optional

from asgi_compat import Style
from asgi_compat._harness.clients import client_of
from asgi_compat._harness.ending import Outcome, end_tasks, start
from asgi_compat._harness.events import APPLICATION, frozen
from asgi_compat._harness.lifespan import LifespanClient
from asgi_compat._harness.recorder import ScriptedServer
from asgi_compat._harness.script import Conversation

from .conversations import lifespan as lifespan_conversation
from .styles import Call
from .transcript import Event, Transcript

#: How long an application may take to end after each attempt to cancel it, in seconds.
GRACE = 1.0
#: The most lines of a transcript that an error quotes.
QUOTED_LINES = 24

_BY = {"receive": "client", "send": APPLICATION}


class StillRunning(AssertionError):
    """The application did not end in time. It was cancelled."""

    def __init__(self, message: str, *, transcript: Optional[Transcript] = None) -> None:
        super().__init__(message)
        #: What it did until then.
        self.transcript = transcript


class LiveConversation:
    """One application in one conversation."""

    def __init__(self, call: Call, style: Style, server: ScriptedServer) -> None:
        self.style = style
        self.server = server
        self.outcome: Outcome = Outcome()
        self.task: asyncio.Task[None] = start(call, server, self.outcome)

    async def end(self, timeout: float) -> Transcript:
        """Wait until the application has ended. Raises `StillRunning` if it has not after ``timeout``."""
        await asyncio.wait({self.task}, timeout=timeout)
        if not self.task.done():
            raise self.still_running(f"after {timeout:g} seconds it has not ended")
        return self.transcript()

    def still_running(self, problem: str) -> StillRunning:
        """Make the error about an application that does not do what is waited for."""
        transcript = self.transcript()
        lines = str(transcript).splitlines()
        if len(lines) > QUOTED_LINES:
            half = QUOTED_LINES // 2
            lines[half:-half] = [f"  ... {len(lines) - QUOTED_LINES} lines ..."]
        waiting = self.server.waiting > 0
        lines[-1] += ", waiting in receive()" if waiting else ", and not waiting in receive()"
        return StillRunning("\n".join([problem, *lines]), transcript=transcript)

    @property
    def error(self) -> Optional[BaseException]:
        """What the application raised."""
        if self.outcome.error is None and self.task.done() and self.task.cancelled():
            return asyncio.CancelledError()
        return self.outcome.error

    def transcript(self, left: Iterable[str] = ()) -> Transcript:
        """Record what has happened until now."""
        events = [Event(_BY[step.call], step.event) for step in self.server.steps]
        conversation = self.server.client.conversation
        running = not self.task.done()
        return Transcript(conversation, self.style, events, None if running else self.error, left, running)

    async def close(self) -> None:
        """Leave nothing behind, whatever has happened."""
        await end_all({self.task})
        self.server.release_unawaited()


def own_copy(conversation: Conversation) -> Conversation:
    """Return a conversation with a copy of its scope."""
    scope = {
        # A shallow copy of the state, as servers make: what startup put there is shared.
        name: dict(value) if name == "state" else frozen(value)
        for name, value in conversation.scope.items()
    }
    return conversation._replace(scope=scope)


def serve(conversation: Conversation, *, stay: bool = False) -> ScriptedServer:
    """Return a server for a conversation, with a copy of its scope."""
    own = own_copy(conversation)
    client = LifespanClient(own, stay=True) if stay else client_of(own)
    return ScriptedServer(client, copy=frozen)


class Lifespan(LiveConversation):
    """An application that is started, and shut down later."""

    def __init__(self, call: Call, style: Style) -> None:
        super().__init__(call, style, serve(lifespan_conversation(), stay=True))

    @property
    def client(self) -> LifespanClient:
        """The client that starts it and shuts it down."""
        client = self.server.client
        assert isinstance(client, LifespanClient)
        return client

    async def start(self, timeout: float) -> None:
        """Wait for the answer to startup. An application that raises before it received it has none."""
        answered = asyncio.ensure_future(self.server.until(lambda: bool(self.client.startup)))
        try:
            await asyncio.wait({answered, self.task}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        finally:
            answered.cancel()
        if self.client.startup:
            if self.client.startup != "complete":
                reason = self.client.message or "it gave no reason"
                raise AssertionError(f"the application failed to start: {reason}")
        elif not self.task.done():
            raise self.still_running(f"after {timeout:g} seconds it has not started")
        elif self.server.steps and self.error is not None:
            raise AssertionError(f"the application failed to start:\n{self.transcript()}") from self.error

    async def stop(self, timeout: float) -> None:
        """Shut it down. Raises AssertionError if that fails."""
        if self.task.done():
            return
        self.client.shut_down()
        self.server.wake()
        transcript = await self.end(timeout)
        if self.client.shutdown == "failed" or transcript.error is not None:
            raise AssertionError(f"the application failed to shut down:\n{transcript}") from transcript.error


async def end_all(tasks: Iterable[asyncio.Future[Any]]) -> None:
    """End tasks, whatever they do."""
    await end_tasks(tasks, GRACE)
