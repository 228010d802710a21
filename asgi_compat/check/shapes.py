"""Findings about the shape of messages, made of what `to_asgi3` repaired or refused."""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Optional, Tuple

from asgi_compat import TABLE, AppMessageError, Quirks
from asgi_compat._harness.events import FIELDS, current_type, type_of
from asgi_compat._text import safe_repr

from .findings import Found
from .report import Finding
from .specification import RULES, SPLIT, is_about_several_fields, of_field, of_order, of_rule

A25_CONTROL_CHARACTERS = "A25"
A26_FRAMING = "A26"
A28_HOLD_START = "A28"

A38_UNKNOWN_EVENT = "A38"

_MISSING = object()
_CANNOT = "cannot repair it"
NO_RESPONSE = "it returned without a response"

#: What is repaired without a report because the specification permits it, and is a finding because some
#: current servers do not accept it: the operation, and when it has something to do.
_PERMITTED: Dict[str, Callable[[_Event, str], bool]] = {
    "missing": lambda event, field: field not in event,
    "listed": lambda event, field: hasattr(type(event.get(field)), "__next__"),
}


_Event = Dict[str, Any]


class _Change(NamedTuple):
    """What a repair changed: the field or fields, before and after, in words."""

    field: str
    sent: str
    made: str


def show(value: object) -> str:
    """Return a value of an event as one line; of an iterator only what it is."""
    return f"a {type(value).__name__}" if hasattr(type(value), "__next__") else safe_repr(value)


def types_in(value: object, depth: int = 2) -> str:
    """Return the types in a value: what two findings of one rule must have in common to be one."""
    name = type(value).__name__
    if depth and isinstance(value, dict):
        inner = {f"{types_in(k, 0)}:{types_in(v, 0)}" for k, v in list(value.items())[:64]}
    elif depth and isinstance(value, (list, tuple)):
        inner = {types_in(item, depth - 1) for item in list(value)[:64]}
    else:
        return name
    return f"{name}[{' '.join(sorted(inner))}]"


def repaired(rule: str, before: Any, after: Any, name: str) -> Found:
    """Make the finding of a repair: the event before it and after it, None when it was dropped."""
    kind = type_of(before)
    change = _change(rule, kind, before, after)
    if change.field == "type":
        protocol = "http" if kind.startswith("http") else kind.split(".")[0]
        says = of_field(current_type(kind, protocol), "")
    else:
        says = of_rule(rule) if is_about_several_fields(rule, kind) else ""
        says = says or of_field(kind, change.field.split(", ")[0], rule)
        if isinstance(before, dict) and isinstance(after, dict):
            field = change.field
            says += f"; {RULES[rule].why}" if _drops(before.get(field), after.get(field)) else ""
    shape = types_in(before.get(change.field)) if isinstance(before, dict) else ""
    finding = Finding(
        rule, "repaired", "specification", kind, change.field, change.sent, says, change.made, True, (name,)
    )
    return Found(
        ("repaired", rule, kind, change.field, shape), finding, _is_letter(change.field, before, after)
    )


def _is_letter(field: str, before: Any, after: Any) -> bool:
    """Return whether a repair made names of headers lower-case and nothing else, as every server does.

    Measured with uvicorn, hypercorn, daphne and granian, on HTTP/1.1 and HTTP/2; Django sends capitals.
    """
    if not isinstance(before, dict) or not isinstance(after, dict) or not isinstance(before.get(field), list):
        return False
    try:
        lowered = [(name.lower(), value) for name, value in before[field]]
    except (TypeError, ValueError, AttributeError):
        return False
    return _typed(lowered) == _typed([tuple(pair) for pair in after[field]])


def _change(rule: str, kind: str, before: Any, after: Any) -> _Change:
    makes = str(RULES[rule].makes)
    if after is None or not isinstance(before, dict):
        return _Change("type" if kind in SPLIT else "", show(before), makes)
    if type_of(after) != kind:
        return _Change("type", show(kind), show(type_of(after)))
    if rule == A28_HOLD_START:
        return _Change("", f"a second {kind}, before any body", "the second replaces the first")
    changed = [
        key
        for key in dict.fromkeys((*before, *after))
        if _typed(before.get(key, _MISSING)) != _typed(after.get(key, _MISSING))
    ]
    if is_about_several_fields(rule, kind):
        return _change_of_several(kind, changed, _without_type(before), _without_type(after))
    if len(changed) == 1 and changed[0] in before:
        return _change_of_field(changed[0], before, after, makes)
    return _change_of_several(kind, changed, _only(before, changed), _only(after, changed))


def _only(event: _Event, keys: List[str]) -> _Event:
    return {key: event[key] for key in event if key in keys}


def _without_type(event: _Event) -> _Event:
    return {key: event[key] for key in event if key != "type"}


def _change_of_several(kind: str, changed: List[str], was: _Event, now: _Event) -> _Change:
    known = [key for key in changed if (kind, key) in FIELDS] or changed
    return _Change(", ".join(map(str, known)), show(was), show(now))


