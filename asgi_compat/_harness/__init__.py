"""Our own ASGI client and server, for calling an application without a network.

A `Conversation` says what a client does. A client (`client`) follows it without waiting for anything; the
`ScriptedServer` gives the application ``receive`` and ``send`` and records every event; `hold` calls the
application and makes sure that the call ends. ``check`` and ``testing`` are built on it.

Invariants

1. Nothing in here judges what an application does; everything is accepted and recorded.
2. Every conversation ends, whatever the application does, and so does every task that it leaves behind.
3. ``receive`` and ``send`` let the event loop run at each call, so a loop that never waits cannot stop it.

asgiref's ApplicationCommunicator is not used: its ``send`` puts into an unbounded queue without ever
suspending, so an endless stream blocks the event loop and fills the memory.
"""

from __future__ import annotations
