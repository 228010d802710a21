"""Partials: an application whose scope, receive or send is bound already is not an application any more."""

from __future__ import annotations

from .callables import signature_of
from .decision import decide_if_any
from .verdict import Style, answer
from .vocabulary import ENVIRON, RECEIVE, ROLES, SCOPE, SEND, START_RESPONSE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from functools import partial
    from typing import Any, Optional

    from .decision import Rows
    from .signature import CallSignature
    from .verdict import Answer, Judge


class BoundCall:
    """The evidence about a partial that has bound arguments."""

    __slots__ = ("judge", "keywords", "signature", "value")

    def __init__(self, value: partial[Any], signature: CallSignature, judge: Judge) -> None:
        self.value = value
        self.signature = signature
        self.judge = judge
        #: The roles of the parameters that are bound by keyword.
        self.keywords = [ROLES[name] for name in value.keywords]


def _has_bound_a_scope(call: BoundCall) -> bool:
    scopes = [each for each in call.value.args if issubclass(type(each), dict) and "type" in each]
    return bool(scopes) or SCOPE in call.keywords


def _still_fits(call: BoundCall) -> bool:
    """Return whether the remaining arguments are those of a call that may be an application's."""
    signature = call.signature
    if signature.role(0) == ENVIRON or signature.role(1) == START_RESPONSE or signature.takes(3):
        return True
    return signature.takes(1) and not signature.takes(0) and signature.kind != "async"


def _has_bound_protocol_arguments(call: BoundCall) -> bool:
    partial_ = call.value
    whole = signature_of(partial_.func)
    is_application = call.judge(partial_.func)[0].is_application
    if partial_.args:
        bound = whole.names[: len(partial_.args)] if whole is not None else ()
        if is_application or SCOPE in [ROLES[name] for name in bound]:
            return True
    return is_application and (RECEIVE in call.keywords or SEND in call.keywords)


#: None: the remaining signature decides.
BOUND: Rows[BoundCall, Optional[Answer]] = (
    (lambda call: not call.value.args and not call.value.keywords, lambda call: None),
    (lambda call: call.signature.kind in ("generator", "async generator"), lambda call: None),
    (
        _has_bound_a_scope,
        lambda call: answer(
            Style.NOT_AN_APP,
            f"a partial that has already bound the scope, leaving {call.signature}",
            "that is what an application returns for one connection: pass the application",
        ),
    ),
    (_still_fits, lambda call: None),
    (
        _has_bound_protocol_arguments,
        lambda call: answer(
            Style.NOT_AN_APP,
            f"a partial that has already bound arguments of the ASGI call, leaving {call.signature}",
            "bind options only, and leave scope, receive and send to the server",
        ),
    ),
)


def decide_partial(value: partial[Any], signature: CallSignature, judge: Judge) -> Optional[Answer]:
    """Return the answer for a partial that has bound too much, or None when its signature decides."""
    return decide_if_any(BOUND, BoundCall(value, signature, judge))
