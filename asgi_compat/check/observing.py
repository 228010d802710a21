"""Turn what the recording server and the loop know into an observation."""

from __future__ import annotations

import asyncio
from typing import Any, Set, Tuple

from asgi_compat._harness.ending import UNCANCELLABLE, Outcome, task_name
from asgi_compat._harness.recorder import Limits, ScriptedServer
from asgi_compat._text import safe_repr

from .observation import Observation
from .scripts import Script

#: How much of a conversation is kept to be judged, and after how much the client has seen enough.
LIMITS = Limits(kept_events=512, kept_bytes=4 * 1024 * 1024, seen_events=5_000, seen_bytes=64 * 1024 * 1024)
#: What only some clients have.
_OF_SOME = ("open", "refused", "closed", "startup", "shutdown", "message", "streams_events", "alone")


def observation(script: Script, server: ScriptedServer, outcome: Outcome, timeout: float) -> Observation:
    """Make an observation of a conversation that has ended."""
    client: Any = server.client
    return Observation(
        script=script,
        timeout=timeout,
        outcome=outcome,
        described=client.describe(),
        status=client.status,
        steps=tuple(server.steps),
        has_all_steps=server.has_all_steps,
        received=server.received,
        sent=server.sent,
        sent_unasked=server.sent_unasked,
        last_received=server.last_received,
        complete=client.complete,
        left=client.left,
        told=client.told,
        sent_after_leaving=server.sent_after_leaving,
        late=tuple(server.late),
        unawaited=tuple(server.take_unawaited()),
        **{name: getattr(client, name) for name in _OF_SOME if hasattr(client, name)},
    )


def new_tasks(known: Set[asyncio.Task[Any]]) -> Tuple[str, ...]:
    """Return the names of the tasks that are not known, which they are afterwards."""
    tasks = [
        task
        for task in asyncio.all_tasks() - known - {_current()}
        if not task.done() and task not in UNCANCELLABLE
    ]
    known.update(tasks)
    return tuple(name_of(task) for task in tasks)


def _current() -> asyncio.Task[Any]:
    task = asyncio.current_task()
    assert task is not None
    return task


def name_of(task: Any) -> str:
    """Return a name for a task, for people."""
    return task_name(task) or safe_repr(task)
