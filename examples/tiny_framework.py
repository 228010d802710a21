"""A web framework in a hundred lines: Request, Response, JSONResponse and a route decorator.

Start it with one of::

    python -m asgi_compat serve examples.tiny_framework:asgi2
    python -m asgi_compat serve examples.tiny_framework:asgi3

and try ``curl http://127.0.0.1:8000/greet/Ada`` and
``curl -d '{"numbers": [1, 2, 3]}' http://127.0.0.1:8000/sum``.
"""

from __future__ import annotations

import json
import re
from functools import partial
from urllib.parse import parse_qs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Awaitable, Callable, Dict, List, Optional, Pattern, Sequence, Tuple

    from asgi_compat import ASGI2Instance, Receive, Scope, Send

    Handler = Callable[..., Awaitable["Response"]]


class ClientGone(Exception):
    """The client left before its request was complete."""


class Request:
    """What the client asked: ``method``, ``path``, ``query``, ``headers``, and the body on demand."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        root_path: str = scope.get("root_path", "")
        if root_path and self.path.startswith(root_path + "/"):
            self.path = self.path[len(root_path) :]
        self.query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        self.headers: Dict[str, str] = {
            name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
        }
        self._receive = receive
        self._body: Optional[bytes] = None

    async def body(self) -> bytes:
        """Return the whole body; it may come in any number of pieces. Raises ClientGone."""
        if self._body is None:
            pieces: List[bytes] = []
            more = True
            while more:
                event = await self._receive()
                if event["type"] == "http.disconnect":
                    raise ClientGone
                pieces.append(event.get("body", b""))
                more = event.get("more_body", False)
            self._body = b"".join(pieces)
        return self._body

    async def json(self) -> Any:
        """Return the body read as JSON. Raises ValueError when it is none, and ClientGone."""
        return json.loads(await self.body())


class Response:
    """What the client gets. ``content`` is text or bytes."""

    media_type = "text/plain; charset=utf-8"

    def __init__(self, content: Any, status: int = 200, headers: Sequence[Tuple[str, str]] = ()) -> None:
        self.status = status
        self.body = self.render(content)
        self.headers = [
            ("content-type", self.media_type),
            ("content-length", str(len(self.body))),
            *headers,
        ]

    def render(self, content: Any) -> bytes:
        return content if isinstance(content, bytes) else str(content).encode("utf-8")

    async def send(self, send: Send, head: bool) -> None:
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in self.headers]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if head else self.body})


class JSONResponse(Response):
    """A response whose content is anything the json module writes."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return json.dumps(content).encode("utf-8")


class Framework:
    """Routes, and the two ways a server can call them: ``asgi2`` and ``asgi3``."""

    def __init__(self) -> None:
        self._routes: List[Tuple[Pattern[str], Sequence[str], Handler]] = []

    def route(self, path: str, methods: Sequence[str] = ("GET", "HEAD")) -> Callable[[Handler], Handler]:
        """Register ``async def handler(request, **fields)``; ``{name}`` in the path is a field."""
        pattern = re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", path))

        def register(handler: Handler) -> Handler:
            self._routes.append((pattern, methods, handler))
            return handler

        return register

    async def respond(self, request: Request) -> Response:
        allowed: List[str] = []
        for pattern, methods, handler in self._routes:
            match = pattern.fullmatch(request.path)
            if match and request.method in methods:
                return await handler(request, **match.groupdict())
            if match:
                allowed.extend(methods)
        if allowed:
            return Response("Method Not Allowed", 405, [("allow", ", ".join(allowed))])
        return Response("Not Found", 404)

    async def serve_connection(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await self.respond(request)
        except ClientGone:
            return
        await response.send(send, head=request.method == "HEAD")

    async def asgi3(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise NotImplementedError(f"This framework does not speak {scope['type']}.")
        await self.serve_connection(scope, receive, send)

    def asgi2(self, scope: Scope) -> ASGI2Instance:
        if scope["type"] != "http":
            raise NotImplementedError(f"This framework does not speak {scope['type']}.")
        return partial(self.serve_connection, scope)


app = Framework()
asgi2 = app.asgi2
asgi3 = app.asgi3


@app.route("/")
async def index(request: Request) -> Response:
    return Response("Try /greet/you, and POST numbers to /sum\n")


@app.route("/greet/{name}")
async def greet(request: Request, name: str) -> Response:
    greeting = request.query.get("greeting", ["Hello"])[0]
    return JSONResponse({"message": f"{greeting}, {name}!"})


@app.route("/sum", methods=("POST",))
async def add_up(request: Request) -> Response:
    try:
        return JSONResponse({"sum": sum((await request.json())["numbers"])})
    except (ValueError, TypeError, KeyError):
        return JSONResponse({"error": 'Send {"numbers": [1, 2, 3]}.'}, status=400)
