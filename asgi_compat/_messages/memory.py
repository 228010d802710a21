"""Which rules need the memory of a connection, and by what name a connection knows them.

`Policy` of `_connections` has an attribute for each row: the id of the rule to report, or None where it is
not in the table or a quirk has switched it off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, NamedTuple, Optional

from .specification import A

if TYPE_CHECKING:
    from typing import FrozenSet


class Remembered(NamedTuple):
    """The rules of one decision, of applications of ASGI2 and of ASGI3; "" where there is none.

    Of several rules, apart by a space, all have to be there, and the last is the one to report.
    """

    of_a: str
    of_b: str
    #: The quirk of each direction that switches it off by False.
    quirk_a: Optional[str] = None
    quirk_b: Optional[str] = None


#: The rule that refuses what is not an event.
NOT_AN_EVENT = "A38"

#: The rule about a message on a WebSocket before its accept.
BEFORE_ACCEPT = "A34"

REMEMBERED: Dict[str, Remembered] = {
    # The start is held until its body.
    "hold": Remembered("A28", "B19", quirk_a="defer_start"),
    # A response that the application leaves open is finished.
    "finish": Remembered("A28", "B19"),
    # The same before an exception of the application goes on.
    "finishes_after_error": Remembered("A41", "B40"),
    # No empty chunk in the middle of a body.
    "no_empty": Remembered("", "B19"),
    # One chunk is held, so that the last is not empty.
    "hold_chunk": Remembered("", "B19", quirk_b="hold_last_chunk"),
    # No body for 204, 304 and HEAD.
    "bodiless": Remembered("A29", "B20"),
    # What comes after the end is ignored.
    "ended": Remembered("A30", ""),
    # Sends to a client that has gone do nothing, for a time; somebody listens for its going.
    "swallow": Remembered("A31", "B22"),
    "listens": Remembered("A31", "", quirk_a="raise_after_disconnect"),
    # The request body in one message, under its type, and by its names of 2017.
    "joins": Remembered("A14", "", quirk_a="join_body"),
    "renames_request": Remembered("A14", ""),
    "old_content": Remembered("A14", "", quirk_a="content_keys"),
    # A request or a disconnect that the server gives again.
    "repeats": Remembered("A18", "B15"),
    # The adapter says that the client has gone once the response is out.
    "disconnects": Remembered("", "B15"),
    # The message that an accept may carry.
    "first_message": Remembered("A32", ""),
    # A message before accept accepts.
    "implicit": Remembered("A34", "", quirk_a="implicit_accept"),
    # What comes after the application's own close is ignored.
    "own_close": Remembered("A37", ""),
    # Events that nothing announces are refused, or dropped.
    "unknown": Remembered("A38", "B24"),
    "drops_unknown": Remembered("A38", "", quirk_a="drop_unknown"),
    # A WebSocket that is left open is closed, and one that is not answered is refused.
    "closes_after": Remembered("A44", "B41"),
    "closes_before": Remembered("A45", "B42"),
    # A close interrupts a receive that waits.
    "cancels": Remembered("A46", ""),
    # A denial response in one part; one that is not offered becomes a close.
    "joins_denial": Remembered("A47", ""),
    "denies": Remembered("A47", "B30 B37"),
    # websocket.connect is read before the answer to it.
    "connect_first": Remembered("A49", ""),
    # A connect that comes again after the application's close is a disconnect.
    "connects_once": Remembered("A49", "B16"),
    # The server is called in the context of the request.
    "keeps_context": Remembered("A51", ""),
    # A second start after the first has been sent names it.
    "second_start": Remembered("A28", ""),
    # What the application returns is not given to the server; in place of a response it is named.
    "discards": Remembered("A3", "B3"),
    # The constructor runs in a thread.
    "constructs_in_thread": Remembered("A2", "", quirk_a="constructor_in_thread"),
    # An application without lifespan support is answered for.
    "answers_lifespan": Remembered("A4", "B33"),
    # An application that lets shutdown pass is given it by its name of 2018.
    "cleanup": Remembered("A20", "", quirk_a="lifespan_cleanup"),
    # A failed start is raised, a failed shutdown logged, and the end has its name of 2018, on old servers.
    "raises_failed_start": Remembered("", "B31"),
    "logs_failed_stop": Remembered("", "B32"),
    "cleanup_answer": Remembered("", "B34"),
    # The start-up of a loop where nobody has sent lifespan is run before its first connection.
    "lazy_lifespan": Remembered("A55", "B35", quirk_a="lazy_lifespan", quirk_b="lazy_lifespan"),
    # Close codes are checked against what daphne accepts.
    "narrow_codes": Remembered("A35", "B28"),
    # The reason of a close before accept is dropped unread.
    "drops_reason": Remembered("A35", ""),
}


def remembered_rules(direction: str, quirks: Any, rules: FrozenSet[str]) -> Dict[str, Optional[str]]:
    """Return the rule to report for each row of REMEMBERED, None where it does not apply.

    ``rules`` has the ids of the rules that are in the table.
    """
    found: Dict[str, Optional[str]] = {}
    for name, row in REMEMBERED.items():
        text, quirk = (row.of_a, row.quirk_a) if direction == A else (row.of_b, row.quirk_b)
        ids = text.split()
        applies = ids and rules.issuperset(ids) and (quirk is None or getattr(quirks, quirk) is not False)
        found[name] = ids[-1] if applies else None
    return found
