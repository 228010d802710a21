"""The servers that are known: what each gets right, what it cannot do, and what it takes besides, as rows.

A row claims rule ids that a scope or a received event of that server never needs. They are not checked
again on a connection that comes straight from it. Everything that is not recognised gets every rule:
another release, a middleware that replaces ``receive`` or the scope, a test client.

A server is recognised by the class of the object that ``receive`` is a method of, and by the object that
keeps the scope: where that is another than the one that was given, something in between has changed it.
hypercorn's ``receive`` is ``Queue.get``, so that its ``send`` tells.

What a server cannot do matters behind a middleware too, and on every release. There its scope tells:
``cannot`` has a function of the scope for each thing (`lacks`).

Evidence: ``tests/servers/test_server_rows.py`` compares, on the real servers, each scope and event
with and without the row. Widen a range of versions after running it with that release.
"""

from __future__ import annotations

from collections import namedtuple

from .events import announced
from .specification import DENIAL, PATH_SEND

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, FrozenSet, Mapping, Optional, Tuple

# What a server may not be able to do.
#: Close codes from 1001 to 2999 (A35).
CODES = "close codes from 1001 to 2999"
#: Survive an exception in the middle of a response (A41, B40).
BROKEN_RESPONSE = "an exception in the middle of a response"
#: Put root_path in front of path (A8): it comes from a header of the client, who must not choose what is
#: taken off.
ROOT_FIRST = "root_path in front of path"
#: Answer an exception before accept with 500 (A45).
CRASH = "500 for an exception before accept"


#: ``owners`` are (module, class) of the object that ``receive`` (or ``send``) is a method of, ``scope`` the
#: attribute of it that keeps the scope. ``since`` is the first version that was proved, ``before`` the first
#: that was not. ``gives`` are the rules that its scopes and events never need. ``cannot`` are the things
#: above that it cannot do, each with a function that tells its scope where the class of ``receive`` does not.
#: ``passes`` are types of events that it takes without announcing them.
Server = namedtuple(
    "Server", "name distribution since before owners scope gives cannot passes", defaults=({}, ())
)


def _says_no_spec_version(scope: Any) -> bool:
    """Return whether ``asgi`` has a version and no spec_version: ``{"version": "3.0"}`` of daphne 4.2.3.

    A client on a unix socket is None there, and a middleware may replace it, so that it does not count.
    """
    about = scope.get("asgi")
    return type(about) is dict and "version" in about and "spec_version" not in about


def _has_a_list_besides(scope: Any) -> bool:
    """The same, and the client is a list: old hypercorn and test clients say ``{"version": ...}`` too."""
    return type(scope.get("client")) is list and _says_no_spec_version(scope)


def _offers_files_on_websockets(scope: Any) -> bool:
    """Return whether pathsend, an extension of HTTP, is offered beside a denial response (granian 2.8.7)."""
    return announced(PATH_SEND, scope) and announced(DENIAL + ".start", scope)


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
        cannot={
            CODES: _has_a_list_besides,
            BROKEN_RESPONSE: _has_a_list_besides,
            ROOT_FIRST: _says_no_spec_version,
        },
    ),
    Server(
        "granian",
        "granian",
        "2.8",
        "2.9",
        (("granian._granian", "ASGIHTTPProtocol"), ("granian._granian", "ASGIWebsocketProtocol")),
        None,
        ("A13",),
        # It calls it 403.
        cannot={CRASH: _offers_files_on_websockets},
    ),
    Server(
        "gunicorn",
        "gunicorn",
        "27",
        "28",
        (("gunicorn.asgi.protocol", "BodyReceiver"), ("gunicorn.asgi.websocket", "WebSocketProtocol")),
        None,
        ("A13",),
        passes=("http.response.informational",),
    ),
)

#: The row of an owner, by its module and name.
OWNERS: Dict[Tuple[str, str], Server] = {owner: row for row in SERVERS for owner in row.owners}


def lacks(what: str, scope: Any, row: Optional[Server] = None) -> bool:
    """Return whether a server cannot do ``what``: that of ``row``, or the one that the scope tells of."""
    if row is not None:
        return what in row.cannot
    return any(what in server.cannot and server.cannot[what](scope) for server in SERVERS)


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


def is_of_a_test(scope: Mapping[str, Any]) -> bool:
    """Return whether a scope is a test client's, which shows the code of a close before accept.

    Channels' communicator gives neither client nor server, Starlette's client is called testclient.
    """
    client = scope.get("client")
    if client is None:
        return "client" not in scope and "server" not in scope
    if type(client) not in (list, tuple) or not client:
        return False
    return type(client[0]) is str and client[0] == "testclient"


def is_of_old_daphne(scope: Mapping[str, Any]) -> bool:
    """Return whether a scope is that of daphne of 2018, which says no version and gives no scheme."""
    return type(scope.get("client")) is list and "scheme" not in scope
