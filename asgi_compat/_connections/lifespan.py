"""One lifespan of an application, and the answers that are given for it (A4, A20, B31 to B34)."""

from __future__ import annotations

from sys import exc_info

from .._errors import AppMessageError, ServerMessageError
from .._messages.errors import out_of_order
from .._messages.events import failure_message, read_event
from .._messages.specification import (
    CLEANUP,
    LIFESPAN,
    SHUTDOWN,
    START_FAILED,
    STARTED,
    STARTUP,
    STOP_FAILED,
    STOPPED,
    A,
)
from .._text import safe_error
from .lifespan_errors import failure_text, get_log
from .lifespan_legacy import in_old_words
from .loop import give_way, sleep_forever
from .shell import Connection, forward
from .unknown import resolve_event

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Optional, Tuple

    from .policy import Policy
    from .shell import Memory

#: What a lifespan has come to. IDLE: the server has asked for nothing. STARTING: start-up has been asked
#: for, RUNNING: it is answered. STOPPING: shutdown has been asked for, ENDED: it is answered.
IDLE, STARTING, RUNNING, STOPPING, ENDED = range(5)


class LifespanOver(BaseException):
    """Ends an application that asks for events after everything has been answered for it."""


class LifespanSession(Connection):
    """One lifespan of an application, and the answers that are given for it."""

    __slots__ = (
        "policy", "plan", "scope", "_receive", "_send", "mode", "answers", "state", "asked", "begun",
        "judges", "started", "for_it", "old_names", "failure", "offered_cleanup", "foreign", "over",
    )  # fmt: skip

    def __init__(self, policy: Policy, scope: Any, receive: Any, send: Any, mode: str) -> None:
        self.plan = policy.plan
        self.policy = policy
        self.scope = scope
        self._receive = receive
        self._send = send
        self.mode = mode
        #: Whether an application without lifespan support is answered for (A4, of old applications; B33).
        self.answers = mode == "auto" and policy.answers_lifespan is not None
        #: Whether a failed start is told to the server, and an application that loops over its own events is
        #: answered for. Current applications too: their server would go on, or wait for ever.
        self.judges = self.answers or (mode == "auto" and self.plan.direction == A)
        self.state = IDLE
        #: Whether the application has called receive, and whether the server has asked for start-up.
        self.asked = False
        self.begun = False
        #: Whether start-up has been answered, also where the server asks for shutdown first.
        self.started = False
        #: The answers that were given for an application that is still running, and may come late.
        self.for_it: Tuple[str, ...] = ()
        #: Whether the server said lifespan.cleanup (B17, B34).
        self.old_names = False
        self.failure: Optional[str] = None
        self.offered_cleanup = False
        #: Whether it sent what does not belong here: an application of the time before lifespan, that
        #: does not look at the type of its scope and answers startup with a response.
        self.foreign = False
        self.over = False

    # What the server asks.

    async def receive(self) -> Any:
        """Give lifespan.startup, then lifespan.shutdown (or lifespan.cleanup, A20)."""
        self.asked = True
        if self.failure is not None:
            raise RuntimeError(self.failure)
        if self.state == STARTING and self.judges:
            get_log().info(
                "the application has no lifespan support (it asked for another event and has not answered"
                " lifespan.startup); answering for it"
            )
            await self._answer_for_it(STARTED)
        elif self.state == STOPPING:
            event = self._cleanup()
            if event is not None:
                return event
            if self.judges:
                await self._answer_for_it(STOPPED)
            elif self.offered_cleanup:
                await sleep_forever()
        if self.state == ENDED and self.for_it:
            await self._end()
        return self._by_choice(await self.next_event())

    def _by_choice(self, event: Any) -> Any:
        """Return shutdown under its name of 2018 where a quirk says so (A20)."""
        by_quirk = self.policy.cleanup if self.plan.quirks.lifespan_cleanup is True else None
        return self._renamed(event, by_quirk) if by_quirk and event["type"] == SHUTDOWN else event

    async def _end(self) -> None:
        """End an application that loops over its own events: its task would keep the server from ending."""
        if not self.over:
            self.over = True
            raise LifespanOver
        await sleep_forever()

    def _cleanup(self) -> Any:
        """Return shutdown by its name of 2018, once, for an application that has let it pass (A20)."""
        if self.offered_cleanup or self.policy.cleanup is None:
            return None
        return self._renamed({"type": SHUTDOWN}, self.policy.cleanup)

    def _renamed(self, event: Any, rule: str) -> Any:
        self.offered_cleanup = True
        after = {**event, "type": CLEANUP}
        self.plan.report(ServerMessageError, rule, event, after, "type", "quiet")
        return after

    async def next_event(self) -> Any:
        """Return the next event of the server, by its current name."""
        event = read_event(await self._receive())
        kind = event["type"]
        row = self.plan.received_as.get(kind)
        if row is not None:
            self.old_names = True
            event, kind = {**event, "type": row.type}, row.type
        if kind == STARTUP:
            self.begun = True
            self.state = max(self.state, STARTING)
        elif kind == SHUTDOWN:
            self.state = max(self.state, STOPPING)
        return event

    # What the application answers.

    async def send(self, event: Any) -> None:
        """Take an answer of the application.

        One that cannot come now does not replace an exception that the application is about to raise: it
        sends them from ``except`` clauses.
        """
        under_way, before = exc_info()[1], self.memory()
        try:
            kind, function, event = resolve_event(self.policy, "lifespan", event, self.scope)
        except AppMessageError as error:
            # A misspelled event of lifespan does not belong to another protocol.
            self.foreign = not str(error.message_type).startswith(LIFESPAN)
            self._refuse(error, under_way)
            await give_way()
            return
        if function is None:
            await forward(self, () if kind is None else (event,), before)
            return
        try:
            try:
                event = function(event, self)
            except AppMessageError:
                if under_way is None:
                    raise
                event = {"type": kind, "message": failure_text(under_way)}
            out = ANSWERS[self.state, event["type"]](self, event)
        except AppMessageError as error:
            self._refuse(error, under_way)
            out = None
        await forward(self, () if out is None else (out,), before)

    def memory(self) -> Memory:
        """Return the state to go back to when a send is cancelled."""
        return self.state, self.started, self.for_it

    def restore(self, before: Memory) -> None:
        """Go back to an earlier state: what came after it has not happened."""
        self.state, self.started, self.for_it = before

    def _refuse(self, error: AppMessageError, under_way: Optional[BaseException]) -> None:
        """Raise the error, or log it beside an exception of the application that is on its way."""
        if under_way is None:
            raise error
        get_log().error("%s (not sent: the application is about to raise %s)", error, safe_error(under_way))

    def _take_start(self, event: Any) -> Any:
        self.started = True
        self.state = max(self.state, RUNNING)
        return in_old_words(self, event)

    def _take_late_start(self, event: Any) -> Any:
        """Take an answer to start-up that has been answered: no error where it was answered for it."""
        if STARTED not in self.for_it:
            raise out_of_order(event, "comes a second time; start-up is answered once")
        self.for_it = tuple(kind for kind in self.for_it if kind != STARTED)
        if event["type"] == START_FAILED:
            get_log().error("the application failed to start: %s", failure_message(event))
        return None

    def _take_stop(self, event: Any) -> Any:
        """Take the end. Servers take it before they ask: an application may fail in between."""
        self.state = ENDED
        return in_old_words(self, event)

    def _take_early_stop(self, event: Any) -> Any:
        if self.started:
            return self._take_stop(event)
        raise out_of_order(event, "comes before start-up has been answered; answer that first")

    def _take_late_stop(self, event: Any) -> Any:
        if STOPPED not in self.for_it:
            raise out_of_order(event, "comes a second time; shutdown is answered once")
        self.for_it = tuple(kind for kind in self.for_it if kind != STOPPED)
        return None

    async def _answer_for_it(self, kind: str) -> None:
        """Answer for an application that is still running."""
        before = self.memory()
        self.for_it += (kind,)
        await forward(self, (ANSWERS[self.state, kind](self, {"type": kind}),), before)


#: The handlers of an answer, by the state from IDLE to ENDED. Each returns the event that goes on, or None.
_START, _LATE_START = LifespanSession._take_start, LifespanSession._take_late_start
_EARLY_STOP, _STOP, _LATE_STOP = (
    LifespanSession._take_early_stop,
    LifespanSession._take_stop,
    LifespanSession._take_late_stop,
)
_BY_KIND = {
    (STARTED, START_FAILED): (_START, _START, _LATE_START, _LATE_START, _LATE_START),
    (STOPPED, STOP_FAILED): (_EARLY_STOP, _EARLY_STOP, _STOP, _STOP, _LATE_STOP),
}
ANSWERS: Dict[Tuple[int, str], Callable[[LifespanSession, Any], Any]] = {
    (state, kind): handler
    for kinds, handlers in _BY_KIND.items()
    for kind in kinds
    for state, handler in enumerate(handlers)
}
