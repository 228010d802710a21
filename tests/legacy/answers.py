"""The captured answers, and which of them a server of today is held to.

Where the servers of 2019 agree there is one answer. Where they do not:

1. The least bad answers count: one that is no answer (timeout, dropped connection, a conversation
   cut short or left open) never counts when another server gave one, and an error (500, a WebSocket
   dropped) never counts when another server gave better.
2. Of these, an answer that only one family of servers gave (hypercorn's close codes, daphne's `http`
   in a WebSocket's URL) counts only for that family, as long as another answer was shared.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List

from .client import Observation

FOLDER = Path(__file__).resolve().parent / "truth"

Answers = Dict[str, List[Dict[str, Any]]]  # {observation: [{"on": [server, ...], "seen": [...]}, ...]}


def file_of(framework: str) -> Path:
    return FOLDER / f"{framework}.json"


def load(framework: str) -> Dict[str, Any]:
    loaded: Dict[str, Any] = json.loads(file_of(framework).read_text("utf-8"))
    return loaded


def badness(seen: Any) -> int:
    """0: nothing wrong. 1: an error, plainly told. 2: no answer, or one that never ends."""
    if isinstance(seen, list):
        return max(map(badness, seen), default=0)
    if not isinstance(seen, dict):
        return 0
    if "nothing" in seen or "unfinished" in seen or "cut short" in seen or seen.get("end") == "still open":
        return 2
    if 500 in (seen.get("status"), seen.get("refused")) or seen.get("end") == "dropped without a close frame":
        return 1
    return 0


def _family(server: str) -> str:
    return server.split("-")[0]


def accepted(
    observation: Observation, answers: List[Dict[str, Any]], server: str, lifespan: bool
) -> List[Any]:
    """What `server` may show for `observation`, given whether it speaks lifespan."""
    if observation.lifespan:
        # daphne never spoke it: its answer is the one without start-up, and only for its own kind.
        return [
            a["seen"] for a in answers if any(lifespan == (_family(name) != "daphne") for name in a["on"])
        ]
    least = min(badness(answer["seen"]) for answer in answers)
    best = [answer for answer in answers if badness(answer["seen"]) == least]
    families = [{_family(name) for name in answer["on"]} for answer in best]
    shared = least < 2 and any(len(names) > 1 for names in families)
    return [
        answer["seen"]
        for answer, names in zip(best, families)
        if not shared or len(names) > 1 or _family(server) in names
    ]


def agrees(observation: Observation, seen: List[Any], allowed: List[Any]) -> bool:
    """Is `seen` one of the allowed answers?

    A handshake that an old server answered 500, because the application raised or returned before
    accepting, may be any refusal: asgi_compat makes a return a 403 (A45), which agrees with it. How a
    WebSocket ends whose application raises was and is the server's choice, as long as it ends.
    """
    if seen in allowed:
        return True
    if observation.raises:
        return badness(seen) < 2 and _without_end(seen) in map(_without_end, allowed)
    return [{"refused": 500}] in allowed and len(seen) == 1 and "refused" in seen[0]


def _without_end(seen: List[Any]) -> List[Any]:
    return [{key: value for key, value in part.items() if key != "end"} for part in seen]
