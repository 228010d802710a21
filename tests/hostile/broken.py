"""Adapters that are wrong on purpose, each in one way: what the validator's rules have to find.

Each is called like `playing.adapt` and gives an adapter that is called as the direction says.
"""

from __future__ import annotations

import asyncio
from typing import Any, Dict, List

from asgi_compat import ServerMessageError

Change = Any


def _single(conversation: Any, app: Any) -> Any:
    if conversation.style == "single":
        return app

    async def single(scope: Any, receive: Any, send: Any) -> Any:
        return await app(scope)(receive, send)

    return single


def _as_direction(conversation: Any, single: Any) -> Any:
    if conversation.direction == "A":
        return single

    def double(scope: Any) -> Any:
        async def instance(receive: Any, send: Any) -> Any:
            return await single(scope, receive, send)

        return instance

    return double


def bare(conversation: Any, app: Any, on_repair: Any) -> Any:
    """Adapt the calling convention and look at nothing."""
    return _as_direction(conversation, _single(conversation, app))


def around(call: Change) -> Any:
    """Make a broken adapter of a coroutine function of (single-callable, scope, receive, send, memory)."""

    def adapt(conversation: Any, app: Any, on_repair: Any) -> Any:
        single, memory = _single(conversation, app), {}  # type: ignore[var-annotated]

        async def broken(scope: Any, receive: Any, send: Any) -> Any:
            return await call(single, scope, receive, send, memory)

        return _as_direction(conversation, broken)

    return adapt


async def shares_asgi(single: Any, scope: Any, receive: Any, send: Any, memory: Dict[str, Any]) -> Any:
    if type(scope) is dict:
        scope = {**scope, "asgi": memory.setdefault("asgi", {"version": "2.0", "spec_version": "2.1"})}
    return await single(scope, receive, send)


async def changes_scope(single: Any, scope: Any, receive: Any, send: Any, memory: Any) -> Any:
    if type(scope) is dict:
        scope["path"] = "/changed"
    return await single(scope, receive, send)


async def forgets_scope(single: Any, scope: Any, receive: Any, send: Any, memory: Any) -> Any:
    if type(scope) is dict:
        scope = {key: value for key, value in scope.items() if key != "query_string"}
    return await single(scope, receive, send)


async def changes_events(single: Any, scope: Any, receive: Any, send: Any, memory: Any) -> Any:
    async def changing_receive() -> Any:
        event = await receive()
        if type(event) is dict:
            event["more_body"] = 1
        return event

    async def changing_send(event: Any) -> Any:
        if type(event) is dict:
            event["added"] = 1
        return await send(event)

    return await single(scope, changing_receive, changing_send)


async def holds_start(single: Any, scope: Any, receive: Any, send: Any, memory: Any) -> Any:
    held: List[Any] = []

    async def holding_send(event: Any) -> Any:
        if type(event) is dict and event.get("type") == "http.response.start":
            held.append(event)
            return
        while held:
            await send(held.pop(0))
        await send(event)

    return await single(scope, receive, holding_send)


async def swaps_sends(single: Any, scope: Any, receive: Any, send: Any, memory: Any) -> Any:
    held: List[Any] = []

    async def swapping_send(event: Any) -> Any:
        if not held:
            held.append(event)
            return
        await send(event)
        await send(held.pop())

    return await single(scope, receive, swapping_send)


async def replaces_errors(single: Any, scope: Any, receive: Any, send: Any, memory: Any) -> Any:
    try:
        return await single(scope, receive, send)
    except Exception as error:
        raise RuntimeError("something went wrong") from error


async def blames_server(single: Any, scope: Any, receive: Any, send: Any, memory: Any) -> Any:
    raise ServerMessageError("wrong")


async def refuses_fields(single: Any, scope: Any, receive: Any, send: Any, memory: Any) -> Any:
    if type(scope) is dict and type(scope.get("client")) is not tuple:
        raise ServerMessageError("wrong", field="client")
    return await single(scope, receive, send)


