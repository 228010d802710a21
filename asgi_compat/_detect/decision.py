"""Decision tables: rows of (predicate, verdict), of which the first that applies decides.

Evidence is collected once, in one object; a predicate and a verdict are functions of it.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Optional, Tuple, TypeVar

    from .verdict import Answer

    Evidence = TypeVar("Evidence")
    Result = TypeVar("Result")
    Rows = Tuple[Tuple[Callable[[Evidence], object], Callable[[Evidence], Result]], ...]


def always(evidence: object) -> bool:
    """Return True: the predicate of a last row."""
    return True


def decide(rows: Rows[Evidence, Result], evidence: Evidence) -> Result:
    """Return the verdict of the first row that applies; the last row always applies.

    >>> rows = ((lambda number: number < 0, lambda number: "negative"), (always, lambda number: "other"))
    >>> decide(rows, -1), decide(rows, 1)
    ('negative', 'other')
    """
    for when, verdict in rows:
        if when(evidence):
            return verdict(evidence)
    raise LookupError("no row applies: the last row of a table must be (always, ...)")


def decide_if_any(rows: Rows[Evidence, Optional[Answer]], evidence: Evidence) -> Optional[Answer]:
    """Return the verdict of the first row that applies, or None when no row does."""
    for when, verdict in rows:
        if when(evidence):
            return verdict(evidence)
    return None
