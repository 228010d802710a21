"""One lifespan of an application, and the answers that are given for it (A4, A20, B31 to B34)."""

from __future__ import annotations

from .._errors import AppMessageError, ServerMessageError
from .._messages import specification
from .._text import printable, safe_error, safe_str, type_name
from .events import out_of_order, read_event
from .loop import give_way, sleep_forever
from .unknown import resolve_event

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Awaitable, Callable, Optional

    from .policy import Policy


#: Events of lifespan that an adapter sends on the application's behalf.
_STARTED = {"type": "lifespan.startup.complete"}

_STOPPED = {"type": "lifespan.shutdown.complete"}


#: The types of events that an application knows which was made for HTTP or WebSockets.
_OTHER_TYPES = frozenset(row.type for row in specification.EVENTS if row.scope != "lifespan")


def is_about_its_type(error: BaseException) -> bool:
    """Whether what was raised after lifespan.startup is about that event's type, and no failed start-up.

    Applications of one protocol read the first event before they look at its type: a consumer of Channels 2
    ("No handler for message type lifespan.startup"), WsgiToAsgi of asgiref up to 3.1, an assertion of
    http.request. The function that raises names an event of another protocol then, or its message names
    the type. An application with a start-up names lifespan in the function that takes the event.
    """
    code = None
    traceback = error.__traceback__
    while traceback is not None:
        if not str(traceback.tb_frame.f_globals.get("__name__", "")).startswith("asgi_compat."):
            code = traceback.tb_frame.f_code
        traceback = traceback.tb_next
    if code is None:
        return False
    words = {code.co_name, *code.co_names}
    for constant in code.co_consts:
        several = constant if isinstance(constant, (tuple, frozenset)) else (constant,)
        words.update(word for word in several if type(word) is str)
    if any("lifespan" in word for word in words):
        return False
    text = safe_str(error)
    return not words.isdisjoint(_OTHER_TYPES) or "lifespan.startup" in text or "lifespan_startup" in text


