"""Every protocol has its client."""

from __future__ import annotations

import pytest

from asgi_compat._harness.clients import CLIENTS, client_of
from asgi_compat._harness.script import Conversation


@pytest.mark.parametrize("protocol", ["http", "websocket", "lifespan"])
def test_client_of_protocol_returns_its_client(protocol: str) -> None:
    """By the type of the scope."""
    conversation = Conversation("", {"type": protocol})
    assert type(client_of(conversation)) is CLIENTS[protocol]
    assert client_of(conversation).conversation is conversation


def test_client_of_unknown_protocol_raises() -> None:
    """The error names the types."""
    with pytest.raises(ValueError, match="http, websocket, lifespan, not None"):
        client_of(Conversation("", {}))
