"""A request whose body is joined or renamed (A14)."""

from __future__ import annotations

from .events import DISCONNECT, REQUEST, read_event
from .http import HttpExchange
from .states import GONE, READ
from .turns import pass_turn, take_turn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .._types import Event, Receive, Scope, Send
    from .policy import Policy


class RewritingHttpExchange(HttpExchange):
    """One request whose body is joined or renamed (A14): one task at a time puts it together."""

    __slots__ = ("reading",)

    def __init__(
        self, policy: Policy, scope: Scope, receive: Receive, send: Send, server_scope: Scope
    ) -> None:
        super().__init__(policy, scope, receive, send, server_scope)
        self.reading: Any = None

    async def receive(self) -> Event:
        """Give the next event of the client. Several tasks are served in the order of their calls."""
        await take_turn(self, "reading")
        try:
            event = await super().receive()
            return await self._old_request(event) if event["type"] == REQUEST else event
        finally:
            pass_turn(self, "reading")

    async def _old_request(self, event: Event) -> Event:
        """Give the body as the application of 2017 or of the articles wants it (A14)."""
        policy = self.policy
        if policy.joins and event["more_body"]:
            parts = [event["body"]]
            while event["more_body"]:
                after = read_event(await self._receive())
                if after["type"] != REQUEST:
                    if after["type"] == DISCONNECT:
                        self.heard = GONE
                    return after
                event = policy.request(after)
                parts.append(event["body"])
            self.heard = READ
            event = {**event, "body": b"".join(parts)}
        if policy.old_content:
            rest = {key: value for key, value in event.items() if key not in ("body", "more_body")}
            event = {**rest, "content": event["body"], "more_content": event["more_body"]}
        if policy.request_type:
            event = {**event, "type": policy.request_type}
        return event
