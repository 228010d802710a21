"""What an application makes of a body that comes in pieces."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Optional, Tuple

from asgi_compat._harness.events import field_of, type_of
from asgi_compat._text import plural

from .barest import Again, Observe
from .findings import Found
from .observation import Observation, Rerun
from .scripts import Script
from .symptoms import symptom

_Answer = Tuple[Optional[int], bytes]


def answer_of(seen: Observation) -> _Answer:
    """Return the status and the body of a response."""
    body = b""
    for step in seen.steps:
        if step.call == "send" and type_of(step.event) == "http.response.body":
            part = field_of(step.event, "http.response.body", "body")
            body += part if isinstance(part, bytes) else b""
    return seen.status, body


def pieces(script: Script) -> List[bytes]:
    """Return the pieces of the body of a request."""
    return [event.get("body", b"") for event in script.conversation.events]


def in_one_piece(script: Script, body: bytes, what: str) -> Script:
    """Return the same request with another body, which comes in one piece."""
    scope = dict(script.conversation.scope)
    scope["headers"] = [
        (name, b"%d" % len(body) if name == b"content-length" else value) for name, value in scope["headers"]
    ]
    events: Tuple[Dict[str, Any], ...] = ({"type": "http.request", "body": body, "more_body": False},)
    name = f"{script.name} ({what})"
    return script._replace(conversation=script.conversation._replace(name=name, scope=scope, events=events))


def _without_the_first(script: Script) -> Script:
    """Return the same request with nothing in its first piece."""
    emptied = in_one_piece(script, b"".join(pieces(script)[1:]), "without the first piece")
    events = ({**script.conversation.events[0], "body": b""}, *script.conversation.events[1:])
    return emptied._replace(conversation=emptied.conversation._replace(events=events))


def sent_in_pieces(seen: Observation) -> bool:
    """Return whether this is a request whose body came in pieces, and the application looked at it."""
    events = seen.script.conversation.events
    return seen.protocol == "http" and len(events) > 1 and seen.received > 0 and not seen.script.varies


async def cut_short(seen: Observation, observe: Observe, again: Again) -> Optional[Found]:
    """Compare the answer to a body in pieces with the answer to the same body in one piece."""
    parts, answer = pieces(seen.script), answer_of(seen)
    whole = in_one_piece(seen.script, b"".join(parts), "in one piece")
    expected = answer_of(await observe(whole))
    # What differs from one request to the next, such as a time, says nothing.
    if answer == expected or answer_of(await observe(whole)) != expected:
        return None
    if expected[0] is None and answer == answer_of(await observe(_without_the_first(seen.script))):
        left_out = "it leaves out the first piece; has something before it, a middleware, read that?"
        return _cut(seen, answer, expected, left_out, Rerun("it leaves it out there, too", False))
    if answer_of(await observe(in_one_piece(seen.script, b"", "empty"))) == expected:
        # It makes nothing of a body in one piece, which is the last piece.
        return _cut(seen, answer, expected, "it drops the last piece", Rerun("it drops it there, too", False))
    read = await _read(seen, parts, answer, observe)
    if read is None and (answer[0] or 0) < 400 and (expected[0] or 0) >= 400:
        return None
    rerun = await again(seen.script._replace(whole=expected))
    return _cut(seen, answer, expected, read or "the answer is not that to the whole body", rerun)


def _cut(seen: Observation, answer: _Answer, expected: _Answer, read: str, rerun: Rerun) -> Found:
    return symptom(
        "cut short", seen.name, fixed=rerun.helps, outcome=rerun.text, read=read,
        pieces=str(len(pieces(seen.script))), answer=_shown(answer), expected=_shown(expected),
    )  # fmt: skip


async def _read(seen: Observation, parts: List[bytes], answer: _Answer, observe: Observe) -> Optional[str]:
    """Describe which pieces an answer is about: the same answer to these pieces in one."""
    for what, body in _readings(parts):
        if answer_of(await observe(in_one_piece(seen.script, body, what))) == answer:
            return f"it read {what}"
    return None


def _readings(parts: List[bytes]) -> Iterator[Tuple[str, bytes]]:
    yield "the first piece only", parts[0]
    yield "all but the last piece", b"".join(parts[:-1])
    yield "the last piece only", parts[-1]
    yield "nothing", b""


def _shown(answer: _Answer) -> str:
    status, body = answer
    if status is None:
        return "not at all"
    return f"{status}, {plural(len(body), 'byte')}"


def taken_for_the_end(seen: Observation) -> Optional[Found]:
    """Return whether an application took a disconnect in the middle of an upload for its end."""
    conversation = seen.script.conversation
    left_early = conversation.disconnect == 0 and bool(conversation.events)
    if seen.protocol != "http" or not left_early or not seen.told:
        return None
    heard = ""
    for step in seen.steps:
        if step.call == "receive":
            heard = type_of(step.event)
        elif heard == "http.disconnect" and type_of(step.event) == "http.response.start":
            return _taken(seen) if (seen.status or 500) < 400 else None
    return None


def _taken(seen: Observation) -> Found:
    got = sum(map(len, pieces(seen.script)))
    return symptom("cut upload", seen.name, got=str(got), status=str(seen.status))
