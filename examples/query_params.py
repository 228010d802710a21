"""Query parameters, read with the standard library: repeated ones, empty ones, numbers, umlauts.

Start it with one of::

    python -m asgi_compat serve examples.query_params:asgi2
    python -m asgi_compat serve examples.query_params:asgi3

and ask ``curl 'http://127.0.0.1:8000/?name=J%C3%BCrgen&tag=a&tag=b&limit=3'``.
"""

from __future__ import annotations

import json
from functools import partial
from urllib.parse import parse_qs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Tuple

    from asgi_compat import ASGI2Instance, Receive, Scope, Send


def search(query_string: bytes) -> Tuple[int, Dict[str, Any]]:
    """Return status and content of the answer to a query string as the scope has it: raw bytes."""
    try:
        # Latin-1 never fails; what is percent-encoded is read as UTF-8 afterwards. The limit keeps a
        # hostile query of a million fields from costing a second.
        parameters = parse_qs(query_string.decode("latin-1"), keep_blank_values=True, max_num_fields=100)
    except ValueError:
        return 400, {"error": "There are too many parameters."}
    limit = parameters.get("limit", ["10"])[-1]
    if not (limit.isdecimal() and len(limit) < 4):
        return 400, {"error": "limit must be a number between 0 and 999."}
    return 200, {
        "name": parameters.get("name", [""])[-1],
        "tags": parameters.get("tag", []),
        "limit": int(limit),
        "verbose": "verbose" in parameters,
    }


async def respond(scope: Scope, receive: Receive, send: Send) -> None:
    status, content = search(scope["query_string"])
    body = json.dumps(content).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def asgi2(scope: Scope) -> ASGI2Instance:
    """The ASGI2 form as a partial: the scope is the argument that is already there."""
    if scope["type"] != "http":
        raise NotImplementedError(f"This application does not speak {scope['type']}.")
    return partial(respond, scope)


async def asgi3(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI3 form."""
    if scope["type"] != "http":
        raise NotImplementedError(f"This application does not speak {scope['type']}.")
    await respond(scope, receive, send)
