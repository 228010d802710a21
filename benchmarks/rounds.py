"""How everything here is timed: candidates in turn, many short rounds, ratios of the same round.

One round times every candidate several times and keeps each one's best, so a burst of other work on
the machine does not hit one candidate alone; the median of the rounds' ratios is what is printed.
"""

from __future__ import annotations

import statistics
from typing import Callable, Dict, List, NamedTuple


class Row(NamedTuple):
    """One printed line: what, the ratio or figure, what it is held against, and the raw figures."""

    what: str
    figure: str
    reach: str
    holds: bool
    details: str


def best_of(measure: Callable[[], float], times: int) -> float:
    """The smallest of several measurements, in the unit of ``measure``."""
    return min(measure() for _ in range(times))


def rounds(candidates: Dict[str, Callable[[], float]], count: int, times: int) -> Dict[str, List[float]]:
    """``count`` rounds; in each, every candidate's best of ``times``, taken in turn."""
    results: Dict[str, List[float]] = {name: [] for name in candidates}
    for _ in range(count):
        best = {name: float("inf") for name in candidates}
        for _ in range(times):
            for name, measure in candidates.items():
                best[name] = min(best[name], measure())
        for name, value in best.items():
            results[name].append(value)
    return results


def median_ratio(results: Dict[str, List[float]], name: str, base: str, floor: str = "") -> float:
    """Median over the rounds of ``(name - floor) / (base - floor)``."""
    floors = results[floor] if floor else [0.0] * len(results[name])
    return statistics.median(
        (mine - low) / (theirs - low) for mine, theirs, low in zip(results[name], results[base], floors)
    )


def nanoseconds(results: Dict[str, List[float]], name: str) -> float:
    """The median of a candidate's rounds, from seconds to nanoseconds."""
    return statistics.median(results[name]) * 1e9
