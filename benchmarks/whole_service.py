"""The time that the whole service adds to a request, and the memory that it adds to an open WebSocket.

Two hosts, both driven in process, on an event loop that asyncio runs: off it no start is held (trio), and the
peer holds each. There is no socket. *Recognised server* is uvicorn's own request cycle
(``uvicorn.protocols.http.httptools_impl.RequestResponseCycle``), whose scopes and events ``to_asgi3`` knows.
*Unknown server* gives the same scope, with receive and send that are plain coroutine functions. The floor is
``await app(scope)(receive, send)``; the peer is an adapter of empty layers (`benchmarks.hello`).
"""

from __future__ import annotations

import asyncio
import logging
import sys
import time
import tracemalloc
from typing import Any, Awaitable, Callable, Dict, List, Tuple

from asgiref.compatibility import double_to_single_callable as asgiref_adapter

from asgi_compat import double_to_single_callable, to_asgi3

from .hello import application, empty_layers
from .rounds import Row, median_ratio, nanoseconds, rounds

REQUESTS, CONNECTIONS = 200, 10_000
HEADER_COUNTS, CHUNK_COUNTS = (5, 20, 100), (1, 64, 4096)
LINES: Tuple[Tuple[bytes, bytes], ...] = (
    (b"host", b"127.0.0.1:8000"),
    (b"accept", b"*/*"),
    (b"accept-encoding", b"gzip, deflate"),
    (b"connection", b"keep-alive"),
    (b"user-agent", b"python-httpx/0.28.1"),
)


async def _receive() -> Dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _send(event: Any) -> None:
    pass


def _scope(headers: int = 5) -> Dict[str, Any]:
    more = [(b"x-header-%d" % number, b"value %d" % number) for number in range(headers - len(LINES))]
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
        "headers": [*LINES, *more],
        "state": {},
    }


class _Nowhere(asyncio.Transport):
    """A transport that drops what is written to it."""

    def write(self, data: Any) -> None:
        pass

    def is_closing(self) -> bool:
        return False


def _cycles(scope: Dict[str, Any], count: int) -> List[Any]:
    """Return ``count`` request cycles of uvicorn, each with an empty request body that has arrived."""
    from uvicorn.protocols.http.flow_control import FlowControl
    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

    transport, logger, made = _Nowhere(), logging.getLogger("benchmarks"), []
    for _ in range(count):
        arrived = asyncio.Event()
        arrived.set()
        cycle = RequestResponseCycle(
            scope=scope,  # type: ignore[arg-type]
            transport=transport,
            flow=FlowControl(transport),
            logger=logger,
            access_logger=logger,
            access_log=False,
            default_headers=[(b"server", b"uvicorn")],
            message_event=arrived,
            expect_100_continue=False,
            keep_alive=True,
            on_response=lambda: None,
        )
        cycle.more_body = False
        made.append(cycle)
    return made


async def _time(app: Callable[..., Awaitable[Any]], scope: Any, hosts: List[Tuple[Any, Any]]) -> float:
    """Return seconds per request, one request on each of ``hosts``."""
    # A51 comes to life once asgiref.sync is imported. Our peer does that, uvicorn does not.
    peer = sys.modules.pop("asgiref.sync", None)
    try:
        start = time.perf_counter()
        for receive, send in hosts:
            await app(scope, receive, send)
        return (time.perf_counter() - start) / len(hosts)
    finally:
        if peer is not None:
            sys.modules["asgiref.sync"] = peer


async def _inline(scope: Any, receive: Any, send: Any) -> None:
    await application(scope)(receive, send)


async def _inline_time(scope: Any, hosts: List[Tuple[Any, Any]]) -> float:
    app = application
    start = time.perf_counter()
    for receive, send in hosts:
        await app(scope)(receive, send)
    return (time.perf_counter() - start) / len(hosts)


async def _on_uvicorn(app: Any, headers: int = 5) -> float:
    scope = _scope(headers)
    hosts = [(cycle.receive, cycle.send) for cycle in _cycles(scope, REQUESTS)]
    return await (_inline_time(scope, hosts) if app is None else _time(app, scope, hosts))


async def _on_unknown(app: Any, headers: int = 5) -> float:
    scope, hosts = _scope(headers), [(_receive, _send)] * REQUESTS
    return await (_inline_time(scope, hosts) if app is None else _time(app, scope, hosts))


