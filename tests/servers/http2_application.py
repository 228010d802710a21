"""Early hints, pushes and trailers with headers that are not allowed, over HTTP/2."""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

from shapes import body, start

from asgi_compat import AppMessageError, to_asgi3

BREAK = b"1\r\nx-b: 2"
TRAILERS = {**start(), "trailers": True}
HINT: Dict[str, Any] = {"type": "http.response.early_hint", "links": [b"</a>; rel=preload"]}
PUSH: Dict[str, Any] = {"type": "http.response.push", "path": "/pushed", "headers": [(b"x-a", b"1")]}
TRAILER: Dict[str, Any] = {"type": "http.response.trailers", "headers": [(b"x-a", b"1")]}

#: By path: the events, and what has to be refused of them: None, or the type of an event.
CASES: Dict[str, Tuple[List[Any], Any]] = {
    "/fine": ([start(), body()], None),
    "/hint": ([HINT, start(), body()], None),
    "/hint-line-break": ([{**HINT, "links": [b"</a>\r\nx-b: 2"]}, start(), body()], HINT["type"]),
    "/hint-text": ([{**HINT, "links": ["</a>\nx-b: 2"]}, start(), body()], HINT["type"]),
    "/push": ([PUSH, start(), body()], None),
    "/push-header": ([{**PUSH, "headers": [(b"x-a", BREAK)]}, start(), body()], PUSH["type"]),
    "/push-name": ([{**PUSH, "headers": [(b"x a", b"1")]}, start(), body()], PUSH["type"]),
    "/push-path": ([{**PUSH, "path": "/a\r\nx-b: 2"}, start(), body()], PUSH["type"]),
    "/trailer": ([TRAILERS, body(), TRAILER], None),
    "/trailer-line-break": (
        [TRAILERS, body(), {**TRAILER, "headers": [(b"x-a", BREAK)]}],
        TRAILER["type"],
    ),
    "/trailer-name": ([TRAILERS, body(), {**TRAILER, "headers": [(b"x a", b"1")]}], TRAILER["type"]),
    "/trailer-first": ([TRAILER, start(), body()], TRAILER["type"]),
}

#: What was refused, by path.
refusals: Dict[str, str] = {}


def double(scope: Any) -> Any:
    """Send the events of the path; ``/seen/...`` answers with what was refused there."""

    async def instance(receive: Any, send: Any) -> None:
        path = scope["path"]
        if path.startswith("/seen"):
            said = refusals.get(path[len("/seen") :], "nothing")
            await send(start())
            await send(body(said.encode()))
            return
        for event in CASES.get(path, CASES["/fine"])[0]:
            try:
                await send(event)
            except AppMessageError as error:
                refusals[path] = str(error.message_type)
                raise

    return instance


application = to_asgi3(double, lifespan="off")
