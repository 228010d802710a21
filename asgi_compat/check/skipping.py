"""Which conversations would tell nothing new."""

from __future__ import annotations

from typing import Optional, Sequence

from asgi_compat._harness.ending import Blocked

from .observation import NOT_SUPPORTED, Observation
from .scripts import UNKNOWN_PATH, Script

NO_END = "not tried: the plain conversation did not end"


def reason_to_skip(script: Script, seen: Sequence[Observation]) -> Optional[str]:
    """Return None to hold a conversation, or the note that says why not, "" for none."""
    if not script.varies:
        return None
    same = [one for one in seen if one.protocol == script.protocol]
    endless = {one.script.path for one in same if _had_no_end(one)}
    if script.path in endless or (script.path == UNKNOWN_PATH and endless):
        return NO_END
    return "" if any(_tells_the_same(one, script.path) for one in same) else None


def _tells_the_same(one: Observation, path: str) -> bool:
    refused_unread = one.refused and one.received < 2
    return one.result == NOT_SUPPORTED or (refused_unread and one.script.path == path)


def _had_no_end(one: Observation) -> bool:
    return one.outcome.unanswered or isinstance(one.error, Blocked)
