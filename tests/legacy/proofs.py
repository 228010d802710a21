"""The defects that reasons.py and hosts.py name, shown with an application that knows nothing of us.

    python -m tests.legacy.proofs [then]

Each is asked of the bare applications in bare/ on the servers that have it and on one that does not,
so that a question which cannot fail proves nothing.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterable, List, Sequence, Tuple

from . import environments
from .client import Http, Observation, Raw, Stop, Wait, WebSocket
from .frameworks import FRAMEWORKS, Framework
from .matrix import walk
from .servers import TODAY, Running, free_port

BARE = Path(__file__).resolve().parent / "bare"


@dataclass(frozen=True)
class Place:
    """A server of today, in the environment that holds its release for this Python."""

    server: str
    python: str = "3.12"

    def __str__(self) -> str:
        return self.server if self.python == "3.12" else f"{self.server} (of Python {self.python})"


@dataclass(frozen=True)
class Proof:
    """`steps` show `defect` on each of `on`, and `right` on `elsewhere`; both are what `observe` gives."""

    name: str
    asks: str
    steps: Sequence[Any]
    on: Tuple[Any, ...]
    defect: List[Any]
    elsewhere: Any
    right: List[Any]

    @property
    def observation(self) -> Observation:
        return Observation(self.name, self.steps)


def _json(value: Any) -> Dict[str, Any]:
    return {"status": 200, "headers": {"content-type": "application/json"}, "body": json.dumps(value)}


def _frames(*frames: Any, end: Any) -> Dict[str, Any]:
    return {"subprotocol": None, "frames": list(frames), "end": end}


def _both(server: str) -> Tuple[Place, Place]:
    return Place(server), Place(server, "3.8")


_CLOSED = _frames(end="closed by client")
_AFTER = {"text": "after"}

# The order is that in which a server is asked: the last one disturbs daphne for good.
PROOFS: Dict[str, Proof] = {
    proof.name: proof
    for proof in (
        Proof(
            "close code",
            "the close code that the client sent: 4321, then none",
            [
                WebSocket("/", [("close", 4321)]),
                Wait(0.3),
                Http("/code"),
                WebSocket("/", [("close without code",)]),
                Wait(0.3),
                Http("/code"),
            ],
            on=_both("hypercorn"),
            defect=[_CLOSED, _json(1006), _CLOSED, _json(1006)],
            elsewhere=Place("uvicorn"),
            right=[_CLOSED, _json(4321), _CLOSED, _json(1005)],
        ),
        Proof(
            "empty message",
            "an empty text, empty bytes and then a text sent to a WebSocket client",
            [WebSocket("/empty", [("receive", 1), ("close",)])],
            on=_both("daphne"),
            defect=[_frames(_AFTER, end="closed by client")],
            elsewhere=Place("uvicorn"),
            right=[_frames({"text": ""}, {"bytes": ""}, _AFTER, end="closed by client")],
        ),
        Proof(
            "denial",
            "a WebSocket refused with a denial response of 404",
            [WebSocket("/refuse")],
            on=_both("daphne"),
            defect=[{"nothing": "connection dropped"}],
            elsewhere=Place("uvicorn"),
            right=[{"refused": 404}],
        ),
        Proof(
            "close 1001",
            "a WebSocket closed by the application with 1001",
            [WebSocket("/close/1001")],
            on=_both("daphne"),
            defect=[_frames(end={"closed by server": 1011})],
            elsewhere=Place("uvicorn"),
            right=[_frames(end={"closed by server": 1001})],
        ),
        Proof(
            "no close code",
            "a WebSocket closed by the application with 4004, and one refused with a denial response of 404",
            [WebSocket("/close/4004"), WebSocket("/refuse")],
            on=(Place("granian", "3.8"),),
            defect=[_frames(end={"closed by server": 1005}), {"refused": 403}],
            elsewhere=Place("granian"),
            right=[_frames(end={"closed by server": 4004}), {"refused": 404}],
        ),
        Proof(
            "empty host",
            "the Host headers of an HTTP/1.0 request that has none",
            [Raw(b"GET /host HTTP/1.0\r\n\r\n")],
            on=_both("granian"),
            defect=[[{"status": 200, "body": '[""]'}]],
            elsewhere=Place("uvicorn"),
            right=[[{"status": 200, "body": "[]"}]],
        ),
        Proof(
            "late exception",
            "an exception after the first piece of a response, and one before a response",
            [Http("/error-late"), Http("/error")],
            on=_both("daphne"),
            defect=[
                {"status": 200, "headers": {}, "unfinished": True, "body": "the beginning"},
                {"nothing": "timeout"},
            ],
            elsewhere=Place("uvicorn"),
            right=[
                {"status": 200, "headers": {}, "unfinished": True, "body": "the beginning"},
                {"status": 500},
            ],
        ),
    )
}

# The same for the servers of 2019, by the name that hosts.py gives them; the application is an ASGI2 one.
_DAPHNES = ("daphne-2.3.0", "daphne-2.5.0")
PROOFS_THEN: Dict[str, Proof] = {
    proof.name: proof
    for proof in (
        Proof(
            "close code",
            "the close code that the client sent: 4321",
            [WebSocket("/", [("close", 4321)]), Wait(0.3), Http("/code")],
            on=("hypercorn-0.5.4",),
            defect=[_CLOSED, _json(None)],
            elsewhere="uvicorn-0.5.2",
            right=[_CLOSED, _json(4321)],
        ),
        Proof(
            "empty message",
            "an empty text, empty bytes and then a text sent to a WebSocket client",
            [WebSocket("/empty", [("receive", 1), ("close",)])],
            on=_DAPHNES,
            defect=[_frames(_AFTER, end="closed by client")],
            elsewhere="uvicorn-0.5.2",
            right=[_frames({"text": ""}, {"bytes": ""}, _AFTER, end="closed by client")],
        ),
        Proof(
            "denial",
            "a WebSocket refused with a denial response of 404",
            [WebSocket("/refuse")],
            on=("uvicorn-0.5.2", "uvicorn-0.6.1"),
            defect=[{"refused": 500}],
            elsewhere="hypercorn-0.5.4",
            right=[{"refused": 404}],
        ),
        Proof(
            "denial by daphne",
            "a WebSocket refused with a denial response of 404",
            [WebSocket("/refuse")],
            on=_DAPHNES,
            defect=[{"nothing": "connection dropped"}],
            elsewhere="hypercorn-0.5.4",
            right=[{"refused": 404}],
        ),
        Proof(
            "start-up",
            "whether the application was ever told of its start-up",
            [Http("/lifespan")],
            on=_DAPHNES,
            defect=[_json(False)],
            elsewhere="uvicorn-0.5.2",
            right=[_json(True)],
        ),
        Proof(
            "shutdown",
            "what the application did at its shutdown",
            [Stop()],
            on=_DAPHNES,
            defect=[{"shutdown wrote": None, "ended in time": True}],
            elsewhere="uvicorn-0.5.2",
            right=[{"shutdown wrote": "shut down", "ended in time": True}],
        ),
    )
}


def python_of(framework: Framework) -> str:
    """Which `Place.python` has the servers that this framework is run on."""
    return "3.8" if framework.today == "3.8" else "3.12"


# Any environment of that Python has the same servers; Channels' has asgiref besides.
_ENVIRONMENT = {"3.12": "channels-django30", "3.8": "quart06"}


def environment_of(place: Place) -> str:
    """The framework whose environment of today has the servers of this place."""
    return _ENVIRONMENT[place.python]


Seen = Dict[Any, Dict[str, List[Any]]]  # {place: {proof's name: what was seen}}


def places(proofs: Iterable[Proof]) -> List[Any]:
    """Every place that is needed, the control's too, each once."""
    return list({place: None for proof in proofs for place in (*proof.on, proof.elsewhere)})


