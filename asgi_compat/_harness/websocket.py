"""The client of one WebSocket."""

from __future__ import annotations

from collections import deque
from typing import Any, Callable, Dict, Optional, Union

from asgi_compat import Message
from asgi_compat._text import plural, safe_repr

from .client import Client
from .events import field_of
from .script import Conversation, Wait

CONNECT = "websocket.connect"
ACCEPT = "websocket.accept"
SEND = "websocket.send"
CLOSE = "websocket.close"
DENIAL_START = "websocket.http.response.start"
DENIAL_BODY = "websocket.http.response.body"

NORMAL_CLOSURE = 1000
#: What a client has that was refused: it saw no close frame.
ABNORMAL_CLOSURE = 1006


class WebSocketClient(Client):
    """Open one WebSocket, send messages as soon as it is accepted, and close it."""

    def __init__(self, conversation: Conversation) -> None:
        super().__init__(conversation)
        self.steps = deque(conversation.then)
        #: Accepted; answered in whatever way; refused.
        self.open = False
        self.answered = False
        self.refused = False
        #: The status of a denial response, and the code of the application's close.
        self.denied: object = None
        self.closed: object = None
        self.messages = 0
        self._replies = 0
        self._disconnect: Optional[Message] = None

    def next(self) -> Optional[Message]:
        """Return connect, the messages, then the disconnect for as long as it is asked for."""
        if self.pending:
            return self.pending.popleft()
        if self._disconnect is None:
            return None
        self.leave()
        self.told = True
        return dict(self._disconnect)

    def take(self, kind: str, event: object) -> None:
        """Notice whether it is accepted, refused or closed."""
        handler = _ON_WEBSOCKET.get(kind)
        if handler is not None:
            handler(self, event)
        # Any answer but the beginning of a response lets the client go on: no mistake hides the next.
        self.answered = self.answered or kind not in (DENIAL_START, DENIAL_BODY)
        if self.answered and self._disconnect is None:
            self._speak()

    def leave(self) -> None:
        """Leave with the messages unsent, unless the connection is over."""
        if not self.over:
            super().leave()
            self.pending = deque(event for event in self.pending if event["type"] == CONNECT)
            code = self.conversation.close
            self._part(NORMAL_CLOSURE if code is None else code)

    def _on_accept(self, event: object) -> None:
        self.open = True

    def _on_send(self, event: object) -> None:
        # A message before accept counts as accept.
        self.open = True
        self.messages += 1
        self._replies += 1

    def _on_close(self, event: object) -> None:
        if self.closed is None:
            self.closed = field_of(event, CLOSE, "code") or NORMAL_CLOSURE
        self.refused = not self.open
        self.over = True
        self._part(self.closed if self.open else ABNORMAL_CLOSURE, field_of(event, CLOSE, "reason") or "")

    def _on_denial_start(self, event: object) -> None:
        self.denied = field_of(event, DENIAL_START, "status")

    def _on_denial_body(self, event: object) -> None:
        if not field_of(event, DENIAL_BODY, "more_body"):
            self.refused = self.over = True
            self._part(ABNORMAL_CLOSURE)

    def _speak(self) -> None:
        """Send messages up to the next reply that is waited for; leave after the last."""
        while self.steps:
            step = self.steps[0]
            if isinstance(step, Wait):
                if not self._replies:
                    return
                self._replies -= 1
            else:
                self.pending.append(_message(step))
            self.steps.popleft()
        if self.conversation.close is not None:
            self._part(self.conversation.close)

    def _part(self, code: object, reason: object = "") -> None:
        if self._disconnect is None:
            self._disconnect = {"type": "websocket.disconnect", "code": code, "reason": reason}

    @property
    def complete(self) -> bool:
        """Whether the application has refused or closed it."""
        return self.refused or self.closed is not None

    @property
    def status(self) -> Optional[int]:
        """The status of a denial response."""
        return self.denied if isinstance(self.denied, int) else None

    def describe(self) -> str:
        """Return in words whether it was accepted, refused or not answered."""
        if self.denied is not None:
            return f"refused with a response, {safe_repr(self.denied)}"
        if self.refused:
            return "refused"
        if not self.open:
            return "not answered"
        text = f"accepted, sent {plural(self.messages, 'message') if self.messages else 'nothing'}"
        return f"{text}, closed it with {safe_repr(self.closed)}" if self.closed is not None else text


_ON_WEBSOCKET: Dict[str, Callable[[WebSocketClient, object], None]] = {
    ACCEPT: WebSocketClient._on_accept,
    SEND: WebSocketClient._on_send,
    CLOSE: WebSocketClient._on_close,
    DENIAL_START: WebSocketClient._on_denial_start,
    DENIAL_BODY: WebSocketClient._on_denial_body,
}


def _message(step: Union[str, bytes, Any]) -> Message:
    if isinstance(step, str):
        step = {"text": step}
    elif isinstance(step, bytes):
        step = {"bytes": step}
    return {"type": "websocket.receive", **step}
