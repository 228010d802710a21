"""The registry of judges: small functions that look at one observation and return findings and notes."""

from __future__ import annotations

from typing import Callable, Iterator, List, NamedTuple, Tuple

from ..findings import Judgement
from ..observation import Engagement, Observation

CONNECTIONS = ("http", "websocket")
ALL = (*CONNECTIONS, "lifespan")
#: However far the application got into the conversation.
ANY = tuple(Engagement)

Judge = Callable[[Observation], Iterator[Judgement]]


class _Registered(NamedTuple):
    judge: Judge
    protocols: Tuple[str, ...]
    engagements: Tuple[Engagement, ...]


class Judges:
    """The judges of one subject. They run in the order in which they were registered."""

    def __init__(self) -> None:
        self._rows: List[_Registered] = []

    def register(
        self, *protocols: str, of: Tuple[Engagement, ...] = (Engagement.SPOKEN,)
    ) -> Callable[[Judge], Judge]:
        """Register a judge for these protocols, and for applications that got that far."""

        def add(judge: Judge) -> Judge:
            self._rows.append(_Registered(judge, protocols, of))
            return judge

        return add

    def judge(self, seen: Observation) -> Iterator[Judgement]:
        """Return what these judges find in an observation."""
        engagement = seen.engagement
        for row in self._rows:
            if seen.protocol in row.protocols and engagement in row.engagements:
                yield from row.judge(seen)
