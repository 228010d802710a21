"""``classify`` per call, on every specimen of the tests, beside the peers' yes-or-no answers."""

from __future__ import annotations

import inspect
import statistics
import sys
import time
import types
from importlib.util import find_spec
from typing import Any, Callable, List

from asgiref.compatibility import is_double_callable as asgiref_answer

from asgi_compat import classify
from tests.specimens import SPECIMENS

from .rounds import Row

CALLS = 20


def _uvicorn_answer(app: Any) -> bool:
    """What ``uvicorn.Config.load`` asks (0.54.0, config.py), which it does not offer as a function."""
    if inspect.isclass(app):
        return hasattr(app, "__await__")
    if inspect.isfunction(app):
        return inspect.iscoroutinefunction(app)
    return inspect.iscoroutinefunction(getattr(app, "__call__", None))


def _per_call(answer: Callable[[Any], Any], specimen: Any) -> float:
    """Microseconds per call, the best of five loops."""
    best = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(CALLS):
            answer(specimen)
        best = min(best, time.perf_counter() - start)
    return best / CALLS * 1e6


def _specimens() -> List[Any]:
    """Those that this Python and this environment can make."""
    return [
        specimen.make()
        for specimen in SPECIMENS
        if specimen.since <= sys.version_info[:2] and (not specimen.requires or find_spec(specimen.requires))
    ]


def _figures(answer: Callable[[Any], Any]) -> List[float]:
    figures = []
    for thing in _specimens():
        try:
            figures.append(_per_call(answer, thing))
        except Exception:
            continue  # a peer that raises on a hostile object; ours never does
        finally:
            if type(thing) is types.CoroutineType:
                thing.close()
    return figures


def measure() -> List[Row]:
    """The rows of this room."""
    ours, theirs, uvicorns = _figures(classify), _figures(asgiref_answer), _figures(_uvicorn_answer)
    median = statistics.median(ours)
    return [
        Row(
            f"classify, microseconds per call in the median of {len(ours)} specimens",
            f"{median:.1f}",
            "below 20",
            median < 20,
            f"slowest {max(ours):.0f}; asgiref's is_double_callable {statistics.median(theirs):.1f},"
            f" uvicorn's test {statistics.median(uvicorns):.1f}",
        )
    ]
