"""A request whose body is joined or renamed (A14)."""

from __future__ import annotations

from .._messages.events import joined_request, read_event, with_content_keys
from .._messages.specification import DISCONNECT, REQUEST
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
            event = joined_request(event, parts)
        if policy.request_type:
            # Programs of the articles read the body under either name.
            also = with_content_keys(event) if policy.old_content else {}
            return {**event, **also, "type": policy.request_type}
        if policy.old_content:
            event = with_content_keys(event)
        return event
