"""How startup and shutdown went."""

from __future__ import annotations

from typing import Iterator

from ..exceptions import at_place, place_in
from ..findings import Judgement, note
from ..hints import hint, of_traceback
from ..observation import Observation
from ..symptoms import symptom
from .raising import outcome_of, raised
from .registry import Judges

A40_LIFESPAN_LEFT_EARLY = "A40"

JUDGES = Judges()


@JUDGES.register("lifespan")
def lifespan_answers(seen: Observation) -> Iterator[Judgement]:
    """How startup and shutdown went: the first of these that applies."""
    if "failed" in (seen.startup, seen.shutdown):
        phase = "startup" if seen.startup == "failed" else "shutdown"
        message = of_traceback(seen.message) or "it gave no reason"
        more = hint(message)
        message += f"; {more}" if more else ""
        yield symptom("reported", seen.name, phase=phase, message=message)
    elif seen.outcome.unanswered:
        place = at_place(place_in(seen.outcome.stack))
        yield symptom("no start-up", seen.name, seconds=seen.seconds, place=place)
    elif seen.ran_on and not seen.shutdown:
        makes, fixed = outcome_of(seen)
        yield symptom("no shutdown", seen.name, fixed=fixed, seconds=seen.seconds, outcome=makes)
    elif seen.error is not None:
        yield raised(
            seen.error, seen.name, "lifespan", "after startup", seconds=seen.seconds, makes=outcome_of(seen)
        )
    else:
        yield from _lifespan_notes(seen)


def _lifespan_notes(seen: Observation) -> Iterator[Judgement]:
    if not seen.told:
        yield note(seen.name, "ended before lifespan.shutdown: servers accept that", A40_LIFESPAN_LEFT_EARLY)
    elif not seen.shutdown:
        text = "ended at shutdown without lifespan.shutdown.complete: servers accept that"
        yield note(seen.name, text, A40_LIFESPAN_LEFT_EARLY)
    elif seen.ran_on:
        text = f"still ran {seen.seconds} after it had answered lifespan.shutdown: cancelled"
        yield note(seen.name, text)
