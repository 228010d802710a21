"""A request on a server from before ASGI 3 (B15)."""

from __future__ import annotations

from .._messages import specification
from .._text import safe_str
from .http import HttpExchange
from .loop import give_way, sleep_forever
from .states import DONE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .policy import Policy


class LegacyHttpExchange(HttpExchange):
    """One request and its response, on an old server: the end of it is the adapter's to tell (B15)."""

    __slots__ = ("read",)

    def __init__(self, policy: Policy, scope: Any, receive: Any, send: Any, server_scope: Any) -> None:
        super().__init__(policy, scope, receive, send, server_scope)
        #: Whether the whole body of the request has been received.
        self.read = False

    async def receive(self) -> Any:
        """Give the next event of the client."""
        tells = self.policy.disconnects
        if tells and self.state == DONE:
            await give_way()
            return {"type": "http.disconnect"}
        try:
            event = await super().receive()
        except RuntimeError as error:
            # uvicorn 0.2.0 to 0.2.7 says "Receive channel fully consumed." when the body has been read.
            if not tells or not self.read or specification.CONSUMED not in safe_str(error):
                raise
        else:
            if not self.read and event["type"] == "http.request" and not event.get("more_body"):
                self.read = True
            return event
        await sleep_forever()
