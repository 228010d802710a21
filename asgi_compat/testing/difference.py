"""How two transcripts differ, as text."""

from __future__ import annotations

import difflib
from typing import Any, Iterable, List, NamedTuple, Optional, Sequence, Set, Tuple

from asgi_compat._harness.events import APPLICATION

from .values import MISSING, class_name, comparison_key, show_difference, show_event, without_addresses

VIEWS = ("events", "answer")


class Line(NamedTuple):
    """One line as people read it, and as it is compared."""

    text: str
    key: Any
    message: Any


def event_lines(events: Iterable[Tuple[str, Any]], ignored: Set[bytes], *, flags: bool = True) -> List[Line]:
    """Return a line for each event. Without ``flags``, those that are not set are left out."""
    out = []
    for by, message in events:
        if ignored and isinstance(message, dict) and isinstance(message.get("headers"), (list, tuple)):
            message = {**message, "headers": [p for p in message["headers"] if not _is_named(p, ignored)]}
        shown = message
        if not flags:
            shown = {name: value for name, value in message.items() if value is not False}
        out.append(Line(f"{by:<12} {show_event(shown)}", (by, comparison_key(message)), message))
    return out


def ending_line(error: Optional[BaseException], *, running: bool) -> Line:
    """Return the line that says how the application ended."""
    if running:
        return Line("still running", "running", None)
    if error is None:
        return Line("returned", "returned", None)
    kind, text = class_name(type(error)), without_addresses(str(error))
    return Line(f"{'raised':<12} {kind}: {text}", ("raised", kind, text), None)


def left_line(names: Sequence[str]) -> Line:
    """Return the line about the tasks that the application left running."""
    return Line(f"{'left running':<12} {', '.join(names)}", ("left", tuple(names)), None)


def ignored_names(names: Iterable[str]) -> Set[bytes]:
    """Return names of headers as they are compared.

    >>> ignored_names(["Date"])
    {b'date'}
    """
    if isinstance(names, str):
        raise TypeError(f"ignore_headers: got str, expected a list of names: ignore_headers=[{names!r}]")
    return {name.lower().encode("latin-1") for name in names}


def check_view(view: str) -> None:
    """Raise ValueError for a view that does not exist."""
    if view not in VIEWS:
        raise ValueError(f"view: got {view!r}, expected {' or '.join(map(repr, VIEWS))}")


def _is_named(pair: Any, names: Set[bytes]) -> bool:
    try:
        name = pair[0]
        return (name.encode("latin-1") if isinstance(name, str) else bytes(name)).lower() in names
    except (IndexError, KeyError, TypeError, ValueError):
        return False


def compare_lines(ours: Sequence[Line], theirs: Sequence[Line], names: Tuple[str, str]) -> str:
    """Return the difference of two transcripts, "" without one."""
    keys = [line.key for line in ours], [line.key for line in theirs]
    if keys[0] == keys[1]:
        return ""
    out: List[str] = []
    details: List[str] = []
    matcher = difflib.SequenceMatcher(None, keys[0], keys[1], autojunk=False)
    for what, a, b, c, d in matcher.get_opcodes():
        if what == "equal":
            out += [f"  {line.text}" for line in ours[a:b]]
            continue
        out += [f"- {line.text}" for line in ours[a:b]]
        out += [f"+ {line.text}" for line in theirs[c:d]]
        counterparts = [line.message for line in theirs[c:d]]
        for line in ours[a:b]:
            details += _differing_fields(line.message, counterparts)
    # The fields first: pytest shows only some lines unless it is asked for all.
    return "\n".join([f"- {names[0]}", f"+ {names[1]}", "", *details, *([""] if details else []), *out])


def _differing_fields(ours: Any, counterparts: List[Any]) -> List[str]:
    """Compare an event with the first of the same type, which is taken out."""
    for at, theirs in enumerate(counterparts):
        if isinstance(ours, dict) and isinstance(theirs, dict) and ours.get("type") == theirs.get("type"):
            del counterparts[at]
            break
    else:
        return []
    out = []
    for name in sorted({*ours, *theirs}, key=str):
        one, two = ours.get(name, MISSING), theirs.get(name, MISSING)
        if comparison_key(one) != comparison_key(two):
            out.append(f"{ours.get('type')}, {name}: {show_difference(one, two)}")
    return out


def application_events(messages: Iterable[Any]) -> List[Tuple[str, Any]]:
    """Return messages as events of the application."""
    return [(APPLICATION, message) for message in messages]