def _change_of_field(field: str, before: _Event, after: _Event, makes: str) -> _Change:
    old, new = _differing(before[field], after.get(field))
    made = show(new) if field in after else "leaves it out"
    if field not in after or (type(old) is type(new) and not isinstance(old, list)) or _drops(old, new):
        # The type was right, and something else was not: the rule says what.
        made += f": {makes}"
    return _Change(field, show(old), made)


def _drops(before: object, after: object) -> bool:
    """Return whether a list has lost some of its items."""
    return isinstance(before, list) and isinstance(after, list) and len(after) < len(before)


def _differing(before: object, after: object) -> Tuple[object, object]:
    """Return the items of two lists that differ; other values as they are."""
    if isinstance(before, (list, tuple)) and isinstance(after, (list, tuple)) and len(before) == len(after):
        pairs = [(one, two) for one, two in zip(before, after) if _typed(one) != _typed(two)]
        if 0 < len(pairs) < len(before):
            return [one for one, _ in pairs], [two for _, two in pairs]
    return before, after


def _typed(value: object) -> object:
    """Return what a value is compared by: its content and its types."""
    if isinstance(value, (list, tuple)):
        return [_typed(item) for item in value]
    if isinstance(value, dict):
        return {key: _typed(item) for key, item in value.items()}
    return type(value), value


def unfinished(name: str, *, fixed: bool = True) -> Found:
    """Make the finding that the application returned and left its response unfinished."""
    makes = "finishes the response" if fixed else "leaves it unfinished: servers log an error"
    finding = Finding(
        A28_HOLD_START, "order", "specification", "http.response.body", "more_body",
        "returned without a body whose more_body is False",
        of_rule(A28_HOLD_START), makes, fixed, (name,),
    )  # fmt: skip
    return Found(("unfinished",), finding)


def quirk_of(rule: Optional[str]) -> str:
    """Return the name of the quirk of a rule that is off and can be switched on, "" for none."""
    name = str(RULES[rule].quirk).split(", ")[0] if rule else ""
    return name if getattr(Quirks(), name, None) is False else ""


def refused(error: AppMessageError, event: object, name: str, *, at_return: bool, quirk: str = "") -> Found:
    """Make the finding of what `to_asgi3` refused."""
    kind, field, rule = error.message_type or type_of(event), error.field or "", error.rule
    sent, says = _refusal(error, event, kind, at_return)
    makes = f"{_CANNOT}: send() raises AppMessageError, on every server"
    if at_return:
        makes = f"{_CANNOT}: AppMessageError, and a 500"
    if quirk:
        makes = f"refuses it: send() raises AppMessageError; Quirks({quirk}=True) helps"
    option = f"--quirk {quirk}=True" if quirk else ""
    finding = Finding(
        rule, "refused", "specification", kind, field, sent, says, makes, bool(option), (name,), option
    )
    return Found(("refused", rule, kind, field, types_in(error.got) if rule else sent), finding)


def _refusal(error: AppMessageError, event: object, kind: str, at_return: bool) -> Tuple[str, str]:
    """Return what was sent and what the specification says."""
    if error.rule == A38_UNKNOWN_EVENT:
        says = str(error).replace(f"{kind} ", "", 1).replace(f" (explain {A38_UNKNOWN_EVENT})", "")
        return (NO_RESPONSE if at_return else _sent(error, event)), says
    about_order = not error.field or (error.rule is None and isinstance(error.got, int))
    if about_order and not at_return:
        # About the order of events, or the length of the body: the error says it best.
        return str(error).split(": ")[0].split(" (explain")[0], of_order(kind)
    says = of_field(kind, error.field or "", error.rule) or error.expected
    if error.rule == A25_CONTROL_CHARACTERS:
        says = f"a header {error.expected}"
    if error.rule == A26_FRAMING:
        says += f"; {error.expected}: {RULES[error.rule].why}"
    return (NO_RESPONSE if at_return else _sent(error, event)), says


def _sent(error: AppMessageError, event: object) -> str:
    field = error.field or ""
    if not isinstance(event, dict) or not field:
        return show(event)
    return show(event[field]) if field in event else f"no {field}"


def permitted(event: Any, name: str) -> Iterator[Found]:
    """Make the findings about what the specification permits and some current servers do not accept."""
    kind = type_of(event)
    for repair in TABLE.repairs:
        field = _permitted_field(repair, kind, event)
        if field is not None:
            row = RULES[repair.rule]
            sent = show(event[field]) if field in event else f"no {field}"
            says, makes = f"{of_field(kind, field)}; but {row.why}", str(row.makes).split("; ")[0]
            finding = Finding(row.id, "repaired", "servers", kind, field, sent, says, makes, True, (name,))
            yield Found(("permitted", row.id, kind, field), finding)


def _permitted_field(repair: Any, kind: str, event: object) -> Optional[str]:
    if repair.rule[0] != "A" or repair.event != kind or repair.op not in _PERMITTED:
        return None
    field = str(repair.field)
    return field if isinstance(event, dict) and _PERMITTED[repair.op](event, field) else None
