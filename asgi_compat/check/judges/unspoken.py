"""Protocols that the application does not know."""

from __future__ import annotations

from typing import Iterator

from ..exceptions import describe
from ..findings import Judgement, note
from ..observation import Engagement, Observation
from .raising import raised
from .registry import Judges

A4_LIFESPAN_UNSUPPORTED = "A4"
A38_UNKNOWN_EVENT = "A38"
A45_NO_ANSWER = "A45"

JUDGES = Judges()


@JUDGES.register("websocket", of=(Engagement.FOREIGN,))
def websocket_answered_with_http(seen: Observation) -> Iterator[Judgement]:
    """The application does not look at its scope."""
    text = f"has no WebSocket support: it answers with {seen.first_sent}, which servers refuse"
    yield note(seen.name, text, A38_UNKNOWN_EVENT)


@JUDGES.register("websocket", of=(Engagement.SILENT,))
def websocket_not_answered(seen: Observation) -> Iterator[Judgement]:
    """The application returned for a WebSocket scope."""
    text = "has no WebSocket support: it returned without an answer; daphne hangs then"
    yield note(seen.name, text, A45_NO_ANSWER)


@JUDGES.register("lifespan", of=(Engagement.FOREIGN, Engagement.SILENT))
def lifespan_not_supported(seen: Observation) -> Iterator[Judgement]:
    """The application does not know lifespan, which is permitted."""
    if seen.failed:  # see summaries.raised_at_lifespan
        return
    if seen.engagement is Engagement.FOREIGN:
        text = (
            f"has no lifespan support: it answers lifespan.startup with {seen.first_sent}, and servers go on"
        )
    else:
        how = f"raised {describe(seen.error)}" if seen.error else "returned without an answer"
        text = f"has no lifespan support, which is permitted: it {how}"
    yield note(seen.name, text, A4_LIFESPAN_UNSUPPORTED)


@JUDGES.register("lifespan", of=(Engagement.FAILED,))
def lifespan_failed_unanswered(seen: Observation) -> Iterator[Judgement]:
    """The application received lifespan.startup and raised."""
    assert seen.error is not None
    helps = seen.rerun is not None and seen.rerun.helps
    outcome = "tells the server that startup has failed"
    if helps:
        outcome = "handles it on its behalf: it has no lifespan support"
    yield raised(
        seen.error, seen.name, "lifespan", "after lifespan.startup",
        seconds=seen.seconds, makes=(outcome, helps), name="no lifespan",
    )  # fmt: skip
