"""Which rules of the two directions do the same: read from ``mirror`` and ``no_mirror`` of each rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Dict, List, NamedTuple, Tuple

from ..specification import A

if TYPE_CHECKING:
    from ..schema import Rule


class Mirror(NamedTuple):
    """Rules of direction A, those of direction B that do the same, and why one side is empty."""

    a: str
    b: str
    why: str = ""


def mirrors_of(rules: Tuple[Rule, ...]) -> Tuple[Mirror, ...]:
    """Return a row for the rules that have the same mirrors, and one for those with the same reason for none.

    It is enough that one of two rules names the other.
    """
    partners: Dict[str, List[str]] = {rule.id: [] for rule in rules}
    for rule in rules:
        for other in rule.mirror.split(", "):
            if other in partners and other not in partners[rule.id]:
                partners[rule.id].append(other)
                partners[other].append(rule.id)
    rows: Dict[Tuple[str, str, str], List[str]] = {}
    for rule in rules:
        theirs = ", ".join(partners[rule.id])
        # Rules of B with a partner are in its row.
        if rule.direction == A or not theirs:
            rows.setdefault((rule.direction, theirs, rule.no_mirror), []).append(rule.id)
    return tuple(
        Mirror(", ".join(ids), theirs, why) if direction == A else Mirror("", ", ".join(ids), why)
        for (direction, theirs, why), ids in rows.items()
    )
