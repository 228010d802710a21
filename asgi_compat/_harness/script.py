"""What the client of one conversation does, as data."""

from __future__ import annotations

import enum
from typing import Any, Mapping, NamedTuple, Optional, Tuple, Union


class Wait(enum.Enum):
    """What a WebSocket client may do besides sending."""

    #: Wait for one more message of the application before going on.
    REPLY = "reply"


REPLY = Wait.REPLY


class Conversation(NamedTuple):
    """What a client does. Made by `http`, `websocket` and `lifespan`; it can be held any number of times."""

    #: For people: ``GET /tasks``.
    name: str
    #: The scope; the application gets a copy.
    scope: Mapping[str, Any]
    #: What can be received at once.
    events: Tuple[Mapping[str, Any], ...] = ()
    #: What a WebSocket client does once it is accepted: str, bytes, `REPLY`, or the fields of a message.
    then: Tuple[Union[str, bytes, Wait, Mapping[str, Any]], ...] = ()
    #: The close code of a WebSocket client, None for one that stays until the application closes.
    close: Optional[int] = None
    #: After how many events of the response an HTTP client leaves, None for one that stays to the end.
    disconnect: Optional[int] = None

    @property
    def protocol(self) -> str:
        """The type of the scope: ``http``, ``websocket`` or ``lifespan``."""
        return str(self.scope.get("type"))

    def __repr__(self) -> str:
        return f"<Conversation {self.name}>"
