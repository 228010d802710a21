"""What holds however far the application got."""

from __future__ import annotations

from typing import Iterator

from asgi_compat._harness.events import type_of

from ..findings import Judgement, note
from ..observation import Observation
from ..symptoms import symptom
from .registry import ALL, ANY, CONNECTIONS, Judges

#: Seconds for which the loop may be blocked without a note.
LAG = 0.5

JUDGES = Judges()


@JUDGES.register(*CONNECTIONS, of=ANY)
def blocked_for_a_moment(seen: Observation) -> Iterator[Judgement]:
    """The loop was blocked, and not for long enough to be interrupted."""
    if LAG < seen.lag < seen.timeout:
        text = f"blocked the event loop for {seen.lag:.1f} s: every other connection waited"
        yield note(seen.name, text)


@JUDGES.register(*CONNECTIONS, of=ANY)
def tasks_left_running(seen: Observation) -> Iterator[Judgement]:
    """Tasks that outlive the call."""
    for name in seen.tasks_left:
        yield note(seen.name, f"left a task running: {name}")


@JUDGES.register(*ALL, of=ANY)
def calls_never_awaited(seen: Observation) -> Iterator[Judgement]:
    """``send`` or ``receive`` without ``await``."""
    for step in seen.unawaited:
        yield symptom("unawaited", seen.name, step.call, what=step.call, event=type_of(step.event))
