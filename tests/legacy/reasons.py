"""What cannot pass, by name, and why. A row that no run needs any more fails the run.

Every reason is a defect of the server that exists without us: `proofs` name what shows it in the same
run, of an application of today's generation with nothing of ours around it, on the same server.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Sequence, Tuple

from .matrix import Cell, Failure, Result


@dataclass(frozen=True)
class Reason:
    """`observations` fail on `servers` for `frameworks` in `ways`, the last three all when empty."""

    why: str
    observations: Tuple[str, ...]
    servers: Tuple[str, ...] = ()
    frameworks: Tuple[str, ...] = ()
    ways: Tuple[str, ...] = ()
    # Of PROOFS.
    proofs: Tuple[str, ...] = ()


REASONS: Sequence[Reason] = (
    Reason(
        "hypercorn tells every application 1006 whatever code the client sent",
        (
            "ws class endpoint and close code",
            "ws closed without a code",
            "ws close code arrives",
            "ws disconnect code",
        ),
        servers=("hypercorn",),
        proofs=("close code",),
    ),
    Reason(
        "daphne drops empty WebSocket messages on their way to the client (section C)",
        ("ws echo empty text", "ws echo empty bytes", "ws bytes, close 4002"),
        servers=("daphne",),
        proofs=("empty message",),
    ),
    Reason(
        "daphne has no denial response: a refusal is a 403 whatever the application chose (section C)",
        ("ws refused", "ws unknown route"),
        servers=("daphne",),
        frameworks=("quart08", "quart06"),
        proofs=("denial",),
    ),
    Reason(
        "the response is finished instead of cut off, or daphne would answer no failing request again (A41)",
        ("exception in the middle of a response",),
        servers=("daphne",),
        proofs=("late exception",),
    ),
    Reason(
        "daphne's WebSocket library refuses every close code below 3000 but 1000 (A35)",
        ("ws close code 1001",),
        servers=("daphne",),
        proofs=("close 1001",),
    ),
    Reason(
        "granian gives an HTTP/1.0 request without a Host header an empty one, which Django refuses",
        ("HTTP/1.0",),
        servers=("granian",),
        frameworks=("channels-django22", "channels-django30"),
        proofs=("empty host",),
    ),
    Reason(
        "granian 1.6.4, the newest for Python 3.8, closes without a code and has no denial response",
        (
            "ws server speaks first",
            "ws accept and bytes",
            "ws scope, cookie and session",
            "ws refused",
            "ws unknown route",
            "ws gathered work",
        ),
        servers=("granian",),
        frameworks=("quart06",),
        proofs=("no close code",),
    ),
)


def reason_for(result: Result, failure: Failure) -> Optional[Reason]:
    """The reason on record for this failure, or None."""
    for reason in REASONS:
        if _may_fail(reason, result.cell, failure.observation):
            return reason
    return None


def _may_fail(reason: Reason, cell: Cell, observation: str) -> bool:
    return (
        observation in reason.observations
        and (not reason.servers or cell.server in reason.servers)
        and (not reason.frameworks or cell.framework in reason.frameworks)
        and (not reason.ways or cell.way in reason.ways)
    )
