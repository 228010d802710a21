"""The application under load: one contract, spoken once as an application of 2018 and once as one of today.

``legacy`` is double-callable, in three of the shapes such applications have, and sends what no server of
today takes as it is: a status that is a str, headers as a dict or not at all, ``http.response.content``, a
close code that is a str. ``to_asgi3`` has to repair every single conversation. ``clean`` is the same with
nothing to repair, for ``guarantee_single_callable``: what is the server's own, is there too.

What it answers can be verified by who asks: POST /echo sends the body back in pieces, with the id of the
request and the digest of what arrived; GET /bytes makes as many bytes as were asked for; GET /load tells the
tasks, conversations and objects that are alive in this process.
"""

from __future__ import annotations

import asyncio
import functools
import gc
import hashlib
import json
from http import HTTPStatus
from typing import Any, Dict, Iterator, List, Tuple
from urllib.parse import parse_qsl

from asgi_compat import guarantee_single_callable, to_asgi3

PIECE = 8192
_alphabet = bytes(range(256))

# Conversations whose application has been called and has not come to an end, by kind.
alive = {"http": 0, "websocket": 0}


def body_of(size: int) -> bytes:
    """What GET /bytes?size=... answers."""
    return (_alphabet * (size // 256 + 1))[:size]


class Then:
    """How an application of 2018 says it."""

    @staticmethod
    def start(status: int, fields: Dict[str, str]) -> Dict[str, Any]:
        event: Dict[str, Any] = {"type": "http.response.start", "status": str(int(status))}
        if fields:
            event["headers"] = {name.title(): value for name, value in fields.items()}
        return event

    @staticmethod
    def body(piece: bytes, more: bool) -> Dict[str, Any]:
        return {"type": "http.response.content", "content": bytearray(piece), "more_content": more}

    @staticmethod
    def message(text: Any, data: Any) -> Dict[str, Any]:
        return {"type": "websocket.send", "text": text, "bytes": data}

    @staticmethod
    def close(code: int) -> Dict[str, Any]:
        return {"type": "websocket.close", "code": str(code)}


class Now:
    """How an application of today says it."""

    @staticmethod
    def start(status: int, fields: Dict[str, str]) -> Dict[str, Any]:
        headers: List[Tuple[bytes, bytes]] = [
            (name.encode(), value.encode()) for name, value in fields.items()
        ]
        return {"type": "http.response.start", "status": status, "headers": headers}

    @staticmethod
    def body(piece: bytes, more: bool) -> Dict[str, Any]:
        return {"type": "http.response.body", "body": piece, "more_body": more}

    @staticmethod
    def message(text: Any, data: Any) -> Dict[str, Any]:
        if text is None:
            return {"type": "websocket.send", "bytes": data}
        return {"type": "websocket.send", "text": text}

    @staticmethod
    def close(code: int) -> Dict[str, Any]:
        return {"type": "websocket.close", "code": code}


def _pieces(data: bytes) -> Iterator[Tuple[bytes, bool]]:
    last = max(0, (len(data) - 1) // PIECE) * PIECE
    for at in range(0, last + 1, PIECE):
        yield data[at : at + PIECE], at < last


class Echo:
    """POST /echo?id=...: a class whose instances are the conversation."""

    def __init__(self, words: Any, query: Dict[str, str], scope: Any) -> None:
        self.words = words
        self.id = query["id"]

    async def __call__(self, receive: Any, send: Any) -> None:
        parts, digest = [], hashlib.sha256()
        while True:
            event = await receive()
            if event["type"] == "http.disconnect":
                return
            digest.update(event.get("body", b""))
            parts.append(bytes(event.get("body", b"")))
            if not event.get("more_body"):
                break
        await send(self.words.start(HTTPStatus.CREATED, {"x-id": self.id, "x-sha256": digest.hexdigest()}))
        for piece, more in _pieces(b"".join(parts)):
            await send(self.words.body(piece, more))


def some_bytes(words: Any, query: Dict[str, str], scope: Any) -> Any:
    """GET /bytes?size=...: a closure; no headers."""

    async def instance(receive: Any, send: Any) -> None:
        await send(words.start(200, {}))
        for piece, more in _pieces(body_of(int(query["size"]))):
            await send(words.body(piece, more))

    return instance


async def _drip(words: Any, size: int, receive: Any, send: Any) -> None:
    await send(words.start(200, {"content-type": "application/octet-stream"}))
    for piece, more in _pieces(body_of(size)):
        await asyncio.sleep(0.001)
        await send(words.body(piece, more))


def drip(words: Any, query: Dict[str, str], scope: Any) -> Any:
    """GET /drip?size=...: a partial; the pieces come slowly, so that a client can vanish between two."""
    return functools.partial(_drip, words, int(query["size"]))


async def _talk(words: Any, receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    while True:
        event = await receive()
        if event["type"] == "websocket.disconnect":
            return
        text, data = event.get("text"), event.get("bytes")
        if text == "bye":
            await send(words.close(1000))
            return
        await send(words.message(text, data))


def talk(words: Any, query: Dict[str, str], scope: Any) -> Any:
    """A WebSocket that echoes; "bye" makes it close."""
    return functools.partial(_talk, words)


def load(words: Any, query: Dict[str, str], scope: Any) -> Any:
    """GET /load: what is alive in this process, without this very conversation and its task."""

    async def instance(receive: Any, send: Any) -> None:
        gc.collect()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        names = sorted(str(getattr(task.get_coro(), "__qualname__", task.get_coro())) for task in others)
        seen: Dict[str, Any] = {"tasks": len(others), "names": names, **alive, "http": alive["http"] - 1}
        seen["objects"] = len(gc.get_objects())
        await send(words.start(200, {"content-type": "application/json"}))
        await send(words.body(json.dumps(seen).encode(), False))

    return instance


ROUTES = {"/echo": Echo, "/bytes": some_bytes, "/drip": drip, "/load": load, "/talk": talk}


def _serve(words: Any, scope: Any) -> Any:
    if scope["type"] not in alive:
        # As applications of 2018 do; what speaks no lifespan fails at its first call.
        raise NotImplementedError(scope["type"])
    query = dict(parse_qsl(scope["query_string"].decode()))
    instance = ROUTES[scope["path"]](words, query, scope)

    async def counted(receive: Any, send: Any) -> None:
        alive[scope["type"]] += 1
        try:
            await instance(receive, send)
        finally:
            alive[scope["type"]] -= 1

    return counted


def legacy(scope: Any) -> Any:
    """The application of 2018, for ``python -m asgi_compat serve benchmarks.load_app:legacy``."""
    return _serve(Then, scope)


def clean(scope: Any) -> Any:
    """The same conversations in messages that need no repair."""
    return _serve(Now, scope)


#: `legacy`, for the servers' own command lines.
converted = to_asgi3(legacy)
#: `clean` in the bare shape adapter, for the servers' own command lines.
bare = guarantee_single_callable(clean)
