"""The client of each protocol."""

from __future__ import annotations

from typing import Callable, Dict

from .client import Client
from .http import HttpClient
from .lifespan import LifespanClient
from .script import Conversation
from .websocket import WebSocketClient

#: By the type of the scope.
CLIENTS: Dict[str, Callable[[Conversation], Client]] = {
    "http": HttpClient,
    "websocket": WebSocketClient,
    "lifespan": LifespanClient,
}


def client_of(conversation: Conversation) -> Client:
    """Return a new client for a conversation. Raises ValueError for a type of scope that has none."""
    make = CLIENTS.get(conversation.protocol)
    if make is None:
        kind = conversation.scope.get("type")
        raise ValueError(f"a conversation is of one of the types {', '.join(CLIENTS)}, not {kind!r}")
    return make(conversation)
