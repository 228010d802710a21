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

from .events import is_head as is_head
from .http import Http as Http
from .http_legacy import OldHttp as OldHttp
from .http_rewriting import RewritingHttp as RewritingHttp
from .lengths import ANY_LENGTH as ANY_LENGTH
from .lengths import NO_BODY as NO_BODY
from .lifespan import Lifespan as Lifespan
from .loop import forever as forever
from .loop import in_this_context as in_this_context
from .policy import Policy as Policy
from .states import DONE as DONE
from .states import NEW as NEW
from .unknown import resolve as resolve
from .websocket import WebSocket as WebSocket
