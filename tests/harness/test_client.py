"""What all clients have in common: they give copies, and leave once."""

from __future__ import annotations

from asgi_compat._harness.client import Client
from asgi_compat._harness.script import Conversation

EVENT = {"type": "lifespan.startup"}


def test_client_next_returns_copies_of_the_events() -> None:
    """An application that changes an event does not change the conversation."""
    client = Client(Conversation("", {"type": "lifespan"}, (EVENT,)))
    event = client.next()
    assert event == EVENT
    event["changed"] = True
    assert "changed" not in EVENT and client.next() is None


def test_client_leave_after_the_end_is_not_leaving_early() -> None:
    """`left` says that the client was first."""
    early, late = Client(Conversation("", {})), Client(Conversation("", {}))
    late.over = True
    early.leave()
    late.leave()
    assert (early.left, late.left) == (True, False)
