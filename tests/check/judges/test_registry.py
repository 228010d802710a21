"""Judges look at the observations that they are registered for."""

from __future__ import annotations

from typing import Iterator, List

from asgi_compat.check import judges
from asgi_compat.check.findings import Judgement, note
from asgi_compat.check.judges.registry import ANY, Judges
from asgi_compat.check.observation import Engagement, Observation

from ..observations import observed


def test_register_judge_sees_its_protocols_and_engagements_only() -> None:
    """In the order of registration."""
    registry = Judges()

    @registry.register("http", of=ANY)
    def every_request(seen: Observation) -> Iterator[Judgement]:
        yield note(seen.name, "every request")

    @registry.register("http", "websocket")
    def spoken(seen: Observation) -> Iterator[Judgement]:
        yield note(seen.name, "spoken")

    @registry.register("lifespan", of=(Engagement.SILENT,))
    def silent(seen: Observation) -> Iterator[Judgement]:
        yield note(seen.name, "silent")

    def texts(seen: Observation) -> List[str]:
        return [one.text for one in registry.judge(seen)]  # type: ignore[union-attr]

    assert texts(observed()) == ["every request", "spoken"]
    assert texts(observed(error=ValueError())) == ["every request"]
    assert texts(observed("websocket", received=2)) == ["spoken"]
    assert texts(observed("lifespan")) == ["silent"]


def test_judge_asks_every_registry() -> None:
    """An observation in which nothing is wrong has nothing."""
    assert list(judges.judge(observed(described="200"))) == []
    found = list(judges.judge(observed("lifespan")))
    assert [getattr(one, "rule", None) for one in found] == ["A4"]
    assert len(list(judges.judge(observed(lag=1.0, late=({},), value=3, uncancellable=True)))) == 4
