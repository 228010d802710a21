"""The client of one HTTP request."""

from __future__ import annotations

import time
from typing import Optional

from asgi_compat import Message
from asgi_compat._text import plural, safe_repr

from .client import Client
from .events import BODIES, field_of
from .script import Conversation

START = "http.response.start"
TRAILERS = "http.response.trailers"
EVENT_STREAM = "text/event-stream"
PATHSEND = "http.response.pathsend"


class HttpClient(Client):
    """Send one request and read the response."""

    def __init__(self, conversation: Conversation) -> None:
        super().__init__(conversation)
        self.taken = 0
        self.started: object = None
        self.done = False
        self.trailers = False
        #: How many bytes and parts the body has.
        self.length = 0
        self.parts = 0
        #: Whether the response is an event stream, when it started, and seconds until its first body.
        self.streams_events = False
        self._started_at = 0.0
        self._alone: Optional[float] = None

    def next(self) -> Optional[Message]:
        """Return the request, then ``http.disconnect`` for as long as it is asked for."""
        if self.pending:
            return self.pending.popleft()
        if self.conversation.disconnect == 0:
            self.leave()
        if not self.over:
            return None
        self.told = True
        return {"type": "http.disconnect"}

    def take(self, kind: str, event: object) -> None:
        """Count the body and notice its end."""
        self.taken += 1
        status = field_of(event, START, "status")
        if self.started is None and status is not None:
            self.started = status
        self._measure(kind, event)
        self.trailers = self.trailers or bool(field_of(event, START, "trailers"))
        if self.conversation.disconnect == self.taken:
            self.leave()
        if not self.done and kind in BODIES:
            body = field_of(event, kind, "body")
            if isinstance(body, (str, bytes, bytearray)) and body:
                self.length += len(body)
                self.parts += 1
        if self._ends(kind, event):
            self.done = self.over = True

    def _measure(self, kind: str, event: object) -> None:
        """Notice an event stream, and how long its start is alone."""
        if kind == START:
            self._started_at = time.monotonic()
            self.streams_events = EVENT_STREAM in repr(field_of(event, START, "headers"))
        elif kind in BODIES and self._alone is None:
            self._alone = self.alone

    @property
    def alone(self) -> float:
        """The seconds between the start and the first body, or until now."""
        if self._alone is not None or not self._started_at:
            return self._alone or 0.0
        return time.monotonic() - self._started_at

    def _ends(self, kind: str, event: object) -> bool:
        if kind in BODIES:
            return not field_of(event, kind, "more_body") and not self.trailers
        if kind == TRAILERS:
            return not field_of(event, kind, "more_trailers")
        return kind == PATHSEND

    @property
    def complete(self) -> bool:
        """Whether the response has its end."""
        return self.done

    @property
    def status(self) -> Optional[int]:
        """The status of the response."""
        try:
            return int(self.started)  # type: ignore[call-overload, no-any-return]
        except (TypeError, ValueError):
            return None

    def describe(self) -> str:
        """Name the status and the size of the body."""
        if not self.taken:
            return "no response"
        text = safe_repr(self.started) if self.status is None else str(self.status)
        text += f", {plural(self.length, 'byte')}"
        if self.parts > 1:
            text += f" in {self.parts} parts"
        return text if self.done else f"{text}, unfinished"
