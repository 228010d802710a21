"""Rows to fast functions on one scope or one event. Pure: no await, no memory, no knowledge of fields.

Laws

1. What an operation word of the table means stands in `OPS`, once. What a kind accepts stands in
   `KINDS`, once. The functions that a connection calls are made of the rows by `compile_table`.
2. Nothing is changed in place. Nothing to do gives the object that came in; something to do gives a
   new plain dict.
3. Two ways to the same answer. `walk` goes through the rows one by one and is the reference. The
   closures of `_fast` look at an event once and give it back when `walk` would do nothing to it, and
   hand it to `walk` otherwise. A test holds the two equal on well-formed, odd and hostile events.
4. An event can be wrong in a way that nobody can mend: `Unfit`, which becomes the error of whoever
   sent it. Nothing else leaves this room.
5. What is remembered between events is bounded: two sets of header names and of harmless, constant
   header lines, both emptied when they are full.

Why closures and not generated source: 25 to 50 ns an event, paid for in tracebacks and trust.
Why not one walk for all: it costs 5 to 10 times what the closure does on an event that is right.
"""

from __future__ import annotations

from .._errors import AppMessageError, ServerMessageError
from .apply import _as_dict, steps_of, walk
from .compact import _SharedScope, compact
from .fast import _fast, _fast_receive, _fast_scope
from .specification import APP, LONG_LIVED, START, WITH_ANY_HEADERS
from .table import STRUCTURE, TABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Optional, Tuple

    from .schema import Step

    Fix = Callable[..., Any]


class Plan:
    """The table, compiled for one direction, one choice of quirks and one listener.

    ``scopes`` maps a kind of scope to its function; ``received`` an event type of the server to its
    function (scope kinds share it: the types differ); ``sent`` a kind of scope to the functions by
    event type; ``renames`` the earlier types; ``rules`` the ids that are alive.
    """

    __slots__ = (
        "direction",
        "quirks",
        "note",
        "rules",
        "scopes",
        "received",
        "sent",
        "renames",
        "received_as",
        "splits",
        "known",
        "strict",
        "extensions",
        "unknown",
    )

    def __init__(self, direction: str, quirks: Any, note: Any, table: Any, strict: bool) -> None:
        self.direction = direction
        self.quirks = quirks
        self.note = note
        self.strict = strict
        self.rules = frozenset(row.id for row in table.rules)
        self.scopes: Dict[str, Fix] = {}
        self.received: Dict[str, Fix] = {}
        self.sent: Dict[str, Dict[str, Fix]] = {"http": {}, "websocket": {}, "lifespan": {}}
        self.renames: Dict[str, Any] = {}
        self.received_as: Dict[str, Any] = {}
        self.splits: Dict[str, Any] = {row.was: row for row in table.splits if row.rule[0] == direction}
        #: The functions for events of extensions, which pass where the scope announces them.
        self.extensions: Dict[str, Fix] = {}
        #: The function for events that have no row.
        self.unknown: Fix
        self.known: Dict[str, str] = {row.type: row.scope for row in table.events}


def compile_table(
    direction: str, quirks: Any, note: Any, table: Any = TABLE, *, strict: bool = False, fast: bool = True
) -> Plan:
    """Make the functions of one direction out of the rows.

    ``note`` is called for each repair (see `walk`). ``table`` may be a smaller table
    (`_rules.without`), ``fast=False`` leaves the closures out: both are for the tests. Raises
    LookupError for a table without a rule that is how the thing is built.
    """
    alive = {row.id for row in table.rules}
    lost = sorted(id for id in STRUCTURE if id[0] == direction and id not in alive)
    if lost:
        raise LookupError(f"the table has no row for {', '.join(lost)}, which is how the adapter is built")
    plan = Plan(direction, quirks, note, table, strict)
    # An event that we know nothing of may have headers all the same.
    headers = [step for kind in WITH_ANY_HEADERS for step in steps_of(table, direction, kind, quirks)]
    plan.unknown = _walker(tuple(headers), (), AppMessageError, note)
    for event in table.events:
        steps = steps_of(table, direction, event.type, quirks)
        blame: Any = AppMessageError if event.sender == APP else ServerMessageError
        checked = event.sender == APP
        rows = tuple(row for row in table.fields if row.type == event.type) if checked else ()
        slow = _walker(steps, rows, blame, note, event.type)
        if event.sender != APP and event.scope == "":
            plan.scopes[event.type] = _scope_function(event.type, steps, slow, fast)
        elif event.sender != APP:
            chosen = _fast(steps, slow) if fast else slow
            plan.received[event.type] = _fast_receive(steps, chosen) if fast else chosen
        elif event.extension is not None and event.scope == "http":
            plan.extensions[event.type] = slow
        elif event.extension is None or steps:
            if event.type == START:
                slow = _start_walker(slow)
            plan.sent[event.scope][event.type] = _fast(steps, slow) if fast else slow
    for row in table.renames:
        if row.rule[0] == direction:
            (plan.renames if row.sender == APP else plan.received_as)[row.was] = row
    return plan


def _walker(steps: Tuple[Step, ...], rows: Any, blame: Any, note: Any, kind: Optional[str] = None) -> Fix:
    if not steps and not rows:
        return lambda event, connection=None: event if type(event) is dict else _as_dict(event, blame, kind)

    def slow(event: Any, connection: Any = None) -> Any:
        return walk(steps, rows, blame, note, event, None if connection is None else connection.scope, kind)

    return slow


def _scope_function(kind: str, steps: Tuple[Step, ...], slow: Fix, fast: bool) -> Fix:
    chosen = _fast_scope(steps, slow) if fast and steps else slow
    return _compacted(chosen) if kind in LONG_LIVED else chosen


def _compacted(function: Fix) -> Fix:
    """Copy a scope that changes once more, into less memory: it is kept while the connection is open."""

    def scope_of(scope: Any, connection: Any = None) -> Any:
        out = function(scope, connection)
        return out if out is scope else compact(out, _SharedScope)

    return scope_of


def _start_walker(slow: Fix) -> Fix:
    """A start is walked, and its connection told: it counts the body."""

    def start(event: Any, connection: Any) -> Any:
        out = slow(event, connection)
        connection.take_start(out)
        return out

    return start
