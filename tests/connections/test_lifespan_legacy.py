"""Answers of a lifespan in the words of an old server."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from asgi_compat import Quirks
from asgi_compat._connections.lifespan_legacy import in_old_words
from asgi_compat._messages.memory import remembered_rules

STARTED, STOPPED = {"type": "lifespan.startup.complete"}, {"type": "lifespan.shutdown.complete"}


def session_of(direction: str = "B", *rules: str, old_names: bool = False) -> Any:
    policy = SimpleNamespace(**remembered_rules(direction, Quirks(), frozenset(rules)))
    return SimpleNamespace(policy=policy, failure=None, old_names=old_names)


@pytest.mark.parametrize("event", [STARTED, STOPPED])
def test_in_old_words_of_what_every_server_knows_is_the_same_object(event: Any) -> None:
    assert in_old_words(session_of("B", "B31", "B32", "B34"), event) is event


def test_in_old_words_failed_start_is_kept_for_receive() -> None:
    session = session_of("B", "B31")
    assert in_old_words(session, {"type": "lifespan.startup.failed", "message": "no\ndsn"}) is None
    assert session.failure == "no\\ndsn"


def test_in_old_words_failed_shutdown_is_logged_and_complete(caplog: pytest.LogCaptureFixture) -> None:
    event = {"type": "lifespan.shutdown.failed", "message": "lost"}
    assert in_old_words(session_of("B", "B32"), event) == STOPPED
    assert "shutdown failed: lost" in caplog.text


def test_in_old_words_shutdown_of_2018_is_cleanup() -> None:
    assert in_old_words(session_of("B", "B34", old_names=True), STOPPED) == {
        "type": "lifespan.cleanup.complete"
    }


def test_in_old_words_on_a_current_server_is_the_same_object() -> None:
    event = {"type": "lifespan.startup.failed", "message": "x"}
    assert in_old_words(session_of("A", "B31"), event) is event
