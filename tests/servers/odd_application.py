"""The application that every server of this folder serves: it does what a row of ``shapes.py`` says.

``odd`` is double-callable, as in 2018; ``application`` is the same through `to_asgi3`. The path is the
shape's id, the query ``run=N`` names the connection. ``/seen?run=N`` waits until that connection's
application has ended, and answers with what it saw, as a JSON list of strings.
"""

from __future__ import annotations

import asyncio
import gc
import json
from typing import Any, Dict, List
from urllib.parse import parse_qs

import hostile_shapes
import shapes
from any_loop import Once, Started, in_time, sleep
from shapes import BODY, START, Shape

from asgi_compat import AppMessageError, Quirks, double_to_single_callable, to_asgi2, to_asgi3

SHAPES: Dict[str, Dict[str, Shape]] = {
    "http": {shape.id: shape for shape in (*shapes.HTTP, *hostile_shapes.HTTP)},
    "websocket": {shape.id: shape for shape in (*shapes.WEBSOCKET, *hostile_shapes.WEBSOCKET)},
}

#: Seconds. What a server gives at all, it gives at once.
MOMENT = 0.1
#: Seconds that an application may take to come to its end.
PATIENCE = 8.0


class ApplicationError(Exception):
    """The application's own."""


class Seen:
    """What one connection's application saw."""

    def __init__(self) -> None:
        self.notes: List[str] = []
        self.ended = Once()


_runs: Dict[str, Seen] = {}


def seen(scope: Any) -> Seen:
    """The notes of the connection that a query names."""
    query = parse_qs(scope["query_string"].decode())
    return _runs.setdefault(query["run"][0], Seen())


def odd(scope: Any) -> Any:
    """Give the instance for a scope: double-callable."""
    if scope["type"] == "lifespan":
        raise ApplicationError("of a time before lifespan")
    if scope["path"] == "/seen":
        return tell(scope)

    async def instance(receive: Any, send: Any) -> Any:
        notes = seen(scope)
        try:
            result = await Play(scope, receive, send, notes.notes).run()
        except AppMessageError:
            raise  # noted where it came out of send()
        except BaseException as error:
            notes.notes.append(f"raised {type(error).__name__}")
            raise
        else:
            return result
        finally:
            notes.ended.set()

    return instance


def tell(scope: Any) -> Any:
    """Answer with what another connection's application saw."""

    async def instance(receive: Any, send: Any) -> None:
        notes = seen(scope)
        try:
            await in_time(notes.ended.wait, PATIENCE)
        except asyncio.TimeoutError:
            notes.notes.append("has not ended")
        # What nobody awaited or retrieved says so in the log when it is collected.
        gc.collect()
        content = json.dumps(notes.notes).encode()
        await send({"type": START, "status": 200, "headers": [(b"content-type", b"application/json")]})
        await send({"type": BODY, "body": content})

    return instance


