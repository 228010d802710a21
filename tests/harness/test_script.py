"""A conversation is data."""

from __future__ import annotations

import pickle

from asgi_compat._harness.script import Conversation


def test_conversation_protocol_is_the_type_of_the_scope() -> None:
    """And its repr is its name."""
    conversation = Conversation("GET /", {"type": "http"})
    assert conversation.protocol == "http" and repr(conversation) == "<Conversation GET />"
    assert pickle.loads(pickle.dumps(conversation)) == conversation
