"""``python -m asgi_compat explain``: the rows of the table, for people. It also makes ``docs/rules.md``.

    python -m asgi_compat explain websocket.close     # an event or a scope: its fields and rules
    python -m asgi_compat explain A22                 # a rule
    python -m asgi_compat explain --all [--markdown]  # everything

``docs/rules.md`` is ``explain --all --markdown``; a test says so when it is stale.
"""

from __future__ import annotations

import difflib
import textwrap
from typing import Any, List

from asgi_compat import PROFILES, TABLE, Quirks

__all__ = ["explain"]

_DIRECTIONS = {
    "A": "An old application (double-callable) on a new server: to_asgi3",
    "B": "A new application (single-callable) on an old server: to_asgi2",
}

#: The last id of each direction, in the order of the table.
_LAST = {row.direction: row.id for row in TABLE.rules}
_ID_RANGES = ", ".join(f"{direction}1 to {id}" for direction, id in _LAST.items())

_INTRODUCTION = """\
# Every rule

Made of the rows of the table by `python -m asgi_compat explain --all --markdown`. The ids are those of
`asgi_compat.rules()`, of the `rule` attribute of `AppMessageError` and `ServerMessageError`, and of what is
logged. *Strict* says whether `strict=True` raises for the shape that the rule repairs: it does where the
current specification does not allow that shape. *Quirks* are the fields of `Quirks` that choose."""

_MIRRORS = """\
Each rule is in one row: those of both directions that do the same side by side, the others with the reason
why nothing is needed in the other direction."""

_PROFILES = """\
The rows of `PROFILES`. The first version is included, the second excluded. A profile without versions is
chosen by name, or by reading the application's code ([Options (quirks)](quirks.md#known-frameworks))."""


def explain(what: str = "", *, markdown: bool = False) -> str:
    """Give the rows about a rule's id or an event's or scope's type; about everything for ``""``.

    Returns text for a terminal, or Markdown. An event's earlier name will do as well. Raises
    LookupError, with what may have been meant, for a name that no row has.

    >>> print(explain("A39"))
    A39  lifespan.shutdown.complete: type
        becomes   lifespan.cleanup.complete is lifespan.shutdown.complete
        because   the name of 2018
        evidence  164207b
        strict    raises
        done in   _messages
    """
    if not what:
        return _everything(markdown)
    for row in TABLE.rules:
        if row.id == what.upper():
            return _rule_section(row) if markdown else _rule_text(row)
    for event in TABLE.events:
        if what == event.type or what in event.was:
            return _event_section(event) if markdown else _event_text(event)
    names = [row.id for row in TABLE.rules] + [event.type for event in TABLE.events]
    close = difflib.get_close_matches(what, names, 3)
    hint = f"; did you mean {' or '.join(close)}?" if close else "; try explain --all"
    raise LookupError(f"{what} is neither a rule ({_ID_RANGES}) nor an event nor a scope{hint}")


def _rules_of(kind: str) -> List[Any]:
    ids = {row.rule for row in TABLE.repairs if row.event == kind}
    ids |= {row.rule for row in TABLE.renames if row.type == kind}
    return [row for row in TABLE.rules if row.id in ids or kind in row.event.split(", ")]


def _default(field: Any) -> str:
    if repr(field.default) == "REQUIRED":
        return "required"
    text = "none" if field.default is None else repr(field.default)
    return text + (", None is missing" if field.none and field.default is not None else "")


def _rule_text(row: Any) -> str:
    head = f"{row.id}  {row.event}" + (f": {row.field}" if row.field else "")
    pairs = [
        ("becomes", row.makes),
        ("because", row.why),
        ("loses", row.loses),
        ("evidence", row.evidence),
        ("strict", "raises" if row.fault else "does the same"),
        ("quirks", _quirks(row)),
        ("done in", row.place),
    ]
    return "\n".join([head] + [_wrapped(name, text) for name, text in pairs if text])


def _quirks(row: Any) -> str:
    names = [name for name in row.quirk.split(", ") if name]
    return ", ".join(f"{name}={getattr(Quirks(), name)!r}" for name in names)


