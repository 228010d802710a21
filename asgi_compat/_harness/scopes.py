"""Make the scopes that a current server gives."""

from __future__ import annotations

from typing import Any, Dict

#: 2.3 is what uvicorn, hypercorn and granian announce. From 2.4 on ``send`` has to raise OSError when the
#: client has left, which no server does for HTTP.
DEPLOYED_SPEC_VERSION = "2.3"
SPEC_VERSION = "2.4"
LIFESPAN_SPEC_VERSION = "2.0"


def versions(spec_version: str, *, doubled: bool = False) -> Dict[str, str]:
    """Make ``scope["asgi"]`` as a server says it that calls an application once, or twice.

    >>> versions("2.4", doubled=True)
    {'version': '2.0', 'spec_version': '2.4'}
    """
    return {"version": "2.0" if doubled else "3.0", "spec_version": spec_version}


def connection_scope(protocol: str, path: str, raw_path: bytes, **fields: Any) -> Dict[str, Any]:
    """Make the scope of an HTTP request or a WebSocket. ``fields`` are added, or replace the defaults.

    >>> connection_scope("http", "/a b", b"/a%20b", method="GET")["scheme"]
    'http'
    """
    scope: Dict[str, Any] = {
        "type": protocol,
        "asgi": versions(SPEC_VERSION),
        "http_version": "1.1",
        "scheme": "ws" if protocol == "websocket" else "http",
        "path": path,
        "raw_path": raw_path,
        "query_string": b"",
        "root_path": "",
        "headers": [],
        "client": ("127.0.0.1", 50000),
        "server": ("testserver", 80),
    }
    scope.update(fields)
    return scope


def lifespan_scope(**fields: Any) -> Dict[str, Any]:
    """Make the scope of a lifespan.

    >>> lifespan_scope(state={})["type"]
    'lifespan'
    """
    return {"type": "lifespan", "asgi": versions(LIFESPAN_SPEC_VERSION), "state": {}, **fields}