def ask(place: Place) -> Dict[str, List[Any]]:
    """What a client sees of the bare ASGI3 application there."""
    python = environments.today(FRAMEWORKS[environment_of(place)])
    port = free_port()
    command = TODAY[place.server].command(python, "bare_asgi3:app", port, "")
    table = [p.observation for p in PROOFS.values() if place in p.on or place == p.elsewhere]
    with Running(command, port, [str(BARE)]) as running:
        return walk(table, running)


def table(proofs: Iterable[Proof], seen: Seen, kind: str) -> str:
    """What was seen, side by side, as Markdown."""
    lines = [f"| {kind} | on | shows | and on | shows |", "|---|---|---|---|---|"]
    for proof in proofs:
        for place in proof.on:
            lines.append(
                f"| {proof.asks} | {place} | {_short(seen[place][proof.name])} "
                f"| {proof.elsewhere} | {_short(seen[proof.elsewhere][proof.name])} |"
            )
    return "\n".join(lines)


def _short(seen: List[Any]) -> str:
    """The steps, each in as few words as tell it apart."""
    return "; ".join(f"`{_step(part)}`" for part in seen)


def _step(part: Any) -> str:
    if isinstance(part, list):
        return ", ".join(map(_step, part))
    if "frames" in part:
        frames = [json.dumps(value) for frame in part["frames"] for value in frame.values()]
        end = part["end"]
        return " ".join(frames + [f"closed with {end['closed by server']}" if isinstance(end, dict) else end])
    if "refused" in part:
        return f"refused with {part['refused']}"
    if "shutdown wrote" in part:
        return f"the end: {part['shutdown wrote'] or 'not told'}"
    if "nothing" in part:
        return str(part["nothing"])
    return " ".join(
        [str(part["status"]), part.get("body", "")] + ["unfinished"] * bool(part.get("unfinished"))
    ).strip()


def unproved(proofs: Iterable[Proof], seen: Seen) -> List[str]:
    """What was not as the proof says, in the places that were asked."""
    wrong = []
    for proof in proofs:
        for place in (*proof.on, proof.elsewhere):
            if place not in seen:
                continue
            wanted = proof.right if place == proof.elsewhere else proof.defect
            if seen[place][proof.name] != wanted:
                wrong.append(f"{proof.asks}, on {place}\n  saw {seen[place][proof.name]}\n  not {wanted}")
    return wrong


def main() -> int:
    if sys.argv[1:] == ["then"]:
        from .hosts import ask_bare

        proofs, kind = list(PROOFS_THEN.values()), "a bare ASGI2 application"
        seen: Seen = {place: ask_bare(place) for place in places(proofs)}
    else:
        proofs, kind = list(PROOFS.values()), "a bare ASGI3 application"
        seen = {place: ask(place) for place in places(proofs)}
    print(table(proofs, seen, kind))
    wrong = unproved(proofs, seen)
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
