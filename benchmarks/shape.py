"""The shape adapter's added time per request, beside asgiref's and uvicorn's.

A request is: the scope, one ``receive`` and two ``send``; the floor is to await
``app(scope)(receive, send)`` inline. It is measured twice: with ``receive`` and ``send`` that yield to
the event loop once each, as they do on a server that has more than one client, and with ones that never
do. An adapter that is a coroutine of its own is walked through at each of those yields; ours is not.
"""

from __future__ import annotations

import sys
import time
import types
from typing import Any, Callable, Dict, Generator, List

from asgiref.compatibility import double_to_single_callable as asgiref_adapter

from asgi_compat import double_to_single_callable, single_to_double_callable

from .rounds import Row, median_ratio, nanoseconds, rounds

REQUESTS = 400


@types.coroutine
def _yield_once() -> Generator[None, None, None]:
    yield


async def _receive_yielding() -> Dict[str, Any]:
    await _yield_once()
    return {"type": "http.request"}


async def _send_yielding(message: Any) -> None:
    await _yield_once()


async def _receive() -> Dict[str, Any]:
    return {"type": "http.request"}


async def _send(message: Any) -> None:
    return None


def application(scope: Any) -> Any:
    async def instance(receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body", "body": b"hello"})

    return instance


async def modern_application(scope: Any, receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "http.response.start", "status": 200})
    await send({"type": "http.response.body", "body": b"hello"})


def drive(coroutine: Any) -> float:
    """Run a coroutine as an event loop would, without one's own cost and noise."""
    try:
        while True:
            coroutine.send(None)
    except StopIteration as stop:
        return float(stop.value)


async def _inline(receive: Any, send: Any) -> float:
    app, scope = application, {"type": "http"}
    start = time.perf_counter()
    for _ in range(REQUESTS):
        await app(scope)(receive, send)
    return (time.perf_counter() - start) / REQUESTS


async def _adapted(app: Any, receive: Any, send: Any) -> float:
    scope = {"type": "http"}
    start = time.perf_counter()
    for _ in range(REQUESTS):
        await app(scope, receive, send)
    return (time.perf_counter() - start) / REQUESTS


async def _modern_inline(receive: Any, send: Any) -> float:
    app, scope = modern_application, {"type": "http"}
    start = time.perf_counter()
    for _ in range(REQUESTS):
        await app(scope, receive, send)
    return (time.perf_counter() - start) / REQUESTS


async def _doubled(app: Any, receive: Any, send: Any) -> float:
    scope = {"type": "http"}
    start = time.perf_counter()
    for _ in range(REQUESTS):
        await app(scope)(receive, send)
    return (time.perf_counter() - start) / REQUESTS


def measure() -> List[Row]:
    """The rows of this room."""
    adapters: Dict[str, Any] = {
        "asgiref": asgiref_adapter(application),
        "asgi_compat": double_to_single_callable(application),
    }
    try:
        from uvicorn.middleware.asgi2 import ASGI2Middleware

        adapters["uvicorn"] = ASGI2Middleware(application)
    except ImportError:
        pass
    reach = 0.6 if sys.version_info >= (3, 12) else 1.0
    rows = []
    for how, receive, send in (
        ("each receive and send yields once", _receive_yielding, _send_yielding),
        ("nothing ever yields", _receive, _send),
    ):
        candidates: Dict[str, Callable[[], float]] = {
            "inline": lambda receive=receive, send=send: drive(_inline(receive, send))  # type: ignore[misc]
        }
        for name, app in adapters.items():
            candidates[name] = lambda app=app, receive=receive, send=send: drive(  # type: ignore[misc]
                _adapted(app, receive, send)
            )
        results = rounds(candidates, count=15, times=12)
        ratio = median_ratio(results, "asgi_compat", "asgiref", "inline")
        floor = nanoseconds(results, "inline")
        details = ", ".join(f"{name} +{nanoseconds(results, name) - floor:.0f} ns" for name in adapters)
        promised = send is _send_yielding
        rows.append(
            Row(
                f"shape adapter, added time per request / asgiref's ({how})",
                f"{ratio:.2f}",
                f"at most {reach}" if promised else "for information",
                ratio <= reach or not promised,
                f"inline {floor:.0f} ns, {details}",
            )
        )
    rows.append(_mirror())
    return rows


def _mirror() -> Row:
    """Single to double; asgiref has no such adapter, the usual stand-in is a lambda with a partial."""
    from functools import partial

    candidates: Dict[str, Callable[[], float]] = {
        "inline": lambda: drive(_modern_inline(_receive_yielding, _send_yielding)),
        "partial": lambda: drive(
            _doubled(lambda scope: partial(modern_application, scope), _receive_yielding, _send_yielding)
        ),
        "asgi_compat": lambda: drive(
            _doubled(single_to_double_callable(modern_application), _receive_yielding, _send_yielding)
        ),
    }
    results = rounds(candidates, count=15, times=12)
    ratio = median_ratio(results, "asgi_compat", "partial", "inline")
    floor = nanoseconds(results, "inline")
    details = ", ".join(
        f"{name} +{nanoseconds(results, name) - floor:.0f} ns" for name in candidates if name != "inline"
    )
    return Row(
        "mirror adapter, added time per request / a bare lambda scope: partial(app, scope)",
        f"{ratio:.2f}",
        "for information",
        True,
        f"inline {floor:.0f} ns, {details}",
    )
