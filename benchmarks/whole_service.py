"""What the whole service adds to a hello-world request, and to an open WebSocket.

A request is a scope as uvicorn gives it with five headers, one receive and two sends, driven without a
server, beside asgiref's bare adapter in the same run; the floor is ``await app(scope)(receive, send)``.
"""

from __future__ import annotations

import asyncio
import sys
import time
import tracemalloc
from typing import Any, Awaitable, Callable, Dict, List

from asgiref.compatibility import double_to_single_callable as asgiref_adapter

from asgi_compat import double_to_single_callable, to_asgi3

from .hello import application, empty_layers
from .rounds import Row, median_ratio, nanoseconds, rounds
from .shape import drive

REQUESTS, CONNECTIONS = 200, 10_000


async def _receive() -> Dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _send(event: Any) -> None:
    pass


def _scope(headers: int) -> Dict[str, Any]:
    lines = [
        (b"host", b"127.0.0.1:8000"),
        (b"accept", b"*/*"),
        (b"accept-encoding", b"gzip, deflate"),
        (b"connection", b"keep-alive"),
        (b"user-agent", b"python-httpx/0.28.1"),
    ]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 50000),
        "scheme": "http",
        "method": "GET",
        "root_path": "",
        "path": "/",
        "raw_path": b"/",
        "query_string": b"",
        "headers": lines[:headers],
        "state": {},
    }


async def _inline() -> float:
    app, scope = application, _scope(5)
    start = time.perf_counter()
    for _ in range(REQUESTS):
        await app(scope)(_receive, _send)
    return (time.perf_counter() - start) / REQUESTS


async def _adapted(app: Callable[..., Awaitable[Any]]) -> float:
    scope = _scope(5)
    # A51 comes to life once asgiref.sync is imported. Our peer does that, uvicorn does not.
    peer = sys.modules.pop("asgiref.sync", None)
    try:
        start = time.perf_counter()
        for _ in range(REQUESTS):
            await app(scope, _receive, _send)
        return (time.perf_counter() - start) / REQUESTS
    finally:
        if peer is not None:
            sys.modules["asgiref.sync"] = peer


def websocket_bytes(connections: int = CONNECTIONS) -> float:
    """Bytes that the adapter adds to each open WebSocket, by tracemalloc."""

    def chat(scope: Any) -> Any:
        async def instance(receive: Any, send: Any) -> None:
            await receive()
            await send({"type": "websocket.accept"})
            while (await receive())["type"] != "websocket.disconnect":
                pass

        return instance

    async def hold(app: Callable[..., Awaitable[Any]]) -> int:
        ready = 0
        gate = asyncio.Event()

        async def one() -> None:
            asked = False

            async def receive() -> Dict[str, Any]:
                nonlocal asked, ready
                if not asked:
                    asked = True
                    return {"type": "websocket.connect"}
                ready += 1
                await gate.wait()
                return {"type": "websocket.disconnect", "code": 1000}

            given = {**_scope(5), "type": "websocket", "scheme": "ws", "subprotocols": []}
            del given["method"]
            await app(given, receive, _send)

        tracemalloc.start()
        tasks = [asyncio.ensure_future(one()) for _ in range(connections)]
        while ready < connections:
            await asyncio.sleep(0)
            if tasks[0].done():
                tasks[0].result()  # it failed: the others would be waited for for ever
        held = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        gate.set()
        await asyncio.gather(*tasks)
        return held

    async def bare(given: Any, receive: Any, send: Any) -> Any:
        return await chat(given)(receive, send)

    plain = asyncio.run(hold(bare))
    ours = asyncio.run(hold(to_asgi3(chat)))
    return (ours - plain) / connections


def measure() -> List[Row]:
    """The rows of this room."""
    adapters: Dict[str, Any] = {
        "asgiref": asgiref_adapter(application),
        "shape only": double_to_single_callable(application),
        "empty layers": empty_layers(application),
        "whole service": to_asgi3(application),
    }
    candidates: Dict[str, Callable[[], float]] = {"inline": lambda: drive(_inline())}
    for name, app in adapters.items():
        candidates[name] = lambda app=app: drive(_adapted(app))  # type: ignore[misc]
    results = rounds(candidates, count=15, times=12)
    ratio = median_ratio(results, "whole service", "asgiref", "inline")
    layers = median_ratio(results, "empty layers", "asgiref", "inline")
    floor = nanoseconds(results, "inline")
    details = ", ".join(f"{name} +{nanoseconds(results, name) - floor:.0f} ns" for name in adapters)
    held = websocket_bytes()
    return [
        Row(
            "whole service, added time per hello-world request / asgiref's bare adapter",
            f"{ratio:.1f}",
            "at most 6",
            ratio <= 6,
            f"empty layers alone {layers:.1f}; inline {floor:.0f} ns, {details}",
        ),
        Row(
            f"bytes added to each of {CONNECTIONS} open WebSockets",
            f"{held:.0f}",
            "below 1024",
            held < 1024,
            "by tracemalloc",
        ),
    ]