class LifespanSession:
    """One lifespan of an application, and the answers that are given for it."""

    __slots__ = (
        "policy",
        "plan",
        "scope",
        "_receive",
        "_send",
        "mode",
        "asked",
        "begun",
        "started",
        "stopping",
        "stopped",
        "old_names",
        "failure",
        "offered_cleanup",
        "foreign",
    )

    def __init__(self, policy: Policy, scope: Any, receive: Any, send: Any, mode: str) -> None:
        self.plan = policy.plan
        self.policy = policy
        self.scope = scope
        self._receive = receive
        self._send = send
        self.mode = mode
        #: Whether the application has called receive, and whether the server has asked for start-up.
        self.asked = False
        self.begun = False
        self.started = False
        self.stopping = False
        self.stopped = False
        #: Whether the server said lifespan.cleanup (B17, B34).
        self.old_names = False
        self.failure: Optional[str] = None
        self.offered_cleanup = False
        #: Whether it sent what does not belong here: an application of the time before lifespan, that
        #: does not look at the type of its scope and answers startup with a response.
        self.foreign = False

    async def receive(self) -> Any:
        """Give lifespan.startup, then lifespan.shutdown (or lifespan.cleanup, A20)."""
        self.asked = True
        if self.failure is not None:
            raise RuntimeError(self.failure)
        rules, choice = self.plan.rules, self.plan.quirks.lifespan_cleanup
        if self.stopping and not self.stopped and "A20" in rules and choice is not False:
            if not self.offered_cleanup:
                # It let shutdown pass without an answer: it may know the name of 2018 only.
                self.offered_cleanup = True
                after = {"type": "lifespan.cleanup"}
                self.plan.report(
                    ServerMessageError, "A20", {"type": "lifespan.shutdown"}, after, "type", "quiet"
                )
                return after
            await sleep_forever()
        event = await self._event()
        if event["type"] == "lifespan.shutdown" and "A20" in rules and choice is True:
            self.offered_cleanup = True
            after = {**event, "type": "lifespan.cleanup"}
            self.plan.report(ServerMessageError, "A20", event, after, "type", "quiet")
            return after
        return event

    async def _event(self) -> Any:
        event = read_event(await self._receive())
        kind = event["type"]
        row = self.plan.received_as.get(kind)
        if row is not None:
            self.old_names = True
            event, kind = {**event, "type": row.type}, row.type
        if kind == "lifespan.startup":
            self.begun = True
        elif kind == "lifespan.shutdown":
            self.stopping = True
        return event

    async def send(self, event: Any) -> None:
        """Take an answer of the application."""
        try:
            kind, function, event = resolve_event(self.policy, "lifespan", event, self.scope)
        except AppMessageError:
            self.foreign = True
            raise
        if function is None:
            await (give_way() if kind is None else self._send(event))
            return
        event = function(event, self)
        if kind.startswith("lifespan.startup"):  # type: ignore[union-attr]
            if self.started:
                raise out_of_order(event, "comes a second time: start-up has been answered")
            self.started = True
        else:
            if self.stopped:
                raise out_of_order(event, "comes a second time: shutdown has been answered")
            if not self.stopping:
                raise out_of_order(event, "comes before lifespan.shutdown has been received")
            self.stopped = True
        if self.plan.direction == specification.B:
            event = self._of_old(event)
            if event is None:
                return
        await self._send(event)

    def _of_old(self, event: Any) -> Any:
        """Put an answer in the words of an old server (B31, B32, B34)."""
        rules, kind = self.plan.rules, event["type"]
        if kind == "lifespan.startup.failed" and "B31" in rules:
            self.failure = printable(event.get("message") or "the application failed to start")
            return None
        if kind == "lifespan.shutdown.failed" and "B32" in rules:
            from logging import getLogger

            getLogger("asgi_compat").error("shutdown failed: %s", printable(event.get("message", "")))
            event, kind = dict(_STOPPED), _STOPPED["type"]
        if kind == _STOPPED["type"] and self.old_names and "B34" in rules:
            event = {**event, "type": "lifespan.cleanup.complete"}
        return event

    async def run(self, call: Callable[..., Awaitable[Any]]) -> None:
        """Run the application's lifespan, in the way that ``mode`` says."""
        if self.mode == "off":
            await self._answer()
            return
        answers = (
            self.mode == "auto"
            and ("A4" if self.plan.direction == specification.A else "B33") in self.plan.rules
        )
        try:
            await call(self.scope, self.receive, self.send)
        except Exception as error:
            if self.failure is not None:
                raise RuntimeError(self.failure) from error
            if not answers or self.started or self.failure is not None:
                raise
            if self.asked and not self.foreign and not is_about_its_type(error):
                await self._fail(error)
                raise
            from logging import getLogger

            getLogger("asgi_compat").info(
                "the application has no lifespan support (it raised %s); answering for it",
                safe_error(error),
            )
        if self.failure is not None:
            raise RuntimeError(self.failure)
        if answers and not self.started:
            await self._answer()

    async def _fail(self, error: BaseException) -> None:
        """Tell the server that start-up failed: an application that asked for startup speaks lifespan."""
        message = f"{type_name(error)}: {safe_str(error)}"
        self.started = True
        if self.plan.direction == specification.B and "B31" in self.plan.rules:
            return  # the exception itself is what an old server understands
        if not self.begun:
            await self._event()  # its own receive was cancelled
        await self._send({"type": "lifespan.startup.failed", "message": message})

    async def _answer(self) -> None:
        """Answer the server on behalf of an application that does not."""
        if self.begun and not self.started:
            self.started = True
            await self._send(dict(_STARTED))
        while True:
            event = await self._event()
            if event["type"] == "lifespan.startup" and not self.started:
                self.started = True
                await self._send(dict(_STARTED))
            elif event["type"] == "lifespan.shutdown" and not self.stopped:
                self.stopped = True
                answer = dict(_STOPPED)
                if self.plan.direction == specification.B:
                    answer = self._of_old(answer)
                await self._send(answer)
                return
