"""What cannot pass, by name, and why. A row that no run needs any more fails the run.

Every reason is one of section C of the rules (what no adapter can repair) or a defect that exists
without us, seen with an application of today's generation on the same server.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Sequence, Tuple

from .matrix import Failure, Result


@dataclass(frozen=True)
class Reason:
    """`observations` fail on `servers` for `frameworks` in `ways`, each all when empty, because of `why`."""

    why: str
    observations: Tuple[str, ...]
    servers: Tuple[str, ...] = ()
    frameworks: Tuple[str, ...] = ()
    ways: Tuple[str, ...] = ()
    # Fails in some runs only: a race in somebody else's code, and only if the server printed this.
    sometimes: str = ""


_WS_CODES = "hypercorn 0.18 tells every application, ASGI3 ones too, 1006 whatever code the client sent"
_WS_EMPTY = "daphne drops empty WebSocket messages on their way to the client (section C)"
_DENIAL = "daphne has no denial response: the refusal is a 403 whatever the application chose (section C)"
_LEAKED = (
    "now and then asgiref (3.3 and later) finds the executor of an earlier request, which has ended: perhaps "
    "the server starts a request in the context of the last one; with asgiref's own adapter too"
)
_GRANIAN_38 = "granian 1.6.4, the newest for Python 3.8, closes without a code and has no denial response"

REASONS: Sequence[Reason] = (
    Reason(
        _WS_CODES,
        (
            "ws class endpoint and close code",
            "ws closed without a code",
            "ws close code arrives",
            "ws disconnect code",
        ),
        servers=("hypercorn",),
    ),
    Reason(
        _WS_EMPTY,
        ("ws echo empty text", "ws echo empty bytes", "ws bytes, close 4002"),
        servers=("daphne",),
    ),
    Reason(
        _DENIAL, ("ws refused", "ws unknown route"), servers=("daphne",), frameworks=("quart08", "quart06")
    ),
    Reason(
        "the response is finished instead of cut off, or daphne would answer no failing request again (A41)",
        ("exception in the middle of a response",),
        servers=("daphne",),
    ),
    Reason(
        "daphne's WebSocket library refuses every close code below 3000 but 1000 (A35)",
        ("ws close code 1001",),
        servers=("daphne",),
    ),
    Reason(
        "granian gives a request without a Host header an empty one, which Django refuses",
        ("HTTP/1.0",),
        servers=("granian",),
        frameworks=("channels-django22", "channels-django30"),
    ),
    Reason(
        _GRANIAN_38,
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
    ),
    Reason(
        _LEAKED,
        (),
        servers=("uvicorn", "uvicorn-sansio", "uvicorn-wsproto", "hypercorn", "granian"),
        frameworks=("channels-django22", "channels-django30"),
        sometimes="CurrentThreadExecutor already quit or is broken",
    ),
)


def reason_for(result: Result, failure: Failure) -> Optional[Reason]:
    """The reason on record for this failure, or None."""
    cell = result.cell
    for reason in REASONS:
        if (
            (not reason.observations or failure.observation in reason.observations)
            and (not reason.servers or cell.server in reason.servers)
            and (not reason.frameworks or cell.framework in reason.frameworks)
            and (not reason.ways or cell.way in reason.ways)
            and (not reason.sometimes or (reason.sometimes in result.log and {"status": 500} in failure.seen))
        ):
            return reason
    return None
