"""Drive an object as an application: single, double, WSGI or factory, and see what it answers."""

from __future__ import annotations

import asyncio
import functools
import gc
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Awaitable, Callable, Dict, List, Tuple
from wsgiref.util import setup_testing_defaults

#: The first event that proves a connection was served.
ANSWERS = ("http.response.start", "websocket.accept", "websocket.close")

#: Seconds. The wrong call fails at once; this only ends an object that waits for what never comes.
PATIENCE = 20


def scope_of(kind: str) -> Dict[str, Any]:
    """A complete scope of today, as uvicorn builds it."""
    scope: Dict[str, Any] = {
        "type": kind,
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "scheme": {"http": "http", "websocket": "ws"}[kind],
        "path": "/",
        "raw_path": b"/",
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"testserver")],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 80),
        "extensions": {},
        "state": {},
    }
    if kind == "http":
        scope["method"] = "GET"
    else:
        scope["subprotocols"] = []
    return scope


async def call_single(app: Any, scope: Any, receive: Any, send: Any) -> None:
    """The labelled call of ASGI3."""
    await app(scope, receive, send)


async def call_double(app: Any, scope: Any, receive: Any, send: Any) -> None:
    """The labelled call of ASGI2."""
    instance = app(scope)
    try:
        answer = instance(receive, send)
    except BaseException:
        # The wrong call leaves a coroutine that nobody awaits; Cython's own kind is one, too.
        if isinstance(instance, Coroutine):
            instance.close()
        raise
    await answer


Call = Callable[[Any, Any, Any, Any], Awaitable[None]]


async def _start_lifespan(call: Call, app: Any) -> Tuple[Any, Any]:
    incoming: Any = asyncio.Queue()
    answered: Any = asyncio.Event()
    await incoming.put({"type": "lifespan.startup"})

    async def send(message: Any) -> None:
        answered.set()

    scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": {}}
    task = asyncio.ensure_future(call(app, scope, incoming.get, send))
    waiting = asyncio.ensure_future(answered.wait())
    await asyncio.wait([task, waiting], return_when=asyncio.FIRST_COMPLETED, timeout=PATIENCE)
    waiting.cancel()
    return task, incoming


async def _end_lifespan(task: Any, incoming: Any) -> None:
    await incoming.put({"type": "lifespan.shutdown"})
    await asyncio.wait([task], timeout=PATIENCE)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _serve(call: Call, app: Any, kind: str, lifespan: bool, sent: List[Any]) -> None:
    first = {"type": "http.request", "body": b"", "more_body": False}
    last = {"type": "http.disconnect"}
    if kind == "websocket":
        first, last = {"type": "websocket.connect"}, {"type": "websocket.disconnect", "code": 1000}
    pending = [first]
    answered = asyncio.Event()

    async def receive() -> Any:
        if pending:
            return pending.pop()
        await answered.wait()
        return last

    async def send(message: Any) -> None:
        sent.append(dict(message))
        if kind == "websocket" or (message["type"] == "http.response.body" and not message.get("more_body")):
            answered.set()

    started = await _start_lifespan(call, app) if lifespan else None
    try:
        await asyncio.wait_for(call(app, scope_of(kind), receive, send), PATIENCE)
    finally:
        if started is not None:
            await _end_lifespan(*started)


def serve(call: Call, app: Any, kind: str = "http", lifespan: bool = False) -> List[Any]:
    """What the application sends for one connection. Its exception passes through."""
    sent: List[Any] = []
    asyncio.run(_serve(call, app, kind, lifespan, sent))
    return sent


def answers(call: Call, app: Any, kind: str = "http", lifespan: bool = False) -> bool:
    """Does the application answer when it is called this way? An exception is a no."""
    sent: List[Any] = []
    try:
        asyncio.run(_serve(call, app, kind, lifespan, sent))
    except Exception:
        pass
    return bool(sent) and sent[0]["type"] in ANSWERS


def answers_wsgi(app: Any) -> bool:
    """Does the object start a response when it is called as PEP 3333 says?"""
    environ: Dict[str, Any] = {"REMOTE_ADDR": "127.0.0.1", "QUERY_STRING": ""}
    setup_testing_defaults(environ)
    started: List[str] = []
    result: Any = None

    def start_response(status: str, headers: Any, exc_info: Any = None) -> Callable[[bytes], None]:
        started.append(status)
        return lambda data: None

    try:
        result = app(environ, start_response)
        if isinstance(result, Coroutine):
            result.close()
        else:
            list(result)
    except Exception:
        pass
    finally:
        close = getattr(result, "close", None)
        if started and callable(close):
            close()
    return bool(started)


def product_of(factory: Any) -> Any:
    """What the object gives when it is called without arguments, or None when it cannot be."""
    try:
        product = factory()
    except Exception:
        return None
    if isinstance(product, Coroutine):

        async def made() -> Any:
            return await product

        try:
            return asyncio.run(made())
        except Exception:
            return None
    return product


def leaving_no_threads(test: Callable[..., None]) -> Callable[..., None]:
    """Wait for the worker threads that a framework ends when its loop or its object has gone.

    They do end, but a moment after the test, and `tests/conftest.py` counts them at once.
    """

    @functools.wraps(test)
    def waiting(*args: Any, **kwargs: Any) -> None:
        before = set(threading.enumerate())
        test(*args, **kwargs)
        started = [thread for thread in threading.enumerate() if thread not in before and not thread.daemon]
        if started:
            gc.collect()
        for thread in started:
            thread.join(1)
        if any(thread.is_alive() for thread in started):
            # An application that its framework keeps in a global keeps its pool of threads, too.
            for each in gc.get_objects():
                if type(each) is ThreadPoolExecutor and not each._threads.isdisjoint(started):
                    each.shutdown()

    return waiting
