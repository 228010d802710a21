"""``python -m asgi_compat check``: find what an application does wrong by talking to it.

    python -m asgi_compat check module:app          # exit status 0 without findings, 1 with

The flow: a script, which is a conversation to hold -> the recording server -> an Observation, which is data
-> judges, registered functions that return findings -> a Report -> output.

Invariants

1. The application is called natively, in its own style, by a server that accepts whatever it sends: one
   mistake does not hide the next. What it sent is sent once more through `to_asgi3`, which knows the
   rules: each repair and each refusal there is a finding.
2. What no message shows is judged by what happened: an exception, no end, a ``send`` that is never awaited.
   Then the same conversation is held once more through `to_asgi3`, to say how it goes there.
3. Every conversation ends, whatever the application does, and so does what it leaves behind. What is kept
   of one is bounded, however long it streams.
4. What the specification permits is a note, not a finding: an application may not know a protocol, may
   refuse a WebSocket, may answer 404. Findings that the specification permits, and that some current
   servers do not accept, say so (`Finding.level`).
"""

from __future__ import annotations

from .output import as_json as as_json
from .output import as_text as as_text
from .report import PROBLEMS as PROBLEMS
from .report import ConversationResult as Conversation
from .report import Finding as Finding
from .report import Note as Note
from .report import Options as Options
from .report import Report as Report
from .running import check as check

__all__ = ["PROBLEMS", "Conversation", "Finding", "Note", "Options", "Report", "as_json", "as_text", "check"]

# Tracebacks and pickles name the path that users import.
for _public in [globals()[_name] for _name in __all__]:
    if hasattr(_public, "__qualname__"):
        _public.__module__ = __name__
