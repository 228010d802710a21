"""Compile the rules into functions that validate and repair one scope or one event.

1. The meaning of an operation is in `operations`, and the values of a kind are in `kinds`. The functions
   that a connection calls are compiled from the rows of the table.
2. Nothing is changed in place. An event without a repair comes back as the same object.
3. There are two ways to each result. `apply.apply_steps` runs the steps one by one and is the reference. A
   function of `fast` looks at an event once, and calls the reference unless the event is already right. A
   test holds the two equal on well-formed, odd and hostile events.
4. Everything is synchronous. The only memory is two bounded caches of header names and constant lines.

Why closures and not generated source: it saves 25 to 50 ns an event, and costs tracebacks and trust.
Why not the reference alone: it takes 5 to 10 times as long for an event that is already right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Dict, Optional, Tuple, Type

from .._errors import AppMessageError, MessageError, ServerMessageError
from .apply import apply_steps, as_dict, select_steps
from .compact import SharedScope, compact
from .fast import fast_event, fast_receive, find_right
from .fast_scopes import fast_scope
from .specification import APP, LONG_LIVED, START, WITH_ANY_HEADERS, A, B
from .table import STRUCTURE, TABLE

if TYPE_CHECKING:
    from .apply import Report
    from .schema import BoundStep, Event, Rename, Split
    from .table import Table

    Fix = Callable[..., Any]


#: The rules that give a lifespan a state, and each later scope a copy of it.
KEEPS_STATE = {A: ("A53",), B: ("B36",)}
COPIES_STATE = {A: ("A53",), B: ("B13",)}


class CompiledRules:
    """The functions of one direction, one choice of quirks and one listener.

    ``scopes`` maps a kind of scope to its function, ``received`` an event type of the server to its
    function (kinds of scopes share it: the types differ), ``sent`` a kind of scope to the functions by event
    type, ``extensions`` the types of events that pass where the scope announces them. ``right`` maps a type
    to the function that takes its usual shape and returns None for any other event. ``unknown`` is the
    function for events that have no row. ``renames``, ``received_as`` and ``splits`` map earlier types,
    ``known`` every type to its kind of scope. ``rules`` has the ids of the rules that apply.
    """

    __slots__ = (
        "direction",
        "quirks",
        "report",
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
        "right",
        "unknown",
        "keeps_state",
        "copies_state",
        "_fast",
    )

    def __init__(
        self, direction: str, quirks: Any, report: Report, table: Table, strict: bool, fast: bool
    ) -> None:
        self.direction = direction
        self.quirks = quirks
        self.report = report
        self.strict = strict
        self._fast = fast
        self.rules = frozenset(row.id for row in table.rules)
        #: Whether a lifespan without a state is given one, and each later scope a copy of it.
        self.keeps_state = self.rules.issuperset(KEEPS_STATE[direction])
        self.copies_state = self.rules.issuperset(COPIES_STATE[direction])
        self.known: Dict[str, str] = {row.type: row.scope for row in table.events}
        renames = [row for row in table.renames if row.rule[0] == direction]
        self.renames: Dict[str, Rename] = {row.was: row for row in renames if row.sender == APP}
        self.received_as: Dict[str, Rename] = {row.was: row for row in renames if row.sender != APP}
        self.splits: Dict[str, Split] = {row.was: row for row in table.splits if row.rule[0] == direction}
        self.scopes: Dict[str, Fix] = {}
        self.received: Dict[str, Fix] = {}
        self.sent: Dict[str, Dict[str, Fix]] = {"http": {}, "websocket": {}, "lifespan": {}}
        self.extensions: Dict[str, Fix] = {}
        self.right: Dict[str, Fix] = {}
        steps = select_steps(table, direction, quirks)
        # An event without a row may have headers all the same.
        headers = tuple(step for kind in WITH_ANY_HEADERS for step in steps[kind])
        self.unknown: Fix = _slow(headers, (), AppMessageError, report)
        for event in table.events:
            if event.sender == APP:
                rows = tuple(row for row in table.fields if row.type == event.type)
                self._add_sent(event, steps[event.type], rows)
            else:
                self._add_received(event, steps[event.type])

    def _add_received(self, event: Event, steps: Tuple[BoundStep, ...]) -> None:
        """Add the function of a scope or of an event that the server sends."""
        function = _slow(steps, (), ServerMessageError, self.report, event.type, lenient=not self.strict)
        if event.scope:
            if self._fast:
                function = fast_receive(steps, fast_event(steps, function))
            self.received[event.type] = function
            return
        if self._fast and steps:
            function = fast_scope(steps, function)
        self.scopes[event.type] = _compacted(function) if event.type in LONG_LIVED else function

    def _add_sent(self, event: Event, steps: Tuple[BoundStep, ...], rows: Tuple[Any, ...]) -> None:
        """Add the function of an event that the application sends."""
        function = _slow(steps, rows, AppMessageError, self.report, event.type)
        if event.extension is not None and event.scope == "http":
            self.extensions[event.type] = function
        elif event.extension is None or steps:
            if event.type == START:
                function = _telling_length(function)
            self.sent[event.scope][event.type] = fast_event(steps, function) if self._fast else function
            right = find_right(steps) if self._fast else None
            if right is not None:
                self.right[event.type] = right


def compile_rules(
    direction: str,
    quirks: Any,
    report: Report,
    table: Table = TABLE,
    *,
    strict: bool = False,
    fast: bool = True,
) -> CompiledRules:
    """Compile the rules of one direction.

    ``report`` is called for each repair (see `apply_steps`). Tests use a smaller ``table`` and
    ``fast=False``, which leaves out the fast paths. Raises LookupError for a table without a rule that the
    adapters are built on.
    """
    ids = {row.id for row in table.rules}
    lost = sorted(id for id in STRUCTURE if id[0] == direction and id not in ids)
    if lost:
        raise LookupError(f"the table has no row for {', '.join(lost)}, which is how the adapter is built")
    return CompiledRules(direction, quirks, report, table, strict, fast)


def _slow(
    steps: Tuple[BoundStep, ...],
    rows: Tuple[Any, ...],
    error_type: Type[MessageError],
    report: Report,
    kind: Optional[str] = None,
    lenient: bool = False,
) -> Fix:
    """Return the reference for these steps as a function of an event and its connection."""
    if not steps and not rows:
        return lambda event, _=None: event if type(event) is dict else as_dict(event, error_type, kind)

    def slow(event: Any, connection: Any = None) -> Any:
        scope = None if connection is None else connection.scope
        return apply_steps(steps, rows, error_type, report, event, scope, kind, lenient)

    return slow


def _compacted(function: Fix) -> Fix:
    """Copy a repaired scope into less memory: it is kept while the connection is open."""

    def compacted(scope: Any, connection: Any = None) -> Any:
        out = function(scope, connection)
        return out if out is scope else compact(out, SharedScope)

    return compacted


def _telling_length(function: Fix) -> Fix:
    """Tell the connection of a start that took the slow path: it counts the bytes of the body."""

    def start(event: Any, connection: Any) -> Any:
        out = function(event, connection)
        connection.take_start(out)
        return out

    return start
