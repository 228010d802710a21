"""The client of one lifespan, event by event."""

from __future__ import annotations

from typing import Any

import pytest

from asgi_compat._harness.lifespan import LifespanClient
from asgi_compat._harness.script import Conversation

CONVERSATION = Conversation("", {"type": "lifespan"}, ({"type": "lifespan.startup"},))
SHUTDOWN = {"type": "lifespan.shutdown"}


def test_lifespan_client_started_shuts_down() -> None:
    """At once, or with ``stay`` when it is told to."""
    client, stays = LifespanClient(CONVERSATION), LifespanClient(CONVERSATION, stay=True)
    for one in (client, stays):
        assert one.next() == {"type": "lifespan.startup"} and one.next() is None
        one.take("lifespan.startup.complete", {})
    assert client.next() == SHUTDOWN and client.told
    assert stays.next() is None and not stays.told
    stays.shut_down()
    assert stays.next() == SHUTDOWN


@pytest.mark.parametrize(
    "events, result, complete",
    [
        ([], "not answered", False),
        ([("lifespan.startup.failed", {"message": "no database"})], "startup failed: no database", False),
        ([("lifespan.startup.failed", {})], "startup failed: without a message", False),
        ([("lifespan.startup.complete", {})], "started, shutdown not answered", False),
        (
            [("lifespan.startup.complete", {}), ("lifespan.shutdown.complete", {})],
            "started and shut down",
            True,
        ),
        (
            [("lifespan.startup.complete", {}), ("lifespan.shutdown.failed", {"message": "busy"})],
            "shutdown failed: busy",
            True,
        ),
        ([("http.response.start", {})], "not answered", False),
    ],
)
def test_lifespan_client_describe_names_the_answers(events: Any, result: str, complete: bool) -> None:
    """The first answer to each counts."""
    client = LifespanClient(CONVERSATION)
    for event in events:
        client.take(*event)
    assert (client.describe(), client.complete) == (result, complete)
