"""A JSON API that keeps tasks, with a store opened at start-up and closed at shutdown.

Start it with one of::

    python -m asgi_compat serve examples.tasks:asgi2
    python -m asgi_compat serve examples.tasks:asgi3

and speak to it::

    curl http://127.0.0.1:8000/tasks
    curl -H 'Content-Type: application/json' -d '{"title": "Write"}' http://127.0.0.1:8000/tasks
    curl -H 'Content-Type: application/json' -X PATCH -d '{"done": true}' http://127.0.0.1:8000/tasks/1
    curl -X DELETE http://127.0.0.1:8000/tasks/1

Daphne has no lifespan, so the first request opens the store when nothing else has. Every process has a
store of its own; tasks that several workers share belong into a database.
"""

from __future__ import annotations

import json
import re
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional, Tuple

    from asgi_compat import Receive, Scope, Send

LARGEST_BODY = 64 * 1024  # bytes


class Problem(Exception):
    """An answer other than success: a status, a sentence, and perhaps a header."""

    def __init__(self, status: int, sentence: str, *headers: Tuple[bytes, bytes]) -> None:
        super().__init__(sentence)
        self.status = status
        self.headers = list(headers)


class ClientGone(Exception):
    """The client left before its request was complete."""


class Store:
    """The tasks by number. Stands for a connection to a database: it is opened, used and closed."""

    def __init__(self, opened_by: str) -> None:
        self.opened_by = opened_by
        self.tasks: Dict[int, Dict[str, Any]] = {}
        self.last = 0
        print(f"tasks: store opened by {opened_by}", file=sys.stderr, flush=True)

    def add(self, title: str, done: bool) -> Dict[str, Any]:
        self.last += 1
        self.tasks[self.last] = {"id": self.last, "title": title, "done": done}
        return self.tasks[self.last]

    async def close(self) -> None:
        print(f"tasks: store closed with {len(self.tasks)} tasks", file=sys.stderr, flush=True)


store: Optional[Store] = None


def open_store(opened_by: str) -> Store:
    global store
    if store is None:
        store = Store(opened_by)
    return store


async def lifespan(receive: Receive, send: Send) -> None:
    """Open the store before the first request and close it after the last."""
    global store
    while True:
        event = await receive()
        if event["type"] == "lifespan.startup":
            open_store("lifespan")
            await send({"type": "lifespan.startup.complete"})
        elif event["type"] == "lifespan.shutdown":
            if store is not None:
                await store.close()
                store = None
            await send({"type": "lifespan.shutdown.complete"})
            return


async def read_fields(scope: Scope, receive: Receive) -> Dict[str, Any]:
    """Return the checked fields of a task from the request's body."""
    headers = dict(scope["headers"])
    if headers.get(b"content-type", b"").partition(b";")[0].strip().lower() != b"application/json":
        raise Problem(415, "Send application/json.", (b"accept", b"application/json"))
    body = b""
    more = True
    while more:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise ClientGone
        body += event.get("body", b"")
        more = event.get("more_body", False)
        if len(body) > LARGEST_BODY:
            raise Problem(413, f"A task has at most {LARGEST_BODY} bytes.")
    try:
        fields = json.loads(body)
    except ValueError:
        raise Problem(400, "The body is not JSON.") from None
    kinds = {"title": str, "done": bool}
    if not isinstance(fields, dict):
        raise Problem(400, "A task is a JSON object.")
    for name, value in fields.items():
        if name not in kinds or not isinstance(value, kinds[name]):
            raise Problem(400, 'A task has "title", a text, and "done", true or false.')
    if not fields.get("title", "given"):
        raise Problem(400, '"title" must not be empty.')
    return fields


def check_method(method: str, *allowed: str) -> None:
    if method not in allowed:
        raise Problem(405, f"{method} does not work here.", (b"allow", ", ".join(allowed).encode()))


async def answer(scope: Scope, receive: Receive) -> Tuple[int, List[Tuple[bytes, bytes]], Any]:
    """Return status, headers and content of the answer to one request."""
    tasks = open_store("first request")
    method, path, root_path = scope["method"], scope["path"], scope.get("root_path", "")
    if root_path and path.startswith(root_path + "/"):
        path = path[len(root_path) :]
    if path == "/tasks":
        check_method(method, "GET", "HEAD", "POST")
        if method != "POST":
            return 200, [], {"opened_by": tasks.opened_by, "tasks": list(tasks.tasks.values())}
        fields = await read_fields(scope, receive)
        if "title" not in fields:
            raise Problem(400, 'A new task needs a "title".')
        task = tasks.add(fields["title"], fields.get("done", False))
        return 201, [(b"location", f"{root_path}/tasks/{task['id']}".encode())], task
    match = re.fullmatch(r"/tasks/([0-9]{1,9})", path)
    if not match or int(match.group(1)) not in tasks.tasks:
        raise Problem(404, "There is no such thing here.")
    number = int(match.group(1))
    check_method(method, "GET", "HEAD", "PATCH", "DELETE")
    if method == "PATCH":
        fields = await read_fields(scope, receive)
        if number not in tasks.tasks:  # somebody deleted it while the body was on its way
            raise Problem(404, "There is no such thing here.")
        tasks.tasks[number].update(fields)
    elif method == "DELETE":
        del tasks.tasks[number]
        return 204, [], None
    return 200, [], tasks.tasks[number]


async def http(scope: Scope, receive: Receive, send: Send) -> None:
    try:
        status, headers, content = await answer(scope, receive)
    except Problem as problem:
        status, headers, content = problem.status, problem.headers, {"error": str(problem)}
    except ClientGone:
        return
    body = b""
    if status != 204:  # an answer without content has neither of these headers
        body = json.dumps(content).encode()
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            *headers,
        ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


class asgi2:
    """The ASGI2 form."""

    def __init__(self, scope: Scope) -> None:
        if scope["type"] not in ("http", "lifespan"):
            raise NotImplementedError(f"This application does not speak {scope['type']}.")
        self.scope = scope

    async def __call__(self, receive: Receive, send: Send) -> None:
        if self.scope["type"] == "lifespan":
            await lifespan(receive, send)
        else:
            await http(self.scope, receive, send)


async def asgi3(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI3 form."""
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
    elif scope["type"] == "http":
        await http(scope, receive, send)
    else:
        raise NotImplementedError(f"This application does not speak {scope['type']}.")
