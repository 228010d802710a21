"""What can be said only when everything has been seen."""

from __future__ import annotations

from typing import Iterator, Sequence, Set

from .exceptions import describe
from .findings import Judgement, note
from .judges.raising import raised
from .observation import Engagement, Observation
from .scripts import UNKNOWN_PATH

_NAMES = {"http": "HTTP", "websocket": "WebSocket"}


def summarise(seen: Sequence[Observation]) -> Iterator[Judgement]:
    """Return the findings and notes about all observations together."""
    yield from raised_at_scope(seen)
    yield from answered_with_an_error(seen)


def spoken_protocols(seen: Sequence[Observation]) -> Set[str]:
    """Return the protocols in which the application took part in a conversation."""
    connections = [one for one in seen if one.protocol in _NAMES]
    return {
        one.protocol
        for one in connections
        if one.engagement is Engagement.SPOKEN and (one.sent or one.received)
    }


def raised_at_scope(seen: Sequence[Observation]) -> Iterator[Judgement]:
    """An application may raise for a protocol that it does not know, and for no other."""
    spoken = spoken_protocols(seen)
    for protocol, name in _NAMES.items():
        # For HTTP it has failed, unless WebSocket is what it speaks.
        speaks = protocol in spoken or (protocol == "http" and not spoken)
        for one in seen:
            if one.protocol != protocol or one.engagement is not Engagement.AT_SCOPE or one.error is None:
                continue
            if one.script.path == UNKNOWN_PATH:
                text = f"raised {describe(one.error)}, which is a way to refuse: servers answer 500"
                yield note(one.name, text)
            elif speaks:
                yield raised(one.error, one.name, protocol, "called with the scope", seconds=one.seconds)
            else:
                text = f"has no {name} support, which is permitted: it raised {describe(one.error)}"
                yield note(one.name, text)


def answered_with_an_error(seen: Sequence[Observation]) -> Iterator[Judgement]:
    """A status of 400 and above may mean that the path is wrong."""
    for one in seen:
        if one.status is not None and one.status >= 400 and one.script.path != UNKNOWN_PATH:
            hint = "; --path sets another" if one.status == 404 else ""
            yield note(one.name, f"answered {one.status}{hint}")
