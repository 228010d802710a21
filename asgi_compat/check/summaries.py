"""What can be said only when everything has been seen."""

from __future__ import annotations

import re
from typing import Iterator, Sequence, Set

from .exceptions import describe
from .findings import Judgement, note
from .judges.raising import exception_key, outcome_of, raised
from .observation import Engagement, Observation
from .scripts import UNKNOWN_PATH
from .symptoms import symptom

#: What routers say of a path that they do not know.
_NO_ROUTE = re.compile(r"\b(?:route|path)\b", re.IGNORECASE)
_NAMES = {"http": "HTTP", "websocket": "WebSocket"}


def summarise(seen: Sequence[Observation]) -> Iterator[Judgement]:
    """Return the findings and notes about all observations together."""
    seen = [one for one in seen if not one.script.probe]
    yield from raised_at_scope(seen)
    yield from raised_at_lifespan(seen)
    yield from answered_with_an_error(seen)
    yield from http_without_response(seen)


def spoken_protocols(seen: Sequence[Observation]) -> Set[str]:
    """Return the protocols in which the application took part in a conversation."""
    connections = [one for one in seen if one.protocol in _NAMES]
    return {
        one.protocol
        for one in connections
        if one.engagement is Engagement.SPOKEN and (one.sent or one.received)
    }


def http_without_response(seen: Sequence[Observation]) -> Iterator[Judgement]:
    """An application that speaks WebSocket alone may return for HTTP, where servers answer 500."""
    speaks_websocket = "websocket" in spoken_protocols(seen)
    for one in seen:
        if one.protocol != "http" or not one.returned or one.sent or one.left or _refused_at_return(one):
            continue
        if speaks_websocket:
            yield note(one.name, "has no HTTP support: it returned without a response; servers answer 500")
        else:
            yield symptom("no response", one.name)


def _refused_at_return(one: Observation) -> bool:
    """`to_asgi3` refuses it for a double-callable, which is a finding already."""
    return any(each.at_return and each.refused is not None for each in one.replayed)


def raised_at_scope(seen: Sequence[Observation]) -> Iterator[Judgement]:
    """An application may raise for a protocol that it does not know, and for no other."""
    spoken = spoken_protocols(seen)
    for protocol, name in _NAMES.items():
        # For HTTP it has failed, unless WebSocket is what it speaks.
        speaks = protocol in spoken or (protocol == "http" and not spoken)
        for one in seen:
            if one.protocol != protocol or one.engagement is not Engagement.AT_SCOPE or one.error is None:
                continue
            if one.script.path == UNKNOWN_PATH and not one.failed:
                text = f"raised {describe(one.error)}, which is a way to refuse: servers answer 500"
                yield note(one.name, text)
            elif speaks or one.failed:
                yield raised(
                    one.error, one.name, protocol, "called with the scope",
                    seconds=one.seconds, makes=outcome_of(one),
                )  # fmt: skip
            else:
                yield note(one.name, _refusal(name, one.error))


def _refusal(name: str, error: BaseException) -> str:
    what = f"has no {name} support, which is permitted"
    if _NO_ROUTE.search(str(error)):
        what = f"serves no {name} at this path (--path sets another)"
    return f"{what}: it raised {describe(error)}"


def raised_at_lifespan(seen: Sequence[Observation]) -> Iterator[Judgement]:
    """A mistake before the first receive(); the same as in the connections is one finding with theirs."""
    for one in seen:
        if one.protocol == "lifespan" and one.engagement is Engagement.SILENT and one.failed:
            assert one.error is not None
            found = raised(
                one.error, one.name, "lifespan", "before its first receive()",
                seconds=one.seconds, makes=outcome_of(one), name="mistake",
            )  # fmt: skip
            yield found._replace(key=exception_key(one.error, ""))


def answered_with_an_error(seen: Sequence[Observation]) -> Iterator[Judgement]:
    """A status of 400 and above may mean that the path is wrong."""
    for one in seen:
        if one.status is not None and one.status >= 400 and one.script.path != UNKNOWN_PATH:
            hint = "; --path sets another" if one.status == 404 else ""
            yield note(one.name, f"answered {one.status}{hint}")
