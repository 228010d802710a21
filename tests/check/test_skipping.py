"""Conversations that would tell nothing new are left out."""

from __future__ import annotations

from typing import Any, Optional

import pytest

from asgi_compat._harness.ending import Blocked
from asgi_compat.check.scripts import UNKNOWN_PATH
from asgi_compat.check.skipping import NO_END, reason_to_skip

from .observations import observed


@pytest.mark.parametrize(
    "seen, protocol, path, reason",
    [
        (observed(), "http", "/", None),
        (observed(unanswered=True), "http", "/", NO_END),
        (observed(error=Blocked()), "http", "/", NO_END),
        (observed(unanswered=True), "http", "/other", None),
        (observed(unanswered=True), "websocket", "/", None),
        (observed("websocket", unanswered=True), "websocket", UNKNOWN_PATH, NO_END),
        (observed("websocket", error=ValueError()), "websocket", "/other", ""),
        (observed("websocket", refused=True, received=1, sent=1), "websocket", "/", ""),
        (observed("websocket", refused=True, received=1, sent=1), "websocket", "/other", None),
        (observed("websocket", refused=True, received=2, sent=1), "websocket", "/", None),
    ],
)
def test_reason_to_skip_a_variation(seen: Any, protocol: str, path: str, reason: Optional[str]) -> None:
    """The plain conversation is always held."""
    assert reason_to_skip(observed(protocol, path, varies=True).script, [seen]) == reason
    assert reason_to_skip(observed(protocol, path).script, [seen]) is None
