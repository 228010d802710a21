"""The whole table, and smaller tables made of it."""

from __future__ import annotations

from .rules import to_asgi2, to_asgi3
from .schema import Table
from .specification import APP, CROSS_FIELD, EVENTS, FIELDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Tuple

    from .schema import Rule

RULES = to_asgi3.RULES + to_asgi2.RULES
REPAIRS = to_asgi3.REPAIRS + to_asgi2.REPAIRS
RENAMES = to_asgi3.RENAMES + to_asgi2.RENAMES
SPLITS = to_asgi3.SPLITS + to_asgi2.SPLITS

#: Rules about the age of the application, not about its messages: an application that is already of
#: the other generation's style keeps its own version in ``scope["asgi"]`` and today's path.
OF_DOUBLES = frozenset({"A2", "A5", "A8", "A16", "A20"})
OF_SINGLES = frozenset({"B4", "B11", "B38"})

#: Rules that are how the thing is built, not a step that can be left out. A table without one of
#: them cannot be compiled.
STRUCTURE = frozenset({"A1", "A12", "A19", "A40", "A42", "B1", "B2", "B29"})
TABLE = Table(EVENTS, FIELDS, RULES, REPAIRS, RENAMES, SPLITS, CROSS_FIELD)


def sent_only() -> Table:
    """Give the table of what is made of single events that are sent: no scope, no receive, no memory.

    >>> [id for id in ("A8", "A14", "A24", "A28") if id in {row.id for row in sent_only().rules}]
    ['A24']
    """
    sent = {row.type for row in EVENTS if row.sender == APP}
    repairs = tuple(row for row in REPAIRS if row.event in sent)
    alive = STRUCTURE.union(row.rule for row in repairs + RENAMES + SPLITS)
    return TABLE._replace(repairs=repairs, rules=tuple(row for row in RULES if row.id in alive))


def without(*ids: str) -> Table:
    """Give the table without the rules of these ids: what the tests compile to see a rule missed.

    >>> len(TABLE.rules) - len(without("A22", "A27").rules)
    2
    """
    return TABLE._replace(
        rules=tuple(row for row in RULES if row.id not in ids),
        repairs=tuple(row for row in REPAIRS if row.rule not in ids),
        renames=tuple(row for row in RENAMES if row.rule not in ids),
        splits=tuple(row for row in SPLITS if row.rule not in ids),
    )


def rules() -> Tuple[Rule, ...]:
    """Give every rule of both directions, A1 to A51 and B1 to B39, as rows.

    Each row has ``id``, ``direction`` ("A" an old application on a new server, "B" the reverse),
    ``event``, ``field``, ``makes`` (what comes out), ``why``, ``loses`` ("" for nothing),
    ``evidence``, ``quirk`` (the field or fields of `Quirks` that choose, "" for none), ``fault``
    (whether strict mode raises) and ``place``. Raises nothing.

    >>> [row.makes for row in rules() if row.id == "A39"]
    ['lifespan.cleanup.complete is lifespan.shutdown.complete']
    """
    return RULES
