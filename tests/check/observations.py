"""Observations made by hand, for judges."""

from __future__ import annotations

from typing import Any

from asgi_compat._harness.ending import Outcome
from asgi_compat._harness.script import Conversation
from asgi_compat.check.observation import Observation
from asgi_compat.check.scripts import Script


def observed(
    protocol: str = "http", path: str = "/", *, name: str = "", varies: bool = False, **fields: Any
) -> Observation:
    """Make an observation; what is not named is as it is after nothing happened."""
    outcome = Outcome(**{key: fields.pop(key) for key in list(fields) if hasattr(Outcome(), key)})
    scope = {"type": protocol} if protocol == "lifespan" else {"type": protocol, "path": path}
    script = Script(Conversation(name or f"{protocol} {path}", scope), varies=varies)
    return Observation(script, 5.0, outcome, **fields)
