"""What has to be remembered while a connection lasts: HTTP, WebSocket, lifespan.

Invariants:

1. One object a connection, with ``__slots__``. Its ``receive`` and ``send`` are given to the application, and
   both are coroutine functions: old applications pass their result to ``create_task`` (A42).
2. This package checks message order. Message contents are checked in `_messages`, by the rows of its table.
3. A state that cannot happen raises `AppMessageError`, before anything reaches the server.
4. Nothing grows while a connection stays open, with two exceptions: a joined body (A14), as large as the
   request, and a denial response in parts (A47).
5. Application exceptions propagate. One is swallowed and logged: the application does not support lifespan
   (A4, B33).
"""

from __future__ import annotations

from .http import HttpExchange as HttpExchange
from .http_legacy import LegacyHttpExchange as LegacyHttpExchange
from .http_rewriting import RewritingHttpExchange as RewritingHttpExchange
from .lifespan import LifespanSession as LifespanSession
from .lifespan_running import run_lifespan as run_lifespan
from .loop import bind_context as bind_context
from .loop import run_in_thread as run_in_thread
from .loop import sleep_forever as sleep_forever
from .policy import Policy as Policy
from .policy import sessions_of as sessions_of
from .states import DONE as DONE
from .unknown import resolve_event as resolve_event
from .websocket import WebSocketSession as WebSocketSession
