"""What was sent natively is sent once more, through `to_asgi3`."""

from __future__ import annotations

import asyncio
import functools
import time
from typing import Any, List, Tuple

import pytest

from asgi_compat import to_asgi3
from asgi_compat._harness.recorder import Step
from asgi_compat.check.observation import Replayed
from asgi_compat.check.replay import replay
from asgi_compat.check.scripts import Asked, scripts

from .applications import ACCEPT, BODY, CLOSE, START

SCRIPT = next(scripts(Asked(["/"], ["GET"], [], False)))


def replayed(*events: Any, doubled: bool = False, returned: bool = True) -> Tuple[Replayed, ...]:
    style = "double" if doubled else "single"

    def adapt(app: Any, on_repair: Any) -> Any:
        return to_asgi3(app, style=style, lifespan="on", on_repair=on_repair)

    steps = [Step("send", event) for event in events]
    return asyncio.run(replay(SCRIPT, steps, adapt, doubled=doubled, returned=returned))


def rules(rows: Tuple[Replayed, ...]) -> List[Any]:
    return [[rule for rule, _, _ in row.repairs] or getattr(row.refused, "rule", None) for row in rows]


@pytest.mark.parametrize("doubled", [False, True])
def test_replay_repairs_and_refusals_stand_by_their_event(doubled: bool) -> None:
    """The last row is the return."""
    rows = replayed({**START, "status": "200"}, {**BODY, "body": 3}, doubled=doubled)
    assert rules(rows) == [["A23"], "A27", None]
    assert [row.at_return for row in rows] == [False, False, True]


def test_replay_refused_event_has_a_stand_in() -> None:
    """The next event is judged as if it had been right."""
    assert rules(replayed({**START, "status": 700}, BODY)) == ["A23", None, None]


def test_replay_event_after_the_end_is_dropped() -> None:
    """Without a word of `to_asgi3`."""
    assert [row.dropped for row in replayed(START, BODY, BODY)] == [False, False, True, False]


def test_replay_repeated_disconnect_is_asked_for_once() -> None:
    """`to_asgi3` may wait where it is asked again, and the replay with it."""
    script = list(scripts(Asked(["/"], ["GET"], [], False)))[-1]
    steps = [
        Step("receive", {"type": "websocket.connect"}),
        Step("send", ACCEPT),
        *[Step("receive", {"type": "websocket.disconnect", "code": 1000})] * 102,
        Step("send", CLOSE),
    ]

    def adapt(app: Any, on_repair: Any) -> Any:
        return to_asgi3(app, style="single", lifespan="on", on_repair=on_repair)

    began = time.monotonic()
    rows = asyncio.run(replay(script, steps, adapt, doubled=False, returned=True))
    assert len(rows) == 3 and time.monotonic() - began < 2


def test_replay_unfinished_response_belongs_to_the_return() -> None:
    """Unless the application did not return."""
    assert rules(replayed(START, doubled=True))[-1] == ["A28"]
    assert len(replayed(START, returned=False)) == 1
    assert (
        functools.reduce(lambda found, row: found + len(row.repairs), replayed(START, returned=False), 0) == 0
    )
