"""What was seen in one conversation, as data for the judges."""

from __future__ import annotations

import enum
from typing import NamedTuple, Optional, Tuple

from asgi_compat import AppMessageError
from asgi_compat._harness.ending import Blocked, Outcome
from asgi_compat._harness.events import is_foreign, type_of
from asgi_compat._harness.recorder import Step

from .refusals import is_refusal
from .scripts import Script


class Engagement(enum.Enum):
    """How far the application got into a conversation."""

    #: It took part.
    SPOKEN = "spoken"
    #: It answered with events of another protocol: it does not look at its scope.
    FOREIGN = "foreign"
    #: It raised for its scope, before it had looked any further.
    AT_SCOPE = "at scope"
    #: It ended without an answer.
    SILENT = "silent"
    #: It received lifespan.startup and raised.
    FAILED = "failed"


class Replayed(NamedTuple):
    """What `to_asgi3` made of one event, or of the return."""

    event: object
    #: Whether this is what came of the return; `event` is None then.
    at_return: bool
    #: (rule, before, after)
    repairs: Tuple[Tuple[str, object, object], ...]
    refused: Optional[AppMessageError]
    #: Nothing came of it, after the end of the connection.
    dropped: bool
    #: The quirk with which `to_asgi3` takes what it refused, as ``NAME=VALUE``; "" where none does.
    quirk: str = ""


class Rerun(NamedTuple):
    """How the same conversation went through `to_asgi3`."""

    result: str
    #: Whether everything was right.
    helps: bool
    #: The option of the command line that it needs, "" for none.
    option: str = ""

    @property
    def text(self) -> str:
        """The result as it stands in a finding."""
        if not self.helps:
            return f"does not help: {self.result}"
        return f"helps with {self.option}: {self.result}" if self.option else f"helps: {self.result}"


class Observation(NamedTuple):
    """One conversation, as it went natively."""

    script: Script
    #: Seconds that it was allowed to take.
    timeout: float
    outcome: Outcome
    #: What the client saw, in words.
    described: str = ""
    status: Optional[int] = None
    #: The events in order, as far as they were kept; whether those are all.
    steps: Tuple[Step, ...] = ()
    has_all_steps: bool = True
    received: int = 0
    sent: int = 0
    #: How many events were sent before it called ``receive``, None if it never did.
    sent_unasked: Optional[int] = None
    last_received: object = None
    #: The application has sent everything that it has to send.
    complete: bool = False
    #: The client left first; the application received that the connection was over.
    left: bool = False
    told: bool = False
    sent_after_leaving: int = 0
    late: Tuple[object, ...] = ()
    #: Of a WebSocket: accepted; refused; the code of the application's close.
    open: bool = False
    refused: bool = False
    closed: object = None
    #: Of lifespan: ``complete``, ``failed`` or "", and the message.
    startup: str = ""
    shutdown: str = ""
    message: str = ""
    unawaited: Tuple[Step, ...] = ()
    #: Seconds for which the loop was blocked, and the names of the tasks that were left running.
    lag: float = 0.0
    tasks_left: Tuple[str, ...] = ()
    replayed: Tuple[Replayed, ...] = ()
    rerun: Optional[Rerun] = None
    #: The response is an event stream; seconds between its start and its first body, or the end.
    streams_events: bool = False
    alone: float = 0.0
    #: It ran on, and did not where ``send`` raises OSError.
    ends_at_oserror: bool = False

    @property
    def name(self) -> str:
        """The name of the conversation."""
        return self.script.name

    @property
    def protocol(self) -> str:
        """``http``, ``websocket`` or ``lifespan``."""
        return self.script.protocol

    @property
    def error(self) -> Optional[BaseException]:
        """The exception that left the application."""
        return self.outcome.error

    @property
    def ran_on(self) -> bool:
        """Whether the application had to be cancelled."""
        return self.outcome.ignored_disconnect

    @property
    def first_sent(self) -> str:
        """The type of the first event that was sent, "" without one."""
        return next((type_of(step.event) for step in self.steps if step.call == "send"), "")

    @property
    def returned(self) -> bool:
        """Whether the application came to its end by itself and without an exception.

        A call that it forgot to await is why the rest is not there, so that does not count as its end.
        """
        forgot = bool(self.unawaited) and self.protocol != "lifespan"
        ended = not (self.ran_on or self.outcome.unanswered or self.outcome.overtime)
        return ended and not forgot and self.error is None

    @property
    def seconds(self) -> str:
        """The time that it was allowed to take, in words."""
        return f"{self.timeout:g} s"

    @property
    def engagement(self) -> Engagement:
        """How far the application got."""
        if self.first_sent and self.protocol != "http" and is_foreign(self.first_sent, self.protocol):
            return Engagement.FOREIGN
        return self._in_lifespan() if self.protocol == "lifespan" else self._in_connection()

    def _in_lifespan(self) -> Engagement:
        if self.startup or self.ran_on:
            return Engagement.SPOKEN
        if self.error is not None and (self.received or isinstance(self.error, Blocked)):
            return Engagement.FAILED
        return Engagement.SILENT

    def _in_connection(self) -> Engagement:
        # A WebSocket application has to have received what comes after websocket.connect.
        looked = self.sent or self.received >= (2 if self.protocol == "websocket" else 1)
        if isinstance(self.error, Exception) and not looked and not self.outcome.unanswered:
            return Engagement.AT_SCOPE
        did = self.sent or self.received or self.error or self.outcome.unanswered or self.unawaited
        return Engagement.SPOKEN if did or self.protocol == "http" else Engagement.SILENT

    @property
    def failed(self) -> bool:
        """Whether it raised by mistake, and not to refuse a scope of this type."""
        return self.error is not None and not is_refusal(self.error, self.protocol)

    @property
    def result(self) -> str:
        """How it went, in words."""
        engagement = self.engagement
        unspoken = engagement in (Engagement.FOREIGN, Engagement.SILENT)
        if engagement is Engagement.AT_SCOPE and self.protocol == "websocket":
            unspoken = True
        if unspoken and not self.failed:
            return NOT_SUPPORTED
        if isinstance(self.error, Blocked):
            return "blocked the event loop"
        if self.outcome.unanswered and self.protocol != "lifespan":
            return f"no answer within {self.seconds}"
        if self.error is not None:
            return f"raised {type(self.error).__name__}"
        return self.described


NOT_SUPPORTED = "not supported"
