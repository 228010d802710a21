"""Which of the rules that need memory are alive."""

from __future__ import annotations

from .._messages import specification
from .http import HttpExchange
from .http_legacy import LegacyHttpExchange
from .http_rewriting import RewritingHttpExchange
from .lost import PATIENCE
from .websocket import WebSocketSession

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Optional

    from .._messages.compile import CompiledRules
    from .._messages.servers import Server
    from .._types import Repair


def sessions_of(policy: Policy) -> Dict[str, Any]:
    """Return the class of a connection by the type of its scope; None for lifespan, which is run."""
    http: Any = HttpExchange
    if policy.plan.direction == specification.B:
        http = LegacyHttpExchange
    elif policy.joins or policy.request_type or policy.old_content:
        http = RewritingHttpExchange
    return {"http": http, "websocket": WebSocketSession, "lifespan": None}


class Policy:
    """Which of the rules that need memory are alive, read off a plan once an adapter.

    Each attribute is the id of the rule to report, or None when its row is not in the table or a
    quirk has switched it off.
    """

    __slots__ = (
        "bodiless", "closes_after", "closes_before", "cancels", "connect_first", "denies", "drops_unknown",
        "ended", "finish", "finishes_after_error", "first_message", "hold", "hold_chunk", "joins",
        "joins_denial", "no_empty", "repeats", "request_type", "old_content", "own_close", "patience",
        "swallow", "disconnects", "implicit", "narrow_codes", "drops_reason", "connects_once",
        "keeps_context", "unknown", "quirks", "plan", "http", "listens", "request", "websocket", "received",
        "server",
    )  # fmt: skip

    def __init__(self, plan: CompiledRules, server: Optional[Server] = None) -> None:
        quirks: Any
        quirks, a = plan.quirks, plan.direction == specification.A

        def alive(of_a: str, of_b: str = "") -> Optional[str]:
            id = of_a if a else of_b
            return id if id in plan.rules else None

        self.plan = plan
        #: The row of the server, None for one that is not recognised.
        self.server = server
        self.http = plan.sent["http"]
        self.websocket = plan.sent["websocket"]
        self.received = plan.received
        self.request: Repair = plan.received["http.request"]
        self.quirks = quirks
        self.hold = (alive("A28") if quirks.defer_start else None) if a else alive("", "B19")
        self.finish = alive("A28", "B19")
        self.finishes_after_error = alive("A41", "B40")
        self.no_empty = alive("", "B19")
        self.hold_chunk = self.no_empty if quirks.hold_last_chunk else None
        self.bodiless = alive("A29", "B20")
        self.ended = alive("A30")
        self.swallow = alive("A31", "B22")
        #: How many sends to a client that has gone do nothing.
        self.patience = PATIENCE[quirks.raise_after_disconnect]
        self.listens = alive("A31") if quirks.raise_after_disconnect is not False else None
        self.joins = alive("A14") if quirks.join_body else None
        renamed = quirks.request_type != "http.request" and alive("A14")
        self.request_type = quirks.request_type if renamed else None
        self.old_content = alive("A14") if quirks.content_keys else None
        self.repeats = alive("A18", "B15")
        self.disconnects = alive("", "B15")
        self.first_message = alive("A32")
        self.implicit = alive("A34") if quirks.implicit_accept else None
        self.own_close = alive("A37")
        self.unknown = alive("A38", "B24")
        self.drops_unknown = alive("A38") if quirks.drop_unknown else None
        self.closes_after = alive("A44")
        self.closes_before = alive("A45")
        self.cancels = alive("A46")
        self.joins_denial = alive("A47")
        self.denies = self.joins_denial if a else (alive("", "B30") and alive("", "B37"))
        self.connect_first = alive("A49")
        self.keeps_context = alive("A51")
        #: Close codes are checked against what daphne accepts.
        self.narrow_codes = alive("A35", "B28")
        #: The reason of a close before accept is dropped unread.
        self.drops_reason = alive("A35")
        #: A connect that comes again after the application's close is a disconnect.
        self.connects_once = alive("A49", "B16")
