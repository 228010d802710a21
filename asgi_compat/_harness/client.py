"""What all clients have in common. Nothing in a client awaits: the server asks `next` and tells `take`.

A client accepts events under any of their historical names and in any order, and counts what it saw.
"""

from __future__ import annotations

from collections import deque
from typing import Deque, Optional

from asgi_compat import Message

from .script import Conversation


class Client:
    """One side of a conversation."""

    def __init__(self, conversation: Conversation) -> None:
        self.conversation = conversation
        #: What the application can receive at once.
        self.pending: Deque[Message] = deque(dict(event) for event in conversation.events)
        #: The connection is over: the client has left, or the application has ended it.
        self.over: bool = False
        #: The client left before the application had ended the connection.
        self.left: bool = False
        #: The application has received that the connection is over.
        self.told: bool = False

    def next(self) -> Optional[Message]:
        """Return the next event for the application, None while the client waits for the application."""
        return self.pending.popleft() if self.pending else None

    def take(self, kind: str, event: object) -> None:
        """React to an event of the application; ``kind`` is its current type."""
        raise NotImplementedError

    def leave(self) -> None:
        """Leave, unless the connection is over."""
        if not self.over:
            self.left = self.over = True

    @property
    def complete(self) -> bool:
        """Whether the application has sent everything that it has to send."""
        raise NotImplementedError

    @property
    def status(self) -> Optional[int]:
        """The status of the response, None without one."""
        return None

    def describe(self) -> str:
        """Return in a few words what the client saw."""
        raise NotImplementedError