def _wrapped(name: str, text: str) -> str:
    return textwrap.fill(
        text, 100, initial_indent=f"    {name:<9} ", subsequent_indent=" " * 14, break_on_hyphens=False
    )


def _event_text(event: Any) -> str:
    lines = [f"{event.type}  {_about(event)}", f"    {event.where}"]
    if event.was:
        lines.append(f"    was       {', '.join(event.was)}")
    fields = [row for row in TABLE.fields if row.type == event.type]
    if fields:
        lines.append("")
    for row in fields:
        was = f"; was {', '.join(row.was)}" if row.was else ""
        lines.append(f"    {row.name:<13} {row.kind}; {_default(row)}; since {row.since}{was}")
    for cross in TABLE.cross_fields:
        if event.type in cross.events:
            lines += ["", _wrapped("together", cross.what)]
    for row in _rules_of(event.type):
        lines += ["", _rule_text(row)]
    return "\n".join(lines)


def _about(event: Any) -> str:
    if not event.scope:
        return "a scope"
    verb = "sent by the application" if event.sender == "application" else "received from the server"
    extension = f", extension {event.extension}" if event.extension else ""
    return f"{verb} in a scope of type {event.scope}, since {event.since}{extension}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|") or " "


def _table(heads: List[str], rows: List[List[str]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "| " + " | ".join("---" for _ in heads) + " |"]
    return "\n".join(lines + ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows])


_HEADS = ["rule", "event", "field", "what comes out", "why", "loses", "evidence", "strict", "quirks"]


def _rule_cells(row: Any) -> List[str]:
    quirks = ", ".join(f"`{name}`" for name in row.quirk.split(", ") if name)
    strict = "raises" if row.fault else ""
    return [row.id, row.event, row.field, row.makes, row.why, row.loses, row.evidence, strict, quirks]


def _rule_section(row: Any) -> str:
    return _table(_HEADS, [_rule_cells(row)])


def _event_section(event: Any) -> str:
    parts = [f"### `{event.type}`", f"{_about(event).capitalize()}. {event.where}."]
    if event.was:
        parts.append(f"Earlier: {', '.join(f'`{name}`' for name in event.was)}.")
    fields = [row for row in TABLE.fields if row.type == event.type]
    if fields:
        cells = [
            [f"`{row.name}`", row.kind, _default(row), row.since, ", ".join(row.was), row.where]
            for row in fields
        ]
        parts.append(_table(["field", "kind", "default", "since", "was", "where"], cells))
    rules = ", ".join(row.id for row in _rules_of(event.type))
    if rules:
        parts.append(f"Rules: {rules}.")
    return "\n\n".join(parts)


def _profiles() -> str:
    cells = []
    for row in PROFILES.values():
        versions = f"{row.since} to {row.before}" if row.since else "any"
        quirks = "none" if row.quirks == Quirks() else f"`{row.quirks!r}`"
        cells.append([f"`{row.name}`", f"`{row.module}`" if row.module else "", versions, quirks, row.why])
    return _table(["name", "chosen for", "versions", "quirks", "because the application"], cells)


def _everything(markdown: bool) -> str:
    if not markdown:
        return "\n\n\n".join(
            [_rule_text(row) for row in TABLE.rules] + [_event_text(event) for event in TABLE.events]
        )
    parts = [_INTRODUCTION]
    for direction, title in _DIRECTIONS.items():
        cells = [_rule_cells(row) for row in TABLE.rules if row.direction == direction]
        parts += [f"## {direction}. {title}", _table(_HEADS, cells)]
    parts += ["## Rules that do the same in the other direction", _MIRRORS]
    parts.append(_table(["A", "B", "why there is none"], [[row.a, row.b, row.why] for row in TABLE.mirrors]))
    parts += ["## Known frameworks", _PROFILES, _profiles()]
    parts.append("## What no single field can say")
    cells = [[", ".join(row.events), row.what, ", ".join(row.rules), row.place] for row in TABLE.cross_fields]
    parts.append(_table(["events", "what holds", "rules", "where it is looked after"], cells))
    parts.append("## Every scope and event")
    parts += [_event_section(event) for event in TABLE.events]
    return "\n\n".join(parts) + "\n"
