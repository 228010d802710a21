"""The client of one lifespan."""

from __future__ import annotations

from typing import Optional

from asgi_compat import Message

from .client import Client
from .events import field_of
from .script import Conversation

STARTUP = "lifespan.startup"
SHUTDOWN = "lifespan.shutdown"


class LifespanClient(Client):
    """Start the application, and shut it down once it has started, or with ``stay`` when told to."""

    def __init__(self, conversation: Conversation, *, stay: bool = False) -> None:
        super().__init__(conversation)
        self.stay = stay
        #: The last word of the answer: ``complete``, ``failed``, or "" without one.
        self.startup: str = ""
        self.shutdown: str = ""
        self.message: str = ""

    def next(self) -> Optional[Message]:
        """Return startup, then shutdown when it is time."""
        event = super().next()
        if event is not None and event["type"] == SHUTDOWN:
            self.told = True
        return event

    def take(self, kind: str, event: object) -> None:
        """Record the answer to either."""
        about, _, answer = kind.rpartition(".")
        if about == STARTUP and not self.startup:
            self.startup = answer
            if answer == "complete" and not self.stay:
                self.shut_down()
        elif about == SHUTDOWN and not self.shutdown:
            self.shutdown = answer
        if answer == "failed":
            self.message = str(field_of(event, kind, "message") or "")

    def shut_down(self) -> None:
        """Ask the application to shut down."""
        self.pending.append({"type": SHUTDOWN})

    @property
    def complete(self) -> bool:
        """Whether shutdown was answered."""
        return bool(self.shutdown)

    def describe(self) -> str:
        """Describe how startup and shutdown went."""
        if not self.startup:
            return "not answered"
        if self.startup == "failed":
            return f"startup failed: {self.message or 'without a message'}"
        if not self.shutdown:
            return "started, shutdown not answered"
        return "started and shut down" if self.shutdown == "complete" else f"shutdown failed: {self.message}"
