"""The whole table, and smaller tables made of it."""

from __future__ import annotations

from typing import FrozenSet, NamedTuple, Tuple

from .operations import phase_of
from .rules import to_asgi2, to_asgi3
from .rules.mirrors import Mirror, mirrors_of
from .schema import CrossField, Event, Field, Rename, Repair, Rule, Split
from .specification import APP, CROSS_FIELD, EVENTS, FIELDS


class Table(NamedTuple):
    """All rows; a smaller table is what an application of one style or a test compiles."""

    events: Tuple[Event, ...]
    fields: Tuple[Field, ...]
    rules: Tuple[Rule, ...]
    cross_fields: Tuple[CrossField, ...]

    @property
    def repairs(self) -> Tuple[Repair, ...]:
        """Return the steps of all rules for each event, in the order in which they are applied."""
        found = [
            Repair(rule.id, event, step.field, step.op)
            for rule in self.rules
            for step in rule.steps
            for event in (step.on or rule.event).split(", ")
        ]
        return tuple(sorted(found, key=lambda repair: phase_of(repair.op)))

    @property
    def renames(self) -> Tuple[Rename, ...]:
        """Return the renames of all rules."""
        return tuple(row._replace(rule=rule.id) for rule in self.rules for row in rule.renames)

    @property
    def splits(self) -> Tuple[Split, ...]:
        """Return the splits of all rules."""
        return tuple(row._replace(rule=rule.id) for rule in self.rules for row in rule.splits)

    @property
    def mirrors(self) -> Tuple[Mirror, ...]:
        """Return which rules of the two directions do the same, and why the others have no mirror."""
        return mirrors_of(self.rules)

    def without(self, ids: FrozenSet[str]) -> Table:
        """Return the table without the rules of these ids."""
        return self._replace(rules=tuple(rule for rule in self.rules if rule.id not in ids))


RULES = to_asgi3.RULES + to_asgi2.RULES
TABLE = Table(EVENTS, FIELDS, RULES, CROSS_FIELD)

#: Rules that depend on the age of the application, not on its messages. An application of the other
#: generation's style keeps its own version in ``scope["asgi"]``, the current meaning of path, and what it
#: does in lifespan.
OF_DOUBLES = frozenset({"A2", "A4", "A5", "A8", "A16", "A20", "A28", "A31"})
OF_SINGLES = frozenset({"A53", "A54", "B4", "B11", "B38"})

#: Rules that are part of how the adapters are built. A table without one of them cannot be compiled.
STRUCTURE = frozenset({"A1", "A12", "A19", "A40", "A42", "B1", "B2", "B29"})


#: Rules that only complete and clean up a scope or a received event: none depends on the application's age.
COMPLETING = frozenset({"A6", "A7", "A9", "A10", "A11", "A13", "A15", "A16", "A17", "A48", "A52"})


def for_old_middleware() -> Table:
    """Return the table for an old middleware around a current application.

    It has the rules about calling and about single events that are sent, and those that complete a scope and
    a received event: nothing that needs memory or that depends on the age of the application.

    >>> [id for id in ("A8", "A13", "A24", "A28") if id in {row.id for row in for_old_middleware().rules}]
    ['A13', 'A24']
    """
    sent = {row.type for row in EVENTS if row.sender == APP}
    kept = []
    for rule in RULES:
        steps = tuple(step for step in rule.steps if sent.issuperset((step.on or rule.event).split(", ")))
        calling = rule.event == "*" and rule.quirk
        if rule.id in COMPLETING:
            kept.append(rule)
        elif steps or calling or rule.renames or rule.splits or rule.id in STRUCTURE:
            kept.append(rule._replace(steps=steps))
    return TABLE._replace(rules=tuple(kept))


def without(*ids: str) -> Table:
    """Return the table without the rules of these ids: the tests compile it to see that a rule matters.

    >>> len(TABLE.rules) - len(without("A22", "A27").rules)
    2
    """
    return TABLE.without(frozenset(ids))


def rules() -> Tuple[Rule, ...]:
    """Return every rule of both directions as rows.

    Each row has ``id``, ``direction`` ("A" an old application on a new server, "B" the reverse),
    ``event``, ``field``, ``makes`` (the result), ``why``, ``loses`` ("" for nothing), ``evidence``,
    ``quirk`` (the fields of `Quirks` that choose, "" for none), ``fault`` (whether strict mode raises),
    ``place`` (the code that applies it), ``steps``, and ``mirror`` or ``no_mirror`` (the rules of the other
    direction that do the same, or why it needs none). Raises nothing.

    >>> [row.makes for row in rules() if row.id == "A39"]
    ['lifespan.cleanup.complete is lifespan.shutdown.complete']
    """
    return RULES