class Play:
    """One script, played."""

    def __init__(self, scope: Any, receive: Any, send: Any, notes: List[str]) -> None:
        self.scope = scope
        self.receive = receive
        self.send = send
        self.notes = notes
        self.task: Any = None

    async def run(self) -> Any:
        """Take the steps, one after the other, and give what the application returns."""
        script = SHAPES[self.scope["type"]][self.scope["path"][1:]].script
        for step in script() if callable(script) else script:
            if isinstance(step, tuple) and step[0] == "return":
                return step[1]
            if isinstance(step, tuple):
                self.notes.append(await getattr(self, f"note_{step[1]}")())
            elif isinstance(step, str):
                await getattr(self, f"do_{step}")()
            elif callable(step):
                step()
            else:
                await self.say(step)
        if self.task is not None:
            self.notes.append(described(await in_time(self.task.wait, PATIENCE)))
        return None

    async def say(self, event: Any) -> None:
        try:
            await self.send(event)
        except AppMessageError as error:
            said = f"{type(error).__name__} {error.rule or '-'} {error.message_type} {error.field or '-'}"
            self.notes.append(said)
            raise

    async def do_receive(self) -> None:
        await self.receive()

    async def do_wait(self) -> None:
        await sleep(MOMENT)

    async def do_raise(self) -> None:
        raise ApplicationError("the application's own")

    async def do_blocked(self) -> None:
        try:
            event = await in_time(self.receive, MOMENT)
        except asyncio.TimeoutError:
            self.notes.append("blocked")
        else:
            self.notes.append(described(event))

    async def do_disconnects(self) -> None:
        event = await in_time(self.receive, PATIENCE)
        while event["type"] == "http.request":
            # What is left of the request may come first, or not at all.
            event = await in_time(self.receive, PATIENCE)
        self.notes.append(described(event))
        for _ in range(2):
            # Some servers repeat it, others have no more to say.
            try:
                again = await in_time(self.receive, MOMENT)
            except asyncio.TimeoutError:
                return
            if described(again) != described(event):
                self.notes.append(described(again))

    async def do_pending(self) -> None:
        self.task = Started(self.receive)

    async def do_body_from_a_thread(self) -> None:
        """As a consumer of Channels 2 answers: synchronously, in a thread."""
        from asgiref.sync import async_to_sync, sync_to_async

        await sync_to_async(async_to_sync(self.send))({"type": BODY, "body": b"hello"})

    async def do_many(self) -> None:
        for _ in range(20):
            if self.scope["type"] == "http":
                await self.say({"type": BODY, "body": b"x" * 1000, "more_body": True})
            else:
                await self.say({"type": "websocket.send", "text": "x" * 1000})
            await sleep(MOMENT / 10)

    async def do_scope(self) -> None:
        said = " ".join(f"{name}={value}" for name, value in portrait(self.scope))
        if self.scope["type"] == "websocket":
            await self.say({"type": "websocket.send", "text": said})
            return
        await self.say({"type": START, "status": 200, "headers": []})
        await self.say({"type": BODY, "body": said.encode()})

    async def note_receive(self) -> str:
        return described(await self.receive())

    async def note_code(self) -> str:
        event = await self.receive()
        return f"{event['type']} {event['code']}"

    async def note_body(self) -> str:
        length, event = 0, {"more_body": True}
        while event["more_body"]:
            event = await self.receive()
            length += len(event["body"])
        return f"{event['type']} {length} in all"


def described(event: Any) -> str:
    """One event in a few words. What has to be there is indexed, as the frameworks did."""
    if event["type"] == "http.request":
        return f"http.request {len(event['body'])} more_body={event['more_body']}"
    if event["type"] == "websocket.receive":
        key = "text" if "text" in event else "bytes"
        assert key in event and len(event) == 2, event
        return f"websocket.receive text={event['text']!r} bytes={event['bytes']!r}"
    return str(event["type"])


def portrait(scope: Any) -> Any:
    """The fields of a scope that every server gives, or that are put there; of ports the type."""
    headers = {name.decode(): value.decode() for name, value in scope["headers"]}
    yield "asgi", scope["asgi"]["version"]
    yield "spec_version", scope["asgi"]["spec_version"] in ("2.0", "2.1")
    yield "http_version", scope["http_version"]
    if scope["type"] == "http":
        yield "method", scope["method"]
    yield "scheme", scope["scheme"]
    yield "root_path", scope["root_path"] or "-"
    yield "path", scope["path"]
    yield "query", type(scope["query_string"]).__name__
    yield "x-odd", headers["x-odd"]
    for name in ("client", "server"):
        host, port = scope[name]
        yield name, f"{host}:{type(port).__name__}"
    if scope["type"] == "websocket":
        yield "subprotocols", ",".join(scope["subprotocols"])
        yield "protocol", headers["sec-websocket-protocol"]


adapted = to_asgi3(odd)
#: The same with the quirks that a shape asks for, by protocol and path.
with_quirks = {
    (protocol, f"/{shape.id}"): to_asgi3(odd, quirks=Quirks(**shape.quirks))
    for protocol, named in SHAPES.items()
    for shape in named.values()
    if shape.quirks
}


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Hand a connection to the adapter with the quirks of its shape."""
    await with_quirks.get((scope["type"], scope.get("path")), adapted)(scope, receive, send)


async def single(scope: Any, receive: Any, send: Any) -> None:
    """Do what `odd` does, called as an ASGI3 server calls."""
    await odd(scope)(receive, send)


#: Direction B: for servers that call a double-callable.
backwards = to_asgi2(single)
#: Called as a server of today calls, and nothing repaired.
unrepaired = double_to_single_callable(odd)
