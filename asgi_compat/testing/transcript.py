"""What an application did in one conversation."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, NamedTuple, NoReturn, Optional, Tuple, Union

from asgi_compat import Style
from asgi_compat._harness.events import frozen
from asgi_compat._harness.http import START
from asgi_compat._harness.script import Conversation
from asgi_compat._harness.websocket import ACCEPT, CLOSE, SEND

from .answer import answer
from .difference import (
    Line,
    application_events,
    check_view,
    compare_lines,
    ending_line,
    event_lines,
    ignored_names,
    left_line,
)

BODY = "http.response.body"


class Event(NamedTuple):
    """One event of a transcript: who sent it, ``"client"`` or ``"application"``, and the message."""

    by: str
    message: Any


class Transcript:
    """What an application did in one conversation. Immutable; equal to another in which the same happened.

    Equality ignores where it came from (`style`, `conversation`) and the traceback of `error`: the type and
    the text of the error are compared.

    >>> from asgi_compat.testing import http, run
    >>> async def app(scope, receive, send):
    ...     raise ValueError("no")
    >>> print(run(app, http("GET", "/")))
    GET /, called single:
      raised       ValueError: no
    """

    __slots__ = ("_conversation", "_style", "_events", "_error", "_left", "_running")

    def __init__(
        self,
        conversation: Conversation,
        style: Style,
        events: Iterable[Event],
        error: Optional[BaseException] = None,
        left: Iterable[str] = (),
        running: bool = False,
    ) -> None:
        set_ = object.__setattr__
        set_(self, "_conversation", conversation)
        set_(self, "_style", style)
        set_(self, "_events", tuple(Event(by, frozen(message)) for by, message in events))
        set_(self, "_error", error)
        set_(self, "_left", tuple(left))
        set_(self, "_running", running)

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise AttributeError(f"Transcript is immutable: {name} cannot be changed")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"Transcript is immutable: {name} cannot be deleted")

    _conversation: Conversation
    _style: Style
    _events: Tuple[Event, ...]
    _error: Optional[BaseException]
    _left: Tuple[str, ...]
    _running: bool

    @property
    def conversation(self) -> Conversation:
        """The conversation that was held."""
        return self._conversation

    @property
    def style(self) -> Style:
        """How the application was called: `Style.SINGLE` or `Style.DOUBLE`."""
        return self._style

    @property
    def events(self) -> Tuple[Event, ...]:
        """Every event in order, as copies: what the application received and what it sent."""
        return tuple(Event(by, frozen(message)) for by, message in self._events)

    @property
    def received(self) -> List[Any]:
        """The events that the application received, in order."""
        return [event.message for event in self.events if event.by == "client"]

    @property
    def sent(self) -> List[Any]:
        """The events that the application sent, in order and as it sent them."""
        return [event.message for event in self.events if event.by == "application"]

    @property
    def answer(self) -> List[Dict[str, Any]]:
        """The events that the application sent as a client has them.

        Events and fields have their current names, missing fields their defaults, headers are ordered by
        name in lower case, and the chunks of a body are joined.
        """
        return answer(self.sent)

    @property
    def error(self) -> Optional[BaseException]:
        """The exception that the application raised, or None."""
        return self._error

    @property
    def returned(self) -> bool:
        """Whether the application ended without raising."""
        return self._error is None and not self._running

    @property
    def running(self) -> bool:
        """Whether the application had not ended: this is a transcript of `StillRunning`."""
        return self._running

    @property
    def left(self) -> Tuple[str, ...]:
        """The names of the coroutines that the application left running. `run` ended them."""
        return self._left

    @property
    def status(self) -> Optional[int]:
        """The status of the response, None without one."""
        status: Optional[int] = self._first(START, "status")
        return status

    @property
    def headers(self) -> List[Tuple[bytes, bytes]]:
        """The headers of the response or of the accepted WebSocket, ordered by name."""
        found = self._first(START, "headers") or self._first(ACCEPT, "headers")
        return list(found or ())

    @property
    def body(self) -> bytes:
        """The body of the response, all chunks joined."""
        return b"".join(e["body"] for e in self.answer if e["type"] == BODY)

    @property
    def messages(self) -> List[Union[str, bytes]]:
        """The messages that the application sent over the WebSocket."""
        sent = [event for event in self.answer if event["type"] == SEND]
        return [event["text"] if "text" in event else event.get("bytes", b"") for event in sent]

    @property
    def close_code(self) -> Optional[int]:
        """The code with which the application closed the WebSocket, None if it did not."""
        code: Optional[int] = self._first(CLOSE, "code")
        return code

    def _first(self, kind: str, field: str) -> Any:
        for event in self.answer:
            if event["type"] == kind:
                return event.get(field)
        return None

    def difference(
        self,
        other: Transcript,
        *,
        view: str = "events",
        ignore_headers: Iterable[str] = (),
        names: Tuple[str, str] = ("this", "the other"),
    ) -> str:
        """Return how another transcript differs, or ``""``.

        ``view="events"`` compares everything that was received and sent, in order; ``view="answer"`` what a
        client has of it (`answer`). How the application ended is part of both, the tasks left running only
        of the first. ``ignore_headers`` are names of headers to ignore, such as ``"date"``; ``names`` are
        what the text calls the two. Raises ValueError for an unknown view.
        """
        ours, theirs = (each._lines(view, ignore_headers) for each in (self, other))
        return compare_lines(ours, theirs, names)

    def _lines(self, view: str = "events", ignore_headers: Iterable[str] = ()) -> List[Line]:
        check_view(view)
        ignored = ignored_names(ignore_headers)
        if view == "events":
            lines = event_lines(self.events, ignored)
        else:
            lines = event_lines(application_events(self.answer), ignored, flags=False)
        lines.append(ending_line(self._error, running=self._running))
        if view == "events" and self._left:
            lines.append(left_line(self._left))
        return lines

    @property
    def _key(self) -> Tuple[Any, ...]:
        return tuple(line.key for line in self._lines())

    def __reduce__(self) -> Tuple[Any, ...]:
        return type(self), (
            self._conversation,
            self._style,
            self._events,
            self._error,
            self._left,
            self._running,
        )

    def __eq__(self, other: object) -> bool:
        if type(other) is not Transcript:
            return NotImplemented
        return self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    def __str__(self) -> str:
        lines = [f"  {line.text}" for line in self._lines()]
        return "\n".join([f"{self._conversation.name}, called {self._style.value}:", *lines])

    def __repr__(self) -> str:
        return f"<Transcript of {self}>"