def _streaming(chunks: int) -> Any:
    def app(scope: Any) -> Any:
        async def instance(receive: Any, send: Any) -> None:
            await receive()
            await send({"type": "http.response.start", "status": 200, "headers": []})
            for _ in range(chunks):
                await send({"type": "http.response.body", "body": b"x", "more_body": True})
            await send({"type": "http.response.body", "body": b""})

        return instance

    return app


async def _stream_time(app: Any, chunks: int) -> float:
    return await _time(app, _scope(), [(_receive, _send)] * max(1, 4096 // chunks // 8))


def websocket_bytes(connections: int = CONNECTIONS) -> float:
    """Return the bytes that the adapter adds to each open WebSocket, by tracemalloc."""

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

            given = {**_scope(), "type": "websocket", "scheme": "ws", "subprotocols": []}
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


def _service_row(what: str, timed: Callable[..., Any], reach: float) -> Row:
    adapters: Dict[str, Any] = {
        "inline": None,
        "asgiref": asgiref_adapter(application),
        "shape only": double_to_single_callable(application),
        "empty layers": empty_layers(application),
        "whole service": to_asgi3(application),
    }
    candidates = {name: lambda app=app: asyncio.run(timed(app)) for name, app in adapters.items()}  # type: ignore[misc]
    results = rounds(candidates, count=15, times=12)
    ratio = median_ratio(results, "whole service", "empty layers", "inline")
    floor = nanoseconds(results, "inline")
    details = ", ".join(
        f"{name} +{nanoseconds(results, name) - floor:.0f} ns" for name in adapters if name != "inline"
    )
    return Row(what, f"{ratio:.2f}", f"at most {reach}", ratio <= reach, f"inline {floor:.0f} ns, {details}")


def _growth(name: str, unit: str, counts: Tuple[int, ...], timed: Callable[[int, bool], float]) -> Row:
    """Return the row of a cost that must grow linearly: the added time per unit of the two largest counts."""
    candidates = {
        f"{who} {count}": lambda count=count, who=who: timed(count, who == "ours")  # type: ignore[misc]
        for count in counts
        for who in ("bare", "ours")
    }
    results = rounds(candidates, count=9, times=6)
    # The step from 5 to 20 headers is a microsecond: the medians of a busy machine move by more than that,
    # the shortest of all rounds do not.
    least = {name: min(found) * 1e9 for name, found in results.items()}
    added = [least[f"ours {count}"] - least[f"bare {count}"] for count in counts]
    # Linear: the last step costs for each unit what the one before it does. What does not grow is linear too,
    # and a nanosecond for each unit is the noise of the clock.
    steps = [(added[i + 1] - added[i]) / (counts[i + 1] - counts[i]) for i in range(len(counts) - 1)]
    ratio = max(steps[-1], 0.0) / max(steps[0], 1.0)
    shown = ", ".join(f"{count} {unit} +{value:.0f} ns" for count, value in zip(counts, added))
    return Row(
        f"{name}: added time for each of {unit}, {counts[-1]} / {counts[1]}",
        f"{ratio:.2f}",
        "at most 1.5",
        ratio <= 1.5,
        shown,
    )


def _growing_rows() -> List[Row]:
    ours, bare = to_asgi3(application), _inline
    streams = {count: _streaming(count) for count in CHUNK_COUNTS}
    adapted = {count: (asgiref_adapter(app), to_asgi3(app)) for count, app in streams.items()}
    return [
        _growth(
            "request headers, unknown server",
            "headers",
            HEADER_COUNTS,
            lambda count, is_ours: float(asyncio.run(_on_unknown(ours if is_ours else bare, count))),
        ),
        _growth(
            "request headers, recognised server",
            "headers",
            HEADER_COUNTS,
            lambda count, is_ours: float(asyncio.run(_on_uvicorn(ours if is_ours else bare, count))),
        ),
        _growth(
            "response in chunks",
            "chunks",
            CHUNK_COUNTS,
            lambda count, is_ours: float(asyncio.run(_stream_time(adapted[count][is_ours], count))),
        ),
    ]


def measure() -> List[Row]:
    """Return the rows of this module."""
    held = websocket_bytes()
    return [
        _service_row(
            "whole service, added time of hello-world / that of empty layers, recognised server"
            " (uvicorn's cycle)",
            _on_uvicorn,
            2.2,
        ),
        _service_row(
            "whole service, added time of hello-world / that of empty layers, unknown server",
            _on_unknown,
            3.4,
        ),
        *_growing_rows(),
        Row(
            f"bytes added to each of {CONNECTIONS} open WebSockets",
            f"{held:.0f}",
            "below 1024",
            held < 1024,
            "by tracemalloc",
        ),
    ]
