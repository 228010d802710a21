"""The types of scopes, messages and applications.

Nothing here is imported while the package loads: ``typing`` alone costs more than the rest of it
together. The public package returns these names on first use, and the other packages use them in
annotations only.

The three types `Scope`, `Message` and `HeaderPair` are deliberately loose: servers and
applications of nine years use this library, and a type that promised more would be wrong. The exact
shape of each event is in `asgiref.typing`.
"""

from __future__ import annotations

from typing import Any, Awaitable, Callable, Dict, MutableMapping, Optional, Protocol, Sequence, Union

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

#: An event that has been read: a plain dict. Its values are what the rows of `_messages` look at.
Event = Dict[str, Any]
#: What goes out for an event: nothing if it is answered here, None if it is kept.
Events = Optional[Sequence[Event]]
#: What a connection is called with: the repairs of an event, given the connection that it belongs to.
Repair = Callable[..., Event]
#: The same for an event of the usual shape alone: None for any other.
Look = Callable[..., Optional[Event]]


class ASGI2Instance(Protocol):
    """What a double-callable application returns for one connection: ``await instance(receive, send)``."""

    def __call__(self, __receive: Any, __send: Any) -> Awaitable[Any]: ...


class ASGI2App(Protocol):
    """A double-callable application: ``await app(scope)(receive, send)``."""

    def __call__(self, __scope: Any) -> ASGI2Instance: ...


class ASGI3App(Protocol):
    """A single-callable application: ``await app(scope, receive, send)``.

    The parameters are `Any` in the three protocols: each framework and server has types of its own for them
    (asgiref, uvicorn, hypercorn and litestar a TypedDict for each event), and none fits another's.
    """

    def __call__(self, __scope: Any, __receive: Any, __send: Any) -> Awaitable[Any]: ...


ASGIApp = Union[ASGI2App, ASGI3App]

#: The names of this module that the public package exports.
__all__ = [
    "ASGI2App",
    "ASGI2Instance",
    "ASGI3App",
    "ASGIApp",
    "Message",
    "Receive",
    "Scope",
    "Send",
]
