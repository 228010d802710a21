"""How far an application got, and how it went, follows from what was recorded."""

from __future__ import annotations

from typing import Any, Dict

import pytest

from asgi_compat._harness.ending import Blocked
from asgi_compat._harness.recorder import Step
from asgi_compat.check.observation import Engagement, Rerun

from .observations import observed

SENT = (Step("send", {"type": "http.response.start"}),)


@pytest.mark.parametrize(
    "protocol, fields, engagement, result",
    [
        ("http", {"sent": 1, "steps": SENT, "described": "200"}, Engagement.SPOKEN, "200"),
        ("http", {"described": "no response"}, Engagement.SPOKEN, "no response"),
        ("http", {"error": ValueError()}, Engagement.AT_SCOPE, "raised ValueError"),
        ("http", {"error": ValueError(), "received": 1}, Engagement.SPOKEN, "raised ValueError"),
        ("http", {"error": Blocked()}, Engagement.SPOKEN, "blocked the event loop"),
        ("http", {"unanswered": True}, Engagement.SPOKEN, "no answer within 5 s"),
        ("websocket", {"sent": 1, "steps": SENT}, Engagement.FOREIGN, "not supported"),
        ("websocket", {"error": ValueError(), "received": 1}, Engagement.AT_SCOPE, "not supported"),
        ("websocket", {"error": ValueError(), "received": 2}, Engagement.SPOKEN, "raised ValueError"),
        ("websocket", {}, Engagement.SILENT, "not supported"),
        ("websocket", {"unawaited": SENT, "described": "not answered"}, Engagement.SPOKEN, "not answered"),
        ("lifespan", {"sent": 1, "steps": SENT}, Engagement.FOREIGN, "not supported"),
        ("lifespan", {"startup": "complete", "described": "started"}, Engagement.SPOKEN, "started"),
        (
            "lifespan",
            {"ignored_disconnect": True, "described": "not answered"},
            Engagement.SPOKEN,
            "not answered",
        ),
        ("lifespan", {"error": ValueError()}, Engagement.SILENT, "not supported"),
        ("lifespan", {"error": ValueError(), "received": 1}, Engagement.FAILED, "raised ValueError"),
        ("lifespan", {"received": 1}, Engagement.SILENT, "not supported"),
    ],
)
def test_engagement_and_result_of_an_observation(
    protocol: str, fields: Dict[str, Any], engagement: Engagement, result: str
) -> None:
    """By protocol."""
    seen = observed(protocol, **fields)
    assert (seen.engagement, seen.result) == (engagement, result)


@pytest.mark.parametrize(
    "fields, returned",
    [
        ({}, True),
        ({"error": ValueError()}, False),
        ({"unanswered": True}, False),
        ({"overtime": True}, False),
        ({"ignored_disconnect": True}, False),
        ({"unawaited": SENT}, False),
    ],
)
def test_returned_only_by_itself(fields: Dict[str, Any], returned: bool) -> None:
    """What was cancelled or has forgotten an await has not said everything."""
    assert observed(**fields).returned is returned


def test_rerun_text_says_whether_it_helps() -> None:
    """In words."""
    assert [Rerun("200", helps).text for helps in (True, False)] == ["helps: 200", "does not help: 200"]
