"""`converse` where trio runs the application: the same conversation, without asyncio."""

from __future__ import annotations

import sys
from typing import Any, List, Optional

from asgi_compat import Style
from asgi_compat._harness.clients import client_of
from asgi_compat._harness.ending import Outcome
from asgi_compat._harness.events import APPLICATION, frozen
from asgi_compat._harness.lifespan import LifespanClient
from asgi_compat._harness.recorder import ScriptedServer
from asgi_compat._harness.script import Conversation

from .conversations import lifespan as lifespan_conversation
from .session import StillRunning, own_copy
from .styles import Call
from .transcript import Event, Transcript

_BY = {"receive": "client", "send": APPLICATION}


def runs_trio() -> bool:
    """Return whether trio runs this coroutine, without importing it."""
    trio: Any = sys.modules.get("trio")
    try:
        return trio is not None and trio.lowlevel.current_task() is not None
    except (RuntimeError, AttributeError):
        return False


class TrioServer(ScriptedServer):
    """A server for one conversation whose waits are those of trio."""

    def __init__(self, client: Any) -> None:
        super().__init__(client, copy=frozen)
        self.trio: Any = sys.modules["trio"]
        self._changes: List[Any] = []

    async def _sleep(self, seconds: float) -> None:
        await self.trio.sleep(seconds)

    async def _changed(self) -> None:
        event = self.trio.Event()
        self._changes.append(event)
        await event.wait()

    def wake(self) -> None:
        """Let every task that waits in ``receive`` ask the client again."""
        changes, self._changes = self._changes, []
        for event in changes:
            event.set()


class TrioConversation:
    """One application in one conversation on trio."""

    def __init__(self, call: Call, style: Style, conversation: Conversation, *, stay: bool = False) -> None:
        own = own_copy(conversation)
        client: Any = LifespanClient(own, stay=True) if stay else client_of(own)
        self.call: Call = call
        self.style: Style = style
        self.client: Any = client
        self.server: TrioServer = TrioServer(client)
        self.outcome: Outcome = Outcome()
        self.done: Any = sys.modules["trio"].Event()

    async def play(self) -> None:
        """Call the application, and keep what it raises."""
        trio: Any = sys.modules["trio"]
        server = self.server
        try:
            scope = self.client.conversation.scope
            self.outcome.value = await self.call(scope, server.receive, server.send)
        except trio.Cancelled:
            raise
        except (Exception, SystemExit) as error:
            self.outcome.error = error
        finally:
            server.ended = True
            self.done.set()
            server.wake()

    def transcript(self) -> Transcript:
        """Record what has happened until now."""
        events = [Event(_BY[step.call], step.event) for step in self.server.steps]
        running = not self.done.is_set()
        error: Optional[BaseException] = None if running else self.outcome.error
        return Transcript(self.client.conversation, self.style, events, error, (), running)

    async def end(self, timeout: float) -> Transcript:
        """Wait until the application has ended. Raises `StillRunning` if it has not after ``timeout``."""
        with sys.modules["trio"].move_on_after(timeout):
            await self.done.wait()
        if not self.done.is_set():
            transcript = self.transcript()
            problem = f"after {timeout:g} seconds it has not ended"
            raise StillRunning(f"{problem}\n{transcript}", transcript=transcript)
        return self.transcript()


async def converse_on_trio(
    call: Call, style: Style, conversation: Conversation, *, lifespan: bool, timeout: float
) -> Transcript:
    """Hold a conversation on trio, with or without startup and shutdown around it."""
    trio: Any = sys.modules["trio"]
    failure: Optional[Exception] = None
    transcript: Any = None
    async with trio.open_nursery() as nursery:
        life = TrioConversation(call, style, lifespan_conversation(), stay=True) if lifespan else None
        try:
            transcript = await _hold(nursery, life, TrioConversation(call, style, conversation), timeout)
        except Exception as error:  # out of the nursery it would be in an ExceptionGroup
            failure = error
        nursery.cancel_scope.cancel()
    if failure is not None:
        raise failure
    return transcript  # type: ignore[no-any-return]


async def _hold(
    nursery: Any, life: Optional[TrioConversation], session: TrioConversation, timeout: float
) -> Transcript:
    if life is not None:
        nursery.start_soon(life.play)
        await _started(life, timeout)
        state = life.client.conversation.scope.get("state")
        if state is not None:
            session.client.conversation.scope.setdefault("state", dict(state))
    nursery.start_soon(session.play)
    transcript = await session.end(timeout)
    if life is not None:
        await _stopped(life, timeout)
    return transcript


async def _started(life: TrioConversation, timeout: float) -> None:
    with sys.modules["trio"].move_on_after(timeout):
        await life.server.until(lambda: bool(life.client.startup) or life.done.is_set())
    if life.client.startup == "complete":
        return
    if life.client.startup:
        reason = life.client.message or "it gave no reason"
        raise AssertionError(f"the application failed to start: {reason}")
    if not life.done.is_set():
        raise StillRunning(f"after {timeout:g} seconds it has not started", transcript=life.transcript())
    if life.server.steps and life.outcome.error is not None:
        text = f"the application failed to start:\n{life.transcript()}"
        raise AssertionError(text) from life.outcome.error


async def _stopped(life: TrioConversation, timeout: float) -> None:
    if life.done.is_set():
        return
    life.client.shut_down()
    life.server.wake()
    transcript = await life.end(timeout)
    if life.client.shutdown == "failed" or transcript.error is not None:
        raise AssertionError(f"the application failed to shut down:\n{transcript}") from transcript.error
