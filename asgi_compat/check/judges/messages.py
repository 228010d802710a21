"""The shape and the order of messages."""

from __future__ import annotations

from typing import Iterator

from asgi_compat._harness.events import type_of

from .. import shapes
from ..findings import Judgement
from ..observation import Observation, Replayed
from ..symptoms import symptom
from .registry import ALL, Judges

#: The rules about what is sent after the end, which is dropped.
AFTER_THE_END = {"http": "A30", "websocket": "A37"}

JUDGES = Judges()


@JUDGES.register(*ALL)
def messages_repaired_or_refused(seen: Observation) -> Iterator[Judgement]:
    """What `to_asgi3` did with each event, and with what was left out."""
    refused = False
    for one in seen.replayed:
        yield from _repaired(one, seen.name, follows=refused and one.at_return)
        if one.refused is not None:
            # What has no rule is about the order, and follows from what was refused before.
            if not (refused and one.refused.rule is None):
                yield shapes.refused(
                    one.refused, one.event, seen.name, at_return=one.at_return, quirk=one.quirk
                )
            refused = True
        elif not one.at_return:
            yield from _accepted(one.event, seen.name)
        if one.dropped:
            yield _after_the_end(one.event, seen)
    if not refused and _is_unfinished(seen):
        yield shapes.unfinished(seen.name, fixed=False)


def _repaired(one: Replayed, name: str, *, follows: bool) -> Iterator[Judgement]:
    for rule, before, after in one.repairs:
        if not one.at_return:
            yield shapes.repaired(rule, before, after, name)
        elif not follows:
            yield shapes.unfinished(name)


def _is_unfinished(seen: Observation) -> bool:
    """Return whether a response was begun and not ended; `to_asgi3` ends those of old applications."""
    ended = any(one.at_return and one.repairs for one in seen.replayed)
    begun = seen.protocol == "http" and seen.sent > 0 and not seen.complete
    return begun and seen.returned and not seen.left and not ended


def _accepted(event: object, name: str) -> Iterator[Judgement]:
    yield from shapes.permitted(event, name)
    if not isinstance(event, dict):
        yield symptom("no dict", name, event=type_of(event), kind=type(event).__name__)


def _after_the_end(event: object, seen: Observation) -> Judgement:
    end = "the last body of the response" if seen.protocol == "http" else "its own websocket.close"
    return symptom("dropped", seen.name, event=type_of(event), end=end, rule=AFTER_THE_END[seen.protocol])


@JUDGES.register("websocket")
def websocket_connect_not_received(seen: Observation) -> Iterator[Judgement]:
    """Starlette refuses without reading it. Reading it after a close ends granian 2.8.7."""
    if seen.sent_unasked == 0 or not seen.sent:
        return
    unasked = [step.event for step in seen.steps if step.call == "send"][: seen.sent_unasked]
    if seen.sent_unasked and any(type_of(event) == "websocket.close" for event in unasked):
        yield symptom("unread", seen.name)
    elif seen.open or seen.sent_unasked:
        yield symptom("answered first", seen.name)._replace(letter=True)


@JUDGES.register("websocket")
def websocket_left_open(seen: Observation) -> Iterator[Judgement]:
    """The application returned before the connection was over."""
    if seen.returned and not seen.complete and not (seen.open and seen.told):
        yield symptom("open" if seen.open else "no answer", seen.name)
