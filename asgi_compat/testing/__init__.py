"""Run one application in both styles, or two applications, and compare what they did.

A conversation is what a client does: `http`, `websocket` or `lifespan` makes one. `run` holds it with an
application, called single or double or as it is, and returns the `Transcript`: what was received, what was
sent, and how the application ended. `assert_both_styles` and `assert_same` compare two of them.

Invariants

1. An application is never called to find out what it is, and its events are recorded, not judged.
2. Nothing depends on time or chance. Each side's next step follows from the other's last; the clock only
   ends what does not end by itself.
3. No task, coroutine or generator of ours outlives the call.

>>> from asgi_compat.testing import assert_both_styles, http
>>> def application(scope):
...     async def instance(receive, send):
...         await send({"type": "http.response.start", "status": 200, "headers": []})
...         await send({"type": "http.response.body", "body": b"hello"})
...     return instance
>>> transcript = assert_both_styles(application, http("GET", "/"))
>>> transcript.status, transcript.body
(200, b'hello')
"""

from __future__ import annotations

from asgi_compat._harness.script import REPLY as REPLY
from asgi_compat._harness.script import Conversation as Conversation
from asgi_compat._harness.script import Wait as Wait

from .assertions import Comparison as Comparison
from .assertions import assert_both_styles as assert_both_styles
from .assertions import assert_same as assert_same
from .assertions import compare as compare
from .client import Client as Client
from .client import called_in_style as called_in_style
from .conversations import http as http
from .conversations import lifespan as lifespan
from .conversations import websocket as websocket
from .migrated import assert_migrated as assert_migrated
from .running import converse as converse
from .running import run as run
from .session import StillRunning as StillRunning
from .styles import in_style as in_style
from .transcript import Event as Event
from .transcript import Transcript as Transcript

__all__ = [
    "REPLY",
    "Client",
    "Comparison",
    "Conversation",
    "Event",
    "StillRunning",
    "Transcript",
    "Wait",
    "assert_both_styles",
    "assert_migrated",
    "assert_same",
    "called_in_style",
    "compare",
    "converse",
    "http",
    "in_style",
    "lifespan",
    "run",
    "websocket",
]

# Tracebacks and pickles name the path that users import.
for _public in [globals()[_name] for _name in __all__]:
    if hasattr(_public, "__qualname__"):
        _public.__module__ = __name__
