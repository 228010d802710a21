"""Apply the steps of the rules one by one.

This is the reference: a fast path must give the same result. It runs for every event that is not already
right. Nothing is changed in place: an event without a repair comes back as the same object, a repaired one
as a new dict.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, Iterable, List, Optional, Tuple, Type

from .._text import describe, type_name
from .errors import message_error
from .kinds import KINDS, is_a
from .operations import OPERATIONS
from .operations.websocket import TextOrBytes
from .schema import DEFAULT, MISSING, REQUIRED, TEXT, BoundStep, Field, Unrepairable

if TYPE_CHECKING:
    from typing import Protocol

    from .._errors import MessageError
    from .table import Table

    Message = Dict[str, Any]

    class Report(Protocol):
        """A listener for repairs of shapes that the current specification forbids; it may raise."""

        def __call__(
            self,
            error_type: Type[MessageError],
            rule: Any,
            before: Message,
            after: Optional[Message],
            field: Optional[str],
            row: Any,
            /,
        ) -> None:
            """Handle one repair; ``after`` is None for an event that is dropped."""


#: Stands for True in a change whose old value is refused in strict mode, also where the rule is no fault.
REFUSED: Any = object()


def select_steps(table: Table, direction: str, quirks: Any) -> Dict[str, Tuple[BoundStep, ...]]:
    """Return the steps of one direction for each scope and event, in the order in which they are applied."""
    rows: Dict[str, Dict[str, Field]] = {}
    for row in table.fields:
        rows.setdefault(row.type, {})[row.name] = row
    faults = {rule.id: rule.fault for rule in table.rules}
    steps: Dict[str, List[BoundStep]] = {event.type: [] for event in table.events}
    for repair in table.repairs:
        if repair.rule[0] != direction:
            continue
        operation, fields = OPERATIONS[repair.op], rows.get(repair.event, {})
        steps[repair.event].append(
            BoundStep(
                rule=repair.rule,
                event=repair.event,
                field=None if operation.on_event else repair.field,
                row=tuple(fields.values()) if operation.on_event else fields.get(repair.field),
                op=repair.op,
                act=operation.act,
                follow=operation.follow,
                fault=faults[repair.rule],
                quirks=quirks,
                direction=direction,
            )
        )
    return {event: tuple(found) for event, found in steps.items()}


def apply_steps(
    steps: Tuple[BoundStep, ...],
    rows: Iterable[Field],
    error_type: Type[MessageError],
    report: Report,
    event: Any,
    scope: Any = None,
    kind: Optional[str] = None,
    lenient: bool = False,
) -> Any:
    """Return the same event, a new dict, or None for an event that is dropped.

    ``rows`` are the fields that are checked at the end: those of an event of the application, none for one
    of the server, because an application may accept more. ``error_type`` is the error of the side that sent
    the event, and ``report`` is called for each repair of a shape that the current specification forbids.
    ``scope`` is the scope of the event's connection, and ``kind`` the type that selected the steps. With
    ``lenient`` no value is refused: one that cannot be repaired becomes its default, or what its operation
    gives instead.

    Raises ``error_type``, and whatever ``report`` raises.
    """
    out = event if type(event) is dict or type(event) is TextOrBytes else as_dict(event, error_type, kind)
    for step in steps:
        name = step.field
        change = _run(step, out, scope, error_type, lenient)
        if change is None:
            continue
        new, violates_spec = change
        after = new if name is None else _replace(step, out, new)
        if violates_spec is REFUSED or (violates_spec and step.fault):
            report(error_type, step.rule, out, None if after is MISSING else after, name, step.row)
        if after is MISSING:
            return None
        out = after
    return check_fields(out, rows, error_type)


def _run(step: BoundStep, event: Message, scope: Any, error_type: Type[MessageError], lenient: bool) -> Any:
    """Run the operation of one step. Raises ``error_type`` for every exception: values may have code."""
    try:
        if step.field is None:
            return step.act(event, step, scope)
        return step.act(event.get(step.field, MISSING), step, event, scope)
    except Exception as error:
        refused = error
    if lenient:
        return _instead(refused, step, event)
    raise _error_of(refused, step, event, error_type)


def _error_of(
    error: Exception, step: BoundStep, event: Message, error_type: Type[MessageError]
) -> MessageError:
    """Return the error for a value that a step cannot repair."""
    if isinstance(error, Unrepairable):
        refused = error
    else:
        refused = Unrepairable("a value of a plain type", f"reading it raises {type_name(error)}")
    name = refused.field or step.field or _present_field(step, event)
    return message_error(
        error_type, step.rule, event, name, refused.expected, refused.remedy, refused.header, refused.found
    )


def _instead(error: Exception, step: BoundStep, event: Message) -> Any:
    """Return the change for a value of a server that a step cannot repair; None to leave it as it is."""
    instead = error.instead if isinstance(error, Unrepairable) else DEFAULT
    if instead is DEFAULT:
        if step.field is None or step.row is None or step.row.default is REQUIRED:
            return None
        default = step.row.default
        instead = list(default) if type(default) is tuple else default
    return instead, REFUSED


def _replace(step: BoundStep, event: Message, new: Any) -> Message:
    """Return the event with a new value of the step's field, and with the changes that follow from it."""
    name: Any = step.field
    if new is MISSING:
        return {key: item for key, item in event.items() if key != name}
    after = {**event, name: new}
    return after if step.follow is None else step.follow(after, event.get(name))


def check_fields(event: Message, rows: Iterable[Field], error_type: Type[MessageError]) -> Message:
    """Check an event against the rows of its fields. Raises ``error_type``."""
    for row in rows:
        value = event.get(row.name, MISSING)
        if value is MISSING:
            if row.default is REQUIRED:
                raise message_error(error_type, None, event, row.name, row.kind)
        elif not (value is None and row.none) and not KINDS[row.kind](value):
            raise message_error(error_type, None, event, row.name, row.kind)
        elif row.kind is TEXT and type(value) is not str and value is not None:
            # The methods of a subclass belong to the application, and would run in the server.
            event = {**event, row.name: str.__str__(value)}
    return event


def as_dict(event: Any, error_type: Type[MessageError], kind: Optional[str] = None) -> Message:
    """Return a plain dict of a mapping, which gives the same answer each time. Raises ``error_type``."""
    try:
        out = dict(event)
        found = out["type"]
    except Exception:
        found = None
    if not is_a(found, str):
        raise error_type(
            f"an event or a scope is a dict with a type, not {describe(event)}", expected="dict", got=event
        ) from None
    return {**out, "type": kind or str.__str__(found)}


def _present_field(step: BoundStep, event: Message) -> Optional[str]:
    """Return the field that an operation on the whole event is about: the first that is there."""
    for row in step.row or ():
        if row.name in event and event[row.name] is not None:
            return str(row.name)
    return None
