"""Which of the rules that need memory are alive."""

from __future__ import annotations

from .._messages import specification
from .._messages.memory import REMEMBERED, remembered_rules
from .http import HttpExchange
from .http_legacy import LegacyHttpExchange
from .http_rewriting import RewritingHttpExchange
from .http_states import usual_rows
from .lost import PATIENCE
from .websocket import WebSocketSession

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Optional, Type

    from .._messages.compile import CompiledRules
    from .._messages.servers import Server
    from .._types import Repair


def sessions_of(policy: Policy) -> Dict[str, Any]:
    """Return the class of a connection by the type of its scope; None for lifespan, which is run."""
    return {"http": _http_class(policy), "websocket": WebSocketSession, "lifespan": None}


def _http_class(policy: Policy) -> Type[HttpExchange]:
    if policy.plan.direction == specification.B:
        return LegacyHttpExchange
    rewrites = policy.joins or policy.request_type or policy.old_content
    return RewritingHttpExchange if rewrites else HttpExchange


class Policy:
    """Which of the rules that need memory are alive, read off a plan once an adapter.

    Each attribute that has a row in REMEMBERED is the id of the rule to report, or None when its row is not
    in the table or a quirk has switched it off. See there what each means.
    """

    __slots__ = (*REMEMBERED, "plan", "server", "quirks", "http", "websocket", "received", "request",
                 "patience", "request_type", "usual")  # fmt: skip

    answers_lifespan: Optional[str]
    bodiless: Optional[str]
    cancels: Optional[str]
    closes_after: Optional[str]
    closes_before: Optional[str]
    cleanup: Optional[str]
    cleanup_answer: Optional[str]
    connect_first: Optional[str]
    connects_once: Optional[str]
    constructs_in_thread: Optional[str]
    denies: Optional[str]
    discards: Optional[str]
    disconnects: Optional[str]
    drops_reason: Optional[str]
    drops_unknown: Optional[str]
    ended: Optional[str]
    finish: Optional[str]
    finishes_after_error: Optional[str]
    first_message: Optional[str]
    hold: Optional[str]
    hold_chunk: Optional[str]
    implicit: Optional[str]
    joins: Optional[str]
    joins_denial: Optional[str]
    keeps_context: Optional[str]
    lazy_lifespan: Optional[str]
    listens: Optional[str]
    logs_failed_stop: Optional[str]
    narrow_codes: Optional[str]
    no_empty: Optional[str]
    old_content: Optional[str]
    own_close: Optional[str]
    raises_failed_start: Optional[str]
    renames_request: Optional[str]
    repeats: Optional[str]
    second_start: Optional[str]
    swallow: Optional[str]
    unknown: Optional[str]

    def __init__(self, plan: CompiledRules, server: Optional[Server] = None) -> None:
        self.plan = plan
        #: The row of the server, None for one that is not recognised.
        self.server = server
        quirks = self.quirks = plan.quirks
        self.http: Dict[str, Repair] = plan.sent["http"]
        self.websocket: Dict[str, Repair] = plan.sent["websocket"]
        self.received: Dict[str, Repair] = plan.received
        self.request: Repair = plan.received[specification.REQUEST]
        for name, rule in remembered_rules(plan.direction, quirks, plan.rules).items():
            setattr(self, name, rule)
        #: How many sends to a client that has gone do nothing.
        self.patience = PATIENCE[quirks.raise_after_disconnect]
        renamed = self.renames_request and quirks.request_type != specification.REQUEST
        #: The type under which the application knows the request, if it is an earlier one.
        self.request_type: Optional[str] = quirks.request_type if renamed else None
        #: The handler and the function of the usual event of each state of a response (`usual_rows`).
        self.usual = usual_rows(plan.right, _http_class(self).rows)
