"""The judges: each looks at one observation and returns findings and notes.

A judge is a small function, registered with the protocols that it is about and how far the application has to
have got. The report has what they return in the order of `ORDER`, and of the functions in each module.
"""

from __future__ import annotations

from typing import Iterator

from ..findings import Judgement
from ..observation import Observation
from . import always, endings, lifespan, messages, unspoken

ORDER = (always.JUDGES, unspoken.JUDGES, messages.JUDGES, lifespan.JUDGES, endings.JUDGES)


def judge(seen: Observation) -> Iterator[Judgement]:
    """Return what all judges find in one observation."""
    for judges in ORDER:
        yield from judges.judge(seen)
