"""Send what an application sent once more, through `to_asgi3`: each repair and refusal there is a finding."""

from __future__ import annotations

import asyncio
import functools
from typing import Any, Callable, Dict, List, Optional, Protocol, Sequence, Tuple

from asgi_compat import AppMessageError, ASGIApp, Message, Receive, Scope, Send
from asgi_compat._harness.events import BODIES, current_type, field_of, type_of
from asgi_compat._harness.recorder import Step

from .observation import Replayed
from .scripts import Script, fresh_scope

#: Nothing in a replay waits for anything: the limit is for a mistake of ours.
TIMEOUT = 5.0
#: How many of the last events that reached the server are looked at for the end of the connection.
KEPT = 8

_Repair = Tuple[str, object, object]

#: What is sent in place of an event that was refused, so that the next can be judged.
_STAND_INS: Dict[str, Dict[str, Any]] = {
    "http.response.start": {"status": 500, "headers": []},
    "websocket.http.response.start": {"status": 403, "headers": []},
    "websocket.accept": {},
    "websocket.close": {},
}


class Adapt(Protocol):
    """Wrap an application with `to_asgi3`; ``on_repair`` is told of each repair."""

    def __call__(self, app: ASGIApp, on_repair: Callable[[str, Any, Any], None]) -> Any: ...


class _Interrupted(Exception):
    """Stands for whatever ended the application before it returned."""


async def replay(
    script: Script, steps: Sequence[Step], adapt: Adapt, *, doubled: bool, returned: bool
) -> Tuple[Replayed, ...]:
    """Return what `to_asgi3` made of each event that was sent, and of the return if the application did."""
    run = _Replay(script, steps, returned)
    app = adapt(run.double if doubled else run.play, run.on_repair)
    error: Optional[AppMessageError] = None
    scope = fresh_scope(script)
    try:
        await asyncio.wait_for(app(scope, run.receive, run.send), TIMEOUT)
    except AppMessageError as refused:
        error = refused
    except (_Interrupted, asyncio.TimeoutError):
        pass
    # What is sent in the name of an application that failed is not a finding of its own: the failure is.
    follows = error is not None and any(one.refused for one in run.replayed)
    if returned and not follows:
        run.replayed.append(Replayed(None, True, tuple(run.repairs), error, False))
    return tuple(run.replayed)


def fails(again: Replayed, one: Replayed) -> bool:
    """Return whether an event is still refused, or what follows is out of order or without an end."""
    if again.at_return:
        return bool(again.repairs) or again.refused is not None
    return again.refused is not None and (again.event is one.event or again.refused.rule is None)


class _Replay:
    """Both sides of a replay: an application that sends the recorded events, and its server."""

    def __init__(self, script: Script, steps: Sequence[Step], returned: bool) -> None:
        self.protocol = script.protocol
        self.steps = steps
        self.returned = returned
        self.replayed: List[Replayed] = []
        self.repairs: List[_Repair] = []
        received: List[Any] = [step.event for step in steps if step.call == "receive"]
        self.incoming = received or [dict(event) for event in script.conversation.events[:1]]
        #: What reached the server: the last of it, and how many events.
        self.out: List[Message] = []
        self.count = 0

    def on_repair(self, rule: str, before: object, after: object) -> None:
        self.repairs.append((rule, before, after))

    def double(self, scope: Scope) -> Any:
        return functools.partial(self.play, scope)

    async def play(self, scope: Scope, receive: Receive, send: Send) -> None:
        told = False
        for step in self.steps:
            if step.call == "send":
                await self._resend(step.event, send)
            elif not told:
                await receive()
                # A disconnect that is asked for again tells nothing new, and `to_asgi3` may wait there.
                told = type_of(step.event).endswith(".disconnect")
        self.repairs = []
        if not self.returned:
            raise _Interrupted

    async def _resend(self, event: Any, send: Send) -> None:
        before, ended = self.count, self._ended()
        self.repairs = []
        refused: Optional[AppMessageError] = None
        try:
            await send(event)
        except AppMessageError as error:
            refused = error
        dropped = ended and refused is None and not self.repairs and self.count == before
        self.replayed.append(Replayed(event, False, tuple(self.repairs), refused, dropped))
        if refused is not None and not ended and refused.field not in (None, "type"):
            await self._send_stand_in(event, send)

    async def _send_stand_in(self, event: object, send: Send) -> None:
        """Send a correct event in place of one that was refused for what is in it."""
        kind = current_type(type_of(event), self.protocol)
        if kind in BODIES and kind.startswith("http."):
            fields = {"body": b"", "more_body": bool(field_of(event, kind, "more_body"))}
        elif kind in _STAND_INS:
            fields = _STAND_INS[kind]
        else:
            return
        try:
            await send({"type": kind, **fields})
        except AppMessageError:
            pass

    def _ended(self) -> bool:
        return any(
            (type_of(event) in BODIES and not event.get("more_body")) or type_of(event) == "websocket.close"
            for event in self.out
        )

    async def receive(self) -> Message:
        if self.incoming:
            event: Message = self.incoming.pop(0)
            return event
        ending = "shutdown" if self.protocol == "lifespan" else "disconnect"
        return {"type": f"{self.protocol}.{ending}"}

    async def send(self, event: Message) -> None:
        self.count += 1
        self.out.append(event)
        del self.out[:-KEPT]
