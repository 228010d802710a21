"""How the call of the application ended."""

from __future__ import annotations

from typing import Iterator

from asgi_compat._harness.events import type_of
from asgi_compat._text import plural, safe_repr

from .. import shapes
from ..exceptions import at_place, describe, place_in, place_of
from ..findings import Judgement, note
from ..observation import Observation
from ..options import quirk
from ..symptoms import symptom
from .raising import outcome_of, raised, why_tolerated
from .registry import ALL, CONNECTIONS, Judges

#: Seconds without a body after which a client of an event stream has noticed.
ALONE = 0.2

#: What helps an application that reads a piece of a body for all of it.
JOINED = quirk("join_body", True).option

#: What a client waits for, and what the application has to send.
_ANSWERS = {
    "http": ("response", ""),
    "websocket": (
        "answer to websocket.connect",
        "; websocket.accept or websocket.close answers it (self.accept() or self.close() in a consumer)",
    ),
}

JUDGES = Judges()


@JUDGES.register(*CONNECTIONS)
def sent_late(seen: Observation) -> Iterator[Judgement]:
    """Events that were sent after the application had returned."""
    if seen.late:
        yield symptom("late", seen.name, event=type_of(seen.late[0]))


@JUDGES.register(*CONNECTIONS)
def exception_left(seen: Observation) -> Iterator[Judgement]:
    """An exception left the application."""
    error = seen.error
    if error is None or seen.outcome.unanswered:
        # What it raised once its time was up is about the end of the conversation: see did_not_end.
        return
    tolerated = why_tolerated(seen)
    if tolerated:
        yield note(seen.name, f"raised {describe(error)} {tolerated}")
        return
    heard = _heard(seen.last_received)
    unexpected = seen.script.surprises and seen.rerun is not None and not seen.rerun.helps
    if unexpected and isinstance(error, Exception):
        place = at_place(place_of(error))
        text = f"raised {describe(error)}{place} when it received {heard}, which it does not expect"
        yield note(seen.name, text)
        return
    when = f"after {heard}{_took_a_piece(seen)}"
    yield raised(error, seen.name, seen.protocol, when, seconds=seen.seconds, makes=outcome_of(seen))


def _took_a_piece(seen: Observation) -> str:
    """Report that the application took a piece of a body for all of it: it does not raise for one piece."""
    if seen.rerun is None or not seen.rerun.helps or seen.rerun.option != JOINED:
        return ""
    read = "the first piece" if seen.received == 1 else "a piece"
    return f"; it read {read} only, and a body comes in pieces, until more_body is False"


@JUDGES.register(*CONNECTIONS)
def did_not_end(seen: Observation) -> Iterator[Judgement]:
    """The application did not end in time: the first of these that applies."""
    outcome = seen.outcome
    if seen.error is not None and not outcome.unanswered:
        return
    if outcome.unanswered:
        what, answers = _ANSWERS[seen.protocol]
        makes, fixed = outcome_of(seen)
        yield symptom(
            "silent", seen.name, fixed=fixed, protocol=seen.protocol, what=what, seconds=seen.seconds,
            how=_waits(seen), outcome=makes, answers=answers,
        )  # fmt: skip
    elif outcome.said_all:
        how = "still worked" if outcome.ignored_disconnect else "worked on for more than"
        cancelled = ": cancelled" if outcome.ignored_disconnect else ""
        yield note(seen.name, f"{how} {seen.seconds} after it had sent everything{cancelled}")
    elif outcome.ignored_disconnect:
        yield _stays(seen)
    elif outcome.overtime:
        yield note(seen.name, "does not end by itself; it ended when the client left")


@JUDGES.register("websocket")
def close_code_that_nobody_sees(seen: Observation) -> Iterator[Judgement]:
    """A close before accept is a response of HTTP: it has no code."""
    if seen.refused and not seen.open and seen.closed not in (None, 1000):
        text = (
            f"closed with code {safe_repr(seen.closed)} before it accepted: the client sees a response, 403,"
            " and no code; accept first, and close then"
        )
        yield note(seen.name, text, "A35")


@JUDGES.register("http")
def headers_held_back(seen: Observation) -> Iterator[Judgement]:
    """Servers may keep the headers until the first body: an event stream is not open before."""
    if not seen.streams_events or seen.alone < ALONE:
        return
    text = (
        f"sent the start of an event stream and no body for {seen.alone:.1f} s: a server may hold the headers"
        " back until the first body, and the client waits; send an empty body with more_body=True at once"
    )
    yield note(seen.name, text, "A28")


@JUDGES.register(*CONNECTIONS)
def ignored_cancellation(seen: Observation) -> Iterator[Judgement]:
    """Servers cancel what still runs at shutdown."""
    if seen.outcome.uncancellable:
        yield symptom("immortal", seen.name, protocol=seen.protocol)


@JUDGES.register(*ALL)
def returned_a_value(seen: Observation) -> Iterator[Judgement]:
    """Nothing is to be returned."""
    value = seen.outcome.value
    if value is not None:
        yield symptom("returned", seen.name, shapes.types_in(value, 0), value=safe_repr(value))


def _stays(seen: Observation) -> Judgement:
    """Make the finding that the application did not end after the client had left."""
    told = "it received the disconnect, and went on" if seen.told else "it did not call receive()"
    count = seen.sent_after_leaving
    sent = f", sent {plural(count, 'event')} to nobody" if count else ""
    makes, fixed = outcome_of(seen)
    if seen.ends_at_oserror:
        told += "; it ends where send() raises OSError, as from spec_version 2.4 on"
    elif not fixed:
        makes = "gives the same event; only the application can stop"
    return symptom(
        "stays", seen.name, fixed=fixed, protocol=seen.protocol, sent=sent, told=told, outcome=makes
    )


def _waits(seen: Observation) -> str:
    """Describe what the application waited for when its time was up, and where."""
    outcome = seen.outcome
    place = at_place(place_in(outcome.stack))
    heard = outcome.heard
    if not outcome.receiving or not isinstance(heard, dict):
        return f"it had received {_heard(heard)}{place}"
    if seen.protocol == "http" and not heard.get("more_body"):
        return (
            f"receive() was called again after the end of the body{place};"
            " has something before it, a middleware, read the body?"
        )
    return f"receive() was called again after {_heard(heard)}{place}"


def _heard(event: object) -> str:
    if event is None:
        return "no event at all"
    rest = {key: value for key, value in event.items() if key != "type"} if isinstance(event, dict) else {}
    return type_of(event) + (f" {safe_repr(rest)}" if rest else "")
