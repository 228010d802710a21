"""The servers that are known: what each gets right in scopes and events, as rows.

A row claims rule ids that a scope or a received event of that server never needs. They are not checked
again on a connection that comes straight from it. Everything that is not recognised gets every rule:
another release, a middleware that replaces ``receive`` or the scope, a test client.

A server is recognised by the class of the object that ``receive`` is a method of, and by the object that
keeps the scope: where that is another than the one that was given, something in between has changed it.
hypercorn's ``receive`` is ``Queue.get``, so that its ``send`` tells.

Evidence: ``tests/servers/test_server_rows.py`` compares, on the real servers, each scope and event
with and without the row. Widen a range of versions after running it with that release.
"""

from __future__ import annotations

from collections import namedtuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, FrozenSet, Tuple

#: ``owners`` are (module, class) of the object that ``receive`` (or ``send``) is a method of, ``scope`` the
#: attribute of it that keeps the scope. ``since`` is the first version that was proved, ``before`` the first
#: that was not. ``gives`` are the rules that its scopes and events never need.
Server = namedtuple("Server", "name distribution since before owners scope gives")

SERVERS = (
    Server(
        "uvicorn",
        "uvicorn",
        "0.54",
        "0.55",
        (
            ("uvicorn.protocols.http.httptools_impl", "RequestResponseCycle"),
            ("uvicorn.protocols.http.h11_impl", "RequestResponseCycle"),
            ("uvicorn.protocols.websockets.websockets_impl", "WebSocketProtocol"),
            ("uvicorn.protocols.websockets.websockets_sansio_impl", "WebSocketsSansIOProtocol"),
            ("uvicorn.protocols.websockets.wsproto_impl", "WSProtocol"),
        ),
        "scope",
        ("A6", "A7", "A9", "A10", "A13", "A48", "A52", "A53"),
    ),
    Server(
        "hypercorn",
        "hypercorn",
        "0.18",
        "0.19",
        (
            ("hypercorn.protocol.http_stream", "HTTPStream"),
            ("hypercorn.protocol.ws_stream", "WSStream"),
        ),
        "scope",
        ("A6", "A7", "A9", "A10", "A13", "A48", "A52", "A53"),
    ),
    # These keep no scope that could be compared, so that a middleware in between would not be seen:
    # only their events are trusted. granian's ports are str (A48), gunicorn's server on a Unix socket
    # is ("/", "t") (A7).
    Server(
        "daphne",
        "daphne",
        "4.2.3",
        "4.3",
        (("daphne.server", "Server"),),
        None,
        ("A13",),
    ),
    Server(
        "granian",
        "granian",
        "2.8",
        "2.9",
        (("granian._granian", "ASGIHTTPProtocol"), ("granian._granian", "ASGIWebsocketProtocol")),
        None,
        ("A13",),
    ),
    Server(
        "gunicorn",
        "gunicorn",
        "27",
        "28",
        (("gunicorn.asgi.protocol", "BodyReceiver"), ("gunicorn.asgi.websocket", "WebSocketProtocol")),
        None,
        ("A13",),
    ),
)

#: The row of an owner, by its module and name.
OWNERS: Dict[Tuple[str, str], Server] = {owner: row for row in SERVERS for owner in row.owners}


def unneeded(row: Server, quirks: Any, rules: Any) -> FrozenSet[str]:
    """Return the ids of a row's rules that need not be compiled: not those that a quirk makes do more."""
    asked = {
        rule.id
        for rule in rules
        if rule.quirk and any(_is_set(quirks, name) for name in rule.quirk.split(", "))
    }
    return frozenset(row.gives) - asked


def _is_set(quirks: Any, name: str) -> bool:
    return bool(getattr(quirks, name) != getattr(type(quirks)(), name))