async def waits_in_send(single: Any, scope: Any, receive: Any, send: Any, memory: Any) -> Any:
    async def waiting_send(event: Any) -> Any:
        await asyncio.get_running_loop().create_future()

    return await single(scope, receive, waiting_send)


async def drops_sends(single: Any, scope: Any, receive: Any, send: Any, memory: Any) -> Any:
    async def dropping_send(event: Any) -> Any:
        return None

    return await single(scope, receive, dropping_send)


async def never_rests(single: Any, scope: Any, receive: Any, send: Any, memory: Any) -> Any:
    while True:
        await asyncio.sleep(0)


async def cannot_be_cancelled(single: Any, scope: Any, receive: Any, send: Any, memory: Any) -> Any:
    for _ in range(30):
        try:
            await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            pass


async def swallows_cancellation(single: Any, scope: Any, receive: Any, send: Any, memory: Any) -> Any:
    async def swallowing_receive() -> Any:
        try:
            return await receive()
        except asyncio.CancelledError:
            return {"type": "http.disconnect"}

    return await single(scope, swallowing_receive, send)


async def leaves_tasks(single: Any, scope: Any, receive: Any, send: Any, memory: Any) -> Any:
    async def waits() -> None:
        await asyncio.get_running_loop().create_future()

    asyncio.get_running_loop().create_task(waits())
    return await single(scope, receive, send)


async def quotes_events(single: Any, scope: Any, receive: Any, send: Any, memory: Any) -> Any:
    async def quoting_send(event: Any) -> Any:
        raise OSError(f"{event}")

    return await single(scope, receive, quoting_send)


async def quotes_types(single: Any, scope: Any, receive: Any, send: Any, memory: Any) -> Any:
    async def quoting_send(event: Any) -> Any:
        raise OSError(f"{event['type']}" if type(event) is dict and "type" in event else "no type")

    return await single(scope, receive, quoting_send)


async def mixes_connections(single: Any, scope: Any, receive: Any, send: Any, memory: Dict[str, Any]) -> Any:
    memory["send"] = send

    async def mixing_send(event: Any) -> Any:
        await memory["send"](event)

    return await single(scope, receive, mixing_send)


async def loses_bodies(single: Any, scope: Any, receive: Any, send: Any, memory: Any) -> Any:
    async def losing_send(event: Any) -> Any:
        await send({**event, "body": b""} if type(event) is dict and "body" in event else event)

    return await single(scope, receive, losing_send)


def refuses_to_wrap(conversation: Any, app: Any, on_repair: Any) -> Any:
    raise TypeError("no")


#: The rules that `bare` breaks: everything an application sends reaches the server.
BROKEN_BY_BARE = {
    "event-dict", "event-type", "event-order", "event-field", "status", "header-form", "header-name",
    "header-value", "header-framing", "trailer-framing", "length-form", "length-match", "no-body",
    "close-code", "close-reason", "subprotocol", "message", "connect-read", "link", "push-path",
    "received-form", "unfinished",
}  # fmt: skip
#: A broken adapter for each of the others.
BROKEN = {
    "mutation": around(holds_start),
    "sending-order": around(swaps_sends),
    "scope-form": around(forgets_scope),
    "shared": around(shares_asgi),
    "scope-mutated": around(changes_scope),
    "server-event-mutated": around(changes_events),
    "app-event-mutated": around(changes_events),
    "error-replaced": around(replaces_errors),
    "undocumented-error": around(replaces_errors),
    "server-blamed": around(blames_server),
    "field-refused": around(refuses_fields),
    "hang": around(waits_in_send),
    "spin": around(drops_sends),
    "never-rests": around(never_rests),
    "uncancellable": around(cannot_be_cancelled),
    "cancel-swallowed": around(swallows_cancellation),
    "task-left": around(leaves_tasks),
    "text-long": around(quotes_events),
    "text-control": around(quotes_types),
    "text-secret": around(quotes_events),
    "repr-unbounded": around(quotes_events),
    "neighbour": around(mixes_connections),
    "proper": around(loses_bodies),
    "wrapping": refuses_to_wrap,
}
