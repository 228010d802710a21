"""Apply the steps one by one: the reference, and what happens to an event that is not already right."""

from __future__ import annotations

from .._text import describe, printable, safe_repr, type_name
from .kinds import KINDS, is_a
from .operations import EVENT_OPS, FOLLOWS, OPS
from .operations.websocket import EitherKey
from .schema import MISSING, REQUIRED, TEXT, Step, Unfit
from .specification import HARMLESS_FIELDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Optional, Tuple, Type

    from .._errors import MessageError


def steps_of(table: Any, direction: str, event: str, quirks: Any) -> Tuple[Step, ...]:
    """Give the steps for one event in one direction, in the order of the table."""
    faults = {row.id: row.fault for row in table.rules}
    rows = {row.name: row for row in table.fields if row.type == event}
    out = []
    for repair in table.repairs:
        if repair.event != event or repair.rule[0] != direction or repair.rule not in faults:
            continue
        whole = repair.op in EVENT_OPS
        act = EVENT_OPS[repair.op] if whole else OPS[repair.op]
        row = tuple(rows.values()) if whole else rows.get(repair.field)
        field = None if whole else repair.field
        out.append(
            Step(repair.rule, event, field, row, repair.op, act, faults[repair.rule], quirks, direction)
        )
    return tuple(out)


def walk(
    steps: Tuple[Step, ...],
    rows: Any,
    blame: Type[MessageError],
    note: Any,
    event: Any,
    scope: Any = None,
    kind: Optional[str] = None,
) -> Any:
    """Go through the steps one by one; give the same event, a new dict, or None for one to be dropped.

    ``rows`` are the fields to check at the end (none for what a server sends: an application may well
    cope with it), ``blame`` the error of the side that sent the event, ``note(blame, rule, event,
    before, after, field, expected)`` is told of each repair of something that the specification
    forbids, ``scope`` is the scope that the event belongs to, ``kind`` the type by
    which it was chosen. Raises ``blame``.
    """
    out = event if type(event) is dict or type(event) is EitherKey else _as_dict(event, blame, kind)
    for step in steps:
        name = step.field
        change = _act(step, out, scope, blame)
        if change is None:
            continue
        new, odd = change
        after = new if name is None else _with(step, out, new)
        if odd and step.fault:
            note(blame, step.rule, out, None if after is MISSING else after, name, step.row)
        if after is MISSING:
            return None
        out = after
    return _checked(out, rows, blame)


def _act(step: Step, event: Any, scope: Any, blame: Type[MessageError]) -> Any:
    """Do the operation of one step. Raises ``blame``, whatever a value raises when it is looked at."""
    name = step.field
    try:
        if name is None:
            return step.act(event, step, scope)
        return step.act(event.get(name, MISSING), step, event, scope)
    except Unfit as unfit:
        field = name or _named(step, event)
        raise blame_for(blame, step.rule, event, field, unfit.expected, unfit.why, unfit.header) from None
    except Exception as error:
        field, why = name or _named(step, event), f"it raises {type_name(error)}"
        raise blame_for(blame, step.rule, event, field, "a value of a plain type", why) from None


def _with(step: Step, event: Dict[str, Any], new: Any) -> Dict[str, Any]:
    """Return the event with another value of the step's field, and with whatever follows from it."""
    name = step.field
    if new is MISSING:
        return {key: item for key, item in event.items() if key != name}
    after = {**event, name: new}
    return FOLLOWS[step.op](after, event.get(name)) if step.op in FOLLOWS else after


def _checked(event: Dict[str, Any], rows: Any, blame: Type[MessageError]) -> Dict[str, Any]:
    """Hold an event against the rows of its fields. Raises ``blame``."""
    for row in rows:
        value = event.get(row.name, MISSING)
        if value is MISSING:
            if row.default is REQUIRED:
                raise blame_for(blame, None, event, row.name, row.kind, "it is missing")
        elif not (value is None and row.none) and not KINDS[row.kind](value):
            raise blame_for(blame, None, event, row.name, row.kind, "")
        elif row.kind is TEXT and type(value) is not str and value is not None:
            # Its methods are the application's, and would run in the server.
            event = {**event, row.name: str.__str__(value)}
    return event


def _as_dict(event: Any, blame: Type[MessageError], type_seen: Optional[str] = None) -> Dict[Any, Any]:
    """Return a plain dict of a mapping, which answers the same whenever it is asked. Raises ``blame``."""
    try:
        out = dict(event)
        kind = out["type"]
    except Exception:
        kind = None
    if not is_a(kind, str):
        raise blame(
            f"an event or a scope is a dict with a type, not {describe(event)}", expected="dict", got=event
        ) from None
    return {**out, "type": type_seen or str.__str__(kind)}


def _named(step: Step, event: Any) -> Optional[str]:
    """The field that an operation on the whole event is about: the one that is there."""
    for row in step.row or ():
        if row.name in event and event[row.name] is not None:
            return str(row.name)
    return None


def blame_for(
    blame: Type[MessageError],
    rule: Optional[str],
    event: Any,
    field: Optional[str],
    expected: str,
    why: str,
    header: Any = None,
) -> MessageError:
    """Make the error of the side that sent ``event``.

    ``header`` is the name of the header that is wrong. The text shows the values of fields that are never
    secret, and what the others are; the attributes hold everything as it came.
    """
    kind = event.get("type") if is_a(event, dict) else None
    got = event.get(field, MISSING) if field is not None and is_a(event, dict) else event
    sentence = safe_type(kind) + (f": {field}" if field else "")
    if header is not None:
        sentence += f": header {safe_repr(header, 60)}"
    sentence += f" must be {expected}"
    if got is not MISSING and header is None:
        sentence += f", not {_shown(field, got)}"
    if why:
        sentence += f" ({why})"
    if rule:
        sentence += f" [{rule}]"
    return blame(
        sentence,
        rule=rule,
        message_type=kind if is_a(kind, str) else None,
        field=field,
        expected=expected,
        got=None if got is MISSING else got,
    )


def safe_type(kind: Any) -> str:
    """Return the type of an event for a text: it may be anything, and as long as it likes."""
    return printable(kind, 80) if issubclass(type(kind), str) else describe(kind)


def _shown(field: Optional[str], got: Any) -> str:
    plain = got is None or issubclass(type(got), (str, bytes, int, float))
    return safe_repr(got, 60) if field in HARMLESS_FIELDS and plain else describe(got)


def split_response(event: Dict[str, Any], becomes: Tuple[str, str]) -> Tuple[Dict[str, Any], Dict[str, Any]]:
    """Make a start and a body of the single response event of October 2017 (A21)."""
    start_keys = ("status", "headers")
    start = {key: event[key] for key in start_keys if key in event}
    body = {key: value for key, value in event.items() if key not in start_keys}
    return {**start, "type": becomes[0]}, {**body, "type": becomes[1]}
